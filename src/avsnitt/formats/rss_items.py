"""The few things in anybody's RSS by which a subscriber's app knows a show and its episodes.

Read as it streams by, so that a feed of any length costs little memory. A document type is refused
before anything in it is read: no entity is ever expanded and nothing is fetched.
"""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.model.value import Value
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import ParseReason, parse_finding
from avsnitt.vocabulary.podcast20_values import OLD_URI, URI

LONGEST: Final = 4096
"""Signs of one text that are kept; no guid, address or title that works is longer."""

_DEEPEST: Final = len(("rss", "channel", "item", "title"))
_IN_ITEM: Final = ("guid", "title", "pubDate")
_IN_CHANNEL: Final = {"title": "title"} | {f"{space} guid": "guid" for space in (URI, OLD_URI)}


class FeedItem(Value, frozen=True, kw_only=True):
    """`published` is ISO 8601 with an offset, or empty where the date cannot be understood."""

    guid: str = ""
    title: str = ""
    published: str = ""
    enclosure: str = ""


class FeedItems(Value, frozen=True, kw_only=True):
    """A feed's title, its `podcast:guid`, and its items in their order."""

    title: str = ""
    guid: str = ""
    items: tuple[FeedItem, ...] = ()


def parse_feed_items(data: bytes) -> tuple[FeedItems | None, tuple[Finding, ...]]:
    """Return the items of a feed, or None and the reason why it cannot be read. Never raises."""
    from xml.parsers.expat import ExpatError

    reader = _RssReader()
    try:
        reader.parser.Parse(data, True)
    except _RssDoctypeError:
        return None, (reader.finding("doctype"),)
    except (ExpatError, ValueError, LookupError) as error:
        return None, (reader.finding("not-xml", str(error)),)
    if not reader.in_channel:
        return None, (reader.finding("no-list"),)
    return FeedItems(**reader.channel, items=tuple(reader.items)), ()


class _RssDoctypeError(Exception):
    pass


class _RssReader:
    def __init__(self) -> None:
        from xml.parsers.expat import ParserCreate

        self.items: list[FeedItem] = []
        self.channel: dict[str, str] = {}
        self.in_channel = False
        self.path: list[str] = []
        self.item: dict[str, str] = {}
        self.text: list[str] = []
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.text.append

    def finding(self, code: ParseReason, text: str = "") -> Finding:
        return parse_finding("XML-001", self.parser.CurrentLineNumber, code, text)

    def _refuse(self, *_: object) -> None:
        raise _RssDoctypeError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.text.clear()
        if self.path == ["rss", "channel"]:
            self.in_channel = True
        elif self.path == ["rss", "channel", "item"]:
            self.item = {}
        elif self.path == ["rss", "channel", "item", "enclosure"]:
            self.item.setdefault("enclosure", attributes.get("url", "").strip()[:LONGEST])

    def _end(self, name: str) -> None:
        above = self.path[:-1] if len(self.path) <= _DEEPEST else []
        if above == ["rss", "channel", "item"] and name in _IN_ITEM:
            self.item.setdefault(name, self._text())
        elif above == ["rss", "channel"] and name in _IN_CHANNEL:
            self.channel.setdefault(_IN_CHANNEL[name], self._text())
        elif above == ["rss", "channel"] and name == "item":
            date = _moment(self.item.pop("pubDate", ""))
            self.items.append(FeedItem(published=date, **self.item))
        self.path.pop()
        self.text.clear()

    def _text(self) -> str:
        return clean_line("".join(self.text))[:LONGEST]


def _moment(text: str) -> str:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).isoformat()
