"""Writes the first frame of a constant-bitrate MP3, which has its length and what to leave out.

It is a silent frame with an `Info` tag in it: Xing's, with LAME's extension (Gabriel Bouvigne, "MP3
Info Tag, revision 1"). From it players know the duration without reading the file, the byte for a
time when somebody seeks, and the samples at both ends that are not part of the audio.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.containers.mp3 import BITRATES_KBPS, VERSIONS, frame_lengths
from avsnitt.audio.mp3.segments import DELAY, frame_count, padding

if TYPE_CHECKING:
    from numpy import uint16
    from numpy.typing import NDArray

    Table = NDArray[uint16]

ENCODER: Final = re.compile(rb"LAME\d\.\d{1,3}")
OLDEST: Final = b"LAME3.100"
"""Named when the stream does not name its encoder: without a name readers ignore the delay."""
ENCODER_BYTES: Final = 9
ALL_FIELDS: Final = 0xF
"""Flags: frames, bytes, table of contents and quality are there."""
TOC: Final = 100
LAME_BYTES: Final = 36
TAG_BYTES: Final = 4 + 4 + 4 + 4 + TOC + 4 + LAME_BYTES
CONSTANT: Final = 1
"""Revision 0 of the tag, and a constant bitrate."""
SOURCE_RATES: Final = {44_100: 1, 48_000: 2}
MOST_KBPS: Final = 255
QUALITY: Final = 100 - 10 * 4 - 5
"""LAME's sum of its settings: -V 4, which it always has, and -q 5, which we set."""
REFLECTED: Final = 0xA001
"""CRC-16 as LAME counts it: polynomial 0x8005, least bit first, from 0."""
TAIL_BYTES: Final = 4096


class FrameStatistics:
    """Counts frames as they are written, and makes the header that describes them."""

    def __init__(self) -> None:
        self.head = self.tail = b""
        self.bytes = 0
        self.crc = 0

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Count bytes of frames that follow those before; the first call begins with a frame."""
        self.head = self.head or bytes(data[:4])
        self.tail = (self.tail + bytes(data[-TAIL_BYTES:]))[-TAIL_BYTES:]
        self.bytes += len(data)
        self.crc = crc16(data, self.crc)

    def frame(self, samples: int) -> bytes:
        """The bytes of the header frame, of a stream of `samples` samples without encoder delay and
        padding. Raises ValueError when no frame is long enough for the header."""
        head, length = silent_head(self.head)
        before = head + bytes(17 if head[3] >> 6 == 3 else 32)
        whole = length + self.bytes
        tag = xing_part(frame_count(samples), whole, length) + self.lame_part(samples, whole)
        tag += crc16(before + tag).to_bytes(2, "big")
        return (before + tag).ljust(length, b"\0")

    def lame_part(self, samples: int, whole: int) -> bytes:
        """
        LAME's extension without its own checksum; `whole` is the bytes of the stream with its
        header frame.
        """
        kbps, rate_hz = rates_of(self.head)
        mode = {0: 1, 1: 3, 2: 2, 3: 0}[self.head[3] >> 6]
        return struct.pack(
            ">9s2B8x2B3sBBHLH",
            encoder_name(self.tail)[:ENCODER_BYTES],
            CONSTANT,
            0,  # the lowpass, which LAME keeps to itself
            0,
            min(kbps, MOST_KBPS),
            (DELAY << 12 | padding(samples)).to_bytes(3, "big"),
            SOURCE_RATES[rate_hz] << 6 | mode << 2,
            0,  # no gain was changed afterwards
            kbps,
            whole,
            self.crc,
        )


def encoder_name(tail: bytes) -> bytes:
    """
    The name that LAME writes into room that is left over, such as `LAME3.100`. Where there is
    little room the name is cut (`LAME3.1`), and mutagen, for one, takes that for a version so old
    that it ignores the delay. So the longest counts, and a beginning of OLDEST is OLDEST.
    """
    name = max(ENCODER.findall(tail), key=len, default=OLDEST)
    return OLDEST if OLDEST.startswith(name) else name


def header_bytes(head: bytes) -> int:
    """The bytes of the header frame, of a stream whose first frame begins with `head`. Raises
    ValueError when no frame is long enough."""
    return silent_head(head)[1]


def silent_head(head: bytes) -> tuple[bytes, int]:
    """The first four bytes of a frame and its length: that of the stream, at the first bitrate from
    its own that has room for the tag. Raises ValueError when there is none."""
    needed = 4 + (17 if head[3] >> 6 == 3 else 32) + TAG_BYTES
    lengths = frame_lengths(head[1], head[2] >> 2 & 3)
    for bitrate in range(head[2] >> 4, 15):
        start = bytes((0xFF, head[1] | 1, bitrate << 4 | head[2] & 0x0C))
        if (length := lengths[start]) >= needed:
            return start + bytes((head[3] & 0xCF,)), length
    raise ValueError("no frame of this kind has room for a header")


def rates_of(head: bytes) -> tuple[int, int]:
    """The bitrate in kbit/s and the sample rate in Hz, by the first bytes of a frame."""
    generation, rates = VERSIONS[head[1] >> 3 & 3]
    return BITRATES_KBPS[generation][(head[2] >> 4) - 1], rates[head[2] >> 2 & 3]


def xing_part(frames: int, whole: int, length: int) -> bytes:
    """The tag up to LAME's extension, for `frames` frames and `whole` bytes, of which the header
    has `length`. The frames after it have one length, so that the table of contents is a line."""
    sound = whole - length
    toc = bytes(min(255, (length + sound * part // TOC) * 256 // whole) for part in range(TOC))
    return struct.pack(">4sLLL100sL", b"Info", ALL_FIELDS, frames, whole, toc, QUALITY)


def crc16(data: bytes | bytearray | memoryview, before: int = 0) -> int:
    """The checksum of bytes that come after others, whose checksum is `before`."""
    import numpy as np

    odd = len(data) % 2
    if odd:
        before = byte_table()[(before ^ data[0]) & 0xFF] ^ before >> 8
    words = np.frombuffer(memoryview(data)[odd:], "<u2")
    # A MiB at a time bounds the memory of `crc_of`.
    for start in range(0, len(words), 1 << 19):
        some = words[start : start + (1 << 19)]
        before = int(advance(before, len(some))) ^ crc_of(some)
    return before


def crc_of(words: Any) -> int:
    """
    The checksum of words, begun with 0. Zeros in front do not change it, so the words are put in
    rows of equal length, all rows are counted at once, and then they are joined two by two.
    """
    import numpy as np

    level = max(0, (len(words).bit_length() - 1) // 2)
    rows = 1 << max(0, (max(len(words) - 1, 0) >> level).bit_length())
    grid = np.zeros(rows << level, np.uint16)
    grid[len(grid) - len(words) :] = words
    crc = np.zeros(rows, np.uint16)
    step = word_table(0)
    for column in np.ascontiguousarray(grid.reshape(rows, 1 << level).T):
        crc = step[crc ^ column]
    while len(crc) > 1:
        crc = word_table(level)[crc[::2]] ^ crc[1::2]
        level += 1
    return int(crc[0])


def advance(crc: int, words: int) -> int:
    """The checksum of the same bytes with so many words of zeros after them."""
    for level in range(words.bit_length()):
        if words >> level & 1:
            crc = int(word_table(level)[crc])
    return crc


@cache
def word_table(level: int) -> Table:
    """The checksum that each one becomes when 2 ** `level` words of zeros follow."""
    import numpy as np

    if level:
        half = word_table(level - 1)
        return half[half]
    table: Table = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(16):
        table = np.where(table & 1, table >> 1 ^ REFLECTED, table >> 1).astype(np.uint16)
    return table


@cache
def byte_table() -> tuple[int, ...]:
    """The checksum that each byte becomes when a byte of zeros follows."""

    def passed(crc: int) -> int:
        for _ in range(8):
            crc = crc >> 1 ^ (crc & 1) * REFLECTED
        return crc

    return tuple(passed(one) for one in range(256))
