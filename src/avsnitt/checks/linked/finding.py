"""Asks rules about a value, and keeps what they find to what people can take in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from avsnitt.checks.linked.facts import MOST_BREACHES, Breach

T = TypeVar("T")


def find(rules: Iterable[Callable[[T], Iterator[Breach]]], value: T) -> Iterator[Breach]:
    """Every rule's breaches, rule by rule, no more than ten of each."""
    for rule in rules:
        yield from islice(rule(value), MOST_BREACHES)
