"""A feed as its rules see it: a tree with line numbers, and functions to look things up in it.

Nothing here trusts the feed: entities are not resolved, nothing is fetched, and what is too large
or too deep is refused before it is parsed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from avsnitt.model.message import MessageValue
from avsnitt.problems.finding import CHANNEL, Finding, Place, Subject, SubjectKind
from avsnitt.problems.problem import Severity
from avsnitt.vocabulary.podcast20_values import OLD_URI, URI

ITUNES: Final = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST: Final = f"{{{URI}}}"
PODCAST_OLD: Final = f"{{{OLD_URI}}}"
"""The namespace's first address, which clients must treat as the same (docs/1.0.md)."""
ATOM: Final = "{http://www.w3.org/2005/Atom}"
CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}"
PSC: Final = "{http://podlove.org/simple-chapters}"


PREFIXES: Final = {
    ITUNES: "itunes",
    PODCAST: "podcast",
    PODCAST_OLD: "podcast",
    ATOM: "atom",
    CONTENT: "content",
    PSC: "psc",
}
"""The prefixes in messages to readers, whatever prefixes a feed declares."""

MOST_SHOWN: Final = 300
"""Characters of a value in a finding."""


class Feed:
    """
    A parsed feed. `now` is None where no clock may be read; `address` is the feed's own, when
    that is known.
    """

    def __init__(
        self,
        root: etree._Element,
        data: bytes,
        *,
        now: dt.datetime | None = None,
        address: str = "",
    ) -> None:
        self.root = root
        self.data = data
        self.now = now
        self.address = address
        found = root.find("channel")
        self.channel: etree._Element = root if found is None else found
        self.items: tuple[etree._Element, ...] = tuple(self.channel.findall("item"))
        self.items_set = frozenset(self.items)
        self.live_items: tuple[etree._Element, ...] = tuple(
            element
            for namespace in (PODCAST, PODCAST_OLD)
            for element in self.channel.findall(f"{namespace}liveItem")
        )
        self.people: tuple[etree._Element, ...] = tuple(
            element
            for namespace in (PODCAST, PODCAST_OLD)
            for element in self.channel.iterchildren(f"{namespace}person")
        )
        """The people of the channel; a person without a role is a host."""
        self._by_tag: dict[etree._Element, dict[str, list[etree._Element]]] = {}
        self._subjects = {**_subjects("item", self.items), **_subjects("live", self.live_items)}

    def subject(self, element: etree._Element) -> Subject:
        """The item that an element is in, or the channel."""
        at: etree._Element | None = element
        while at is not None:
            if at in self._subjects:
                return self._subjects[at]
            at = at.getparent()
        return CHANNEL

    def finding(
        self,
        code: str,
        element: etree._Element,
        name: str,
        severity: Severity | None = None,
        /,
        **values: MessageValue,
    ) -> Finding:
        """
        A Finding at an element; `name` is the element as a reader knows it. Texts among the
        values are cut to what can be shown: a feed decides how long its texts are.
        """
        return Finding(
            code=code,
            subject=self.subject(element),
            place=Place(element=name, line=line_of(element)),
            values={key: shown_value(value) for key, value in values.items()},
            severity=severity,
        )

    def all(self, parent: etree._Element, tag: str) -> list[etree._Element]:
        """
        The children of the channel or of an item that have this tag. They are sorted by tag
        once, since many rules look them up.
        """
        known = self._by_tag.get(parent)
        if known is None:
            known = self._by_tag[parent] = {}
            for one in parent.iterchildren(etree.Element):
                known.setdefault(one.tag, []).append(one)
        return known.get(tag, [])

    def first(self, parent: etree._Element, tag: str) -> etree._Element | None:
        """The first of them."""
        found = self.all(parent, tag)
        return found[0] if found else None

    def text(self, parent: etree._Element, tag: str) -> str:
        """The text of the first of them, without the white space around it."""
        return text_of(self.first(parent, tag))

    def walk(self) -> Iterator[etree._Element]:
        """Every element, in document order, comments and instructions aside."""
        return self.root.iter(etree.Element)


def shown_value(value: MessageValue) -> MessageValue:
    """A value of a finding, cut where it is a text longer than `MOST_SHOWN`."""
    return value[:MOST_SHOWN] if isinstance(value, str) else value


def name_of(tag: str) -> str:
    """
    `{http://www.w3.org/2005/Atom}link` is `atom:link`; in an unknown namespace, the name alone.
    """
    namespace, _, name = tag.rpartition("}")
    prefix = PREFIXES.get(f"{namespace}}}", "") if namespace else ""
    return f"{prefix}:{name}" if prefix else name


def children(parent: etree._Element, tag: str) -> list[etree._Element]:
    """The children with this tag, in the order of the feed."""
    return list(parent.iterchildren(tag))


def child(parent: etree._Element, tag: str) -> etree._Element | None:
    """The first of its children with this tag."""
    return next(parent.iterchildren(tag), None)


def raw_text(element: etree._Element | None) -> str:
    """An element's own text as it stands, across comments and other elements."""
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    return "".join([element.text or "", *(one.tail or "" for one in element)])


def text_of(element: etree._Element | None) -> str:
    """An element's own text without the white space around it; empty for no element."""
    return raw_text(element).strip()


def text_in(parent: etree._Element, tag: str) -> str:
    """The text of the first child with this tag."""
    return text_of(child(parent, tag))


def _subjects(
    kind: SubjectKind, elements: Iterable[etree._Element]
) -> dict[etree._Element, Subject]:
    return {
        element: Subject(kind, _guid(element) or f"#{number}")
        for number, element in enumerate(elements, 1)
    }


def line_of(element: etree._Element) -> int:
    """The line of an element, counted from 1; 0 where it is not known."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _guid(item: etree._Element) -> str:
    return text_in(item, "guid")
