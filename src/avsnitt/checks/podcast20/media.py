"""
Rules on the elements of Podcasting 2.0 about audio and video: alternate enclosures, soundbites,
trailers and live items.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.podcast20.reading import (
    ElementRule,
    attribute,
    children,
    duration_of,
    mail_date,
    number_of,
    podcast_name,
    shown,
    text_of,
)
from avsnitt.formats.integrity import parse_integrity
from avsnitt.formats.recurrence import parse_moment
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.vocabulary.podcast20_values import HLS_TYPES, INTEGRITY_TYPES, LIVE_STATUSES

SHORTEST_SOUNDBITE_S: Final = 15
LONGEST_SOUNDBITE_S: Final = 120
"""The recommended length (podcast-namespace, docs/tags/soundbite.md)."""
ROUNDING_S: Final = 1
"""`itunes:duration` is in whole seconds."""
OVERTIME: Final = dt.timedelta(days=1)
"""The time after its end in which a stream may still have status `live`; times are approximate."""
KEPT: Final = dt.timedelta(days=7)
"""The time that an ended stream may stay in a feed; after it, apps list it for nothing."""

_CODECS = re.compile(r"[A-Za-z0-9]{1,20}(?:\.[A-Za-z0-9-]{1,40}){0,8}", re.ASCII)
_HLS_LIKE = re.compile(r"mpegurl|\bhls\b|m3u8", re.IGNORECASE)


# --- Other enclosures ---------------------------------------------------------------------------


def _alternate(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-013 for an alternate without a source, or with a bad type, codec or number."""
    name = "podcast:alternateEnclosure"
    if not children(element, "source"):
        yield feed.finding("P20-013", element, name, what=message("podcast.alternate.no-source"))
    mime = attribute(element, "type")
    if _HLS_LIKE.search(mime[:100]) and mime.lower() not in _HLS:
        values: MessageValues = {"what": message("podcast.alternate.hls"), "value": shown(mime)}
        yield feed.finding("P20-013", element, f"{name}@type", "warning", **values)
    codecs = attribute(element, "codecs")
    if codecs and not all(_CODECS.fullmatch(one.strip()) for one in codecs.split(",")):
        values = {"what": message("podcast.alternate.codecs"), "value": shown(codecs)}
        yield feed.finding("P20-013", element, f"{name}@codecs", "warning", **values)
    yield from _alternate_numbers(feed, element, name)


_HLS: Final = frozenset(mime.lower() for mime in HLS_TYPES)


def _alternate_numbers(feed: Feed, element: etree._Element, name: str) -> Iterator[Finding]:
    for part in ("length", "bitrate", "height"):
        value = attribute(element, part)
        if value and number_of(value) is None:
            values: MessageValues = {
                "what": message("podcast.alternate.number"),
                "part": part,
                "value": shown(value),
            }
            yield feed.finding("P20-013", element, f"{name}@{part}", "warning", **values)
    if attribute(element, "default") not in ("", "true", "false"):
        values = {
            "what": message("podcast.alternate.boolean"),
            "value": shown(attribute(element, "default")),
        }
        yield feed.finding("P20-013", element, f"{name}@default", "warning", **values)


def _enclosure_beside(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """P20-013 for an item with alternates and no enclosure. A live item's is left to P20-017."""
    alternates = children(item, "alternateEnclosure")
    if alternates and item.find("enclosure") is None and not podcast_name(item):
        what = message("podcast.alternate.alone")
        name = "podcast:alternateEnclosure"
        yield feed.finding("P20-013", alternates[0], name, "warning", what=what)


def _defaults(feed: Feed, item: etree._Element) -> Iterator[Finding]:
    """P20-014 for several default alternates, and for one that differs from the enclosure."""
    alternates = children(item, "alternateEnclosure")
    defaults = [one for one in alternates if attribute(one, "default") == "true"]
    name = "podcast:alternateEnclosure@default"
    for extra in defaults[1:]:
        yield feed.finding("P20-014", extra, name, what=message("podcast.default.two"))
    enclosure = item.find("enclosure")
    if not defaults or enclosure is None:
        return
    for part in differing(defaults[0], enclosure):
        mine, its = attribute(defaults[0], part), attribute(enclosure, part)
        values: MessageValues = {
            "what": message(f"podcast.default.{part}"),
            "value": shown(mine),
            "other": shown(its),
        }
        yield feed.finding("P20-014", defaults[0], name, "warning", **values)


def differing(alternate: etree._Element, enclosure: etree._Element) -> list[str]:
    """Those of `type` and `length` in which the feed describes two different files."""
    pairs = (("type", _same_type), ("length", _same_length))
    return [
        part
        for part, same in pairs
        if not same(attribute(alternate, part), attribute(enclosure, part))
    ]


def _same_type(one: str, other: str) -> bool:
    """True when both types can be of one file; M4A and MP3 have several names."""
    return not one or not other or _file_type(one) == _file_type(other)


def _file_type(mime: str) -> str:
    bare = mime.partition(";")[0].strip().lower()
    return _SAME_FILE.get(bare, bare)


_SAME_FILE: Final = {
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
    "video/m4v": "video/mp4",
}


def _same_length(one: str, other: str) -> bool:
    """A length of 0 says that it is not known (W3C feed validator, "enclosure")."""
    mine, its = number_of(one), number_of(other)
    return not mine or not its or mine == its


def _integrity(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-015 for an unknown kind of digest, or one that cannot be read."""
    kind, value = attribute(element, "type"), attribute(element, "value")
    if kind and kind not in INTEGRITY_TYPES:
        values: MessageValues = {"what": message("podcast.integrity.type"), "value": shown(kind)}
        yield feed.finding("P20-015", element, "podcast:integrity@type", **values)
    elif kind == "sri" and value and parse_integrity(value) is None:
        values = {"what": message("podcast.integrity.sri"), "value": shown(value)}
        yield feed.finding("P20-015", element, "podcast:integrity@value", **values)


# --- Parts of an episode and trailers -----------------------------------------------------------


def _soundbite(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-016 for a soundbite with bad numbers, past the end of the episode, or of another length
    than 15 to 120 s.
    """
    numbers = [number_of(attribute(element, name)) for name in ("startTime", "duration")]
    for name, number in zip(("startTime", "duration"), numbers, strict=True):
        if number is None and attribute(element, name):
            values: MessageValues = {"what": message("podcast.soundbite.number"), "part": name}
            values["value"] = shown(attribute(element, name))
            yield feed.finding("P20-016", element, f"podcast:soundbite@{name}", **values)
    start, length = numbers
    if start is None or length is None:
        return
    parent = element.getparent()
    total = None if parent is None else duration_of(parent)
    if total and start + length > total + ROUNDING_S:
        values = {"what": message("podcast.soundbite.beyond"), "end": f"{start + length:g}"}
        values["total"] = f"{total:g}"
        yield feed.finding("P20-016", element, "podcast:soundbite@startTime", **values)
    if not SHORTEST_SOUNDBITE_S <= length <= LONGEST_SOUNDBITE_S:
        values = {"what": message("podcast.soundbite.length"), "value": f"{length:g}"}
        yield feed.finding("P20-016", element, "podcast:soundbite@duration", "warning", **values)


def _trailer(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-012. A missing address or date is reported by P20-003."""
    name = "podcast:trailer"
    if not text_of(element):
        yield feed.finding("P20-012", element, name, what=message("podcast.trailer.blank"))
    date = attribute(element, "pubdate")
    if date and mail_date(date) is None:
        values: MessageValues = {"what": message("podcast.trailer.pubdate"), "value": shown(date)}
        yield feed.finding("P20-012", element, f"{name}@pubdate", **values)
    missing = [part for part in ("length", "type") if not attribute(element, part)]
    if missing:
        values = {"what": message("podcast.trailer.missing"), "value": ", ".join(missing)}
        yield feed.finding("P20-012", element, f"{name}@{missing[0]}", "warning", **values)
    for part in ("length", "season"):
        value = attribute(element, part)
        if value and number_of(value) is None:
            values = {
                "what": message("podcast.trailer.number"),
                "part": part,
                "value": shown(value),
            }
            yield feed.finding("P20-012", element, f"{name}@{part}", "warning", **values)


# --- Live ---------------------------------------------------------------------------------------


def _live(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-017 for a live item that lacks a part, or has one that cannot be read."""
    name = "podcast:liveItem"
    status = attribute(element, "status")
    if status and status not in LIVE_STATUSES:
        values: MessageValues = {"what": message("podcast.live.status"), "value": shown(status)}
        yield feed.finding("P20-017", element, f"{name}@status", **values)
    for part in ("start", "end"):
        value = attribute(element, part)
        if value and _moment(value) is None:
            values = {"what": message("podcast.live.moment"), "part": part, "value": shown(value)}
            yield feed.finding("P20-017", element, f"{name}@{part}", **values)
    if not (element.findtext("guid") or "").strip():
        yield feed.finding("P20-017", element, "guid", what=message("podcast.live.guid"))
    if not children(element, "contentLink"):
        yield feed.finding(
            "P20-017", element, "podcast:contentLink", what=message("podcast.live.link")
        )
    if element.find("enclosure") is None:
        yield feed.finding(
            "P20-017", element, "enclosure", "warning", what=message("podcast.live.enclosure")
        )


def _live_times(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-017 for times out of order or a stream long over; P20-018 for one that should leave the
    feed.
    """
    start, end = (_moment(attribute(element, part)) for part in ("start", "end"))
    name = "podcast:liveItem"
    if start and end and _comparable(start, end) and end < start:
        yield feed.finding(
            "P20-017", element, f"{name}@end", "warning", what=message("podcast.live.order")
        )
    last = end or start
    if feed.now is None or last is None or last.tzinfo is None:
        return
    status, since = attribute(element, "status"), feed.now - last
    if status == "live" and end and since > OVERTIME:
        values: MessageValues = {
            "what": message("podcast.live.over"),
            "value": attribute(element, "end"),
        }
        yield feed.finding("P20-017", element, f"{name}@status", "warning", **values)
    if status != "live" and since > KEPT:
        yield feed.finding("P20-018", element, name, days=str(since.days), status=shown(status))


def _moment(text: str) -> dt.datetime | None:
    found = parse_moment(text)
    return found if isinstance(found, dt.datetime) else None


def _comparable(one: dt.datetime, other: dt.datetime) -> bool:
    return (one.tzinfo is None) == (other.tzinfo is None)


RULES: Final[dict[str, tuple[ElementRule, ...]]] = {
    "alternateEnclosure": (_alternate,),
    "integrity": (_integrity,),
    "soundbite": (_soundbite,),
    "trailer": (_trailer,),
    "liveItem": (_live, _live_times),
}
IN_ITEM: Final[tuple[ElementRule, ...]] = (_enclosure_beside, _defaults)
