"""The values a show is made of. Frozen; tuples, not lists; the unit is in the name.

Authored values (`Show`, `Episode` ...) hold what people wrote. Derived values (`SoundFacts`,
`Enclosure`, `Item` ...) hold what was measured or assembled. Nothing is filled in later.

Times inside the sound are whole milliseconds: ID3, WebVTT and Podlove chapters round-trip to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

EpisodeStatus = Literal["planned", "recorded", "published", "followed-up"]
EpisodeType = Literal["full", "trailer", "bonus"]
ShowType = Literal["episodic", "serial"]
SoundFormat = Literal["mp3", "m4a", "opus", "ogg", "flac", "wav", "aiff", "other"]
"""The last three are masters: they are encoded before they are published."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The shared shape of every value here: frozen, by keyword only."""


class Link(Value, frozen=True, kw_only=True):
    title: str
    url: str


class License(Value, frozen=True, kw_only=True):
    """`id` is an SPDX identifier or an own name; `url` is the canonical deed."""

    id: str
    name: str
    url: str = ""


class Person(Value, frozen=True, kw_only=True):
    """One file in `site/people/`. `bio` is Markdown in the first person."""

    id: str
    name: str
    pronouns: str = ""
    title: str = ""
    bio: str = ""
    links: tuple[Link, ...] = ()
    picture: str = ""
    picture_alt: str = ""


class Credit(Value, frozen=True, kw_only=True):
    """
    A person's part in a show or an episode.

    `role` and `group` are from the Podcasting 2.0 taxonomy, in lower case; `speaks_as` says in
    which capacity the person speaks ("as a civil servant"), in the show's language.
    """

    person: Person
    role: str = "host"
    group: str = "cast"
    speaks_as: str = ""


class Chapter(Value, frozen=True, kw_only=True):
    """`hidden` is Podcasting 2.0's `toc: false`: a marker that lists do not show."""

    start_ms: int
    title: str = ""
    end_ms: int | None = None
    url: str = ""
    image: str = ""
    hidden: bool = False


class Cue(Value, frozen=True, kw_only=True):
    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


class Transcript(Value, frozen=True, kw_only=True):
    """Cues in time order. `language` is a BCP 47 tag."""

    language: str
    cues: tuple[Cue, ...]


class Ask(Value, frozen=True, kw_only=True):
    """A call for help. `until` is an ISO date or empty."""

    id: str
    text: str
    until: str = ""
    status: Literal["open", "answered", "closed"] = "open"
    outcome: str = ""


class Correction(Value, frozen=True, kw_only=True):
    """A mistake mended in public. `at_ms` is where in the sound, if anywhere."""

    date: dt.date
    was: str
    now: str
    at_ms: int | None = None
    thanks: str = ""


class Source(Value, frozen=True, kw_only=True):
    title: str
    url: str
    at_ms: int | None = None


class Funding(Value, frozen=True, kw_only=True):
    url: str
    text: str


class Category(Value, frozen=True, kw_only=True):
    """One of Apple's categories, spelt as Apple spells it."""

    name: str
    sub: str = ""


class Picture(Value, frozen=True, kw_only=True):
    """A picture file: `path` relative to the show's folder, `alt` what it shows, in words."""

    path: str
    alt: str = ""


class Episode(Value, frozen=True, kw_only=True):
    """
    What people wrote about one episode.

    `slug` is the address and never follows the title or the number. `guid` was minted once and
    is never computed again. `sound`, `cover` and `folder` are paths relative to the show's
    folder. `notes` is Markdown. `published` is aware. `credits` is everybody in it, the show's
    hosts first unless the author left them out.
    """

    slug: str
    guid: str
    title: str
    folder: str
    language: str
    license: License
    status: EpisodeStatus = "planned"
    type: EpisodeType = "full"
    number: int | None = None
    season: int | None = None
    published: dt.datetime | None = None
    summary: str = ""
    question: str = ""
    unknowns: tuple[str, ...] = ()
    host_note: str = ""
    disclosure: str = ""
    notes: str = ""
    explicit: bool = False
    credits: tuple[Credit, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: Transcript | None = None
    sound: str = ""
    cover: Picture | None = None
    asks: tuple[Ask, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sources: tuple[Source, ...] = ()
    thanks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def is_out(self) -> bool:
        """Whether the episode belongs in the podcast feed."""
        return self.status in ("published", "followed-up")


class ShowPage(Value, frozen=True, kw_only=True):
    """One file in `site/pages/`: `name` is its address, `body` is Markdown."""

    name: str
    title: str
    body: str
    in_menu: bool = True


class Show(Value, frozen=True, kw_only=True):
    """
    A whole show, in one language. `address` is the absolute base URL without a final slash.

    `guid` is `podcast:guid`: a UUID minted once, from the feed's first address, and kept.
    `hosts` repeat on every episode's item, since item people replace the channel's in
    Podcasting 2.0 (person, "Semantics"). `episodes` stand newest first.
    """

    title: str
    address: str
    language: str
    description: str
    guid: str
    author: str
    license: License
    categories: tuple[Category, ...]
    cover: Picture
    subtitle: str = ""
    timezone: str = "Europe/Stockholm"
    type: ShowType = "episodic"
    explicit: bool = False
    copyright: str = ""
    locked: bool = True
    locked_owner: str = ""
    funding: tuple[Funding, ...] = ()
    contact: str = ""
    demonstration: str = ""
    hosts: tuple[Credit, ...] = ()
    people: tuple[Person, ...] = ()
    episodes: tuple[Episode, ...] = ()
    pages: tuple[ShowPage, ...] = ()
    new_feed_url: str = ""
    complete: bool = False
    block: bool = False


class SoundFacts(Value, frozen=True, kw_only=True):
    """
    What was measured in one sound file, tags aside.

    `digest` names the audio frames alone, so that a new tag never looks like new sound.
    `frames` is where they stand in an MP3, in bytes from its start: each run's first byte and
    the one after its last; empty where that is not known.
    """

    format: SoundFormat
    duration_ms: int
    digest: str
    sample_rate_hz: int = 0
    channels: int = 0
    bitrate_bps: int = 0
    video: bool = False
    frames: tuple[tuple[int, int], ...] = ()


class Enclosure(Value, frozen=True, kw_only=True):
    """The published sound file. `length_bytes` is counted after tagging."""

    url: str
    length_bytes: int
    mime: str
    duration_ms: int


class TranscriptLink(Value, frozen=True, kw_only=True):
    url: str
    mime: str
    language: str
    captions: bool = False


class ItemPerson(Value, frozen=True, kw_only=True):
    name: str
    role: str = ""
    group: str = ""
    href: str = ""
    img: str = ""


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


class Channel(Value, frozen=True, kw_only=True):
    """The feed's head. `updated` is the newest content date: a build has no clock."""

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
    updated: dt.datetime
    copyright: str = ""
    locked: bool = True
    locked_owner: str = ""
    funding: tuple[Funding, ...] = ()
    people: tuple[ItemPerson, ...] = ()
    new_feed_url: str = ""
    complete: bool = False
    block: bool = False
    generator: str = "Avsnitt"
