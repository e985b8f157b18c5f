"""Finds hum from the mains: 50 or 60 Hz and multiples of it.

Hum is steady, and speech is not: each tone counts with the level that it has in four fifths of the
audio, compared with the levels of its neighbours that are as steady.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numpy import float16, float64
    from numpy.typing import NDArray

TONES_HZ: Final = (50, 100, 150, 200, 250, 60, 120, 180, 240, 300)
COLUMNS: Final = 2 * len(TONES_HZ)
"""The levels of all tones, and then the levels beside each."""
PIECES_PER_SECOND: Final = 2
BESIDE_HZ: Final = (-8, -6, 6, 8)
STEADY_PERCENT: Final = 20
FEWEST_PIECES: Final = 10
SILENT_DB: Final = -115.0
PROMINENT_DB: Final = 10.0
PURE_DB: Final = 20.0
"""A tone of 50 or 60 Hz that is so far above its neighbours is hum even without multiples."""
LEAST_DBFS: Final = -80.0


@cache
def hann(samples: int) -> NDArray[float64]:
    """A window of so many samples, scaled so that the power of a sine in its line is its mean
    square."""
    import numpy as np

    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(samples) / samples)
    whole: NDArray[float64] = window * np.sqrt(2) / window.sum()
    return whole


def hum_tones(second: NDArray[float64]) -> NDArray[float16]:
    """
    The levels of tones (dBFS) in each half of a second of audio (channels, samples): a row of
    COLUMNS for each. The number of samples is even, and enough for the highest tone.
    """
    import numpy as np

    halves = second.reshape(len(second), PIECES_PER_SECOND, -1)
    lines = np.fft.rfft(halves * hann(halves.shape[2]), axis=2)
    power = np.square(np.abs(lines)).mean(axis=0)
    own = power[:, _bins(0)]
    around = np.sort([power[:, _bins(off_hz)] for off_hz in BESIDE_HZ], axis=0)
    beside = (around[1] + around[2]) / 2
    levels: NDArray[float64] = 10 * np.log10(np.maximum(np.hstack([own, beside]), 1e-13))
    return levels.astype(np.float16)


def _bins(off_hz: int) -> list[int]:
    return [(hz + off_hz) // PIECES_PER_SECOND for hz in TONES_HZ]


def hum(levels: NDArray[float16]) -> tuple[int, float]:
    """50, 60 or 0 Hz for none, and its level in dBFS, from rows of `hum_tones`."""
    import numpy as np

    levels = levels[levels.max(axis=1) > SILENT_DB] if levels.size else levels
    if len(levels) < FEWEST_PIECES:
        return 0, -120.0
    steady = np.percentile(levels.astype(np.float32), STEADY_PERCENT, axis=0)
    own, beside = steady[: len(TONES_HZ)], steady[len(TONES_HZ) :]
    found = max(_series(base, own, own - beside) for base in (50, 60))
    return (found[1], round(found[0], 1)) if found[0] > LEAST_DBFS else (0, -120.0)


def _series(base_hz: int, own: NDArray[Any], above: NDArray[Any]) -> tuple[float, int]:
    """The level in dBFS of a tone and its multiples, -120 when too few are above their neighbours,
    and `base_hz`."""
    import numpy as np

    of_base = np.array([hz % base_hz == 0 for hz in TONES_HZ])
    audible = of_base & (above >= PROMINENT_DB)
    first = TONES_HZ.index(base_hz)
    enough = above[first] >= PURE_DB or audible.sum() >= (2 if audible[first] else 3)
    if not enough:
        return -120.0, base_hz
    return 10 * float(np.log10((10 ** (own[audible] / 10)).sum())), base_hz
