"""Finds the audible problems of a recording in its measurements, with their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.i18n import clock
from avsnitt.model.audio import MONO_LU, Analysis, Interval
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.codes import problem_of
from avsnitt.problems.finding import Finding, finding_in_text
from avsnitt.problems.problem import Problem, Where

SHORTEST_MS: Final = 400
"""Shorter audio has no loudness (BS.1770-4)."""
OFFSET: Final = 0.01
DEAD_DB: Final = 35.0
DEAD_BESIDE_DBFS: Final = -60.0
"""The other channel must be above this: a recording that is faint in both has no dead one."""
CANCELLED: Final = -0.5
HUM_BELOW_LU: Final = 45.0
"""Hum that is weaker than the talk by more than this is below the noise of any room."""
LONG_END_MS: Final = 2000
LONG_GAP_MS: Final = 5000
MOST_GAIN_LU: Final = 20.0
PLACES_NAMED: Final = 3


def audio_problems(
    analysis: Analysis, where: Where, *, loudness_lufs: float = -16.0
) -> tuple[Problem, ...]:
    """
    The problems of a recording that will be brought to `loudness_lufs` (for stereo; mono is made
    MONO_LU lower), SOUND-020 to SOUND-028. Total silence has only that one problem.
    """
    found = list(_silent(analysis))
    if not found:
        found = [one for rule in RULES for one in rule(analysis)]
        found += _quiet(analysis, loudness_lufs)
    return tuple(problem_of(one, where) for one in found)


def _silent(analysis: Analysis) -> Iterator[Finding]:
    if analysis.loudness.integrated_lufs is None and analysis.duration_ms >= SHORTEST_MS:
        yield finding_in_text("SOUND-020", {"length": clock(analysis.duration_ms)})


def _clipped(analysis: Analysis) -> Iterator[Finding]:
    if analysis.clipped:
        yield finding_in_text("SOUND-021", spell_times(analysis.clipped))


def _offset(analysis: Analysis) -> Iterator[Finding]:
    most = max(map(abs, analysis.dc_offset), default=0.0)
    if most > OFFSET:
        yield finding_in_text("SOUND-022", {"percent": str(round(100 * most))})


def _dead(analysis: Analysis) -> Iterator[Finding]:
    if len(analysis.level_dbfs) != 2:
        return
    left, right = analysis.level_dbfs
    if abs(left - right) >= DEAD_DB and max(left, right) > DEAD_BESIDE_DBFS:
        side = "left" if left < right else "right"
        yield finding_in_text(
            "SOUND-023",
            {"channel": message(f"channel.{side}"), "below": str(round(abs(left - right)))},
        )


def _cancelled(analysis: Analysis) -> Iterator[Finding]:
    if analysis.correlation < CANCELLED:
        yield finding_in_text("SOUND-024")


def _hum(analysis: Analysis) -> Iterator[Finding]:
    loudness = analysis.loudness.integrated_lufs
    if not analysis.hum_hz or loudness is None:
        return
    below = loudness - analysis.hum_dbfs
    if below < HUM_BELOW_LU:
        declared = message("hum.below") if below >= 1 else message("hum.above")
        yield finding_in_text(
            "SOUND-025", {"hz": str(analysis.hum_hz), "below": str(round(below)), "what": declared}
        )


def _ends(analysis: Analysis) -> Iterator[Finding]:
    length = analysis.duration_ms
    ends = (
        Interval(0, analysis.silence_start_ms),
        Interval(length - analysis.silence_end_ms, length),
    )
    long = tuple(end for end in ends if end.end_ms - end.start_ms > LONG_END_MS)
    if long:
        yield finding_in_text("SOUND-026", spell_times(long))


def _gaps(analysis: Analysis) -> Iterator[Finding]:
    long = tuple(gap for gap in analysis.gaps if gap.end_ms - gap.start_ms > LONG_GAP_MS)
    if long:
        yield finding_in_text("SOUND-027", spell_times(long))


def _quiet(analysis: Analysis, loudness_lufs: float) -> Iterator[Finding]:
    loudness = analysis.loudness.integrated_lufs
    target = loudness_lufs - (MONO_LU if analysis.channels == 1 else 0)
    if loudness is not None and target - loudness > MOST_GAIN_LU:
        yield finding_in_text("SOUND-028", {"gain": str(round(target - loudness))})


RULES: Final[tuple[Callable[[Analysis], Iterator[Finding]], ...]] = (
    _clipped,
    _offset,
    _dead,
    _cancelled,
    _hum,
    _ends,
    _gaps,
)


def spell_times(stretches: tuple[Interval, ...]) -> MessageValues:
    """Message values for some stretches: the times of the first, and the number of the others."""
    more = len(stretches) - PLACES_NAMED
    words = "times.few" if more <= 0 else "times.one-more" if more == 1 else "times.more"
    times = ", ".join(map(_times, stretches[:PLACES_NAMED]))
    return {"times": times, "more": str(max(0, more)), "what": message(words)}


def _times(stretch: Interval) -> str:
    """`0:12` or `0:12–0:14`."""
    start, end = clock(stretch.start_ms), clock(stretch.end_ms)
    return start if start == end else f"{start}–{end}"
