"""An episode's parts of the feeds beside the podcast feed, rendered once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from avsnitt.digests import digest
from avsnitt.feed.json_feed import render_json_item
from avsnitt.feed.values import Enclosure, Item
from avsnitt.formats.plain_text import clean_text
from avsnitt.model.show import Episode
from avsnitt.workflow.build.alternates import SAME_TIME_MS

JSON = "json"
TIMELESS = "text/plain"
"""Every other form of a transcript has times."""


class FeedFragment(Struct, frozen=True):
    """
    `kind` is `JSON`, or the file ending whose feed it is an item of. The JSON is without the whole
    text, which is in the podcast feed's item already, but its digest names that too.
    """

    kind: str
    data: bytes
    digest: str


def make_fragments(
    item: Item,
    episode: Episode,
    others: Mapping[str, Enclosure] | None = None,
    formats: Iterable[str] = (),
) -> tuple[FeedFragment, ...]:
    """
    `item` as JSON, and as an item of each format's own feed that has it: with the enclosure that
    `others` has by its file ending, or with its own when that is the format.
    """
    from avsnitt.feed.rss_item import render_item

    json = render_json_item(item, episode)
    own = item.enclosure.url.rpartition(".")[2]
    found = {**(others or {}), own: item.enclosure}
    items = ((one, in_format(item, found[one])) for one in sorted(formats) if one in found)
    others_made = ((ending, render_item(other)) for ending, other in items)
    return (
        FeedFragment(JSON, json, digest(json + clean_text(item.content_html).encode())),
        *(FeedFragment(ending, data, digest(data)) for ending, data in others_made),
    )


def in_format(item: Item, enclosure: Enclosure) -> Item:
    """
    An item with another enclosure. That is no longer one of its alternates, and where its time is
    another, what follows the time is left out.
    """
    if enclosure == item.enclosure:
        return item
    duration_ms = enclosure.duration_ms or item.enclosure.duration_ms
    other = msgspec.structs.replace(
        item,
        enclosure=msgspec.structs.replace(enclosure, duration_ms=duration_ms),
        alternates=tuple(
            one
            for one in item.alternates
            if not one.default and enclosure.url not in (url for url, _ in one.sources)
        ),
    )
    if abs(duration_ms - item.enclosure.duration_ms) <= SAME_TIME_MS:
        return other
    return msgspec.structs.replace(
        other,
        chapters=(),
        chapters_url="",
        soundbites=(),
        transcripts=tuple(one for one in item.transcripts if one.mime == TIMELESS),
    )


def fragment(fragments: tuple[FeedFragment, ...], kind: str) -> FeedFragment | None:
    """The one of a kind, if the episode has it."""
    return next((one for one in fragments if one.kind == kind), None)
