"""Atom's links. feedgen writes only the first `self` and loses the others."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Row, empty
from avsnitt.feed.values import Channel, Item

URI: Final = "http://www.w3.org/2005/Atom"
PREFIX: Final = "atom"
NS: Final = f"{{{URI}}}"
FEED_TYPE: Final = "application/rss+xml"

CHANNEL: Final[tuple[Row[Channel], ...]] = (
    Row(f"{NS}link", lambda channel: empty(href=channel.self_url, rel="self", type=FEED_TYPE)),
)

ITEM: Final[tuple[Row[Item], ...]] = ()
