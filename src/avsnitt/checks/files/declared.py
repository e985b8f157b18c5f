"""Rules on the links of a feed that need no file: names, types, sizes and languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import PSC, Feed
from avsnitt.checks.files.audio import NICKNAMES, TYPES, UNKNOWN_BYTES
from avsnitt.checks.files.images import OTHER_PICTURES, RATIO
from avsnitt.checks.files.links import (
    TYPE_KINDS,
    FeedLink,
    file_name,
    item_links,
    picture_links,
    podcast,
    suffix_of,
    whole_number,
)
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity
from avsnitt.vocabulary.podcast20_values import NAME_CHARACTERS

APPLE_ENDINGS: Final = frozenset({"mp3", "m4a", "mp4", "m4v", "mov"})
DOCUMENT_ENDINGS: Final = frozenset({"pdf", "epub"})
TRANSCRIPT_TYPES: Final = frozenset(
    {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip"}
)
LANGUAGE: Final = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
"""BCP 47 (RFC 5646, 2.1), the tags registered before it aside."""
NPT: Final = re.compile(r"(?:\d{1,4}:[0-5]?\d:[0-5]?\d|\d{1,5}:[0-5]\d|\d{1,6})(?:\.\d{1,9})?")
"""Normal Play Time as Podlove has it: hours and minutes may be left out."""


def _items(feed: Feed) -> Iterator[etree._Element]:
    yield from feed.items


def _sounds(feed: Feed) -> Iterator[FeedLink]:
    for item in _items(feed):
        for link in item_links(item):
            if link.kind in ("enclosure", "alternate") and link.url:
                yield link


def enclosure_endings(feed: Feed) -> Iterator[Finding]:
    """Apple goes by the ending of the address (A Podcaster's Guide to RSS, "enclosure")."""
    for link in _sounds(feed):
        ending = suffix_of(file_name(link.url))
        if link.kind != "enclosure" or ending in APPLE_ENDINGS:
            continue
        severity: Severity | None = "info" if ending in DOCUMENT_ENDINGS else None
        values = {"file": file_name(link.url), "suffix": ending or "–"}
        yield feed.finding("MED-001", link.element, link.name, severity, **values)


def sound_types(feed: Feed) -> Iterator[Finding]:
    """MED-002 for a type of audio that does not fit the file's ending."""
    for link in _sounds(feed):
        ending = suffix_of(file_name(link.url))
        right = TYPES.get(ending)
        if not link.type or right is None or link.type in right:
            continue
        known = ending == "mp3" and link.type in NICKNAMES
        name = link.name.replace("@url", "@type").replace("source@uri", "alternateEnclosure@type")
        values: MessageValues = {
            "file": file_name(link.url),
            "what": message("linked.kind.type"),
            "right": right[0],
        }
        severity: Severity | None = "warning" if known else None
        yield feed.finding("MED-002", link.element, name, severity, type=link.type, **values)


def unknown_lengths(feed: Feed) -> Iterator[Finding]:
    """
    MED-003 for a length of an enclosure that clients take for unknown. An enclosure without one
    breaks IT-007.
    """
    for item in _items(feed):
        for one in item.findall("enclosure"):
            text = one.get("length")
            length = whole_number(text)
            if text is None or (length is not None and length >= UNKNOWN_BYTES):
                continue
            what = message("linked.length.small") if length else message("linked.length.unknown")
            values = {"file": file_name(one.get("url", "")), "declared": text.strip() or "–"}
            yield feed.finding("MED-003", one, "enclosure@length", "warning", what=what, **values)


def cover_endings(feed: Feed) -> Iterator[Finding]:
    """
    IMG-002 for a cover whose ending is another format's. An address without an ending is left
    to the rule on the file.
    """
    for parent in (feed.channel, *_items(feed)):
        for link in picture_links(parent, "other"):
            ending = suffix_of(file_name(link.url))
            if link.name.startswith("itunes") and ending in OTHER_PICTURES:
                values = {"file": file_name(link.url), "found": ending.upper()}
                yield feed.finding(
                    "IMG-002",
                    link.element,
                    link.name,
                    None,
                    what=message("linked.picture.unfit"),
                    **values,
                )


def podcast_images(feed: Feed) -> Iterator[Finding]:
    """docs/tags/image.md."""
    for parent in (feed.channel, *_items(feed), *feed.live_items):
        for one in podcast(parent, "image"):
            name = file_name(one.get("href", ""))
            if not one.get("href", "").strip():
                yield feed.finding(
                    "IMG-008", one, "podcast:image@href", what=message("linked.image.href")
                )
            if not one.get("alt", "").strip():
                yield feed.finding(
                    "IMG-008",
                    one,
                    "podcast:image@alt",
                    "warning",
                    what=message("linked.image.alt"),
                    file=name,
                )
            if len(one.get("purpose", "")) > NAME_CHARACTERS:
                yield feed.finding(
                    "IMG-008",
                    one,
                    "podcast:image@purpose",
                    "warning",
                    what=message("linked.image.purpose"),
                    file=name,
                )
            ratio = one.get("aspect-ratio")
            if ratio is not None and not RATIO.fullmatch(ratio.strip()):
                element = "podcast:image@aspect-ratio"
                yield feed.finding(
                    "IMG-008", one, element, what=message("linked.image.ratio"), file=name
                )


def old_images(feed: Feed) -> Iterator[Finding]:
    """IMG-010 for `podcast:images`, which `podcast:image` replaces."""
    for parent in (feed.channel, *_items(feed), *feed.live_items):
        for one in podcast(parent, "images"):
            yield feed.finding("IMG-010", one, "podcast:images")


def podlove_chapters(feed: Feed) -> Iterator[Finding]:
    """Podlove Simple Chapters 1.2."""
    for item in _items(feed):
        lists = item.findall(f"{PSC}chapters")
        if len(lists) > 1:
            yield feed.finding(
                "CHP-009", lists[1], "psc:chapters", what=message("linked.psc.twice")
            )
        for one in (chapter for found in lists for chapter in found.findall(f"{PSC}chapter")):
            start = one.get("start", "").strip()
            title = one.get("title", "").strip()
            if not NPT.fullmatch(start):
                values = {"start": start or "–", "title": title}
                yield feed.finding(
                    "CHP-009",
                    one,
                    "psc:chapter@start",
                    None,
                    what=message("linked.psc.start"),
                    **values,
                )
            if not title:
                yield feed.finding(
                    "CHP-009",
                    one,
                    "psc:chapter@title",
                    what=message("linked.psc.title"),
                    start=start,
                )


def transcript_links(feed: Feed) -> Iterator[Finding]:
    """docs/tags/transcript.md: an address and one of five types."""
    for item in (*_items(feed), *feed.live_items):
        for one in podcast(item, "transcript"):
            name = file_name(one.get("url", ""))
            mime = one.get("type", "").split(";")[0].strip().lower()
            if not one.get("url", "").strip():
                yield feed.finding(
                    "TRN-001", one, "podcast:transcript@url", what=message("linked.link.url")
                )
            if not mime:
                yield feed.finding(
                    "TRN-001",
                    one,
                    "podcast:transcript@type",
                    what=message("linked.link.no-type"),
                    file=name,
                )
            elif mime not in TRANSCRIPT_TYPES:
                severity: Severity | None = "warning" if mime in TYPE_KINDS else None
                values: MessageValues = {
                    "what": message("linked.link.type"),
                    "type": mime,
                    "file": name,
                }
                yield feed.finding("TRN-001", one, "podcast:transcript@type", severity, **values)


def items_without_vtt(feed: Feed) -> Iterator[Finding]:
    """TRN-008 for an item that has transcripts, but none in WebVTT."""
    for item in _items(feed):
        found = list(podcast(item, "transcript"))
        kinds = {one.get("type", "").split(";")[0].strip().lower() for one in found}
        if found and "text/vtt" not in kinds:
            yield feed.finding("TRN-008", found[0], "podcast:transcript")


def transcript_languages(feed: Feed) -> Iterator[Finding]:
    """
    TRN-009 for a transcript's language that is no tag of BCP 47, or is another than the show's.
    """
    spoken = (feed.channel.findtext("language") or "").strip()
    for item in _items(feed):
        found = list(podcast(item, "transcript"))
        languages = [(one.get("language") or "").strip() for one in found]
        for one, language in zip(found, languages, strict=True):
            if language and not LANGUAGE.fullmatch(language):
                values: MessageValues = {
                    "what": message("linked.language.odd"),
                    "language": language,
                }
                yield feed.finding("TRN-009", one, "podcast:transcript@language", None, **values)
        own = {_primary(language) for language in languages if LANGUAGE.fullmatch(language)}
        if spoken and own and len(own) == 1 and _primary(spoken) not in own:
            values = {
                "what": message("linked.language.other"),
                "language": languages[0],
                "spoken": spoken,
            }
            yield feed.finding("TRN-009", found[0], "podcast:transcript@language", "info", **values)


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


RULES: Final[tuple[Callable[[Feed], Iterator[Finding]], ...]] = (
    enclosure_endings,
    sound_types,
    unknown_lengths,
    cover_endings,
    podcast_images,
    old_images,
    podlove_chapters,
    transcript_links,
    items_without_vtt,
    transcript_languages,
)
"""Joined to `check_feed.RULES`: they need a feed and nothing else."""
