from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.audio.measure.k_weighting import K_WEIGHTING, Biquad, k_weighting
from avsnitt.audio.measure.loudness import energy_of, integrated_lufs, lufs, range_lu
from avsnitt.audio.measure.true_peak import CONTEXT, MOST_GAIN, interpolator, true_peak

LEVELS = st.lists(st.floats(-100, 20), max_size=120)


def steps_of(levels: list[float]) -> np.ndarray[Any, Any]:
    return np.array([energy_of(level) for level in levels], dtype=float)


def by_the_letter(levels: list[float]) -> float | None:
    """BS.1770-4, annex 1, formulas 3 to 7, as they are written."""
    steps = [energy_of(level) for level in levels]
    blocks = [math.fsum(steps[at : at + 4]) / 4 for at in range(len(steps) - 3)]
    loud = [block for block in blocks if lufs(block) > -70]
    if not loud:
        return None
    gate = lufs(math.fsum(loud) / len(loud)) - 10
    loud = [block for block in loud if lufs(block) > gate]
    return lufs(math.fsum(loud) / len(loud))


@given(LEVELS)
def test_the_gates_are_those_of_bs_1770(levels: list[float]) -> None:
    expected = by_the_letter(levels)
    assert integrated_lufs(steps_of(levels)) == (expected and pytest.approx(expected, abs=1e-6))


@given(LEVELS, st.floats(-30, 30))
def test_gain_moves_loudness_and_leaves_the_range(levels: list[float], gain_db: float) -> None:
    audible = [max(level, -35.0) for level in levels]
    plain, moved = steps_of(audible), steps_of([level + gain_db for level in audible])
    assert range_lu(moved) == pytest.approx(range_lu(plain), abs=1e-6)
    if (before := integrated_lufs(plain)) is not None:
        assert integrated_lufs(moved) == pytest.approx(before + gain_db, abs=1e-6)


def test_audio_shorter_than_a_block_has_neither_loudness_nor_range() -> None:
    assert integrated_lufs(steps_of([-20] * 3)) is None
    assert integrated_lufs(steps_of([-20] * 4)) == pytest.approx(-20)
    assert range_lu(steps_of([-20] * 29)) == 0


def test_the_range_leaves_out_what_is_far_below_the_talk() -> None:
    assert range_lu(steps_of([-20] * 300 + [-60] * 300)) < 20
    assert range_lu(steps_of([-20] * 300 + [-30] * 300)) == pytest.approx(10)


def gain_db(biquads: tuple[Biquad, ...], hz: float, rate: int) -> float:
    z = np.exp(-2j * np.pi * hz / rate)
    gains = [
        abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z))
        for b0, b1, b2, a1, a2 in biquads
    ]
    return float(20 * np.log10(np.prod(gains)))


def test_k_weighting_is_the_table_at_48_khz_and_its_like_at_44_1() -> None:
    assert k_weighting(48_000) == K_WEIGHTING
    for hz in (20, 38, 100, 500, 1000, 1682, 3000, 8000, 15_000):
        near = gain_db(k_weighting(44_100), hz, 44_100)
        assert near == pytest.approx(gain_db(K_WEIGHTING, hz, 48_000), abs=0.03)


def test_no_point_between_samples_exceeds_them_by_more_than_most_gain() -> None:
    assert 0.99 * MOST_GAIN < np.abs(interpolator()).sum(axis=0).max() < MOST_GAIN


def tone(share: float, degrees: float) -> np.ndarray[Any, Any]:
    """A wave at a share of the rate, without a beginning or an end."""
    at = np.arange(CONTEXT + 4800)
    return np.sin(2 * np.pi * share * at + np.radians(degrees)).astype(np.float32)[None]


@pytest.mark.parametrize("share", [0.002, 0.05, 0.1371, 0.25, 0.3, 0.35, 0.39])
def test_the_true_peak_of_a_wave_is_its_height(share: float) -> None:
    # Four times as many samples may miss the top by this much (BS.1770-4, annex 2, attachment 1).
    missed = math.cos(math.pi * share / 4)
    for degrees in range(0, 180, 15):
        assert missed - 0.001 <= true_peak(tone(share, degrees), 0.0) <= 1.004


@given(st.integers(0, 2**32), st.integers(1, 400), st.floats(0.01, 1))
def test_the_windows_that_are_passed_over_hold_no_peak(
    seed: int, samples: int, spread: float
) -> None:
    """Pieces measured after each other give the same as every place measured by itself."""
    random = np.random.default_rng(seed)
    levels = np.exp(random.standard_normal(CONTEXT + samples) / spread).clip(0, 1e3)
    sound = (levels * random.uniform(-1, 1, levels.size)).astype(np.float32)
    every = np.lib.stride_tricks.sliding_window_view(sound.astype(float), CONTEXT + 1)
    taps = interpolator().reshape(2 * CONTEXT, 3, CONTEXT)[: CONTEXT + 1, :, 0]
    expected = max(np.abs(sound).max(), np.abs(every @ taps).max())
    assert true_peak(sound[None], 0.0) == pytest.approx(expected, rel=1e-5)
    split = samples // 2
    if split:
        first = true_peak(sound[None, : CONTEXT + split], 0.0)
        assert true_peak(sound[None, split:], first) == pytest.approx(expected, rel=1e-5)
