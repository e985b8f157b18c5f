"""The captions of a clip: cues of a transcript as pages of a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise, zip_longest
from typing import Final

import msgspec

from avsnitt.clips.font_coverage import Measure, drawable, wrap
from avsnitt.model.show import Cue
from avsnitt.model.value import Value

MOST_LINES: Final = 3
LEAST_MS: Final = 250
"""Of a cue that is cut by the edge of the clip, less than this is not shown."""
GAP_MS: Final = 500
"""A shorter pause keeps the words where they are, so that nothing flickers."""


class Caption(Value, frozen=True, kw_only=True):
    """One page, in milliseconds from the clip's start. `speaker` is empty when it is as before."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str = ""


def lay_captions(cues: Iterable[Cue], measure: Measure, limit: float) -> tuple[Caption, ...]:
    """The captions of a clip's own cues, each line at most `limit` wide, one at a time."""
    speaker = ""
    pages: list[Caption] = []
    for cue in _one_at_a_time(cues):
        name = drawable(cue.speaker)
        shown = name if name != speaker else ""
        made = tuple(_pages(cue, wrap(drawable(cue.text), measure, limit), shown))
        speaker = name if made else speaker
        pages += made
    return tuple(_closed(pages))


def cues_inside(cues: Iterable[Cue], start_ms: int, end_ms: int) -> tuple[Cue, ...]:
    """The cues of a part of the sound, in milliseconds from where it begins."""
    return tuple(_inside(cues, start_ms, end_ms))


def _inside(cues: Iterable[Cue], start_ms: int, end_ms: int) -> Iterator[Cue]:
    for cue in cues:
        first, last = max(cue.start_ms, start_ms), min(cue.end_ms, end_ms)
        whole = first == cue.start_ms and last == cue.end_ms
        if last - first >= LEAST_MS or (whole and last > first):
            yield msgspec.structs.replace(cue, start_ms=first - start_ms, end_ms=last - start_ms)


def _one_at_a_time(cues: Iterable[Cue]) -> Iterator[Cue]:
    """
    Show one cue at a time: when two overlap, the later takes over, and those that begin
    together share the time.
    """
    together = [
        (start_ms, tuple(group))
        for start_ms, group in groupby(
            sorted(cues, key=lambda cue: cue.start_ms), key=lambda cue: cue.start_ms
        )
    ]
    stops = [start_ms for start_ms, _ in together[1:]]
    for (start_ms, group), stop_ms in zip_longest(together, stops):
        end_ms = max(cue.end_ms for cue in group)
        length_ms = (end_ms if stop_ms is None else min(end_ms, stop_ms)) - start_ms
        for number, cue in enumerate(group):
            yield msgspec.structs.replace(
                cue,
                start_ms=start_ms + length_ms * number // len(group),
                end_ms=start_ms + length_ms * (number + 1) // len(group),
            )


def _pages(cue: Cue, lines: tuple[str, ...], speaker: str) -> Iterator[Caption]:
    """A long cue is turned page by page, each for as long as its share of the letters."""
    count = -(-len(lines) // MOST_LINES)
    cuts = [number * len(lines) // count for number in range(count + 1)] if count else []
    total = sum(map(len, lines))
    spent = 0
    for first, stop in pairwise(cuts):
        page = lines[first:stop]
        letters = sum(map(len, page))
        length_ms = cue.end_ms - cue.start_ms
        yield Caption(
            start_ms=cue.start_ms + length_ms * spent // total,
            end_ms=cue.start_ms + length_ms * (spent + letters) // total,
            lines=page,
            speaker=speaker if spent == 0 else "",
        )
        spent += letters


def _closed(pages: list[Caption]) -> Iterator[Caption]:
    for page, start_ms in zip_longest(pages, [page.start_ms for page in pages[1:]]):
        near = start_ms is not None and start_ms - page.end_ms < GAP_MS
        yield msgspec.structs.replace(page, end_ms=start_ms) if near else page
