"""Reads sound in containers by their packets: from any place where it can be exact.

Two clocks are trusted. In WAV, AIFF, CAF, FLAC and Ogg a packet's time stamp is a count of samples.
Elsewhere stamps are rounded or written by a recorder's own clock, so packets are counted, and the
stamp only says which one it is. What neither fits is decoded from the start.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from avsnitt.adapters.demux import is_film, open_sound
from avsnitt.adapters.pcm_source import (
    CELL,
    Coded,
    Manner,
    Piece,
    Told,
    checked,
    decode,
    decode_one,
)
from avsnitt.adapters.sound import sound_bytes
from avsnitt.media.mp4 import PROTECTED, edits, find_inside, read_movie, track_boxes
from avsnitt.media.ogg import opus_samples
from avsnitt.media.sniff import sniff
from avsnitt.media.trouble import SoundTrouble

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

Stamp = tuple[str, int, int]
"""A file as it is now: path, size, time."""
Nominal = Callable[[Any], int]
"""How many samples a packet decodes to."""

PCM: Final = re.compile(r"pcm_(u8|s(16|24|32)(le|be)|f(32|64)(le|be)|mulaw|alaw)$")
CLOCKED: Final = frozenset({"wav", "w64", "aiff", "caf", "mov", "flac", "ogg"})
"""Where stamps are sample counts, by the first of FFmpeg's names: of PCM, and of what is NATIVE."""
NATIVE: Final = {"flac": "flac", "ogg": "opus"}
PREROLL: Final = {"aac": 8 * 2048, "opus": 24_000, "vorbis": 4 * 8192, "alac": 0, "flac": 0}
"""
In samples. AAC overlaps with one frame (ISO/IEC 14496-3, 4.6.11), Opus asks for 80 ms (RFC 7845,
4.6), Vorbis for one block.
"""
SLOW_START: Final = 96_000
"""AAC in its newer profiles: their parameters do not come in each packet."""
CELLS: Final = {"aac": CELL, "opus": CELL}
STEP: Final = 64
"""So many packets apart are those whose places are kept."""
PROBED: Final = 8
TAIL: Final = 32_768
NO_STAMP: Final = -(1 << 62)


class Place(NamedTuple):
    """The first packet: its stamp, and how many samples of it come before the programme."""

    stamp: int
    skip: int


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, Any]]:
    with open_sound(path) as container:
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        yield container, stream


def coming(container: InputContainer, stream: Any) -> Iterator[Packet[Any]]:
    """Every packet that can be had: a file that breaks off ends there."""
    import av

    demuxed = container.demux(stream)
    while True:
        try:
            packet = next(demuxed)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.size:
            yield packet


def with_cuts(packets: Iterator[Packet[Any]]) -> Iterator[tuple[Packet[Any], int]]:
    """Each packet, and what is to be cut off it: of the last alone anything ever is."""
    before: Packet[Any] | None = None
    for packet in packets:
        if before is not None:
            yield before, 0
        before = packet
    if before is not None:
        yield before, trims(before)[1]


def stamp_of(packet: Packet[Any]) -> int | None:
    return packet.dts if packet.pts is None else packet.pts


def trims(packet: Packet[Any]) -> tuple[int, int]:
    """Samples of a packet that are not programme, at its start and its end."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    body = bytes(packet.get_sidedata("skip_samples"))
    return int.from_bytes(body[:4], "little"), int.from_bytes(body[4:8], "little")


def family(container: InputContainer) -> str:
    return container.format.name.partition(",")[0]


def tell(container: InputContainer, stream: Any) -> Told:
    """SOUND-008 for numbers that cannot be, SOUND-009 where there is no decoder."""
    context = stream.codec_context
    codec = context.codec.name if context and context.codec else ""
    if not codec:
        raise SoundTrouble("SOUND-009", codec=context.name if context else "?")
    tags = (one.codec_context.codec_tag for one in container.streams if one.codec_context)
    locked = (tag for tag in tags if tag.encode("latin-1", "replace") in PROTECTED)
    length = stream.duration * stream.time_base if stream.duration else 0
    told = Told(
        codec=codec,
        rate_hz=context.sample_rate,
        channels=context.channels,
        told_ms=round(length * 1000),
        video=any(is_film(one) for one in container.streams.video),
        protected=next(locked, ""),
    )
    return checked(told)


def manner_of(stream: Any, codec: str) -> Manner:
    context = stream.codec_context
    early = PREROLL.get(codec, 0)
    if codec == "aac" and context.profile != "LC":
        early = SLOW_START
    layout = context.layout.name
    return Manner(codec, context.extradata, context.sample_rate, layout, CELLS.get(codec, 0), early)


# Stamps that count samples


class ClockedFile:
    """A file whose packets' stamps are places."""

    def __init__(self, stamp: Stamp, told: Told) -> None:
        self.path = Path(stamp[0])
        self.told = told
        with opened(self.path) as (container, stream):
            self.manner = manner_of(stream, told.codec)
            self.per_tick = int(stream.time_base * told.rate_hz)
            first = next(coming(container, stream), None)
            begun = ((stamp_of(first) or 0) if first else 0) * self.per_tick
            skip = (trims(first)[0] or max(0, -begun)) if first else 0
            self.origin = begun + skip

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        _, early = self.manner.early(start)
        return decode(self.coded(early), start, stop, self.manner)

    def coded(self, early: int) -> Iterator[Coded]:
        """From the last packet that begins at `early` or before."""
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

    def placed(self, packets: Iterator[Packet[Any]]) -> Iterator[Coded]:
        per_tick, origin = self.per_tick, self.origin
        for packet, cut in with_cuts(packets):
            at = (stamp_of(packet) or 0) * per_tick - origin
            yield Coded(at, (packet.duration or 0) * per_tick + cut, packet, (), cut)

    def length(self) -> int:
        with opened(self.path) as (container, stream):
            ends = (
                one.at + one.samples - one.cut for one in self.placed(coming(container, stream))
            )
            return int(max(ends, default=0))


def seek(container: InputContainer, stream: Any, ticks: int) -> Iterator[Packet[Any]]:
    import av

    try:
        container.seek(ticks, stream=stream)
    except av.error.FFmpegError:
        return
    yield from coming(container, stream)


# Packets that are counted


class Table(NamedTuple):
    """
    The stamp and place of every STEP-th packet, what comes before the programme, and how many
    samples there are at most. `sizes` has each packet's samples where no packet tells them.
    """

    stamps: array[int]
    places: array[int]
    skip: int
    samples: int
    sizes: array[int]


class CountedFile:
    """A file whose packets are counted, and found again by their stamps."""

    def __init__(self, stamp: Stamp, told: Told, table: Table, nominal: Nominal) -> None:
        self.path = Path(stamp[0])
        self.told = told
        self.table = table
        self.nominal = nominal
        with opened(self.path) as (_, stream):
            self.manner = manner_of(stream, told.codec)

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        _, early = self.manner.early(start)
        return decode(self.coded(early), start, stop, self.manner)

    def coded(self, early: int) -> Iterator[Coded]:
        row = bisect_right(self.table.places, early) - 1
        if row > 0:
            with opened(self.path) as (container, stream):
                wanted = self.table.stamps[row]
                found = behind(seek(container, stream, wanted), wanted)
                if (first := next(found, None)) is not None:
                    yield from self.placed(chain([first], found), row)
                    return
        with opened(self.path) as (container, stream):
            yield from self.placed(coming(container, stream), 0)

    def placed(self, packets: Iterator[Packet[Any]], row: int) -> Iterator[Coded]:
        at, sizes = self.table.places[row], self.table.sizes
        for number, (packet, cut) in enumerate(with_cuts(packets), row * STEP):
            samples = sizes[number] if sizes else self.nominal(packet)
            yield Coded(at, samples, packet, (), cut)
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
    return opus_samples(bytes(memoryview(packet)[:2]))


def nominal_of(path: Path, codec: str) -> Nominal | None:
    """How many samples each packet holds, where all hold the same or say it themselves."""
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
    return samples


def decoded_sizes(manner: Manner, packets: Iterator[Packet[Any]]) -> Iterator[int]:
    """How many samples come out of each packet."""
    context = manner.begin()
    for packet in packets:
        yield sum(piece.samples for piece in decode_one(context, Coded(0, 0, packet)))


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
    with sound_bytes(path) as data:
        moov = read_movie(data) if sniff(data) in ("m4a", "other") else b""
    if not moov:
        return "none"
    if find_inside(moov, b"mvex"):
        return "parts"
    for trak in track_boxes(moov):
        if sum(not empty for _, empty in edits(moov, trak)) > 1:
            return "edited"
    return "whole"


def indexed(stream: Any, each: int, size: int) -> Table | None:
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
    container: InputContainer, stream: Any, nominal: Nominal | None, manner: Manner
) -> Table | None:
    stamps, places, sizes = array("q"), array("q"), array("H")
    context = manner.begin()
    at = skip = 0
    for number, packet in enumerate(coming(container, stream)):
        stamp = stamp_of(packet)
        if number == 0:
            skip = trims(packet)[0] or stamp_skip(stamp or 0, stream)
            at = -skip
        if number % STEP == 0:
            stamps.append(NO_STAMP if stamp is None else stamp)
            places.append(at)
        if nominal:
            at += nominal(packet)
        else:
            pieces = decode_one(context, Coded(0, packet.duration or 0, packet))
            sizes.append(min(0xFFFF, sum(piece.samples for piece in pieces)))
            at += sizes[-1]
    if sizes:
        # The first block of Vorbis is half of an overlap, whatever the container says of it.
        places = array("q", (place + skip - sizes[0] for place in places))
        at, skip = at + skip - sizes[0], sizes[0]
    return Table(stamps, places, skip, max(0, at), sizes) if stamps else None


def stamp_skip(stamp: int, stream: Any) -> int:
    """What stands before 0: there the edit list of an MP4 has put its first packet."""
    return max(0, -round(float(stamp * stream.time_base * stream.codec_context.sample_rate)))


# From the start


class StreamedFile:
    """Anything else: every reading begins at the start, and FFmpeg's decoder takes off the ends."""

    def __init__(self, stamp: Stamp, told: Told) -> None:
        self.path = Path(stamp[0])
        self.told = told

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        at = 0
        with opened(self.path) as (container, stream):
            per_tick = stream.time_base * self.told.rate_hz
            for packet in chain(coming(container, stream), [None]):
                for piece in streamed(stream.codec_context, packet, at, per_tick):
                    yield piece
                    at += piece.samples
                    if piece.at >= stop:
                        return

    def length(self) -> int:
        with opened(self.path) as (container, stream):
            ticks = sum(packet.duration or 0 for packet in coming(container, stream))
            return round(float(ticks * stream.time_base) * self.told.rate_hz)


def streamed(context: Any, packet: Packet[Any] | None, at: int, per_tick: Any) -> Iterator[Piece]:
    import av

    try:
        frames = context.decode(packet)
    except av.error.EOFError:
        return
    except (av.error.FFmpegError, ValueError):
        if packet:
            yield Piece(at, round((packet.duration or 0) * per_tick), None)
        return
    for frame in frames:
        yield Piece(at, frame.samples, frame)
        at += frame.samples


# Which


PacketFile = ClockedFile | CountedFile | StreamedFile


def packet_file(stamp: Stamp) -> PacketFile:
    """The best way to read a container."""
    told, clocked = looked(stamp)
    if clocked:
        return ClockedFile(stamp, told)
    found = counted(stamp, told.codec)
    if found:
        return CountedFile(stamp, told, *found)
    return StreamedFile(stamp, told)


def looked(stamp: Stamp) -> tuple[Told, bool]:
    with opened(Path(stamp[0])) as (container, stream):
        told = tell(container, stream)
        kind = family(container)
        exact = bool(stream.time_base) and (stream.time_base * told.rate_hz).denominator == 1
        own = told.codec == NATIVE[kind] if kind in NATIVE else bool(PCM.match(told.codec))
        return told, exact and own and kind in CLOCKED


@lru_cache(maxsize=8)
def counted(stamp: Stamp, codec: str) -> tuple[Table, Nominal] | None:
    """Looked up once a process: it is a walk through the file."""
    nominal = nominal_of(Path(stamp[0]), codec)
    table = table_of(stamp, codec, nominal)
    return (table, nominal or partial(constant, 0)) if table else None
