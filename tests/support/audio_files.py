"""Real sound for the tests, made by the programs that people make it with."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from avsnitt.audio.io.tags.write import write_tagged
from avsnitt.audio.tag_plan import TagPlan
from avsnitt.model.show import Chapter, License

SECRET = "losenord-hunter2"
PLACE = "+58.9958+016.2075/"
CHAPTERS = (
    ("Välkommen med ett mycket längre namn än de andra", 0, ""),
    ("Å", 1_001, "https://exempel.se/fråga"),
    ("Svaret & <tystnaden> 🎙", 1_999, "https://exempel.se/svar"),
)
ENCODERS = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "128k"),
    "m4a": ("-c:a", "aac"),
    "opus": ("-c:a", "libopus"),
    "ogg": ("-c:a", "libvorbis"),
    "flac": ("-c:a", "flac"),
}


def need(program: str) -> None:
    """Skip on a user's machine, fail where everything must be there."""
    if shutil.which(program):
        return
    message = f"{program} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def run(*command: str | Path) -> str:
    need(str(command[0]))
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True)
    return done.stdout.decode()


def ffmpeg(*arguments: str | Path) -> None:
    run("ffmpeg", "-v", "error", "-y", *arguments)


def probe(path: Path) -> dict[str, Any]:
    reported = run(
        "ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters",
        "-of", "json", path,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(reported)
    return found


def packets_md5(path: Path) -> str:
    """The coded sound, as ffmpeg takes it out of the container."""
    return run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "md5", "-")


def decoded_md5(path: Path) -> str:
    return run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "md5", "-")


def decoded_ms(path: Path) -> int:
    """How long a decoder really plays it."""
    need("ffmpeg")
    raw = subprocess.run(
        ["ffmpeg", "-v", "quiet", "-i", path, "-ac", "1", "-ar", "8000", "-f", "s16le", "-"],
        capture_output=True,
        check=True,
    ).stdout
    return len(raw) // 16


def make_speech(folder: Path) -> Path:
    """Three seconds of speech, 48 kHz stereo."""
    need("espeak-ng")
    need("sox")
    printed, wav = folder / "said.wav", folder / "speech.wav"
    run("espeak-ng", "-v", "sv", "-w", printed, "Hej och välkommen. Idag frågar vi före svaret.")
    run("sox", printed, "-r", "48000", "-c", "2", wav, "pad", "0", "3", "trim", "0", "3")
    return wav


def make_plan(**changes: Any) -> TagPlan:
    chapters = tuple(
        Chapter(
            title=title,
            start_ms=start,
            end_ms=[*(c[1] for c in CHAPTERS[1:]), 3000][index],
            url=url.replace("å", "%C3%A5"),
        )
        for index, (title, start, url) in enumerate(CHAPTERS)
    )
    values: dict[str, Any] = {
        "title": "Vågar vi visa frågan – före svaret? 🎙",
        "show": "Öppen kanal",
        "hosts": "Vera Lind, Åke Ö",
        "publisher": "Exempelköpings kommun",
        "guid": "6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b",
        "feed_url": "https://podd.exempel.se/feed.xml",
        "page_url": "https://podd.exempel.se/episodes/fragan.html",
        "language": "sv",
        "duration_ms": 3000,
        "license": License(
            id="CC-BY-4.0",
            name="CC BY 4.0",
            url="https://creativecommons.org/licenses/by/4.0/",
        ),
        "number": 2,
        "season": 1,
        "published": dt.datetime(2026, 10, 5, 7, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        "description": "En mening om avsnittet.",
        "notes": "Anteckningar.\n\nMed två stycken & <tecken>.",
        "chapters": chapters,
    }
    return TagPlan(**(values | changes))


def publish(source: Path, folder: Path, cover: bytes | None = None, **changes: Any) -> Path:
    target = folder / f"published{source.suffix}"
    length = write_tagged(source, target, make_plan(**changes), cover)
    assert length == target.stat().st_size
    return target
