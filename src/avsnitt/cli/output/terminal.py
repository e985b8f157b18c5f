"""The output of all commands: names to stdout, messages to stderr, colours to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol, TextIO

from avsnitt.cli.output.problems import (
    PLACES_SHOWN,
    count_problems,
    problems_as_json,
    render_problems,
)
from avsnitt.cli.output.safe_text import shorten, visible, width
from avsnitt.i18n import Strings
from avsnitt.model.message import Message, MessageValue
from avsnitt.problems.errors import AvsnittError
from avsnitt.problems.problem import Problem
from avsnitt.system.clock import monotonic_s
from avsnitt.system.machine import terminal_columns

PATIENCE_S: Final = 1.0
REDRAW_S: Final = 0.1
BAR_COLUMNS: Final = 20
LEAST_BAR_COLUMNS: Final = 5
"""A bar that would be shorter is left out, so that the words have room."""

_STYLES: Final = {
    "error": "31;1",
    "warning": "33;1",
    "info": "36",
    "strong": "1",
    "faint": "2",
}

_CLEAR_LINE: Final = "\r\x1b[2K"


class Advance(Protocol):
    """Called with how much is done and how much there is in all, in any unit, and what to add."""

    def __call__(self, done: int, total: int, note: str = "") -> None: ...


class Terminal:
    """
    The two streams and how to write on them.

    `environ` is asked for NO_COLOR (no-color.org: any value but an empty one) and TERM; `clock`
    counts seconds. `strings` holds the domains `cli` and `problems`.
    """

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        environ: Mapping[str, str],
        strings: Strings,
        *,
        clock: Callable[[], float] = monotonic_s,
    ) -> None:
        self.strings = strings
        self._out = out
        self._err = err
        self._clock = clock
        self._is_screen = err.isatty() and environ.get("TERM") != "dumb"
        self._colours = self._is_screen and not environ.get("NO_COLOR")
        self._bar: _Bar | None = None
        self._side_by_side = err.isatty() and out.isatty()

    # --- Plain words ------------------------------------------------------------------------

    def name(self, text: str) -> None:
        """A name a program may read: one line on stdout."""
        _write(self._out, f"{visible(text)}\n")

    def data(self, text: str) -> None:
        """Text for a program, as it is, on stdout."""
        _write(self._out, text)

    def talk(self, text: str) -> None:
        """One line to the one who sits there, on stderr. `text` is our own words."""
        self._print(f"{text}\n")

    def say(self, key: str, **values: object) -> None:
        """Words from the tables, with values made visible."""
        shown = {
            name: visible(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        self.talk(self.strings(key, **shown))

    def paint(self, text: str, style: str) -> str:
        """The text in a style (`error`, `warning`, `info`, `strong`, `faint`), or as it is."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._colours else text

    # --- Problems and errors --------------------------------------------------------------

    def problems(self, problems: Iterable[Problem], *, places: int | None = PLACES_SHOWN) -> None:
        """Every problem, grouped, on stderr; `places` None shows every place."""
        self._print(render_problems(problems, self.strings, paint=self.paint, places=places))

    def problems_json(self, problems: Iterable[Problem]) -> None:
        """Every problem as one JSON array on stdout."""
        _write(self._out, problems_as_json(problems, self.strings))

    def error(self, error: AvsnittError) -> None:
        """Print on stderr what went wrong, and what to do about it."""
        key = f"error.{error.key}"
        values = {name: visible(self._word(value)) for name, value in error.values.items()}
        known = bool(error.key) and key in self.strings
        what = self.strings(key, **values) if known else visible(str(error))
        cure = self.strings(f"{key}.cure", **values) if known else visible(error.hint)
        self.talk(self.paint(self.strings("error.title", what=what), "error"))
        if cure:
            self.talk(self.strings("error.cure", text=cure))

    def _word(self, value: MessageValue) -> str:
        if isinstance(value, Message):
            return " ".join(self.strings(key) for key in value.keys)
        return value

    def report(
        self, *, made: str, problems: Iterable[Problem], where: str, named: bool = True
    ) -> None:
        """
        Three lines: what was made, what is worth fixing, and where it is (on stdout, unless it is
        not `named` because the command has another name to give).
        """
        counted = count_problems(problems, self.strings)
        self.say("report.made", made=made)
        if counted:
            self.say("report.worth", what=counted)
        else:
            self.say("report.nothing-worth")
        label = self.strings("report.where")
        # On one screen the label and the path share a line; in a pipe the path is alone.
        shared = self._side_by_side and named
        self._print(f"{label} " if shared else f"{label} {visible(where)}\n")
        if named:
            self.name(where)

    # --- Long work --------------------------------------------------------------------------

    @contextmanager
    def progress(self, label: str) -> Iterator[Advance]:
        """
        A bar for work that takes more than a second, on a terminal only.

        Inside, call what is given with what is done and what there is in all, and words of the
        caller's own to stand in the line.
        """
        if not self._is_screen:
            yield _ignore
            return
        self._bar = _Bar(self._err, visible(label), self.strings, self._clock)
        try:
            yield self._bar.advance
        finally:
            self._bar.clear()
            self._bar = None

    def _print(self, text: str) -> None:
        """Print a message during long work, above the progress bar."""
        if self._bar:
            self._bar.clear()
        _write(self._err, text)


def _ignore(done: int, total: int, note: str = "") -> None:
    del done, total, note


def _write(stream: TextIO, text: str) -> None:
    """A terminal that cannot show a sign gets its code instead of our traceback."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


class _Bar:
    def __init__(
        self, stream: TextIO, label: str, strings: Strings, clock: Callable[[], float]
    ) -> None:
        self._stream = stream
        self._label = label
        self._strings = strings
        self._clock = clock
        self._started_s = self._next_s = clock()
        self._next_s += PATIENCE_S
        self._drawn = False

    def advance(self, done: int, total: int, note: str = "") -> None:
        now_s = self._clock()
        if now_s < self._next_s or total <= 0:
            return
        self._next_s = now_s + REDRAW_S
        self._drawn = True
        share = min(max(done / total, 0.0), 1.0)
        columns = terminal_columns() - 1
        words = self._words(share, now_s - self._started_s, note)
        room = columns - width(f"{self._label} [] {words}")
        bar = _draw(share, min(room, BAR_COLUMNS)) if room >= LEAST_BAR_COLUMNS else ""
        _write(self._stream, _CLEAR_LINE + shorten(f"{self._label} {bar}{words}", columns))

    def _words(self, share: float, spent_s: float, note: str) -> str:
        parts = [f"{int(share * 100)} %"]
        if note:
            parts.append(note)
        if share > 0:
            left = spell_left(spent_s * (1 - share) / share, self._strings)
            parts.append(self._strings("progress.left", left=left))
        parts.append(self._strings("progress.safe"))
        return ", ".join(parts)

    def clear(self) -> None:
        if self._drawn:
            _write(self._stream, _CLEAR_LINE)
            self._drawn = False


def _draw(share: float, columns: int) -> str:
    full = round(share * columns)
    return f"[{'#' * full}{'.' * (columns - full)}] "


def spell_left(seconds: float, strings: Strings) -> str:
    """A time in its largest unit, rounded up: nobody needs the seconds of an hour."""
    whole = int(seconds) + 1
    for key, unit_s in (("progress.hours", 3600), ("progress.minutes", 60)):
        if whole > unit_s:
            return strings(key, n=-(-whole // unit_s))
    return strings("progress.seconds", n=whole)
