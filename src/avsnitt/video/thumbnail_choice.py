"""The choice of a film's still: neither black nor blurred, scored by numbers alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from numpy import ndarray

MIDDLE: Final = 118
"""Of 255: what a well exposed face is about."""
DARK, BRIGHT = 20, 235
FLAT: Final = 6.0
"""Less contrast than this is a blank screen."""


def score(grey: ndarray) -> float:
    """
    The score of a still: contrast times sharpness, less when it is dark or bleached. `grey` has
    a byte a pixel; 0 is for black, white and empty pictures.
    """
    import numpy as np

    pixels = grey.astype(np.int32)
    mean, spread = float(pixels.mean()), float(pixels.std())
    if not DARK <= mean <= BRIGHT or spread < FLAT or min(pixels.shape) < 3:
        return 0.0
    around = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:]
    sharpness = float(np.abs(around - 4 * pixels[1:-1, 1:-1]).mean())
    exposure = 1 - ((mean - MIDDLE) / 255) ** 2
    return exposure * spread * math.sqrt(sharpness)
