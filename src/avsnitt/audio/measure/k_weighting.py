"""The filters that loudness is weighted by before it is measured (ITU-R BS.1770-4, annex 1)."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

TABLE_RATE_HZ: Final = 48_000


class Biquad(NamedTuple):
    """`b0 + b1 z^-1 + b2 z^-2` over `1 + a1 z^-1 + a2 z^-2`."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


K_WEIGHTING: Final = (
    Biquad(
        1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585
    ),
    Biquad(1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)
"""The head's shelf and the high pass, for 48 kHz (BS.1770-4, tables 1 and 2)."""


def k_weighting(rate_hz: int) -> tuple[Biquad, ...]:
    """The two filters of K_WEIGHTING at a sample rate."""
    return tuple(at_rate(biquad, rate_hz) for biquad in K_WEIGHTING)


def at_rate(biquad: Biquad, rate_hz: int) -> Biquad:
    """
    A filter of 48 kHz at another rate: back to the analogue filter by the bilinear transform, and
    from there with its corner at the same frequency.
    """
    if rate_hz == TABLE_RATE_HZ:
        return biquad
    b0, b1, b2, a1, a2 = biquad
    corner = math.sqrt((1 + a1 + a2) / (1 - a1 + a2))
    moved = math.tan(math.atan(corner) * TABLE_RATE_HZ / rate_hz) / corner
    above = _analogue(b0, b1, b2, moved)
    below = _analogue(1.0, a1, a2, moved)
    whole = sum(below)
    c0, c1, c2 = (value / whole for value in _digital(*above))
    _, d1, d2 = (value / whole for value in _digital(*below))
    return Biquad(c0, c1, c2, d1, d2)


def _analogue(first: float, second: float, third: float, moved: float) -> tuple[float, ...]:
    high, middle, low = first - second + third, 2 * (first - third), first + second + third
    return high, middle * moved, low * moved**2


def _digital(high: float, middle: float, low: float) -> tuple[float, ...]:
    return high + middle + low, 2 * (low - high), high - middle + low
