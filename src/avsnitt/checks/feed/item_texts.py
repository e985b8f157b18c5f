"""IT-: rules on an item's description, and on the times of chapters in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from lxml import etree

from avsnitt.checks.feed.items import each_item
from avsnitt.checks.feed.tree import CONTENT, Feed, raw_text, text_of
from avsnitt.formats.plain_text import strip_markup
from avsnitt.model.message import Message, message
from avsnitt.problems.finding import Finding

MOST_BYTES: Final = 4000
"""Of a description in UTF-8 (PSP-1, "item description")."""
FEWEST_TIMES: Final = 3
LONGEST_TITLE: Final = 40
"""Characters; with fewer times or longer titles a list is no chapters (Apple 5482; Spotify)."""
READ_CHARACTERS: Final = 200_000
"""Of a description, by these rules: more than any app shows."""

_TAG: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})")
_ALLOWED: Final = frozenset("p ol ul li a b i strong em br".split())
_DANGEROUS: Final = frozenset("script style iframe object embed applet form meta link base".split())
_FORBIDDEN: Final = re.compile(rf"</?({'|'.join(sorted(_DANGEROUS))})\b", re.IGNORECASE)
_MAYBE: Final = re.compile(r"\son[a-z]{3,20}\s?=", re.IGNORECASE)
_HANDLER: Final = re.compile(r"<[^<>]*?\s(on[a-z]{3,20})\s?=", re.IGNORECASE)
_SCRIPT_ADDRESS: Final = re.compile(r"(?:href|src)\s?=\s?[\"']\s?(javascript|vbscript):", re.I)
_LINE: Final = re.compile(
    r"[(\[]?((?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2})[)\]]?\s{0,5}[-–—:.|]?\s{0,5}(.*)"
)
_TIME: Final = re.compile(r"(?<![0-9:])(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}(?![0-9:])")


def description(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-012 for a description that is missing or over 4000 bytes."""
    element = feed.first(item, "description")
    text = text_of(element)
    if element is None or not text:
        at = item if element is None else element
        yield feed.finding(
            "IT-012", at, "description", "warning", what=message("feed.no-item-description")
        )
    elif (size := len(text.encode(errors="replace"))) > MOST_BYTES:
        what = message("feed.long-description")
        yield feed.finding("IT-012", element, "description", what=what, size=str(size))


def tags(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-013 for HTML elements in a description that Apple's list does not have."""
    element = feed.first(item, "description")
    text = raw_text(element)[:READ_CHARACTERS]
    if element is None or "<" not in text:
        return
    found = dict.fromkeys(one.lower() for one in _TAG.findall(text))
    others = [one for one in found if one not in _ALLOWED and one not in _DANGEROUS]
    if others:
        yield feed.finding("IT-013", element, "description", found=", ".join(others[:10]))


def dangerous(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-014 for HTML that can run a script, load another page or change this one."""
    for tag, name in (("description", "description"), (f"{CONTENT}encoded", "content:encoded")):
        element = feed.first(item, tag)
        if element is not None and (found := _danger(raw_text(element)[:READ_CHARACTERS])):
            yield feed.finding("IT-014", element, name, name=name, found=found)


def _danger(text: str) -> str:
    if "<" not in text:
        return ""
    found = _FORBIDDEN.search(text)
    if found is None and _MAYBE.search(text):
        found = _HANDLER.search(text)
    if found is None and "script:" in text:
        found = _SCRIPT_ADDRESS.search(text)
    return found[1] if found else ""


def content(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-015 for a `content:encoded` without a `description`, or before it."""
    whole = feed.first(item, f"{CONTENT}encoded")
    if whole is None:
        return
    short = feed.first(item, "description")
    if short is None:
        yield feed.finding("IT-015", whole, "content:encoded", what=message("feed.content-alone"))
    elif item.index(short) > item.index(whole):
        yield feed.finding("IT-015", whole, "content:encoded", what=message("feed.content-first"))


def timestamps(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-028 for a list of times in a description that apps do not take for chapters."""
    element = feed.first(item, "description")
    if element is None or ":" not in (text := raw_text(element)[:READ_CHARACTERS]):
        return
    if what := _wrong_times(strip_markup(text) if "<" in text else text):
        yield feed.finding("IT-028", element, "description", what=what)


def _wrong_times(text: str) -> Message | None:
    """
    The words on the reason why a list of times is no list of chapters; None for nothing wrong.
    """
    rows = [found for line in text.splitlines() if (found := _LINE.fullmatch(line.strip()))]
    times = [_seconds(row[1]) for row in rows]
    if len(rows) < FEWEST_TIMES:
        # One time, or two that do not begin at 0, are running text and not meant as chapters.
        return (
            message("feed.times-few") if len(rows) == FEWEST_TIMES - 1 and times[0] == 0 else None
        )
    if times[0] != 0:
        return message("feed.times-start")
    if any(before >= after for before, after in pairwise(times)):
        return message("feed.times-order")
    if any(_TIME.search(row[2]) for row in rows):
        return message("feed.times-line")
    return message("feed.times-title") if any(len(row[2]) > LONGEST_TITLE for row in rows) else None


def _seconds(clock: str) -> int:
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total


RULES: Final[tuple[Callable[[Feed], Iterator[Finding]], ...]] = tuple(
    map(each_item, (description, tags, dangerous, content, timestamps))
)
