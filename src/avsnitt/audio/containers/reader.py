"""The types and helpers that the parsers of all audio formats share."""

from __future__ import annotations

import mmap as mapping
from collections.abc import Callable
from mmap import PAGESIZE, mmap
from typing import Final, Literal

from avsnitt.model.show import AudioFormat
from avsnitt.model.value import Value

Data = bytes | mmap
"""The bytes of a file, read or mapped; a slice of either is `bytes`."""
Span = tuple[int, int]
"""A stretch of bytes in the file: the first, and the one after the last."""


class AudioLayout(Value, frozen=True, kw_only=True):
    """
    The measurements of a file by its headers. `frames` are the audio frames, in order, and
    nothing but them.

    `duration_ms` is the length that a decoder would give, as near as headers show, whatever the
    file claims of itself. `indexed` is False when the file has no table of its frames, so that
    only a demuxer can find them.
    """

    format: AudioFormat
    duration_ms: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    frames: tuple[Span, ...] = ()
    video: bool = False
    indexed: bool = True


Flaw = Literal["cut", "junk-front", "junk-end"]
"""Damage around the frames of a file: it was cut off, or other bytes stand before or after."""


class ProbeResult(Value, frozen=True, kw_only=True):
    """
    The facts that a probe of a file's head, tail and index finds (`probe.py`).

    `kind` is the container by content, empty for an unknown one. A value that could not be found
    is 0 or False. `variable` is True for MP3 without one bitrate, `described` for MP3 with a Xing,
    Info or VBRI header; the length of a variable MP3 without that header can only be found by
    walking the whole file. `index_last` is True for MP4 whose index stands behind its audio.
    """

    kind: str = ""
    duration_ms: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    bitrate_bps: int = 0
    video: bool = False
    variable: bool = False
    described: bool = False
    index_last: bool = False
    flaws: tuple[Flaw, ...] = ()


Reader = Callable[[Data], AudioLayout]


MADV_DONTNEED: Final = getattr(mapping, "MADV_DONTNEED", 0)
MAPPED_BYTES: Final = 32 << 20


def let_go(data: Data, start: int, stop: int) -> int:
    """
    Release the memory of a mapped file between two places, once that is MAPPED_BYTES or more: its
    pages count as this process's memory, and an 8-hour file has many. Returns the first byte that
    is still held. Released bytes can be read again.
    """
    if stop - start < MAPPED_BYTES:
        return start
    if isinstance(data, mmap) and hasattr(data, "madvise"):
        first = start // PAGESIZE * PAGESIZE
        data.madvise(MADV_DONTNEED, first, stop - first)
    return stop


def total_bytes(spans: tuple[Span, ...]) -> int:
    """The number of bytes in some stretches of a file."""
    return sum(stop - start for start, stop in spans)


def as_ms(samples: int, rate_hz: int) -> int:
    """The length of samples in ms, to the nearest; 0 when the rate is unknown."""
    return (samples * 1000 + rate_hz // 2) // rate_hz if rate_hz else 0
