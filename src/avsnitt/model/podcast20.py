"""The values that Podcasting 2.0 gives a show and its episodes (podcast-namespace, docs/tags).

They hold what people wrote, spelt as the namespace spells it, and each is named as its element
is. Times inside the sound are whole milliseconds. An address that may be a file of the show's own
is distinguished by having no `://`.
"""

from __future__ import annotations

from typing import Literal

from avsnitt.model.value import Value


class Funding(Value, frozen=True, kw_only=True):
    """A page to give money at, with the text of the link (Podcasting 2.0, "funding")."""

    url: str
    text: str


class Location(Value, frozen=True, kw_only=True):
    """
    `rel` says whether the place is what is talked about (`subject`) or where it is made
    (`creator`). `geo` is a geo URI (RFC 5870), `osm` is N, W or R and a number, `country` is two
    letters (ISO 3166-1).
    """

    name: str
    rel: Literal["subject", "creator"]
    geo: str = ""
    osm: str = ""
    country: str = ""


class SocialInteract(Value, frozen=True, kw_only=True):
    """
    A place where the episode is discussed. Protocol `disabled` stands alone: no comments are
    wanted (Podcasting 2.0, "socialInteract").
    """

    protocol: str
    uri: str = ""
    account_id: str = ""
    account_url: str = ""
    priority: int | None = None


class Chat(Value, frozen=True, kw_only=True):
    """A chat room during a live broadcast (Podcasting 2.0, "chat")."""

    server: str
    protocol: str
    account_id: str = ""
    space: str = ""


class Txt(Value, frozen=True, kw_only=True):
    """A free text record, such as a proof of ownership (Podcasting 2.0, "txt")."""

    text: str
    purpose: str = ""


class PodcastImage(Value, frozen=True, kw_only=True):
    """
    `file` is a path relative to the show's folder, or a web address. `purpose` is words with
    spaces between. Width and height are in pixels; those of a file of ours are measured.
    """

    file: str
    alt: str = ""
    purpose: str = ""
    aspect_ratio: str = ""
    width: int | None = None
    height: int | None = None
    type: str = ""


class RemoteItem(Value, frozen=True, kw_only=True):
    """Another show, or with `item_guid` one episode of it."""

    feed_guid: str
    feed_url: str = ""
    item_guid: str = ""
    medium: str = ""
    title: str = ""


class ValueRecipient(Value, frozen=True, kw_only=True):
    """`split` is in shares of the sum of all splits; with `fee` it is taken off the top."""

    type: str
    address: str
    split: int
    name: str = ""
    custom_key: str = ""
    custom_value: str = ""
    fee: bool = False


class ValueTimeSplit(Value, frozen=True, kw_only=True):
    """A part of the sound whose value goes elsewhere: to `recipients` or to a `remote` item."""

    start_ms: int
    duration_ms: int
    recipients: tuple[ValueRecipient, ...] = ()
    remote: RemoteItem | None = None
    remote_start_ms: int = 0
    remote_percentage: int = 100


class ValueTag(Value, frozen=True, kw_only=True):
    """`podcast:value`. `suggested` is a decimal number, as text."""

    type: str
    method: str
    suggested: str = ""
    recipients: tuple[ValueRecipient, ...] = ()
    time_splits: tuple[ValueTimeSplit, ...] = ()


class Extras(Value, frozen=True, kw_only=True):
    """The fields that both a show and an episode can have. An episode's own replace the show's."""

    funding: tuple[Funding, ...] = ()
    locations: tuple[Location, ...] = ()
    value: tuple[ValueTag, ...] = ()
    social: tuple[SocialInteract, ...] = ()
    chat: Chat | None = None
    txt: tuple[Txt, ...] = ()
    images: tuple[PodcastImage, ...] = ()


class Soundbite(Value, frozen=True, kw_only=True):
    """A short part of an episode to present it by; times in ms (Podcasting 2.0, "soundbite")."""

    start_ms: int
    duration_ms: int
    title: str = ""


class Alternate(Value, frozen=True, kw_only=True):
    """
    `podcast:alternateEnclosure`. With `file`, a path relative to the show's folder, it is
    published beside the enclosure, and its length, type and integrity are counted; otherwise
    `sources` are its addresses, each with a type of its own or an empty one.
    """

    file: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    type: str = ""
    length_bytes: int | None = None
    bitrate_bps: int | None = None
    height: int | None = None
    lang: str = ""
    title: str = ""
    rel: str = ""
    codecs: str = ""
    default: bool = False
    integrity: str = ""


class ContentLink(Value, frozen=True, kw_only=True):
    """Another place to see the episode at (Podcasting 2.0, "contentLink")."""

    href: str
    text: str


class Live(Value, frozen=True, kw_only=True):
    """
    A stream before, while and after it is sent. `start` and `end` are ISO 8601 with an offset,
    which a moment would lose where episodes are kept. `stream` and `stream_type` are its enclosure;
    `links` are where else it can be seen. An episode that has been published is no longer live.
    """

    start: str
    end: str = ""
    status: Literal["pending", "live", "ended"] = "pending"
    stream: str = ""
    stream_type: str = ""
    links: tuple[ContentLink, ...] = ()


class UpdateFrequency(Value, frozen=True, kw_only=True):
    """`rrule` is RFC 5545's recurrence rule; `dtstart` an ISO 8601 date or moment."""

    text: str
    rrule: str = ""
    dtstart: str = ""
    complete: bool = False
