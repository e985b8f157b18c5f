"""Recurrence rules (RFC 5545 section 3.3.10), as `podcast:updateFrequency` carries them.

Read strictly, as calendars do: a rule with a month 13 or a count of -1 is none. Nothing is counted
out, so a rule costs no more than its letters.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 1000

_FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS: Final = "MO|TU|WE|TH|FR|SA|SU"
_POSITIVE: Final = r"0*[1-9][0-9]{0,8}"
_MONTH_DAY: Final = r"[+-]?(?:0?[1-9]|[12][0-9]|3[01])"
_WEEK: Final = r"[+-]?(?:0?[1-9]|[1-4][0-9]|5[0-3])"
_YEAR_DAY: Final = r"[+-]?(?:36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9])"


def _list(one: str) -> str:
    return rf"(?:{one})(?:,(?:{one}))*"


_SIXTY: Final = _list("[0-5]?[0-9]")

PARTS: Final[dict[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "FREQ": "|".join(_FREQUENCIES),
        "UNTIL": r"[0-9]{8}(?:T[0-9]{6}Z?)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{5,15}Z?)?",
        "COUNT": _POSITIVE,
        "INTERVAL": _POSITIVE,
        "BYSECOND": _list("[0-5]?[0-9]|60"),
        "BYMINUTE": _SIXTY,
        "BYHOUR": _list("[01]?[0-9]|2[0-3]"),
        "BYDAY": _list(rf"(?:{_WEEK})?(?:{_DAYS})"),
        "BYMONTHDAY": _list(_MONTH_DAY),
        "BYYEARDAY": _list(_YEAR_DAY),
        "BYWEEKNO": _list(_WEEK),
        "BYMONTH": _list("0?[1-9]|1[0-2]"),
        "BYSETPOS": _list(_YEAR_DAY),
        "WKST": _DAYS,
    }.items()
}
"""
The values that may stand after each name. UNTIL is also let through as the namespace's own example
has it, with hyphens and colons; `Recurrence.until_is_iso` is then true.
"""


class Recurrence(NamedTuple):
    """The parts by name in capitals. `until` is naive where the rule is in local time."""

    parts: dict[str, str]
    until: dt.date | dt.datetime | None = None
    until_is_iso: bool = False


def parse_recurrence(text: str) -> Recurrence | None:
    """The rule, or None where RFC 5545 has no such."""
    if len(text) > MOST_CHARACTERS:
        return None
    pairs = [part.partition("=")[::2] for part in text.strip().upper().split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs) or "FREQ" not in parts or {"COUNT", "UNTIL"} <= set(parts):
        return None
    if not all(name in PARTS and PARTS[name].fullmatch(value) for name, value in pairs):
        return None
    if "UNTIL" not in parts:
        return Recurrence(parts)
    until = parse_moment(parts["UNTIL"])
    return None if until is None else Recurrence(parts, until, "-" in parts["UNTIL"])


def parse_moment(text: str) -> dt.date | dt.datetime | None:
    """
    An ISO 8601 date, or a moment with or without an offset; None where it is neither.

    A date is never taken for a moment at midnight, since the two do not compare.
    """
    text = text.strip()
    if not text.isascii() or not 8 <= len(text) <= 40:
        return None
    try:
        return dt.date.fromisoformat(text) if len(text) <= 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def same_form(one: dt.date | dt.datetime, other: dt.date | dt.datetime) -> bool:
    """
    True when both are dates, local moments, or moments in a zone (RFC 5545 section 3.3.10,
    "UNTIL").
    """
    return _form(one) == _form(other)


def _form(moment: dt.date | dt.datetime) -> tuple[bool, bool]:
    aware = isinstance(moment, dt.datetime) and moment.tzinfo is not None
    return isinstance(moment, dt.datetime), aware
