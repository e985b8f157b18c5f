"""Recordings to make sound of: synthetic speech, and what it suffers in real rooms."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PROGRAMS = ("espeak-ng", "sox", "ffmpeg", "ffprobe")
VOICES = Path("/usr/share/sounds/alsa")
LINES = (
    ("sv", "Hej och välkomna. I dag talar vi om vem som svarar när någon skriver till kommunen."),
    ("sv+f3", "Det beror på. Ibland är det jag, ibland är det ingen alls, och det är problemet."),
    ("sv", "Och vad gör vi åt det? Vi börjar med att säga att vi inte vet."),
)


def need_programs() -> None:
    """Skip where speech cannot be made; never in CI, which installs what it needs."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"CI lacks {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


def run(*command: object) -> str:
    done = subprocess.run(
        [str(one) for one in command], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout + done.stderr


def speak(target: Path, *effects: object, lines: tuple[tuple[str, str], ...] = LINES) -> Path:
    """
    Some lines read aloud into `target`, in whatever format its name says, at 48 kHz in stereo
    unless sox's `effects` say otherwise.
    """
    need_programs()
    parts = []
    for number, (voice, line) in enumerate(lines):
        part = target.with_name(f".{target.stem}-{number}.wav")
        run("espeak-ng", "-v", voice, "-w", part, line)
        parts.append(part)
    whole = target.with_name(f".{target.stem}-whole.wav")
    run("sox", "-D", *parts, "-r", "48000", "-c", "2", whole)  # dither would be other each time
    loud = target if target.suffix == ".wav" else target.with_name(f".{target.stem}-loud.wav")
    run("sox", "-D", whole, loud, *effects)
    if loud != target:
        run("ffmpeg", "-v", "error", "-y", "-i", loud, target)
    for path in {*parts, whole, loud} - {target}:
        path.unlink()
    return target


def real_speech(target: Path) -> Path:
    """A person saying where eight loudspeakers stand, as Debian's alsa-utils has it, in mono."""
    need_programs()
    names = [
        f"{front}_{side}" for front in ("Front", "Rear") for side in ("Left", "Right", "Center")
    ]
    files = [VOICES / f"{name}.wav" for name in (*names, "Side_Left", "Side_Right")]
    if not all(file.exists() for file in files):
        if os.environ.get("CI") == "true":
            pytest.fail("CI lacks the voices of alsa-utils")
        pytest.skip("needs the voices of alsa-utils")
    run("sox", "-D", *files, target)
    return target


class Level(NamedTuple):
    """What an independent meter says: LUFS, LU and dBTP."""

    integrated: float
    range: float
    peak: float


def level(path: Path) -> Level:
    """Loudness as Debian's ffmpeg measures it (EBU R 128)."""
    printed = run(
        *("ffmpeg", "-hide_banner", "-nostats", "-i", path, "-map", "0:a:0"),
        *("-af", "ebur128=peak=true", "-f", "null", "-"),
    )
    summary = printed[printed.rindex("Summary:") :]
    found = [re.search(rf"{name}:\s+(-?[\d.]+|-inf)", summary) for name in ("I", "LRA", "Peak")]
    return Level(*(float(one[1]) if one else float("nan") for one in found))


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says of a file: its format, streams and chapters."""
    printed = run(
        *("ffprobe", "-v", "error", "-of", "json"),
        *("-show_format", "-show_streams", "-show_chapters", path),
    )
    return dict(json.loads(printed))


def decoded_samples(path: Path) -> int:
    """How many samples of one channel ffmpeg decodes."""
    printed = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:a:0", "-ac", "1", "-f", "s16le", "-"],
        check=True,
        capture_output=True,
    )
    return len(printed.stdout) // 2
