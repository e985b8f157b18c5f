"""The shape of an episode's sound as an SVG drawing, for its page.

A decoration beside the player, which says the same in words and can be steered: it is hidden
from assistive technology (WCAG 2.2, 1.1.1 "Decoration"), takes the colour of the text around it,
and needs no script.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from avsnitt.model.audio import Analysis
from avsnitt.model.show import Chapter
from avsnitt.model.value import Value

BARS: Final = 160
STEP: Final = 5
HEIGHT: Final = 64
MIDDLE: Final = HEIGHT // 2
TALLEST: Final = MIDDLE - 2
"""Half a bar, when its round ends are inside the drawing."""
CURVE: Final = 0.8
"""Quieter talk is drawn a little higher than it is, so that it shows beside the loudest."""


class WaveformView(Value, frozen=True, kw_only=True):
    """
    A drawing `width` by `height`. `bars` is the data of a path to be stroked with round ends,
    `marks` the same for where chapters begin (empty when none are to be shown); `peaks` is where
    the numbers lie that it was drawn from, or empty.
    """

    width: int
    height: int
    bars: str
    marks: str = ""
    peaks: str = ""


def waveform_view(
    analysis: Analysis, chapters: Iterable[Chapter] = (), *, peaks: str = ""
) -> WaveformView | None:
    """
    The drawing of a sound, or None where there is nothing to draw. `chapters` are marked where
    they begin; `peaks` is the link to the waveform's own file.
    """
    heights = _heights(analysis.peaks)
    if not heights:
        return None
    return WaveformView(
        width=BARS * STEP,
        height=HEIGHT,
        bars=_path(heights),
        marks=_marks(analysis.duration_ms, chapters),
        peaks=peaks,
    )


def _heights(peaks: bytes) -> tuple[int, ...]:
    """
    Half of each bar, in the drawing's units. A bar is the mean of its peaks and not the
    greatest, which in talk is the same everywhere.
    """
    pairs = array("b", peaks[: len(peaks) // 2 * 2])
    count = len(pairs) // 2
    if not count:
        return ()
    cuts = [number * count // BARS for number in range(BARS + 1)]
    means = [_mean(pairs, start, stop) for start, stop in pairwise(cuts)]
    loudest = max(means)
    if loudest <= 0:
        return (0,) * BARS
    return tuple(round(TALLEST * (mean / loudest) ** CURVE) for mean in means)


def _mean(pairs: array[int], start: int, stop: int) -> float:
    """The mean swing of some pairs of least and greatest; at least one pair."""
    piece = pairs[2 * start : 2 * max(stop, start + 1)]
    return max(sum(piece[1::2]) - sum(piece[0::2]), 0) / len(piece)


def _path(heights: Iterable[int]) -> str:
    """A line a bar, from the middle up and down. One of no length is a dot, with round ends."""
    return "".join(
        f"M{number * STEP + STEP // 2} {MIDDLE - half}v{2 * half}"
        for number, half in enumerate(heights)
    )


def _marks(duration_ms: int, chapters: Iterable[Chapter]) -> str:
    return "".join(f"M{place} 0v{HEIGHT}" for place in _places(duration_ms, chapters))


def _places(duration_ms: int, chapters: Iterable[Chapter]) -> Iterator[int]:
    """The places where the listed chapters begin; the beginning itself needs no mark."""
    starts = sorted(one.start_ms for one in chapters if not one.hidden)
    places = (start * BARS * STEP // duration_ms for start in starts if 0 < start < duration_ms)
    yield from dict.fromkeys(place for place in places if place > 0)
