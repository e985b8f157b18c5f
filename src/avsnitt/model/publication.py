"""
The record of what subscribers have received: the values of `site/published.lock`.

An episode here is not what its author wrote but what has been published, and so what an app may
have remembered. Moments are ISO 8601 with an offset.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from avsnitt.model.value import Value

GONE: Final = "gone"
"""The entry in `accepted` that lets an episode leave."""

Whole = Annotated[int, Meta(ge=0, le=2**53)]


class PublishedEpisode(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One item of the feed as it was last published. `enclosure` is the sound's published path,
    `sound` the digest of its audio frames without tags, so that a new title is no new sound.

    `accepted` are the changes that have been declared to be meant and are not yet published: a
    new guid, a new address, a new enclosure, a new digest, or GONE.
    """

    slug: Annotated[str, Meta(min_length=1)]
    guid: Annotated[str, Meta(min_length=1)]
    title: str
    published: str
    enclosure: str
    sound: str
    duration_ms: Whole = 0
    number: Whole | None = None
    season: Whole | None = None
    accepted: tuple[str, ...] = ()


class PublishedShow(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The channel as it was last published. `feed` is its address and `former_feed` the one before
    a move; `cover` is the digest of the cover's file. `moving_since` is the day on which
    `new_feed_url` was first published. `tokens` are the digest of each verification text, and
    the moment it was first published. `accepted` as for an episode: a new guid or address.
    """

    title: str
    guid: str
    feed: str
    cover: str = ""
    former_feed: str = ""
    new_feed_url: str = ""
    moving_since: str = ""
    tokens: tuple[tuple[str, str], ...] = ()
    accepted: tuple[str, ...] = ()


class PublicationRecord(Value, frozen=True, kw_only=True):
    """All that was last published; `episodes` are sorted by slug."""

    show: PublishedShow
    episodes: tuple[PublishedEpisode, ...] = ()
