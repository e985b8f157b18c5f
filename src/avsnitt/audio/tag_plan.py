"""Plans the tags of a published file: their values, and a table of their names in each format.

The plan is all that is written: no other tag of the recording is copied.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote

from avsnitt.formats.chapters.published import MOST_PICTURES
from avsnitt.model.show import AudioFacts, Chapter, Episode, License, Show
from avsnitt.model.value import Value
from avsnitt.vocabulary.iso639 import three_letters

GENRE: Final = "Podcast"
MAX_NOTES_CHARS: Final = 60_000
"""A player reads the whole tag before it plays."""

UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
LINE_SPACE: Final = re.compile("[ \t\r\n\u2028\u2029]+")
URL_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"


class TagPlan(Value, frozen=True, kw_only=True):
    """
    The values of all tags of a file. Texts are clean, URLs are ASCII, and `chapters` are the
    visible ones, in time order, each with its end; their pictures are the paths of their
    sources. `language` is a BCP 47 tag.
    """

    title: str
    show: str
    hosts: str
    publisher: str
    guid: str
    feed_url: str
    page_url: str
    language: str
    duration_ms: int
    license: License
    number: int | None = None
    season: int | None = None
    published: dt.datetime | None = None
    genre: str = GENRE
    description: str = ""
    notes: str = ""
    chapters: tuple[Chapter, ...] = ()

    @property
    def copyright(self) -> str:
        """The line of copyright. It begins with the year, as TCOP must (ID3v2.3, 4.2.1)."""
        year = f"{self.published.year} " if self.published else ""
        return f"{year}{self.publisher}. {self.license.name}"

    @property
    def language_code(self) -> str:
        """The language in ISO 639-2, three letters, for ID3 and MP4."""
        return three_letters(self.language)

    @property
    def day(self) -> str:
        """The day of publication in the show's time zone, `2026-10-05`; empty when not known."""
        return self.published.date().isoformat() if self.published else ""

    @property
    def moment(self) -> str:
        """The moment of publication in UTC, `2026-10-05T05:00:00Z`; empty when it is not known."""
        if not self.published:
            return ""
        return self.published.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Tag(NamedTuple):
    """The function for a value, and its names in each format; without a name it is not written."""

    value: Callable[[TagPlan], str]
    id3: tuple[str, ...] = ()
    mp4: tuple[str, ...] = ()
    vorbis: tuple[str, ...] = ()


def whole(number: int | None) -> str:
    """The digits of a number; empty for None."""
    return "" if number is None else str(number)


TAGS: Final = (
    Tag(lambda p: p.title, ("TIT2",), ("\xa9nam",), ("TITLE",)),
    Tag(lambda p: p.hosts, ("TPE1",), ("\xa9ART",), ("ARTIST",)),
    Tag(lambda p: p.publisher, ("TPE2", "TPUB"), ("aART",), ("ALBUMARTIST", "ORGANIZATION")),
    Tag(lambda p: p.show, ("TALB",), ("\xa9alb", "tvsh"), ("ALBUM",)),
    Tag(lambda p: whole(p.number), ("TRCK",), ("trkn", "tves"), ("TRACKNUMBER",)),
    Tag(lambda p: whole(p.season), ("TPOS",), ("tvsn",), ("DISCNUMBER",)),
    Tag(lambda p: p.day[:4], ("TYER",)),
    Tag(lambda p: p.day[8:] + p.day[5:7], ("TDAT",)),
    Tag(lambda p: f"{p.published:%H%M}" if p.published else "", ("TIME",)),
    Tag(lambda p: p.day, (), (), ("DATE",)),
    Tag(lambda p: p.moment, (), ("\xa9day",)),
    Tag(lambda p: p.genre, ("TCON",), ("\xa9gen",), ("GENRE",)),
    Tag(lambda _: "yes", ("PCST",), ("pcst",)),
    Tag(lambda p: p.guid, ("TGID",), ("egid",), ("PODCAST_GUID",)),
    Tag(lambda p: p.feed_url, ("WFED",), ("purl",), ("PODCAST_FEED",)),
    Tag(lambda p: p.page_url, ("WOAF",), (), ("CONTACT",)),
    Tag(lambda p: p.copyright, ("TCOP",), ("cprt",), ("COPYRIGHT",)),
    Tag(lambda p: p.license.url, ("WCOP",)),
    Tag(lambda p: p.license.url or p.license.id, (), (), ("LICENSE",)),
    Tag(lambda p: p.language_code, ("TLAN",)),
    Tag(lambda p: p.language, (), (), ("LANGUAGE",)),
    Tag(lambda p: str(p.duration_ms), ("TLEN",)),
    Tag(lambda p: p.description, ("TDES", "COMM"), ("desc",), ("DESCRIPTION",)),
    Tag(lambda p: p.notes or p.description, (), ("ldes",)),
    Tag(lambda p: p.notes, ("USLT",), (), ("COMMENT",)),
)


def clean_text(text: str) -> str:
    """The text, of many lines, without control characters, lone surrogates and byte-order marks."""
    if text.replace("\n", "").isprintable():
        return text.strip()  # no unwanted character is printable, and this is ten times faster
    return UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """The text in one line. A no-break space stays: somebody typed it on purpose."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return LINE_SPACE.sub(" ", UNWANTED.sub("", text)).strip(" ")


@lru_cache(maxsize=1024)
def clean_url(url: str) -> str:
    """The URL in ASCII, since URL frames are Latin-1 and clients differ on other characters."""
    return quote(UNWANTED.sub("", url).strip(), safe=URL_SAFE)


def cut_bytes(text: str, limit: int) -> str:
    """The text in at most `limit` bytes of UTF-8, with an ellipsis where it was cut between
    characters."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - 3].decode(errors="ignore").rstrip() + "…"


def plan_tags(
    show: Show,
    episode: Episode,
    facts: AudioFacts,
    *,
    feed_url: str,
    page_url: str,
    notes: str = "",
) -> TagPlan:
    """The tags of an episode's file. `notes` are the show notes as plain text."""
    return TagPlan(
        title=clean_line(episode.title),
        show=clean_line(show.title),
        hosts=host_names(show, episode),
        publisher=clean_line(show.author),
        guid=clean_line(episode.guid),
        feed_url=clean_url(feed_url),
        page_url=clean_url(page_url),
        language=clean_line(episode.language),
        duration_ms=facts.duration_ms,
        license=clean_license(episode.license),
        number=episode.number,
        season=episode.season,
        published=episode.published,
        description=clean_text(episode.summary),
        notes=clean_text(notes)[:MAX_NOTES_CHARS],
        chapters=plan_chapters(episode.chapters, facts.duration_ms),
    )


def clean_license(license: License) -> License:
    """The same licence with clean texts and URL."""
    return License(
        id=clean_line(license.id), name=clean_line(license.name), url=clean_url(license.url)
    )


def host_names(show: Show, episode: Episode) -> str:
    """The names of the hosts as one string, since players disagree on lists; without hosts the
    publisher."""
    names = (clean_line(c.person.name) for c in episode.credits if "host" in c.role.lower())
    return ", ".join(dict.fromkeys(filter(None, names))) or clean_line(show.author)


def is_own(image: str) -> bool:
    """True when a chapter's picture is a file of the show, not an address."""
    return bool(image) and "://" not in image


def plan_chapters(chapters: tuple[Chapter, ...], duration_ms: int) -> tuple[Chapter, ...]:
    """
    The visible chapters within `duration_ms`, each with its own end or the start of the next,
    whichever is earlier. Every format must have the same list, or clients disagree. Pictures on
    the web are left out, and of the show's own MOST_PICTURES are kept.
    """
    room = iter(range(MOST_PICTURES))
    shown = sorted(
        (c for c in chapters if not c.hidden and 0 <= c.start_ms < duration_ms),
        key=lambda c: c.start_ms,
    )
    stops = [*(c.start_ms for c in shown), duration_ms][1:]
    return tuple(
        Chapter(
            start_ms=c.start_ms,
            end_ms=min(c.end_ms, stop) if c.end_ms and c.end_ms > c.start_ms else stop,
            title=clean_line(c.title),
            url=clean_url(c.url),
            image=c.image if is_own(c.image) and next(room, None) is not None else "",
        )
        for c, stop in zip(shown, stops, strict=False)
    )
