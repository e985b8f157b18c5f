"""The changes that subscribers would notice, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from avsnitt.cli.output.safe_text import shorten, visible
from avsnitt.i18n import Strings
from avsnitt.publish.changes import Kind, PublicationChange

SHOWN: Final = 5
"""The number of episodes that are named under one line."""

_WITH_BOTH: Final[frozenset[Kind]] = frozenset(
    ("guid", "title", "date", "number", "address", "enclosure")
)
"""Changes whose before and after say something to people."""
_WITHOUT_EPISODE: Final[frozenset[Kind]] = frozenset(
    ("show-guid", "feed", "order", "show-title", "cover")
)
_COLUMNS: Final = 70


def spell_changes(
    changes: Iterable[PublicationChange], strings: Strings, *, shown: int | None = SHOWN
) -> list[str]:
    """
    A line for each kind of change and one for each episode under it, at most `shown` of them.

    `strings` holds the domain `record`. Empty when there is nothing that subscribers would notice.
    """
    lines = []
    for (kind, refused), group in groupby(changes, lambda one: (one.kind, one.is_refused)):
        found = list(group)
        mark = "!" if refused else "-"
        lines.append(f"  {mark} {_headline(kind, found, strings)}")
        if kind in _WITHOUT_EPISODE:
            continue
        lines += [f"      {_spell(change, strings)}" for change in found[:shown]]
        hidden = len(found) - shown if shown is not None else 0
        if hidden > 0:
            lines.append(f"      {strings('diff.more', n=hidden)}")
    return lines


def _headline(kind: Kind, found: list[PublicationChange], strings: Strings) -> str:
    values = {"before": _short(found[0].before), "after": _short(found[0].after)}
    return strings(f"diff.{kind}", n=len(found), **values)


def _spell(change: PublicationChange, strings: Strings) -> str:
    name = _short(change.title)
    if change.slug:
        name = strings("diff.episode", title=name, slug=visible(change.slug))
    if change.kind not in _WITH_BOTH:
        return name
    values = {"before": _short(change.before) or "–", "after": _short(change.after) or "–"}
    return strings("diff.from-to", name=name, **values)


def _short(text: str) -> str:
    return shorten(visible(text), _COLUMNS)
