from __future__ import annotations

import datetime as dt
import time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.recurrence import PARTS, parse_moment, parse_recurrence, same_form

GOOD = [
    "FREQ=DAILY",
    "freq=weekly",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY;BYDAY=+4TH;BYMONTH=11",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10",
    "FREQ=WEEKLY;UNTIL=20261231",
    "FREQ=WEEKLY;UNTIL=20261231T230000Z;WKST=SU",
    "FREQ=YEARLY;BYYEARDAY=1,-366;BYSETPOS=-1",
]
BAD = [
    "",
    "WEEKLY",
    "FREQ=",
    "FREQ=OFTEN",
    "BYDAY=MO",
    "FREQ=WEEKLY;",
    "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;COUNT=-1",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;COUNT=2;UNTIL=20261231",
    "FREQ=WEEKLY;UNTIL=20261301",
    "FREQ=WEEKLY;UNTIL=soon",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=YEARLY;BYMONTH=13",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=DAILY;BYHOUR=24",
    "FREQ=WEEKLY;X-MINE=1",
    "RRULE:FREQ=WEEKLY",
    "FREQ=WEEKLY\nDTSTART:20260101",
    "FREQ=WEEKLY;BYMONTH=" + "1," * 500 + "1",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_calendar_reads_what_is_let_through(text: str) -> None:
    rule = parse_recurrence(text)
    assert rule is not None
    zone = dt.UTC if isinstance(rule.until, dt.datetime) else None
    assert rrulestr(text, dtstart=dt.datetime(2026, 1, 1, tzinfo=zone))


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_rule_is_refused(text: str) -> None:
    assert parse_recurrence(text) is None


one_part = st.sampled_from(sorted(set(PARTS) - {"FREQ", "UNTIL", "COUNT"})).flatmap(
    lambda name: st.from_regex(PARTS[name], fullmatch=True).map(lambda value: (name, value))
)


@given(st.from_regex(PARTS["FREQ"], fullmatch=True), st.lists(one_part, max_size=3))
def test_whatever_is_let_through_a_calendar_reads(freq: str, parts: list[tuple[str, str]]) -> None:
    text = ";".join(f"{name}={value}" for name, value in {"FREQ": freq, **dict(parts)}.items())
    # dateutil counts out every second of a day before it begins, and knows no leap second.
    if parse_recurrence(text) and "BYSECOND" not in text and len(text) < 200:
        assert rrulestr(text, dtstart=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@given(
    st.text(max_size=60) | st.text(alphabet="FREQUNTILCOUNTBYDAY=;,0123456789TZ-:+", max_size=60)
)
def test_any_text_is_a_rule_or_none(text: str) -> None:
    parse_recurrence(text)
    parse_recurrence(f"FREQ=DAILY;{text}")
    parse_moment(text)


def test_a_rule_of_a_million_letters_costs_nothing() -> None:
    began = time.process_time()
    assert parse_recurrence("FREQ=WEEKLY;BYDAY=" + "MO," * 400_000) is None
    assert parse_moment("2026-01-01" * 100_000) is None
    assert time.process_time() - began < 10


def test_the_namespaces_own_example_is_read_and_distinguished() -> None:
    rule = parse_recurrence("FREQ=WEEKLY;UNTIL=2023-12-31T00:00:00.000Z;BYDAY=MO")
    assert rule is not None
    assert rule.until == dt.datetime(2023, 12, 31, tzinfo=dt.UTC)
    assert rule.until_is_iso


@pytest.mark.parametrize(
    ("text", "is_moment", "is_aware"),
    [
        ("2026-10-05", False, False),
        ("20261005", False, False),
        ("2026-10-05T07:00:00", True, False),
        ("2026-10-05T07:00:00.000Z", True, True),
        ("2021-09-26T07:30:00.000-0600", True, True),
    ],
)
def test_dates_and_moments_are_distinguished(text: str, is_moment: bool, is_aware: bool) -> None:
    found = parse_moment(text)
    assert isinstance(found, dt.date)
    assert isinstance(found, dt.datetime) == is_moment
    assert (isinstance(found, dt.datetime) and found.tzinfo is not None) == is_aware


@pytest.mark.parametrize("text", ["", "i morgon", "2026-13-01", "2026-10-05T25:00", "٢٠٢٦-01-01"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert parse_moment(text) is None


def test_a_date_and_a_moment_are_not_of_one_form() -> None:
    day, local = dt.date(2026, 10, 5), dt.datetime.fromisoformat("2026-10-05")
    zoned = local.replace(tzinfo=dt.UTC)
    assert [same_form(day, other) for other in (day, local, zoned)] == [True, False, False]
    assert [same_form(zoned, other) for other in (day, local, zoned)] == [False, False, True]
