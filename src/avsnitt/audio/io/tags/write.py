"""Writes the published copy of a recording: its audio frames, and our tags, and nothing else."""

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


class Copy(NamedTuple):
    """One file to write: `part` is where, and `data` the bytes of `source`."""

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
    Write `target` with the frames of `source` and the tags of `plan`; return its bytes.

    `facts`, when the caller has them and `source` has not changed since, say where the frames
    are, so that they need not be looked for again.

    `source` is only read, and `target` appears whole or not at all; its folder must exist.
    `cover` is a JPEG or PNG that has been cleaned already, and so are `pictures`, the chapters'
    by `Chapter.image`, which only an MP3 can hold. Raises AudioError when `source` cannot be
    published as it is: not sound, or a master that has to be encoded first. Raises ValueError
    for a cover that is neither JPEG nor PNG.
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
    A tag, then the frames, a slice at a time. Raises OSError when the source ends before its
    frames do. In the system's own calls, which for a short episode are most of the work.
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
    """Write all of some bytes, however few the system takes at a time."""
    done = os.write(handle, data)
    while done < len(data):
        done += os.write(handle, data[done:])
    return done


def refuse(_: Copy) -> int:
    """Raises AudioError (SOUND-001): a master has to be encoded first."""
    raise AudioError("SOUND-001", reason="master")


def write_mp3(copy: Copy) -> int:
    """Write an MP3 with an ID3v2.4 tag; returns its bytes."""
    from avsnitt.audio.io.tags.id3 import render_id3

    return write_around(copy, render_id3(copy.plan, copy.cover, copy.pictures))


def write_flac(copy: Copy) -> int:
    """Write a FLAC file with comments and cover; returns its bytes."""
    from avsnitt.audio.io.tags.xiph import render_flac

    return write_around(copy, render_flac(copy.data, copy.plan, copy.cover))


def write_ogg(copy: Copy) -> int:
    """Write an Ogg file with comments and cover; returns its bytes."""
    from avsnitt.audio.io.tags.xiph import render_ogg

    with copy.part.open("wb") as out:
        for piece in render_ogg(copy.data, copy.plan, copy.cover):
            out.write(piece)
        return out.tell()


def write_mp4(copy: Copy) -> int:
    """Write an MP4 with atoms and chapters; returns its bytes."""
    from avsnitt.audio.io.tags.mp4 import write_tagged_mp4

    return write_tagged_mp4(copy.source, copy.part, copy.plan, copy.cover, video=copy.video)


def write_around(copy: Copy, head: bytes) -> int:
    """The tag, then the frames as they stand in the source."""
    with copy.part.open("wb", buffering=0) as out, memoryview(copy.data) as view:
        write_all(out, head)
        for start, stop in copy.frames:
            for at in range(start, stop, SLICE_BYTES):
                with view[at : min(at + SLICE_BYTES, stop)] as piece:
                    write_all(out, piece)
        return out.tell()


def write_all(out: BinaryIO, piece: bytes | memoryview) -> None:
    """An unbuffered file may take less than it was given."""
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
