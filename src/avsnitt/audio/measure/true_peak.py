"""Measures true peak: the greatest level between samples (ITU-R BS.1770-4, annex 2).

The audio is measured at four times its rate, between the samples by a filter of our own that is
flat within 0.03 dB up to 0.4 of the rate (the one printed in annex 2 gives up to 0.2 dB too much).
That costs time, so it is done only where it can matter. A point between samples is never more than
`MOST_GAIN` times the greatest of them, so where all are below the greatest so far over `MOST_GAIN`
(6.4 dB), no greater peak can be found. This passes over most of a talk and loses nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy import bool_, float32, float64
    from numpy.typing import NDArray

TAPS: Final = 16
CONTEXT: Final = TAPS - 1
"""The number of samples before a piece that are needed to measure it."""
PHASES: Final = (0.25, 0.5, 0.75)
KAISER: Final = 5.0
MOST_GAIN: Final = 2.11
WINDOW: Final = CONTEXT
GROUP: Final = 32
"""Windows that are compared together first; most need no more."""
BATCH: Final = 128
"""Windows at a time: so few that BLAS starts no threads of its own."""


def interpolation_taps(phase: float) -> NDArray[float64]:
    """
    The weights of TAPS samples for the point at `phase` (0 to 1) between the middle two of them: a
    sinc under a Kaiser window, flat within 0.03 dB up to 0.4 of the rate. Their sum is 1.
    """
    import numpy as np

    at = np.arange(TAPS) - (TAPS / 2 - 1) - phase
    taps = np.sinc(at) * np.i0(KAISER * np.sqrt(np.clip(1 - (at / (TAPS / 2)) ** 2, 0, 1)))
    weights: NDArray[float64] = taps / taps.sum()
    return weights


@cache
def interpolator() -> NDArray[float32]:
    """
    A matrix (2 * WINDOW, PHASES * WINDOW) that gives the points between samples, at each of PHASES
    in turn, from two windows: for each sample of the second, the points after the sample that
    stands TAPS / 2 before it.
    """
    import numpy as np

    taps = np.stack([interpolation_taps(phase) for phase in PHASES])
    matrix = np.zeros((2 * WINDOW, len(PHASES), WINDOW), dtype=np.float32)
    for sample in range(WINDOW):
        matrix[sample : sample + TAPS, :, sample] = taps.T
    return matrix.reshape(2 * WINDOW, -1)


def true_peak(sound: NDArray[float32], least: float) -> float:
    """
    The greatest true peak in `sound` (channels, CONTEXT + samples), linear, or `least` when it is
    no greater. The points after the last TAPS / 2 samples belong to the next piece.
    """
    import numpy as np

    level = np.abs(sound)
    greatest = float(level.max())
    if greatest * MOST_GAIN < least:
        return least
    greatest = max(greatest, least)
    for windows in _batches(sound, _near(level, greatest / MOST_GAIN)):
        greatest = max(greatest, float(np.abs(windows @ interpolator()).max()))
    return max(greatest, _rest(sound))


def _near(level: NDArray[float32], least: float) -> NDArray[bool_]:
    """True for each window but the first when it or the one before it is as loud as `least`."""
    import numpy as np

    windows = level.shape[1] // WINDOW
    starts = range(0, max(1, windows * WINDOW), GROUP * WINDOW)
    groups = np.maximum.reduceat(level, starts, axis=1) >= least
    loud = np.repeat(groups, GROUP, axis=1)[:, :windows]
    channels, places = np.nonzero(loud)
    whole = level[:, : windows * WINDOW].reshape(len(level), windows, WINDOW)
    loud[channels, places] = whole[channels, places].max(axis=1) >= least
    return loud[:, :-1] | loud[:, 1:]


def _batches(sound: NDArray[float32], near: NDArray[bool_]) -> Iterator[NDArray[float32]]:
    """The windows that are `near`, each with the one before it."""
    import numpy as np

    windows = sound[:, : sound.shape[1] // WINDOW * WINDOW].reshape(len(sound), -1, WINDOW)
    channels, places = np.nonzero(near)
    for at in range(0, places.size, BATCH):
        one, where = channels[at : at + BATCH], places[at : at + BATCH]
        yield np.concatenate([windows[one, where], windows[one, where + 1]], axis=1)


def _rest(sound: NDArray[float32]) -> float:
    """The peak of the samples after the last whole window."""
    import numpy as np

    samples = sound.shape[1] % WINDOW
    if not samples:
        return 0.0
    windows = sound[:, -2 * WINDOW :]
    windows = np.pad(windows, ((0, 0), (2 * WINDOW - windows.shape[1], 0)))
    between = (windows @ interpolator()).reshape(len(sound), len(PHASES), WINDOW)
    return float(np.abs(between[:, :, -samples:]).max())
