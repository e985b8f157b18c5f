"""Reads the length that an audio file claims, where FFmpeg corrects it in silence or ignores it."""

from __future__ import annotations

from typing import Final

from avsnitt.audio.containers.ogg import LAST, find_pages
from avsnitt.audio.containers.reader import Data, as_ms
from avsnitt.audio.containers.wav import ELSEWHERE, chunks
from avsnitt.audio.containers.wav import sound_bytes as large_bytes
from avsnitt.model.show import AudioFormat
from avsnitt.model.value import Value

FORMAT_BYTES: Final = 16
PLAIN: Final = frozenset({0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE})
"""PCM, float, A-law, mu-law, and the extensible format: all have a fixed number of bytes a
sample, so that their size shows their length."""


class Claims(Value, frozen=True):
    """`declared_ms` is None for a length that is not read here, 0 for a file that claims none;
    `ended` is False when no page of an Ogg file is marked as the last."""

    declared_ms: int | None = None
    ended: bool = True


def parse_claims(data: Data, kind: AudioFormat) -> Claims:
    """The claims of a WAV or Ogg file; the defaults for any other format."""
    if kind == "wav":
        return Claims(wave_ms(data))
    if kind in ("ogg", "opus"):
        return Claims(0, ends_marked(data))
    return Claims()


def wave_ms(data: Data) -> int | None:
    """
    The length in ms by the size that the chunk of samples claims, there or not. 0 for a size that
    a recorder never filled in: 0, or about as much as 32 bits hold (EBU Tech 3306). None for a
    coding whose size does not show its length.
    """
    large = large_bytes(data)
    rate = 0
    for chunk in chunks(data, 12, len(data), large):
        if chunk.kind == b"fmt " and chunk.stop - chunk.start >= FORMAT_BYTES:
            if int.from_bytes(data[chunk.start : chunk.start + 2], "little") not in PLAIN:
                return None
            rate = int.from_bytes(data[chunk.start + 8 : chunk.start + 12], "little")
        if chunk.kind == b"data":
            size = int.from_bytes(data[chunk.start - 4 : chunk.start], "little")
            size = large if size == ELSEWHERE else size
            return as_ms(size, rate) if size < ELSEWHERE - 0xFFFF or large else 0
    return 0


def ends_marked(data: Data) -> bool:
    """True when a page is marked as the last of its stream (RFC 3533, section 6)."""
    return any(page.flags & LAST for page in find_pages(data))
