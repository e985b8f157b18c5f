from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from tests.support.tones import RATE, decode, measure, noise, sine, stereo

from avsnitt.audio.measure.findings import audio_problems
from avsnitt.cli.output.problems import say
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.model.audio import Analysis, Interval, Loudness
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import read_strings

HERE = Where("episodes/ett/samtal.wav")
FINE = Analysis(
    sample_rate_hz=48_000,
    channels=2,
    samples=48_000 * 600,
    digest="0" * 32,
    loudness=Loudness(integrated_lufs=-20.0, range_lu=6.0, true_peak_dbtp=-3.0),
    silence_start_ms=300,
    silence_end_ms=1500,
    gaps=(Interval(10_000, 13_000),),
    dc_offset=(0.001, -0.002),
    level_dbfs=(-23.0, -31.0),
    correlation=0.4,
    hum_hz=50,
    hum_dbfs=-70.0,
)


def reported(analysis: Analysis, language: str = "en", **options: Any) -> list[tuple[str, str]]:
    words = read_strings(language, "cli", *PROBLEM_DOMAINS)
    return [(one.code, say(one, words)) for one in audio_problems(analysis, HERE, **options)]


def changed(**changes: Any) -> Analysis:
    return msgspec.structs.replace(FINE, **changes)


def loud(integrated_lufs: float | None) -> Loudness:
    return msgspec.structs.replace(FINE.loudness, integrated_lufs=integrated_lufs)


def places(number: int) -> tuple[Interval, ...]:
    return tuple(Interval(at * 60_000 + 12_000, at * 60_000 + 14_000) for at in range(number))


def test_a_recording_as_most_are_has_nothing_to_be_reported() -> None:
    assert audio_problems(FINE, HERE) == ()


@pytest.mark.parametrize(
    ("analysis", "code", "english", "swedish"),
    [
        (
            changed(loudness=loud(None), clipped=places(1)),
            "SOUND-020",
            "Nothing is heard in all its length, 10:00.",
            "Ingenting hörs under hela tiden, 10:00.",
        ),
        (
            changed(clipped=places(1)),
            "SOUND-021",
            "The sound is cut off at its loudest: 0:12–0:14.",
            "Ljudets toppar är avhuggna: 0:12–0:14.",
        ),
        (
            changed(clipped=places(4)),
            "SOUND-021",
            "The sound is cut off at its loudest: 0:12–0:14, 1:12–1:14, 2:12–2:14"
            " and at 1 more place.",
            "Ljudets toppar är avhuggna: 0:12–0:14, 1:12–1:14, 2:12–2:14 och på ett ställe till.",
        ),
        (
            changed(clipped=places(6)),
            "SOUND-021",
            "The sound is cut off at its loudest: 0:12–0:14, 1:12–1:14, 2:12–2:14"
            " and at 3 more places.",
            "Ljudets toppar är avhuggna: 0:12–0:14, 1:12–1:14, 2:12–2:14 och på 3 ställen till.",
        ),
        (
            changed(dc_offset=(0.0, -0.024)),
            "SOUND-022",
            "The sound is 2 % away from zero.",
            "Ljudet är förskjutet 2 % från noll (likspänning).",
        ),
        (
            changed(level_dbfs=(-23.0, -75.4)),
            "SOUND-023",
            "The right channel is almost silent, 52 dB below the other.",
            "Höger kanal är nästan tyst, 52 dB svagare än den andra.",
        ),
        (
            changed(correlation=-0.9),
            "SOUND-024",
            "The channels swing opposite ways and cancel each other out.",
            "Kanalerna svänger åt var sitt håll och tar ut varandra.",
        ),
        (
            changed(hum_hz=50, hum_dbfs=-50.0),
            "SOUND-025",
            "Hum from the mains at 50 Hz is heard all the time, 30 dB below the talk.",
            "Brum från elnätet på 50 Hz hörs hela tiden, 30 dB svagare än talet.",
        ),
        (
            changed(hum_hz=60, hum_dbfs=-18.0),
            "SOUND-025",
            "Hum from the mains at 60 Hz is heard all the time, louder than the talk.",
            "Brum från elnätet på 60 Hz hörs hela tiden, starkare än talet.",
        ),
        (
            changed(silence_start_ms=4000, silence_end_ms=61_000),
            "SOUND-026",
            "Nothing is heard: 0:00–0:04, 8:59–10:00.",
            "Inget hörs: 0:00–0:04, 8:59–10:00.",
        ),
        (
            changed(gaps=(Interval(1000, 4000), Interval(10_000, 16_000))),
            "SOUND-027",
            "Nothing is heard: 0:10–0:16.",
            "Inget hörs: 0:10–0:16.",
        ),
        (
            changed(loudness=loud(-40.0), hum_hz=0),
            "SOUND-028",
            "The sound has to be raised by 24 dB.",
            "Ljudet måste höjas 24 dB.",
        ),
    ],
)
def test_each_fault_is_reported_with_its_times(
    analysis: Analysis, code: str, english: str, swedish: str
) -> None:
    assert reported(analysis) == [(code, english)]
    assert reported(analysis, "sv") == [(code, swedish)]


def test_bad_audio_is_a_warning_and_no_error() -> None:
    silent, clipped = changed(loudness=loud(None)), changed(clipped=places(2))
    assert [one.severity for one in audio_problems(silent, HERE)] == ["warning"]
    assert [one.severity for one in audio_problems(clipped, HERE)] == ["warning"]


def test_audio_too_short_for_a_loudness_is_not_silent() -> None:
    assert audio_problems(changed(loudness=loud(None), samples=9600), HERE) == ()


def test_quiet_is_judged_by_the_gain_to_the_target() -> None:
    quiet = changed(loudness=loud(-37.5), hum_hz=0)
    assert [code for code, _ in reported(quiet)] == ["SOUND-028"]
    assert reported(quiet, loudness_lufs=-20.0) == []
    mono = msgspec.structs.replace(quiet, channels=1, level_dbfs=(-40.0,), dc_offset=(0.0,))
    assert reported(mono) == []


# From real sound


def make_voice(folder: Path, voice: str) -> np.ndarray[Any, Any]:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    text = "Vi talar om vattnet, staden och makten. Vem bestämmer över bron? " * 12
    path = folder / f"{voice}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-w", path, text], check=True)
    sound = decode(path, layout="mono")[0]
    return np.asarray(sound * 0.7 / np.abs(sound).max(), dtype=np.float32)


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> list[np.ndarray[Any, Any]]:
    folder = tmp_path_factory.mktemp("voices")
    return [make_voice(folder, voice) for voice in ("sv", "sv+f3", "en+m7")]


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [one.code for one in problems]


@pytest.mark.parametrize("room_dbfs", [-150, -75, -60, -50, -42])
def test_a_voice_in_any_room_has_no_problem(
    voices: list[np.ndarray[Any, Any]], room_dbfs: float
) -> None:
    for voice in voices:
        room = noise(room_dbfs, voice.size / RATE)[: voice.size]
        for sound in ((voice + room)[None], stereo(voice + room, voice * 0.6 + room[::-1])):
            assert codes(audio_problems(measure(sound), HERE)) == []


def test_a_voice_at_full_scale_encoded_to_mp3_has_no_problem(
    voices: list[np.ndarray[Any, Any]], tmp_path: Path
) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    for voice in voices:
        full = np.rint(voice / np.abs(voice).max() * 32767).astype("<i2")
        assert codes(audio_problems(measure((full / np.float32(32768))[None]), HERE)) == []
        command = ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", "48000", "-ac", "1",
                   "-i", "-", "-b:a", "96k", tmp_path / "full.mp3"]  # fmt: skip
        subprocess.run(command, input=full.tobytes(), check=True)
        heard = decode(tmp_path / "full.mp3", layout="mono")
        assert codes(audio_problems(measure(heard), HERE)) == []


def test_each_fault_added_to_a_voice_is_found(voices: list[np.ndarray[Any, Any]]) -> None:
    voice = voices[0]
    room = noise(-70, voice.size / RATE)[: voice.size]
    seconds = voice.size / RATE
    hum = (sine(50, -45, seconds) + sine(100, -50, seconds))[: voice.size]
    spoiled = {
        "SOUND-020": room[None] * np.float32(0.1),
        "SOUND-021": np.clip(voice * 3, -1, 1)[None],
        "SOUND-022": voice[None] * np.float32(0.5) + np.float32(0.03),
        "SOUND-023": stereo(voice, room),
        "SOUND-024": stereo(voice, room - voice),
        "SOUND-025": (voice + room + hum)[None],
        "SOUND-026": np.concatenate([room[: 4 * RATE], voice + room])[None],
        "SOUND-027": np.concatenate([voice + room, room[: 7 * RATE], voice + room])[None],
        "SOUND-028": (voice + room)[None] * np.float32(0.01),
    }
    for code, sound in spoiled.items():
        assert codes(audio_problems(measure(sound.astype(np.float32)), HERE)) == [code]
