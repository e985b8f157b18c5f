"""The two kinds of errors.

What the author can mend is a `Problem`: a value, collected with the others, never raised.
What the environment did is an exception with a `hint`, turned into an exit code by `cli.main`:

    AvsnittError          exit 3
    ├── ExternalError     exit 3   a disk, a program or a network failed
    ├── UsageError        exit 2   the command was used in a way it does not have
    └── ContentError      exit 1   carries the Problems that stopped the run
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from avsnitt.model.message import MessageValue
from avsnitt.problems.problem import Problem


class AvsnittError(Exception):
    """
    The root. `hint` says what to do next, in the reader's language when it is known.

    `key` names the words in `locale/<language>/cli.json` (`error.<key>` and its `.cure`), and
    `values` fills them in; `message` is for developers, and for errors without words.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        key: str = "",
        values: Mapping[str, MessageValue] | None = None,
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.key = key
        self.values = dict(values or {})


class ExternalError(AvsnittError):
    """A disk, a program or a network did not do what it was asked."""


class UsageError(AvsnittError):
    """The command was used in a way it does not have."""

    exit_code = 2


class ContentError(AvsnittError):
    """The show has errors, so nothing was written."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("the show has problems")
        self.problems = tuple(problems)


class ProblemError(Exception):
    """Carries a Problem from where it was found to where Problems are collected."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
