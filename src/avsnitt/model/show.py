"""The values a show is made of. Frozen; tuples, not lists; the unit is in the name.

Authored values (`Show`, `Episode` ...) hold what people wrote, derived ones (`AudioFacts`, and the
feed's in `feed/values.py`) what was measured or assembled. Nothing is filled in later. Those that
only Podcasting 2.0 knows are in `model/podcast20.py`.

Times inside the sound are whole milliseconds: ID3, WebVTT and Podlove chapters round-trip to it.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from avsnitt.model.audio import AudioSettings, Track
from avsnitt.model.podcast20 import Alternate, Extras, Live, RemoteItem, Soundbite, UpdateFrequency
from avsnitt.model.value import Value

EpisodeStatus = Literal["planned", "recorded", "published", "followed-up"]
EpisodeType = Literal["full", "trailer", "bonus"]
ShowType = Literal["episodic", "serial"]
AudioFormat = Literal["mp3", "m4a", "opus", "ogg", "flac", "wav", "aiff", "other"]
"""The last three are masters: they are encoded before they are published."""


class Link(Value, frozen=True, kw_only=True):
    """A titled web address."""

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
    """A text of a transcript between two times in ms, with the name of who says it or ""."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


class Transcript(Value, frozen=True, kw_only=True):
    """
    Cues in time order. `language` is a BCP 47 tag.

    A transcript that was only words (plain text, HTML without times) is not `timed`: its cues
    all begin and end at 0, one a paragraph, and it is published in no form that has times.
    """

    language: str
    cues: tuple[Cue, ...]
    timed: bool = True


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
    """
    A source that an episode relies on; `at_ms` is when it is mentioned, if anybody wrote that.
    """

    title: str
    url: str
    at_ms: int | None = None


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
    The episode that people wrote.

    `slug` is the address and never follows the title or the number. `guid` was made once and is
    never computed again. `sound`, `cover` and `folder` are paths relative to the show's folder.
    `notes` is Markdown. `published` is aware. `credits` is everybody in it, the show's hosts
    first unless the author left them out. `transcripts` are one a language, the episode's own
    first. `expected` is the day a planned episode is hoped for.
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
    transcripts: tuple[Transcript, ...] = ()
    sound: str = ""
    cover: Picture | None = None
    asks: tuple[Ask, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sources: tuple[Source, ...] = ()
    thanks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    expected: dt.date | None = None
    formerly: tuple[str, ...] = ()
    display_number: str = ""
    block: bool = False
    soundbites: tuple[Soundbite, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    live: Live | None = None
    extras: Extras = Extras()
    tracks: tuple[Track, ...] = ()
    making: AudioSettings = AudioSettings()

    @property
    def transcript(self) -> Transcript | None:
        """The one that pages show: in the episode's own language when there is one."""
        return self.transcripts[0] if self.transcripts else None

    @property
    def is_out(self) -> bool:
        """True when the episode belongs in the podcast feed."""
        return self.status in ("published", "followed-up")


class ShowPage(Value, frozen=True, kw_only=True):
    """One file in `site/pages/`: `name` is its address, `body` is Markdown."""

    name: str
    title: str
    body: str
    in_menu: bool = True


class NetworkShow(Value, frozen=True, kw_only=True):
    """A show of the same network, for its OPML."""

    title: str
    feed_url: str
    site_url: str = ""
    language: str = ""


class ExtraFeed(Value, frozen=True, kw_only=True):
    """
    One more feed of the same show: the episodes that have an alternate in `format` (a file
    ending), with that as their enclosure, or those in `language` (BCP 47), or both. Empty texts
    are the show's own. It lies at `feed-<name>.xml`.
    """

    name: str
    guid: str
    format: str = ""
    language: str = ""
    title: str = ""
    description: str = ""


class FeedTerms(Value, frozen=True, kw_only=True):
    """The fields that a show and its feed's channel have in common, with the same values."""

    copyright: str = ""
    locked: bool = True
    locked_owner: str = ""
    new_feed_url: str = ""
    complete: bool = False
    block: bool = False
    blocked_on: tuple[str, ...] = ()
    allowed_on: tuple[str, ...] = ()
    medium: str = ""
    podping: bool = False
    publisher: RemoteItem | None = None
    podroll: tuple[RemoteItem, ...] = ()
    remote_items: tuple[RemoteItem, ...] = ()
    update_frequency: UpdateFrequency | None = None


class Show(FeedTerms, frozen=True, kw_only=True):
    """
    A whole show, in one language. `address` is the absolute base URL without a final slash.

    `guid` is `podcast:guid`: a UUID made once, from the feed's first address, and kept.
    `hosts` repeat on every episode's item, since item people replace the channel's in
    Podcasting 2.0 (person, "Semantics"). `episodes` stand newest first. `feed_page_kb` is how
    large (in 1,000 bytes) a feed may be before it is paged; 0: never.
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
    contact: str = ""
    demonstration: str = ""
    hosts: tuple[Credit, ...] = ()
    people: tuple[Person, ...] = ()
    episodes: tuple[Episode, ...] = ()
    pages: tuple[ShowPage, ...] = ()
    season_names: tuple[tuple[int, str], ...] = ()
    extras: Extras = Extras()
    network: tuple[NetworkShow, ...] = ()
    feeds: tuple[ExtraFeed, ...] = ()
    feed_page_kb: int = 900


class AudioFacts(Value, frozen=True, kw_only=True):
    """
    The measurements of one audio file, tags aside.

    `digest` names the audio frames alone, so that a new tag never looks like new audio; of a
    film it names all, since its pictures count too. `frames` is their position in an MP3, in
    bytes from its start: each run's first byte and the one after its last; empty where that is
    not known. `chapters` are those that the file itself carries: markers, chapter frames or a
    chapter track.
    """

    format: AudioFormat
    duration_ms: int
    digest: str
    sample_rate_hz: int = 0
    channels: int = 0
    bitrate_bps: int = 0
    video: bool = False
    frames: tuple[tuple[int, int], ...] = ()
    chapters: tuple[Chapter, ...] = ()
