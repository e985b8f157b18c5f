from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.recurrence import agrees, is_recurrence, recurrence_parts

RULES = [
    "FREQ=WEEKLY;BYDAY=MO",
    "freq=monthly;interval=2;byday=1mo,-1FR",
    "FREQ=DAILY;UNTIL=20271231",
    "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=-1;WKST=MO",
]
NO_RULES = [
    *("", "varje måndag", "FREQ=SOMETIMES", "BYDAY=MO", "FREQ=WEEKLY;", "FREQ=WEEKLY;COLOUR=RED"),
    *(
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=DAILY",
    ),
    *("FREQ=WEEKLY\nBYDAY=MO", "FREQ=WEEKLY;COUNT=1;UNTIL=20261301", "FREQ=DAILY;" + "X" * 600),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_the_rfc_is_one(rule: str) -> None:
    assert is_recurrence(rule)
    assert is_recurrence(rule, "2026-01-05")


@pytest.mark.parametrize("rule", NO_RULES)
def test_what_is_no_rule_is_not_taken_for_one(rule: str) -> None:
    assert not is_recurrence(rule)


def test_a_rule_cannot_begin_at_no_time() -> None:
    assert not is_recurrence("FREQ=DAILY", "snart")
    assert is_recurrence("FREQ=DAILY;UNTIL=20270101T000000Z", "2026-01-01T07:00:00+01:00")


@pytest.mark.parametrize(
    ("until", "start", "same"),
    [
        ("20270101", "2026-01-01", True),
        ("20270101", "2026-01-01T07:00:00", False),
        ("20270101T000000Z", "2026-01-01", False),
        ("20270101T000000Z", "2026-01-01T07:00:00+01:00", True),
        ("", "2026-01-01", True),
    ],
)
def test_a_rule_ends_in_the_form_it_begins(until: str, start: str, same: bool) -> None:
    assert agrees(until, start) is same


NAMES = st.sampled_from(["FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "BYWEEKNO", "BYSETPOS"])
VALUES = st.sampled_from(
    ["WEEKLY", "SECONDLY", "MO", "-1SU", "0", "99999", "-999", "00010101", "99991231T235959Z", "53"]
)


@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=5).map(
        lambda pairs: ";".join(f"{name}={value}" for name, value in pairs)
    )
    | st.text(max_size=40),
    st.sampled_from(["", "2026-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31"]) | st.text(),
)
def test_any_text_at_all_is_a_rule_or_is_not(rule: str, start: str) -> None:
    if is_recurrence(rule, start):
        assert recurrence_parts(rule)
