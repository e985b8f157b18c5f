"""Reads the facts of a recording from its bytes: format, length, digest and chapters."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from avsnitt.audio.containers.embedded_chapters import own_chapters
from avsnitt.audio.containers.flac import parse_flac
from avsnitt.audio.containers.mp3 import parse_mpeg
from avsnitt.audio.containers.mp4 import parse_mp4
from avsnitt.audio.containers.ogg import parse_ogg
from avsnitt.audio.containers.reader import (
    MAPPED_BYTES,
    AudioLayout,
    Data,
    Reader,
    let_go,
    total_bytes,
)
from avsnitt.audio.containers.sniff import check_name, sniff
from avsnitt.digests import DIGEST_BYTES
from avsnitt.model.show import AudioFacts, AudioFormat, Chapter
from avsnitt.problems.media_errors import AudioError

WHOLE_BYTES: Final = 4 << 20
"""Smaller files are read at once; larger ones are mapped."""

READERS: Final[dict[AudioFormat, Reader]] = {
    "mp3": parse_mpeg,
    "m4a": parse_mp4,
    "ogg": parse_ogg,
    "flac": parse_flac,
}


def read_audio_facts(path: Path) -> AudioFacts:
    """
    The facts of one audio file. Raises AudioError (SOUND-001, SOUND-002, SOUND-004, SOUND-006,
    SOUND-007) for a file that cannot be used, and OSError for one that cannot be read.
    """
    with audio_bytes(path) as data:
        measured = find_audio(data, path)
        chapters = own_chapters(data, measured.format)
        if measured.indexed:
            digest = digest_frames(data, measured)
            return facts(measured, digest, total_bytes(measured.frames), chapters)
    from avsnitt.audio.io.decode.container import read_packets

    return read_packets(path, measured, chapters)


@contextmanager
def audio_bytes(path: Path) -> Iterator[Data]:
    """The bytes of a file, read or mapped, never writable. Raises OSError when it is unreadable."""
    with open(path, "rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size <= WHOLE_BYTES:
            yield file.read()
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def find_audio(data: Data, path: Path) -> AudioLayout:
    """The measurements of a file by its headers. Raises AudioError: SOUND-002 when its name
    promises another format, and as the parser of the format does."""
    kind = sniff(data)
    reader = READERS.get(kind)
    measured = reader(data) if reader else AudioLayout(format=kind, indexed=False)
    check_name(path.suffix, measured.format, video=measured.video)
    return measured


def digest_frames(data: Data, measured: AudioLayout) -> str:
    """
    The digest of format and frames, which neither tags nor names change. That of a film is over
    the whole file, since its pictures are not among the frames.
    """
    state = blake2b(measured.format.encode(), digest_size=DIGEST_BYTES)
    frames = ((0, len(data)),) if measured.video else measured.frames
    with memoryview(data) as view:
        for start, stop in frames:
            for at in range(start, stop, MAPPED_BYTES):
                end = min(at + MAPPED_BYTES, stop)
                state.update(view[at:end])
                let_go(data, at, end)
    return state.hexdigest()


def facts(
    measured: AudioLayout, digest: str, frame_bytes: int, chapters: tuple[Chapter, ...]
) -> AudioFacts:
    """The facts of a measured file, whose frames have `frame_bytes` bytes. Raises AudioError:
    SOUND-001 when it has no length."""
    if measured.duration_ms <= 0:
        raise AudioError("SOUND-001", reason="no-sound")
    return AudioFacts(
        format=measured.format,
        duration_ms=measured.duration_ms,
        digest=digest,
        sample_rate_hz=measured.sample_rate_hz,
        channels=measured.channels,
        bitrate_bps=frame_bytes * 8000 // measured.duration_ms,
        video=measured.video,
        frames=measured.frames if measured.format == "mp3" else (),
        chapters=chapters,
    )
