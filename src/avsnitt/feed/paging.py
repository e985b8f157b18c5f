"""A feed in pages (RFC 5005, section 3): what stands on each, and how they find each other.

Pages are filled from the oldest item on, so that what has once filled a page never moves: a new
episode changes the first page alone. When a page has been filled, the one before it learns its
address, and nothing else in it changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from avsnitt import routes
from avsnitt.feed.values import Channel, Paging


def split_pages(
    sizes: Sequence[int], *, limit_bytes: int, frame_bytes: int, links_bytes: int = 0
) -> tuple[range, ...]:
    """
    The items of each page, as indices into `sizes`, which stand newest first; so do the pages.

    `sizes` are of the rendered items and `frame_bytes` of what stands around them on every page,
    to which `links_bytes` come when there are several. No page is larger than `limit_bytes`,
    unless one item alone is, and an older page is never larger than half of it; 0 means no limit.
    There is always a first page, even when there are no items.
    """
    whole = range(len(sizes))
    if limit_bytes <= 0 or frame_bytes + sum(sizes) <= limit_bytes:
        return (whole,)
    around = frame_bytes + links_bytes
    filled = _fill(sizes, limit_bytes // 2 - around)
    newest = filled[:2]
    if around + sum(sum(map(sizes.__getitem__, part)) for part in newest) <= limit_bytes:
        filled[:2] = [range(newest[0].start, newest[-1].stop)]
    return tuple(filled)


def _fill(sizes: Sequence[int], room_bytes: int) -> list[range]:
    """Runs of items that fit, filled from the oldest; the newest run first."""
    runs: list[range] = []
    end, taken = len(sizes), 0
    for index in reversed(range(len(sizes))):
        if taken and taken + sizes[index] > room_bytes:
            runs.append(range(index + 1, end))
            end, taken = index + 1, 0
        taken += sizes[index]
    runs.append(range(end))
    return runs[::-1]


def page_paths(feed: str, count: int) -> tuple[str, ...]:
    """The paths of a feed's pages, newest first: the feed's own path, then the numbered ones."""
    older = (routes.feed_page(feed, number) for number in range(count - 1, 0, -1))
    return (feed, *older)


def page_channel(
    channel: Channel, base: str, paths: Sequence[str], place: int, updated: dt.datetime | None
) -> Channel:
    """
    The head of the page at `place` in `paths`; `updated` is its newest item's date.

    `base` is the show's address. A feed that is one page has no links to pages.
    A live broadcast stands on the first page alone, and changes no older one.
    """
    urls = [routes.absolute(base, path) for path in paths]
    if len(urls) == 1:
        return msgspec.structs.replace(channel, self_url=urls[0], updated=updated)
    paging = Paging(
        first=urls[0],
        last=urls[-1],
        previous=urls[place - 1] if place else "",
        next=urls[place + 1] if place + 1 < len(urls) else "",
    )
    return msgspec.structs.replace(
        channel,
        self_url=urls[place],
        updated=updated,
        paging=paging,
        live=() if place else channel.live,
    )


def links_bound(base: str, feed: str) -> int:
    """At most so many bytes of a page's head are links to other pages."""
    url = routes.absolute(base, routes.feed_page(feed, 10**9))
    return 4 * (len(url.replace("&", "&amp;").encode()) + len(_LINK))


_LINK = '    <atom:link href="" rel="previous" type="application/rss+xml"/>\n'
