"""Problems in words: grouped for people, as JSON for programs. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from avsnitt.cli.output.safe_text import json_safe, shorten, visible, width
from avsnitt.i18n import Strings
from avsnitt.model.message import Message
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.problem import Problem, Severity, Where

PLACES_SHOWN: Final = 3
VALUE_COLUMNS: Final = 300
LINE_COLUMNS: Final = 100
_WEIGHT: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "info": 2}
_COUNTS: Final[dict[Severity, str]] = {
    "error": "count.errors",
    "warning": "count.warnings",
    "info": "count.infos",
}
_UNKNOWN: Final = "problems.unknown"

_SENTENCE_END: Final = re.compile(r"(?<=[.?!]) +|(?<=}) +(?=[A-ZÅÄÖ])")
"""A value may be a whole sentence, and then it has no point of its own."""

Paint = Callable[[str, str], str]
"""Colours a text by a style name: a severity, `strong` or `faint`."""


def plain(text: str, style: str) -> str:
    """Paints nothing."""
    del style
    return text


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """By place, with `2-b` before `10-a`, then by code."""
    return sorted(problems, key=lambda problem: (place_key(problem.where), problem.code))


def place_key(where: Where) -> tuple[tuple[tuple[int, int | str], ...], int, int]:
    """The key to sort problems by: path with numbers by their value, then line and column."""
    return _natural(where.path), where.line, where.column


def _natural(path: str) -> tuple[tuple[int, int | str], ...]:
    parts = re.split(r"([0-9]{1,18})", path)
    return tuple((0, int(part)) if index % 2 else (1, part) for index, part in enumerate(parts))


def group_problems(problems: Iterable[Problem]) -> list[list[Problem]]:
    """One list a code and weight, the grave ones first, otherwise by the first place."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in sort_problems(problems):
        groups.setdefault((problem.code, problem.severity), []).append(problem)
    return sorted(groups.values(), key=lambda group: _WEIGHT[group[0].severity])


def render_problems(
    problems: Iterable[Problem],
    strings: Strings,
    *,
    paint: Paint = plain,
    places: int | None = PLACES_SHOWN,
) -> str:
    """
    Every problem in words, one block a code, with a line break at the end; empty for none.

    `strings` holds the domains `cli` and `problems`. `places` None shows every place.
    """
    blocks = [_block(group, strings, paint, places) for group in group_problems(problems)]
    return "\n".join(blocks)


def _block(group: Sequence[Problem], strings: Strings, paint: Paint, places: int | None) -> str:
    first = group[0]
    label = paint(strings(f"severity.{first.severity}"), first.severity)
    lines = [f"{label}: {paint(_headline(group, strings), 'strong')} [{first.code}]"]
    for problem in group[:places]:
        lines += _place(problem, strings, paint)
    hidden = 0 if places is None else len(group) - places
    if hidden > 0:
        lines.append(f"  {strings('problems.more', n=hidden)}")
    lines += _advice(first, strings)
    return "".join(f"{line}\n" for line in lines)


def _headline(group: Sequence[Problem], strings: Strings) -> str:
    return words(group[0], "", strings, n=len(group)) or strings(_UNKNOWN, n=len(group))


def _place(problem: Problem, strings: Strings, paint: Paint) -> list[str]:
    where = problem.where
    name = visible(where.path) or strings("problems.whole-show")
    numbers = [str(number) for number in (where.line, where.column) if number]
    lines = [f"  {paint(':'.join([name, *numbers]), 'strong')}", f"    {say(problem, strings)}"]
    return lines + [f"    {paint(line, 'faint')}" for line in _quote(where)]


def _quote(where: Where) -> list[str]:
    """The offending line, with a caret under the column when there is one."""
    if not where.text.strip():
        return []
    text = where.text.rstrip("\r\n")
    margin = f"{where.line or ''} | "
    if not 0 < where.column <= len(text) + 1:
        return [margin + shorten(visible(text), LINE_COLUMNS)]
    start = max(0, where.column - LINE_COLUMNS // 2)
    before = ("…" if start else "") + visible(text[start : where.column - 1])
    line = shorten(before + visible(text[where.column - 1 :]), LINE_COLUMNS + width(before))
    return [margin + line, " " * (len(margin) - 2) + "| " + " " * width(before) + "^"]


def _advice(problem: Problem, strings: Strings) -> list[str]:
    rows = (("problems.why", ".why"), ("problems.cure", ".cure"))
    texts = ((key, words(problem, ending, strings)) for key, ending in rows)
    return [f"  {strings(key, text=text)}" for key, text in texts if text]


def say(problem: Problem, strings: Strings) -> str:
    """The sentence about one problem, its values made visible."""
    sentence = words(problem, ".say", strings)
    if sentence:
        return sentence
    values = ", ".join(
        f"{name}={value}" for name, value in _visible_values(problem, strings).items()
    )
    return strings("problems.unknown.say", values=values or problem.code)


def words(problem: Problem, ending: str, strings: Strings, **more: object) -> str:
    """
    The words under one key of a problem, filled in; empty when there are none.

    A Message among the values becomes its words, sentence by sentence.
    """
    key = f"problems.{problem.code}{ending}"
    if key not in strings:
        return ""
    if not ending:
        return strings(key, **more)
    sentence = strings.raw(key).format_map(_Values(_visible_values(problem, strings)))
    return " ".join(sentence.split())


def without_values(text: str) -> str:
    """The whole sentences of a text, without those that only a real problem can fill in."""
    sentences = _SENTENCE_END.split(text)
    return " ".join(one for one in sentences if "{" not in one)


class _Values(dict[str, str]):
    """A value that a problem does not have leaves no trace in the sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def _visible_values(problem: Problem, strings: Strings) -> dict[str, str]:
    shown = _Values(
        (name, shorten(visible(value), VALUE_COLUMNS))
        for name, value in problem.values.items()
        if isinstance(value, str)
    )
    # A sentence is made of the other values, so it comes after them.
    for name, value in sorted(problem.values.items(), key=lambda pair: pair[0] == "what"):
        if isinstance(value, Message):
            shown[name] = " ".join(strings.raw(key).format_map(shown) for key in value.keys)
    if shown.get("near"):
        shown["near"] = strings("near", near=shown["near"])
    return shown


def count_problems(problems: Iterable[Problem], strings: Strings) -> str:
    """`2 fel, 1 varning`; empty for none."""
    found = list(problems)
    counts = [
        (key, sum(problem.severity == severity for problem in found))
        for severity, key in _COUNTS.items()
    ]
    return ", ".join(strings(key, n=count) for key, count in counts if count)


def problems_as_json(problems: Iterable[Problem], strings: Strings) -> str:
    """
    A JSON array with one object a problem, sorted by place, and a line break.

    Keys: code, severity, path, line, column, text, message, why, cure, asked_by, source. Signs
    that a terminal would obey are escaped, and read back as themselves.
    """
    rows = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "path": problem.where.path,
            "line": problem.where.line,
            "column": problem.where.column,
            "text": problem.where.text,
            "message": say(problem, strings),
            "why": words(problem, ".why", strings),
            "cure": words(problem, ".cure", strings),
            "asked_by": list(facts.asked_by) if (facts := RULEBOOK.get(problem.code)) else [],
            "source": facts.source if facts else "",
        }
        for problem in sort_problems(problems)
    ]
    return json_safe(json.dumps(rows, ensure_ascii=False, indent=1)) + "\n"
