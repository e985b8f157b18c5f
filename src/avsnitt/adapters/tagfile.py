"""Writes the published copy of a recording: its audio frames, and our tags, and nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from avsnitt.adapters.files import temporary_name
from avsnitt.adapters.sound import find_sound, sound_bytes
from avsnitt.media.sounds import Data, Span
from avsnitt.media.tags import TagPlan
from avsnitt.media.trouble import SoundTrouble
from avsnitt.model import SoundFacts, SoundFormat

SLICE_BYTES: Final = 1 << 22


class Copy(NamedTuple):
    """One file to write: `part` is where, and `data` the bytes of `source`."""

    source: Path
    part: Path
    data: Data
    frames: tuple[Span, ...]
    plan: TagPlan
    cover: bytes | None
    video: bool


def write_tagged(
    source: Path,
    target: Path,
    plan: TagPlan,
    cover: bytes | None,
    facts: SoundFacts | None = None,
) -> int:
    """
    Write `target` with the frames of `source` and the tags of `plan`; return its bytes.

    `facts`, when the caller has them and `source` has not changed since, say where the frames
    are, so that they need not be looked for again.

    `source` is only read, and `target` appears whole or not at all; its folder must exist.
    `cover` is a JPEG or PNG that has been cleaned already. Raises SoundTrouble when `source`
    cannot be published as it is: not sound, or a master that has to be encoded first.
    """
    if target.exists() and target.samefile(source):
        raise ValueError(f"{target} is the recording itself")
    part = Path(temporary_name(str(target)))
    try:
        length = _write_part(source, part, plan, cover, facts)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return length


def _write_part(
    source: Path, part: Path, plan: TagPlan, cover: bytes | None, facts: SoundFacts | None
) -> int:
    if facts is not None and facts.frames:
        from avsnitt.adapters.tag_id3 import render_id3

        return write_frames(source, part, render_id3(plan, cover), facts.frames)
    with sound_bytes(source) as data:
        found = find_sound(data, source)
        copy = Copy(source, part, data, found.frames, plan, cover, found.video)
        return WRITERS.get(found.format, refuse)(copy)


def write_frames(source: Path, part: Path, head: bytes, frames: tuple[Span, ...]) -> int:
    """
    A tag, then the frames, in as few calls as the system takes: the sound never has to pass
    through here as a whole. Raises OSError when the source ends before its frames do.
    """
    with source.open("rb", buffering=0) as file, part.open("xb", buffering=0) as out:
        pending = head
        for start, stop in frames:
            for at in range(start, stop, SLICE_BYTES):
                piece = os.pread(file.fileno(), min(SLICE_BYTES, stop - at), at)
                if len(piece) < min(SLICE_BYTES, stop - at):
                    raise OSError(errno.EIO, f"{source} has become shorter")
                write_all(out, pending + piece if len(pending) < SLICE_BYTES else pending)
                pending = b"" if len(pending) < SLICE_BYTES else piece
        write_all(out, pending)
        return out.tell()


def refuse(_: Copy) -> int:
    raise SoundTrouble("SOUND-001", reason="master")


def write_mp3(copy: Copy) -> int:
    from avsnitt.adapters.tag_id3 import render_id3

    return write_around(copy, render_id3(copy.plan, copy.cover))


def write_flac(copy: Copy) -> int:
    from avsnitt.adapters.tag_xiph import render_flac

    return write_around(copy, render_flac(copy.data, copy.plan, copy.cover))


def write_ogg(copy: Copy) -> int:
    from avsnitt.adapters.tag_xiph import render_ogg

    with copy.part.open("wb") as out:
        for piece in render_ogg(copy.data, copy.plan, copy.cover):
            out.write(piece)
        return out.tell()


def write_mp4(copy: Copy) -> int:
    from avsnitt.adapters.tag_mp4 import write_tagged_mp4

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


WRITERS: Final[dict[SoundFormat, Callable[[Copy], int]]] = {
    "mp3": write_mp3,
    "m4a": write_mp4,
    "opus": write_ogg,
    "ogg": write_ogg,
    "flac": write_flac,
}
