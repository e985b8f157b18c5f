"""Asks rules about a value, and keeps what they find to what people can take in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import Final, TypeVar

import msgspec

from avsnitt.checks.files.facts import MOST_BREACHES, Breach
from avsnitt.problems.problem import Severity

T = TypeVar("T")
Rule = Callable[[T], Iterator[Breach]]
GRAVE_FIRST: Final[tuple[Severity | None, ...]] = (None, "error", "warning", "info")
"""None is as grave as the rule can be."""


def run_rules(rules: Iterable[Rule[T]], value: T) -> Iterator[Breach]:
    """Every rule's breaches, rule by rule, no more than ten of each."""
    for rule in rules:
        yield from islice(rule(value), MOST_BREACHES)


def one_finding_per_file(rule: Rule[T]) -> Rule[T]:
    """
    A rule that tells all that it finds in a file as one breach, since its headline counts files:
    each sentence, at the first place, and as grave as the gravest. A value has one name in all of
    its sentences.
    """

    @wraps(rule)
    def told_at_once(value: T) -> Iterator[Breach]:
        breaches = list(islice(rule(value), MOST_BREACHES))
        if len(breaches) < 2:
            yield from breaches
            return
        values = {name: text for one in breaches for name, text in one.values.items()}
        values["what"] = " ".join(dict.fromkeys(one.values["what"] for one in breaches))
        severities = {one.severity for one in breaches}
        gravest = next((one for one in GRAVE_FIRST if one in severities), None)
        yield msgspec.structs.replace(breaches[0], values=values, severity=gravest)

    return told_at_once
