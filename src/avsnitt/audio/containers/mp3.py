"""Finds the MPEG layer III frames of an MP3 file between whatever else stands in it.

The bytes are walked header by header, since the length that a file claims is wrong as soon as
somebody cuts it or joins two. Tags may stand in front, behind and in between: ID3v2
(id3.org, ID3v2.4 section 3), ID3v1, APEv2 and Lyrics3.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from avsnitt.audio.containers.reader import AudioLayout, Data, Span, as_ms, let_go
from avsnitt.problems.media_errors import AudioError

BITRATES_KBPS: Final = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Layer III by generation (ISO/IEC 11172-3 2.4.2.3, 13818-3 2.4.2.3), from index 1 to 14."""

VERSIONS: Final[dict[int, tuple[int, tuple[int, int, int]]]] = {
    0b11: (1, (44100, 48000, 32000)),
    0b10: (2, (22050, 24000, 16000)),
    0b00: (2, (11025, 12000, 8000)),
}
"""The header's version bits: generation, and the rate in Hz by index."""

LANDMARK: Final = re.compile(
    rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xeb]|ID3[\x02-\x04]|APETAGEX", re.DOTALL
)
TAG_MAGIC: Final = re.compile(rb"ID3[\x02-\x04]|APETAGEX|TAG|LYRICSBEGIN")
CHAIN: Final = 3
"""So many frames in a row are audio: two bytes like a header also occur in any other data. Fewer
count only when the file or a tag ends them."""
MAX_FALSE_STARTS: Final = 20_000
"""Random bytes give about 90 a megabyte; more would be an attempt to make us work for hours."""
MAX_TRAILERS: Final = 100
ID3_HEADER: Final = 10
APE_HEADER: Final = 32
XING_FRAMES: Final = 0x1
STRIDES: Final = (512, 64, 8)
"""The numbers of frames that a walk through constant-bitrate audio takes at a time."""


class Run:
    """Frames that follow each other without a gap, all of one version and rate."""

    __slots__ = ("channels", "count", "rate_hz", "samples_a_frame", "start", "stop")

    def __init__(self, start: int, stop: int, count: int, header: bytes) -> None:
        self.start, self.stop, self.count = start, stop, count
        generation, rates = VERSIONS[header[1] >> 3 & 3]
        self.rate_hz = rates[header[2] >> 2 & 3]
        self.samples_a_frame = 1152 if generation == 1 else 576
        self.channels = 1 if header[3] >> 6 == 3 else 2


@cache
def frame_lengths(second: int, rate_index: int) -> dict[bytes, int]:
    """
    Every first-three-bytes a stream can have, given its second byte and rate index, with the
    length of that frame in bytes. Empty for what is not layer III.
    """
    if second >> 3 & 3 not in VERSIONS or second >> 1 & 3 != 1 or rate_index == 3:
        return {}
    generation, rates = VERSIONS[second >> 3 & 3]
    factor = 144_000 if generation == 1 else 72_000
    return {
        bytes((0xFF, second & 0xFE | crc, index << 4 | rate_index << 2 | low)): factor
        * kbps
        // rates[rate_index]
        + (low >> 1)
        for index, kbps in enumerate(BITRATES_KBPS[generation], 1)
        for crc in (0, 1)
        for low in range(4)
    }


def synchsafe(four: bytes) -> int:
    """The number in four bytes of seven bits each (ID3v2.4, 6.2)."""
    return (four[0] & 127) << 21 | (four[1] & 127) << 14 | (four[2] & 127) << 7 | four[3] & 127


def skip_id3(data: Data, at: int, end: int) -> int:
    """The first byte after an ID3v2 tag at `at`; `at` itself without one. Of a tag that claims
    more bytes than there are, only the header is passed over."""
    header = data[at : at + ID3_HEADER]
    if len(header) < ID3_HEADER or header[:3] != b"ID3":
        return at
    footer = ID3_HEADER if header[5] & 0x10 else 0
    stop = at + ID3_HEADER + synchsafe(header[6:10]) + footer
    return stop if stop <= end else at + ID3_HEADER


def skip_ape(data: Data, at: int, end: int) -> int:
    """The first byte after an APEv2 tag whose header stands at `at`. Of a tag that claims more
    bytes than there are, only its first eight are passed over."""
    stop = at + APE_HEADER + int.from_bytes(data[at + 12 : at + 16], "little")
    return stop if stop <= end else at + 8


def id3v1_bytes(data: Data, end: int) -> int:
    """The bytes of an ID3v1 tag, or of its "TAG+" extension, that ends at `end`; else 0."""
    if data[max(0, end - 128) : end - 125] == b"TAG":
        return 128
    return 227 if data[max(0, end - 227) : end - 223] == b"TAG+" else 0


def ape_bytes(data: Data, end: int) -> int:
    """The bytes that an APEv2 tag claims whose footer ends at `end`, its header counted; else 0."""
    footer = data[max(0, end - APE_HEADER) : end]
    if footer[:8] != b"APETAGEX" or len(footer) < APE_HEADER:
        return 0
    header = APE_HEADER if footer[23] & 0x80 else 0
    return int.from_bytes(footer[12:16], "little") + header


def lyrics_bytes(data: Data, end: int) -> int:
    """The bytes of a Lyrics3 block, version 1 or 2, that ends at `end`; else 0."""
    footer = data[max(0, end - 15) : end]
    if footer[6:] == b"LYRICS200" and footer[:6].isdigit():
        return int(footer[:6]) + 15
    if footer[6:] != b"LYRICSEND":
        return 0
    # Version 1 has no size; its text has 5,100 bytes at most (id3.org, Lyrics3).
    start = data.rfind(b"LYRICSBEGIN", max(0, end - 5_200), end)
    return end - start if start >= 0 else 9


def appended_id3_bytes(data: Data, end: int) -> int:
    """The bytes of an ID3v2.4 tag whose footer ends at `end`, header and footer counted; else 0
    (ID3v2.4, 3.4)."""
    footer = data[max(0, end - ID3_HEADER) : end]
    if footer[:3] != b"3DI" or len(footer) < ID3_HEADER:
        return 0
    return synchsafe(footer[6:]) + 2 * ID3_HEADER


TRAILERS: Final = (id3v1_bytes, ape_bytes, lyrics_bytes, appended_id3_bytes)
"""Each gives the bytes that its kind of tag takes up in front of a place; else 0."""


def sound_end(data: Data) -> int:
    """The first byte of the tags at the end of the file. Of a tag that claims more bytes than there
    are, only the last ten are left out."""
    end = len(data)
    for _ in range(MAX_TRAILERS):
        size = next((size for trailer in TRAILERS if (size := trailer(data, end))), 0)
        if not size:
            break
        end -= size if size <= end else ID3_HEADER
    return max(end, 0)


def walk(data: Data, start: int, end: int) -> tuple[int, int, int]:
    """The number of frames from `start` without a gap, the byte after the last, and its first."""
    at = last = held = start
    count = 0
    if end - start < 4:
        return 0, start, start
    length_of = frame_lengths(data[start + 1], data[start + 2] >> 2 & 3).get
    strides = constant_strides(data[start + 1], data[start + 2] & 0xFC)
    while length := length_of(data[at : at + 3]):
        if at + length > end:
            break
        last, at = at, at + length
        count += 1
        if count & 511 != 1:
            continue
        held = let_go(data, held, at)
        for step, pattern in strides:
            while run := pattern.match(data, at, end):
                last, at = run.start(1), run.end()
                count += step
                held = let_go(data, held, at)
    return count, at, last


@cache
def constant_strides(second: int, third: int) -> tuple[tuple[int, re.Pattern[bytes]], ...]:
    """
    The number of frames in a row at one bitrate and a pattern of them, for each of STRIDES, given
    the header's second byte and its third without padding. Constant-bitrate audio is walked by
    them at the speed of `re`; group 1 is the last frame.
    """
    lengths = frame_lengths(second, third >> 2 & 3)
    sync = (bytes((0xFF, second & 0xFE | crc)) for crc in (0, 1))
    heads = [head + bytes((third | low,)) for head in sync for low in range(4)]
    if not all(head in lengths for head in heads):
        return ()
    frames = [re.escape(head) + b".{%d}" % (lengths[head] - len(head)) for head in heads]
    frame = b"(?:" + b"|".join(frames) + b")"
    return tuple(
        (step, re.compile(b"%b{%d}(%b)" % (frame, step - 1, frame), re.DOTALL)) for step in STRIDES
    )


def run_at(data: Data, start: int, end: int) -> Run | None:
    """The run of frames at `start`; None when they are too few to be audio (CHAIN)."""
    count, stop, last = walk(data, start, end)
    if not count or (count < CHAIN and stop < end and not TAG_MAGIC.match(data, stop)):
        return None
    header = data[start : start + 4]
    if stop < end and not TAG_MAGIC.match(data, stop):
        # A frame cut short reaches into the tag that was joined on behind it.
        swallowed = TAG_MAGIC.search(data, last, stop)
        if swallowed:
            count, stop = count - 1, last
    return Run(start, stop, count, header) if count else None


def find_runs(data: Data, end: int) -> list[Run]:
    """The runs of frames up to `end`, in order."""
    runs: list[Run] = []
    at = skip_id3(data, 0, end)
    misses = 0
    while misses < MAX_FALSE_STARTS and (mark := LANDMARK.search(data, at, end)):
        start = mark.start()
        if (first := data[start]) == 0xFF:
            run = run_at(data, start, end)
            at = run.stop if run else start + 1
            if run:
                runs.append(run)
                continue
        else:
            at = skip_id3(data, start, end) if first == 0x49 else skip_ape(data, start, end)
        misses += 1
    return runs


def described_trim(data: Data, run: Run) -> int:
    """
    The samples of a run that are not programme: the frame that holds a Xing, Info or VBRI header,
    and the encoder's delay and padding if that header still has the right number of frames.
    """
    head = data[run.start : run.start + 240]
    if b"VBRI" in head[36:40]:
        return run.samples_a_frame
    tag = max(head.find(b"Xing", 13, 40), head.find(b"Info", 13, 40))
    if tag < 0:
        return 0
    trim = run.samples_a_frame
    claimed = int.from_bytes(head[tag + 8 : tag + 12], "big")
    if head[tag + 7] & XING_FRAMES and claimed == run.count - 1:
        trim += lame_gap(head[tag:])
    return trim


def lame_gap(xing: bytes) -> int:
    """The encoder's delay plus padding in samples, from the LAME part of a Xing header (12 bits
    each)."""
    flags = xing[7]
    lame = (
        8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    )
    gap = int.from_bytes(xing[lame + 21 : lame + 24], "big")
    return (gap >> 12) + (gap & 0xFFF)


def parse_mpeg(data: Data) -> AudioLayout:
    """The measurements of an MP3 file. Raises AudioError: SOUND-001 when it has no frame, or none
    but headers."""
    runs = find_runs(data, sound_end(data))
    if not runs:
        raise AudioError("SOUND-001", reason="no-sound")
    first = runs[0]
    trims = [described_trim(data, first), *(0 for _ in runs[1:])]
    duration_ms = sum(
        as_ms(max(0, run.count * run.samples_a_frame - trim), run.rate_hz)
        for run, trim in zip(runs, trims, strict=True)
    )
    if duration_ms == 0:
        raise AudioError("SOUND-001", reason="no-sound")
    frames: tuple[Span, ...] = tuple((run.start, run.stop) for run in runs)
    return AudioLayout(
        format="mp3",
        duration_ms=duration_ms,
        sample_rate_hz=first.rate_hz,
        channels=first.channels,
        frames=frames,
    )
