"""The element names of RSS and of each namespace; any other is misspelt or invented."""

from __future__ import annotations

from typing import Final

from avsnitt.checks.feed.tree import ATOM, CONTENT, ITUNES, PODCAST, PODCAST_OLD, PSC
from avsnitt.vocabulary.podcast20_elements import DEPRECATED, ELEMENTS, PROPOSED

CHANNEL_NAMES: Final = frozenset(
    """title link description language copyright managingEditor webMaster pubDate lastBuildDate
    category generator docs cloud ttl image rating textInput textinput skipHours skipDays
    item""".split()
)
"""RSS 2.0, "Required and optional channel elements"."""

ITEM_NAMES: Final = frozenset(
    "title link description author category comments enclosure guid pubDate source".split()
)
"""RSS 2.0, "Elements of <item>"."""

_ITUNES = """author block category complete duration email episode episodeType explicit image
isClosedCaptioned keywords name new-feed-url order owner season subtitle summary title type
applepodcastsverify"""
_ATOM = """link author category content contributor email generator icon id logo name published
rights source subtitle summary title updated uri"""

NAMES: Final[dict[str, frozenset[str]]] = {
    ITUNES: frozenset(_ITUNES.split()),
    ATOM: frozenset(_ATOM.split()),
    CONTENT: frozenset(("encoded", "items", "item", "format", "encoding")),
    PSC: frozenset(("chapters", "chapter")),
    **dict.fromkeys((PODCAST, PODCAST_OLD), frozenset((*ELEMENTS, *DEPRECATED, *PROPOSED))),
}

KNOWN: Final = frozenset(f"{space}{name}" for space, names in NAMES.items() for name in names)

ONCE_IN_CHANNEL: Final = (
    *("title", "link", "description", "language", "copyright", "pubDate", "lastBuildDate"),
    *("generator", "ttl", "image", "docs"),
    *(f"{ITUNES}{name}" for name in "author block complete explicit image type".split()),
    *(f"{ITUNES}{name}" for name in "new-feed-url owner title subtitle summary keywords".split()),
)
ONCE_IN_ITEM: Final = (
    *("title", "link", "description", "guid", "pubDate", f"{CONTENT}encoded"),
    *(f"{ITUNES}{name}" for name in "author block duration episode episodeType".split()),
    *(f"{ITUNES}{name}" for name in "explicit image season title subtitle summary".split()),
)
"""Elements that may stand once (W3C, `noduplicates`), except those with rules of their own."""
