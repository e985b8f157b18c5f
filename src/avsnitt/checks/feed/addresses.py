"""
Find the addresses in a feed: those in elements and attributes of their own, and those in the HTML
of an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lxml import etree

from avsnitt.checks.feed.tree import (
    ATOM,
    CONTENT,
    ITUNES,
    PODCAST,
    PODCAST_OLD,
    PSC,
    Feed,
    name_of,
    raw_text,
    text_of,
)

_ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "enclosure": ("url",),
    "source": ("url",),
    f"{ITUNES}image": ("href",),
    f"{ATOM}link": ("href",),
    f"{PSC}chapter": ("href", "image"),
}
_PODCAST_ATTRIBUTES: Final = ("url", "href", "img", "uri", "feedUrl", "accountUrl")
_TEXTS: Final = frozenset(("comments", "docs", f"{ITUNES}new-feed-url"))
_OF_IMAGE: Final = frozenset(("url", "link"))
_HTML: Final = ("description", f"{CONTENT}encoded")
_PRINTED: Final = re.compile(r"<(?:a|img)\s[^<>]*?\b(?:href|src)\s*=\s*[\"']([^\"'<>]*)[\"']", re.I)
_COMPLETE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|#|$)", re.I)


class Address(NamedTuple):
    """
    An address, the element that it stands in, and the name of that place as readers know it
    (`enclosure@url`).
    """

    element: etree._Element
    name: str
    url: str


def in_podcast(element: etree._Element) -> bool:
    """True for an element of Podcasting 2.0, under either address of the namespace."""
    return str(element.tag).startswith((PODCAST, PODCAST_OLD))


def named_addresses(feed: Feed) -> Iterator[Address]:
    """
    Every address that an element or attribute is made for and that is not empty, but `link` and
    `guid`, which have rules of their own.
    """
    for element in feed.walk():
        tag = element.tag
        for attribute, name in _attributes(tag):
            url = (element.get(attribute) or "").strip()
            if url:
                yield Address(element, name, url)
        if tag in _TEXTS or (tag in _OF_IMAGE and _is_of_image(element)):
            url = text_of(element)
            if url:
                yield Address(element, name_of(tag), url)


@lru_cache(maxsize=1024)
def _attributes(tag: str) -> tuple[tuple[str, str], ...]:
    """The attributes of such an element that are addresses, and what each is called."""
    podcast = tag.startswith((PODCAST, PODCAST_OLD))
    found = _PODCAST_ATTRIBUTES if podcast else _ATTRIBUTES.get(tag, ())
    return tuple((one, f"{name_of(tag)}@{one}") for one in found)


def _is_of_image(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "image"


def printed_addresses(feed: Feed) -> Iterator[Address]:
    """The first address in each item's HTML that is not whole."""
    for item in feed.items:
        for tag in _HTML:
            for element in item.iterchildren(tag):
                urls = (found[1] for found in _PRINTED.finditer(raw_text(element)))
                for url in urls:
                    if not _COMPLETE.match(url):
                        yield Address(element, name_of(tag), url)
                        break
