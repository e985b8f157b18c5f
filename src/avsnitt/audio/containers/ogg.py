"""Walks the pages of an Ogg file (RFC 3533) that holds Opus (RFC 7845) or Vorbis."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice
from struct import Struct
from typing import Final, NamedTuple

from avsnitt.audio.containers.reader import AudioLayout, Data, as_ms
from avsnitt.model.show import AudioFormat
from avsnitt.problems.media_errors import AudioError

MAGIC: Final = b"OggS"
HEADER: Final = Struct("<4sBBqIIIB")
NO_GRANULE: Final = -1
CONTINUED, FIRST, LAST = 1, 2, 4
OPUS_RATE_HZ: Final = 48_000
MAX_FALSE_PAGES: Final = 20_000
MAX_PAGES: Final = 1_000_000
MAX_HEADER_BYTES: Final = 32 << 20
"""Comments may hold a large picture; more would be an attempt to fill our memory."""

BIT_SWAP: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class OggPage(NamedTuple):
    """A page (RFC 3533, section 6): its header is `start:body` in the file, its content
    `body:stop`."""

    flags: int
    granule: int
    serial: int
    sequence: int
    start: int
    body: int
    stop: int


class Codec(NamedTuple):
    """A codec in Ogg: its format, and the number of its header packets."""

    format: AudioFormat
    headers: int
    comment: bytes
    """The first bytes of its packet of comments."""


CODECS: Final = (
    (b"OpusHead", Codec("opus", 2, b"OpusTags")),
    (b"\x01vorbis", Codec("ogg", 3, b"\x03vorbis")),
)


class OggStream(NamedTuple):
    """One logical stream: its header packets, and the pages of audio after them."""

    codec: Codec
    serial: int
    packets: tuple[bytes, ...]
    pages: tuple[OggPage, ...]


def find_pages(data: Data) -> Iterator[OggPage]:
    """The whole pages in order. Bytes between pages are passed over."""
    at, end, misses = 0, len(data), 0
    while misses < MAX_FALSE_PAGES and (at := data.find(MAGIC, at)) >= 0:
        if at + HEADER.size > end:
            return
        _, version, flags, granule, serial, sequence, _, segments = HEADER.unpack(
            data[at : at + HEADER.size]
        )
        body = at + HEADER.size + segments
        stop = body + sum(data[at + HEADER.size : body])
        if version or stop > end:
            at += len(MAGIC)
            misses += 1
            continue
        yield OggPage(flags, granule, serial, sequence, at, body, stop)
        at = stop


def find_streams(data: Data) -> list[OggStream]:
    """The streams of Opus and Vorbis in the order of the file; other streams are left out. Raises
    AudioError as `one_stream` does."""
    waiting: dict[int, list[OggPage]] = {}
    streams: list[OggStream] = []
    for page in islice(find_pages(data), MAX_PAGES):
        if page.flags & FIRST:
            streams += one_stream(data, waiting.pop(page.serial, []))
            waiting[page.serial] = []
        if page.serial in waiting:
            waiting[page.serial].append(page)
    for pages in waiting.values():
        streams += one_stream(data, pages)
    return sorted(streams, key=lambda stream: stream.pages[0].start)


def one_stream(data: Data, pages: list[OggPage]) -> list[OggStream]:
    """
    The stream that these pages hold; empty for another codec, and without audio. Raises
    AudioError: SOUND-001 when its headers are damaged.
    """
    head = data[pages[0].body : pages[0].stop] if pages else b""
    codec = next((codec for magic, codec in CODECS if head.startswith(magic)), None)
    if codec is None:
        return []
    packets, used = header_packets(data, pages, codec.headers)
    rest = tuple(page for page in pages[used:] if page.stop > page.body)
    if len(packets) != codec.headers or not packets[1].startswith(codec.comment):
        raise AudioError("SOUND-001", reason="damaged")
    return [OggStream(codec, pages[0].serial, tuple(packets), rest)] if rest else []


def header_packets(data: Data, pages: list[OggPage], wanted: int) -> tuple[list[bytes], int]:
    """The first `wanted` packets of a stream or all there are, and the number of pages they fill:
    the last header must end a page (RFC 7845, section 3)."""
    packets: list[bytes] = []
    pieces: list[bytes] = []
    size = 0
    for used, page in enumerate(pages, 1):
        at = page.body
        for lacing in data[page.start + HEADER.size : page.body]:
            pieces.append(data[at : at + lacing])
            at += lacing
            size += lacing
            if lacing < 255:
                packets.append(b"".join(pieces))
                pieces = []
        if len(packets) >= wanted or size > MAX_HEADER_BYTES:
            return packets, used
    return packets, len(pages)


def parse_ogg(data: Data) -> AudioLayout:
    """The measurements of an Ogg file. A codec other than Opus and Vorbis is "other", to be
    encoded. Raises AudioError: SOUND-001 when there is no page, or headers are damaged."""
    streams = find_streams(data)
    if not streams and next(find_pages(data), None) is None:
        raise AudioError("SOUND-001", reason="damaged")
    if not streams:
        return AudioLayout(format="other", indexed=False)
    first = streams[0]
    codec = first.codec.format
    return AudioLayout(
        format=codec,
        duration_ms=sum(duration_ms(data, stream) for stream in streams),
        sample_rate_hz=rate_hz(first),
        channels=first.packets[0][9 if codec == "opus" else 11],
        frames=tuple((page.body, page.stop) for stream in streams for page in stream.pages),
    )


def rate_hz(stream: OggStream) -> int:
    """The rate of a stream's granules: 48 kHz for all Opus (RFC 7845, section 4)."""
    head = stream.packets[0]
    return OPUS_RATE_HZ if stream.codec.format == "opus" else int.from_bytes(head[12:16], "little")


def duration_ms(data: Data, stream: OggStream) -> int:
    """The length in ms, from the first sample that is played to the last whole page."""
    granules = [page.granule for page in stream.pages if page.granule != NO_GRANULE]
    if not granules:
        return 0
    start = 0
    if stream.codec.format == "opus":
        skip = int.from_bytes(stream.packets[0][10:12], "little")
        start = opus_start(data, stream.pages[0]) + skip
    return as_ms(max(0, granules[-1] - start), rate_hz(stream))


def opus_start(data: Data, page: OggPage) -> int:
    """The granule before the first packet: not 0 in a stream that was cut out of a longer one (RFC
    7845, 4.5)."""
    # The granule of a last page may be smaller than its packets: end trimming (RFC 7845, 4.4).
    if page.granule == NO_GRANULE or page.flags & LAST:
        return 0
    samples, at, size = 0, page.body, 0
    for lacing in data[page.start + HEADER.size : page.body]:
        size += lacing
        if lacing < 255:
            samples += opus_samples(data[at : at + 2]) if size else 0
            at, size = at + size, 0
    return max(0, page.granule - samples)


def opus_samples(head: bytes) -> int:
    """The samples at 48 kHz in a packet, by its first two bytes (RFC 6716, 3.1 and 3.2)."""
    config = head[0] >> 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config & 3]
    elif config < 16:
        frame = (480, 960)[config & 1]
    else:
        frame = (120, 240, 480, 960)[config & 3]
    code = head[0] & 3
    count = head[1] & 63 if code == 3 and len(head) > 1 else (1, 2, 2, 1)[code]
    return frame * count


def page_checksum(page: bytes) -> bytes:
    """
    The four bytes that belong at 22 in a page that has zeros there: CRC 0x04C11DB7, begun with 0,
    with its bits in the opposite order of zlib's (RFC 3533, section 6).
    """
    crc = zlib.crc32(page.translate(BIT_SWAP), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return crc.to_bytes(4, "big").translate(BIT_SWAP)


def renumber(page: bytes, serial: int, sequence: int) -> bytes:
    """The same page as number `sequence` of the stream `serial`, with its new checksum."""
    bare = page[:14] + serial.to_bytes(4, "little") + sequence.to_bytes(4, "little") + bytes(4)
    body = page[26:]
    return bare[:22] + page_checksum(bare + body) + body
