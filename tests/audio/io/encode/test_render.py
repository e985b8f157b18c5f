"""Rendering: every sample is the same however it is cut, and as loud as planned."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.conversations import RATE, SENTENCES, VOICES, as_wav, measure, recorded, say

from avsnitt.audio.io.decode.reader import PcmReader
from avsnitt.audio.io.encode.render import BLOCK, LimiterTally, fade, linear, render, render_made
from avsnitt.audio.mix.gain import correct_gain, plan_gain
from avsnitt.audio.mix.plan import plan_mix
from avsnitt.model.audio import Analysis, AudioSettings, Clip, Interval, Loudness, Timeline

SECONDS = 5


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Noise that gets louder and softer: in stereo, and in mono at another rate."""
    folder = tmp_path_factory.mktemp("played")
    made = np.random.default_rng(5)
    swell = np.abs(np.sin(np.arange(SECONDS * RATE) / 9_000))
    stereo = (made.normal(0, 0.2, (2, SECONDS * RATE)) * swell).astype(np.float32)
    mono = made.normal(0, 0.1, (1, SECONDS * 44_100)).astype(np.float32)
    return {
        "stereo": (as_wav(folder / "stereo.wav", stereo), stereo),
        "mono": (as_wav(folder / "mono.wav", mono, 44_100), mono),
    }


def clip(files, name, **facts):
    return Clip(**{"path": str(files[name][0]), "digest": name, "start": 0, "samples": 0} | facts)


def laid_out(*clips, channels=2, rate=RATE):
    return Timeline(sample_rate_hz=rate, channels=channels, clips=clips)


def busy(files):
    """Overlapping clips with every setting that a clip has, one of them longer than its file."""
    return laid_out(
        clip(files, "stereo", samples=3 * RATE, start=777, fade_out=RATE),
        clip(files, "mono", samples=4 * RATE, at=2 * RATE, fade_in=RATE, gain_db=4.5, dc=(0.1, 0)),
        clip(files, "stereo", samples=2 * RATE, start=4 * RATE, at=5 * RATE, only=1, fade_out=99),
        clip(files, "mono", samples=480, start=RATE, at=8 * RATE, fade_in=480, fade_out=480),
    )


def whole(blocks):
    return np.concatenate([np.zeros((2, 0), np.float32), *blocks], axis=1)


def test_a_recording_by_itself_is_not_changed(files):
    path, sound = files["stereo"]
    timeline = laid_out(clip(files, "stereo", samples=sound.shape[1]))
    assert np.array_equal(whole(render(timeline)), sound)
    assert np.array_equal(whole(PcmReader(path, RATE, 2).blocks()), sound)


def test_gain_alone_is_one_multiplication(files):
    _path, sound = files["stereo"]
    timeline = laid_out(clip(files, "stereo", samples=sound.shape[1]))
    assert np.array_equal(whole(render_made(timeline, 6.0)), sound * linear(6.0))
    quiet = whole(render_made(timeline, -20.0, -1.0))
    assert np.array_equal(quiet, sound * linear(-20.0))


def test_clips_are_added_where_they_overlap(files):
    sound = files["stereo"][1]
    timeline = laid_out(
        clip(files, "stereo", samples=RATE),
        clip(files, "stereo", samples=RATE, start=2 * RATE, at=RATE // 2, gain_db=-6.0),
    )
    made = whole(render(timeline))
    other = sound[:, 2 * RATE : 3 * RATE] * linear(-6.0)
    assert made.shape[1] == RATE + RATE // 2
    assert np.array_equal(made[:, : RATE // 2], sound[:, : RATE // 2])
    both = sound[:, RATE // 2 : RATE] + other[:, : RATE // 2]
    assert np.array_equal(made[:, RATE // 2 : RATE], both)


def test_a_timeline_is_silent_where_it_has_no_clip(files):
    timeline = laid_out(
        clip(files, "stereo", samples=RATE, start=(SECONDS - 1) * RATE + 100, at=99)
    )
    made = whole(render(timeline))
    assert made.shape[1] == RATE + 99
    assert not made[:, :99].any()
    assert not made[:, -100:].any()
    assert made[:, 99:-100].any(axis=0).mean() > 0.9
    assert not list(render(laid_out()))


def test_one_channel_can_be_played_in_both(files):
    sound = files["stereo"][1]
    timeline = laid_out(clip(files, "stereo", samples=RATE, only=1))
    assert np.array_equal(whole(render(timeline)), sound[[1, 1], :RATE])


def test_a_crossfade_of_the_same_audio_is_that_audio(tmp_path):
    """The fades add up to 1 at every sample, so that audio that goes on does not change."""
    tone = 0.5 * np.sin(np.arange(4 * RATE) * 2 * np.pi * 440 / RATE)[None]
    path = str(as_wav(tmp_path / "tone.wav", tone))
    timeline = laid_out(
        Clip(path=path, digest="t", start=0, samples=2 * RATE, fade_out=4_800),
        Clip(
            path=path,
            digest="t",
            start=2 * RATE - 4_800,
            samples=2 * RATE,
            at=2 * RATE - 4_800,
            fade_in=4_800,
        ),
        channels=1,
    )
    made = np.concatenate(list(render(timeline)), axis=1)
    assert np.abs(made - tone[:, : made.shape[1]].astype(np.float32)).max() < 2e-7


@pytest.mark.parametrize("length", [1, 2, 441, 48_000])
def test_a_fade_and_its_mirror_are_one(length):
    assert np.abs(fade(length) + fade(length)[::-1] - 1).max() < 1e-6
    assert (np.diff(fade(length)) >= 0).all()


def test_a_cut_does_not_click(files, tmp_path):
    """No step between samples is greater at a cut than in the hum that is cut."""
    hum = 0.3 * np.sin(np.arange(10 * RATE) * 2 * np.pi * 50 / RATE)[None].astype(np.float32)
    found = recorded(tmp_path / "hum.wav", hum, gaps=(Interval(2_003, 8_004),), correlation=1.0)
    plan = plan_mix(AudioSettings(longest_gap_ms=1_000), [found])
    made = np.concatenate(list(render(plan.timeline)), axis=1)
    assert made.shape[1] < 6 * RATE
    assert np.abs(np.diff(made)).max() < 1.5 * np.abs(np.diff(hum)).max()


@given(
    cuts=st.lists(st.integers(1, 8 * RATE + 479), max_size=5),
    ceiling=st.sampled_from([None, -8.0]),
    swap=st.booleans(),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_stretch_is_the_same_as_in_the_whole(files, cuts, ceiling, swap):
    timeline = busy(files)
    measured, measured_whole = LimiterTally(), LimiterTally()
    expected = whole(render_made(timeline, 3.0, ceiling, tally=measured_whole))
    assert expected.shape[1] == timeline.samples
    edges = sorted({0, timeline.samples, *cuts})
    ranges = list(pairwise(edges))
    for start, stop in reversed(ranges) if swap else ranges:
        blocks = render_made(timeline, 3.0, ceiling, start, stop, None if swap else measured)
        assert np.array_equal(whole(blocks), expected[:, start:stop])
    assert swap or measured.limited == measured_whole.limited
    assert (measured_whole.limited.places > 0) == (ceiling is not None)


def test_blocks_are_about_a_second(files):
    sizes = [block.shape[1] for block in render_made(busy(files), 3.0, -8.0)]
    assert max(sizes) == BLOCK
    assert sizes[:-1] == [BLOCK] * (len(sizes) - 1)


def test_a_talk_of_many_pieces_takes_no_more_memory_than_one_of_few(files):
    def peak(count):
        clips = (
            clip(
                files,
                "stereo",
                samples=RATE // 2,
                start=100 * number,
                at=number * RATE // 2 - number,
            )
            for number in range(count)
        )
        timeline = laid_out(*clips)
        tracemalloc.start()
        try:
            for _block in render_made(timeline, 3.0, -8.0):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(80) < peak(8) + 2_000_000


# Compared with an independent meter


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """Three people, each with a microphone of another level, one after the other."""
    folder = tmp_path_factory.mktemp("talk")
    reported = [say(folder, text, voice) for text, voice in zip(SENTENCES, VOICES, strict=True)]
    length = sum(one.shape[1] for one in reported)
    tracks, at = [], 0
    for number, (voice, gain_db) in enumerate(zip(reported, (-14.0, 0.0, -6.0), strict=True)):
        track = np.random.default_rng(number).normal(0, 1e-4, (1, length)).astype(np.float32)
        track[:, at : at + voice.shape[1]] += voice * linear(gain_db)
        at += voice.shape[1]
        tracks.append(recorded(folder / f"spår {number + 1}.wav", track))
    return tracks


def measured(sound):
    lufs, peak = measure(sound)
    return Analysis(
        sample_rate_hz=RATE,
        channels=len(sound),
        samples=sound.shape[1],
        digest="m",
        loudness=Loudness(integrated_lufs=lufs, range_lu=5, true_peak_dbtp=peak),
    )


def test_voices_are_as_loud_as_each_other_in_the_mix(talk):
    before = [one.analysis.loudness.integrated_lufs for one in talk]
    assert max(before) - min(before) > 10
    plan = plan_mix(AudioSettings(), talk)
    levels = [
        measure(np.concatenate(list(render(laid_out(one, channels=1))), axis=1))[0]
        for one in plan.timeline.clips
    ]
    assert max(levels) - min(levels) < 1
    mix = measure(np.concatenate(list(render(plan.timeline)), axis=1))[0]
    assert mix == pytest.approx(np.mean(levels), abs=1)


@pytest.mark.parametrize("channels", ["mono", "stereo"])
def test_a_mix_has_the_loudness_of_the_target_and_no_peak_above_it(talk, channels):
    asked = AudioSettings(channels=channels)
    timeline = plan_mix(asked, talk).timeline
    analysis = measured(np.concatenate(list(render(timeline)), axis=1))
    gain = plan_gain(analysis, asked)
    made = measured(np.concatenate(list(render_made(timeline, gain.gain_db, -2.0)), axis=1))
    better = correct_gain(made, asked, gain)
    if better:
        blocks = render_made(timeline, better.gain_db, better.ceiling_dbtp)
        made = measured(np.concatenate(list(blocks), axis=1))
    target = -19 if channels == "mono" else -16
    assert made.loudness.integrated_lufs == pytest.approx(target, abs=0.3)
    assert made.loudness.true_peak_dbtp <= -1.95


@pytest.mark.parametrize("gain_db", [8.0, 12.0, 20.0])
@pytest.mark.parametrize("ceiling", [-1.0, -2.0, -6.0])
def test_true_peaks_end_at_the_ceiling_by_an_independent_meter(talk, gain_db, ceiling):
    timeline = plan_mix(AudioSettings(), talk).timeline
    made = np.concatenate(list(render_made(timeline, gain_db, ceiling)), axis=1)
    _lufs, peak = measure(made)
    assert ceiling - 0.1 <= peak <= ceiling + 0.02


def test_a_limiter_that_is_needed_takes_little_loudness(talk):
    """Peaks are turned down by 4 to 5 dB, which costs less than half a LU."""
    timeline = plan_mix(AudioSettings(), talk).timeline
    plain = np.concatenate(list(render(timeline)), axis=1)
    lufs, peak = measure(plain)
    tally = LimiterTally()
    blocks = render_made(timeline, 0.0, peak - 4.5, tally=tally)
    limited = np.concatenate(list(blocks), axis=1)
    assert lufs - measure(limited)[0] < 0.5
    assert tally.limited.most_db == pytest.approx(4.5, abs=0.1)
    assert 0 < tally.limited.samples < plain.shape[1] // 5
