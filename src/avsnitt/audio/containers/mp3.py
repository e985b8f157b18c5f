"""Finds the MPEG layer III frames of an MP3 file, and nothing else that lies in it.

The bytes are walked header by header, since what a file says of its own length is wrong as soon
as someone cuts it or glues two together. Tags may stand in front, behind and in between: ID3v2
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
"""So many frames in a row are sound; fewer are only believed when they fill all there is."""
MAX_FALSE_STARTS: Final = 20_000
"""Random bytes give about 90 a megabyte; more is an attempt to keep us busy."""
MAX_TRAILERS: Final = 100
ID3_HEADER: Final = 10
APE_HEADER: Final = 32
XING_FRAMES: Final = 0x1
STRIDES: Final = (512, 64, 8)
"""How many frames at a time constant-bitrate sound is walked."""


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
    """A number in four bytes of seven bits each (ID3v2.4, section 6.2)."""
    return (four[0] & 127) << 21 | (four[1] & 127) << 14 | (four[2] & 127) << 7 | four[3] & 127


def skip_id3(data: Data, at: int, end: int) -> int:
    """
    The end of an ID3v2 tag at `at`. A tag that claims more than there is ends where its claim
    is false.
    """
    header = data[at : at + ID3_HEADER]
    if len(header) < ID3_HEADER or header[:3] != b"ID3":
        return at
    footer = ID3_HEADER if header[5] & 0x10 else 0
    stop = at + ID3_HEADER + synchsafe(header[6:10]) + footer
    return stop if stop <= end else at + ID3_HEADER


def skip_ape(data: Data, at: int, end: int) -> int:
    """The end of an APEv2 tag that begins with a header at `at`."""
    stop = at + APE_HEADER + int.from_bytes(data[at + 12 : at + 16], "little")
    return stop if stop <= end else at + 8


def id3v1_bytes(data: Data, end: int) -> int:
    """
    The length of an ID3v1 tag, with or without the TAG+ extension, that ends at `end`; 0
    without one.
    """
    if data[max(0, end - 128) : end - 125] == b"TAG":
        return 128
    return 227 if data[max(0, end - 227) : end - 223] == b"TAG+" else 0


def ape_bytes(data: Data, end: int) -> int:
    """The length of an APE tag that ends at `end`, by its footer; 0 without one."""
    footer = data[max(0, end - APE_HEADER) : end]
    if footer[:8] != b"APETAGEX" or len(footer) < APE_HEADER:
        return 0
    header = APE_HEADER if footer[23] & 0x80 else 0
    return int.from_bytes(footer[12:16], "little") + header


def lyrics_bytes(data: Data, end: int) -> int:
    """The length of a Lyrics3 tag that ends at `end`; 0 without one."""
    footer = data[max(0, end - 15) : end]
    if footer[6:] == b"LYRICS200" and footer[:6].isdigit():
        return int(footer[:6]) + 15
    if footer[6:] != b"LYRICSEND":
        return 0
    start = data.rfind(b"LYRICSBEGIN", max(0, end - 5_200), end)
    return end - start if start >= 0 else 9


def appended_id3_bytes(data: Data, end: int) -> int:
    """
    The length of an ID3v2.4 tag that ends at `end`, by its footer (section 3.4); 0 without one.
    """
    footer = data[max(0, end - ID3_HEADER) : end]
    if footer[:3] != b"3DI" or len(footer) < ID3_HEADER:
        return 0
    return synchsafe(footer[6:]) + 2 * ID3_HEADER


TRAILERS: Final = (id3v1_bytes, ape_bytes, lyrics_bytes, appended_id3_bytes)
"""Each says how many bytes its kind of tag takes up in front of a place; 0 when it is not there."""


def sound_end(data: Data) -> int:
    """
    The end of the audio: where the tags at the end of the file begin. A tag with a false size
    loses its footer.
    """
    end = len(data)
    for _ in range(MAX_TRAILERS):
        size = next((size for trailer in TRAILERS if (size := trailer(data, end))), 0)
        if not size:
            break
        end -= size if size <= end else ID3_HEADER
    return max(end, 0)


def walk(data: Data, start: int, end: int) -> tuple[int, int, int]:
    """Follow frames from `start`: how many, where they stop, and where the last one begins."""
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
    Patterns of so many frames on end at one bitrate, given the header's second byte and its
    third but for padding. Constant-bitrate sound is walked by them at the speed of `re`; group 1
    is the last frame.
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
    """The run of frames at `start`, if there is one worth believing."""
    count, stop, last = walk(data, start, end)
    if not count or (count < CHAIN and stop < end and not TAG_MAGIC.match(data, stop)):
        return None
    header = data[start : start + 4]
    if stop < end and not TAG_MAGIC.match(data, stop):
        # A frame cut short swallows the start of the tag that was glued on behind it.
        swallowed = TAG_MAGIC.search(data, last, stop)
        if swallowed:
            count, stop = count - 1, last
    return Run(start, stop, count, header) if count else None


def find_runs(data: Data, end: int) -> list[Run]:
    """All sound in the file, in order."""
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
    Samples that are not programme: the frame that holds a Xing, Info or VBRI header, and the
    encoder's delay and padding if that header still has the right number of frames.
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
    """Encoder delay plus padding in samples, from the LAME part of a Xing header."""
    flags = xing[7]
    lame = (
        8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    )
    gap = int.from_bytes(xing[lame + 21 : lame + 24], "big")
    return (gap >> 12) + (gap & 0xFFF)


def parse_mpeg(data: Data) -> AudioLayout:
    """Measure an MP3 file. Raises AudioError (SOUND-001) when there is no frame in it."""
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
