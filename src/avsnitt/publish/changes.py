"""The changes that subscribers would notice: what was published beside what would be.

An app knows an episode by its guid and asks for the sound by its address, so those are what must
not change by accident (Apple, "A Podcaster's Guide to RSS", guid and enclosure).

A new address of an episode that is meant stands in the episode itself (`formerly`). Any other
change that is meant stands in the rows of the lock file (`accepted`), until the next publish.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct

from avsnitt.model.publication import GONE, PublicationRecord, PublishedEpisode

Kind = Literal[
    "show-guid",  # directories and apps would take it for another show
    "feed",  # the feed's address, where apps look for what is new
    "guid",  # an episode that looks new once more
    "gone",  # an episode that leaves the feed
    "address",  # another page and another address of the sound
    "enclosure",  # another address of the sound alone
    "sound",  # other sound
    "new",
    "title",
    "date",
    "number",
    "order",
    "show-title",
    "cover",
]

REFUSED: Final[frozenset[Kind]] = frozenset(
    ("show-guid", "feed", "guid", "gone", "address", "enclosure", "sound")
)
"""The kinds of change that are refused until the author accepts them."""

KINDS: Final[tuple[Kind, ...]] = Kind.__args__  # type: ignore[attr-defined]
"""Gravest first."""


class PublicationChange(Struct, frozen=True, kw_only=True):
    """
    One thing that subscribers would notice. `slug` and `title` are the episode's, as they would be
    published (of one that is gone, as they were); both are empty where it is the show's. `was` is
    its address in the lock file. `accepted` says of what would be refused that it is meant.
    """

    kind: Kind
    slug: str = ""
    title: str = ""
    before: str = ""
    after: str = ""
    was: str = ""
    accepted: bool = False

    @property
    def is_refused(self) -> bool:
        """True when the change must not be published until the author accepts it."""
        return self.kind in REFUSED and not self.accepted


def find_changes(
    old: PublicationRecord,
    new: PublicationRecord,
    formerly: Mapping[str, Container[str]] | None = None,
) -> tuple[PublicationChange, ...]:
    """
    Everything between what was published and what would be, gravest first, then by address.

    `formerly` has, by slug, the addresses that an episode says it has had: with it, another
    address is meant. What neither side knows (an empty text) is not compared.
    """
    found = [*_show_changes(old, new), *_episode_changes(old, new, formerly or {})]
    if any(change.kind == "date" for change in found) and _order(old, new) != _order(new, old):
        found.append(PublicationChange(kind="order"))
    weight = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(sorted(found, key=lambda one: (weight[one.kind], one.accepted, one.slug)))


def _show_changes(old: PublicationRecord, new: PublicationRecord) -> Iterator[PublicationChange]:
    was, now = old.show, new.show
    rows: tuple[tuple[Kind, str, str], ...] = (
        ("show-guid", was.guid, now.guid),
        ("feed", was.feed, now.feed),
        ("show-title", was.title, now.title),
        ("cover", was.cover, now.cover),
    )
    for kind, before, after in rows:
        if before and after and before != after:
            explained = kind == "feed" and now.new_feed_url == after
            accepted = explained or after in was.accepted
            yield PublicationChange(kind=kind, before=before, after=after, accepted=accepted)


def _order(one: PublicationRecord, other: PublicationRecord) -> list[str]:
    """The guids that both have, as apps sort them: newest first."""
    shared = {episode.guid for episode in other.episodes}
    dated = [(_moment(row), row.guid) for row in one.episodes if row.guid in shared]
    return [guid for _, guid in sorted(dated, reverse=True)]


def _moment(row: PublishedEpisode) -> float:
    return dt.datetime.fromisoformat(row.published).timestamp() if row.published else 0.0


def _episode_changes(
    old: PublicationRecord, new: PublicationRecord, formerly: Mapping[str, Container[str]]
) -> Iterator[PublicationChange]:
    there = {row.guid: row for row in new.episodes}
    differing = [row for row in old.episodes if there.get(row.guid) != row]
    if not differing and len(old.episodes) == len(new.episodes):
        return
    known = {row.guid for row in old.episodes}
    lost = [row for row in differing if row.guid not in there]
    unknown = {row.slug: row for row in new.episodes if row.guid not in known}
    new_guid = {row.guid: unknown.pop(row.slug) for row in lost if row.slug in unknown}
    for was in differing:
        now = there.get(was.guid) or new_guid.get(was.guid)
        if now is None:
            yield _gone(was)
        else:
            yield from _differences(was, now, formerly.get(now.slug, ()))
    for row in unknown.values():
        yield PublicationChange(kind="new", slug=row.slug, title=row.title)


def _gone(was: PublishedEpisode) -> PublicationChange:
    return PublicationChange(
        kind="gone",
        slug=was.slug,
        title=was.title,
        before=was.guid,
        was=was.slug,
        accepted=GONE in was.accepted,
    )


def _differences(
    was: PublishedEpisode, now: PublishedEpisode, formerly: Container[str]
) -> Iterator[PublicationChange]:
    moved = was.slug != now.slug
    for kind, before, after in _pairs(was, now):
        explained = (kind == "address" and was.slug in formerly) or (kind == "sound" and moved)
        yield PublicationChange(
            kind=kind,
            slug=now.slug,
            title=now.title,
            before=before,
            after=after,
            was=was.slug,
            accepted=explained or after in was.accepted,
        )


def _pairs(was: PublishedEpisode, now: PublishedEpisode) -> Iterator[tuple[Kind, str, str]]:
    if was.guid != now.guid:
        yield "guid", was.guid, now.guid
    if was.slug != now.slug:
        yield "address", was.slug, now.slug
    if was.enclosure and now.enclosure:
        yield from _sound_pairs(was, now)
    if was.title != now.title:
        yield "title", was.title, now.title
    if was.published and now.published and _moment(was) != _moment(now):
        yield "date", was.published, now.published
    if (was.season, was.number) != (now.season, now.number):
        yield "number", _spell_number(was), _spell_number(now)


def _sound_pairs(was: PublishedEpisode, now: PublishedEpisode) -> Iterator[tuple[Kind, str, str]]:
    """In another format it is another file, which says of itself that the sound is another."""
    moved = was.slug != now.slug
    if _ending(was) != _ending(now) or (not moved and was.enclosure != now.enclosure):
        yield "enclosure", was.enclosure, now.enclosure
    elif was.sound and now.sound and was.sound != now.sound:
        yield "sound", was.sound, now.sound


def _ending(row: PublishedEpisode) -> str:
    return row.enclosure.rpartition(".")[2]


def _spell_number(row: PublishedEpisode) -> str:
    season = f"{row.season}:" if row.season else ""
    return f"{season}{row.number or ''}"
