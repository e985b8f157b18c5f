"""IT-007 and IT-008: rules on the enclosures of items, as far as no file is needed.

What the files themselves are like is checked in `checks/files/`, and how they are served in
`checks/served/`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity


def enclosure(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """IT-007 for an enclosure that is missing, is one of several, or lacks an attribute."""
    found = feed.all(item, "enclosure")
    if not found:
        yield feed.finding("IT-007", item, "enclosure", what=message("feed.no-enclosure"), name="")
        return
    if len(found) > 1:
        values: MessageValues = {"what": message("feed.enclosures"), "name": str(len(found))}
        yield feed.finding("IT-007", found[1], "enclosure", "warning", **values)
    for name in ("url", "length", "type"):
        if not (found[0].get(name) or "").strip():
            severity: Severity | None = None if name == "url" else "warning"
            values = {"what": message("feed.enclosure-without"), "name": name}
            yield feed.finding("IT-007", found[0], f"enclosure@{name}", severity, **values)


def unique_enclosures(feed: Feed) -> Iterator[Finding]:
    """IT-008 for an enclosure's address that two items share."""
    seen: set[str] = set()
    for item in feed.items:
        element = feed.first(item, "enclosure")
        if element is None or not (url := (element.get("url") or "").strip()):
            continue
        if url in seen:
            yield feed.finding("IT-008", element, "enclosure@url", url=url)
        seen.add(url)
