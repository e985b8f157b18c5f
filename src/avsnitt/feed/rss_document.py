"""The feed's XML, made by feedgen: the only module that knows it.

A feed is a head, one fragment an item, and a tail. Joined, they are byte for byte what feedgen
writes for the whole, so the fragment of an unchanged episode can be kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from avsnitt.feed.namespaces import atom, itunes, podcast20
from avsnitt.feed.namespaces.rows import Row, XmlElement
from avsnitt.feed.rss_item import FEED_END, ITEM_ROWS, NAMESPACES, PREFIXES
from avsnitt.feed.values import Channel, Item, LiveItem, Notice
from avsnitt.formats.plain_text import clean_line, clean_text

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

T = TypeVar("T")

CHANNEL_ROWS: Final = (*atom.CHANNEL, *itunes.CHANNEL, *podcast20.CHANNEL)
UNSAID_LIVE: Final = frozenset({"pubDate", f"{itunes.NS}duration", f"{itunes.NS}image"})
"""
The elements of an item that a live item leaves out. Nobody knows how long it will be, and its start
is an attribute of its own. Its picture is a `podcast:image` only: AntennaPod's Itunes parser takes
an `itunes:image` that is in no item for the show's own.
"""
LIVE_ROWS: Final = tuple(row for row in ITEM_ROWS if row.tag not in UNSAID_LIVE)
EXTENSION: Final = "avsnitt"


class ChannelElements(BaseExtension):  # type: ignore[misc]
    """Every channel element that is not RSS's own. feedgen makes it; `channel` is set after."""

    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """The namespaces that feedgen declares on the feed's root."""
        return dict(NAMESPACES)

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Append the channel's elements to feedgen's tree, in the order of the table."""
        append_rows(feed[0], CHANNEL_ROWS, self.channel)
        if self.channel.updated is None:
            # feedgen writes the clock's time when it is given none.
            etree.strip_elements(feed, "lastBuildDate")
        for live in self.channel.live:
            _append_live(feed[0], live)
        return feed


class ItemElements(BaseEntryExtension):  # type: ignore[misc]
    """
    Every item element that is not RSS's own. feedgen makes it; `item` is set after.

    The item moves into a channel that has the prefixes before its elements are made, or lxml
    would look for a free prefix for each of them.
    """

    item: Item

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Append the item's elements to feedgen's tree, in the order of the table."""
        channel = etree.SubElement(etree.Element("rss", nsmap=PREFIXES), "channel")
        channel.append(feed)
        append_rows(feed, ITEM_ROWS, self.item)
        return feed


def render_feed_frame(channel: Channel) -> tuple[bytes, bytes]:
    """The feed up to its first item, and what follows the last."""
    document = render_feed(channel, ())
    return document[: -len(FEED_END)], FEED_END


def render_feed(channel: Channel, items: Iterable[Item]) -> bytes:
    """
    A whole feed as one feedgen document, with the items in the order given.

    Head, fragments and tail give the same bytes: a test holds them to it.
    """
    generator = _generator(channel)
    for item in items:
        entry = _entry(item)
        entry.register_extension(EXTENSION, ItemElements, atom=False, rss=True)
        getattr(entry, EXTENSION).item = item
        generator.add_entry(entry, order="append")
    document: bytes = generator.rss_str(pretty=True)
    return document


def render_notices(channel: Channel, notices: Iterable[Notice]) -> bytes:
    """A whole feed of what is not out yet, in the order given."""
    generator = _generator(channel)
    for notice in notices:
        entry = FeedEntry()
        entry.title(clean_line(notice.title) or clean_line(notice.guid))
        entry.guid(clean_line(notice.guid), permalink=False)
        entry.link(href=clean_line(notice.link))
        entry.description(clean_text(notice.description_html) or clean_line(notice.title))
        generator.add_entry(entry, order="append")
    document: bytes = generator.rss_str(pretty=True)
    return document


def _generator(channel: Channel) -> FeedGenerator:
    """feedgen with the feed's head, and no items."""
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.register_extension(EXTENSION, ChannelElements, atom=False, rss=True)
    getattr(generator, EXTENSION).channel = channel
    title = clean_line(channel.title) or clean_line(channel.guid)
    generator.title(title)
    generator.link(href=clean_line(channel.link), rel="alternate")
    generator.description(clean_text(channel.description) or title)
    generator.language(clean_line(channel.language))
    generator.copyright(clean_line(channel.copyright))
    generator.generator(clean_line(channel.generator))
    generator.image(clean_line(channel.image))
    generator.lastBuildDate(channel.updated)
    return generator


def _append_live(channel: etree._Element, live: LiveItem) -> None:
    """An item by another name (podcast-namespace, docs/tags/live-item.md)."""
    element = _entry(live.item).rss_entry()
    channel.append(element)
    element.tag = podcast20.LIVE_ITEM
    times = {"status": live.status, "start": live.start, "end": live.end}
    element.attrib.update(
        {name: text for name, value in times.items() if (text := clean_line(value))}
    )
    append_rows(element, LIVE_ROWS, live.item)
    append_rows(element, podcast20.LIVE, live)


def _entry(item: Item) -> FeedEntry:
    entry = FeedEntry()
    title = clean_line(item.title) or clean_line(item.guid)
    description = clean_text(item.description_html) or title
    entry.title(title)
    entry.guid(clean_line(item.guid), permalink=False)
    entry.link(href=clean_line(item.link))
    entry.description(description)
    entry.content(clean_text(item.content_html) or description, type="CDATA")
    enclosure = item.enclosure
    if enclosure.url:
        entry.enclosure(
            clean_line(enclosure.url), str(enclosure.length_bytes), clean_line(enclosure.mime)
        )
    return entry


def append_rows(parent: etree._Element, rows: Iterable[Row[T]], value: T) -> None:
    """Write a table's elements for one value, in the table's order."""
    for row in rows:
        for part in row.parts(value):
            _append(parent, row.tag, part)


def _append(parent: etree._Element, tag: str, part: XmlElement) -> None:
    if part.attributes:
        values = {name: clean for name, value in part.attributes if (clean := clean_line(value))}
        element = etree.SubElement(parent, tag, values)
    else:
        element = etree.SubElement(parent, tag)
    if part.text and (text := clean_line(part.text)):
        element.text = text
    for child, inner in part.children:
        _append(element, child, inner)
