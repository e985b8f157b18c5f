"""The heights of an audiogram's bars: the spectrum of each frame, smoothed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FRAMES_PER_SECOND: Final = 25
WINDOW: Final = 2048
"""Samples that a frame's spectrum is of, its own in the middle: 43 to 46 ms."""
LOWEST_HZ: Final = 90.0
HIGHEST_HZ: Final = 7000.0
RANGE_DB: Final = 34.0
"""From no bar to a full one."""
FLOOR_DB: Final = -70.0
"""Below this all is silence, however quiet the rest."""
RISE: Final = 0.55
FALL: Final = 0.22
"""The share of the way down that a bar goes in a frame; it goes up at once."""
FULL_SHARE: Final = 0.97
"""A frame louder than this share of all frames has bars of full height."""


def bar_heights(
    blocks: Iterable[Floats], rate_hz: int, bands: int, frames: int
) -> NDArray[np.float32]:
    """
    The heights, 0 to 1, of `bands` bands (low to high) in `frames` frames of FRAMES_PER_SECOND.
    `blocks` are (channels, samples), from the clip's first sample on.
    """
    import numpy as np

    windows = _windows(blocks, rate_hz // FRAMES_PER_SECOND, frames)
    shape = np.hanning(WINDOW).astype(np.float32)
    edges = _edges(rate_hz, bands)
    levels = np.empty((frames, bands), np.float32)
    for number, window in enumerate(windows):
        power = np.abs(np.fft.rfft(window * shape)) ** 2
        whole = np.add.reduceat(power, edges)[:-1] / np.diff(edges)
        levels[number] = 10 * np.log10(whole / WINDOW + 1e-12)
    return _calm(_scaled(levels))


def _edges(rate_hz: int, bands: int) -> NDArray[np.intp]:
    """The first bin of each band, evenly spaced to the ear, and the end of the last."""
    import numpy as np

    places = np.geomspace(LOWEST_HZ, HIGHEST_HZ, bands + 1) * WINDOW / rate_hz
    edges = np.round(places).astype(np.intp)
    for number in range(1, len(edges)):  # a band has at least a bin of its own
        edges[number] = max(edges[number], edges[number - 1] + 1)
    return edges


def _windows(blocks: Iterable[Floats], hop: int, frames: int) -> Iterator[Floats]:
    """The samples around the middle of each frame, silence before the first and after the last."""
    import numpy as np

    held = np.zeros((WINDOW - hop) // 2, np.float32)
    pieces = iter(blocks)
    for _ in range(frames):
        while len(held) < WINDOW:
            piece = next(pieces, None)
            mono = np.zeros(WINDOW, np.float32) if piece is None else piece.mean(axis=0)
            held = np.concatenate((held, mono.astype(np.float32)))
        yield held[:WINDOW]
        held = held[hop:]


def _scaled(levels: Floats) -> Floats:
    """0 to 1 in each band: talk has much more of the low than of the high."""
    import numpy as np

    if not len(levels):
        return levels
    top = np.quantile(levels, FULL_SHARE, axis=0)
    top = np.maximum(top, top.max() - RANGE_DB)
    tops = np.maximum(top, FLOOR_DB + RANGE_DB)
    heights: Floats = np.clip((levels - tops) / RANGE_DB + 1, 0, 1).astype(np.float32)
    return heights


def _calm(heights: Floats) -> Floats:
    """Each frame some of the way from the one before."""
    import numpy as np

    calm = np.empty_like(heights)
    before = np.zeros(heights.shape[1], np.float32)
    for number, wanted in enumerate(heights):
        pace = np.where(wanted > before, RISE, FALL).astype(np.float32)
        before = before + (wanted - before) * pace
        calm[number] = before
    return calm
