"""Writes the files of a clip, whole or not at all, and knows again those it has written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from avsnitt.audio.tag_plan import TagPlan
from avsnitt.clips.io.audio import Cut, write_clip_mp3
from avsnitt.clips.io.audiogram import AudiogramContent, write_audiogram
from avsnitt.system.files import remove, temporary_name

ReportMs = Callable[[int], None]
"""Called with each ms of sound that is done."""


def write_audio_clip(
    cut: Cut, target: Path, plan: TagPlan, cover: bytes, report_ms: ReportMs
) -> None:
    """An MP3 with tags. Raises AudioError, and OSError for the disk."""
    from avsnitt.audio.io.tags.write import write_tagged

    with _beside(target, ".mp3") as bare:
        write_clip_mp3(cut, bare, report_ms)
        write_tagged(bare, target, plan, cover)


def write_video_clip(
    cut: Cut, target: Path, plan: TagPlan, film: AudiogramContent, report_ms: ReportMs
) -> None:
    """An audiogram with tags. Raises AudioError, ImageError, and OSError for the disk."""
    from avsnitt.audio.io.tags.mp4 import save_atoms

    with _beside(target, ".mp4") as part:
        write_audiogram(cut, film, part, report_ms)
        save_atoms(part, plan, None)
        part.replace(target)


@contextmanager
def _beside(target: Path, ending: str) -> Iterator[Path]:
    """A name in the same folder, of which nothing is left however it ends."""
    part = Path(temporary_name(os.fspath(target)) + ending)
    try:
        yield part
    finally:
        remove(str(part))


def read_mark(path: Path) -> str:
    """The identity in an MP3's or MP4's tags, or an empty text when there is none."""
    from mutagen import MutagenError, id3, mp4

    is_film = path.suffix.lower() == ".mp4"
    read: Any = mp4.MP4 if is_film else id3.ID3
    try:
        tags = read(path)
    except (MutagenError, OSError):
        return ""
    found = tags.get("egid", [""])[0] if is_film else tags.get("TGID", "")
    return found.decode(errors="replace") if isinstance(found, bytes) else str(found)
