"""Run rules on a value, and limit what they find to what people can take in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce, wraps
from itertools import islice
from operator import add
from typing import Final, TypeVar

import msgspec

from avsnitt.checks.files.facts import MOST_FINDINGS
from avsnitt.model.message import Message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity

T = TypeVar("T")
Rule = Callable[[T], Iterator[Finding]]
GRAVE_FIRST: Final[tuple[Severity | None, ...]] = (None, "error", "warning", "info")
"""None is as grave as the rule can be."""


def run_rules(rules: Iterable[Rule[T]], value: T) -> Iterator[Finding]:
    """Every rule's findings, rule by rule, no more than ten of each."""
    for rule in rules:
        yield from islice(rule(value), MOST_FINDINGS)


def one_finding_per_file(rule: Rule[T]) -> Rule[T]:
    """
    A rule whose findings on one file are joined into one, since the headline counts files: it
    has each sentence, the first place, and the gravest severity. A value has one name in all of
    its sentences.
    """

    @wraps(rule)
    def joined(value: T) -> Iterator[Finding]:
        findings = list(islice(rule(value), MOST_FINDINGS))
        if len(findings) < 2:
            yield from findings
            return
        values = {name: text for one in findings for name, text in one.values.items()}
        values["what"] = reduce(add, (_sentence(one) for one in findings))
        severities = {one.severity for one in findings}
        gravest = next((one for one in GRAVE_FIRST if one in severities), None)
        yield msgspec.structs.replace(findings[0], values=values, severity=gravest)

    return joined


def _sentence(finding: Finding) -> Message:
    what = finding.values["what"]
    if isinstance(what, str):
        raise TypeError(f"{finding.code}: {what!r} is no message")
    return what
