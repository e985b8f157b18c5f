"""`avsnitt diff FEED`: the show beside a feed that was published elsewhere."""

from __future__ import annotations

import os
from typing import Final

import msgspec

from avsnitt.formats.rss_items import parse_feed_items
from avsnitt.problems.errors import UsageError
from avsnitt.publish.changes import find_changes
from avsnitt.publish.from_feed import record_of_feed
from avsnitt.system.files import read_anywhere
from avsnitt.workflow.diff import PublishPreview, preview_publish

LIMIT_BYTES: Final = 100_000_000


def compare_feed(root: str, path: str) -> PublishPreview:
    """
    Return the changes that the subscribers of the feed in a file would notice if the show at
    `root` took its place.

    Raises UsageError when it is no feed that can be read, otherwise as `preview_publish`.
    """
    if not os.path.isfile(path):
        key = "diff.no-address" if "://" in path else "no-file"
        raise UsageError(path, key=key, values={"path": path})
    data = read_anywhere(path, LIMIT_BYTES)
    feed, findings = parse_feed_items(data)
    if feed is None:
        values = {"path": path, "line": str(findings[0].place.line)}
        raise UsageError(path, key="diff.no-feed", values=values)
    ahead = preview_publish(root)
    old = record_of_feed(feed, ahead.new)
    return msgspec.structs.replace(ahead, old=old, changes=find_changes(old, ahead.new))
