"""Apple's elements ("A Podcaster's Guide to RSS"; PSP-1). feedgen's own extension writes an older
form of some of them, and drops others without a word."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Row, XmlElement, empty, number, one
from avsnitt.feed.values import Channel, Item
from avsnitt.model.show import Category

URI: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PREFIX: Final = "itunes"
NS: Final = f"{{{URI}}}"
TRUTH: Final = {True: "true", False: "false"}


def is_complete(channel: Channel) -> bool:
    """Podcasting 2.0 says it with `updateFrequency`; apps that know only Apple's get it as well."""
    frequency = channel.update_frequency
    return channel.complete or (frequency is not None and frequency.complete)


def _category(category: Category) -> XmlElement:
    inner = ((f"{NS}category", XmlElement("", (("text", category.sub),))),) if category.sub else ()
    return XmlElement("", (("text", category.name),), inner)


CHANNEL: Final[tuple[Row[Channel], ...]] = (
    Row(f"{NS}author", lambda channel: one(channel.author)),
    Row(f"{NS}image", lambda channel: empty(href=channel.image)),
    Row(f"{NS}category", lambda channel: map(_category, channel.categories)),
    Row(f"{NS}explicit", lambda channel: one(TRUTH[channel.explicit])),
    Row(f"{NS}type", lambda channel: one(channel.type)),
    Row(f"{NS}new-feed-url", lambda channel: one(channel.new_feed_url)),
    Row(f"{NS}complete", lambda channel: one("Yes" if is_complete(channel) else "")),
    Row(f"{NS}block", lambda channel: one("Yes" if channel.block else "")),
)

ITEM: Final[tuple[Row[Item], ...]] = (
    Row(f"{NS}title", lambda item: one(item.title)),
    # Whole seconds, half away from zero; a sound shorter than half a second is still one.
    Row(f"{NS}duration", lambda item: one(str(max(1, (item.enclosure.duration_ms + 500) // 1000)))),
    Row(f"{NS}image", lambda item: empty(href=item.image) if item.image else ()),
    Row(f"{NS}explicit", lambda item: one(TRUTH[item.explicit])),
    Row(f"{NS}season", lambda item: number(item.season)),
    Row(f"{NS}episode", lambda item: number(item.number)),
    Row(f"{NS}episodeType", lambda item: one(item.type)),
    Row(f"{NS}block", lambda item: one("Yes" if item.block else "")),
)
