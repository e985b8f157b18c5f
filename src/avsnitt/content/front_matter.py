"""A file with front matter: read, fitted to its shape, and every mistake given its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar

from avsnitt.formats.front_matter import (
    FrontMatter,
    FrontMatterError,
    KeyPath,
    locate,
    parse_front_matter,
    split_front_matter,
)
from avsnitt.formats.validation import validate
from avsnitt.problems.codes import problem, problem_of
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where

T = TypeVar("T")

Read = Callable[[str], str]
"""A port: the text of a file, by its path in the show. Raises ProblemError."""


class FrontMatterFile(Generic[T]):
    """
    One file's front matter and body. `fields` is None when `problems` has errors.

    Problems are only added here, by `add_problem`, so that each has its line.
    """

    def __init__(self, path: str, shape: type[T], read: Read) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.fields: T | None = None
        self.body = ""
        self._front_matter = FrontMatter("", "")
        try:
            self._text = read(path)
            self._front_matter = split_front_matter(self._text)
            self.body = self._front_matter.body
            self._fit(shape)
        except ProblemError as found:
            self.problems.append(found.problem)
        except FrontMatterError as error:
            where = self._where_line(error.line, error.column)
            self.problems.append(problem(error.code, where, **error.values))

    def _fit(self, shape: type[T]) -> None:
        self.fields, findings = validate(parse_front_matter(self._front_matter.text), shape)
        self.add_findings(findings)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Add Problems at the keys of what was found in the front matter."""
        self.problems += (problem_of(one, self.where(one.place.key)) for one in findings)

    def add_problem(self, code: str, path: KeyPath = (), **values: object) -> None:
        """Add a Problem at the place of a value in the front matter."""
        self.problems.append(problem(code, self.where(path), **values))

    def where(self, path: KeyPath) -> Where:
        """
        The file, line and column of the value at `path`, or of the innermost mapping around
        it.
        """
        return self._where_line(*locate(self._front_matter.text, path))

    def _where_line(self, line: int, column: int) -> Where:
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return Where(self.path, line, column, text.rstrip())

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")


def read_beside(source: FrontMatterFile[Any], path: str, read: Read) -> str | None:
    """The text of a file that belongs to `source`; None, with a Problem, when there is none."""
    try:
        return read(path)
    except ProblemError as found:
        source.problems.append(found.problem)
        return None


def add_file_findings(source: FrontMatterFile[Any], path: str, findings: Iterable[Finding]) -> None:
    """Add what was found in a text file that belongs to `source` to its Problems."""
    source.problems += (
        problem_of(one, Where(path, one.place.line, 0, one.place.text)) for one in findings
    )
