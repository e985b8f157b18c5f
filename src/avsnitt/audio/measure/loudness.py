"""Measures loudness by the energy of short steps (ITU-R BS.1770-4, EBU Tech 3341 and 3342).

A step is 100 ms of K-weighted audio: its mean square, added up over the channels, each counted as
front left or right. Steps of pieces that were measured apart can be put after each other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

STEPS_PER_SECOND: Final = 10
MOMENTARY_STEPS: Final = 4
SHORT_TERM_STEPS: Final = 30
OFFSET_LU: Final = -0.691
"""Makes a sine of 1 kHz at full scale in one channel -3.01 LUFS (BS.1770-4, annex 1)."""
ABSOLUTE_GATE_LUFS: Final = -70.0
RELATIVE_GATE_LU: Final = -10.0
RANGE_GATE_LU: Final = -20.0
LOW_SHARE, HIGH_SHARE = 0.10, 0.95


def lufs(energy: float) -> float:
    """The loudness in LUFS of a mean square that is not zero."""
    return OFFSET_LU + 10 * math.log10(energy)


def energy_of(loudness_lufs: float) -> float:
    """The mean square that has a loudness."""
    return float(10 ** ((loudness_lufs - OFFSET_LU) / 10))


def integrated_lufs(steps: NDArray[float64]) -> float | None:
    """
    The loudness of the whole in LUFS: the mean of 400 ms blocks that overlap by 75 %, those above
    -70 LUFS, and of them those less than 10 LU below their mean (BS.1770-4, annex 1). None when
    no block is so loud, or none is whole.
    """
    loud = _above(_blocks(steps, MOMENTARY_STEPS), ABSOLUTE_GATE_LUFS)
    if not loud.size:
        return None
    loud = _above(loud, lufs(float(loud.mean())) + RELATIVE_GATE_LU)
    return lufs(float(loud.mean()))


def range_lu(steps: NDArray[float64]) -> float:
    """
    The loudness range in LU: from the 10th to the 95th percentile of 3 s blocks, one every 100 ms,
    that are above -70 LUFS and less than 20 LU below their mean (EBU Tech 3342). 0 where there is
    none.
    """
    import numpy as np

    loud = _above(_blocks(steps, SHORT_TERM_STEPS), ABSOLUTE_GATE_LUFS)
    if not loud.size:
        return 0.0
    loud = np.sort(_above(loud, lufs(float(loud.mean())) + RANGE_GATE_LU))
    low, high = (float(loud[round((loud.size - 1) * share)]) for share in (LOW_SHARE, HIGH_SHARE))
    return lufs(high) - lufs(low)


def _blocks(steps: NDArray[float64], length: int) -> NDArray[float64]:
    """The mean of every `length` steps in a row; fewer steps make no block."""
    import numpy as np

    if steps.size < length:
        return steps[:0]
    return np.convolve(steps, np.full(length, 1 / length), "valid")


def _above(blocks: NDArray[float64], gate_lufs: float) -> NDArray[float64]:
    return blocks[blocks > energy_of(gate_lufs)]
