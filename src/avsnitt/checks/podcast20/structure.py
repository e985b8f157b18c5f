"""
Rules on every element of Podcasting 2.0: first those that follow from the namespace's table, then
those of one element. The feed is walked once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import PODCAST, PODCAST_OLD, Feed
from avsnitt.checks.podcast20 import links, media, texts
from avsnitt.checks.podcast20 import value as value_rules
from avsnitt.checks.podcast20.reading import (
    ElementRule,
    attribute,
    podcast_name,
    shown,
    text_of,
)
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.vocabulary.podcast20_elements import DEPRECATED, ELEMENTS, PROPOSED, Element

KNOWN: Final[dict[str, Element]] = {**ELEMENTS, **DEPRECATED}

WITH_OWN_RULE: Final = frozenset(
    {
        ("transcript", "url"),  # TRN-001
        ("transcript", "type"),
        ("image", "href"),  # IMG-008
        ("image", "purpose"),
        ("socialInteract", "uri"),  # P20-019, since `disabled` has none
        ("images", "srcset"),  # IMG-010
        ("funding", "url"),  # CH-018
        ("funding", ""),
    }
)
"""Attributes (and, with no name, texts) that have a rule of their own, so that each finding is
reported once."""


_ATTRIBUTES: Final = {name: facts.attribute_names for name, facts in KNOWN.items()}
_REQUIRED: Final = {
    name: tuple(
        one.name
        for one in facts.attributes
        if one.need == "required" and (name, one.name) not in WITH_OWN_RULE
    )
    for name, facts in KNOWN.items()
}
_LIMITS: Final = {
    name: tuple(
        (part, limit)
        for part, limit in (*((one.name, one.limit) for one in facts.attributes), ("", facts.limit))
        if limit and (name, part) not in WITH_OWN_RULE
    )
    for name, facts in KNOWN.items()
}
"""The namespace's table, sorted once by what each rule needs: the rules run on every element."""


def _parent(feed: Feed, element: etree._Element, name: str) -> Iterator[Finding]:
    """
    P20-001 for an element in the wrong parent. In parents that the namespace only proposes,
    anything may stand.
    """
    parent = element.getparent()
    if parent is None:
        return
    place = podcast_name(parent) or str(parent.tag)
    allowed = KNOWN[name].parents
    if place in allowed or (place in PROPOSED and podcast_name(parent)):
        return
    values = {
        "name": f"podcast:{name}",
        "parent": shown(_spell(place.rpartition("}")[2])),
        "allowed": ", ".join(map(_spell, allowed)),
    }
    yield feed.finding("P20-001", element, f"podcast:{name}", **values)


def _attributes(feed: Feed, element: etree._Element, name: str) -> Iterator[Finding]:
    """P20-003 for a missing attribute; P20-005 for an unknown one."""
    for required in _REQUIRED[name]:
        if not attribute(element, required):
            values = {"name": f"podcast:{name}", "attribute": required}
            yield feed.finding("P20-003", element, f"podcast:{name}@{required}", **values)
    known = _ATTRIBUTES[name]
    for found in map(str, element.keys()):
        if found not in known and not found.startswith("{"):
            yield _unknown_attribute(feed, element, name, found)


def _unknown_attribute(feed: Feed, element: etree._Element, name: str, found: str) -> Finding:
    known = [one.name for one in KNOWN[name].attributes]
    right = next((one for one in known if one.lower() == found.lower()), "")
    what = "case" if right else "unknown" if known else "none"
    values: MessageValues = {
        "what": message(f"podcast.attribute.{what}"),
        "name": f"podcast:{name}",
        "attribute": shown(found),
        "right": right,
        "known": ", ".join(known),
    }
    return feed.finding("P20-005", element, f"podcast:{name}@{shown(found)}", **values)


def _lengths(feed: Feed, element: etree._Element, name: str) -> Iterator[Finding]:
    """P20-004 for a value over the namespace's limit."""
    for part, limit in _LIMITS[name]:
        value = attribute(element, part) if part else text_of(element)
        if len(value) > limit:
            where = f"podcast:{name}@{part}" if part else f"podcast:{name}"
            values = {"name": where, "length": str(len(value)), "limit": str(limit)}
            yield feed.finding("P20-004", element, where, **values)


def _proposed(feed: Feed, element: etree._Element, name: str) -> Finding:
    values = {"name": f"podcast:{name}"}
    return feed.finding("P20-027", element, f"podcast:{name}", **values)


def _spell(parent: str) -> str:
    return f"podcast:{parent}" if parent in ELEMENTS else parent


BY_ELEMENT: Final[dict[str, tuple[ElementRule, ...]]] = {
    **texts.RULES,
    **value_rules.RULES,
    **media.RULES,
    **links.RULES,
}
"""The rules on one element besides the table, by the element's name."""

IN_CHANNEL: Final[tuple[ElementRule, ...]] = texts.IN_CHANNEL + links.IN_CHANNEL
IN_ITEM: Final[tuple[ElementRule, ...]] = media.IN_ITEM
IN_BOTH: Final[tuple[ElementRule, ...]] = links.IN_BOTH
"""Rules on elements that stand together, run once for a channel or once for an item."""


def check_elements(feed: Feed) -> Iterator[Finding]:
    """P20-001 to P20-027 on each element of the namespace, in the order of the feed."""
    seen = set[tuple[etree._Element | None, str]]()
    for element in feed.root.iter(f"{PODCAST}*", f"{PODCAST_OLD}*"):
        name = podcast_name(element)
        if name in PROPOSED:
            yield _proposed(feed, element, name)
        if name not in KNOWN:
            continue
        yield from _parent(feed, element, name)
        if KNOWN[name].single:
            place = (element.getparent(), name)
            if place in seen:
                word = f"podcast:{name}"
                yield feed.finding("P20-002", element, word, name=word)
            seen.add(place)
        yield from _attributes(feed, element, name)
        yield from _lengths(feed, element, name)
        for rule in BY_ELEMENT.get(name, ()):
            yield from rule(feed, element)


def check_positions(feed: Feed) -> Iterator[Finding]:
    """The rules on elements that stand together, in the channel and in each item."""
    for rule in IN_CHANNEL + IN_BOTH:
        yield from rule(feed, feed.channel)
    for item in (*feed.items, *feed.live_items):
        for rule in IN_ITEM + IN_BOTH:
            yield from rule(feed, item)


RULES: Final = (check_elements, check_positions)
"""Joined to the table of all rules in `check_feed.py`."""
