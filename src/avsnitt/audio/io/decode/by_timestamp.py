"""Reads audio in containers by their packets, from any place where that is exact.

In WAV, AIFF, CAF, FLAC and Ogg a packet's time stamp is a count of samples. Elsewhere stamps are
rounded or written by a recorder's own clock, so packets are counted, and a stamp only identifies
its packet. A file that can be read in neither way is decoded from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.containers.ogg import FIRST, MAGIC, find_pages
from avsnitt.audio.io.decode.by_packet_count import CountedFile, counted
from avsnitt.audio.io.decode.facts import audio_bytes
from avsnitt.audio.io.decode.packets import (
    Stamp,
    coming,
    family,
    opened,
    seek,
    settings_of,
    stamp_of,
    stream_info_of,
    trims,
    with_cuts,
)
from avsnitt.audio.io.decode.source import CodedSpan, DecodedSpan, StreamInfo, decode

if TYPE_CHECKING:
    from av.packet import Packet

PCM: Final = re.compile(r"pcm_(u8|s(16|24|32)(le|be)|f(32|64)(le|be)|mulaw|alaw)$")
CLOCKED: Final = frozenset({"wav", "w64", "aiff", "caf", "mov", "flac", "ogg"})
"""The containers, by the first of FFmpeg's names, where the stamps of PCM and of NATIVE codecs
are sample counts."""
NATIVE: Final = {"flac": "flac", "ogg": "opus"}


class ClockedFile:
    """A SpanSource whose packets' stamps are their places."""

    def __init__(self, stamp: Stamp, stream_info: StreamInfo) -> None:
        self.path = Path(stamp[0])
        self.stream_info = stream_info
        with opened(self.path) as (container, stream):
            self.settings = settings_of(stream, stream_info.codec)
            self.per_tick = int(stream.time_base * stream_info.rate_hz)
            first = next(coming(container, stream), None)
            begun = ((stamp_of(first) or 0) if first else 0) * self.per_tick
            skip = (trims(first)[0] or max(0, -begun)) if first else 0
            self.origin = begun + skip

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """The decoded pieces, as SpanSource has them."""
        _, early = self.settings.early(start)
        return decode(self.coded(early), start, stop, self.settings)

    def coded(self, early: int) -> Iterator[CodedSpan]:
        """The packets from the last that begins at `early` or before."""
        if early > 0:
            with opened(self.path) as (container, stream):
                found = self.placed(seek(container, stream, (early + self.origin) // self.per_tick))
                first = next(found, None)
                if first and first.at <= early:
                    yield first
                    yield from found
                    return
        with opened(self.path) as (container, stream):
            yield from self.placed(coming(container, stream))

    def placed(self, packets: Iterator[Packet[Any]]) -> Iterator[CodedSpan]:
        """The packets with their places, counted from the first sample that is played."""
        per_tick, origin = self.per_tick, self.origin
        for packet, cut in with_cuts(packets):
            at = (stamp_of(packet) or 0) * per_tick - origin
            yield CodedSpan(at, (packet.duration or 0) * per_tick + cut, packet, (), cut)

    def length(self) -> int:
        """The number of samples up to the end of the last packet, by stamps and durations."""
        with opened(self.path) as (container, stream):
            ends = (
                one.at + one.samples - one.cut for one in self.placed(coming(container, stream))
            )
            return int(max(ends, default=0))


class StreamedFile:
    """A SpanSource for any other file: every reading begins at the start, and FFmpeg's decoder
    removes what is not programme at the ends."""

    def __init__(self, stamp: Stamp, stream_info: StreamInfo) -> None:
        self.path = Path(stamp[0])
        self.stream_info = stream_info

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """The decoded pieces from 0, whatever `start` is, to the first at or after `stop`."""
        at = 0
        with opened(self.path) as (container, stream):
            per_tick = stream.time_base * self.stream_info.rate_hz
            for packet in chain(coming(container, stream), [None]):
                for piece in streamed(stream.codec_context, packet, at, per_tick):
                    yield piece
                    at += piece.samples
                    if piece.at >= stop:
                        return

    def length(self) -> int:
        """The number of samples by the durations of all packets."""
        with opened(self.path) as (container, stream):
            ticks = sum(packet.duration or 0 for packet in coming(container, stream))
            return round(float(ticks * stream.time_base) * self.stream_info.rate_hz)


def streamed(
    context: Any, packet: Packet[Any] | None, at: int, per_tick: Any
) -> Iterator[DecodedSpan]:
    """The decoded frames of a packet from place `at`, or of what is left in the decoder for None;
    a broken packet gives one piece without a frame."""
    import av

    try:
        frames = context.decode(packet)
    except av.error.EOFError:
        return
    except (av.error.FFmpegError, ValueError):
        if packet:
            yield DecodedSpan(at, round((packet.duration or 0) * per_tick), None)
        return
    for frame in frames:
        yield DecodedSpan(at, frame.samples, frame)
        at += frame.samples


PacketFile = ClockedFile | CountedFile | StreamedFile


def packet_file(stamp: Stamp) -> PacketFile:
    """The source for a container, of the kind that fits its stamps."""
    stream_info, clocked = read_stream_info(stamp)
    if is_chained(stamp):
        return StreamedFile(stamp, stream_info)
    if clocked:
        return ClockedFile(stamp, stream_info)
    found = counted(stamp, stream_info.codec)
    return CountedFile(stamp, stream_info, *found) if found else StreamedFile(stamp, stream_info)


@lru_cache(maxsize=8)
def is_chained(stamp: Stamp) -> bool:
    """True when an Ogg file holds several streams after each other, each with its own clock."""
    with audio_bytes(Path(stamp[0])) as data:
        if data[:4] != MAGIC:
            return False
        starts = [page.sequence == 0 and page.flags & FIRST for page in find_pages(data)]
    return any(starts[starts.index(0) :]) if 0 in starts else False


def read_stream_info(stamp: Stamp) -> tuple[StreamInfo, bool]:
    """
    The first audio stream, and True when its stamps are sample counts. Raises AudioError as
    `stream_info_of` does.
    """
    with opened(Path(stamp[0])) as (container, stream):
        stream_info = stream_info_of(container, stream)
        kind = family(container)
        exact = bool(stream.time_base) and (stream.time_base * stream_info.rate_hz).denominator == 1
        own = (
            stream_info.codec == NATIVE[kind]
            if kind in NATIVE
            else bool(PCM.match(stream_info.codec))
        )
        return stream_info, exact and own and kind in CLOCKED
