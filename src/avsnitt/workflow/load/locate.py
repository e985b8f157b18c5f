"""Finds the line of a finding about one of the show's own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from avsnitt.content.settings import place_path
from avsnitt.formats.front_matter import FrontMatterError, locate, split_front_matter
from avsnitt.problems.codes import problem_of
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where
from avsnitt.publish.lockfile import find_row
from avsnitt.show_files import LOCK_PATH, SETTINGS_PATH

if TYPE_CHECKING:
    from avsnitt.problems.finding import Finding


def locate_finding(finding: Finding, read: Callable[[str], str]) -> Problem:
    """
    The Problem that a finding about one of the show's own files is, with the line of its key.

    `read` gives the text of a file by its path in the show, and raises ProblemError.
    """
    return problem_of(finding, _where(finding, read))


def _where(finding: Finding, read: Callable[[str], str]) -> Where:
    path = finding.subject.id if finding.subject else ""
    key = finding.place.key
    if not key:
        return Where(path, finding.place.line, 0, finding.place.text)
    try:
        text = read(path)
        if path == SETTINGS_PATH:
            return place_path(text, key)
        if path == LOCK_PATH:
            number, row = find_row(text, str(key[0]))
            return Where(path, number, 0, row)
        line, column = locate(split_front_matter(text).text, key)
    except (ProblemError, FrontMatterError):
        return Where(path)
    lines = text.split("\n")
    shown = lines[line - 1].rstrip() if 0 < line <= len(lines) else ""
    return Where(path, line, column, shown)
