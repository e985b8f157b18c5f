"""A file with front matter: read, fitted to its shape, and every mistake given its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from avsnitt.formats.front_matter import (
    Matter,
    MatterTrouble,
    Path,
    locate,
    parse_matter,
    split_matter,
)
from avsnitt.formats.validation import fit
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ProblemFound
from avsnitt.problems.parse_error import Mistake
from avsnitt.problems.problem import Problem, Where

T = TypeVar("T")

Read = Callable[[str], str]
"""A port: the text of a file, by its path in the show. Raises ProblemFound."""


class Mattered(Generic[T]):
    """
    One file's front matter and body. `matter` is None when `problems` has errors.

    Problems are only added here, by `complain`, so that each has its line.
    """

    def __init__(self, path: str, shape: type[T], read: Read) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.matter: T | None = None
        self.body = ""
        self._matter = Matter("", "")
        try:
            self._text = read(path)
            self._matter = split_matter(self._text)
            self.body = self._matter.body
            self._fit(shape)
        except ProblemFound as found:
            self.problems.append(found.problem)
        except MatterTrouble as trouble:
            where = self._where_line(trouble.line, trouble.column)
            self.problems.append(problem(trouble.code, where, **trouble.values))

    def _fit(self, shape: type[T]) -> None:
        self.matter, misfits = fit(parse_matter(self._matter.text), shape)
        for misfit in misfits:
            self.complain(misfit.code, misfit.path, **misfit.values)

    def complain(self, code: str, path: Path = (), **values: object) -> None:
        """Add a Problem at the place of a value in the front matter."""
        self.problems.append(problem(code, self.where(path), **values))

    def where(self, path: Path) -> Where:
        return self._where_line(*locate(self._matter.text, path))

    def _where_line(self, line: int, column: int) -> Where:
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return Where(self.path, line, column, text.rstrip())

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")


def read_beside(source: Mattered[Any], path: str, read: Read) -> str | None:
    """The text of a file that belongs to `source`; None, with a Problem, when there is none."""
    try:
        return read(path)
    except ProblemFound as found:
        source.problems.append(found.problem)
        return None


def tell_mistakes(
    source: Mattered[Any], code: str, path: str, mistakes: tuple[Mistake, ...]
) -> None:
    """Add the mistakes in a file that belongs to `source` to its Problems."""
    for mistake in mistakes:
        where = Where(path, mistake.line, 0, mistake.text)
        source.problems.append(problem(code, where, reason=f"@mistake.{mistake.code}"))
