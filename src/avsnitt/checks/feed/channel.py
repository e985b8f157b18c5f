"""CH-: rules on the channel, which describes the show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import (
    ATOM,
    ITUNES,
    PODCAST,
    PODCAST_OLD,
    Feed,
    child,
    children,
    name_of,
    text_in,
    text_of,
)
from avsnitt.checks.feed.value_formats import is_web_address, parse_count, parse_date, weigh_truth
from avsnitt.model.message import Message, MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity
from avsnitt.vocabulary.categories import CATEGORIES
from avsnitt.vocabulary.retired_categories import MOVED, RENAMED

MOST_BYTES: Final = 4000
"""Of a description in UTF-8 (PSP-1, "channel description")."""
MOST_CHARACTERS: Final = 255
"""Of a title (A Podcaster's Guide to RSS)."""
MOST_OF_FUNDING: Final = 128
"""Characters of its text (podcast-namespace, docs/tags/funding.md)."""
LONGEST_LANGUAGE: Final = 8
"""Characters; Podcast Index cuts what is longer (aggregator, partytime.js)."""
FEED_TYPE: Final = "application/rss+xml"
TAG: Final = re.compile(r"</?(?:p|br|a|b|i|strong|em|ul|ol|li|div|span|img|h[1-6])\b", re.I)

_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_TWO_LETTERS: Final = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy
    hz ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la
    lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om
    or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh
    zu""".split()
)
"""ISO 639-1, with the codes that were replaced and are still read (`iw`, `in`, `ji`)."""
_STUFFED: Final[tuple[tuple[str, int], ...]] = (("|", 2), (",", 4), (" - ", 3), ("/", 4), ("#", 2))
"""A separator, and how many of it mark a title as a list of search words."""
_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.I
)
_SIGNED: Final = re.compile(r"copyright|©|\(c\)|℗|\b(?:19|20)[0-9]{2}\b", re.I)
_OUTDATED: Final = ("summary", "subtitle", "keywords", "order")


def title(feed: Feed) -> Iterator[Finding]:
    """
    CH-001 for a missing title; CH-002 for one over 255 characters or filled with search words.
    """
    element = feed.first(feed.channel, "title")
    text = text_of(element)
    if not text:
        yield feed.finding("CH-001", feed.channel if element is None else element, "title")
    elif element is not None and len(text) > MOST_CHARACTERS:
        values: MessageValues = {"what": message("feed.long-title"), "count": str(len(text))}
        yield feed.finding("CH-002", element, "title", None, **values)
    elif element is not None and any(text.count(sign) >= most for sign, most in _STUFFED):
        yield feed.finding("CH-002", element, "title", what=message("feed.stuffed-title"), count="")


def description(feed: Feed) -> Iterator[Finding]:
    """CH-003 for a description that is missing or has HTML; CH-004 for one over 4000 bytes."""
    element = feed.first(feed.channel, "description")
    text = text_of(element)
    if element is None or not text:
        at = feed.channel if element is None else element
        yield feed.finding("CH-003", at, "description", what=message("feed.no-description"))
        return
    if TAG.search(text):
        yield feed.finding(
            "CH-003", element, "description", "warning", what=message("feed.html-description")
        )
    if (size := len(text.encode(errors="replace"))) > MOST_BYTES:
        yield feed.finding("CH-004", element, "description", size=str(size))


def link(feed: Feed) -> Iterator[Finding]:
    """CH-005 for a `link` that is missing or is no web address."""
    element = feed.first(feed.channel, "link")
    text = text_of(element)
    if not is_web_address(text):
        at = feed.channel if element is None else element
        what = message("feed.link-no-address") if text else message("feed.no-link")
        yield feed.finding("CH-005", at, "link", what=what, url=text)


def language(feed: Feed) -> Iterator[Finding]:
    """
    CH-006 for a language that is missing, is no code of ISO 639, or is longer than 8
    characters.
    """
    element = feed.first(feed.channel, "language")
    text = text_of(element)
    at = feed.channel if element is None else element
    found = _LANGUAGE.fullmatch(text)
    if not text:
        yield feed.finding("CH-006", at, "language", what=message("feed.no-language"), found="")
    elif found is None or (len(found[1]) == 2 and found[1].lower() not in _TWO_LETTERS):
        yield feed.finding(
            "CH-006", at, "language", what=message("feed.not-a-language"), found=text
        )
    elif len(text) > LONGEST_LANGUAGE:
        what = message("feed.long-language")
        yield feed.finding("CH-006", at, "language", "warning", what=what, found=text)


def category(feed: Feed) -> Iterator[Finding]:
    """CH-007 to CH-009: categories that are missing, unknown, renamed by Apple, or several."""
    found = feed.all(feed.channel, f"{ITUNES}category")
    if not found:
        yield _category_finding(feed, feed.channel, message("feed.no-category"), "")
    for element in found:
        yield from _category(feed, element)
    if len(found) > 1:
        yield feed.finding("CH-009", found[1], "itunes:category", count=str(len(found)))


def _category(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    name = (element.get("text") or "").strip()
    below = [(one.get("text") or "").strip() for one in children(element, f"{ITUNES}category")]
    if name not in CATEGORIES:
        if name in RENAMED:
            yield feed.finding(
                "CH-008", element, "itunes:category", found=name, right=RENAMED[name]
            )
        else:
            yield _category_finding(feed, element, message("feed.no-such-category"), name)
    parent = RENAMED.get(name, name)
    for sub in below:
        right = MOVED.get((parent, sub)) or RENAMED.get(sub, "")
        if sub in CATEGORIES.get(parent, ()):
            continue
        if right:
            yield feed.finding("CH-008", element, "itunes:category", found=sub, right=right)
        elif parent in CATEGORIES:
            yield _category_finding(feed, element, message("feed.no-such-sub"), sub, parent)


def _category_finding(
    feed: Feed, element: etree._Element, what: Message, found: str, parent: str = ""
) -> Finding:
    return feed.finding("CH-007", element, "itunes:category", what=what, found=found, parent=parent)


def explicit(feed: Feed) -> Iterator[Finding]:
    """CH-010 for an `itunes:explicit` that is missing or is neither `true` nor `false`."""
    element = feed.first(feed.channel, f"{ITUNES}explicit")
    text = text_of(element)
    name = "itunes:explicit"
    if not text:
        at = feed.channel if element is None else element
        yield feed.finding("CH-010", at, name, what=message("feed.no-explicit"), found="")
    elif element is not None and (severity := weigh_truth(text)):
        yield feed.finding(
            "CH-010", element, name, severity, what=message("feed.not-truth"), found=text
        )


def image(feed: Feed) -> Iterator[Finding]:
    """CH-011 for a channel without an `itunes:image`."""
    element = feed.first(feed.channel, f"{ITUNES}image")
    if element is None or not (element.get("href") or "").strip():
        yield feed.finding("CH-011", feed.channel if element is None else element, "itunes:image")


def self_link(feed: Feed) -> Iterator[Finding]:
    """
    CH-012 for an `atom:link` of relation `self` that is missing, of another address, or of
    another type.
    """
    links = [one for one in feed.all(feed.channel, f"{ATOM}link") if one.get("rel") == "self"]
    name = "atom:link"
    if not links:
        yield feed.finding("CH-012", feed.channel, name, what=message("feed.no-self"), url="")
        return
    first = links[0]
    url = (first.get("href") or "").strip()
    if not is_web_address(url):
        yield feed.finding("CH-012", first, name, what=message("feed.self-no-address"), url=url)
    elif feed.address and url != feed.address:
        yield feed.finding(
            "CH-012", first, name, what=message("feed.self-elsewhere"), url=feed.address
        )
    elif first.get("type") != FEED_TYPE:
        yield feed.finding(
            "CH-012", first, name, "warning", what=message("feed.self-type"), url=url
        )


def author(feed: Feed) -> Iterator[Finding]:
    """CH-013 for a channel without an `itunes:author`."""
    if not feed.text(feed.channel, f"{ITUNES}author"):
        yield feed.finding("CH-013", feed.channel, "itunes:author")


def _podcast(feed: Feed, name: str) -> etree._Element | None:
    found = feed.first(feed.channel, f"{PODCAST}{name}")
    return feed.first(feed.channel, f"{PODCAST_OLD}{name}") if found is None else found


def guid(feed: Feed) -> Iterator[Finding]:
    """
    CH-014 for a missing `podcast:guid`; CH-015 for one that is no UUID, or no UUID of version
    5.
    """
    element = _podcast(feed, "guid")
    text = text_of(element)
    if element is None or not text:
        yield feed.finding("CH-014", feed.channel if element is None else element, "podcast:guid")
        return
    found = _UUID.fullmatch(text)
    name = "podcast:guid"
    if found is None:
        yield feed.finding("CH-015", element, name, what=message("feed.no-uuid"), found=text)
    elif found[1] != "5":
        yield feed.finding(
            "CH-015", element, name, "warning", what=message("feed.uuid-version"), found=text
        )


def locked(feed: Feed) -> Iterator[Finding]:
    """CH-017 for a `podcast:locked` that is missing or is neither `yes` nor `no`."""
    element = _podcast(feed, "locked")
    name = "podcast:locked"
    if element is None:
        what = message("feed.no-locked")
        yield feed.finding("CH-017", feed.channel, name, "warning", what=what, found="")
    elif (text := text_of(element)) not in ("yes", "no"):
        severity: Severity = "warning" if text.lower() in ("yes", "no") else "error"
        yield feed.finding(
            "CH-017", element, name, severity, what=message("feed.not-yes-no"), found=text
        )


def funding(feed: Feed) -> Iterator[Finding]:
    """
    CH-018 for a `podcast:funding` that is missing, has no address, or has a text over 128
    characters.
    """
    name = "podcast:funding"
    if _podcast(feed, "funding") is None:
        yield feed.finding("CH-018", feed.channel, name, "info", what=message("feed.no-funding"))
    for parent in (feed.channel, *feed.items, *feed.live_items):
        for space in (PODCAST, PODCAST_OLD):
            for element in feed.all(parent, f"{space}funding"):
                if not (element.get("url") or "").strip():
                    yield feed.finding(
                        "CH-018", element, name, what=message("feed.funding-nowhere")
                    )
                elif len(text_of(element)) > MOST_OF_FUNDING:
                    what = message("feed.long-funding")
                    yield feed.finding("CH-018", element, name, "warning", what=what)


def show_type(feed: Feed) -> Iterator[Finding]:
    """CH-019 for an `itunes:type` other than `episodic` and `serial`."""
    element = feed.first(feed.channel, f"{ITUNES}type")
    text = text_of(element)
    if element is not None and text not in ("episodic", "serial"):
        severity: Severity = "warning" if text.lower() in ("episodic", "serial") else "error"
        yield feed.finding("CH-019", element, "itunes:type", severity, found=text)


def only_yes(feed: Feed) -> Iterator[Finding]:
    """
    CH-020 for an `itunes:complete` or `itunes:block` other than `Yes`, which is the only value
    with a meaning.
    """
    for name in ("complete", "block"):
        for element in feed.all(feed.channel, f"{ITUNES}{name}"):
            text = text_of(element)
            if text.lower() != "yes":
                severity: Severity = "info" if text.lower() in ("no", "false", "") else "warning"
                shown = f"itunes:{name}"
                yield feed.finding("CH-020", element, shown, severity, name=shown, found=text)


def copyright_text(feed: Feed) -> Iterator[Finding]:
    """CH-021 for a `copyright` that has the word, a sign for it, or a year in it."""
    element = feed.first(feed.channel, "copyright")
    if element is not None and (found := _SIGNED.search(text_of(element))):
        yield feed.finding("CH-021", element, "copyright", found=found[0])


def owner(feed: Feed) -> Iterator[Finding]:
    """CH-022 for an `itunes:owner`."""
    element = feed.first(feed.channel, f"{ITUNES}owner")
    if element is not None:
        yield feed.finding("CH-022", element, "itunes:owner")


def outdated(feed: Feed) -> Iterator[Finding]:
    """CH-023 for elements of iTunes that Apple has taken out of its guide."""
    for parent in (feed.channel, *feed.items):
        for name in _OUTDATED:
            element = feed.first(parent, f"{ITUNES}{name}")
            if element is not None:
                shown = name_of(str(element.tag))
                yield feed.finding("CH-023", element, shown, name=shown)


def rss_image(feed: Feed) -> Iterator[Finding]:
    """CH-024 for an `image` of RSS with another title or link than the channel's."""
    element = feed.first(feed.channel, "image")
    if element is None:
        return
    for name in ("title", "link"):
        own, channels = text_in(element, name), feed.text(feed.channel, name)
        if own.rstrip("/") != channels.rstrip("/"):
            at = child(element, name)
            yield feed.finding("CH-024", element if at is None else at, f"image/{name}", name=name)


def made(feed: Feed) -> Iterator[Finding]:
    """CH-026 for a missing `generator` or `lastBuildDate`, and for a date that is written wrong."""
    for name in ("generator", "lastBuildDate"):
        if not feed.text(feed.channel, name):
            what = message("feed.not-given")
            yield feed.finding("CH-026", feed.channel, name, "info", what=what, name=name, found="")
    for name in ("lastBuildDate", "pubDate"):
        text = feed.text(feed.channel, name)
        read = parse_date(text)
        element = feed.first(feed.channel, name)
        if text and read.error and element is not None:
            severity, what = read.severity, read.error
            yield feed.finding("CH-026", element, name, severity, what=what, name=name, found=text)


def has_items(feed: Feed) -> Iterator[Finding]:
    """CH-027 for a feed without items."""
    if not feed.items:
        yield feed.finding("CH-027", feed.channel, "item")


def ttl(feed: Feed) -> Iterator[Finding]:
    """CH-028 for a `ttl` that is no whole number above 0."""
    element = feed.first(feed.channel, "ttl")
    if element is not None and not parse_count(text_of(element)):
        yield feed.finding("CH-028", element, "ttl", found=text_of(element))


RULES: Final[tuple[Callable[[Feed], Iterator[Finding]], ...]] = (
    title,
    description,
    link,
    language,
    category,
    explicit,
    image,
    self_link,
    author,
    guid,
    locked,
    funding,
    show_type,
    only_yes,
    copyright_text,
    owner,
    outdated,
    rss_image,
    made,
    has_items,
    ttl,
)
