"""
The front matter of an episode, a person and a page, as types.

One declaration serves three readers: the parser, the JSON Schemas, and the documentation.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from avsnitt.content.schema import podcast20
from avsnitt.content.schema.audio import AudioFields, TrackFields
from avsnitt.content.schema.fields import (
    ContactAddress,
    IsoDate,
    Moment,
    OptionalAddress,
    PositiveNumber,
    StrictFields,
    Time,
    WebAddress,
)
from avsnitt.model.show import EpisodeStatus, EpisodeType

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)",
        min_length=1,
        max_length=80,
        extra={"expected": "expected.name"},
    ),
]


class CreditFields(StrictFields, frozen=True, kw_only=True):
    """A person in an episode and their role there."""

    id: Annotated[str, Meta(description="A file in site/people/, without .md")]
    role: Annotated[str, Meta(description="host, guest, researcher, transcriber, ...")] = "guest"
    group: Annotated[str, Meta(description="cast, writing, ...; found from the role")] = ""
    speaks_as: Annotated[str, Meta(description="In which capacity the person speaks")] = ""


class ChapterFields(StrictFields, frozen=True, kw_only=True):
    """A chapter in the episode's own list."""

    start: Time
    title: str = ""
    end: Time | None = None
    url: OptionalAddress = ""
    image: Annotated[str, Meta(description="A picture in the episode's folder")] = ""
    hidden: Annotated[bool, Meta(description="A marker that lists do not show")] = False


class TranscriptFields(StrictFields, frozen=True, kw_only=True):
    """A transcript file and its language."""

    file: Annotated[str, Meta(min_length=1, description="A file in the episode's folder")]
    language: Annotated[str, Meta(description="BCP 47, like sv or en")]


class AskFields(StrictFields, frozen=True, kw_only=True):
    """A request for help from the audience, and its outcome."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,80}$", extra={"expected": "expected.name"})]
    text: Annotated[str, Meta(min_length=1)]
    until: IsoDate | None = None
    status: Literal["open", "answered", "closed"] = "open"
    outcome: Annotated[str, Meta(description="What came out of it")] = ""


class CorrectionFields(StrictFields, frozen=True, kw_only=True):
    """A public correction of something wrong in the episode."""

    date: IsoDate
    was: Annotated[str, Meta(min_length=1)]
    now: Annotated[str, Meta(min_length=1)]
    at: Annotated[Time | None, Meta(description="Where in the sound")] = None
    thanks: Annotated[str, Meta(description="Who found it")] = ""


class SourceFields(StrictFields, frozen=True, kw_only=True):
    """A source that the episode relies on."""

    title: Annotated[str, Meta(min_length=1)]
    url: WebAddress
    at: Annotated[Time | None, Meta(description="Where in the sound")] = None


class LinkFields(StrictFields, frozen=True, kw_only=True):
    """A titled link of a person."""

    title: Annotated[str, Meta(min_length=1)]
    url: ContactAddress


class EpisodeFields(StrictFields, frozen=True, kw_only=True):
    """The front matter of `episodes/<n>-<slug>/episode.md`."""

    guid: Annotated[
        str,
        Meta(min_length=1, max_length=740, description="Made by plan and add; never change it"),
    ]
    title: Annotated[str, Meta(min_length=1, max_length=255, description="Without a number")]
    status: Annotated[EpisodeStatus, Meta(description="How far the episode has come")] = "planned"
    published: Moment = ""
    number: Annotated[
        PositiveNumber | None, Meta(description="Otherwise the number of the folder")
    ] = None
    season: PositiveNumber | None = None
    type: Annotated[EpisodeType, Meta(description="full, trailer or bonus")] = "full"
    summary: Annotated[str, Meta(description="A sentence or two, in plain text")] = ""
    question: Annotated[str, Meta(description="The question before the answer")] = ""
    unknowns: Annotated[tuple[str, ...], Meta(description="What we do not know yet")] = ()
    host_note: Annotated[str, Meta(description="In the first person, Markdown")] = ""
    disclosure: Annotated[str, Meta(description="Synthetic voices, sponsors, ...")] = ""
    people: Annotated[
        tuple[CreditFields, ...], Meta(description="Besides the show's hosts, who come first")
    ] = ()
    hosts: Annotated[bool, Meta(description="false: without the show's hosts")] = True
    sound: Annotated[str, Meta(description="Otherwise the only sound file in the folder")] = ""
    cover: Annotated[str, Meta(description="A picture in the folder; needs cover_alt")] = ""
    cover_alt: Annotated[str, Meta(description="What the cover shows, in words")] = ""
    chapters: Annotated[
        tuple[ChapterFields, ...] | str | None,
        Meta(description="A list, or a file; otherwise chapters.json, .psc or .txt"),
    ] = None
    transcript: Annotated[
        str, Meta(description="Otherwise transcript.vtt, .srt, .json, .html or .txt")
    ] = ""
    transcripts: Annotated[
        tuple[TranscriptFields, ...],
        Meta(description="In other languages; otherwise transcript.<language>.vtt and so on"),
    ] = ()
    license: Annotated[str, Meta(description="Otherwise the show's")] = ""
    license_url: Annotated[
        OptionalAddress, Meta(description="Needed for a licence of your own")
    ] = ""
    language: Annotated[str, Meta(description="BCP 47; otherwise the show's")] = ""
    explicit: Annotated[bool | None, Meta(description="Otherwise the show's")] = None
    keywords: tuple[str, ...] = ()
    asks: Annotated[tuple[AskFields, ...], Meta(description="Calls for help")] = ()
    corrections: Annotated[
        tuple[CorrectionFields, ...], Meta(description="Mistakes mended in public")
    ] = ()
    sources: tuple[SourceFields, ...] = ()
    thanks: Annotated[tuple[str, ...], Meta(description="Everyone who helped")] = ()
    expected: Annotated[IsoDate | None, Meta(description="The day it is hoped for")] = None
    display_number: Annotated[
        podcast20.Label, Meta(description="Shown instead of the number: 2B")
    ] = ""
    block: Annotated[bool, Meta(description="Keep the episode out of Apple's directory")] = False
    soundbites: Annotated[
        tuple[podcast20.SoundbiteFields, ...], Meta(description="Moments worth sharing")
    ] = ()
    alternates: Annotated[
        tuple[podcast20.AlternateFields, ...], Meta(description="The same in other forms")
    ] = ()
    live: Annotated[
        podcast20.LiveFields | None, Meta(description="A stream, until it is published")
    ] = None
    funding: podcast20.Funding = ()
    locations: podcast20.Locations = ()
    social: podcast20.Social = ()
    chat: podcast20.Chat = None
    txt: podcast20.Txt = ()
    images: podcast20.Images = ()
    value: podcast20.Value = ()
    formerly: Annotated[
        tuple[Slug, ...], Meta(description="Addresses it has had, which lead on to it")
    ] = ()
    tracks: Annotated[
        tuple[TrackFields, ...],
        Meta(description="Microphones recorded apart, to be mixed; instead of sound"),
    ] = ()
    making: Annotated[
        AudioFields | None, Meta(description="How the sound is made; otherwise as the show says")
    ] = None


class PersonFields(StrictFields, frozen=True, kw_only=True):
    """The front matter of `site/people/<id>.md`; the bio follows it."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    pronouns: str = ""
    title: Annotated[str, Meta(description="What the person does")] = ""
    picture: Annotated[str, Meta(description="A picture in site/people/; needs picture_alt")] = ""
    picture_alt: str = ""
    links: tuple[LinkFields, ...] = ()


class PageFields(StrictFields, frozen=True, kw_only=True):
    """The front matter of `site/pages/<name>.md`; the text follows it."""

    title: Annotated[str, Meta(min_length=1, max_length=255)]
    menu: Annotated[bool, Meta(description="false: only linked from your own pages")] = True
