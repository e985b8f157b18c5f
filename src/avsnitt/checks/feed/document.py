"""XML-: rules on the XML document itself, whatever its contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed import element_names
from avsnitt.checks.feed.addresses import in_podcast, named_addresses, printed_addresses
from avsnitt.checks.feed.tree import (
    ATOM,
    CONTENT,
    ITUNES,
    PODCAST,
    PODCAST_OLD,
    PSC,
    Feed,
    name_of,
    raw_text,
    text_of,
)
from avsnitt.checks.feed.value_formats import is_absolute
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_document
from avsnitt.problems.problem import Severity

LARGE_BYTES: Final[tuple[tuple[int, Severity], ...]] = (
    (25_000_000, "error"),
    (5_000_000, "warning"),
    (1_000_000, "info"),
)
"""Above the first, Podcast Index reads no further; the others are our own advice."""
MOST_CHARACTERS: Final = 255
"""Of a value without a limit of its own (A Podcaster's Guide to RSS)."""

_DECLARATION: Final = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\s")
_UTF8: Final = frozenset(("UTF-8", "UTF8", "US-ASCII", "ASCII"))
_WANTED: Final[tuple[tuple[str, str, Severity], ...]] = (
    ("itunes", ITUNES[1:-1], "error"),
    ("podcast", PODCAST[1:-1], "warning"),
    ("atom", ATOM[1:-1], "warning"),
)
_SPACES: Final = {uri[1:-1].lower(): uri[1:-1] for uri in (ITUNES, PODCAST, ATOM, CONTENT, PSC)}
_UNSEEN: Final = re.compile(
    "[\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_SHORT: Final = frozenset(
    (
        *("title", "link", "guid", "pubDate", "lastBuildDate", "language", "ttl"),
        *(f"{ITUNES}{name}" for name in "author block complete duration episode title".split()),
        *(f"{ITUNES}{name}" for name in "episodeType explicit season type new-feed-url".split()),
        *(f"{PODCAST}{name}" for name in "guid locked medium season episode person".split()),
    )
)
"""Elements whose value apps compare or show unchanged; in prose they fold white space."""
_LIMITED: Final = frozenset(
    ("copyright", "generator", *(f"{ITUNES}{name}" for name in "author title subtitle".split()))
)
_TWICE: Final = re.compile(r"&lt;/?(?:p|br|a|b|i|strong|em|ul|ol|li|div|span|h[1-6])\b", re.I)
_REFERENCE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});")
_GARBLED: Final = re.compile("[ÃÂ][\x80-\xbf]|Ã[¥¤¶…„–©¼]|â€[\x80-\xbf™œ“”¢¦]")
_PLAYED: Final = frozenset(("enclosure", f"{ITUNES}image", f"{ATOM}link"))
_PROSE: Final = frozenset(("description", f"{CONTENT}encoded", f"{ITUNES}summary"))
_PLAIN: Final = frozenset(("title", f"{ITUNES}author", f"{ITUNES}title", "copyright"))


def doctype(feed: Feed) -> Iterator[Finding]:
    """
    XML-001 for entities, an old attack on readers of XML; a warning for a DOCTYPE, of no use in
    a feed.
    """
    subset = feed.root.getroottree().docinfo.internalDTD
    if subset is None:
        return
    entities = bool(subset.entities())  # type: ignore[attr-defined]
    key = message("feed.entities") if entities else message("feed.doctype")
    severity: Severity | None = None if entities else "warning"
    yield finding_in_document("XML-001", 1, values={"reason": key}, severity=severity)


def encoding(feed: Feed) -> Iterator[Finding]:
    """XML-002 for an encoding other than UTF-8, and for UTF-8 that no XML declaration names."""
    found = (feed.root.getroottree().docinfo.encoding or "UTF-8").upper()
    if found not in _UTF8:
        yield finding_in_document(
            "XML-002", 1, values={"what": message("feed.encoding"), "found": found}
        )
    elif not _DECLARATION.match(feed.data):
        values: MessageValues = {"what": message("feed.no-declaration"), "found": found}
        yield finding_in_document("XML-002", 1, values=values, severity="warning")


def version(feed: Feed) -> Iterator[Finding]:
    """
    XML-003 for a `version` other than 2.0, and for several channels. `parse_feed` has refused
    other formats before.
    """
    found = feed.root.get("version", "")
    if found.strip() != "2.0":
        yield finding_in_document(
            "XML-003", 1, "rss@version", {"what": message("feed.version"), "found": found}
        )
    count = len(feed.root.findall("channel"))
    if count > 1:
        values: MessageValues = {"what": message("feed.channels"), "found": str(count)}
        yield finding_in_document("XML-003", 1, "channel", values)


def namespaces(feed: Feed) -> Iterator[Finding]:
    """XML-004 for a namespace of podcasts that is not declared, or whose address is misspelt."""
    declared = {uri for one in (feed.root, feed.channel) for uri in one.nsmap.values() if uri}
    used = {str(one.tag).rpartition("}")[0][1:] for one in feed.channel.iterchildren(etree.Element)}
    if PODCAST_OLD[1:-1] in declared:
        declared.add(PODCAST[1:-1])
    for prefix, uri, severity in _WANTED:
        if uri not in declared and uri not in used and not _misspelt(uri, declared):
            values: MessageValues = {
                "what": message("feed.no-namespace"),
                "prefix": prefix,
                "uri": uri,
                "found": "",
            }
            yield finding_in_document("XML-004", 1, f"xmlns:{prefix}", values, severity)
    for found in sorted(declared):
        right = _SPACES.get(_folded(found))
        if right and found != right:
            values = {
                "what": message("feed.wrong-namespace"),
                "prefix": "",
                "uri": right,
                "found": found,
            }
            yield finding_in_document("XML-004", 1, "xmlns", values)


def _folded(uri: str) -> str:
    """
    The known namespace that this one would be without slips in case, scheme and final slash;
    empty for none.
    """
    low = uri.strip().lower().rstrip("/")
    plain, safe = low.replace("https://", "http://"), low.replace("http://", "https://")
    slips = (plain, f"{plain}/", safe, f"{safe}/")
    return next((one for one in slips if one in _SPACES), "")


def _misspelt(uri: str, declared: set[str]) -> bool:
    return any(_SPACES.get(_folded(found)) == uri for found in declared)


def unseen_signs(feed: Feed) -> Iterator[Finding]:
    """
    XML-005 for characters that are allowed in XML and invisible: controls, non-characters, and
    marks that change the direction of text.
    """
    for element in feed.walk():
        text = element.text
        if text and not text.isascii() and (found := _UNSEEN.search(text)):
            name, sign = name_of(str(element.tag)), f"U+{ord(found[0]):04X}"
            what = message("feed.unseen-sign")
            yield feed.finding("XML-005", element, name, "warning", what=what, sign=sign, name=name)


def misplaced(feed: Feed) -> Iterator[Finding]:
    """XML-006 for elements of the channel that stand after its first item."""
    seen_item = False
    for element in feed.channel.iterchildren(etree.Element):
        if element.tag == "item" or str(element.tag).endswith("}liveItem"):
            seen_item = seen_item or element.tag == "item"
        elif seen_item:
            name = name_of(str(element.tag))
            yield feed.finding("XML-006", element, name, name=name)


def unknown_names(feed: Feed) -> Iterator[Finding]:
    """XML-007 for element names that RSS and the known namespaces do not have."""
    parents = (
        (feed.channel, element_names.CHANNEL_NAMES),
        *((i, element_names.ITEM_NAMES) for i in feed.items),
    )
    for parent, known in parents:
        for element in parent.iterchildren(etree.Element):
            tag = str(element.tag)
            if tag not in known and "}" not in tag:
                yield from _unknown(feed, element, tag, known)
    for element in feed.walk():
        tag = str(element.tag)
        if "}" in tag and tag not in element_names.KNOWN:
            space, _, name = tag.rpartition("}")
            known = element_names.NAMES.get(f"{space}}}", frozenset())
            if known:
                yield from _unknown(feed, element, name, known)


def _unknown(
    feed: Feed, element: etree._Element, name: str, known: frozenset[str]
) -> Iterator[Finding]:
    right = next((one for one in sorted(known) if one.lower() == name.lower()), "")
    what = message("feed.wrong-case") if right else message("feed.unknown-name")
    shown = name_of(str(element.tag))
    prefix = shown[: -len(name)] if shown.endswith(f":{name}") else ""
    values: MessageValues = {"what": what, "name": shown, "right": f"{prefix}{right}"}
    yield feed.finding("XML-007", element, shown, None, **values)


def repeated(feed: Feed) -> Iterator[Finding]:
    """XML-008 for elements that stand twice where one is allowed."""
    parents = (
        (feed.channel, element_names.ONCE_IN_CHANNEL),
        *((i, element_names.ONCE_IN_ITEM) for i in feed.items),
    )
    for parent, once in parents:
        counts = Counter(one.tag for one in parent.iterchildren(etree.Element))
        for tag in once:
            if counts[tag] > 1:
                second = list(parent.iterchildren(tag))[1]
                values = {"name": name_of(tag), "count": str(counts[tag])}
                yield feed.finding("XML-008", second, name_of(tag), None, **values)


def white_space(feed: Feed) -> Iterator[Finding]:
    """XML-009 for white space around a short value, which some apps keep."""
    for element in feed.walk():
        text = element.text
        if text and (text[0].isspace() or text[-1].isspace()) and element.tag in _SHORT:
            text = raw_text(element)
            if text != text.strip():
                name = name_of(str(element.tag))
                yield feed.finding("XML-009", element, name, name=name)


def too_long(feed: Feed) -> Iterator[Finding]:
    """XML-010 for texts over 255 characters in elements that Apple limits."""
    for element in feed.walk():
        limited = element.tag in _LIMITED or (
            element.tag == "title" and element.getparent() in feed.items_set
        )
        if limited and (count := len(text_of(element))) > MOST_CHARACTERS:
            name = name_of(str(element.tag))
            yield feed.finding("XML-010", element, name, name=name, count=str(count))


def size(feed: Feed) -> Iterator[Finding]:
    """XML-011 for a large feed."""
    yield from weigh_size(len(feed.data))


def weigh_size(size_bytes: int) -> Iterator[Finding]:
    """XML-011 for a feed of this many bytes; nothing up to 1 MB."""
    for limit, severity in LARGE_BYTES:
        if size_bytes > limit:
            values = {"size": f"{size_bytes / 1_000_000:.1f}", "limit": str(limit // 1_000_000)}
            yield finding_in_document("XML-011", values=values, severity=severity)
            return


def addresses(feed: Feed) -> Iterator[Finding]:
    """
    XML-012 to XML-014: addresses that are not HTTPS, not absolute, or have characters outside
    ASCII or spaces.
    """
    for element, name, url in named_addresses(feed):
        if in_podcast(element) and url.startswith("http:"):
            yield feed.finding("XML-012", element, name, name=name, url=url)
        if not is_absolute(url):
            yield feed.finding("XML-013", element, name, name=name, url=url)
        if element.tag in _PLAYED and (not url.isascii() or len(url.split()) > 1):
            yield feed.finding("XML-014", element, name, name=name, url=url)


def printed(feed: Feed) -> Iterator[Finding]:
    """XML-013 for addresses in an item's HTML that are not absolute."""
    for element, name, url in printed_addresses(feed):
        yield feed.finding("XML-013", element, name, "warning", name=name, url=url)


def garbled(feed: Feed) -> Iterator[Finding]:
    """XML-015 for texts that were escaped or encoded twice."""
    for element in feed.walk():
        tag = element.tag
        if (tag in _PROSE or tag in _PLAIN) and (text := raw_text(element)):
            found = _encoded_twice(text, prose=tag in _PROSE)
            if found:
                name = name_of(str(tag))
                yield feed.finding("XML-015", element, name, name=name, found=found)


def _encoded_twice(text: str, *, prose: bool) -> str:
    found = None
    if "&" in text:
        if not prose:
            found = _REFERENCE.search(text)
        elif "<" not in text:
            found = _TWICE.search(text)
    if found is None and not text.isascii() and ("Ã" in text or "Â" in text or "â€" in text):
        found = _GARBLED.search(text)
    return found[0] if found else ""


RULES: Final[tuple[Callable[[Feed], Iterator[Finding]], ...]] = (
    doctype,
    encoding,
    version,
    namespaces,
    unseen_signs,
    misplaced,
    unknown_names,
    repeated,
    white_space,
    too_long,
    size,
    addresses,
    printed,
    garbled,
)
