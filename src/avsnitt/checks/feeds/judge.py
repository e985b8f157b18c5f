"""Judges a feed, anybody's: bytes in, faults out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feeds.feed import DOCUMENT, Fault, Feed

Rule = Callable[[Feed], Iterator[Fault]]

RULES: Final[tuple[Rule, ...]] = ()
"""Every rule on the feed itself. A family's own table is joined to it by name."""


def judge_feed(
    data: bytes, *, now: dt.datetime | None = None, address: str = ""
) -> tuple[Feed | None, tuple[Fault, ...]]:
    """
    Every fault of a feed, rule by rule; the feed is None where it is no XML that may be read.

    `now` and `address` as in `Feed`. An entity is never resolved and nothing is fetched.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        fault = Fault("XML-001", DOCUMENT, error.lineno or 0, values={"reason": str(error.msg)})
        return None, (fault,)
    feed = Feed(root, data, now=now, address=address)
    return feed, tuple(fault for rule in RULES for fault in rule(feed))
