"""
Read names, texts and numbers of elements of Podcasting 2.0, for the rules on them.

Each function takes time in proportion to the length of what it reads, whatever a feed holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import PODCAST, PODCAST_OLD, Feed
from avsnitt.problems.finding import Finding

ElementRule = Callable[[Feed, etree._Element], Iterator[Finding]]
"""A rule on one element, or on the elements that stand together in one channel or item."""

SHOWN_CHARACTERS: Final = 200
MOST_DATE_CHARACTERS: Final = 60

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_DURATION = re.compile(r"(?:(?:([0-9]{1,6}):)?([0-9]{1,6}):)?([0-9]{1,9}(?:\.[0-9]{1,9})?)")


def podcast_name(element: etree._Element) -> str:
    """An element's name without prefix, by either address; empty for one of another namespace."""
    tag = element.tag
    return _name_of(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=512)
def _name_of(tag: str) -> str:
    for namespace in (PODCAST, PODCAST_OLD):
        if tag.startswith(namespace):
            return tag[len(namespace) :]
    return ""


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """The elements of one name right below another."""
    return list(parent.iterchildren(f"{PODCAST}{name}", f"{PODCAST_OLD}{name}"))


def text_of(element: etree._Element) -> str:
    """An element's own text without space around it; comments and elements in it aside."""
    if len(element) == 0:
        return (element.text or "").strip()
    parts = (element.text, *(child.tail for child in element))
    return "".join(part for part in parts if part).strip()


def attribute(element: etree._Element, name: str) -> str:
    """An attribute without space around it; empty where there is none."""
    return (element.get(name) or "").strip()


def number_of(text: str) -> float | None:
    """A decimal number that is not negative; None for anything else."""
    return float(text) if _NUMBER.fullmatch(text) else None


def duration_of(item: etree._Element) -> float | None:
    """The `itunes:duration` of an item, in seconds; None where it has none that can be read."""
    text = item.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}duration") or ""
    match = _DURATION.fullmatch(text.strip()) if len(text) < 40 else None
    if match is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def mail_date(text: str) -> dt.datetime | None:
    """
    A date as in mail (RFC 2822 section 3.3), with zones by name; in UTC where it names no zone.
    None for anything else.
    """
    if len(text) > MOST_DATE_CHARACTERS:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def shown(text: str) -> str:
    """A value cut to 200 characters, since a feed decides how long its values are."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
