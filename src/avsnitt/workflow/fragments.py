"""An episode's parts of the feeds beside the podcast feed, rendered once and kept."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from avsnitt.feed.json_feed import render_json_item
from avsnitt.feed.values import Enclosure, Item
from avsnitt.keys import digest
from avsnitt.model import Episode

JSON = "json"


class Fragment(Struct, frozen=True):
    """`kind` is `JSON`, or the file ending whose feed it is an item of."""

    kind: str
    data: bytes
    digest: str


def make_fragments(
    item: Item, episode: Episode, enclosures: Mapping[str, Enclosure] | None = None
) -> tuple[Fragment, ...]:
    """
    `item` as JSON, and as an item of each format's own feed: `enclosures` has by file ending what
    stands there instead of the item's own sound.
    """
    from avsnitt.feed.document import render_item

    json = render_json_item(item, episode)
    others = (
        (ending, render_item(msgspec.structs.replace(item, enclosure=enclosure)))
        for ending, enclosure in (enclosures or {}).items()
    )
    return tuple(Fragment(kind, data, digest(data)) for kind, data in ((JSON, json), *others))


def fragment(fragments: tuple[Fragment, ...], kind: str) -> Fragment | None:
    """The one of a kind, if the episode has it."""
    return next((one for one in fragments if one.kind == kind), None)
