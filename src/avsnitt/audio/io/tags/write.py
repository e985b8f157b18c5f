"""Writes the published copy of a recording: its audio frames and our tags, and nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from avsnitt.audio.containers.reader import Data, Span
from avsnitt.audio.io.decode.facts import audio_bytes, find_audio
from avsnitt.audio.tag_plan import TagPlan
from avsnitt.model.show import AudioFacts, AudioFormat
from avsnitt.problems.media_errors import AudioError
from avsnitt.system.files import remove, temporary_name

SLICE_BYTES: Final = 1 << 22
NO_PICTURES: Final[Mapping[str, bytes]] = {}
BINARY: Final = getattr(os, "O_BINARY", 0)
"""Without it Windows would change line ends."""


class Copy(NamedTuple):
    """A copy to write to `part`: `data` has the bytes of `source`, `frames` those to copy."""

    source: Path
    part: Path
    data: Data
    frames: tuple[Span, ...]
    plan: TagPlan
    cover: bytes | None
    pictures: Mapping[str, bytes]
    video: bool


def write_tagged(
    source: Path,
    target: Path,
    plan: TagPlan,
    cover: bytes | None,
    facts: AudioFacts | None = None,
    pictures: Mapping[str, bytes] = NO_PICTURES,
) -> int:
    """
    Write `target` with the frames of `source` and the tags of `plan`; return its size in bytes.

    `facts`, when the caller has them and `source` has not changed since, have the places of the
    frames, so that they need not be searched for again.

    `source` is only read, and `target` appears whole or not at all; its folder must exist.
    `cover` is a JPEG or PNG that has been cleaned already, and so are `pictures`, the chapters'
    by `Chapter.image`, which only an MP3 can hold. Raises AudioError when `source` cannot be
    published as it is: no audio, or a master that has to be encoded first; ValueError when
    `target` is `source`; and OSError for the disk.
    """
    if os.path.exists(target) and os.path.samefile(target, source):
        raise ValueError(f"{target} is the recording itself")
    part = temporary_name(os.fspath(target))
    try:
        length = _write_part(source, Path(part), plan, cover, facts, pictures)
        os.replace(part, target)
    except BaseException:
        remove(part)
        raise
    return length


def _write_part(
    source: Path,
    part: Path,
    plan: TagPlan,
    cover: bytes | None,
    facts: AudioFacts | None,
    pictures: Mapping[str, bytes],
) -> int:
    if facts is not None and facts.frames:
        from avsnitt.audio.io.tags.id3 import render_id3

        return write_frames(source, part, render_id3(plan, cover, pictures), facts.frames)
    with audio_bytes(source) as data:
        found = find_audio(data, source)
        copy = Copy(source, part, data, found.frames, plan, cover, pictures, found.video)
        return WRITERS.get(found.format, refuse)(copy)


def write_frames(source: Path, part: Path, head: bytes, frames: tuple[Span, ...]) -> int:
    """
    Write a tag, then the frames of a file, a slice at a time; return the bytes. Raises OSError
    when the source ends before its frames do. Plain system calls are used, since for a short
    episode they are most of the work.
    """
    file = os.open(source, os.O_RDONLY | BINARY)
    try:
        out = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o666)
        try:
            length = put(out, head)
            for start, stop in frames:
                for at in range(start, stop, SLICE_BYTES):
                    size = min(SLICE_BYTES, stop - at)
                    os.lseek(file, at, os.SEEK_SET)
                    piece = os.read(file, size)
                    if len(piece) < size:
                        raise OSError(errno.EIO, f"{source} has become shorter")
                    length += put(out, piece)
            return length
        finally:
            os.close(out)
    finally:
        os.close(file)


def put(handle: int, data: bytes) -> int:
    """Write all of some bytes, however few the system takes at a time; return their number."""
    done = os.write(handle, data)
    while done < len(data):
        done += os.write(handle, data[done:])
    return done


def refuse(_: Copy) -> int:
    """Raises AudioError: SOUND-001 for a format that has to be encoded first."""
    raise AudioError("SOUND-001", reason="master")


def write_mp3(copy: Copy) -> int:
    """Write an ID3 tag and the frames; return the bytes."""
    from avsnitt.audio.io.tags.id3 import render_id3

    return write_around(copy, render_id3(copy.plan, copy.cover, copy.pictures))


def write_flac(copy: Copy) -> int:
    """Write new metadata and the frames; return the bytes. Raises AudioError as `render_flac`
    does."""
    from avsnitt.audio.io.tags.xiph import render_flac

    return write_around(copy, render_flac(copy.data, copy.plan, copy.cover))


def write_ogg(copy: Copy) -> int:
    """Write the pages with new comments; return the bytes. Raises AudioError as `render_ogg`
    does."""
    from avsnitt.audio.io.tags.xiph import render_ogg

    with copy.part.open("wb") as out:
        for piece in render_ogg(copy.data, copy.plan, copy.cover):
            out.write(piece)
        return out.tell()


def write_mp4(copy: Copy) -> int:
    """Write new boxes with the same packets; return the bytes. Raises AudioError as
    `write_tagged_mp4` does."""
    from avsnitt.audio.io.tags.mp4 import write_tagged_mp4

    return write_tagged_mp4(copy.source, copy.part, copy.plan, copy.cover, video=copy.video)


def write_around(copy: Copy, head: bytes) -> int:
    """Write the tag, then the frames as they stand in the source; return the bytes."""
    with copy.part.open("wb", buffering=0) as out, memoryview(copy.data) as view:
        write_all(out, head)
        for start, stop in copy.frames:
            for at in range(start, stop, SLICE_BYTES):
                with view[at : min(at + SLICE_BYTES, stop)] as piece:
                    write_all(out, piece)
        return out.tell()


def write_all(out: BinaryIO, piece: bytes | memoryview) -> None:
    """Write all of some bytes: an unbuffered file may take fewer at a time."""
    done = 0
    while done < len(piece):
        done += out.write(piece[done:])


WRITERS: Final[dict[AudioFormat, Callable[[Copy], int]]] = {
    "mp3": write_mp3,
    "m4a": write_mp4,
    "opus": write_ogg,
    "ogg": write_ogg,
    "flac": write_flac,
}
