"""NET-001 to NET-006: how the server delivers the feed itself. Pure, as `served/files.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import ATOM, Feed
from avsnitt.checks.podcast20.reading import attribute, shown
from avsnitt.model.message import MessageValues, message
from avsnitt.net.messages import Answer, Request, Response, Silence
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity

MOST_FEED_BYTES: Final = 25_000_001
"""One more than Podcast Index's crawler takes (its aggregator, aggrivate.js): a feed of this size
is too large."""
MOST_REDIRECTS: Final = 3
MOST_HUBS: Final = 8

_RSS: Final = "application/rss+xml"
_LINK = re.compile(r"<([^<>]{1,2000})>([^<>]{0,500})")
_REL = re.compile(r";\s*rel\s*=\s*\"?([^\";]{1,200})", re.IGNORECASE)


def ask_feed(url: str) -> Request:
    """The feed as an app asks for it."""
    return Request(url, "GET", (("Accept-Encoding", "gzip"),), MOST_FEED_BYTES)


def ask_again(answer: Response) -> Request | None:
    """
    The request that asks if the feed has changed; None where the answer has no ETag and no
    Last-Modified.
    """
    fields = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
    known = tuple((name, answer.headers[key]) for key, name in fields if answer.headers.get(key))
    return Request(answer.url, "GET", known) if known else None


def check_feed_answer(
    feed: Feed, url: str, first: Response, again: Answer | None
) -> Iterator[Finding]:
    """
    NET-001 to NET-006. `url` is the address asked for, `first` the answer, `again` the answer
    to `ask_again`.
    """
    yield from _check_access(feed, first)
    if first.status != 200:
        return
    yield from _check_validators(feed, again)
    if "content-encoding" not in first.headers:
        yield feed.finding("NET-003", feed.channel, "", size=str(len(first.body)))
    if len(first.redirects) > MOST_REDIRECTS:
        values: MessageValues = {
            "what": message("online.many"),
            "url": shown(url),
            "number": str(len(first.redirects)),
        }
        yield feed.finding("NET-004", feed.channel, "", "warning", **values)
    links = tuple(_links(feed, first))
    selves = [href for rel, href, _ in links if rel == "self"]
    if selves and first.url not in selves:
        values = {"found": shown(selves[0]), "url": shown(first.url)}
        yield feed.finding("NET-005", feed.channel, "atom:link@href", "warning", **values)
    if not selves and any(rel == "hub" for rel, *_ in links):
        yield feed.finding("NET-006", feed.channel, "atom:link", what=message("online.hub-alone"))


def check_endless_answer(feed: Feed, url: str, silence: Silence) -> Finding:
    """NET-004 for a feed whose redirects lead in a circle or are too many."""
    values: MessageValues = {"what": message(f"online.{silence.reason}"), "url": shown(url)}
    return feed.finding("NET-004", feed.channel, "", **values)


def hubs_of(feed: Feed) -> Iterator[tuple[str, etree._Element]]:
    """The hubs that a feed names, each with the element that names it."""
    found = (one for one in feed.channel.iterchildren(f"{ATOM}link") if "hub" in _rels(one))
    for _, element in zip(range(MOST_HUBS), found, strict=False):
        yield attribute(element, "href"), element


def _check_access(feed: Feed, answer: Response) -> Iterator[Finding]:
    """NET-001. A page instead of a feed is an error; XML by another name is read all the same."""
    values: MessageValues = {"url": shown(answer.url)}
    if answer.status != 200:
        what = "closed" if answer.status in (401, 402, 403) else "status"
        values = {**values, "what": message(f"online.{what}"), "status": str(answer.status)}
        yield feed.finding("NET-001", feed.channel, "", **values)
        return
    if not answer.url.lower().startswith("https:"):
        values = {**values, "what": message("online.http")}
        yield feed.finding("NET-001", feed.channel, "", "warning", **values)
    if answer.mime != _RSS:
        page = "html" in answer.mime
        values = {**values, "what": message("online.type"), "found": shown(answer.mime) or "-"}
        severity: Severity | None = None if page else "warning"
        values["expected"] = _RSS
        yield feed.finding("NET-001", feed.channel, "", severity, **values)


def _check_validators(feed: Feed, again: Answer | None) -> Iterator[Finding]:
    """
    NET-002 for a feed that cannot be asked if it has changed, or that is sent again unchanged.
    """
    if again is None:
        yield feed.finding("NET-002", feed.channel, "", what=message("online.no-validator"))
    elif isinstance(again, Silence) or again.status != 304:
        yield feed.finding("NET-002", feed.channel, "", what=message("online.no-304"))


def _links(feed: Feed, answer: Response) -> Iterator[tuple[str, str, etree._Element]]:
    """The links of relation self and hub, in the feed and in Link headers (WebSub section 4)."""
    for element in feed.channel.iterchildren(f"{ATOM}link"):
        for rel in _rels(element) & {"self", "hub"}:
            yield rel, attribute(element, "href"), element
    for href, parameters in _LINK.findall(answer.headers.get("link", "")[:10_000]):
        match = _REL.search(parameters)
        for rel in set(match[1].lower().split()) & {"self", "hub"} if match else ():
            yield rel, href.strip(), feed.channel


def _rels(element: etree._Element) -> set[str]:
    return set(attribute(element, "rel").lower().split()[:20])
