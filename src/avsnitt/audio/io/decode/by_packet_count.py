"""Reads audio by counting packets, since their time stamps are rounded or a recorder's own.

A stamp only identifies its packet. In Vorbis it does not even that: all packets are demuxed from
the start, and only those that are asked for are decoded.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from avsnitt.audio.containers.mp4 import edits, find_inside, parse_movie, track_boxes
from avsnitt.audio.containers.ogg import opus_samples
from avsnitt.audio.containers.sniff import sniff
from avsnitt.audio.io.decode.facts import audio_bytes
from avsnitt.audio.io.decode.packets import (
    Stamp,
    coming,
    opened,
    seek,
    settings_of,
    stamp_of,
    trims,
    with_cuts,
)
from avsnitt.audio.io.decode.source import (
    CodedSpan,
    DecodedSpan,
    DecoderSettings,
    StreamInfo,
    decode,
    decode_one,
)

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

Nominal = Callable[[Any], int]
"""Gives the number of samples that a packet decodes to."""

STEP: Final = 64
"""The place of every STEP-th packet is kept."""
PROBED: Final = 8
TAIL: Final = 32_768
LEAST_HOLE: Final = 9_600
"""In samples; a smaller one is a clock that is not exact."""


class Table(NamedTuple):
    """
    The stamp and place of every STEP-th packet, the samples before the programme (`skip`), and the
    greatest number of samples there can be. `sizes` has the samples of each packet when they do
    not follow from the packet. `per_tick` is the samples a tick of the clock that shows where
    packets are missing; 0 for none.
    """

    stamps: array[int]
    places: array[int]
    skip: int
    samples: int
    sizes: array[int]
    per_tick: float = 0.0


class Clock:
    """
    Finds missing packets by stamps, which are not exact. `per_tick` is the samples a tick; 0 when
    stamps are not to be used.
    """

    def __init__(self, per_tick: float) -> None:
        self.per_tick = per_tick
        self.until: float | None = None

    def missing(self, packet: Packet[Any], samples: int) -> int:
        """The number of samples that are missing before a packet, which has `samples` itself."""
        stamp = stamp_of(packet)
        if stamp is None or not self.per_tick:
            return 0
        now = stamp * self.per_tick
        hole = 0 if self.until is None else round(now - self.until)
        self.until = now + samples
        return hole if hole > LEAST_HOLE else 0


class CountedFile:
    """A SpanSource whose packets are counted, and found again by their stamps."""

    def __init__(
        self, stamp: Stamp, stream_info: StreamInfo, table: Table, nominal: Nominal
    ) -> None:
        self.path = Path(stamp[0])
        self.stream_info = stream_info
        self.table = table
        self.nominal = nominal
        with opened(self.path) as (_, stream):
            self.settings = settings_of(stream, stream_info.codec)

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """The decoded pieces, as SpanSource has them."""
        _, early = self.settings.early(start)
        return decode(self.coded(early), start, stop, self.settings)

    def coded(self, early: int) -> Iterator[CodedSpan]:
        """The packets from a place at `early` or before: a kept one that its stamp finds again,
        or else the start."""
        row = bisect_right(self.table.places, early) - 1
        if row > 0 and not self.table.sizes:
            with opened(self.path) as (container, stream):
                wanted = self.table.stamps[row]
                found = behind(seek(container, stream, wanted), wanted)
                if (first := next(found, None)) is not None:
                    yield from self.placed(chain([first], found), row)
                    return
        with opened(self.path) as (container, stream):
            yield from self.placed(coming(container, stream), 0)

    def placed(self, packets: Iterator[Packet[Any]], row: int) -> Iterator[CodedSpan]:
        """The packets with their places, the first of them that of a row of the table."""
        at, sizes = self.table.places[row], self.table.sizes
        clock = Clock(self.table.per_tick)
        for number, (packet, cut) in enumerate(with_cuts(packets), row * STEP):
            samples = sizes[number] if sizes else self.nominal(packet)
            at += clock.missing(packet, samples)
            yield CodedSpan(at, samples, packet, (), cut)
            at += samples

    def length(self) -> int:
        """The number of samples; the last packets are decoded, since the last may be shorter."""
        most = self.table.samples
        last = self.pieces(max(0, most - TAIL), most)
        return int(max((piece.at + piece.samples for piece in last), default=0))


def behind(packets: Iterator[Packet[Any]], wanted: int) -> Iterator[Packet[Any]]:
    """The packets from the one with that stamp; empty when there is none."""
    for packet in packets:
        stamp = stamp_of(packet)
        if stamp is not None and stamp > wanted:
            return
        if stamp == wanted:
            yield packet
            break
    else:
        return
    yield from packets


def opus_nominal(packet: Packet[Any]) -> int:
    """The samples at 48 kHz in a packet of Opus."""
    return opus_samples(bytes(memoryview(packet)[:2]))


def nominal_of(path: Path, codec: str) -> Nominal | None:
    """The function for the samples of a packet, when all hold the same number or it follows from
    their bytes; else None."""
    if codec == "opus":
        return opus_nominal
    if codec not in ("aac", "alac", "flac"):
        return None
    with opened(path) as (container, stream):
        sizes = decoded_sizes(settings_of(stream, codec), coming(container, stream))
        first = list(islice(sizes, PROBED))
    same = set(first[:-1] or first)
    return partial(constant, same.pop()) if len(same) == 1 and all(same) else None


def constant(samples: int, _packet: Packet[Any] | None) -> int:
    """The same number of samples for every packet."""
    return samples


def decoded_sizes(settings: DecoderSettings, packets: Iterator[Packet[Any]]) -> Iterator[int]:
    """The number of samples that each packet decodes to, one after the other."""
    context = settings.begin()
    for packet in packets:
        yield decoded_size(context, packet)


def table_of(stamp: Stamp, codec: str, nominal: Nominal | None) -> Table | None:
    """The places of packets, from the container's own table or else by a walk; None for a file that
    cannot be read by them."""
    path = Path(stamp[0])
    kind = movie_kind(path)
    with opened(path) as (container, stream):
        if kind == "edited" or not (nominal or codec == "vorbis"):
            return None
        if kind == "whole" and nominal and codec in ("aac", "alac"):
            return indexed(stream, nominal(None), stamp[1])
        settings = settings_of(stream, codec)
        return walked(container, stream, nominal, settings)


def movie_kind(path: Path) -> str:
    """The kind of an MP4: `edited` when it plays its audio in several pieces, `parts` when it is
    fragmented, else `whole`; `none` for another container."""
    with audio_bytes(path) as data:
        moov = parse_movie(data) if sniff(data) in ("m4a", "other") else b""
    if not moov:
        return "none"
    if find_inside(moov, b"mvex"):
        return "parts"
    for trak in track_boxes(moov):
        if sum(not empty for _, empty in edits(moov, trak)) > 1:
            return "edited"
    return "whole"


def indexed(stream: Any, each: int, size: int) -> Table | None:
    """The table from the index of a stream, without packets that are not all in a file of `size`
    bytes; None when there are none. Each packet has `each` samples."""
    entries = stream.index_entries
    count = len(entries)
    while count and entries[count - 1].pos + entries[count - 1].size > size:
        count -= 1
    if not count:
        return None
    skip = stamp_skip(entries[0].timestamp, stream)
    stamps = array("q", (entries[number].timestamp for number in range(0, count, STEP)))
    places = array("q", (number * each - skip for number in range(0, count, STEP)))
    return Table(stamps, places, skip, max(0, count * each - skip), array("H"))


def walked(
    container: InputContainer, stream: Any, nominal: Nominal | None, settings: DecoderSettings
) -> Table | None:
    """The table from a walk through all packets; None when stamps go back, so that a packet cannot
    be found again by its stamp."""
    stamps, places, sizes = array("q"), array("q"), array("H")
    per_tick = float(stream.time_base * settings.rate_hz)
    clock, context = Clock(per_tick), settings.begin()
    at = skip = 0
    for number, packet in enumerate(coming(container, stream)):
        samples = nominal(packet) if nominal else decoded_size(context, packet)
        stamp = stamp_of(packet)
        if number == 0:
            # The first block of Vorbis is half of an overlap, whatever the container has for it.
            skip = (trims(packet)[0] or stamp_skip(stamp or 0, stream)) if nominal else samples
            at = -skip
        at += clock.missing(packet, samples)
        if number % STEP == 0:
            if stamp is None or (stamps and stamp <= stamps[-1]):
                return None
            stamps.append(stamp)
            places.append(at)
        if not nominal:
            sizes.append(samples)
        at += samples
    return Table(stamps, places, skip, max(0, at), sizes, per_tick) if stamps else None


def decoded_size(context: Any, packet: Packet[Any]) -> int:
    """The number of samples that a packet decodes to; its nominal number when it is broken."""
    pieces = decode_one(context, CodedSpan(0, packet.duration or 0, packet))
    return min(0xFFFF, sum(piece.samples for piece in pieces))


def stamp_skip(stamp: int, stream: Any) -> int:
    """The samples before 0 that a first stamp shows, where the edit list of an MP4 has put them."""
    return max(0, -round(float(stamp * stream.time_base * stream.codec_context.sample_rate)))


@lru_cache(maxsize=8)
def counted(stamp: Stamp, codec: str) -> tuple[Table, Nominal] | None:
    """The table of a file and its packets' samples; None when it cannot be read by them. Cached: it
    may be a walk through the file."""
    nominal = nominal_of(Path(stamp[0]), codec)
    table = table_of(stamp, codec, nominal)
    return (table, nominal or partial(constant, 0)) if table else None
