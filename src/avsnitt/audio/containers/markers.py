"""Turns the chapters or markers inside a recording into Chapters that can be published."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from avsnitt.formats.plain_text import clean_line, shorten
from avsnitt.model.show import Chapter

MOST_MARKS: Final = 1_000
MOST_CHARACTERS: Final = 500
MOST_URL_CHARACTERS: Final = 2_000


def tidy_marks(marks: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """
    The marks that are chapters, in time order: those with a name, and the first at each ms. Ends
    are left out, since a mark is where something begins, and so are links that are no web
    addresses.
    """
    named: dict[int, Chapter] = {}
    for mark in islice(marks, MOST_MARKS):
        title = shorten(clean_line(mark.title), MOST_CHARACTERS)
        if title and mark.start_ms >= 0:
            chapter = Chapter(start_ms=mark.start_ms, title=title, url=web_address(mark.url))
            named.setdefault(mark.start_ms, chapter)
    return tuple(named[start_ms] for start_ms in sorted(named))


def is_name(text: str) -> bool:
    """True when a marker's name is more than a number, which recorders give to every marker that
    a button sets."""
    return not text.strip().isdecimal()


def web_address(url: str) -> str:
    """The same link when it is an address of the web that can be published; else empty."""
    fits = url.startswith(("https://", "http://")) and len(url) <= MOST_URL_CHARACTERS
    return url if fits and url.isprintable() and " " not in url else ""


def as_text(raw: bytes, otherwise: str) -> str:
    """The text of bytes in UTF-8, or else in `otherwise`, which older programs wrote."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(otherwise, "replace")
