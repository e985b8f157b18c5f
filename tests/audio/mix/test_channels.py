"""The channels that are played, and the loudness in them, compared with ffmpeg's meter."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest
from tests.support.analyses import analysed

from avsnitt.audio.mix.channels import (
    audible_lufs,
    choose_channels,
    dc_to_remove,
    living_channel,
    only_channel,
)
from avsnitt.model.audio import AudioSettings


def lufs(sound):
    """The loudness that ffmpeg measures."""
    measured = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-f", "f32le", "-ar", "48000", "-ac",
         str(len(sound)), "-i", "-", "-af", "ebur128", "-f", "null", "-"],
        input=np.ascontiguousarray(sound.T).tobytes(), capture_output=True, check=True,
    ).stderr.decode()  # fmt: skip
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", measured)[-1])


def measure(sound):
    levels = 10 * np.log10(np.mean(np.square(sound, dtype=np.float64), axis=1) + 1e-12)
    correlation = np.corrcoef(sound)[0, 1] if len(sound) == 2 and sound.any(axis=1).all() else 1
    return analysed(
        lufs(sound),
        channels=len(sound),
        samples=sound.shape[1],
        level_dbfs=tuple(map(float, levels)),
        correlation=float(correlation),
    )


def voices(left, right, alike):
    """Two channels of noise at some levels that share some of it."""
    made = np.random.default_rng(3).normal(0, 0.05, (2, 5 * 48_000))
    second = alike * made[0] + np.sqrt(1 - alike**2) * made[1]
    return np.stack([left * made[0], right * second]).astype(np.float32)


STEREO = pytest.mark.parametrize(
    ("left", "right", "alike"),
    [(1, 1, 1.0), (1, 1, 0.0), (1, 0.3, 0.5), (0.4, 1, -0.5), (1, 0.001, 0), (0.0, 1, 0)],
)


@STEREO
def test_loudness_is_known_before_stereo_is_folded(left, right, alike):
    sound = voices(left, right, alike)
    facts = measure(sound)
    only = only_channel(facts, 1)
    folded = sound.mean(axis=0, keepdims=True) if only is None else sound[only : only + 1]
    assert audible_lufs(facts, 1) == pytest.approx(lufs(folded), abs=0.15)


@STEREO
def test_loudness_is_known_before_one_channel_is_doubled(left, right, alike):
    sound = voices(left, right, alike)
    facts = measure(sound)
    only = only_channel(facts, 2)
    heard = sound if only is None else sound[[only, only]]
    assert audible_lufs(facts, 2) == pytest.approx(lufs(heard), abs=0.15)


def test_mono_in_both_channels_is_three_lu_louder():
    sound = voices(1, 1, 1.0)
    assert audible_lufs(measure(sound[:1]), 2) == pytest.approx(lufs(sound), abs=0.15)


def test_silence_has_no_loudness():
    assert audible_lufs(analysed(None), 2) is None


@pytest.mark.parametrize(
    ("levels", "living"),
    [((-20.0, -90.0), 0), ((-120.0, -30.0), 1), ((-20.0, -35.0), None), ((-120.0, -120.0), None)],
)
def test_a_channel_far_below_the_other_is_dead(levels, living):
    assert living_channel(analysed(channels=2, level_dbfs=levels)) == living


@pytest.mark.parametrize(
    ("asked", "recorded", "made"),
    [
        ("as-recorded", [(1, (-20.0,))], 1),
        ("as-recorded", [(1, (-20.0,)), (2, (-20.0, -20.0))], 2),
        ("as-recorded", [(2, (-20.0, -99.0))], 1),
        ("mono", [(2, (-20.0, -20.0))], 1),
        ("stereo", [(1, (-20.0,))], 2),
    ],
)
def test_channels_are_those_of_the_settings_or_of_the_recordings(asked, recorded, made):
    facts = [analysed(channels=count, level_dbfs=levels) for count, levels in recorded]
    assert choose_channels(AudioSettings(channels=asked), facts) == made


def test_channels_that_cancel_are_not_folded():
    facts = analysed(channels=2, correlation=-0.97)
    assert (only_channel(facts, 1), only_channel(facts, 2)) == (0, None)


@pytest.mark.parametrize(
    ("offsets", "levels", "channels", "removed"),
    [
        ((0.001, -0.002), (-20.0, -20.0), 2, ()),
        ((0.02, -0.01), (-20.0, -20.0), 2, (0.02, -0.01)),
        ((0.02, -0.01), (-20.0, -20.0), 1, (0.005,)),
        ((0.02, -0.01), (-99.0, -20.0), 1, (-0.01,)),
        ((0.02, -0.01), (-99.0, -20.0), 2, (-0.01, -0.01)),
        ((0.03,), (-20.0,), 2, (0.03, 0.03)),
    ],
)
def test_dc_is_removed_in_the_channels_that_are_played(offsets, levels, channels, removed):
    facts = analysed(channels=len(offsets), dc_offset=offsets, level_dbfs=levels)
    assert dc_to_remove(facts, channels) == pytest.approx(removed)
