"""Every feed of a show, made of the fragments that its episodes came to.

A feed is written in as many pages as it needs, and a page whose head and items are those of the
last build is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec

from avsnitt import routes
from avsnitt.digests import digest
from avsnitt.feed.icalendar import assemble_calendar, render_calendar
from avsnitt.feed.items import NEVER
from avsnitt.feed.json_feed import JsonHead, assemble_head, join_content, render_json_feed
from avsnitt.feed.paging import links_bound, page_channel, page_paths, split_pages
from avsnitt.feed.rss_item import FEED_END
from avsnitt.feed.upcoming import assemble_coming_channel, assemble_notices
from avsnitt.feed.values import Channel
from avsnitt.feed.variants import assemble_extra_channel, speaks
from avsnitt.model.selection import awaited, coming, published
from avsnitt.model.show import Episode, ExtraFeed
from avsnitt.system.build_cache import BuildCache
from avsnitt.workflow.build.context import BuildContext, EpisodeResult
from avsnitt.workflow.build.feed_fragments import JSON, fragment
from avsnitt.workflow.build.feed_items import feed_head

HEADS: Final = "feed-head"
"""The step that keeps the start of each feed."""


class Entry(NamedTuple):
    """A rendered item, its digest, and when its episode was published."""

    published: dt.datetime
    data: bytes
    digest: str


def make_feeds(
    context: BuildContext, outcomes: Mapping[str, EpisodeResult], heads: FeedHeads
) -> dict[str, int]:
    """
    Make, or leave alone, every feed that the show has.

    Returns how many pages each RSS feed has that is more than one, by its path.
    """
    sounds = {slug: one.sound for slug, one in outcomes.items() if one.sound}
    channel = feed_head(context.feed, sounds)
    out = [(one, outcomes[one.slug]) for one in published(context.show) if outcomes[one.slug].item]
    pages = _make_rss(context, heads, channel, routes.FEED, [_own(*pair) for pair in out])
    _make_json(context, channel, out, pages)
    counts = {routes.FEED: len(pages)}
    for extra in context.show.feeds:
        path = routes.extra_feed(extra.name)
        head = assemble_extra_channel(context.show, extra, channel)
        counts[path] = len(_make_rss(context, heads, head, path, _entries(extra, out)))
    _make_coming(context, channel.image)
    _make_network(context)
    _make_calendar(context)
    return {path: count for path, count in counts.items() if count > 1}


def _own(episode: Episode, outcome: EpisodeResult) -> Entry:
    return Entry(episode.published or NEVER, outcome.item, outcome.item_digest)


def _as(kind: str, episode: Episode, outcome: EpisodeResult) -> Entry | None:
    found = fragment(outcome.fragments, kind)
    return Entry(episode.published or NEVER, found.data, found.digest) if found else None


def _entries(extra: ExtraFeed, out: Sequence[tuple[Episode, EpisodeResult]]) -> list[Entry]:
    spoken = [pair for pair in out if speaks(pair[0], extra.language)]
    if not extra.format:
        return [_own(*pair) for pair in spoken]
    return [entry for pair in spoken if (entry := _as(extra.format, *pair))]


def _make_rss(
    context: BuildContext, heads: FeedHeads, channel: Channel, feed: str, entries: Sequence[Entry]
) -> tuple[range, ...]:
    base = context.show.address
    pages = split_pages(
        [len(entry.data) for entry in entries],
        limit_bytes=context.show.feed_page_kb * 1000,
        frame_bytes=len(heads.head(channel)) + len(FEED_END),
        links_bytes=links_bound(base, feed),
    )
    paths = page_paths(feed, len(pages))
    for place, page in enumerate(pages):
        items = entries[page.start : page.stop]
        updated = items[0].published if items else NEVER
        head = page_channel(channel, base, paths, place, updated)
        parts = {"channel": _digest(head), "items": _items_digest(items)}
        context.output.want(paths[place], parts, partial(_render_rss, heads, head, items))
    return pages


def _render_rss(heads: FeedHeads, channel: Channel, items: Sequence[Entry]) -> bytes:
    return b"".join((heads.head(channel), *(entry.data for entry in items), FEED_END))


def _make_json(
    context: BuildContext,
    channel: Channel,
    out: Sequence[tuple[Episode, EpisodeResult]],
    pages: Sequence[range],
) -> None:
    """The JSON Feed, paged where the podcast feed is."""
    paths = page_paths(routes.JSON_FEED, len(pages))
    urls = [routes.absolute(context.show.address, path) for path in paths]
    for place, page in enumerate(pages):
        shown = out[page.start : page.stop]
        items = [entry for pair in shown if (entry := _as(JSON, *pair))]
        next_url = urls[place + 1] if place + 1 < len(urls) else ""
        head = assemble_head(channel, feed_url=urls[place], next_url=next_url)
        parts = {"channel": _digest(head), "items": _items_digest(items)}
        context.output.want(paths[place], parts, partial(_render_json, head, shown))


def _render_json(head: JsonHead, shown: Sequence[tuple[Episode, EpisodeResult]]) -> bytes:
    from avsnitt.feed.rss_item import parse_content

    items = (
        join_content(found.data, parse_content(outcome.item))
        for _, outcome in shown
        if (found := fragment(outcome.fragments, JSON))
    )
    return render_json_feed(head, items)


def _make_coming(context: BuildContext, image: str) -> None:
    show, waiting = context.show, coming(context.show)
    if not waiting:
        return
    words = context.feed.feed_words(show.language)
    head = assemble_coming_channel(show, image=image, words=words)
    notices = assemble_notices(show, waiting, context.feed.feed_words)
    parts = {"channel": _digest(head), "items": _digest(notices)}

    def make() -> bytes:
        from avsnitt.feed.rss_document import render_notices

        return render_notices(head, notices)

    context.output.want(routes.COMING, parts, make)


def _make_network(context: BuildContext) -> None:
    if not context.show.network:
        return
    from avsnitt.feed.opml import render_opml

    data = render_opml(context.show)
    context.output.want(routes.NETWORK, {"text": digest(data)}, lambda: data)


def _make_calendar(context: BuildContext) -> None:
    waiting = awaited(context.show)
    if not waiting:
        return
    calendar = assemble_calendar(context.show, waiting, context.feed.feed_words)
    data = render_calendar(calendar)
    context.output.want(routes.CALENDAR, {"text": digest(data)}, lambda: data)


def _digest(value: object) -> str:
    return digest(msgspec.json.encode(value))


def _items_digest(entries: Sequence[Entry]) -> str:
    return digest("".join(entry.digest for entry in entries).encode())


class FeedHeads:
    """
    The start of each feed, up to its first item, remembered from build to build: it changes with
    the show's settings, seldom with an episode, and making one means importing feedgen.
    """

    def __init__(self, cache: BuildCache) -> None:
        self._cache = cache
        self._kept = cache.read_kept(HEADS)
        self._used: dict[str, bytes] = {}

    def head(self, channel: Channel) -> bytes:
        """The feed's text up to its first item, in UTF-8."""
        name = digest(msgspec.json.encode(channel))
        if name not in self._used:
            self._used[name] = self._kept[name] if name in self._kept else _render_head(channel)
        return self._used[name]

    def keep(self) -> None:
        """Remember those that were used, and no others."""
        fresh = ((name, head) for name, head in self._used.items() if name not in self._kept)
        self._cache.keep(HEADS, fresh)
        self._cache.forget(HEADS, self._kept.keys() - self._used.keys())


def _render_head(channel: Channel) -> bytes:
    from avsnitt.feed.rss_document import render_feed_frame

    return render_feed_frame(channel)[0]
