"""TAG-: rules on the tags of an audio file, beside what the feed says of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.files.facts import TagFacts, Texts
from avsnitt.formats.plain_text import clean_line
from avsnitt.model.message import message
from avsnitt.problems.finding import Finding, finding_in_text

NEWER_FRAMES: Final = frozenset(
    "ASPI EQU2 RVA2 SEEK SIGN TDEN TDOR TDRC TDRL".split()
    + "TDTG TIPL TMCL TMOO TPRO TSOA TSOP TSOT TSST".split()
)
"""Frames that came with ID3v2.4 (id3v2.4.0-changes)."""
WANTED: Final = ("title", "album", "artist", "genre", "date")
COMPARED: Final = ("title", "album")
LARGE_PICTURE_BYTES: Final = 1_000_000
LARGE_BLOCK_BYTES: Final = 2_000_000
DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})-(\d{2}))?")
A_DAY: Final = dt.timedelta(days=1)
OLD_CHARS: Final = 30
"""ID3v1 has 30 characters for a text."""


def lacks_or_contradicts(tags: TagFacts) -> Iterator[Finding]:
    """
    TAG-001 for tags that are missing, or differ from the feed. The genre is not compared: the
    feed has categories, and a file has the word Podcast.
    """
    missing = [name for name in WANTED if not getattr(tags.texts, name)]
    if tags.feed.date == "":
        missing = [name for name in missing if name != "date"]
    if missing:
        yield finding_in_text(
            "TAG-001", {"what": message("linked.tag.missing"), "tags": ", ".join(missing)}
        )
    for name in COMPARED:
        mine, feeds = getattr(tags.texts, name), getattr(tags.feed, name)
        if mine and feeds and clean_line(mine) != clean_line(feeds):
            yield finding_in_text(
                "TAG-001",
                {"what": message("linked.tag.other"), "tag": name, "mine": mine, "feed": feeds},
            )
    if _other_day(tags.texts, tags.feed):
        values = {"tag": "date", "mine": tags.texts.date, "feed": tags.feed.date}
        yield finding_in_text("TAG-001", {"what": message("linked.tag.other"), **values})


def _other_day(file: Texts, feed: Texts) -> bool:
    """A day more or less is only another time zone."""
    mine, feeds = DAY.match(file.date), DAY.match(feed.date)
    if not mine or not feeds:
        return False
    if not (mine[2] and feeds[2]):
        return abs(int(mine[1]) - int(feeds[1])) > (feed.date[5:] in ("01-01", "12-31"))
    try:
        apart = dt.date.fromisoformat(mine[0]) - dt.date.fromisoformat(feeds[0])
    except ValueError:
        return False
    return abs(apart) > A_DAY


def has_an_odd_cover(tags: TagFacts) -> Iterator[Finding]:
    """TAG-002 for a file without a cover, or with one that is no JPEG or PNG or is over 1 MB."""
    if tags.picture is None:
        yield finding_in_text("TAG-002", {"what": message("linked.tag.no-cover")})
    elif tags.picture.format not in ("JPEG", "PNG"):
        yield finding_in_text("TAG-002", {"what": message("linked.tag.odd-cover")})
    elif tags.picture.size_bytes > LARGE_PICTURE_BYTES:
        size = f"{tags.picture.size_bytes // 1000}"
        yield finding_in_text("TAG-002", {"what": message("linked.tag.large-cover"), "size": size})


def is_of_another_version(tags: TagFacts) -> Iterator[Finding]:
    """
    TAG-003 for a tag that is not ID3v2.3, and for frames in one that came with ID3v2.4. That old
    programs fail at ID3v2.4 is not proven, so the version is a note only.
    """
    id3 = tags.id3
    if id3 is None:
        return
    if id3.version != 3:
        yield finding_in_text(
            "TAG-003",
            {"what": message("linked.tag.version"), "version": f"2.{id3.version}"},
            "info",
        )
    newer = [name for name in dict.fromkeys(id3.names) if name in NEWER_FRAMES]
    if id3.version == 3 and newer:
        yield finding_in_text(
            "TAG-003", {"what": message("linked.tag.newer"), "frames": ", ".join(newer)}
        )


def has_leftover_tags(tags: TagFacts) -> Iterator[Finding]:
    """TAG-004 for several tags, and for an ID3v1 or APEv2 tag with other texts."""
    id3 = tags.id3
    if id3 is None:
        return
    if id3.tags > 1:
        yield finding_in_text(
            "TAG-004", {"what": message("linked.tag.twice"), "count": f"{id3.tags}"}
        )
    for name, texts in (("ID3v1", id3.old), ("APEv2", id3.ape)):
        if texts is not None and _disagree(texts, tags.texts, short=name == "ID3v1"):
            yield finding_in_text("TAG-004", {"what": message("linked.tag.leftover"), "tag": name})


def _disagree(texts: tuple[str, str, str], mine: Texts, *, short: bool) -> bool:
    pairs = zip(texts, (mine.title, mine.artist, mine.album), strict=True)
    return any(old and not _like(old, new, short=short) for old, new in pairs)


def _like(old: str, new: str, *, short: bool) -> bool:
    """An ID3v1 text is cut, and in whatever 8-bit letters the program had."""
    if not short:
        return clean_line(old) == clean_line(new)
    left, right = (re.sub(r"[^\x20-\x7e]+", "?", text[:OLD_CHARS]).strip() for text in (old, new))
    return left.replace("?", "") == right.replace("?", "") or right.startswith(left)


def has_several_artists(tags: TagFacts) -> Iterator[Finding]:
    """
    TAG-005 for several artists in one frame: ID3v2.4 parts them with NUL, of which most
    programs show the first; ID3v2.3 with a slash.
    """
    id3 = tags.id3
    if id3 is None:
        return
    if "\0" in id3.artists or (id3.version < 4 and "/" in id3.artists):
        shown = clean_line(id3.artists.replace("\0", " | "))
        yield finding_in_text("TAG-005", {"artists": shown})


def has_broken_addresses(tags: TagFacts) -> Iterator[Finding]:
    """
    TAG-006 for addresses that are not ASCII, in frames that are Latin-1 (ID3v2.3, 4.3), and for
    a WFED that is no text frame.
    """
    id3 = tags.id3
    if id3 is None:
        return
    for name in dict.fromkeys(id3.odd_urls):
        yield finding_in_text("TAG-006", {"what": message("linked.tag.odd-url"), "frame": name})
    if id3.bare_feed:
        yield finding_in_text("TAG-006", {"what": message("linked.tag.bare-feed")})


def names_another_episode(tags: TagFacts) -> Iterator[Finding]:
    """TAG-007 for a guid or a feed's address in the tags that is another than the feed's."""
    pairs = (
        ("guid", tags.texts.guid, tags.feed.guid),
        ("feed", tags.texts.feed_url, tags.feed.feed_url),
    )
    for name, mine, feeds in pairs:
        if mine and feeds and mine != feeds:
            yield finding_in_text(
                "TAG-007", {"what": message(f"linked.tag.{name}"), "mine": mine, "feed": feeds}
            )


def delays_the_start(tags: TagFacts) -> Iterator[Finding]:
    """TAG-008 for more than 2 MB of tags, all of which a player reads before the first sound."""
    if tags.block_bytes > LARGE_BLOCK_BYTES:
        yield finding_in_text("TAG-008", {"size": f"{tags.block_bytes // 1000}"})


def has_private_fields(tags: TagFacts) -> Iterator[Finding]:
    """TAG-009 for fields that name a person's own computer or a place."""
    for text in tags.private:
        yield finding_in_text("TAG-009", {"what": message("linked.tag.private"), "text": text})
    if tags.picture and tags.picture.located:
        yield finding_in_text("TAG-009", {"what": message("linked.tag.located")})


RULES: Final[tuple[Callable[[TagFacts], Iterator[Finding]], ...]] = (
    lacks_or_contradicts,
    has_an_odd_cover,
    is_of_another_version,
    has_leftover_tags,
    has_several_artists,
    has_broken_addresses,
    names_another_episode,
    delays_the_start,
    has_private_fields,
)
