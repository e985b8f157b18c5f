"""Podlove's inline chapters: the documented way into Spotify."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Row, XmlElement
from avsnitt.feed.values import Channel, Item
from avsnitt.formats.chapters.psc import NAMESPACE, VERSION, chapter_elements

URI: Final = NAMESPACE
PREFIX: Final = "psc"
NS: Final = f"{{{URI}}}"


def _chapters(item: Item) -> tuple[XmlElement, ...]:
    rows = chapter_elements(item.chapters)
    if not rows:
        return ()
    inner = tuple((f"{NS}chapter", XmlElement("", attributes)) for attributes in rows)
    return (XmlElement("", (("version", VERSION),), inner),)


CHANNEL: Final[tuple[Row[Channel], ...]] = ()

ITEM: Final[tuple[Row[Item], ...]] = (Row(f"{NS}chapters", _chapters),)
