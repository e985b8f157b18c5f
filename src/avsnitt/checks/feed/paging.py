"""NET-007: a feed in pages, which apps follow from link to link (RFC 5005, section 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.feed.tree import ATOM, Feed, children, text_in
from avsnitt.model.message import Message, MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_document

MOST_PAGES: Final = 1000

ReadPage = Callable[[str], Feed | None]
"""A page by its address; None where there is none to be read."""

PREVIOUS: Final = ("previous", "prev")
"""The second is not in RFC 5005, and common (podcast-namespace, other-recommendations)."""


def is_paged(feed: Feed) -> bool:
    """True for a feed that links to a page before or after it."""
    return bool(page_link(feed, "next") or page_link(feed, *PREVIOUS))


def page_link(feed: Feed, *relations: str) -> str:
    """The address of the page with one of these relations to this one; empty for none."""
    for link in children(feed.channel, f"{ATOM}link"):
        if (link.get("rel") or "").strip().lower() in relations:
            return (link.get("href") or "").strip()
    return ""


def check_paging(feed: Feed, read: ReadPage) -> tuple[Finding, ...]:
    """
    NET-007 for the errors between the pages of a feed, from `feed` on. Nothing for a feed
    without pages, or of which no other page can be read, as when one page was fetched by
    itself.
    """
    if not is_paged(feed):
        return ()
    return tuple(_Walk(feed, read).findings())


class _Walk:
    def __init__(self, feed: Feed, read: ReadPage) -> None:
        self.feed = feed
        self.read = read
        self.pages: dict[str, Feed] = {}

    def findings(self) -> Iterator[Finding]:
        links = {
            relation: page_link(self.feed, *names)
            for relation, names in _RELATIONS.items()
            if page_link(self.feed, *names)
        }
        there = {relation: self.read(url) for relation, url in links.items()}
        own = page_link(self.feed, "self")
        others = [page for relation, page in there.items() if links[relation] != own]
        if not any(others) and links.get("next") != own:
            return
        for relation, page in there.items():
            if page is None and relation != "next":
                yield _finding(self.feed, message("feed.page-missing"), links[relation], relation)
        yield from self._follow()
        yield from self._repeated()
        yield from self._last(links.get("last", ""))

    def _follow(self) -> Iterator[Finding]:
        page, url = self.feed, page_link(self.feed, "self")
        self.pages[url] = page
        while following := page_link(page, "next"):
            if following in self.pages or len(self.pages) >= MOST_PAGES:
                yield _finding(page, message("feed.page-loop"), following, "next")
                return
            found = self.read(following)
            if found is None:
                yield _finding(page, message("feed.page-missing"), following, "next")
                return
            back = page_link(found, *PREVIOUS)
            if back and url and back != url:
                yield _finding(found, message("feed.page-back"), back, "previous")
            page, url = found, following
            self.pages[url] = page

    def _repeated(self) -> Iterator[Finding]:
        seen: dict[str, str] = {}
        for url, page in self.pages.items():
            for item in page.items:
                guid = text_in(item, "guid")
                if guid and seen.setdefault(guid, url) != url:
                    yield _finding(page, message("feed.page-repeats"), url, guid)

    def _last(self, url: str) -> Iterator[Finding]:
        end = list(self.pages)[-1]
        if url and url in self.pages and url != end:
            yield _finding(self.feed, message("feed.page-last"), url, "last")


_RELATIONS: Final = {
    "next": ("next",),
    "previous": PREVIOUS,
    "first": ("first",),
    "last": ("last",),
}


def _finding(page: Feed, what: Message, url: str, name: str) -> Finding:
    values: MessageValues = {
        "what": what,
        "url": url,
        "name": name,
        "page": page_link(page, "self"),
    }
    return finding_in_document("NET-007", 0, "atom:link", values)
