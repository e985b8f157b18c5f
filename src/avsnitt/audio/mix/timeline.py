"""Places clips on a timeline: cuts, overlaps, and the new time of each moment.

Times in the recording begin at 0 where its earliest track does. It is cut at multiples of GRID_MS,
which are whole samples at both rates, so that times in the recording become times in the published
audio exactly, and not within a sample or so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from avsnitt.model.audio import Clip, Interval, Timeline, TimeShift

GRID_MS: Final = 10
"""441 samples at 44.1 kHz, 480 at 48 kHz."""
CUT_FADE_MS: Final = 10
"""The time by which the two sides of a cut overlap."""


def in_samples(time_ms: int, rate_hz: int) -> int:
    """A time in samples, to the nearest."""
    return (time_ms * rate_hz + 500) // 1000


def grid_up(time_ms: int) -> int:
    """The first multiple of GRID_MS at or after a time."""
    return -(-time_ms // GRID_MS) * GRID_MS


def grid_down(time_ms: int) -> int:
    """The last multiple of GRID_MS at or before a time."""
    return time_ms // GRID_MS * GRID_MS


# Stretches of time


def common(lists: Sequence[Sequence[Interval]]) -> tuple[Interval, ...]:
    """The stretches that are in all lists; each list is in order and does not overlap itself."""
    found: Sequence[Interval] = lists[0] if lists else ()
    for other in lists[1:]:
        found = _common_of_two(found, other)
    return tuple(found)


def _common_of_two(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start = max(left[i].start_ms, right[j].start_ms)
        end = min(left[i].end_ms, right[j].end_ms)
        if start < end:
            found.append(Interval(start, end))
        if left[i].end_ms < right[j].end_ms:
            i += 1
        else:
            j += 1
    return found


def shorten(gaps: Iterable[Interval], longest_ms: int) -> tuple[Interval, ...]:
    """The cuts from the middle of each gap that leave `longest_ms` of it, or up to two GRID_MS
    more."""
    half = longest_ms // 2
    cuts = (
        Interval(grid_up(gap.start_ms + half), grid_down(gap.end_ms - (longest_ms - half)))
        for gap in gaps
    )
    return tuple(cut for cut in cuts if cut.end_ms - cut.start_ms > CUT_FADE_MS)


def keep(start_ms: int, end_ms: int, cuts: Iterable[Interval]) -> tuple[Interval, ...]:
    """The stretches that are left between two times without `cuts`, which are in order."""
    kept, at = [], start_ms
    for cut in cuts:
        if cut.start_ms > at and cut.end_ms < end_ms:
            kept.append(Interval(at, cut.start_ms))
            at = cut.end_ms
    return (*kept, Interval(at, end_ms)) if end_ms > at else tuple(kept)


# Clips


def cut_clip(clip: Clip, kept: Sequence[Interval], rate_hz: int) -> tuple[Clip, ...]:
    """
    The pieces of a clip, placed in the recording's time, that lie in `kept`, moved together so
    that the first begins at 0. The two sides of a cut overlap by CUT_FADE_MS, half on each side.
    """
    half = in_samples(CUT_FADE_MS, rate_hz) // 2
    pieces, at = [], 0
    for number, stretch in enumerate(kept):
        start, stop = in_samples(stretch.start_ms, rate_hz), in_samples(stretch.end_ms, rate_hz)
        before = half if number else 0
        after = half if number < len(kept) - 1 else 0
        pieces.append(_part(clip, start - before, stop + after, at - before, (before, after)))
        at += stop - start
    return tuple(piece for piece in pieces if piece.samples > 0)


def _part(clip: Clip, start: int, stop: int, at: int, halves: tuple[int, int]) -> Clip:
    """The part of a clip between two samples of the recording, moved so that `start` is at `at`."""
    first, last = max(start, clip.at), min(stop, clip.at + clip.samples)
    samples = max(0, last - first)
    return msgspec.structs.replace(
        clip,
        start=clip.start + first - clip.at,
        samples=samples,
        at=at + first - start,
        # A track that begins or ends inside the overlap has too little there to fade.
        fade_in=2 * halves[0] if first == start and samples >= 2 * halves[0] else clip.fade_in,
        fade_out=2 * halves[1] if last == stop and samples >= 2 * halves[1] else clip.fade_out,
    )


def place(clips: Iterable[Clip], at: int) -> tuple[Clip, ...]:
    """The clips moved `at` samples later."""
    return tuple(msgspec.structs.replace(clip, at=clip.at + at) for clip in clips)


def fade_start(clips: Sequence[Clip], length: int) -> tuple[Clip, ...]:
    """The clips with those that begin at 0 faded in for `length` samples."""
    return tuple(
        msgspec.structs.replace(clip, fade_in=min(length, clip.samples)) if clip.at == 0 else clip
        for clip in clips
    )


def fade_end(clips: Sequence[Clip], length: int) -> tuple[Clip, ...]:
    """The clips with those that end last faded out for `length` samples."""
    stop = end_of(clips)
    return tuple(
        msgspec.structs.replace(clip, fade_out=min(length, clip.samples))
        if clip.at + clip.samples == stop
        else clip
        for clip in clips
    )


def end_of(clips: Iterable[Clip]) -> int:
    """The sample after the last of all clips; 0 without clips."""
    return max((clip.at + clip.samples for clip in clips), default=0)


def in_channels(timeline: Timeline, channels: int) -> Timeline:
    """The same timeline played in one channel or two, for a format with channels of its own."""
    return msgspec.structs.replace(
        timeline,
        channels=channels,
        clips=tuple(
            msgspec.structs.replace(clip, dc=(sum(clip.dc) / len(clip.dc),) * channels)
            if clip.dc and len(clip.dc) != channels
            else clip
            for clip in timeline.clips
        ),
    )


# Times


def moved_by(kept: Sequence[Interval], offset_ms: int, whole: Interval) -> tuple[TimeShift, ...]:
    """The shift of each stretch that is kept of `whole`, when the first begins at `offset_ms`;
    empty when no time moves."""
    if offset_ms == whole.start_ms and tuple(kept) == (whole,):
        return ()
    moved, at = [], offset_ms
    for stretch in kept:
        moved.append(TimeShift(stretch.start_ms, stretch.end_ms, at - stretch.start_ms))
        at += stretch.end_ms - stretch.start_ms
    return tuple(moved)


def move_time(moved: Sequence[TimeShift], time_ms: int) -> int:
    """
    The time in the published audio, in ms, of a time in the recording. A time that was cut out
    becomes the nearest one that was kept. A later time never becomes an earlier one.
    """
    if not moved:
        return time_ms
    place = bisect_right(moved, time_ms, key=lambda one: one.start_ms) - 1
    stretch = moved[max(place, 0)]
    return min(max(time_ms, stretch.start_ms), stretch.end_ms) + stretch.by_ms
