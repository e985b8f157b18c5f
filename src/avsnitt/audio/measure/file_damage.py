"""Finds the problems of a recording as a file: missing parts, and parts that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from avsnitt.i18n import clock
from avsnitt.model.audio import Analysis, PcmFacts
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Problem, Where

SLACK_MS: Final = 500
SLACK_SHARE: Final = 1000
"""A header may be wrong by half a second and a thousandth of the whole without a problem."""


def damage_problems(facts: PcmFacts, analysis: Analysis, where: Where) -> tuple[Problem, ...]:
    """
    The problems of the file itself, once it has been decoded: SOUND-004, SOUND-005, and SOUND-010
    to SOUND-015. `analysis` is of the whole recording; its samples count, not the header.
    """
    if facts.protected:
        return (problem("SOUND-004", where, scheme=facts.protected),)
    if not analysis.samples:
        return (problem("SOUND-005", where),)
    return (*lengths(facts, analysis, where), *contents(facts, analysis, where))


def lengths(facts: PcmFacts, analysis: Analysis, where: Where) -> Iterator[Problem]:
    """SOUND-010 or SOUND-011 for less or more audio than the file claims, else SOUND-015 for a
    stream without an end."""
    there, declared = analysis.duration_ms, facts.declared_ms
    values = {"declared": clock(declared), "there": clock(there)}
    if declared and is_off(declared, there):
        yield problem("SOUND-010" if declared > there else "SOUND-011", where, **values)
    elif not facts.ended:
        yield problem("SOUND-015", where, there=clock(there))


def is_off(declared_ms: int, there_ms: int) -> bool:
    """True when a claimed length is further from the real one than headers usually are."""
    return abs(declared_ms - there_ms) > SLACK_MS + declared_ms // SLACK_SHARE


def contents(facts: PcmFacts, analysis: Analysis, where: Where) -> Iterator[Problem]:
    """SOUND-012 for broken packets, SOUND-013 for samples that are no numbers, SOUND-014 for more
    than two channels."""
    if analysis.broken_packets:
        yield problem("SOUND-012", where, places=analysis.broken_packets)
    if analysis.not_numbers:
        yield problem("SOUND-013", where, samples=analysis.not_numbers)
    if facts.source_channels > 2:
        yield problem("SOUND-014", where, channels=facts.source_channels)
