"""The structure of H.264 as it lies in MP4 and Matroska (ISO/IEC 14496-15, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from avsnitt.audio.containers.reader import Span

KEY_PICTURE: Final = 5
"""A picture that decoding can begin with (ITU-T H.264, table 7-1: IDR)."""
NOTES: Final = 6
"""Supplemental enhancement information, a message after another (7.3.2.3)."""
STRANGERS: Final = frozenset({4, 5})
"""Messages in which cameras and encoders say who and where they are (D.1.6, D.1.7)."""
MOST_UNITS: Final = 4096
STOP_BIT: Final = b"\x80"


def codec_name(avcc: bytes) -> str:
    """
    `avc1.64001f`: profile, constraints and level, as RFC 6381, 3.3 writes them; an empty text
    where this is no avcC.
    """
    return f"avc1.{avcc[1:4].hex()}" if is_avcc(avcc) else ""


def is_avcc(data: bytes) -> bool:
    """True for the record that MP4 and Matroska hold (5.3.3.1), with lengths of 4 bytes."""
    return len(data) > 6 and data[0] == 1 and data[4] & 3 == 3


def units(data: bytes | memoryview) -> Iterator[Span]:
    """
    Yield the start and end of each NAL unit of a picture, without its length field; a unit that
    is cut is left out.
    """
    at = 0
    for _ in range(MOST_UNITS):
        start = at + 4
        if start >= len(data):
            return
        at = start + int.from_bytes(data[at:start], "big")
        if at > len(data):
            return
        if at > start:
            yield start, at


def begins(data: bytes | memoryview) -> bool:
    """True when decoding can begin with this picture."""
    return any(data[start] & 31 == KEY_PICTURE for start, _ in units(data))


def without_strangers(data: bytes | memoryview) -> bytes | None:
    """
    The same picture without what its maker said of itself: which camera and which program, and
    perhaps where. None when there is nothing of that in it.
    """
    found = list(units(data))
    if not any(data[start] & 31 == NOTES for start, _ in found):
        return None
    parts = [part for start, stop in found if (part := _cleaned(bytes(data[start:stop])))]
    kept = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return kept if len(kept) != len(data) else None


def _cleaned(unit: bytes) -> bytes:
    if unit[0] & 31 != NOTES:
        return unit
    kept = b"".join(message for kind, message in _messages(unit) if kind not in STRANGERS)
    return unit[:1] + kept + STOP_BIT if kept else b""


def _messages(unit: bytes) -> Iterator[tuple[int, bytes]]:
    """
    The kind of each message, and the message with its head. Lengths are counted without the
    bytes that keep a start code from showing (7.3.1), which only stand in a message's body.
    """
    at = 1
    while at < len(unit) and unit[at:] != STOP_BIT:
        start = at
        kind, at = _number(unit, at)
        size, at = _number(unit, at)
        at = _after(unit, at, size)
        yield kind, unit[start:at]


def _number(unit: bytes, at: int) -> tuple[int, int]:
    """Sums of 255 and a last byte (7.3.2.3.1), and where it ends."""
    total = 0
    while at < len(unit) and unit[at] == 255:
        total, at = total + 255, at + 1
    return total + (unit[at] if at < len(unit) else 0), at + 1


def _after(unit: bytes, at: int, size: int) -> int:
    zeros = 0
    while size > 0 and at < len(unit):
        if zeros >= 2 and unit[at] == 3:
            zeros = 0
        else:
            zeros = zeros + 1 if unit[at] == 0 else 0
            size -= 1
        at += 1
    return at


def without_greeting(data: bytes) -> bytes:
    """
    An encoder's first picture (in the form of ITU-T H.264, annex B) without the message in front
    of it, in which x264 writes its version and its settings.
    """
    prefix = data.find(b"\0\0\1")
    if not 0 <= prefix <= 1 or data[prefix + 3 : prefix + 4] != bytes([NOTES]):
        return data
    after = data.find(b"\0\0\1", prefix + 4)
    return data if after < 0 else b"\0" + data[after:]
