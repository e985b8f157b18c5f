"""IT-: rules on each item: title, guid, date and numbers; enclosures have `enclosures.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.enclosures import enclosure, unique_enclosures
from avsnitt.checks.feed.tree import ITUNES, PODCAST, PODCAST_OLD, PSC, Feed, text_of
from avsnitt.checks.feed.value_formats import (
    is_absolute,
    is_web_address,
    parse_count,
    parse_date,
    parse_duration_s,
    weigh_truth,
)
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity

LONGEST_GUID: Final = 740
"""Characters; Podcast Index cuts what is longer (aggregator, partytime.js)."""
SHORTEST_NUMBER: Final = 9
CHAPTERED_S: Final = 600
"""A sound longer than this is worth chapters; Apple makes its own above ten minutes."""
TYPES: Final = ("full", "trailer", "bonus")

_NUMBERED: Final = re.compile(
    r"\b(?:s\d+\s*[:.]?\s*ep?\.?\s*\d+|(?:episode|ep|avsnitt|del|folge|episodio)\.?\s*#?\d+)\b|#\d+",
    re.IGNORECASE,
)

ItemRule = Callable[[Feed, etree._Element], Iterator[Finding]]


def each_item(rule: ItemRule) -> Callable[[Feed], Iterator[Finding]]:
    """A rule on the feed, made of a rule on one item."""

    def ask(feed: Feed) -> Iterator[Finding]:
        for item in feed.items:
            yield from rule(feed, item)

    return ask


def _at(item: etree._Element, element: etree._Element | None) -> etree._Element:
    return item if element is None else element


def title(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-001 for an item without a title."""
    element = feed.first(item, "title")
    if not text_of(element):
        yield feed.finding("IT-001", _at(item, element), "title")


def title_says_too_much(feed: Feed) -> Iterator[Finding]:
    """IT-002 for a title that repeats the show's title or the episode's number."""
    show = feed.text(feed.channel, "title").casefold()
    whole = re.compile(rf"(?<!\w){re.escape(show)}(?!\w)") if len(show) > 2 else None
    for item in feed.items:
        element = feed.first(item, "title")
        text = text_of(element).casefold()
        named = whole is not None and text != show and whole.search(text)
        if named or _NUMBERED.search(text):
            yield feed.finding("IT-002", _at(item, element), "title", title=text_of(element))


def unique_guids(feed: Feed) -> Iterator[Finding]:
    """
    IT-003 for a guid that is missing or that two items share; IT-023 where one of the two is a
    trailer.
    """
    seen: dict[str, etree._Element] = {}
    for item in feed.items:
        element = feed.first(item, "guid")
        text = text_of(element)
        if not text:
            yield feed.finding(
                "IT-003", _at(item, element), "guid", what=message("feed.no-guid"), guid=""
            )
        elif text not in seen:
            seen[text] = item
        else:
            trailer = (_type(feed, item) == "trailer") != (_type(feed, seen[text]) == "trailer")
            code = "IT-023" if trailer else "IT-003"
            yield feed.finding(
                code, _at(item, element), "guid", what=message("feed.same-guid"), guid=text
            )


def _type(feed: Feed, item: etree._Element) -> str:
    return feed.text(item, f"{ITUNES}episodeType").lower() or "full"


def guid_form(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """
    IT-005 for a permalink that is no address; IT-006 for a guid of few digits, or one over 740
    characters.
    """
    element = feed.first(item, "guid")
    text = text_of(element)
    if element is None or not text:
        return
    if element.get("isPermaLink", "true").strip().lower() != "false" and not is_web_address(text):
        yield feed.finding("IT-005", element, "guid", guid=text)
    short = text.isdigit() and len(text) < SHORTEST_NUMBER
    if short or len(text) > LONGEST_GUID:
        what = message("feed.short-guid") if short else message("feed.long-guid")
        yield feed.finding("IT-006", element, "guid", what=what, guid=text)


def date(feed: Feed) -> Iterator[Finding]:
    """
    IT-009 for a `pubDate` that is missing or cannot be read. A serial show may go without
    dates.
    """
    serial = _is_serial(feed)
    for item in feed.items:
        element = feed.first(item, "pubDate")
        text = text_of(element)
        read = parse_date(text)
        if text and read.error:
            at, what = _at(item, element), read.error
            yield feed.finding("IT-009", at, "pubDate", read.severity, what=what, found=text)
        elif not text and not serial:
            what = message("feed.no-date")
            yield feed.finding("IT-009", _at(item, element), "pubDate", what=what, found="")


def _is_serial(feed: Feed) -> bool:
    return feed.text(feed.channel, f"{ITUNES}type").lower() == "serial"


def date_ahead(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-010 for a date in the future. Nothing where no clock was given."""
    element = feed.first(item, "pubDate")
    at = parse_date(text_of(element)).at if feed.now is not None else None
    if at is not None and feed.now is not None and at > feed.now:
        yield feed.finding("IT-010", _at(item, element), "pubDate", found=text_of(element))


def same_date(feed: Feed) -> Iterator[Finding]:
    """IT-011 for a date that two items share."""
    seen: set[object] = set()
    for item in feed.items:
        element = feed.first(item, "pubDate")
        at = parse_date(text_of(element)).at
        if at is not None and at in seen:
            yield feed.finding("IT-011", _at(item, element), "pubDate", found=text_of(element))
        seen.add(at)


def duration(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """
    IT-016 for an `itunes:duration` that is missing, cannot be read, or is not in whole seconds.
    """
    element = feed.first(item, f"{ITUNES}duration")
    text = text_of(element)
    at, name = _at(item, element), "itunes:duration"
    if not text:
        yield feed.finding(
            "IT-016", at, name, "warning", what=message("feed.no-duration"), found=""
        )
    elif parse_duration_s(text) is None:
        yield feed.finding("IT-016", at, name, what=message("feed.not-a-duration"), found=text)
    elif not text.isdigit():
        yield feed.finding("IT-016", at, name, "info", what=message("feed.not-seconds"), found=text)


def explicit(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-018 for an `itunes:explicit` that is missing or is neither `true` nor `false`."""
    element = feed.first(item, f"{ITUNES}explicit")
    text = text_of(element)
    at, name = _at(item, element), "itunes:explicit"
    if not text:
        yield feed.finding("IT-018", at, name, "info", what=message("feed.no-explicit"), found="")
    elif severity := weigh_truth(text):
        yield feed.finding("IT-018", at, name, severity, what=message("feed.not-truth"), found=text)


def serial_number(feed: Feed) -> Iterator[Finding]:
    """IT-019 for a full episode without a number in a serial show."""
    if not _is_serial(feed):
        return
    for item in feed.items:
        if _type(feed, item) == "full" and not feed.text(item, f"{ITUNES}episode"):
            yield feed.finding("IT-019", item, "itunes:episode")


def numbers(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-020 for an `itunes:episode` or `itunes:season` that is no whole number above 0."""
    for name in ("episode", "season"):
        element = feed.first(item, f"{ITUNES}{name}")
        if element is not None and not parse_count(text_of(element)):
            shown = f"itunes:{name}"
            yield feed.finding("IT-020", element, shown, name=shown, found=text_of(element))


def episode_type(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-021 for an `itunes:episodeType` other than `full`, `trailer` and `bonus`."""
    element = feed.first(item, f"{ITUNES}episodeType")
    text = text_of(element)
    if element is not None and text not in TYPES:
        severity: Severity = "warning" if text.lower() in TYPES else "error"
        yield feed.finding("IT-021", element, "itunes:episodeType", severity, found=text)


def unique_numbers(feed: Feed) -> Iterator[Finding]:
    """IT-022 for a number that two full episodes of one season share."""
    seen: set[tuple[str, str]] = set()
    for item in feed.items:
        number, season = feed.text(item, f"{ITUNES}episode"), feed.text(item, f"{ITUNES}season")
        if not parse_count(number) or _type(feed, item) != "full":
            continue
        if (season, number) in seen:
            what = message("feed.same-number-in-season") if season else message("feed.same-number")
            values: MessageValues = {"what": what, "number": number, "season": season}
            yield feed.finding("IT-022", item, "itunes:episode", None, **values)
        seen.add((season, number))


def same_numbers(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-024 for numbers that differ between `itunes:` and `podcast:`."""
    for name in ("season", "episode"):
        apple = parse_count(feed.text(item, f"{ITUNES}{name}"))
        element = _podcast(feed, item, name)
        named = parse_count(text_of(element))
        if apple and named is not None and apple != named:
            values = {"name": name, "apple": str(apple), "named": str(named)}
            yield feed.finding("IT-024", _at(item, element), f"podcast:{name}", None, **values)


def _podcast(feed: Feed, item: etree._Element, name: str) -> etree._Element | None:
    found = feed.first(item, f"{PODCAST}{name}")
    return feed.first(item, f"{PODCAST_OLD}{name}") if found is None else found


def link(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-025 for a `link` that is missing or is no absolute address."""
    element = feed.first(item, "link")
    text = text_of(element)
    if not text:
        yield feed.finding(
            "IT-025", _at(item, element), "link", "warning", what=message("feed.no-item-link")
        )
    elif not is_absolute(text):
        what = message("feed.link-no-address")
        yield feed.finding("IT-025", _at(item, element), "link", what=what, url=text)


def transcript(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-026 for an item without a `podcast:transcript`, trailers aside."""
    if _type(feed, item) != "trailer" and _podcast(feed, item, "transcript") is None:
        yield feed.finding("IT-026", item, "podcast:transcript")


def chapters(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """
    IT-027 for an item of more than ten minutes without chapters, in a file or in the item
    itself.
    """
    seconds = parse_duration_s(feed.text(item, f"{ITUNES}duration"))
    if seconds is None or seconds <= CHAPTERED_S or feed.first(item, f"{PSC}chapters") is not None:
        return
    if _podcast(feed, item, "chapters") is None:
        yield feed.finding("IT-027", item, "podcast:chapters", minutes=str(seconds // 60))


def host(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """
    IT-029 for an item whose own list of people has no host, and so replaces the channel's host
    by nobody. Nothing where the channel has no host.
    """
    people = [*feed.all(item, f"{PODCAST}person"), *feed.all(item, f"{PODCAST_OLD}person")]
    if people and not any(map(_is_host, people)) and any(map(_is_host, feed.people)):
        yield feed.finding("IT-029", people[0], "podcast:person")


def _is_host(person: etree._Element) -> bool:
    return (person.get("role") or "host").strip().lower().replace("-", " ").endswith("host")


RULES: Final[tuple[Callable[[Feed], Iterator[Finding]], ...]] = (
    each_item(title),
    title_says_too_much,
    unique_guids,
    each_item(guid_form),
    each_item(enclosure),
    unique_enclosures,
    date,
    each_item(date_ahead),
    same_date,
    each_item(duration),
    each_item(explicit),
    serial_number,
    each_item(numbers),
    each_item(episode_type),
    unique_numbers,
    each_item(same_numbers),
    each_item(link),
    each_item(transcript),
    each_item(chapters),
    each_item(host),
)
