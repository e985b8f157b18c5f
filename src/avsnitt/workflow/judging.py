"""`avsnitt check FEED`: anybody's feed, from a file or from its address."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from avsnitt.adapters.clock import now
from avsnitt.adapters.files import read_anywhere
from avsnitt.checks.feeds.feed import Fault, Feed
from avsnitt.checks.feeds.judge import judge_feed, read_feed
from avsnitt.checks.feeds.paging import is_paged, judge_paging, page_link
from avsnitt.errors import EnvironmentTrouble, Problem, Where
from avsnitt.workflow.placing import problem_of

LIMIT_BYTES: Final = 25_000_001
"""One more than a feed may be, so that one that is larger is told from one that is not."""


def judge_target(target: str) -> tuple[Problem, ...]:
    """
    What is wrong with a feed, by its file name or its web address, sorted by line.

    Raises:
        EnvironmentTrouble: it cannot be read or fetched.
    """
    if is_address(target):
        return tuple(_place(_judge_bytes(_fetch(target)), target))
    data = read_anywhere(target, LIMIT_BYTES)
    return tuple(_place(_judge_bytes(data, _pages_beside(target)), target))


def is_address(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


def _judge_bytes(
    data: bytes, beside: Callable[[Feed], Callable[[str], Feed | None]] | None = None
) -> tuple[Fault, ...]:
    feed, faults = judge_feed(data, now=now())
    if feed is not None and beside is not None and is_paged(feed):
        faults = (*faults, *judge_paging(feed, beside(feed)))
    return faults


def _pages_beside(path: str) -> Callable[[Feed], Callable[[str], Feed | None]]:
    """Reads a feed's other pages from the folder that its file is in, by their last name."""
    folder = os.path.dirname(path) or "."

    def beside(feed: Feed) -> Callable[[str], Feed | None]:
        home = page_link(feed, "self").rpartition("/")[0]

        def read(url: str) -> Feed | None:
            name = unquote(urlsplit(url).path.rpartition("/")[2])
            elsewhere = home and url.rpartition("/")[0] != home
            if elsewhere or name in ("", ".", "..") or "/" in name or "\\" in name:
                return None
            try:
                data = read_anywhere(f"{folder}/{name}", LIMIT_BYTES)
            except EnvironmentTrouble:
                return None
            return read_feed(data)[0]

        return read

    return beside


def _fetch(address: str) -> bytes:
    raise EnvironmentTrouble(address, key="no-fetching", values={"url": address})


def _place(faults: Iterable[Fault], name: str) -> Iterable[Problem]:
    """Each fault in the feed itself; the line may be unknown."""
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.code))
    return (problem_of(fault, Where(name, fault.line)) for fault in ordered)
