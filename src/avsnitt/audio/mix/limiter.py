"""Limits true peaks to a ceiling, and changes nothing else.

Each sample needs a gain: the ceiling over its true peak, or 1. The gain that is used is the least
that is needed within LOOK_MS before and after, smoothed by three running means that are together
as wide. So it is smooth, never more than any sample needs, and 1 again two LOOK_MS after the last
loud sample: the release is as short as the attack, which costs speech almost no loudness. Nothing
further away has an effect, and the means are of whole numbers, whose sum is the same in any order.
So audio that is cut into pieces, in whatever way, becomes bit for bit the same as the whole.

The true peak is the greatest of four points a sample (ITU-R BS.1770-4 Annex 2) and of all
channels, so that no voice moves sideways. It is measured only where samples are near the ceiling.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from avsnitt.audio.measure.true_peak import TAPS, interpolation_taps
from avsnitt.model.value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    Curve = NDArray[np.float32]
    Whole = NDArray[np.int32]

LOOK_MS: Final = 6
"""
Twice this is the time between two peaks of a deep voice (80 Hz), so that the gain stays the same
between them: measured, it moves by 0.1 dB where 4 ms give 3 dB. A longer time only costs loudness.
"""
CHUNK: Final = 256
"""True peaks are measured in whole chunks, counted from the timeline's start."""
NEAR: Final = 0.63
"""No recorded audio has a true peak more than 4 dB above the samples around it."""
MARGIN: Final = 0.998
"""Leaves room for what the changing gain adds between two samples."""
ONE: Final = 1 << 20
"""A gain of 1 in whole numbers; the sums of a block stay far below 64 bits."""
TURNED_DOWN: Final = 0.9886
"""A sample that is turned down by less than 0.1 dB is not reported."""
APART_MS: Final = 500
"""Loud places nearer to each other than this are reported as one."""
PAIRS: Final = TAPS // 2
"""The samples on each side that a point between two samples is made of."""


class LimiterReport(Value, frozen=True, kw_only=True):
    """
    The changes that a limiter made to a stretch of audio. `samples` were turned down by 0.1 dB or
    more and at most `most_db`, in `places` that are APART_MS or more from each other; `first` is
    the first of these samples and `last` the one after the last, both -1 when there are none.
    """

    samples: int = 0
    most_db: float = 0.0
    places: int = 0
    first: int = -1
    last: int = -1


def join_limited(parts: Iterable[LimiterReport], rate_hz: int) -> LimiterReport:
    """The report of stretches that follow each other, the same whatever lengths they have."""
    apart = APART_MS * rate_hz // 1000
    whole = LimiterReport()
    for part in parts:
        if not part.places:
            continue
        meets = whole.places > 0 and part.first - whole.last < apart
        whole = LimiterReport(
            samples=whole.samples + part.samples,
            most_db=max(whole.most_db, part.most_db),
            places=whole.places + part.places - meets,
            first=whole.first if whole.places else part.first,
            last=part.last,
        )
    return whole


def find_limited(curve: Curve, at: int, rate_hz: int) -> LimiterReport:
    """The report of a curve that begins at sample `at` of the timeline."""
    import numpy as np

    turned = np.flatnonzero(curve <= TURNED_DOWN)
    if not len(turned):
        return LimiterReport()
    apart = APART_MS * rate_hz // 1000
    return LimiterReport(
        samples=len(turned),
        most_db=round(-20 * float(np.log10(curve.min())), 2),
        places=1 + int(np.count_nonzero(np.diff(turned) > apart)),
        first=at + int(turned[0]),
        last=at + int(turned[-1]) + 1,
    )


def lookahead_samples(rate_hz: int) -> int:
    """LOOK_MS in samples, as a multiple of three: three equal running means are together twice as
    wide."""
    return 3 * round(LOOK_MS * rate_hz / 3000)


def context(rate_hz: int) -> int:
    """The number of samples on each side that the gain of one depends on: whole chunks."""
    return (-(-(2 * lookahead_samples(rate_hz) + PAIRS) // CHUNK) + 1) * CHUNK


def gain_curve(window: Sound, limit: float, rate_hz: int) -> Curve | None:
    """
    The factor for each sample, so that no true peak is above `limit` (linear); None when none is.
    `window` (channels, samples) begins on a chunk and has `context` more samples on each side
    than the curve.
    """
    needed = needed_gain(window, limit)
    if needed is None:
        return None
    reach = lookahead_samples(rate_hz)
    inner = context(rate_hz) - 2 * reach
    smooth = running_means(sliding_least(needed, reach), reach)
    kept = smooth[inner : len(smooth) - inner]
    return None if kept.min() == 1 else kept


def needed_gain(window: Sound, limit: float) -> Whole | None:
    """The gain that each sample needs, in parts of ONE, rounded down; None when all need ONE."""
    import numpy as np

    loud = loud_chunks(window, limit)
    if not len(loud):
        return None
    peaks = true_peaks(window, loud)
    if float(peaks.max()) <= limit:
        return None
    gains = np.floor(np.float64(limit * MARGIN * ONE) / np.maximum(peaks, np.float32(limit)))
    needed = np.full((window.shape[1] // CHUNK, CHUNK), ONE, dtype=np.int32)
    needed[loud] = np.where(peaks > limit, gains, ONE)
    return needed.reshape(-1)


def loud_chunks(window: Sound, limit: float) -> NDArray[np.intp]:
    """
    The numbers of the chunks with samples near the limit, and of those beside them. The first and
    the last of a window are never among them: they are only context.
    """
    import numpy as np

    parts = window.reshape(len(window), -1, CHUNK)
    peaks = np.maximum(parts.max(axis=2).max(axis=0), -parts.min(axis=2).min(axis=0))
    near = peaks >= limit * NEAR
    beside = near.copy()
    beside[1:] |= near[:-1]
    beside[:-1] |= near[1:]
    beside[[0, -1]] = False
    return np.flatnonzero(beside)


def true_peaks(window: Sound, chunks: NDArray[np.intp]) -> NDArray[np.float32]:
    """The greatest level at each sample of some chunks and at three points before the next, of all
    channels."""
    import numpy as np

    spans = np.lib.stride_tricks.sliding_window_view(window, CHUNK + 2 * PAIRS, axis=1)
    near = spans[:, chunks * CHUNK - PAIRS]
    middle, even, odd = (np.zeros((*near.shape[:2], CHUNK), np.float32) for _ in range(3))
    both, part = np.empty_like(middle), np.empty_like(middle)
    for distance, (half, quarter, slant) in enumerate(interpolation()):
        before = near[..., PAIRS - distance : PAIRS - distance + CHUNK]
        after = near[..., PAIRS + 1 + distance : PAIRS + 1 + distance + CHUNK]
        np.add(before, after, out=both)
        middle += np.multiply(both, half, out=part)
        even += np.multiply(both, quarter, out=part)
        np.subtract(before, after, out=both)
        odd += np.multiply(both, slant, out=part)
    peaks = np.maximum(np.abs(middle), np.abs(near[..., PAIRS : PAIRS + CHUNK]))
    # |even + odd| and |even - odd| are the points at one and three quarters.
    peaks = np.maximum(peaks, np.abs(even) + np.abs(odd))
    greatest: NDArray[np.float32] = peaks.max(axis=0)
    return greatest


@lru_cache(maxsize=1)
def interpolation() -> tuple[tuple[np.float32, np.float32, np.float32], ...]:
    """
    The weights of the samples at each distance from a point, nearest first: for the point in the
    middle, and for the sum and the difference that give the points at one and three quarters. Sinc
    under a Kaiser window (beta 5): flat to 0.03 dB up to 0.4 of the rate.
    """
    import numpy as np

    half, quarter = interpolation_taps(0.5), interpolation_taps(0.25)
    before, after = quarter[PAIRS - 1 :: -1], quarter[PAIRS:]
    table = np.stack([half[PAIRS:], (before + after) / 2, (before - after) / 2], axis=1)
    return tuple((row[0], row[1], row[2]) for row in table.astype(np.float32))


def sliding_least(gains: Whole, reach: int) -> Whole:
    """The least gain within `reach` samples on either side; `reach` fewer samples at both ends."""
    import numpy as np

    wanted, width = 2 * reach + 1, 1
    while 2 * width <= wanted:
        gains = np.minimum(gains[:-width], gains[width:])
        width *= 2
    rest = wanted - width
    return np.minimum(gains[: len(gains) - rest], gains[rest:])


def running_means(gains: Whole, reach: int) -> Curve:
    """Three running means after each other, together `reach` wide on either side; sums are
    exact."""
    import numpy as np

    width = 2 * reach // 3 + 1
    sums = gains.astype(np.int64)
    for _ in range(3):
        total = np.zeros(len(sums) + 1, dtype=np.int64)
        np.cumsum(sums, out=total[1:])
        sums = total[width:] - total[:-width]
    return (sums / (ONE * width**3)).astype(np.float32)
