"""The bars of an audiogram: they stand where the sound is, and move calmly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avsnitt.clips.spectrum_bars import bar_heights

BANDS = 20
SECOND = 25


def tone(rate_hz: int, frequency_hz: float, seconds: float, level: float = 0.3) -> Any:
    at = np.arange(int(rate_hz * seconds)) / rate_hz
    return (level * np.sin(2 * np.pi * frequency_hz * at)).astype(np.float32)[None]


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_a_low_tone_lifts_low_bars_and_a_high_tone_high_ones(rate_hz: int) -> None:
    sound = np.concatenate([tone(rate_hz, 150, 2), tone(rate_hz, 5000, 2)], axis=1)
    heights = bar_heights([sound], rate_hz, BANDS, 4 * SECOND)
    assert heights.shape == (4 * SECOND, BANDS)
    assert heights[SECOND].argmax() < 4
    assert heights[3 * SECOND].argmax() > 15
    assert heights[SECOND, 15:].max() < 0.05


def test_silence_has_no_bars_however_quiet_the_rest() -> None:
    assert bar_heights([np.zeros((1, 48_000), np.float32)], 48_000, BANDS, SECOND).max() == 0
    hiss = tone(48_000, 400, 1, 1e-6)
    assert bar_heights([hiss], 48_000, BANDS, SECOND).max() == 0


def test_the_bars_are_the_same_however_the_sound_is_cut_up() -> None:
    rng = np.random.default_rng(4)
    sound = rng.normal(0, 0.1, (2, 96_000)).astype(np.float32)
    whole = bar_heights([sound], 48_000, BANDS, 2 * SECOND)
    pieces = [sound[:, at : at + 777] for at in range(0, 96_000, 777)]
    assert np.array_equal(bar_heights(pieces, 48_000, BANDS, 2 * SECOND), whole)


def test_a_bar_rises_fast_falls_slowly_and_never_jumps() -> None:
    quiet = np.zeros((1, 48_000), np.float32)
    sound = np.concatenate([quiet, tone(48_000, 300, 1), quiet], axis=1)
    heights = bar_heights([sound], 48_000, BANDS, 3 * SECOND)
    steps = np.diff(heights[:, heights[SECOND + 10].argmax()])
    assert 0.2 < steps.max() < 0.6
    assert -0.25 < steps.min() < -0.05


def test_sound_that_ends_early_ends_in_silence() -> None:
    heights = bar_heights([tone(48_000, 300, 1)], 48_000, BANDS, 3 * SECOND)
    assert heights[SECOND // 2].max() > 0.5
    assert heights[-1].max() < 0.01
