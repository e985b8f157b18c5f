"""The heads of a show's feeds, remembered from build to build.

A head changes with the show's settings, seldom with an episode, and making one means importing
feedgen.
"""

from __future__ import annotations

from typing import Final

import msgspec

from avsnitt.digests import digest
from avsnitt.feed.values import Channel
from avsnitt.system.build_cache import BuildCache

STEP: Final = "feed-head"


class FeedHeads:
    """Gives the start of a feed, up to its first item."""

    def __init__(self, store: BuildCache) -> None:
        self._store = store
        self._kept = store.read_kept(STEP)
        self._used: dict[str, bytes] = {}

    def head(self, channel: Channel) -> bytes:
        name = digest(msgspec.json.encode(channel))
        if name not in self._used:
            self._used[name] = self._kept[name] if name in self._kept else _render(channel)
        return self._used[name]

    def keep(self) -> None:
        """Remember those that were used, and no others."""
        fresh = ((name, head) for name, head in self._used.items() if name not in self._kept)
        self._store.keep(STEP, fresh)
        self._store.forget(STEP, self._kept.keys() - self._used.keys())


def _render(channel: Channel) -> bytes:
    from avsnitt.feed.rss_document import render_feed_frame

    return render_feed_frame(channel)[0]
