"""Reads the named markers of an AIFF file (Apple, "Audio Interchange File Format 1.3", MARK)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from avsnitt.audio.containers.markers import MOST_MARKS, as_text, is_name, tidy_marks
from avsnitt.audio.containers.reader import Data
from avsnitt.model.show import Chapter

MAX_CHUNKS: Final = 10_000
MAX_MARK_BYTES: Final = 1 << 20
OLD_TEXT: Final = "mac-roman"
EXPONENT_BIAS: Final = 16383 + 63
"""Of an extended number, whose mantissa is read as an integer of 64 bits."""


def aiff_chapters(data: Data) -> tuple[Chapter, ...]:
    """The markers that have a name, at their times in the audio; empty without a sample rate."""
    found: dict[bytes, bytes] = {}
    for kind, start, stop in chunks(data):
        if kind in (b"COMM", b"MARK"):
            found.setdefault(kind, data[start : min(stop, start + MAX_MARK_BYTES)])
    millihertz = rate_millihertz(found.get(b"COMM", b"")[8:18])
    if not millihertz:
        return ()
    return tidy_marks(
        Chapter(start_ms=sample * 1_000_000 // millihertz, title=name)
        for sample, name in markers(found.get(b"MARK", b""))
        if is_name(name)
    )


def chunks(data: Data) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's kind, first byte and the one after the last; chunks begin at even places."""
    at, end = 12, len(data)
    for _ in range(MAX_CHUNKS):
        if at + 8 > end:
            return
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        yield data[at : at + 4], at + 8, min(at + 8 + size, end)
        at += 8 + size + (size & 1)


def markers(body: bytes) -> Iterator[tuple[int, str]]:
    """The sample and the name of each marker. A name is a length byte and text, filled up to an
    even size."""
    at = 2
    for _ in range(min(int.from_bytes(body[:2], "big"), MOST_MARKS)):
        if at + 7 > len(body):
            return
        sample, size = int.from_bytes(body[at + 2 : at + 6], "big"), body[at + 6]
        name = body[at + 7 : at + 7 + size]
        yield sample, as_text(name, OLD_TEXT).strip("\0 ")
        at += 7 + size + (size + 1 & 1)


def rate_millihertz(extended: bytes) -> int:
    """The sample rate in mHz, from a number of 80 bits (IEEE 754, extended); 0 for a broken one."""
    if len(extended) < 10:
        return 0
    exponent = (int.from_bytes(extended[:2], "big") & 0x7FFF) - EXPONENT_BIAS
    mantissa = int.from_bytes(extended[2:], "big")
    if not -64 < exponent <= 0:
        return 0
    return mantissa * 1000 >> -exponent
