"""Atom's links. feedgen writes only the first `self` and loses the others."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Row, XmlElement, empty
from avsnitt.feed.values import Channel, Item

URI: Final = "http://www.w3.org/2005/Atom"
PREFIX: Final = "atom"
NS: Final = f"{{{URI}}}"
FEED_TYPE: Final = "application/rss+xml"
RELATIONS: Final = ("first", "previous", "next", "last")


def _pages(channel: Channel) -> list[XmlElement]:
    """RFC 5005, section 3: never a link past the ends."""
    links = ((rel, getattr(channel.paging, rel, "")) for rel in RELATIONS)
    return [
        part for rel, href in links if href for part in empty(href=href, rel=rel, type=FEED_TYPE)
    ]


CHANNEL: Final[tuple[Row[Channel], ...]] = (
    Row(f"{NS}link", lambda channel: empty(href=channel.self_url, rel="self", type=FEED_TYPE)),
    Row(f"{NS}link", _pages),
)

ITEM: Final[tuple[Row[Item], ...]] = ()
