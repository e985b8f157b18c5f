"""Finds clipping: the flat tops of a wave that was louder than the greatest number.

They are three samples or more in a row at the limit, or almost equal at the greatest level of all,
if the audio was turned down after it was clipped. The wave must reach the top steeply and leave it
so: the top of a slow wave is flat too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from avsnitt.model.audio import Interval

if TYPE_CHECKING:
    from numpy import bool_, float32, int64, void
    from numpy.typing import NDArray

ROW: Final = [("slot", "<u4"), ("level", "<f4"), ("runs", "<u2")]
"""A slot with flat tops in one channel: their level (linear) and number."""
LIMIT: Final = 0.99996
"""The end of 16 bits (32,767 of 32,768). A lossy format may go above: it has no limit itself."""
FLAT: Final = 1e-4
"""Samples are equal when they differ by less than this share; a dither of 16 bits fits in it."""
STEEP: Final = 1e-3
"""A share of the level by which the top of a slow wave does not fall in one sample."""
FEWEST_SAMPLES: Final = 3
QUIETEST: Final = 0.1
GREATEST_SHARE: Final = 0.99
FEWEST_RUNS: Final = 3
FEWEST_LOW_RUNS: Final = 10
"""Below the limit more runs are needed to be sure that the audio was clipped."""
JOINED_MS: Final = 1000
"""Places that are nearer to each other than this are one."""


def flat_tops(sound: NDArray[float32], tops: NDArray[float32], greatest: float) -> NDArray[void]:
    """
    The slots of `sound` (channels, slots, samples) with flat tops, as ROW, the first numbered 0.
    `tops` is the greatest level of each (channels, slots). Slots quieter than `greatest`, the
    greatest level so far, are passed over: the whole will be no quieter. All levels are linear.
    """
    import numpy as np

    least = max(QUIETEST, min(greatest, LIMIT) * GREATEST_SHARE)
    channels, slots = np.nonzero(tops >= least)
    if not slots.size:
        return np.zeros(0, dtype=ROW)
    level, tops = np.abs(sound[channels, slots]), tops[channels, slots]
    edge = np.where(tops >= LIMIT, np.float32(LIMIT), tops * np.float32(1 - FLAT))
    runs = _steep_runs(level >= edge[:, None], level, edge - tops * np.float32(STEEP))
    rows = np.zeros(slots.size, dtype=ROW)
    rows["slot"], rows["level"], rows["runs"] = slots, tops, runs
    return rows[runs > 0]


def _steep_runs(
    at_top: NDArray[bool_], level: NDArray[float32], least: NDArray[float32]
) -> NDArray[int64]:
    """The number of runs in each row whose neighbours on both sides are below `least`."""
    import numpy as np

    edges = np.diff(at_top.astype(np.int8), axis=1, prepend=0, append=0)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    inside = (starts > 0) & (ends < level.shape[1]) & (ends - starts >= FEWEST_SAMPLES)
    rows, starts, ends = rows[inside], starts[inside], ends[inside]
    steep = np.maximum(level[rows, starts - 1], level[rows, ends]) < least[rows]
    return np.bincount(rows[steep], minlength=len(level)).astype(np.int64)


def clipped_slots(rows: NDArray[void], greatest: float) -> NDArray[int64]:
    """
    The numbers of the clipped slots, in order, in audio whose greatest level is `greatest`; empty
    when there are too few runs.
    """
    import numpy as np

    top = min(greatest, LIMIT)
    rows = rows[rows["level"] >= top * GREATEST_SHARE]
    fewest = FEWEST_RUNS if greatest >= LIMIT else FEWEST_LOW_RUNS
    enough = int(rows["runs"].sum()) >= fewest
    return np.unique(rows["slot"] if enough else rows["slot"][:0]).astype(np.int64)


def join_slots(slots: NDArray[int64], slot_ms: int) -> tuple[Interval, ...]:
    """The times of slots (numbers, in order), those nearer than JOINED_MS joined to one."""
    import numpy as np

    breaks = np.flatnonzero(np.diff(slots) > JOINED_MS // slot_ms) + 1
    pieces = np.split(slots, breaks) if slots.size else []
    return tuple(
        Interval(int(one[0]) * slot_ms, int(one[-1]) * slot_ms + slot_ms) for one in pieces
    )
