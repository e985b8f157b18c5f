"""Small real films of every kind that people come with, made by ffmpeg."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.model.audio import VideoForm
from avsnitt.model.show import Transcript
from avsnitt.video.io.probe import ProbeVideoTask, read_video_facts
from avsnitt.video.plan import VideoFacts
from avsnitt.work.task import Task
from avsnitt.workflow.build.context import VideoSource
from avsnitt.workflow.build.video import video_source
from avsnitt.workflow.produce.video_tasks import VideoPlan, produced_video, video_tasks

SECRET: Final = "hemma-hos-vera"
SECONDS: Final = 8
TURNING_S: Final = 3
"""When the screen goes from black to white and the tone begins."""
BOTH: Final[tuple[VideoForm, ...]] = ("mp4", "hls")

_SCREEN = "color=black:s={size}:r={rate}:d={seconds},drawbox=c=white:t=fill:enable='gte(t,{at})'"
_MOVING = "testsrc2=s={size}:r={rate}:d={seconds}"
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-pix_fmt", "yuv420p")

KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "short.mp4": ("320x180@25", (*_H264, "-g", "50")),
    "long.mp4": ("320x180@25", (*_H264, "-g", "9999", "-sc_threshold", "0")),
    "short.mkv": ("320x180@25", (*_H264, "-g", "50")),
    "vp9.webm": ("320x180@24", ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime")),
    "part2.mov": ("320x240@25", ("-c:v", "mpeg4")),
    "odd.webm": (
        "320x180@25",
        ("-vf", "scale=319:179", "-c:v", "libvpx", "-cpu-used", "8", "-deadline", "realtime"),
    ),
    "deep.mp4": ("320x180@25", (*_H264, "-pix_fmt", "yuv420p10le")),
    "wide.mp4": ("320x240@25", (*_H264, "-aspect", "16:9")),
    "laced.mp4": ("320x240@25", (*_H264, "-flags", "+ilme+ildct", "-x264opts", "tff=1")),
    "fast.mkv": ("320x180@50", ("-c:v", "mpeg4")),
    "large.mkv": ("2560x1440@5", ("-c:v", "mpeg4", "-t", "2")),
    "tall.mkv": ("640x500@10", ("-c:v", "mpeg4", "-t", "2")),
}
LASTS_S: Final = {"long.mp4": 12}
ENDINGS: Final = {"webm": "libopus"}


def run(*command: str | Path) -> str:
    """What a program said. Skipped where it is missing, but not in CI."""
    if shutil.which(str(command[0])) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{command[0]} is missing")
        pytest.skip(f"{command[0]} is missing")
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def ffmpeg(*arguments: str | Path) -> None:
    run("ffmpeg", "-v", "error", "-y", *arguments)


def probe(source: str | Path, *more: str) -> dict[str, Any]:
    reported = run(
        "ffprobe", "-v", "error", "-show_streams", "-show_format", *more, "-of", "json", source
    )
    found: dict[str, Any] = json.loads(reported)
    return found


def complaints(source: str | Path) -> str:
    """What ffmpeg has against a film when it decodes all of it."""
    every = ("-map", "0:v", "-map", "0:a")
    return run("ffmpeg", "-v", "warning", "-i", source, *every, "-f", "null", "-").strip()


def make_film(folder: Path, kind: str) -> Path:
    """A film of one of KINDS, with what a camera tells of its owner."""
    shape, options = KINDS[kind]
    size, _, rate = shape.partition("@")
    seconds = LASTS_S.get(kind, SECONDS)
    moving = _MOVING.format(size=size, rate=rate, seconds=seconds)
    return _film(folder / kind, moving, f"sine=f=300:d={seconds}", *options)


def make_clapper(folder: Path, kind: str = "clap.mp4", *options: str) -> Path:
    """A film whose screen turns white just when a tone begins."""
    screen = _SCREEN.format(size="320x180", rate=25, seconds=SECONDS, at=TURNING_S)
    tone = f"sine=f=300:d={SECONDS},volume=0:enable='lt(t,{TURNING_S})'"
    return _film(folder / kind, screen, tone, *(options or (*_H264, "-g", "50")))


def _film(target: Path, screen: str, sound: str, *options: str) -> Path:
    codec = ENDINGS.get(target.suffix[1:], "aac")
    ffmpeg(
        *("-f", "lavfi", "-i", screen, "-f", "lavfi", "-i", sound),
        *("-metadata", f"comment={SECRET}", "-metadata", "location=+59.2+15.2/"),
        *("-c:a", codec, "-ac", "2", "-ar", "48000", *options),
        target,
    )
    return target


def turned(source: Path, degrees: int) -> Path:
    """The same film, said to be shown turned."""
    target = source.with_name(f"turned-{degrees}.mp4")
    ffmpeg("-i", source, "-c", "copy", "-metadata:s:v:0", f"rotate={degrees}", target)
    return target


def make_sound(film: Path) -> Path:
    """The sound of a film as it is produced: AAC in M4A, from its first sample on."""
    target = film.with_suffix(".made.m4a")
    bitexact = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
    ffmpeg(
        "-i",
        film,
        "-vn",
        "-map_metadata",
        "-1",
        "-af",
        "asetpts=PTS-STARTPTS",
        "-c:a",
        "aac",
        "-b:a",
        "96k",
        *bitexact,
        target,
    )
    return target


def do(task: Task, store: Path) -> Path:
    target = store / task.file
    task.work(target, lambda _: None)
    return target


def look(film: Path, store: Path) -> VideoFacts:
    return read_video_facts(
        do(ProbeVideoTask(source=str(film), digest=film.stem, duration_ms=8000), store)
    )


def source_of(plan: VideoPlan, store: Path, transcripts: tuple[Transcript, ...]) -> VideoSource:
    """What a plan that was carried out is to be published as."""
    facts = read_audio_facts(store / plan.mp4.file) if plan.mp4 else None
    return video_source(produced_video(plan, BOTH), str(store), facts, transcripts)


def make(
    film: Path, store: Path, forms: tuple[VideoForm, ...] = BOTH, sound: Path | None = None
) -> VideoPlan:
    """Everything that is wanted of a film, made."""
    store.mkdir(exist_ok=True)
    plan = video_tasks(
        look(film, store),
        source=film,
        digest=film.stem,
        forms=forms,
        sound=sound or make_sound(film),
        sound_key=f"{film.stem}-sound",
        store=store,
        slug="film",
    )
    for task in (*plan.first, *plan.then):
        do(task, store)
    return plan
