"""Short ways to say what was found, for tests that compare it."""

from __future__ import annotations

from collections.abc import Iterable

from avsnitt.model.message import Message
from avsnitt.problems.finding import Finding


def reason_of(finding: Finding) -> str:
    """`not-in-order` of a finding whose reason is the message `mistake.not-in-order`."""
    reason = finding.values["reason"]
    assert isinstance(reason, Message)
    (key,) = reason.keys
    return key.partition(".")[2]


def lines_and_reasons(findings: Iterable[Finding]) -> list[tuple[int, str]]:
    """The line and the reason of each."""
    return [(one.place.line, reason_of(one)) for one in findings]
