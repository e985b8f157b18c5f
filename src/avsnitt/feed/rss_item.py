"""One item of a feed as text, byte for byte what `rss_document.py` writes for it by feedgen.

An item that has changed is written here and no other: feedgen, and the parser under it, take
longer to be imported than all else that an edit costs.
"""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces import atom, itunes, podcast20, psc, rss
from avsnitt.feed.namespaces.rows import render_rows
from avsnitt.feed.values import Item
from avsnitt.model.podcast20 import Extras

CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
NAMESPACES: Final = {module.PREFIX: module.URI for module in (itunes, podcast20, psc)}
PREFIXES: Final = {**NAMESPACES, atom.PREFIX: atom.URI, "content": CONTENT}
"""Of the whole document: ours, and the two that feedgen always declares."""
ITEM_ROWS: Final = (*rss.ITEM, *itunes.ITEM, *podcast20.ITEM, *psc.ITEM)
PLAIN_ITEM_ROWS: Final = (*rss.ITEM, *itunes.ITEM, *podcast20.PLAIN_ITEM, *psc.ITEM)
NO_EXTRAS: Final = Extras()
NAMES: Final = {
    tag: f"{prefix}:{tag.rpartition('}')[2]}" if "}" in tag else tag
    for prefix, uri in PREFIXES.items()
    for tag in (*(row.tag for row in ITEM_ROWS), *podcast20.CHILDREN, f"{psc.NS}chapter")
    if "}" not in tag or tag.startswith(f"{{{uri}}}")
}
"""Each item element's tag as it is written in the document."""
ITEM_END: Final = "    </item>\n"
FEED_END: Final = b"  </channel>\n</rss>\n"
"""The bytes after the last item."""
CONTENT_START: Final = b"<content:encoded><![CDATA["
CONTENT_END: Final = b"]]></content:encoded>"
SPLIT_END: Final = b"]]]]><![CDATA[>"
"""The end of a CDATA section, written inside one."""


def render_item(item: Item) -> bytes:
    """
    One `<item>`, indented, its prefixes declared by the head that `render_feed_frame` gives.

    Text is cleaned as `formats.plain` says, so no text can make the XML break. A title that is
    empty is replaced by the GUID, and a description by the title, since RSS needs them.
    """
    rows = ITEM_ROWS if item.extras != NO_EXTRAS else PLAIN_ITEM_ROWS
    return f"{rss.render_core(item)}{render_rows(rows, item, NAMES)}{ITEM_END}".encode()


def parse_content(item: bytes) -> str:
    """The whole text (`content:encoded`) of an item that `render_item` wrote."""
    start = item.index(CONTENT_START) + len(CONTENT_START)
    return item[start : item.index(CONTENT_END, start)].replace(SPLIT_END, b"]]>").decode()
