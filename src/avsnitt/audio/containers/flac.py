"""Finds the frames of a FLAC file (RFC 9639) between the tags around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from avsnitt.audio.containers.mp3 import skip_id3, sound_end
from avsnitt.audio.containers.reader import AudioLayout, Data, as_ms
from avsnitt.problems.media_errors import AudioError

MAGIC: Final = b"fLaC"
STREAMINFO, SEEKTABLE, COMMENTS, PICTURE = 0, 3, 4, 6
STREAMINFO_BYTES: Final = 34
MAX_BLOCKS: Final = 1_000
TAIL_BYTES: Final = 512 << 10
FRAME: Final = re.compile(rb"\xff[\xf8\xf9][\x10-\xff][\x00-\xaf]", re.DOTALL)
BLOCK_SIZES: Final = {1: 192, **{n: 576 << n - 2 for n in range(2, 6)}} | {
    n: 256 << n - 8 for n in range(8, 16)
}

SIZE_BYTES: Final = {6: 1, 7: 2}
RATE_BYTES: Final = {12: 1, 13: 2, 14: 2}
"""The bytes of block size and sample rate behind the number, by their codes in the third byte
(RFC 9639, 9.1)."""


class FlacStream(NamedTuple):
    """`blocks` are the metadata that the audio needs: (type, body). Frames are `start:stop`."""

    blocks: tuple[tuple[int, bytes], ...]
    start: int
    stop: int


class Block(NamedTuple):
    """Metadata of one kind, whose body is `start:stop`; after the `last` comes the audio."""

    kind: int
    start: int
    stop: int
    last: bool


def find_blocks(data: Data) -> Iterator[Block]:
    """The metadata in its order (RFC 9639, 8.1), up to the one that is marked as last or the end of
    the file."""
    at = start_of_flac(data) + len(MAGIC)
    for _ in range(MAX_BLOCKS):
        header = data[at : at + 4]
        if len(header) < 4:
            return
        start, last = at + 4, bool(header[0] & 128)
        at = start + int.from_bytes(header[1:], "big")
        yield Block(header[0] & 127, start, at, last)
        if last:
            return


def find_stream(data: Data) -> FlacStream:
    """The stretch of frames, with the metadata they need. Raises AudioError: SOUND-001 when the
    metadata is damaged or no frame follows."""
    found = tuple(find_blocks(data))
    if not found or not found[-1].last:
        raise AudioError("SOUND-001", reason="damaged")
    kept = (block for block in found if block.kind in (STREAMINFO, SEEKTABLE))
    blocks = tuple((block.kind, data[block.start : block.stop]) for block in kept)
    return checked(FlacStream(blocks, found[-1].stop, sound_end(data)))


def start_of_flac(data: Data) -> int:
    """The first byte after an ID3v2 tag, which some programs put in front."""
    return skip_id3(data, 0, len(data))


def checked(stream: FlacStream) -> FlacStream:
    """
    The same stream. Raises AudioError: SOUND-001 unless it begins with its only STREAMINFO (RFC
    9639, 8.1), and when it has no frames.
    """
    kinds = [kind for kind, _ in stream.blocks]
    right = kinds[:1] == [STREAMINFO] and kinds.count(STREAMINFO) == 1
    if not right or len(stream.blocks[0][1]) != STREAMINFO_BYTES:
        raise AudioError("SOUND-001", reason="damaged")
    if stream.start >= stream.stop:
        raise AudioError("SOUND-001", reason="no-sound")
    return stream


def parse_flac(data: Data) -> AudioLayout:
    """The measurements of a FLAC file. Its length ends with the last whole frame, when the header
    claims more. Raises AudioError for damaged metadata."""
    stream = find_stream(data)
    info = int.from_bytes(stream.blocks[0][1][10:18], "big")
    rate_hz, claimed = info >> 44, info & (1 << 36) - 1
    begun, ended = last_frame(data, stream)
    samples = claimed or ended
    if ended < claimed and (ended or stream.stop - stream.start < TAIL_BYTES):
        # A file that stops before it should was most likely cut inside its last frame.
        samples = begun
    return AudioLayout(
        format="flac",
        duration_ms=as_ms(samples, rate_hz),
        sample_rate_hz=rate_hz,
        channels=(info >> 41 & 7) + 1,
        frames=((stream.start, stream.stop),),
    )


def last_frame(data: Data, stream: FlacStream) -> tuple[int, int]:
    """The first sample of the last frame with a right checksum in its header, and the first sample
    after it; (0, 0) when the end of the file has no such frame."""
    fixed_size = int.from_bytes(stream.blocks[0][1][2:4], "big")
    kind = frame_kind(data[stream.start : stream.start + 4])
    first = max(stream.start, stream.stop - TAIL_BYTES)
    tail = data[first : stream.stop]
    found = (0, 0)
    for mark in FRAME.finditer(tail):
        if frame_kind(mark.group()) == kind:
            found = max(found, frame_samples(tail[mark.start() : mark.start() + 16], fixed_size))
    return found


def frame_kind(header: bytes) -> tuple[int, ...]:
    """The bits that all frames of a stream share: blocking strategy, sample rate and bit depth."""
    return tuple(byte & mask for byte, mask in zip(header[1:4], (0xFF, 0x0F, 0x0F), strict=False))


def frame_samples(header: bytes, fixed_size: int) -> tuple[int, int]:
    """The numbers of the first sample in a frame and of the first after it; (0, 0) when the bytes
    are no frame header."""
    number, at = coded_number(header)
    size_code, rate_code = header[2] >> 4, header[2] & 15
    extra = SIZE_BYTES.get(size_code, 0)
    coded_size = int.from_bytes(header[at : at + extra], "big") + 1
    at += extra + RATE_BYTES.get(rate_code, 0)
    if at < 5 or at >= len(header) or crc8(header[:at]) != header[at]:
        return 0, 0
    begun = number if header[1] & 1 else number * fixed_size
    return begun, begun + BLOCK_SIZES.get(size_code, coded_size)


def coded_number(header: bytes) -> tuple[int, int]:
    """The frame or sample number, coded as UTF-8 is, up to 36 bits (RFC 9639, 9.1.5), and the byte
    after it; (0, 0) when it is broken."""
    lead = header[4] if len(header) > 4 else 0xFF
    if lead < 0x80:
        return lead, 5
    length = 8 - (lead ^ 0xFF).bit_length()
    if not 2 <= length <= 7:
        return 0, 0
    number = lead & (0x7F >> length)
    for byte in header[5 : 4 + length]:
        number = number << 6 | byte & 0x3F
    return number, 4 + length


def crc8(data: bytes) -> int:
    """The checksum of a frame header: x^8 + x^2 + x + 1, begun with 0 (RFC 9639, 9.1.8)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 ^ (0x107 if crc & 0x80 else 0)
    return crc
