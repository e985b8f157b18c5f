"""Run the rules on any feed: bytes in, findings out."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed import channel, document, item_texts, items
from avsnitt.checks.feed.limits import MOST_OF_A_KIND, MOST_TAGS, PATIENCE
from avsnitt.checks.feed.tree import Feed, line_of
from avsnitt.checks.files import declared
from avsnitt.checks.podcast20 import structure
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_document

Rule = Callable[[Feed], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    *document.RULES,
    *channel.RULES,
    *items.RULES,
    *item_texts.RULES,
    *structure.RULES,
    *declared.RULES,
)
"""Every rule on the feed itself. A family's own table is joined to it by name."""

_WEB_PAGE: Final = re.compile(rb"\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_BAD_SIGN: Final = frozenset(
    (etree.ErrorTypes.ERR_INVALID_CHAR, etree.ErrorTypes.ERR_INVALID_ENCODING)
)


def check_feed(
    data: bytes, *, now: dt.datetime | None = None, address: str = ""
) -> tuple[Feed | None, tuple[Finding, ...]]:
    """
    The findings on a feed, rule by rule, at most `MOST_OF_A_KIND` of a code; the feed is None
    where it cannot be read as RSS.

    `now` and `address` as in `Feed`. An entity is never resolved and nothing is fetched.
    """
    feed, finding = parse_feed(data, now=now, address=address)
    if feed is None:
        return None, (finding,) if finding else ()
    return feed, tuple(_of_a_kind(feed, RULES))


def parse_feed(
    data: bytes, *, now: dt.datetime | None = None, address: str = ""
) -> tuple[Feed | None, Finding | None]:
    """The feed, or the finding that says why it cannot be read at all."""
    too_large = next(document.weigh_size(len(data)), None)
    if too_large is not None and too_large.severity == "error":
        return None, too_large
    if data.count(b"<") > MOST_TAGS:
        return None, finding_in_document(
            "XML-001", values={"reason": message("feed.too-many-tags")}
        )
    # Entities that expand to gigabytes ("billion laughs") are an old attack on readers of XML.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return None, _unreadable(error, data)
    if root.tag != "rss" or root.find("channel") is None:
        found = etree.QName(root).localname
        key = {"html": message("feed.html"), "rss": message("feed.channels")}.get(
            found.lower(), message("feed.no-rss")
        )
        values: MessageValues = {"what": key, "found": "0" if found == "rss" else found}
        return None, finding_in_document("XML-003", line_of(root), found, values)
    return Feed(root, data, now=now, address=address), None


def _unreadable(error: etree.XMLSyntaxError, data: bytes) -> Finding:
    line = error.lineno or 0
    reason = " ".join(str(error.msg or "").split())
    if _WEB_PAGE.match(data):
        return finding_in_document(
            "XML-003", 1, "html", {"what": message("feed.html"), "found": "html"}
        )
    if getattr(error, "code", 0) in _BAD_SIGN:
        return finding_in_document(
            "XML-005", line, values={"what": message("feed.bad-sign"), "sign": reason}
        )
    return finding_in_document("XML-001", line, values={"reason": reason})


def _of_a_kind(feed: Feed, rules: Iterable[Rule]) -> Iterator[Finding]:
    """
    The findings, limited for a feed that was made to have endless ones: at most
    `MOST_OF_A_KIND` of a code, and a rule that goes on finding more of them is stopped.
    """
    counts = Counter[str]()
    for rule in rules:
        for number, finding in enumerate(rule(feed)):
            counts[finding.code] += 1
            if counts[finding.code] <= MOST_OF_A_KIND:
                yield finding
            elif number > PATIENCE:
                break
