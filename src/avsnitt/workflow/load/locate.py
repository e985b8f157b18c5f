"""Gives a Finding its line, and a Fault its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from avsnitt.content.settings import place_path
from avsnitt.formats.front_matter import FrontMatterError, locate, split_front_matter
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where
from avsnitt.publish.lockfile import find_row
from avsnitt.show_files import LOCK_PATH, SETTINGS_PATH

if TYPE_CHECKING:
    from avsnitt.checks.feed.tree import Fault


def locate_finding(finding: Finding, read: Callable[[str], str]) -> Problem:
    """The Problem that a Finding is, with the line its key stands on, when it has a key."""
    where = _find(finding, read) if finding.key else Where(finding.path)
    return problem(finding.code, where, **finding.values)


def problem_of(fault: Fault, where: Where) -> Problem:
    """A fault as a Problem, no graver than the fault itself says."""
    found = problem(fault.code, where, **fault.values)
    if fault.severity is None:
        return found
    return msgspec.structs.replace(found, severity=fault.severity)


def _find(finding: Finding, read: Callable[[str], str]) -> Where:
    try:
        text = read(finding.path)
        if finding.path == SETTINGS_PATH:
            return place_path(text, finding.key)
        if finding.path == LOCK_PATH:
            number, row = find_row(text, str(finding.key[0]))
            return Where(finding.path, number, 0, row)
        line, column = locate(split_front_matter(text).text, finding.key)
    except (ProblemError, FrontMatterError):
        return Where(finding.path)
    lines = text.split("\n")
    shown = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    return Where(finding.path, line, column, shown)
