"""A feed that was published elsewhere, as a record of what its subscribers have received."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from avsnitt.formats.rss_items import FeedItem, FeedItems
from avsnitt.model.publication import PublicationRecord, PublishedEpisode, PublishedShow


def record_of_feed(feed: FeedItems, new: PublicationRecord) -> PublicationRecord:
    """
    Each item of the feed beside the episode of the show that it must be: by its guid, then by
    the name of its sound file, then by its title. Addresses are not compared, since they are
    what a move changes; nor is the sound itself, which the feed does not hold.
    """
    items = [_row(item) for item in feed.items]
    left = {row.slug: row for row in new.episodes}
    there: dict[int, PublishedEpisode] = {}
    for name in _NAMES:
        index = {name(row): row for row in reversed(left.values()) if name(row)}
        for number, item in enumerate(items):
            row = index.get(name(item))
            if number not in there and row is not None and row.slug in left:
                there[number] = left.pop(row.slug)
    rows = (_beside(item, there.get(number)) for number, item in enumerate(items))
    show = PublishedShow(title=feed.title or new.show.title, guid=feed.guid, feed="")
    return PublicationRecord(show=show, episodes=tuple(rows))


def _by_guid(row: PublishedEpisode) -> str:
    return row.guid


def _by_sound(row: PublishedEpisode) -> str:
    """`https://host/x/Samtal%20ett.mp3?id=1` and `media/samtal-ett.mp3` are one recording."""
    try:
        name = unquote(urlsplit(row.enclosure).path).rpartition("/")[2].rpartition(".")[0]
    except ValueError:
        return ""
    return re.sub(r"[\W_]+", "-", name.casefold())


def _by_title(row: PublishedEpisode) -> str:
    return " ".join(row.title.casefold().split())


_NAMES: Final[tuple[Callable[[PublishedEpisode], str], ...]] = (_by_guid, _by_sound, _by_title)


def _row(item: FeedItem) -> PublishedEpisode:
    """An item without a guid is known by its enclosure, as apps know it."""
    return PublishedEpisode(
        slug="",
        guid=item.guid or item.enclosure or item.title,
        title=item.title,
        published=item.published,
        enclosure=item.enclosure,
        sound="",
    )


def _beside(item: PublishedEpisode, there: PublishedEpisode | None) -> PublishedEpisode:
    if there is None:
        return item
    return msgspec.structs.replace(
        there, guid=item.guid, title=item.title, published=item.published
    )
