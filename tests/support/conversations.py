"""Talks for the tests: voices of a real synthesiser, and what ffmpeg measures of sound."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
from tests.support.audio_files import need, run

from avsnitt.model.audio import Analysis, Loudness, MixSource

RATE = 48_000
SENTENCES = (
    "Välkommen. I dag talar vi om hur länge man får vänta på svar från en myndighet.",
    "Det beror på vem man frågar. Några väntar en vecka, andra väntar ett år!",
    "Varför är det så? Ingen vet säkert, men vi har räknat vartenda brev.",
)
VOICES = ("sv", "sv+f3", "sv+m7")


def as_wav(path: Path, sound: np.ndarray, rate_hz: int = RATE) -> Path:
    """Float samples, exactly as they are."""
    need("ffmpeg")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(rate_hz), "-ac", str(len(sound)),
         "-i", "-", "-c:a", "pcm_f32le", path],
        input=np.ascontiguousarray(sound.T, dtype=np.float32).tobytes(), check=True,
    )  # fmt: skip
    return path


def say(folder: Path, text: str, voice: str, rate_hz: int = RATE) -> np.ndarray:
    """A voice, mono, as floats."""
    spoken = folder / f"{voice}.wav"
    run("espeak-ng", "-v", voice, "-s", "165", "-w", spoken, text)
    need("ffmpeg")
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", spoken, "-ar", str(rate_hz), "-f", "f32le", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.float32)[None]


def measure(sound: np.ndarray, rate_hz: int = RATE) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, as ffmpeg has them."""
    need("ffmpeg")
    reported = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(rate_hz), "-ac", str(len(sound)),
         "-i", "-", "-af", "ebur128=peak=true:metadata=1,ametadata=print:file=-",
         "-f", "null", "-"],
        input=np.ascontiguousarray(sound.T, dtype=np.float32).tobytes(),
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    peaks = [float(peak) for peak in re.findall(r"true_peaks_ch\d=([\d.]+)", reported)]
    return float(re.findall(r"r128\.I=(-?[\d.]+)", reported)[-1]), 20 * np.log10(max(peaks))


def recorded(path: Path, sound: np.ndarray, **facts: object) -> MixSource:
    """A recording on disk, with what ffmpeg measures of it."""
    lufs, peak = measure(sound)
    analysis = Analysis(
        sample_rate_hz=RATE,
        channels=len(sound),
        samples=sound.shape[1],
        digest=path.name,
        loudness=Loudness(integrated_lufs=lufs, range_lu=5, true_peak_dbtp=peak),
        level_dbfs=tuple(10 * float(np.log10(np.mean(one**2) + 1e-12)) for one in sound),
        **facts,
    )
    as_wav(path, sound)
    return MixSource(path=str(path), digest=path.name, analysis=analysis, name=path.stem)
