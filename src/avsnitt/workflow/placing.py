"""Gives a Finding its line."""

from __future__ import annotations

from collections.abc import Callable

from avsnitt.config import PATH as SETTINGS_PATH
from avsnitt.config import place_path
from avsnitt.errors import Problem, ProblemFound, Where
from avsnitt.findings import Finding
from avsnitt.formats.matter import MatterTrouble, locate, split_matter
from avsnitt.problems import problem


def place_finding(finding: Finding, read: Callable[[str], str]) -> Problem:
    """The Problem that a Finding is, with the line its key stands on, when it has a key."""
    where = _find(finding, read) if finding.key else Where(finding.path)
    return problem(finding.code, where, **finding.values)


def _find(finding: Finding, read: Callable[[str], str]) -> Where:
    try:
        text = read(finding.path)
        if finding.path == SETTINGS_PATH:
            return place_path(text, finding.key)
        line, column = locate(split_matter(text).text, finding.key)
    except (ProblemFound, MatterTrouble):
        return Where(finding.path)
    lines = text.split("\n")
    shown = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    return Where(finding.path, line, column, shown)
