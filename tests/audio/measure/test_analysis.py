from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tones import RATE, measure, measure_parts, noise, sine, stereo

from avsnitt.audio.measure.analysis import merge_parts
from avsnitt.audio.measure.loudness import energy_of
from avsnitt.audio.measure.silence import find_pauses, silence_gate
from avsnitt.model.audio import Interval

SLOTS = st.lists(st.sampled_from([0.0, 1e-12, 1e-9, 1e-7, 1e-4, 0.01, 1.0]), max_size=400)


def talking(seconds: float, *, room_dbfs: float = -65) -> np.ndarray[Any, Any]:
    """Syllables and breaths, four and one a second, in a room."""
    at = np.arange(round(seconds * RATE)) / RATE
    voice = np.abs(np.sin(2 * np.pi * 2 * at)) * (at % 3 < 2.4)
    return np.asarray(noise(-20, seconds) * voice + noise(room_dbfs, seconds, seed=2), np.float32)


def between(*pieces: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.concatenate(pieces)[None]


# Silence


@pytest.mark.parametrize("room_dbfs", [-150, -90, -75, -65, -58, -50])
def test_silence_is_found_in_quiet_and_in_noisy_rooms(room_dbfs: float) -> None:
    room = noise(room_dbfs, 30, seed=3)
    sound = between(
        room[: 4 * RATE],
        talking(20, room_dbfs=room_dbfs),
        room[: 7 * RATE],
        talking(20, room_dbfs=room_dbfs),
        room[: 3 * RATE],
    )
    found = measure(sound)
    assert found.silence_start_ms == pytest.approx(4000, abs=100)
    assert found.silence_end_ms == pytest.approx(3000, abs=200)
    (gap,) = found.gaps
    assert (gap.start_ms, gap.end_ms) == pytest.approx((24_000, 31_000), abs=200)


def test_pauses_for_breath_are_no_gaps() -> None:
    assert measure(between(talking(60))).gaps == ()


def test_constant_noise_is_no_silence() -> None:
    for level in (-20, -40, -55):
        found = measure(between(noise(level, 20)))
        assert (found.silence_start_ms, found.silence_end_ms, found.gaps) == (0, 0, ())


def test_inaudible_rumble_does_not_hide_silence() -> None:
    rumble = sine(12, -30, 50)
    sound = between(talking(20), noise(-75, 10), talking(20)) + rumble
    assert len(measure(sound).gaps) == 1


def test_a_click_does_not_break_a_silence_and_a_ticking_clock_does() -> None:
    quiet = noise(-75, 10, seed=4)
    click, tick = quiet.copy(), quiet.copy()
    click[5 * RATE : 5 * RATE + 480] += sine(1000, -50, 0.01)
    for second in range(1, 10):
        tick[second * RATE : second * RATE + 480] += sine(1000, -20, 0.01)
    assert len(measure(between(talking(10), click, talking(10))).gaps) == 1
    assert len(measure(between(talking(10), tick, talking(10))).gaps) == 0


@given(SLOTS, st.integers(0, 49))
def test_silences_are_in_order_and_within_the_recording(slots: list[float], rest_ms: int) -> None:
    length = len(slots) * 50 + rest_ms
    found = find_pauses(np.array(slots, dtype=float), 50, length)
    assert 0 <= found.start_ms <= length
    assert 0 <= found.end_ms <= length - found.start_ms
    ends = [found.start_ms, *(time for gap in found.gaps for time in (gap.start_ms, gap.end_ms))]
    assert ends == sorted(ends)
    assert all(gap.end_ms - gap.start_ms >= 2000 for gap in found.gaps)
    assert ends[-1] <= length - found.end_ms


@given(SLOTS, st.floats(-40, 40))
def test_the_gate_is_never_above_the_talk(slots: list[float], gain_db: float) -> None:
    energies = np.array(slots, dtype=float) * 10 ** (gain_db / 10)
    if (energies > energy_of(-90)).any():
        assert silence_gate(energies) < energies.max()


# Clipping


def test_clipping_is_found_at_its_time_at_any_level() -> None:
    sound = talking(30)
    sound[10 * RATE : 12 * RATE] = np.clip(sound[10 * RATE : 12 * RATE] * 10, -1, 1)
    for turned_down in (1.0, 0.5, 0.2):
        (place,) = measure(between(sound * np.float32(turned_down))).clipped
        assert (place.start_ms, place.end_ms) == pytest.approx((10_000, 11_400), abs=100)


def test_clipping_is_found_in_one_channel_and_after_dither() -> None:
    loud = np.clip(talking(10) * 10, -1, 1) * 0.7
    dithered = np.rint((loud + noise(-96, 10, seed=5)) * 32768) / 32768
    assert measure(stereo(talking(10) * 0.5, dithered)).clipped


@pytest.mark.parametrize("hz", [30, 50, 100, 440, 997, 1000, 6000, 11_000])
def test_a_pure_tone_is_not_clipped_however_slow_and_loud(hz: float) -> None:
    for dbfs in (0, -6):
        tone = sine(hz, dbfs, 5)
        assert measure(tone[None]).clipped == ()
        assert measure((np.rint(tone * 32767) / 32768).astype(np.float32)[None]).clipped == ()


def test_loud_noise_with_whole_peaks_is_not_clipped() -> None:
    sound = noise(-20, 10)
    assert measure((sound / np.abs(sound).max())[None]).clipped == ()


def test_a_lossy_format_is_clipped_where_it_goes_above_the_limit() -> None:
    sound = sine(300, 1.5, 1)
    assert measure(sound[None]).clipped == (Interval(0, 1000),)


# Channels, offset and hum


def test_level_offset_and_correlation_are_those_of_the_samples() -> None:
    left, right = sine(1000, -20, 5) + np.float32(0.05), -sine(1000, -40, 5)
    found = measure(stereo(left, right))
    assert found.dc_offset == pytest.approx((0.05, 0), abs=1e-5)
    mean_square = 0.05**2 + 10**-2 / 2
    assert found.level_dbfs == pytest.approx((10 * np.log10(mean_square), -43.01), abs=0.01)
    assert found.correlation == -1
    assert measure(stereo(left, noise(-30, 5))).correlation == pytest.approx(0, abs=0.02)
    assert measure(stereo(left, left * 0)).correlation == 0


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("base", [50, 60])
def test_hum_is_distinguished_from_the_talk_above_it(base: int, rate: int) -> None:
    sound = talking(30)[: 30 * rate] * np.float32(0.5)
    for multiple, level in ((1, -50), (2, -54), (3, -60)):
        sound += sine(base * multiple * 1.001, level, 30, rate=rate)[: sound.size]
    found = measure(sound[None], rate)
    assert found.hum_hz == base
    assert found.hum_dbfs == pytest.approx(-51, abs=1.5)


def test_hum_that_cancels_itself_out_in_mono_is_found() -> None:
    buzz = sine(50, -45, 20) + sine(150, -50, 20)
    assert measure(stereo(talking(20) + buzz, talking(20) - buzz)).hum_hz == 50


def test_a_test_tone_and_plain_noise_do_not_hum() -> None:
    for sound in (sine(100, -20, 20), sine(440, -20, 20), noise(-30, 20), talking(20)):
        assert measure(sound[None]).hum_hz == 0


# Pieces


def test_pieces_that_do_not_belong_together_are_refused() -> None:
    part, other = measure_parts(stereo(noise(-20, 2.5)), (1,))
    assert merge_parts([part, other]).samples == 2.5 * RATE
    unlike = msgspec.structs.replace(other, channels=1)
    for parts in ([], [other, part], [part, unlike]):
        with pytest.raises(ValueError, match="piece"):
            merge_parts(parts)


def test_counts_of_the_reader_are_added_up() -> None:
    parts = measure_parts(stereo(noise(-20, 3)), (1, 2))
    counted = [msgspec.structs.replace(one, not_numbers=2, broken_packets=1) for one in parts]
    whole = merge_parts(counted)
    assert (whole.not_numbers, whole.broken_packets) == (6, 3)
