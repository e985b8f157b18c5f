"""Podcasting 2.0's elements, from what the author wrote to values: those of a show, and those of
an episode. What is wrong with them is reported; a show's settings have been looked through already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import msgspec

from avsnitt.content.field_checks import check_name, parse_moment
from avsnitt.content.front_matter import FrontMatterFile
from avsnitt.content.schema import podcast20 as keys
from avsnitt.content.schema.front_matter import EpisodeFields
from avsnitt.content.schema.podcast20_rules import find_value_problems
from avsnitt.content.settings import ShowSettings
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.validation import spell_key_path
from avsnitt.model.message import message
from avsnitt.model.podcast20 import (
    Alternate,
    Chat,
    ContentLink,
    Extras,
    Funding,
    Live,
    Location,
    PodcastImage,
    RemoteItem,
    SocialInteract,
    Soundbite,
    Txt,
    UpdateFrequency,
    ValueRecipient,
    ValueTag,
    ValueTimeSplit,
)
from avsnitt.model.show import Episode, ExtraFeed, NetworkShow, Show
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.finding import KeyPath
from avsnitt.routes import media_type

OF_EPISODES: Final = (
    *("display_number", "block", "soundbites", "alternates", "live"),
    *("funding", "locations", "social", "chat", "txt", "images", "value"),
)
"""The keys of front matter that are read here. Most episodes have none of them."""


class ExtraKeys(Protocol):
    """The keys that a show and an episode share."""

    @property
    def funding(self) -> keys.Funding:
        """Pages to give money at."""

    @property
    def locations(self) -> keys.Locations:
        """Places that are talked about, or made at."""

    @property
    def social(self) -> keys.Social:
        """Posts under which the show or episode is discussed."""

    @property
    def chat(self) -> keys.Chat:
        """A chat room during broadcasts."""

    @property
    def txt(self) -> keys.Txt:
        """Free text records."""

    @property
    def images(self) -> keys.Images:
        """Images for other purposes than the cover."""

    @property
    def value(self) -> keys.Value:
        """Payments to recipients while somebody plays."""


# A show


def with_show_elements(show: Show, settings: ShowSettings) -> Show:
    """The show with everything that only Podcasting 2.0 and other feeds know."""
    frequency, publisher = settings.update_frequency, settings.publisher
    return msgspec.structs.replace(
        show,
        blocked_on=settings.blocked_on,
        allowed_on=settings.allowed_on,
        medium=settings.medium or "",
        podping=settings.podping,
        publisher=_publisher(publisher) if publisher else None,
        podroll=tuple(map(_remote, settings.podroll)),
        remote_items=tuple(map(_remote, settings.remote_items)),
        update_frequency=_update_frequency(frequency) if frequency else None,
        season_names=tuple(sorted((int(n), name) for n, name in settings.season_names.items())),
        extras=_extras(settings, "site"),
        network=tuple(map(_network_show, settings.network)),
        feeds=tuple(map(_extra_feed, settings.feeds)),
        feed_page_kb=settings.feed_page_kb,
    )


def _update_frequency(one: keys.UpdateFrequencyFields) -> UpdateFrequency:
    return UpdateFrequency(
        text=one.text.strip(), rrule=one.rrule.upper(), dtstart=one.dtstart, complete=one.complete
    )


def _publisher(one: keys.PublisherFields) -> RemoteItem:
    return RemoteItem(
        feed_guid=one.feed_guid.lower(),
        feed_url=one.feed_url,
        medium="publisher",
        title=one.title.strip(),
    )


def _remote(one: keys.RemoteItemFields) -> RemoteItem:
    return RemoteItem(
        feed_guid=one.feed_guid.lower(),
        feed_url=one.feed_url,
        item_guid=one.item_guid,
        medium=one.medium or "",
        title=one.title.strip(),
    )


def _network_show(one: keys.NetworkShowFields) -> NetworkShow:
    return NetworkShow(
        title=one.title.strip(),
        feed_url=one.feed_url,
        site_url=one.site_url,
        language=one.language,
    )


def _extra_feed(one: keys.ExtraFeedFields) -> ExtraFeed:
    return ExtraFeed(
        name=one.name,
        guid=(one.guid or "").lower(),
        format=one.format,
        language=one.language,
        title=one.title.strip(),
        description=one.description.strip(),
    )


# An episode


def with_episode_elements(
    episode: Episode, source: FrontMatterFile[EpisodeFields], names: Sequence[str], timezone: str
) -> Episode:
    """
    The episode with everything that only Podcasting 2.0 knows; every mistake in it is reported.
    `names` are the files in its folder. After a mistake the episode is as it was.
    """
    fields = source.fields
    if fields is None:
        return episode
    findings = tuple(find_value_problems(fields))
    source.add_findings(findings)
    if any(SEVERITIES[one.code] == "error" for one in findings):
        return episode
    if not any(getattr(fields, key) for key in OF_EPISODES):
        return episode
    _check_files(source, fields, names)
    return msgspec.structs.replace(
        episode,
        display_number=fields.display_number.strip(),
        block=fields.block,
        soundbites=tuple(map(_soundbite, fields.soundbites)),
        alternates=tuple(_alternate(one, episode.folder) for one in fields.alternates),
        live=_live(fields.live, source, timezone) if fields.live else None,
        extras=_extras(fields, episode.folder),
    )


def _check_files(
    source: FrontMatterFile[EpisodeFields], fields: EpisodeFields, names: Sequence[str]
) -> None:
    for key, many in (("images", fields.images), ("alternates", fields.alternates)):
        named: Iterable[keys.ImageFields | keys.AlternateFields] = many
        for number, one in enumerate(named):
            if one.file:
                check_name(source, (key, number, "file"), one.file, names)


def _soundbite(one: keys.SoundbiteFields) -> Soundbite:
    return Soundbite(
        start_ms=parse_time(one.start),
        duration_ms=parse_time(one.duration),
        title=one.title.strip(),
    )


def _alternate(one: keys.AlternateFields, folder: str) -> Alternate:
    named = one.file or (one.sources[0].uri if one.sources and not one.default else "")
    return Alternate(
        file=f"{folder}/{one.file}" if one.file else "",
        sources=tuple((source.uri, source.type) for source in one.sources),
        type=one.type or media_type(named),
        length_bytes=one.length,
        bitrate_bps=one.bitrate,
        height=one.height,
        lang=one.lang,
        title=one.title.strip(),
        rel=one.rel.strip(),
        codecs=one.codecs.strip(),
        default=one.default,
        integrity=one.integrity,
    )


def _live(one: keys.LiveFields, source: FrontMatterFile[EpisodeFields], timezone: str) -> Live:
    start = _moment(one.start, "start", source, timezone)
    end = _moment(one.end, "end", source, timezone) if one.end else None
    if start and end and end <= start:
        source.add_problem("PODCAST-001", ("live", "end"), reason=message("clash.end-before-start"))
    return Live(
        start=start.isoformat() if start else "",
        end=end.isoformat() if end else "",
        status=one.status,
        stream=one.stream,
        stream_type=one.stream_type or media_type(one.stream),
        links=tuple(ContentLink(href=link.url, text=link.text.strip()) for link in one.links),
    )


def _moment(
    text: str, key: str, source: FrontMatterFile[EpisodeFields], timezone: str
) -> dt.datetime | None:
    path: KeyPath = ("live", key)
    moment = parse_moment(text, timezone)
    if moment is None:
        source.add_problem(
            "MATTER-004", path, key=spell_key_path(path), expected=message("expected.moment")
        )
    return moment


# Both


def _extras(fields: ExtraKeys, folder: str) -> Extras:
    return Extras(
        funding=tuple(Funding(url=one.url, text=one.text.strip()) for one in fields.funding),
        locations=tuple(map(_location, fields.locations)),
        value=tuple(map(_value, fields.value)),
        social=tuple(map(_social, fields.social)),
        chat=_chat(fields.chat) if fields.chat else None,
        txt=tuple(Txt(text=one.text.strip(), purpose=one.purpose.strip()) for one in fields.txt),
        images=tuple(_image(one, folder) for one in fields.images),
    )


def _location(one: keys.LocationFields) -> Location:
    return Location(
        name=one.name.strip(),
        rel=one.rel,
        geo=f"geo:{one.geo.removeprefix('geo:')}" if one.geo else "",
        osm=one.osm,
        country=one.country,
    )


def _social(one: keys.SocialFields) -> SocialInteract:
    return SocialInteract(
        protocol=one.protocol,
        uri=one.uri or "",
        account_id=one.account_id.strip(),
        account_url=one.account_url,
        priority=one.priority,
    )


def _chat(one: keys.ChatFields) -> Chat:
    return Chat(
        server=one.server,
        protocol=one.protocol,
        account_id=one.account_id.strip(),
        space=one.space.strip(),
    )


def _image(one: keys.ImageFields, folder: str) -> PodcastImage:
    return PodcastImage(
        file=f"{folder}/{one.file}" if one.file else one.url,
        alt=one.alt.strip(),
        purpose=one.purpose.lower(),
        aspect_ratio=one.aspect_ratio.replace(" ", ""),
        width=one.width,
        height=one.height,
        type=one.type,
    )


def _value(one: keys.ValueFields) -> ValueTag:
    return ValueTag(
        type=one.type.strip(),
        method=one.method.strip(),
        suggested=one.suggested,
        recipients=tuple(map(_recipient, one.recipients)),
        time_splits=tuple(map(_time_split, one.time_splits)),
    )


def _recipient(one: keys.RecipientFields) -> ValueRecipient:
    return ValueRecipient(
        type=one.type,
        address=one.address,
        split=one.split,
        name=one.name.strip(),
        custom_key=one.custom_key,
        custom_value=one.custom_value,
        fee=one.fee,
    )


def _time_split(one: keys.TimeSplitFields) -> ValueTimeSplit:
    return ValueTimeSplit(
        start_ms=parse_time(one.start),
        duration_ms=parse_time(one.duration),
        recipients=tuple(map(_recipient, one.recipients)),
        remote=_remote(one.remote) if one.remote else None,
        remote_start_ms=parse_time(one.remote_start),
        remote_percentage=one.remote_percentage,
    )
