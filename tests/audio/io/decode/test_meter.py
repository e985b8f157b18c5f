from __future__ import annotations

import tracemalloc
import wave
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tests.support import tones as made
from tests.support.audio_files import ffmpeg, need, run
from tests.support.tones import (
    RATE,
    decode,
    measure,
    measure_part,
    measure_parts,
    noise,
    sine,
    stereo,
)

from avsnitt.audio.io.decode.meter import LOUDEST, Meter
from avsnitt.audio.measure.analysis import PartAnalysis, merge_parts
from avsnitt.model.audio import PEAKS_PER_SECOND, SEGMENT_SAMPLES, Analysis

CUTS = ((), (1,), (7, 20, 30), tuple(range(1, 200, 4)), (59, 60), (13, 26, 39, 52, 65))


def tones(*steps: tuple[float, float]) -> np.ndarray[Any, Any]:
    """1 kHz in both channels, as levels (dBFS) and seconds."""
    length = sum(seconds for _, seconds in steps)
    level = np.concatenate([np.full(round(s * RATE), 10 ** (db / 20)) for db, s in steps])
    return stereo(sine(1000, 0, length) * level)


# EBU Tech 3341, table 1, signals 1 to 5, and the loudness of the programme.
PROGRAMMES = {
    "3341-1": (((-23, 20),), -23.0),
    "3341-2": (((-33, 20),), -33.0),
    "3341-3": (((-36, 10), (-23, 60), (-36, 10)), -23.0),
    "3341-4": (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23.0),
    "3341-5": (((-26, 20), (-20, 20.1), (-26, 20)), -23.0),
}
# EBU Tech 3342, table 1, signals 1 to 4.
RANGES = {
    "3342-1": (((-20, 20), (-30, 20)), 10.0),
    "3342-2": (((-20, 20), (-15, 20)), 5.0),
    "3342-3": (((-40, 20), (-20, 20)), 20.0),
    "3342-4": (((-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)), 15.0),
}
# EBU Tech 3341, signals 15 to 19: part of the rate, phase, peak of the wave, true peak.
TRUE_PEAKS = {
    "3341-15": (4, 0, 0.5, -6.0),
    "3341-16": (4, 45, 0.5, -6.0),
    "3341-17": (6, 60, 0.5, -6.0),
    "3341-18": (8, 67.5, 0.5, -6.0),
    "3341-19": (4, 45, 1.41, 3.0),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_the_loudness_of_ebu_tech_3341_is_met_however_the_sound_is_cut(name: str) -> None:
    steps, expected = PROGRAMMES[name]
    sound = tones(*steps)
    for cuts in CUTS[:4]:
        found = measure(sound, cuts=cuts).loudness.integrated_lufs
        assert found == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("name", RANGES)
def test_the_range_of_ebu_tech_3342_is_met_however_the_sound_is_cut(name: str) -> None:
    steps, expected = RANGES[name]
    sound = tones(*steps)
    for cuts in CUTS[:4]:
        assert measure(sound, cuts=cuts).loudness.range_lu == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("name", TRUE_PEAKS)
def test_the_true_peaks_of_ebu_tech_3341_are_met(name: str, rate: int) -> None:
    part, degrees, level, expected = TRUE_PEAKS[name]
    tone = sine(rate / part, 20 * np.log10(level), 5, rate=rate, degrees=degrees)
    sound = stereo(made.faded(tone, rate=rate))
    for cuts in ((), (1, 2), (3,)):
        found = measure(sound, rate, cuts=cuts).loudness.true_peak_dbtp
        assert found is not None
        assert -0.4 <= found - expected <= 0.2


def test_surround_is_measured_as_the_stereo_that_it_is_mixed_to(tmp_path: Path) -> None:
    """
    EBU Tech 3341, signal 6, is 5.0: -28 dBFS front, -24 centre, -30 behind. Nothing here is
    published in more than two channels, so what counts is the stereo that FFmpeg makes of it;
    two channels with the same energy are signal 6's equal.
    """
    levels = {"FL": -28, "FR": -28, "FC": -24, "LFE": -200, "BL": -30, "BR": -30}
    sound = np.stack([sine(1000, level, 20) for level in levels.values()])
    path = tmp_path / "3341-6.wav"
    write_wav(path, sound)
    ours = measure(decode(path)).loudness.integrated_lufs
    assert ours == pytest.approx(
        made.by_ffmpeg(path, "aformat=channel_layouts=stereo,")["I"], abs=0.1
    )
    front = 10 ** (-2.8) * 2 + 10 ** (-2.4)
    equal = 10 * np.log10((front + 1.41 * 2 * 10**-3.0) / 2)
    assert measure(tones((equal, 20))).loudness.integrated_lufs == pytest.approx(-23, abs=0.1)


def test_a_tone_in_one_channel_is_three_lu_weaker_than_in_both() -> None:
    tone = sine(1000, -20, 10)
    assert measure(tone[None]).loudness.integrated_lufs == pytest.approx(-23.01, abs=0.03)
    assert measure(stereo(tone, tone * 0)).loudness.integrated_lufs == pytest.approx(
        -23.01, abs=0.03
    )
    assert measure(stereo(tone)).loudness.integrated_lufs == pytest.approx(-20, abs=0.03)


def test_each_frequency_has_the_same_loudness_at_both_rates() -> None:
    for hz in (30, 60, 200, 1000, 2000, 6000, 12_000):
        found = [
            measure(sine(hz, -20, 5, rate=rate)[None], rate).loudness.integrated_lufs
            for rate in (44_100, 48_000)
        ]
        assert found[0] == pytest.approx(found[1], abs=0.05)


def write_wav(path: Path, sound: np.ndarray[Any, Any]) -> None:
    with wave.open(str(path), "wb") as out:
        out.setparams((len(sound), 2, RATE, 0, "NONE", ""))
        samples = np.clip(np.rint(sound.T * 32768), -32768, 32767).astype("<i2")
        out.writeframes(samples.tobytes())


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute and a half of a voice in a room: stereo, 48 kHz."""
    need("espeak-ng")
    folder = tmp_path_factory.mktemp("talk")
    words = "Hej och välkommen till samtalet. I dag talar vi om vattnet, staden och makten. "
    run("espeak-ng", "-v", "sv", "-w", folder / "voice.wav", words * 16)
    ffmpeg(
        "-i", folder / "voice.wav", "-filter_complex",
        "[0]aresample=48000,volume=-6dB,aformat=channel_layouts=mono[v];"
        "anoisesrc=r=48000:c=pink:a=0.003:seed=7,aformat=channel_layouts=mono[n];"
        "[v][n]amix=duration=first:normalize=0,pan=stereo|c0=c0|c1=0.8*c0",
        folder / "talk.wav",
    )  # fmt: skip
    return folder / "talk.wav"


@pytest.mark.parametrize("ending", ["wav", "mp3"])
def test_speech_measures_as_it_does_with_ffmpeg(talk: Path, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{ending}"
    ffmpeg("-i", talk, "-b:a", "128k", path)
    found, expected = measure(decode(path)).loudness, made.by_ffmpeg(path)
    assert found.integrated_lufs == pytest.approx(expected["I"], abs=0.1)
    assert found.range_lu == pytest.approx(expected["LRA"], abs=0.5)
    assert found.true_peak_dbtp == pytest.approx(expected["Peak"], abs=0.2)


def assert_alike(one: Analysis, other: Analysis) -> None:
    """The same, except for the rounding of loudness and peaks."""
    loudness, known = one.loudness, other.loudness
    assert loudness.integrated_lufs == pytest.approx(known.integrated_lufs, abs=0.01)
    assert loudness.range_lu == pytest.approx(known.range_lu, abs=0.01)
    assert loudness.true_peak_dbtp == pytest.approx(known.true_peak_dbtp, abs=0.001)
    assert msgspec.structs.replace(one, loudness=known) == other


def spoiled(sound: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The audio with each fault that the meter finds, in places that cuts go through."""
    sound = sound * np.float32(0.8) + np.float32(0.02)
    sound[:, 20 * RATE : 24 * RATE] = np.clip(sound[:, 20 * RATE : 24 * RATE] * 12, -1, 1)
    sound[:, 30 * RATE : 40 * RATE] = 0
    sound[:, : 3 * RATE] *= 0
    sound[0] += sine(50, -40, sound.shape[1] / RATE)[: sound.shape[1]]
    sound[1] += sine(150, -46, sound.shape[1] / RATE)[: sound.shape[1]]
    return sound


def test_a_talk_measures_the_same_whole_and_in_any_pieces(talk: Path) -> None:
    for sound in (decode(talk), spoiled(decode(talk))):
        whole = measure(sound)
        for cuts in (*CUTS[1:], (31, 35), (20, 21, 22, 23, 24)):
            assert_alike(measure(sound, cuts=cuts), whole)


@given(st.lists(st.integers(1, 20), max_size=6).map(sorted), st.integers(1, 90_000))
@settings(max_examples=15)
def test_any_cut_and_any_length_of_blocks_measure_the_same(cuts: list[int], length: int) -> None:
    sound = stereo(noise(-20, 20.3) * np.abs(sine(0.3, 0, 20.3)), noise(-30, 20.3, seed=2))
    blocks = [length] * (sound.shape[1] // length + 1)
    by_blocks = merge_parts([measure_part(sound, 0, sound.shape[1], RATE, blocks)])
    assert by_blocks == measure(sound)
    assert_alike(measure(sound, cuts=cuts), by_blocks)


def test_segments_are_cut_where_seconds_end_at_both_rates() -> None:
    assert [SEGMENT_SAMPLES % rate for rate in (44_100, 48_000)] == [0, 0]


def test_a_peak_between_two_pieces_belongs_to_the_whole() -> None:
    tone = sine(RATE / 4, -1, 3, degrees=45)
    for at in (RATE, 2 * RATE):
        sound = np.zeros((1, 3 * RATE), dtype=np.float32)
        sound[0, at - 4 : at + 4] = tone[:8]
        whole = measure(sound).loudness.true_peak_dbtp
        assert whole is not None
        assert whole > -3
        assert measure(sound, cuts=(1, 2)).loudness.true_peak_dbtp == whole


@pytest.mark.parametrize(("rate", "length"), [(44_100, 0), (48_000, 0), (48_000, 100), (44_100, 3)])
def test_silence_has_no_loudness_and_no_peak(rate: int, length: int) -> None:
    found = measure(np.zeros((2, length or 5 * rate), dtype=np.float32), rate)
    assert (found.loudness.integrated_lufs, found.loudness.true_peak_dbtp) == (None, None)
    assert (found.silence_start_ms, found.silence_end_ms) == (found.duration_ms, 0)
    assert (found.level_dbfs, found.dc_offset) == ((-120, -120), (0, 0))


def test_a_meter_without_samples_measures_nothing() -> None:
    for lead_in in (0, 10):
        part = Meter(RATE, 1, lead_in=lead_in).finish()
        assert (part.samples, merge_parts([part]).loudness.integrated_lufs) == (0, None)


@pytest.mark.parametrize(("rate", "channels"), [(22_050, 1), (48_000, 3), (96_000, 2)])
def test_other_rates_and_channels_are_refused(rate: int, channels: int) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        Meter(rate, channels)


def test_the_waveform_is_the_least_and_greatest_of_every_twentieth_of_a_second() -> None:
    sound = stereo(sine(1000, 0, 1.02) * np.float32(0.5), sine(1000, 0, 1.02) * np.float32(0.25))
    sound[:, RATE // 2 :] = 0
    peaks = np.frombuffer(measure(sound).peaks, dtype=np.int8).reshape(-1, 2)
    assert len(peaks) == PEAKS_PER_SECOND + 1
    assert peaks[:10].tolist() == [[-64, 64]] * 10
    assert peaks[10:].tolist() == [[0, 0]] * 11


def test_the_digest_depends_on_the_samples_alone() -> None:
    sound = stereo(noise(-20, 3))
    changed = sound.copy()
    changed[1, 100_000] += np.float32(1e-6)
    assert measure(sound).digest == measure(sound, cuts=(1,)).digest
    others = [changed, sound[:1], sound[:, :-1], -sound]
    digests = {measure(sound).digest, *(measure(other).digest for other in others)}
    assert len(digests) == 5
    assert measure(sound[:, : 2 * RATE]).digest != measure(sound[:, : 2 * RATE], 44_100).digest


def test_a_part_comes_back_from_messagepack_as_it_was() -> None:
    part = measure_parts(stereo(noise(-20, 3)), ())[0]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(part), type=PartAnalysis) == part


ANYTHING = st.floats(width=32, allow_nan=True, allow_infinity=True) | st.just(0.0)


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 2), st.integers(0, 300)), elements=ANYTHING),
    st.integers(1, 400),
)
@settings(max_examples=60)
def test_no_samples_can_stop_the_meter(few: np.ndarray[Any, Any], times: int) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = measure(np.tile(few, (1, times)))
    numbers = [*found.dc_offset, *found.level_dbfs, found.correlation, found.hum_dbfs]
    numbers += [found.loudness.range_lu, found.loudness.integrated_lufs or 0]
    numbers += [found.loudness.true_peak_dbtp or 0]
    assert np.isfinite(numbers).all()
    assert max(map(abs, numbers)) <= 1.1 * LOUDEST


def test_a_day_of_sound_does_not_fill_the_memory() -> None:
    parts = measure_parts(stereo(noise(-20, 10)), ())
    kept_bytes = len(msgspec.msgpack.encode(parts[0]))
    tracemalloc.start()
    try:
        whole = merge_parts(parts * 8640)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert whole.duration_ms == 86_400_000
    assert whole.loudness.integrated_lufs == pytest.approx(-13.87, abs=0.01)
    assert kept_bytes * 8640 + most < 100_000_000
