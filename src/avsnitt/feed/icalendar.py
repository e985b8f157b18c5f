"""Planned and live episodes as an iCalendar to subscribe to (RFC 5545).

Nine properties of one component need no library: the best kept one takes as long to import as a
small show takes to build, and its own version would be part of our bytes. It reads them back in
the tests instead.

A calendar must say when each event was last changed (`DTSTAMP`), and a build has no clock. The
event's own start stands there: it changes when the event does, and a program that compares two
copies of a postponed event finds the later one to be the newer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Final

from avsnitt import routes
from avsnitt.formats.plain_text import clean_line, clean_text
from avsnitt.i18n import Strings
from avsnitt.model.podcast20 import Live
from avsnitt.model.show import Episode, Show
from avsnitt.model.value import Value

PRODUCT: Final = "-//Avsnitt//Avsnitt//EN"
LINE_BYTES: Final = 75
"""Of a content line, its end not counted (RFC 5545, 3.1)."""
_SPECIAL: Final = re.compile(r"([\\;,])")
_ASK_AGAIN: Final = "P1D"


class Event(Value, frozen=True, kw_only=True):
    """
    `start` and `end` are ISO 8601: a date for a whole day, otherwise a moment with an offset.
    `certain` is false of what is only hoped for.
    """

    uid: str
    start: str
    end: str = ""
    title: str
    description: str = ""
    url: str
    certain: bool = False


class Calendar(Value, frozen=True, kw_only=True):
    """The title of a calendar, and its events in order."""

    title: str
    events: tuple[Event, ...]


def assemble_calendar(
    show: Show, awaited: Iterable[Episode], words: Callable[[str], Strings]
) -> Calendar:
    """
    One event an episode, whose guid names it. `awaited` are not out, and have a day or are to be
    sent live; `words` gives the `feed` domain in a language.
    """
    title = words(show.language)("feed.calendar.title", show=show.title)
    return Calendar(title=title, events=tuple(_event(show, episode) for episode in awaited))


def _event(show: Show, episode: Episode) -> Event:
    live = episode.live
    return Event(
        uid=episode.guid,
        start=live.start if live else str(episode.expected),
        end=_end(live) if live else "",
        title=f"{show.title}: {episode.title}",
        description=episode.question or episode.summary,
        url=routes.absolute(show.address, routes.episode_page(episode.slug)),
        certain=live is not None,
    )


def _end(live: Live) -> str:
    """An end that is no later than the start would make the event unreadable (3.8.2.2)."""
    start, end = (dt.datetime.fromisoformat(iso) if iso else None for iso in (live.start, live.end))
    return live.end if start and end and end > start else ""


def render_calendar(calendar: Calendar) -> bytes:
    """The whole file. A moment is written in UTC, so that no time zone need be explained."""
    name = _text(clean_line(calendar.title))
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        # RFC 7986 and, for those that came before it, the name that everybody knows.
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_ASK_AGAIN}",
        *(line for event in calendar.events for line in _event_lines(event)),
        "END:VCALENDAR",
    )
    return b"".join(map(_fold, lines))


def _event_lines(event: Event) -> Iterable[str]:
    whole_day = len(event.start) == len("2026-10-05")
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(clean_line(event.uid))}"
    yield f"DTSTAMP:{_moment(event.start)}"
    if whole_day:
        # What ends with its day needs no end (3.6.1), and what is only hoped for blocks no time.
        yield f"DTSTART;VALUE=DATE:{event.start.replace('-', '')}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART:{_moment(event.start)}"
    if event.end:
        yield f"DTEND:{_moment(event.end)}"
    yield f"SUMMARY:{_text(clean_line(event.title))}"
    if description := clean_text(event.description):
        yield f"DESCRIPTION:{_text(description)}"
    yield f"URL:{clean_line(event.url)}"
    yield f"STATUS:{'CONFIRMED' if event.certain else 'TENTATIVE'}"
    yield "END:VEVENT"


def _moment(iso: str) -> str:
    """In UTC; a day is its first moment there."""
    moment = dt.datetime.fromisoformat(iso)
    utc = moment.astimezone(dt.UTC) if moment.tzinfo else moment
    return f"{utc:%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """TEXT as RFC 5545, 3.3.11 wants it."""
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """One content line, folded between characters at 75 bytes, with its end."""
    folded: list[bytes] = []
    part, room = b"", LINE_BYTES
    for character in line:
        encoded = character.encode()
        if len(part) + len(encoded) > room:
            folded.append(part)
            part, room = b" ", LINE_BYTES
        part += encoded
    return b"\r\n".join((*folded, part)) + b"\r\n"
