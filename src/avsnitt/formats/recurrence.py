"""How often something comes again: RFC 5545's recurrence rules (3.3.10), and what is wrong in one.

python-dateutil understands them and takes more than the RFC has, so their form is looked at first.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

MOST_CHARACTERS: Final = 500

_NUMBER = "[1-9][0-9]{0,4}"
_UNSIGNED = r"[0-9]{1,2}(?:,[0-9]{1,2})*"
_SIGNED = r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3})*"
_DAY = "[+-]?[0-9]{0,2}(?:MO|TU|WE|TH|FR|SA|SU)"
_PARTS: Final = {
    "FREQ": "SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": "[0-9]{8}(?:T[0-9]{6}Z?)?",
    "COUNT": _NUMBER,
    "INTERVAL": _NUMBER,
    "BYSECOND": _UNSIGNED,
    "BYMINUTE": _UNSIGNED,
    "BYHOUR": _UNSIGNED,
    "BYDAY": f"{_DAY}(?:,{_DAY})*",
    "BYMONTHDAY": _SIGNED,
    "BYYEARDAY": _SIGNED,
    "BYWEEKNO": _SIGNED,
    "BYMONTH": _UNSIGNED,
    "BYSETPOS": _SIGNED,
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
_DATE_LENGTH: Final = 8


def recurrence_parts(rrule: str) -> dict[str, str] | None:
    """The parts of a rule by their names, or None when it has not the form of one."""
    if len(rrule) > MOST_CHARACTERS:
        return None
    pairs = [part.partition("=") for part in rrule.upper().split(";")]
    parts = {name: value for name, _, value in pairs}
    known = all(re.fullmatch(_PARTS.get(name, "(?!)"), value) for name, value in parts.items())
    return parts if known and len(parts) == len(pairs) and "FREQ" in parts else None


def is_recurrence(rrule: str, dtstart: str = "") -> bool:
    """Whether a rule can be followed, from `dtstart` (ISO 8601) when there is one."""
    parts = recurrence_parts(rrule)
    start = parse_start(dtstart)
    if parts is None or (dtstart and start is None):
        return False
    from dateutil.rrule import rrulestr

    try:
        rrulestr(rrule.upper(), dtstart=_same_form(start, parts.get("UNTIL", "")))
    except (ValueError, OverflowError):
        return False
    return True


def agrees(until: str, dtstart: str) -> bool:
    """
    Whether the end of a rule is told in the form of its start, a day or a moment, as 3.3.10 asks.
    """
    return not until or not dtstart or (len(until) == _DATE_LENGTH) == _is_day(dtstart)


def parse_start(text: str) -> dt.datetime | None:
    """A day or a moment in ISO 8601, at midnight when it is a day; None when it is neither."""
    try:
        return dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    return "T" not in text.upper() and ":" not in text


def _same_form(start: dt.datetime | None, until: str) -> dt.datetime | None:
    """dateutil wants a start with a zone when the end is in UTC, and none when it is not."""
    if start is None:
        return None
    plain = start.replace(tzinfo=None)
    return plain.replace(tzinfo=dt.UTC) if until.endswith("Z") else plain
