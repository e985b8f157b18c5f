"""The same episodes as JSON Feed 1.1 (jsonfeed.org/version/1.1).

Like the RSS, it is a head, one fragment an item, and a tail, so that the fragment of an unchanged
episode can be kept. The whole text of an episode is most of it and is kept once, in the RSS.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from avsnitt.feed.values import Channel, Item, ItemPerson
from avsnitt.formats.plain_text import clean_line, clean_text
from avsnitt.model.show import Episode
from avsnitt.model.value import Value

VERSION: Final = "https://jsonfeed.org/version/1.1"


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """An author as JSON Feed has it (version 1.1, "authors")."""

    name: str
    url: str = ""
    avatar: str = ""


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """Those of one item are the same in other forms, as they have no titles ("Attachments")."""

    url: str
    mime_type: str
    size_in_bytes: int | None = None
    duration_in_seconds: int | None = None


class JsonItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The names are those of the format, "Items". `content_html` comes last, when it is joined."""

    id: str
    url: str
    title: str
    date_published: str
    attachments: tuple[Attachment, ...]
    language: str
    summary: str = ""
    image: str = ""
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()


class JsonHead(Value, frozen=True, kw_only=True, omit_defaults=True):
    """The format's "Top-level". Only what is `expired` will never have another item."""

    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str
    icon: str
    language: str
    authors: tuple[Author, ...]
    next_url: str = ""
    expired: bool = False


_encode = msgspec.json.Encoder().encode


def assemble_head(channel: Channel, *, feed_url: str, next_url: str = "") -> JsonHead:
    """`next_url` is the page with older items, empty on the last."""
    author = clean_line(channel.author)
    return JsonHead(
        version=VERSION,
        title=clean_line(channel.title),
        home_page_url=clean_line(channel.link),
        feed_url=feed_url,
        description=clean_text(channel.description),
        icon=clean_line(channel.image),
        language=clean_line(channel.language),
        authors=(Author(author, clean_line(channel.link)),) if author else (),
        next_url=next_url,
        expired=channel.complete,
    )


def render_json_item(item: Item, episode: Episode) -> bytes:
    """
    One item but for its whole text, on one line: what `join_content` takes. Every text is cleaned
    as in the RSS.
    """
    enclosure = item.enclosure
    attachment = Attachment(
        clean_line(enclosure.url),
        clean_line(enclosure.mime),
        enclosure.length_bytes,
        max(1, (enclosure.duration_ms + 500) // 1000),
    )
    whole = _encode(
        JsonItem(
            id=clean_line(item.guid),
            url=clean_line(item.link),
            title=clean_line(item.title) or clean_line(item.guid),
            date_published=item.published.isoformat(),
            attachments=(attachment, *_others(item)),
            language=clean_line(episode.language),
            summary=clean_text(episode.summary),
            image=clean_line(item.image),
            authors=tuple(dict.fromkeys(map(_author, item.people))),
            tags=tuple(dict.fromkeys(filter(None, map(clean_line, episode.keywords)))),
        )
    )
    return whole[:-1]


def join_content(fragment: bytes, content_html: str) -> bytes:
    """A whole item, of what `render_json_item` gave and of its text."""
    return b"".join((fragment, b',"content_html":', _encode(content_html), b"}"))


def render_json_feed(head: JsonHead, items: Iterable[bytes]) -> bytes:
    """A whole document of whole items, one a line."""
    top = msgspec.json.format(_encode(head), indent=1)
    return b"".join((top[:-2], b',\n "items": [\n', b",\n".join(items), b"\n ]\n}\n"))


def _others(item: Item) -> Iterable[Attachment]:
    for one in item.alternates:
        if one.type and one.sources and not (one.default or one.rel):
            yield Attachment(
                clean_line(one.sources[0][0]), clean_line(one.type), one.length_bytes or None
            )


def _author(person: ItemPerson) -> Author:
    return Author(clean_line(person.name), clean_line(person.href), clean_line(person.img))
