"""A Problem in words: what, why and what to do, in one language. Pure."""

from __future__ import annotations

import msgspec

from avsnitt.errors import Problem
from avsnitt.i18n import Strings


class Words(msgspec.Struct, frozen=True):
    """`say` is what is wrong, `why` it matters, `cure` what to do."""

    say: str
    why: str
    cure: str


def word_problem(found: Problem, strings: Strings) -> Words:
    """
    The words of one Problem. `strings` has the domain `problems`.

    A value that begins with `@` is the key of words of its own; an empty one leaves no trace.
    """
    values = _Values({name: _word(value, found, strings) for name, value in found.values.items()})
    if values.get("near"):
        values["near"] = strings("near", near=values["near"])
    parts = (
        strings.raw(f"problems.{found.code}.{part}").format_map(values).strip()
        for part in ("say", "why", "cure")
    )
    return Words(*(" ".join(part.split()) for part in parts))


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _word(value: str, found: Problem, strings: Strings) -> str:
    if not value.startswith("@") or value[1:] not in strings:
        return value
    return strings.raw(value[1:]).format_map(_Values(found.values))
