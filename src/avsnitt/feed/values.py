"""The values of a feed, ready to write: every address absolute, every text plain or safe."""

from __future__ import annotations

import datetime as dt

from avsnitt.model.podcast20 import ContentLink, Extras, Soundbite
from avsnitt.model.show import Category, Chapter, EpisodeType, FeedTerms, License, ShowType
from avsnitt.model.value import Value


class Enclosure(Value, frozen=True, kw_only=True):
    """The published sound file. `length_bytes` is counted after tagging."""

    url: str
    length_bytes: int
    mime: str
    duration_ms: int


class TranscriptLink(Value, frozen=True, kw_only=True):
    """
    A published transcript (`podcast:transcript`); `captions` is true for files timed as
    captions.
    """

    url: str
    mime: str
    language: str
    captions: bool = False


class ItemPerson(Value, frozen=True, kw_only=True):
    """A person of a channel or item (`podcast:person`)."""

    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    img: str = ""


class Paging(Value, frozen=True, kw_only=True):
    """
    The addresses of the other pages of a feed (RFC 5005, section 3): `next` is older and
    `previous` is newer, empty where there is none.
    """

    first: str
    last: str
    previous: str = ""
    next: str = ""


class Notice(Value, frozen=True, kw_only=True):
    """An `<item>` about an episode that is not out: nothing to play, and no date yet."""

    guid: str
    title: str
    link: str
    description_html: str


class AlternateEnclosure(Value, frozen=True, kw_only=True):
    """
    The episode in another form, ready to write: each of `sources` is an absolute address with a
    type of its own or an empty one. `integrity` is of Subresource Integrity.
    """

    type: str
    sources: tuple[tuple[str, str], ...]
    length_bytes: int | None = None
    bitrate_bps: int | None = None
    height: int | None = None
    lang: str = ""
    title: str = ""
    rel: str = ""
    codecs: str = ""
    default: bool = False
    integrity: str = ""


class Item(Value, frozen=True, kw_only=True):
    """One `<item>` of the feed, ready to write: every URL absolute, every text plain or safe."""

    guid: str
    title: str
    link: str
    published: dt.datetime
    description_html: str
    content_html: str
    enclosure: Enclosure
    image: str
    type: EpisodeType
    explicit: bool
    license: License
    number: int | None = None
    season: int | None = None
    chapters_url: str = ""
    chapters: tuple[Chapter, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    people: tuple[ItemPerson, ...] = ()
    season_name: str = ""
    display_number: str = ""
    block: bool = False
    soundbites: tuple[Soundbite, ...] = ()
    alternates: tuple[AlternateEnclosure, ...] = ()
    extras: Extras = Extras()


class Trailer(Value, frozen=True, kw_only=True):
    """A published episode of type trailer, as the channel points at it."""

    title: str
    url: str
    published: dt.datetime
    length_bytes: int
    mime: str
    season: int | None = None


class LiveItem(Value, frozen=True, kw_only=True):
    """
    `start` and `end` are ISO 8601. The item's enclosure is the stream, with an empty address when
    there is none; its date and its length are nothing.
    """

    status: str
    start: str
    end: str
    links: tuple[ContentLink, ...]
    item: Item


class Channel(FeedTerms, frozen=True, kw_only=True):
    """
    The feed's head, with the terms of the show. `updated` is the newest content date: a build has
    no clock. It is None where nothing in the feed has a date. `paging` is there when the feed is
    one of several pages. The pictures of `extras`, here and in an item, have absolute addresses,
    and the cover is the first of them.
    """

    title: str
    link: str
    self_url: str
    description: str
    language: str
    author: str
    guid: str
    image: str
    categories: tuple[Category, ...]
    explicit: bool
    type: ShowType
    license: License
    updated: dt.datetime | None
    people: tuple[ItemPerson, ...] = ()
    generator: str = "Avsnitt"
    paging: Paging | None = None
    extras: Extras = Extras()
    trailers: tuple[Trailer, ...] = ()
    live: tuple[LiveItem, ...] = ()
