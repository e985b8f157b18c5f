"""Read back with the icalendar library, which had no part in the writing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
from hypothesis import given
from hypothesis import strategies as st
from tests.support.feed_values import ADDRESS, HARD, episode, show

from avsnitt.feed.icalendar import Calendar, Event, assemble_calendar, render_calendar
from avsnitt.formats.plain_text import clean_line, clean_text
from avsnitt.model.podcast20 import Live
from avsnitt.model.show import Episode
from avsnitt.system.locales import read_strings

LIVE = Live(start="2026-12-01T19:00:00+01:00", end="2026-12-01T20:30:00+01:00")
WRITING = st.text(st.characters(codec=None), max_size=200)
MOMENTS = st.datetimes(
    min_value=dt.datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=45))]),
).map(lambda moment: moment.replace(microsecond=0))


def planned(number: int, **changes: object) -> Episode:
    return episode(number, status="planned", published=None, **changes)


def rendered(*episodes: Episode) -> bytes:
    words = lambda language: read_strings(language, "feed")  # noqa: E731
    return render_calendar(assemble_calendar(show(*episodes), episodes, words))


def events(data: bytes) -> list[Any]:
    found: Any = icalendar.Calendar.from_ical(data)
    assert not found.errors
    assert found["VERSION"] == "2.0"
    for event in found.walk("VEVENT"):
        assert not event.errors
    return list(found.walk("VEVENT"))


def test_a_planned_day_is_a_whole_day_that_blocks_no_time() -> None:
    (event,) = events(rendered(planned(1, expected=dt.date(2026, 12, 1))))
    assert event["UID"] == episode(1).guid
    assert event["SUMMARY"] == f"Öppen kanal {HARD}: {HARD} 1"
    assert event["DESCRIPTION"] == f"Vågar vi {HARD}?"
    assert event["URL"] == f"{ADDRESS}/episodes/avsnitt-1.html"
    assert event["DTSTART"].dt == dt.date(2026, 12, 1)
    assert "DTEND" not in event
    assert (event["TRANSP"], event["STATUS"]) == ("TRANSPARENT", "TENTATIVE")


def test_a_live_show_has_its_hours_in_utc() -> None:
    (event,) = events(rendered(planned(1, live=LIVE, expected=dt.date(2026, 12, 9))))
    assert event["DTSTART"].dt == dt.datetime(2026, 12, 1, 18, tzinfo=dt.UTC)
    assert event["DTEND"].dt == dt.datetime(2026, 12, 1, 19, 30, tzinfo=dt.UTC)
    assert event["STATUS"] == "CONFIRMED"


def test_an_end_that_is_not_after_the_start_is_left_out() -> None:
    for end in ("", LIVE.start, "2026-11-30T20:00:00+01:00"):
        (event,) = events(rendered(planned(1, live=Live(start=LIVE.start, end=end))))
        assert "DTEND" not in event


def test_an_event_that_is_put_off_is_a_later_copy_of_the_same_event() -> None:
    before, after = (
        events(rendered(planned(1, expected=day)))[0]
        for day in (dt.date(2026, 12, 1), dt.date(2026, 12, 8))
    )
    assert before["UID"] == after["UID"]
    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt


def test_the_calendar_has_a_name_and_says_how_often_to_ask() -> None:
    found: Any = icalendar.Calendar.from_ical(rendered(planned(1, live=LIVE)))
    name = f"Öppen kanal {HARD}: planerat och direktsänt"
    for key in ("NAME", "X-WR-CALNAME"):  # of neither does it take the escapes away
        assert found[key].replace("\\", "") == name
    assert found["REFRESH-INTERVAL"].dt == dt.timedelta(days=1)
    assert found["PRODID"]


def test_lines_are_folded_between_characters_and_end_as_they_must() -> None:
    data = rendered(planned(1, question="Å" * 300, live=LIVE))
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    (event,) = events(data)
    assert event["DESCRIPTION"] == "Å" * 300


@given(title=WRITING, description=WRITING, uid=WRITING, start=MOMENTS, whole_day=st.booleans())
def test_every_letter_comes_back(
    title: str, description: str, uid: str, start: dt.datetime, whole_day: bool
) -> None:
    iso = start.date().isoformat() if whole_day else start.isoformat()
    one = Event(uid=uid, start=iso, title=title, description=description, url="https://x.se/a,b;c")
    data = render_calendar(Calendar(title=title, events=(one, one)))
    for event in events(data):
        assert event["SUMMARY"] == clean_line(title)
        assert event.get("DESCRIPTION", "") == clean_text(description)
        assert event["UID"] == clean_line(uid)
        assert event["DTSTART"].dt == (start.date() if whole_day else start)
        assert event["URL"] == "https://x.se/a,b;c"
