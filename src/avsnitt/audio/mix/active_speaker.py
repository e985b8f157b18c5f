"""Finds the speaker of each cue by the loudest microphone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from avsnitt.model.audio import PEAKS_PER_SECOND, Analysis
from avsnitt.model.show import Cue
from avsnitt.model.value import Value


class Microphone(Value, frozen=True, kw_only=True):
    """One measured track: `person` is the speaker's name, empty when it is not known; it begins
    `at_ms` in the recording."""

    person: str
    analysis: Analysis
    at_ms: int = 0


def speakers_by_track(cues: Iterable[Cue], microphones: Sequence[Microphone]) -> tuple[Cue, ...]:
    """
    The cues; one without a speaker gets the person whose microphone is loudest in its time. Times
    are those of the recording. Each microphone is compared with its own loudness, so that a voice
    that leaks into a louder microphone is not taken for its owner's. A cue stays without a speaker
    when all are silent, two are equally loud, or the loudest has no name.
    """
    scales = [_scale(one.analysis) for one in microphones]
    return tuple(
        cue
        if cue.speaker
        else msgspec.structs.replace(cue, speaker=_loudest(cue, microphones, scales))
        for cue in cues
    )


def _scale(analysis: Analysis) -> float:
    """The factor that makes powers of different microphones comparable; 0 for a silent one."""
    own = analysis.loudness.integrated_lufs
    return 10 ** (-own / 10) if own is not None else 0.0


def _loudest(cue: Cue, microphones: Sequence[Microphone], scales: Sequence[float]) -> str:
    powers = [
        scale * _power(one.analysis, cue.start_ms - one.at_ms, cue.end_ms - one.at_ms)
        for one, scale in zip(microphones, scales, strict=True)
    ]
    most = max(powers, default=0.0)
    if most <= 0 or powers.count(most) > 1:
        return ""
    return microphones[powers.index(most)].person


def _power(analysis: Analysis, start_ms: int, end_ms: int) -> float:
    """The sum of the squared heights of the wave between two times of a track."""
    first = max(0, start_ms * PEAKS_PER_SECOND // 1000)
    last = max(first, -(-end_ms * PEAKS_PER_SECOND // 1000))
    peaks = memoryview(analysis.peaks).cast("b")[2 * first : 2 * last]
    return float(sum((high - low) ** 2 for low, high in zip(peaks[::2], peaks[1::2], strict=False)))
