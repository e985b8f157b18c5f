"""Podcasting 2.0's elements (Podcastindex-org/podcast-namespace, docs/tags)."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Part, Row, empty, number, one
from avsnitt.feed.values import Channel, Item, ItemPerson, TranscriptLink
from avsnitt.formats.chapters_json import MIME as CHAPTERS_MIME
from avsnitt.model import License

URI: Final = "https://podcastindex.org/namespace/1.0"
PREFIX: Final = "podcast"
NS: Final = f"{{{URI}}}"
MOST_CHARACTERS: Final = 128
YES: Final = {True: "yes", False: "no"}

LISTED_LICENSES: Final = {
    name.lower(): name
    for name in ("ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0")
}
"""The namespace's own list, spelt as there (docs/examples/license/licenses.json). Every other
licence counts as custom and must have an address."""


def _license(license: License) -> tuple[Part, ...]:
    listed = LISTED_LICENSES.get(license.id.lower())
    if listed is None and not license.url:
        return ()
    return one((listed or license.id or license.name)[:MOST_CHARACTERS], url=license.url)


def _people(people: tuple[ItemPerson, ...]) -> list[Part]:
    return [
        part
        for person in people
        for part in one(
            person.name[:MOST_CHARACTERS],
            role=person.role,
            group=person.group,
            img=person.img,
            href=person.href,
        )
    ]


def _transcript(link: TranscriptLink) -> Part:
    rel = "captions" if link.captions else ""
    values = (("url", link.url), ("type", link.mime), ("language", link.language), ("rel", rel))
    return Part("", values)


CHANNEL: Final[tuple[Row[Channel], ...]] = (
    Row(f"{NS}guid", lambda channel: one(channel.guid)),
    Row(f"{NS}locked", lambda channel: one(YES[channel.locked], owner=channel.locked_owner)),
    Row(
        f"{NS}funding",
        lambda channel: [
            Part(way.text[:MOST_CHARACTERS], (("url", way.url),)) for way in channel.funding
        ],
    ),
    Row(f"{NS}medium", lambda channel: one(channel.medium)),
    Row(f"{NS}person", lambda channel: _people(channel.people)),
    Row(f"{NS}license", lambda channel: _license(channel.license)),
    Row(f"{NS}block", lambda channel: one("yes" if channel.block else "")),
)

ITEM: Final[tuple[Row[Item], ...]] = (
    Row(f"{NS}season", lambda item: number(item.season)),
    Row(f"{NS}episode", lambda item: number(item.number)),
    Row(f"{NS}transcript", lambda item: map(_transcript, item.transcripts)),
    Row(
        f"{NS}chapters",
        lambda item: empty(url=item.chapters_url, type=CHAPTERS_MIME) if item.chapters_url else (),
    ),
    Row(f"{NS}person", lambda item: _people(item.people)),
    Row(f"{NS}license", lambda item: _license(item.license)),
)
