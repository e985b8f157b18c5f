"""Reads sound whose packets are counted, since their time stamps are rounded or a recorder's own.

A stamp only says which packet it is. Vorbis does not even that: its packets are all taken out from
the start, and only what is asked for is decoded.
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
    manner_of,
    opened,
    seek,
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
"""How many samples a packet decodes to."""

STEP: Final = 64
"""So many packets apart are those whose places are kept."""
PROBED: Final = 8
TAIL: Final = 32_768
LEAST_HOLE: Final = 9_600
"""In samples; a smaller one is a clock that is not exact."""


class Table(NamedTuple):
    """
    The stamp and place of every STEP-th packet, what comes before the programme, and how many
    samples there are at most. `sizes` has each packet's samples where packets do not give them.
    `per_tick` samples go on a tick of the clock that shows where packets are missing; 0 for none.
    """

    stamps: array[int]
    places: array[int]
    skip: int
    samples: int
    sizes: array[int]
    per_tick: float = 0.0


class Clock:
    """
    Finds by time stamps, which are not exact, where packets are missing. `per_tick` samples go on a
    tick; 0 where stamps are not to be asked.
    """

    def __init__(self, per_tick: float) -> None:
        self.per_tick = per_tick
        self.until: float | None = None

    def missing(self, packet: Packet[Any], samples: int) -> int:
        """The number of samples that are missing before a packet."""
        stamp = stamp_of(packet)
        if stamp is None or not self.per_tick:
            return 0
        now = stamp * self.per_tick
        hole = 0 if self.until is None else round(now - self.until)
        self.until = now + samples
        return hole if hole > LEAST_HOLE else 0


class CountedFile:
    """A file whose packets are counted, and found again by their stamps."""

    def __init__(
        self, stamp: Stamp, stream_info: StreamInfo, table: Table, nominal: Nominal
    ) -> None:
        self.path = Path(stamp[0])
        self.stream_info = stream_info
        self.table = table
        self.nominal = nominal
        with opened(self.path) as (_, stream):
            self.manner = manner_of(stream, stream_info.codec)

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """Yield decoded spans from `start` to `stop`."""
        _, early = self.manner.early(start)
        return decode(self.coded(early), start, stop, self.manner)

    def coded(self, early: int) -> Iterator[CodedSpan]:
        """Yield the packets from the place `early` on, found through the table."""
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
        """Yield packets from a row of the table on, each at its place in samples."""
        at, sizes = self.table.places[row], self.table.sizes
        clock = Clock(self.table.per_tick)
        for number, (packet, cut) in enumerate(with_cuts(packets), row * STEP):
            samples = sizes[number] if sizes else self.nominal(packet)
            at += clock.missing(packet, samples)
            yield CodedSpan(at, samples, packet, (), cut)
            at += samples

    def length(self) -> int:
        """The last packet may be shorter than all others, so it is decoded."""
        most = self.table.samples
        last = self.pieces(max(0, most - TAIL), most)
        return int(max((piece.at + piece.samples for piece in last), default=0))


def behind(packets: Iterator[Packet[Any]], wanted: int) -> Iterator[Packet[Any]]:
    """From the packet of that stamp; none when it was passed."""
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
    """The number of samples of an Opus packet, by its first bytes."""
    return opus_samples(bytes(memoryview(packet)[:2]))


def nominal_of(path: Path, codec: str) -> Nominal | None:
    """
    The function that gives the samples of a packet, where all have the same or a packet gives
    it itself.
    """
    if codec == "opus":
        return opus_nominal
    if codec not in ("aac", "alac", "flac"):
        return None
    with opened(path) as (container, stream):
        sizes = decoded_sizes(manner_of(stream, codec), coming(container, stream))
        first = list(islice(sizes, PROBED))
    same = set(first[:-1] or first)
    return partial(constant, same.pop()) if len(same) == 1 and all(same) else None


def constant(samples: int, _packet: Packet[Any] | None) -> int:
    """The same number of samples for every packet."""
    return samples


def decoded_sizes(manner: DecoderSettings, packets: Iterator[Packet[Any]]) -> Iterator[int]:
    """The number of samples that each packet decodes to."""
    context = manner.begin()
    for packet in packets:
        yield decoded_size(context, packet)


def table_of(stamp: Stamp, codec: str, nominal: Nominal | None) -> Table | None:
    """The places of packets: from the container's own table where it has one, else by a walk."""
    path = Path(stamp[0])
    kind = movie_kind(path)
    with opened(path) as (container, stream):
        if kind == "edited" or not (nominal or codec == "vorbis"):
            return None
        if kind == "whole" and nominal and codec in ("aac", "alac"):
            return indexed(stream, nominal(None), stamp[1])
        manner = manner_of(stream, codec)
        return walked(container, stream, nominal, manner)


def movie_kind(path: Path) -> str:
    """`edited` when it plays its sound in several pieces, `parts` when it is fragmented."""
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
    """
    The table of packets by the container's own index, up to the end of the file; None without
    one.
    """
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
    container: InputContainer, stream: Any, nominal: Nominal | None, manner: DecoderSettings
) -> Table | None:
    """None where stamps go back, so that a packet cannot be found again by its own."""
    stamps, places, sizes = array("q"), array("q"), array("H")
    per_tick = float(stream.time_base * manner.rate_hz)
    clock, context = Clock(per_tick), manner.begin()
    at = skip = 0
    for number, packet in enumerate(coming(container, stream)):
        samples = nominal(packet) if nominal else decoded_size(context, packet)
        stamp = stamp_of(packet)
        if number == 0:
            # The first block of Vorbis is half of an overlap, whatever the container says of it.
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
    """The number of samples that a packet decodes to; its nominal number when none do."""
    pieces = decode_one(context, CodedSpan(0, packet.duration or 0, packet))
    return min(0xFFFF, sum(piece.samples for piece in pieces))


def stamp_skip(stamp: int, stream: Any) -> int:
    """The samples before 0: there the edit list of an MP4 has put its first packet."""
    return max(0, -round(float(stamp * stream.time_base * stream.codec_context.sample_rate)))


@lru_cache(maxsize=8)
def counted(stamp: Stamp, codec: str) -> tuple[Table, Nominal] | None:
    """Looked up once a process: it is a walk through the file."""
    nominal = nominal_of(Path(stamp[0]), codec)
    table = table_of(stamp, codec, nominal)
    return (table, nominal or partial(constant, 0)) if table else None
