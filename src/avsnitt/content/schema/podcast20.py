"""The elements of Podcasting 2.0 as authors write them, in `show.toml` and in front matter.

Their limits are the namespace's own (podcast-namespace, docs/tags); what no shape can show is in
`faults.py`. Keys are spelt as the namespace's attributes are, with an underscore between words.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from avsnitt.content.schema.fields import Moment, OptionalAddress, StrictFields, Time, WebAddress
from avsnitt.routes import FEED_NAME
from avsnitt.vocabulary.podcast20_values import ChatProtocol, Medium, RecipientType, SocialProtocol

Words = Annotated[str, Meta(pattern=r"\S", max_length=128)]
"""A text that must not be empty, in as many characters as most elements take."""
FewWords = Annotated[str, Meta(max_length=128)]
Label = Annotated[str, Meta(max_length=32)]
Uuid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        extra={"expected": "expected.uuid"},
    ),
]
Uri = Annotated[
    str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$", extra={"expected": "expected.uri"})
]
MediaType = Annotated[
    str,
    Meta(pattern=r"^([a-z]+/[A-Za-z0-9.+-]+)?$", extra={"expected": "expected.media-type"}),
]
LanguageTag = Annotated[
    str,
    Meta(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$", extra={"expected": "expected.language"}),
]
Count = Annotated[int, Meta(ge=0, le=2**53, extra={"expected": "expected.from-zero"})]
Pixels = Annotated[int, Meta(ge=1, le=65535)]


class FundingFields(StrictFields, frozen=True, kw_only=True):
    """A page to give money at (`podcast:funding`)."""

    url: WebAddress
    text: Words


class LocationFields(StrictFields, frozen=True, kw_only=True):
    """A place, by name and by `geo:` or OpenStreetMap (`podcast:location`)."""

    name: Annotated[Words, Meta(description="In the show's language")]
    rel: Annotated[
        Literal["subject", "creator"],
        Meta(description="subject: what is talked about; creator: where it is made"),
    ]
    geo: Annotated[
        str,
        Meta(
            pattern=r"^((geo:)?-?\d{1,3}(\.\d+)?,-?\d{1,3}(\.\d+)?(,-?\d+(\.\d+)?)?(;\S*)?)?$",
            max_length=128,
            description="geo:59.2753,15.2134: latitude, longitude",
            extra={"expected": "expected.geo"},
        ),
    ] = ""
    osm: Annotated[
        str,
        Meta(
            pattern=r"^([NWR]\d{1,19}(#\d{1,9})?)?$",
            description="OpenStreetMap: N, W or R and a number",
            extra={"expected": "expected.osm"},
        ),
    ] = ""
    country: Annotated[str, Meta(description="Two letters of ISO 3166-1: SE")] = ""


class SocialFields(StrictFields, frozen=True, kw_only=True):
    """A post that the episode is discussed under (`podcast:socialInteract`)."""

    protocol: SocialProtocol
    uri: Annotated[Uri | None, Meta(description="The post that people answer")] = None
    account_id: FewWords = ""
    account_url: OptionalAddress = ""
    priority: Annotated[Count | None, Meta(description="The lowest is shown first")] = None


class ChatFields(StrictFields, frozen=True, kw_only=True):
    """A chat room (`podcast:chat`)."""

    server: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$",
            max_length=253,
            description="irc.exempel.se",
            extra={"expected": "expected.server"},
        ),
    ]
    protocol: ChatProtocol
    account_id: FewWords = ""
    space: Annotated[FewWords, Meta(description="The room or channel")] = ""


class TxtFields(StrictFields, frozen=True, kw_only=True):
    """A free text record (`podcast:txt`)."""

    text: Annotated[str, Meta(pattern=r"\S", max_length=4000)]
    purpose: Annotated[FewWords, Meta(description="verify, ai-content, ...")] = ""


class ImageFields(StrictFields, frozen=True, kw_only=True):
    """An image by purpose (`podcast:image`), a file beside the author's or an address."""

    alt: Annotated[str, Meta(pattern=r"\S", max_length=4000, description="What it shows")]
    file: Annotated[str, Meta(description="A JPEG or PNG beside this file")] = ""
    url: OptionalAddress = ""
    purpose: Annotated[
        str,
        Meta(
            pattern=r"^(\S+( \S+)*)?$",
            max_length=128,
            description="social, canvas, banner, ...: words with spaces between",
            extra={"expected": "expected.tokens"},
        ),
    ] = ""
    aspect_ratio: Annotated[
        str,
        Meta(
            pattern=r"^(\d{1,5}(\.\d{1,3})?\s*/\s*\d{1,5}(\.\d{1,3})?)?$",
            description="16/9; counted for a file",
            extra={"expected": "expected.aspect-ratio"},
        ),
    ] = ""
    width: Annotated[Pixels | None, Meta(description="Pixels; counted for a file")] = None
    height: Pixels | None = None
    type: MediaType = ""


class RemoteItemFields(StrictFields, frozen=True, kw_only=True):
    """A reference to another feed, or to one of its items (`podcast:remoteItem`)."""

    feed_guid: Annotated[Uuid, Meta(description="The other show's podcast:guid")]
    feed_url: OptionalAddress = ""
    item_guid: Annotated[str, Meta(max_length=740, description="One episode of it")] = ""
    medium: Medium | None = None
    title: FewWords = ""


class PublisherFields(StrictFields, frozen=True, kw_only=True):
    """The publisher's own feed (`podcast:publisher`)."""

    feed_guid: Annotated[Uuid, Meta(description="The podcast:guid of the publisher's feed")]
    feed_url: OptionalAddress = ""
    title: FewWords = ""


class RecipientFields(StrictFields, frozen=True, kw_only=True):
    """A recipient of payments, with a share of them (`podcast:valueRecipient`)."""

    type: RecipientType
    address: Annotated[str, Meta(pattern=r"^\S+$", max_length=255)]
    split: Annotated[int, Meta(ge=1, le=1_000_000, description="Shares of all the shares")]
    name: FewWords = ""
    custom_key: FewWords = ""
    custom_value: Annotated[str, Meta(max_length=255)] = ""
    fee: Annotated[bool, Meta(description="Taken off the top")] = False


class TimeSplitFields(StrictFields, frozen=True, kw_only=True):
    """A part of the episode with recipients of its own (`podcast:valueTimeSplit`)."""

    start: Time
    duration: Time
    recipients: tuple[RecipientFields, ...] = ()
    remote: RemoteItemFields | None = None
    remote_start: Time = 0
    remote_percentage: Annotated[
        int, Meta(ge=0, le=100, extra={"expected": "expected.percentage"})
    ] = 100


class ValueFields(StrictFields, frozen=True, kw_only=True):
    """Payments by method, with their recipients (`podcast:value`)."""

    type: Annotated[Words, Meta(description="lightning")]
    method: Annotated[Words, Meta(description="keysend or lnaddress")]
    recipients: Annotated[tuple[RecipientFields, ...], Meta(min_length=1)]
    suggested: Annotated[
        str,
        Meta(
            pattern=r"^(\d{1,12}(\.\d{1,12})?)?$",
            description="A decimal number in quotes",
            extra={"expected": "expected.decimal"},
        ),
    ] = ""
    time_splits: tuple[TimeSplitFields, ...] = ()


class UpdateFrequencyFields(StrictFields, frozen=True, kw_only=True):
    """The rhythm of publication, in words and as a rule of RFC 5545 (`podcast:updateFrequency`)."""

    text: Annotated[Words, Meta(description="Varannan måndag")]
    rrule: Annotated[str, Meta(max_length=500, description="RFC 5545: FREQ=WEEKLY;BYDAY=MO")] = ""
    dtstart: Annotated[str, Meta(max_length=40, description="ISO 8601, in quotes")] = ""
    complete: Annotated[bool, Meta(description="There will be no more")] = False


class NetworkShowFields(StrictFields, frozen=True, kw_only=True):
    """Another show of the same publisher, for the list of shows as OPML."""

    title: Annotated[str, Meta(pattern=r"\S", max_length=255)]
    feed_url: WebAddress
    site_url: OptionalAddress = ""
    language: LanguageTag = ""


class ExtraFeedFields(StrictFields, frozen=True, kw_only=True):
    """A further feed of the show, of some of its episodes."""

    name: Annotated[
        str,
        Meta(
            pattern=FEED_NAME,
            max_length=40,
            description="It lies at feed-<name>.xml",
            extra={"expected": "expected.feed-name"},
        ),
    ]
    guid: Annotated[Uuid | None, Meta(description="Its podcast:guid, kept for ever")] = None
    format: Annotated[
        str,
        Meta(
            pattern=r"^([a-z0-9]{2,5})?$",
            description="Episodes that have an alternate with this ending: opus, mp4",
            extra={"expected": "expected.ending"},
        ),
    ] = ""
    language: Annotated[LanguageTag, Meta(description="Episodes in this language")] = ""
    title: Annotated[str, Meta(max_length=255)] = ""
    description: Annotated[str, Meta(max_length=4000)] = ""


class SoundbiteFields(StrictFields, frozen=True, kw_only=True):
    """A short part of the episode to present it by (`podcast:soundbite`)."""

    start: Time
    duration: Annotated[Time, Meta(description="15 to 120 seconds are best")]
    title: FewWords = ""


class AlternateSourceFields(StrictFields, frozen=True, kw_only=True):
    """An address where an alternate enclosure is served (`podcast:source`)."""

    uri: Uri
    type: Annotated[MediaType, Meta(description="application/x-bittorrent, ...")] = ""


class AlternateFields(StrictFields, frozen=True, kw_only=True):
    """Another form of the episode's audio or video (`podcast:alternateEnclosure`)."""

    file: Annotated[str, Meta(description="Beside this file; published with the sound")] = ""
    sources: Annotated[
        tuple[AlternateSourceFields, ...], Meta(description="Where else it is, or only there")
    ] = ()
    type: Annotated[MediaType, Meta(description="Otherwise by the file's ending")] = ""
    length: Annotated[Count | None, Meta(description="Bytes; counted for a file")] = None
    bitrate: Annotated[Count | None, Meta(description="Bits a second")] = None
    height: Annotated[Pixels | None, Meta(description="Of a film, in pixels")] = None
    lang: LanguageTag = ""
    title: Label = ""
    rel: Annotated[Label, Meta(description="Only when it is not the same content")] = ""
    codecs: Annotated[FewWords, Meta(description="RFC 6381: opus; avc1.64001f, mp4a.40.2")] = ""
    default: Annotated[bool, Meta(description="The episode's own sound, from more places")] = False
    integrity: Annotated[
        str,
        Meta(
            pattern=r"^(sha(256|384|512)-[A-Za-z0-9+/]+={0,2})?$",
            description="Subresource Integrity: sha384-...; counted for a file",
            extra={"expected": "expected.integrity"},
        ),
    ] = ""


class ContentLinkFields(StrictFields, frozen=True, kw_only=True):
    """Another place to see the episode at (`podcast:contentLink`)."""

    url: WebAddress
    text: Words


class LiveFields(StrictFields, frozen=True, kw_only=True):
    """A live broadcast: its times, status and stream (`podcast:liveItem`)."""

    start: Moment
    end: Moment = ""
    status: Literal["pending", "live", "ended"] = "pending"
    stream: Annotated[OptionalAddress, Meta(description="Where apps listen")] = ""
    stream_type: Annotated[MediaType, Meta(description="Otherwise by its ending")] = ""
    links: Annotated[
        tuple[ContentLinkFields, ...], Meta(description="Where to watch; otherwise its page")
    ] = ()


# What both a show and an episode can have.

Funding = Annotated[tuple[FundingFields, ...], Meta(description="Ways to support")]
Locations = Annotated[tuple[LocationFields, ...], Meta(description="Places")]
Social = Annotated[tuple[SocialFields, ...], Meta(description="Where people talk about it")]
Chat = Annotated[ChatFields | None, Meta(description="A room to talk in while listening")]
Txt = Annotated[tuple[TxtFields, ...], Meta(description="Notes for machines: verify, ai-content")]
Images = Annotated[tuple[ImageFields, ...], Meta(description="Besides the cover")]
Value = Annotated[tuple[ValueFields, ...], Meta(description="Payments while listening")]
