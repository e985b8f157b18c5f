"""Reads the named markers of a WAV file: `cue ` has their places, a list has their names.

RIFF's chunks are from "Multimedia Programming Interface and Data Specifications 1.0" (IBM and
Microsoft, 1991), 64-bit sizes from EBU Tech 3306 (RF64) and ITU-R BS.2088 (BW64).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from avsnitt.audio.containers.markers import as_text, is_name, tidy_marks
from avsnitt.audio.containers.reader import Data, as_ms
from avsnitt.model.show import Chapter

MAX_CHUNKS: Final = 10_000
MAX_CUE_BYTES: Final = 1 << 20
MAX_LIST_BYTES: Final = 4 << 20
CUE_BYTES: Final = 24
ELSEWHERE: Final = 0xFFFFFFFF
"""A size of more than 32 bits, which stands in `ds64` instead."""
REGION_HEAD: Final = 20
"""The bytes before the text of an `ltxt`: cue, length, purpose, country, language, code page."""
NAMES: Final = ((b"labl", 4), (b"ltxt", REGION_HEAD), (b"note", 4))
"""The chunks that may name a cue, best first, and the byte where their text begins."""
OLD_TEXT: Final = "cp1252"


class Chunk(NamedTuple):
    """A RIFF chunk: its kind, and the first byte of its content and the one after the last."""

    kind: bytes
    start: int
    stop: int


def wave_chapters(data: Data) -> tuple[Chapter, ...]:
    """The cues that have a name, at their times in the audio; empty without a format."""
    found: dict[bytes, Chunk] = {}
    names: dict[tuple[bytes, int], str] = {}
    for chunk in chunks(data, 12, len(data), sound_bytes(data)):
        if chunk.kind == b"LIST" and data[chunk.start : chunk.start + 4] == b"adtl":
            names.update(cue_names(data, chunk))
        found.setdefault(chunk.kind, chunk)
    if b"cue " not in found or b"fmt " not in found:
        return ()
    rate_at = found[b"fmt "].start + 4
    rate_hz = int.from_bytes(data[rate_at : rate_at + 4], "little")
    return tidy_marks(
        Chapter(start_ms=as_ms(sample, rate_hz), title=name)
        for number, sample in cues(data, found[b"cue "])
        for name in [names.get((kind, number), "") for kind, _ in NAMES]
        if is_name(name)
    )


def sound_bytes(data: Data) -> int:
    """The bytes of `data` by the 64-bit size in `ds64`; 0 without one."""
    first = data[12:36]
    return int.from_bytes(first[16:24], "little") if first[:4] == b"ds64" else 0


def chunks(data: Data, start: int, stop: int, large: int = 0) -> Iterator[Chunk]:
    """The chunks in a row from `start` to `stop`; each begins at an even place. `large` is the size
    of `data` in bytes where 32 bits do not hold it."""
    at = start
    for _ in range(MAX_CHUNKS):
        if at + 8 > stop:
            return
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if size == ELSEWHERE and kind == b"data":
            size = large or stop
        yield Chunk(kind, at + 8, min(at + 8 + size, stop))
        at += 8 + size + (size & 1)


def cues(data: Data, chunk: Chunk) -> Iterator[tuple[int, int]]:
    """The number and the sample of each cue."""
    body = data[chunk.start : min(chunk.stop, chunk.start + MAX_CUE_BYTES)]
    # Behind a count of four bytes, which is not needed: the size of the chunk bounds the rows.
    for at in range(4, len(body) - CUE_BYTES + 1, CUE_BYTES):
        row = body[at : at + CUE_BYTES]
        yield int.from_bytes(row[:4], "little"), int.from_bytes(row[20:], "little")


def cue_names(data: Data, chunk: Chunk) -> Iterator[tuple[tuple[bytes, int], str]]:
    """The names in a list, each with the kind of its chunk and the number of its cue."""
    begins = dict(NAMES)
    stop = min(chunk.stop, chunk.start + MAX_LIST_BYTES)
    for one in chunks(data, chunk.start + 4, stop):
        if one.kind in begins and one.stop - one.start >= begins[one.kind]:
            number = int.from_bytes(data[one.start : one.start + 4], "little")
            words = data[one.start + begins[one.kind] : one.stop].partition(b"\0")[0]
            yield (one.kind, number), as_text(words, OLD_TEXT).strip()
