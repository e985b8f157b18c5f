"""`avsnitt check FEED`: anybody's feed, from a file or from its address."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from avsnitt.checks.check_feed import check_feed, parse_feed
from avsnitt.checks.feed.paging import check_paging, is_paged, page_link
from avsnitt.checks.feed.tree import Feed
from avsnitt.net.messages import Response
from avsnitt.problems.codes import problem_of
from avsnitt.problems.errors import ExternalError
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.clock import now
from avsnitt.system.files import read_anywhere

if TYPE_CHECKING:
    from avsnitt.workflow.check.linked_files import Locate

OK: Final = 200
LIMIT_BYTES: Final = 25_000_001
"""
One more than a feed may be, so that one that is larger can be distinguished from one that is not.
"""


def check_target(target: str, *, online: bool = False) -> tuple[Problem, ...]:
    """
    Return the problems of a feed, by its file name or its web address, sorted by line.

    With `online` the servers are asked too: about a file, at the address in its own
    `atom:link`.

    Raises ExternalError when it cannot be read or fetched.
    """
    response: Response | None = None
    if is_address(target):
        response = _fetch(target)
        # One byte more than is allowed says that there was more, and nothing is read of it.
        feed, findings = check_feed(response.body + b" " * response.cut, now=now())
        url = target
    else:
        feed, findings = check_feed(read_anywhere(target, LIMIT_BYTES), now=now())
        url = page_link(feed, "self") if feed else ""
        if feed is not None:
            findings = (*findings, *_check_sibling_files(target, feed))
    if online and feed is not None and is_address(url):
        from avsnitt.workflow.check.online import check_served_feed

        findings = (*findings, *check_served_feed(feed, url, response=response))
    return tuple(_place(findings, target))


def _check_sibling_files(path: str, feed: Feed) -> Iterable[Finding]:
    """Check the files beside a feed's file: its other pages, and the files that it points at."""
    from avsnitt.workflow.check.linked_files import check_linked_files, feed_address, local_locator

    if is_paged(feed):
        yield from check_paging(feed, _pages_beside(path, feed))
    address = feed_address(feed)
    if is_address(address):
        locate, found = _noting(local_locator(address, os.path.dirname(path) or "."))
        findings = check_linked_files(feed, locate)
        # A feed that was saved alone has none of its files beside it, and misses none.
        yield from findings if found else ()


def _noting(locate: Locate) -> tuple[Locate, list[str]]:
    """The same, and a list that fills with what it finds."""
    found: list[str] = []

    def noting(url: str) -> str | None:
        path = locate(url)
        if path is not None:
            found.append(path)
        return path

    return noting, found


def is_address(target: str) -> bool:
    """True when a target is a web address, and not a file name."""
    return target.lower().startswith(("http://", "https://"))


def _pages_beside(path: str, feed: Feed) -> Callable[[str], Feed | None]:
    """Reads a feed's other pages from the folder that its file is in, by their last name."""
    folder = os.path.dirname(path) or "."
    home = page_link(feed, "self").rpartition("/")[0]

    def read(url: str) -> Feed | None:
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        elsewhere = home and url.rpartition("/")[0] != home
        if elsewhere or name in ("", ".", "..") or "/" in name or "\\" in name:
            return None
        try:
            data = read_anywhere(f"{folder}/{name}", LIMIT_BYTES)
        except ExternalError:
            return None
        return parse_feed(data)[0]

    return read


def _fetch(address: str) -> Response:
    from avsnitt.workflow.check.online import get_feed

    response = get_feed(address)
    if response.status != OK:
        values = {"url": address, "status": str(response.status)}
        raise ExternalError(f"{address}: {response.status}", key="feed-status", values=values)
    return response


def _place(findings: Iterable[Finding], name: str) -> Iterable[Problem]:
    """Each fault in the feed itself; the line may be unknown."""
    ordered = sorted(findings, key=lambda one: (one.place.line, one.code))
    return (problem_of(one, Where(name, one.place.line)) for one in ordered)
