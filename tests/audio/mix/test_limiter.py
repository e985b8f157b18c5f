"""Peaks are limited to a ceiling, wherever the audio is cut, and nothing else is changed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avsnitt.audio.mix.limiter import (
    CHUNK,
    PAIRS,
    LimiterReport,
    context,
    find_limited,
    gain_curve,
    interpolation,
    join_limited,
    lookahead_samples,
    needed_gain,
    running_means,
    sliding_least,
    true_peaks,
)

RATE = 48_000
RATES = pytest.mark.parametrize("rate", [44_100, 48_000])


def padded(sound, rate=RATE):
    """The audio as a window of the limiter: whole chunks, and context on both sides."""
    rest = -sound.shape[1] % CHUNK
    around = context(rate)
    return np.pad(sound, ((0, 0), (around, around + rest)))


def curve_of(sound, limit, rate=RATE):
    curve = gain_curve(padded(sound, rate), limit, rate)
    return np.ones(sound.shape[1], np.float32) if curve is None else curve[: sound.shape[1]]


def noise(seconds, level, seed=1, channels=2):
    made = np.random.default_rng(seed).normal(0, level, (channels, int(seconds * RATE)))
    return made.astype(np.float32)


def oversampled(sound, times=8):
    """The band-limited wave between the samples, by its spectrum: none of the tested code is
    used."""
    size = sound.shape[1]
    spectrum = np.fft.rfft(sound)
    wide = np.zeros((len(sound), size * times // 2 + 1), complex)
    wide[:, : spectrum.shape[1]] = spectrum
    return np.fft.irfft(wide, size * times) * times


def test_audio_under_the_ceiling_has_no_curve():
    assert gain_curve(padded(noise(1, 0.05)), 0.5, RATE) is None


@RATES
@pytest.mark.parametrize("limit", [0.9, 0.5, 0.1])
def test_no_sample_and_no_point_between_samples_is_above_the_ceiling(rate, limit):
    # Speech has little above 10 kHz; noise up there would test the meter and not the limiter.
    spectrum = np.fft.rfft(noise(1, 0.6))
    spectrum[:, 10_000:] = 0
    sound = np.fft.irfft(spectrum).astype(np.float32)
    made = sound * curve_of(sound, limit, rate)
    assert np.abs(sound).max() > 1
    assert np.abs(oversampled(made)).max() <= limit * 10 ** (0.05 / 20)


def test_a_peak_between_samples_is_found():
    # At a quarter of the rate, 45 degrees off: every sample is 3 dB under the wave's peak.
    phase = np.arange(RATE) * np.pi / 2 + np.pi / 4
    window = np.sin(phase).astype(np.float32)[None, : 187 * CHUNK]
    peaks = true_peaks(window, np.arange(2, 100))
    assert np.abs(window).max() == pytest.approx(0.7071, abs=1e-3)
    assert peaks.max() == pytest.approx(1, abs=0.003)


def test_the_points_between_samples_are_those_of_the_wave():
    weights = np.array(interpolation(), dtype=np.float64)
    for share in (0.01, 0.1, 0.2, 0.3, 0.4):
        waves = np.exp(2j * np.pi * share * np.arange(-7, 9))
        before, after = waves[7::-1], waves[8:]
        even, odd = weights[:, 1] @ (before + after), weights[:, 2] @ (before - after)
        found = (even + odd, weights[:, 0] @ (before + after), even - odd)
        for at, point in zip((0.25, 0.5, 0.75), found, strict=True):
            assert abs(point) == pytest.approx(1, abs=0.004)
            assert np.angle(point) == pytest.approx(2 * np.pi * share * at, abs=0.004)


def test_a_lone_peak_changes_only_the_samples_near_it():
    sound = np.zeros((1, RATE), np.float32)
    sound[0, RATE // 2] = 1
    curve = curve_of(sound, 0.5)
    reach = 2 * lookahead_samples(RATE) + PAIRS
    turned = np.flatnonzero(curve < 1)
    assert curve[RATE // 2] == pytest.approx(0.5, abs=0.002)
    assert RATE // 2 - reach <= turned[0] < turned[-1] <= RATE // 2 + reach
    assert np.abs(np.diff(curve)).max() < 0.01


def test_both_channels_are_turned_down_together():
    sound = noise(0.5, 0.01)
    sound[0, 9_000] = 1
    window = padded(sound)
    both = gain_curve(window, 0.5, RATE)
    assert np.array_equal(both, gain_curve(window[:1], 0.5, RATE))


def test_the_gain_stays_the_same_between_the_pulses_of_a_deep_voice():
    # A pulse each 11.8 ms, to one side only, like a deep voice.
    sound = np.zeros((1, RATE), np.float32)
    sound[0, :: RATE // 85] = 1
    steady = curve_of(sound, 0.6)[RATE // 4 : -RATE // 4]
    assert 20 * np.log10(steady.max() / steady.min()) < 0.2


def test_the_gain_is_smooth_and_never_more_than_is_needed():
    window = padded(noise(2, 0.3, seed=7))
    needed = needed_gain(window, 0.4)
    assert needed is not None
    reach = lookahead_samples(RATE)
    smooth = running_means(sliding_least(needed, reach), reach)
    assert (smooth <= needed[2 * reach : len(needed) - 2 * reach] / (1 << 20) + 1e-7).all()


@given(
    values=st.lists(st.integers(0, 1 << 20), min_size=60, max_size=300),
    reach=st.integers(1, 9).map(lambda third: 3 * third),
)
def test_the_running_means_equal_plain_sums(values, reach):
    gains = np.array(values, dtype=np.int32)
    least = [min(values[at - reach : at + reach + 1]) for at in range(reach, len(values) - reach)]
    assert sliding_least(gains, reach).tolist() == least
    width = 2 * reach // 3 + 1
    means = np.array(values, dtype=object)
    for _ in range(3):
        means = np.array([sum(means[at : at + width]) for at in range(len(means) - width + 1)])
    expected = (means / ((1 << 20) * width**3)).astype(np.float32)
    assert np.array_equal(running_means(gains, reach), expected)


@given(
    cuts=st.lists(st.integers(1, 200), max_size=6),
    seed=st.integers(0, 50),
    rate=st.sampled_from([44_100, 48_000]),
)
@settings(max_examples=25, deadline=None)
def test_pieces_have_the_same_curve_as_the_whole(cuts, seed, rate):
    sound = noise(200 * CHUNK / RATE, 0.25, seed)
    window, around = padded(sound, rate), context(rate)
    whole = gain_curve(window, 0.6, rate)
    assert whole is not None
    edges = sorted({0, 200, *cuts})
    for first, last in pairwise(edges):
        part = window[:, first * CHUNK : last * CHUNK + 2 * around]
        piece = gain_curve(part, 0.6, rate)
        expected = whole[first * CHUNK : last * CHUNK]
        if piece is None:
            assert expected.min() == 1
        else:
            assert np.array_equal(piece, expected)


# Reports


def test_places_nearer_than_half_a_second_are_one():
    curve = np.ones(4 * RATE, np.float32)
    for at in (100, 10_000, 90_000):
        curve[at : at + 480] = 0.5
    measured = find_limited(curve, 1_000, RATE)
    assert measured == LimiterReport(
        samples=1_440, most_db=pytest.approx(6.02), places=2, first=1_100, last=91_480
    )


def test_an_inaudible_reduction_is_not_reported():
    assert find_limited(np.full(RATE, 0.995, np.float32), 0, RATE) == LimiterReport()


@given(
    loud=st.lists(st.integers(0, 3_999), max_size=30),
    cuts=st.lists(st.integers(1, 3_999), max_size=8),
)
def test_the_joined_reports_of_pieces_are_the_report_of_the_whole(loud, cuts):
    rate = 1_000
    curve = np.ones(4_000, np.float32)
    curve[loud] = 0.5
    edges = sorted({0, 4_000, *cuts})
    pieces = [find_limited(curve[first:last], first, rate) for first, last in pairwise(edges)]
    assert join_limited(pieces, rate) == find_limited(curve, 0, rate)
