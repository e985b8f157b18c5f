"""Podcasting 2.0's elements (Podcastindex-org/podcast-namespace, docs/tags). Those that a show and
an episode can both have are in `podcast_extras.py`.
"""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces import podcast20_shared
from avsnitt.feed.namespaces.itunes import is_complete
from avsnitt.feed.namespaces.podcast20_shared import (
    EXTRAS,
    NS,
    REMOTE_ITEM,
    TRUE,
    remote_item,
    seconds,
    whole,
)
from avsnitt.feed.namespaces.rows import Row, XmlElement, empty, number, one
from avsnitt.feed.namespaces.rss import render_date
from avsnitt.feed.values import (
    AlternateEnclosure,
    Channel,
    Item,
    ItemPerson,
    LiveItem,
    Trailer,
    TranscriptLink,
)
from avsnitt.model.podcast20 import RemoteItem, Soundbite
from avsnitt.model.show import License
from avsnitt.vocabulary.podcast20_values import (
    CHAPTERS_TYPE,
    LISTED_LICENSES,
    NAME_CHARACTERS,
    SHORT_CHARACTERS,
)

URI: Final = NS[1:-1]
PREFIX: Final = podcast20_shared.PREFIX
YES: Final = {True: "yes", False: "no"}
LIVE_ITEM: Final = f"{NS}liveItem"
SOURCE: Final = f"{NS}source"
INTEGRITY: Final = f"{NS}integrity"

LISTED: Final = {name.lower(): name for name in LISTED_LICENSES}


def _license(license: License) -> tuple[XmlElement, ...]:
    listed = LISTED.get(license.id.lower())
    if listed is None and not license.url:
        return ()
    return one((listed or license.id or license.name)[:NAME_CHARACTERS], url=license.url)


def _people(people: tuple[ItemPerson, ...]) -> list[XmlElement]:
    return [
        XmlElement(
            person.name[:NAME_CHARACTERS],
            (
                ("role", person.role),
                ("group", person.group),
                ("img", person.img),
                ("href", person.href),
            ),
        )
        for person in people
        if person.name
    ]


def _transcript(link: TranscriptLink) -> XmlElement:
    rel = "captions" if link.captions else ""
    values = (("url", link.url), ("type", link.mime), ("language", link.language), ("rel", rel))
    return XmlElement("", values)


def _season(item: Item) -> tuple[XmlElement, ...]:
    if not item.season_name:
        return number(item.season)
    return one(whole(item.season), name=item.season_name[:NAME_CHARACTERS])


def _episode(item: Item) -> tuple[XmlElement, ...]:
    if not item.display_number:
        return number(item.number)
    return one(whole(item.number), display=item.display_number[:SHORT_CHARACTERS])


def _soundbite(bite: Soundbite) -> XmlElement:
    times = (("startTime", seconds(bite.start_ms)), ("duration", seconds(bite.duration_ms)))
    return XmlElement(bite.title[:NAME_CHARACTERS], times)


def _alternate(other: AlternateEnclosure) -> XmlElement:
    values = {
        "type": other.type,
        "length": whole(other.length_bytes),
        "bitrate": whole(other.bitrate_bps),
        "height": whole(other.height),
        "lang": other.lang,
        "title": other.title[:SHORT_CHARACTERS],
        "rel": other.rel[:SHORT_CHARACTERS],
        "codecs": other.codecs,
        "default": TRUE[other.default],
    }
    sources = [
        (SOURCE, XmlElement("", (("uri", uri), ("contentType", mime))))
        for uri, mime in other.sources
    ]
    sri = (("type", "sri"), ("value", other.integrity))
    proofs = [(INTEGRITY, XmlElement("", sri))] if other.integrity else []
    return XmlElement("", tuple(values.items()), (*sources, *proofs))


def _trailer(trailer: Trailer) -> XmlElement:
    values = {
        "url": trailer.url,
        "pubdate": render_date(trailer.published),
        "length": whole(trailer.length_bytes),
        "type": trailer.mime,
        "season": whole(trailer.season),
    }
    return XmlElement(trailer.title[:NAME_CHARACTERS], tuple(values.items()))


def _blocks(channel: Channel) -> list[XmlElement]:
    """A service looks for its own name first, and then for the one without a name."""
    everybody = [XmlElement("yes")] if channel.block else []
    refused = [XmlElement("yes", (("id", name),)) for name in channel.blocked_on]
    return everybody + refused + [XmlElement("no", (("id", name),)) for name in channel.allowed_on]


def _update_frequency(channel: Channel) -> tuple[XmlElement, ...]:
    found = channel.update_frequency
    if found is None:
        return ()
    return one(
        found.text[:NAME_CHARACTERS],
        complete=TRUE[is_complete(channel)],
        dtstart=found.dtstart,
        rrule=found.rrule,
    )


def _holding(items: tuple[RemoteItem, ...]) -> tuple[XmlElement, ...]:
    """One element around some remote items, or none."""
    inner = tuple((REMOTE_ITEM, remote_item(item)) for item in items)
    return (XmlElement("", (), inner),) if inner else ()


CHANNEL: Final[tuple[Row[Channel], ...]] = (
    Row(f"{NS}guid", lambda channel: one(channel.guid)),
    Row(f"{NS}locked", lambda channel: one(YES[channel.locked], owner=channel.locked_owner)),
    Row(f"{NS}medium", lambda channel: one(channel.medium)),
    Row(f"{NS}person", lambda channel: _people(channel.people)),
    Row(f"{NS}license", lambda channel: _license(channel.license)),
    Row(f"{NS}block", _blocks),
    *EXTRAS,
    Row(f"{NS}trailer", lambda channel: map(_trailer, channel.trailers)),
    Row(f"{NS}updateFrequency", _update_frequency),
    Row(f"{NS}podping", lambda channel: empty(usesPodping="true") if channel.podping else ()),
    Row(
        f"{NS}publisher",
        lambda channel: _holding((channel.publisher,)) if channel.publisher else (),
    ),
    Row(f"{NS}podroll", lambda channel: _holding(channel.podroll)),
    Row(REMOTE_ITEM, lambda channel: map(remote_item, channel.remote_items)),
)

ITEM: Final[tuple[Row[Item], ...]] = (
    Row(f"{NS}season", _season),
    Row(f"{NS}episode", _episode),
    Row(f"{NS}transcript", lambda item: map(_transcript, item.transcripts)),
    Row(
        f"{NS}chapters",
        lambda item: empty(url=item.chapters_url, type=CHAPTERS_TYPE) if item.chapters_url else (),
    ),
    Row(f"{NS}person", lambda item: _people(item.people)),
    Row(f"{NS}license", lambda item: _license(item.license)),
    Row(f"{NS}soundbite", lambda item: map(_soundbite, item.soundbites)),
    Row(f"{NS}alternateEnclosure", lambda item: map(_alternate, item.alternates)),
    *EXTRAS,
)
PLAIN_ITEM: Final = tuple(row for row in ITEM if row not in EXTRAS)
"""The rows of the many items that have no extras."""

LIVE: Final[tuple[Row[LiveItem], ...]] = (
    Row(
        f"{NS}contentLink",
        lambda live: [
            XmlElement(link.text[:NAME_CHARACTERS], (("href", link.href),)) for link in live.links
        ],
    ),
)
"""The rows that a live item has besides those of an item."""

CHILDREN: Final = (SOURCE, INTEGRITY, *podcast20_shared.CHILDREN)
"""Elements that only stand inside others."""
