"""The files that a feed points at, item by item, and what it says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

import msgspec
from lxml import etree

from avsnitt.checks.feed.tree import ATOM, ITUNES, PODCAST, PODCAST_OLD, PSC, Feed
from avsnitt.checks.files.facts import CarriedChapters, ImageRole, Texts
from avsnitt.formats.integrity import parse_integrity
from avsnitt.formats.timecode import parse_time
from avsnitt.model.show import Chapter

LinkKind = Literal["enclosure", "alternate", "picture", "chapters", "transcript"]
WHOLE: Final = re.compile(r"[0-9]{1,15}")
TYPE_KINDS: Final = {
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "text/srt": "srt",
    "application/json": "json",
    "text/html": "html",
    "text/plain": "text",
}
"""The five of docs/tags/transcript.md, and two other names of SubRip that feeds have."""
SUFFIX_KINDS: Final = {"vtt": "vtt", "srt": "srt", "json": "json", "html": "html", "txt": "text"}


class FeedLink:
    """One file that an element points at. `name` is the element as readers know it."""

    __slots__ = ("element", "kind", "name", "role", "type", "url")

    def __init__(
        self,
        kind: LinkKind,
        url: str,
        element: etree._Element,
        name: str,
        *,
        type: str = "",
        role: ImageRole = "other",
    ) -> None:
        self.kind = kind
        self.url = url.strip()
        self.element = element
        self.name = name
        self.type = type.split(";", maxsplit=1)[0].strip().lower()
        self.role = role


def channel_links(feed: Feed) -> Iterator[FeedLink]:
    """The show's own pictures."""
    yield from picture_links(feed.channel, "show")


def picture_links(parent: etree._Element, role: ImageRole) -> Iterator[FeedLink]:
    """The pictures of the channel or of an item. `role` is that of `itunes:image`."""
    for one in parent.findall(f"{ITUNES}image"):
        yield FeedLink("picture", one.get("href", ""), one, "itunes:image@href", role=role)
    for one in podcast(parent, "image"):
        yield FeedLink("picture", one.get("href", ""), one, "podcast:image@href")


def item_links(item: etree._Element) -> Iterator[FeedLink]:
    """Everything that an item points at, its sound first."""
    for one in item.findall("enclosure"):
        url, mime = one.get("url", ""), one.get("type", "")
        yield FeedLink("enclosure", url, one, "enclosure@url", type=mime)
    for one in podcast(item, "alternateEnclosure"):
        for source in podcast(one, "source"):
            kind = source.get("contentType", "") or one.get("type", "")
            url = source.get("uri", "")
            yield FeedLink("alternate", url, source, "podcast:source@uri", type=kind)
    yield from picture_links(item, "episode")
    for one in podcast(item, "chapters"):
        url, mime = one.get("url", ""), one.get("type", "")
        yield FeedLink("chapters", url, one, "podcast:chapters@url", type=mime)
    for one in podcast(item, "transcript"):
        url, mime = one.get("url", ""), one.get("type", "")
        yield FeedLink("transcript", url, one, "podcast:transcript@url", type=mime)


def podcast(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that name in Podcasting 2.0's namespace, under either address."""
    return parent.iterchildren(f"{PODCAST}{name}", f"{PODCAST_OLD}{name}")


def url_path(url: str) -> str:
    """The path in an address, unquoted; empty where the address cannot be read."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def file_name(url: str) -> str:
    """
    The name of the file as a reader knows it: the last part of its path, or the address itself.
    """
    return url_path(url).rpartition("/")[2] or url


def suffix_of(name: str) -> str:
    """The ending in small letters, without its dot; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and ending.isalnum() else ""


def transcript_kind(link: FeedLink) -> str:
    """
    The kind of a transcript by its type, or else by its name; empty for a kind that is not
    known.
    """
    return TYPE_KINDS.get(link.type) or SUFFIX_KINDS.get(suffix_of(file_name(link.url)), "")


def whole_number(text: str | None) -> int | None:
    """A whole number of at most 15 digits; None for anything else."""
    found = (text or "").strip()
    return int(found) if WHOLE.fullmatch(found) else None


def people_in(parent: etree._Element) -> tuple[str, ...]:
    """The names of the people in a channel or an item, each once."""
    names = ((one.text or "").strip() for one in podcast(parent, "person"))
    return tuple(dict.fromkeys(filter(None, names)))


def declared_duration_ms(item: etree._Element) -> int:
    """`itunes:duration`; 0 when it says nothing that can be understood."""
    text = (item.findtext(f"{ITUNES}duration") or "").strip()
    try:
        return parse_time(int(text) if WHOLE.fullmatch(text) else text)
    except ValueError:
        return 0


def is_default(form: etree._Element) -> bool:
    """True when the feed says that this alternate is the enclosure itself."""
    return form.get("default", "").strip() == "true"


def declared_digests(form: etree._Element) -> dict[str, tuple[bytes, ...]]:
    """
    The digests of an alternate in the feed, the strongest algorithm first; empty where there
    are none that can be read.
    """
    for one in podcast(form, "integrity"):
        if one.get("type", "").strip() == "sri":
            return parse_integrity(one.get("value", "").strip()) or {}
    return {}


def channel_texts(feed: Feed) -> Texts:
    """
    The channel's texts, with which the tags of every item's audio are compared. All pages of a
    feed are one feed, which is at its first page (RFC 5005, section 3).
    """
    links = {one.get("rel", ""): one.get("href", "") for one in feed.channel.findall(f"{ATOM}link")}
    return Texts(
        album=(feed.channel.findtext("title") or "").strip(),
        feed_url=(links.get("first") or links.get("self") or feed.address).strip(),
    )


def item_texts(shared: Texts, item: etree._Element) -> Texts:
    """The channel's texts and the item's own."""
    return msgspec.structs.replace(
        shared,
        title=(item.findtext(f"{ITUNES}title") or item.findtext("title") or "").strip(),
        date=_day(item.findtext("pubDate") or ""),
        guid=(item.findtext("guid") or "").strip(),
    )


def _day(text: str) -> str:
    try:
        return parsedate_to_datetime(text.strip()).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def inline_chapters(item: etree._Element) -> CarriedChapters | None:
    """The item's psc:chapters, as far as they can be read."""
    found = item.find(f"{PSC}chapters")
    if found is None:
        return None
    chapters = []
    for one in found.findall(f"{PSC}chapter"):
        try:
            start_ms = parse_time(one.get("start", ""))
        except ValueError:
            continue
        chapters.append(Chapter(start_ms=start_ms, title=one.get("title", "").strip()))
    return CarriedChapters(carrier="psc", chapters=tuple(chapters))
