"""FEED-001 informs the author that a feed is in pages, and how to have it whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from avsnitt.model.show import Show
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.show_files import SETTINGS_PATH


def feeds_in_pages(show: Show, paged: Mapping[str, int]) -> Iterator[Finding]:
    """`paged` has the number of pages of each feed that has several, by its path."""
    if show.feed_page_kb == 0:
        return
    for feed, count in sorted(paged.items()):
        values = {"feed": feed, "count": str(count), "size": str(show.feed_page_kb)}
        yield finding_in_file("FEED-001", SETTINGS_PATH, ("feed_page_kb",), values)
