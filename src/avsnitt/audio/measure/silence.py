"""Finds silence at the ends of a recording, and long gaps.

A room is never silent, so the level of silence depends on the recording. Levels are K-weighted,
like loudness, so that rumble does not count. The gate is 8 dB above the room (the level that a
tenth of the audio stays below), at least -60 LUFS, and always 20 dB below the talk. Where talk and
room are less than 12 dB apart the level does not show a pause, and only audio far below all of it
is silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from avsnitt.audio.measure.loudness import energy_of, lufs
from avsnitt.model.audio import Interval

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray

SILENT_LUFS: Final = -60.0
NOTHING_LUFS: Final = -90.0
"""Below this the audio was muted: no room is so quiet."""
ROOM_PERCENT: Final = 10
ABOVE_ROOM_LU: Final = 8.0
BELOW_TALK_LU: Final = 20.0
LEAST_CONTRAST_LU: Final = 12.0
TICK_LU: Final = 12.0
"""A single audible slot is a click of the mouth, unless it is so far above the gate."""
LONG_GAP_MS: Final = 2000


class Pauses(NamedTuple):
    """The silence at the start and the end, in ms, and long gaps. Audio that is silent throughout
    has its whole length as `start_ms`, and 0 as `end_ms`."""

    start_ms: int
    end_ms: int
    gaps: tuple[Interval, ...]


def silence_gate(slots: NDArray[float64]) -> float:
    """The energy below which a slot is silent, for slots of these K-weighted energies."""
    import numpy as np

    sounding = slots[slots > energy_of(NOTHING_LUFS)]
    if not sounding.size:
        return energy_of(NOTHING_LUFS)
    loud = sounding[sounding > sounding.mean() / 10]
    talk = lufs(float(loud[loud > loud.mean() / 10].mean()))
    room = lufs(float(np.percentile(sounding, ROOM_PERCENT)))
    if talk - room < LEAST_CONTRAST_LU:
        return energy_of(min(SILENT_LUFS, talk - BELOW_TALK_LU))
    return energy_of(min(max(SILENT_LUFS, room + ABOVE_ROOM_LU), talk - BELOW_TALK_LU))


def find_pauses(slots: NDArray[float64], slot_ms: int, duration_ms: int) -> Pauses:
    """The silence in audio with these K-weighted energies, one for each `slot_ms`."""
    import numpy as np

    audible = np.flatnonzero(_audible(slots, silence_gate(slots)))
    if not audible.size:
        return Pauses(duration_ms, 0, ())
    starts, ends = (audible[:-1] + 1) * slot_ms, audible[1:] * slot_ms
    long = ends - starts >= LONG_GAP_MS
    pairs = zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    after = max(0, duration_ms - (int(audible[-1]) + 1) * slot_ms)
    return Pauses(int(audible[0]) * slot_ms, after, tuple(Interval(*pair) for pair in pairs))


def _audible(slots: NDArray[float64], gate: float) -> NDArray[bool_]:
    """True for each audible slot: above the gate, and no faint tick alone."""
    import numpy as np

    above = np.pad(slots > gate, 1)
    beside_another = above[:-2] | above[2:]
    loud = slots > gate * 10 ** (TICK_LU / 10)
    return above[1:-1] & (beside_another | loud)
