"""Indexes the frames of MP3 and of AAC as ADTS, which are frames without a table of them.

The headers are walked once, and the place of every GROUP-th is kept. Then any part can be decoded
without what comes before it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from avsnitt.audio.containers.mp3 import (
    XING_FRAMES,
    Run,
    find_runs,
    frame_lengths,
    skip_id3,
    sound_end,
)
from avsnitt.audio.containers.reader import Data, Span, let_go
from avsnitt.problems.media_errors import AudioError

GROUP: Final = 16
"""The frames that are found, and given to a decoder, at a time."""
DECODER_DELAY: Final = 529
"""An MP3 decoder's own delay, which LAME's numbers leave out (LAME, "lame-tag")."""
XING_BYTES: Final = 240

ADTS: Final = re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x00-\xff]{5}", re.DOTALL)
ADTS_HEADER: Final = 7
ADTS_CHAIN: Final = 3
ADTS_SAMPLES: Final = 1024
ADTS_RATES_HZ: Final = (
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
)  # fmt: skip
"""By index (ISO/IEC 14496-3, table 1.18)."""

LengthAt = Callable[[Data, int], int]
"""Gives the bytes of the frame at a place; 0 where there is none of this stream."""


class Group(NamedTuple):
    """Up to GROUP frames without a gap. `start` is their first byte, negative when there is nothing
    to decode; `first` is the number of the first frame, counted from 0."""

    start: int
    first: int
    frames: int


class FrameIndex(NamedTuple):
    """
    `skip` samples of the first frame, and what comes after `samples` more, are not programme.
    `declared` is the number of samples that the file claims to have, 0 where it claims nothing.
    """

    rate_hz: int
    channels: int
    samples_a_frame: int
    frames: int
    skip: int
    samples: int
    declared: int
    starts: array[int]
    firsts: array[int]

    def groups(self, frame: int) -> Iterator[Group]:
        """The groups from the one that holds `frame` to the last."""
        first = max(0, bisect_right(self.firsts, frame) - 1)
        for number in range(first, len(self.firsts)):
            last = number + 1 == len(self.firsts)
            after = self.frames if last else self.firsts[number + 1]
            begins = self.firsts[number]
            yield Group(self.starts[number], begins, after - begins)


class Gapless(NamedTuple):
    """The claims of a header in the first frame, in samples; `frames` is 1 when there is such a
    header, which is a frame without audio."""

    frames: int = 0
    skip: int = 0
    end: int = 0
    declared: int = 0


def spans(data: Data, group: Group, length_at: LengthAt) -> list[Span]:
    """The bytes of each frame of a group."""
    found: list[Span] = []
    at = group.start
    for _ in range(group.frames):
        after = at + length_at(data, at)
        found.append((at, after))
        at = after
    return found


class Builder:
    """Counts frames and keeps the place of every GROUP-th."""

    def __init__(self) -> None:
        self.starts, self.firsts, self.frames = array("q"), array("q"), 0

    def add(self, data: Data, start: int, stop: int, length_at: LengthAt) -> None:
        """Count the frames from `start` to `stop`, in bytes."""
        at, begun, held = start, self.frames, start
        while at < stop and (length := length_at(data, at)):
            if (self.frames - begun) % GROUP == 0:
                held = let_go(data, held, at)
                self.starts.append(at)
                self.firsts.append(self.frames)
            self.frames += 1
            at += length

    def lose(self, frames: int) -> None:
        """Count so many frames that take up time but cannot be decoded."""
        if frames:
            self.starts.append(-1)
            self.firsts.append(self.frames)
            self.frames += frames


# MP3


def mp3_length(data: Data, at: int) -> int:
    """The bytes of the layer III frame at `at`; 0 when none begins there."""
    head = data[at : at + 3]
    return frame_lengths(head[1], head[2] >> 2 & 3).get(head, 0) if len(head) == 3 else 0


def index_mp3(data: Data) -> FrameIndex:
    """
    The index of all layer III frames between the tags. Audio of another rate than most has, as
    when two files were joined, takes up its time but is not decoded. Raises AudioError: SOUND-001
    when there is no frame.
    """
    runs = find_runs(data, sound_end(data))
    if not runs:
        raise AudioError("SOUND-001", reason="no-sound")
    most = max(runs, key=lambda run: run.count * run.samples_a_frame / run.rate_hz)
    gapless = parse_gapless(data, runs[0], sum(run.count for run in runs))
    builder = Builder()
    for number, run in enumerate(runs):
        dropped = gapless.frames if number == 0 else 0
        start = run.start + (mp3_length(data, run.start) if dropped else 0)
        if (run.rate_hz, run.samples_a_frame) == (most.rate_hz, most.samples_a_frame):
            builder.add(data, start, run.stop, mp3_length)
        else:
            builder.lose(as_long(run, run.count - dropped, most))
    whole = builder.frames * most.samples_a_frame
    return FrameIndex(
        rate_hz=most.rate_hz,
        channels=most.channels,
        samples_a_frame=most.samples_a_frame,
        frames=builder.frames,
        skip=gapless.skip,
        samples=max(0, whole - gapless.skip - gapless.end),
        declared=gapless.declared,
        starts=builder.starts,
        firsts=builder.firsts,
    )


def as_long(run: Run, frames: int, other: Run) -> int:
    """The number of frames of `other` that last as long as some frames of `run`."""
    samples = frames * run.samples_a_frame * other.rate_hz
    return samples // (run.rate_hz * other.samples_a_frame)


def parse_gapless(data: Data, run: Run, frames: int) -> Gapless:
    """
    The claims of a Xing, Info or VBRI header in the first frame. The encoder's padding is only
    taken off the end when the header still has the right number of frames.
    """
    head = data[run.start : run.start + XING_BYTES]
    if head[36:40] == b"VBRI":
        claimed = int.from_bytes(head[50:54], "big")
        return Gapless(1, declared=claimed * run.samples_a_frame)
    tag = max(head.find(b"Xing", 13, 40), head.find(b"Info", 13, 40))
    if tag < 0:
        return Gapless()
    xing = head[tag:]
    claimed = int.from_bytes(xing[8:12], "big") if xing[7] & XING_FRAMES else 0
    trim = lame_trim(xing)
    if trim is None:
        return Gapless(1, declared=claimed * run.samples_a_frame)
    delay, padding = trim
    declared = max(0, claimed * run.samples_a_frame - delay - padding)
    end = max(0, padding - DECODER_DELAY) if claimed == frames - 1 else 0
    return Gapless(1, delay + DECODER_DELAY, end, declared)


def lame_trim(xing: bytes) -> tuple[int, int] | None:
    """The encoder's delay and padding in samples; None when the header has none. LAME writes them,
    and FFmpeg, which signs as Lavf or Lavc."""
    flags = xing[7]
    counts = (flags & 1) + (flags >> 1 & 1) + (flags >> 3 & 1)
    lame = 8 + 4 * counts + 100 * (flags >> 2 & 1)
    if xing[lame : lame + 4] not in (b"LAME", b"Lavf", b"Lavc"):
        return None
    both = int.from_bytes(xing[lame + 21 : lame + 24], "big")
    return both >> 12, both & 0xFFF


# ADTS


def adts_length(data: Data, at: int) -> int:
    """The bytes of the ADTS frame at `at`, its header counted, from a field of 13 bits (ISO/IEC
    13818-7, 6.2); 0 when no whole frame begins there."""
    head = data[at : at + ADTS_HEADER]
    if len(head) < ADTS_HEADER or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    if head[2] >> 2 & 15 >= len(ADTS_RATES_HZ):
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > ADTS_HEADER and at + length <= len(data) else 0


def index_adts(data: Data) -> FrameIndex:
    """The index of all ADTS frames; rate and channels are those of the first. Raises AudioError:
    SOUND-001 when there is no frame."""
    builder = Builder()
    at = skip_id3(data, 0, len(data))
    kind = b""
    while mark := ADTS.search(data, at):
        start = mark.start()
        stop, frames = adts_run(data, start)
        if frames < ADTS_CHAIN and stop < len(data):
            at = start + 1
            continue
        kind = kind or data[start : start + 4]
        builder.add(data, start, stop, adts_length)
        at = max(stop, start + 1)
    if not builder.frames:
        raise AudioError("SOUND-001", reason="no-sound")
    return FrameIndex(
        rate_hz=ADTS_RATES_HZ[kind[2] >> 2 & 15],
        channels=(kind[2] & 1) << 2 | kind[3] >> 6,
        samples_a_frame=ADTS_SAMPLES,
        frames=builder.frames,
        skip=0,
        samples=builder.frames * ADTS_SAMPLES,
        declared=0,
        starts=builder.starts,
        firsts=builder.firsts,
    )


def adts_run(data: Data, start: int) -> tuple[int, int]:
    """The byte after the last of the frames in a row at `start`, all of one profile and rate, and
    their number."""
    at, frames, held = start, 0, start
    same = data[start + 2] & 0xFC
    while (length := adts_length(data, at)) and data[at + 2] & 0xFC == same:
        at += length
        frames += 1
        held = let_go(data, held, at)
    return at, frames
