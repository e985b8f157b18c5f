"""The lists of chapters that an MP4 carries, as they stand there: Nero's and QuickTime's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from avsnitt.media.mp4 import (
    MAX_MOOV_BYTES,
    Box,
    Track,
    boxes,
    chunk_starts,
    inside,
    numbers,
    read_tracks,
    sample_sizes,
    samples_in_chunks,
)
from avsnitt.media.sounds import Data, as_ms
from avsnitt.media.trouble import SoundTrouble
from avsnitt.model import Chapter

MAX_CHAPTERS: Final = 10_000
TICKS_A_MS: Final = 10_000
"""Nero counts in steps of 100 ns."""
TEXT_HANDLERS: Final = frozenset({b"text", b"sbtl"})
LONGEST_TITLE: Final = 65_537


def nero_chapters(data: Data) -> tuple[Chapter, ...]:
    """The list in moov/udta/chpl; empty when there is none."""
    for box in boxes(data, 0, len(data)):
        if box.kind == b"moov" and box.stop - box.start <= MAX_MOOV_BYTES:
            moov = data[box.start : box.stop]
            udta = inside(moov, Box(b"moov", 0, len(moov))).get(b"udta")
            chpl = inside(moov, udta).get(b"chpl") if udta else None
            return tuple(_nero(moov[chpl.start : chpl.stop])) if chpl else ()
    return ()


def _nero(body: bytes) -> Iterator[Chapter]:
    if len(body) < 9:
        return
    at = 9
    for _ in range(body[8]):
        if at + 9 > len(body):
            return
        start, size = int.from_bytes(body[at : at + 8], "big"), body[at + 8]
        title = body[at + 9 : at + 9 + size].decode("utf-8", "replace")
        yield Chapter(start_ms=start // TICKS_A_MS, title=title)
        at += 9 + size


def quicktime_chapters(data: Data) -> tuple[Chapter, ...]:
    """The samples of the track of texts; empty when there is none."""
    try:
        tracks = read_tracks(data)
    except SoundTrouble:
        return ()
    track = next((track for track in tracks if track.handler in TEXT_HANDLERS), None)
    if track is None or not track.timescale:
        return ()
    places = islice(_places(track), MAX_CHAPTERS)
    return tuple(
        Chapter(start_ms=as_ms(start, track.timescale), title=title)
        for start, (at, size) in zip(_starts(track), places, strict=False)
        if (title := _title(data[at : at + min(size, LONGEST_TITLE)])) is not None
    )


def _places(track: Track) -> Iterator[tuple[int, int]]:
    """Where each sample lies, and its bytes."""
    sizes = iter(sample_sizes(track))
    starts = chunk_starts(track)
    for start, count in zip(starts, samples_in_chunks(track, len(starts)), strict=False):
        at = start
        for size in islice(sizes, count):
            yield at, size
            at += size


def _starts(track: Track) -> Iterator[int]:
    body = track.table.get(b"stts", b"")
    rows = numbers(body, 8, 2 * int.from_bytes(body[4:8], "big")) if len(body) >= 8 else []
    at = 0
    for row in range(0, len(rows) - 1, 2):
        for _ in range(min(rows[row], MAX_CHAPTERS)):
            yield at
            at += rows[row + 1]


def _title(sample: bytes) -> str | None:
    """A sample is a length and a text (QuickTime File Format, "Text Sample Data")."""
    if len(sample) < 2:
        return None
    raw = sample[2 : 2 + int.from_bytes(sample[:2], "big")]
    wide = raw[:2] in (b"\xfe\xff", b"\xff\xfe")
    return raw.decode("utf-16" if wide else "utf-8", "replace")
