"""The forms that values in a feed have: addresses, dates, truths and numbers."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final, NamedTuple

from avsnitt.model.message import Message, message
from avsnitt.problems.problem import Severity

TRUTHS: Final = frozenset({"true", "false"})
OLD_TRUTHS: Final = frozenset({"yes", "no", "clean", "explicit"})
"""Values of `itunes:explicit` before 2019: apps still read them, and the W3C refuses them."""

_SCHEME = re.compile(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:.", re.IGNORECASE)
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_DAYS = "mon tue wed thu fri sat sun".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(
    rf"(?:({'|'.join(_DAYS)})\s*,\s*)?([0-9]{{1,2}})\s+({'|'.join(_MONTHS)})\s+([0-9]{{4}}|[0-9]{{2}})"
    r"\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s+([+-][0-9]{4}|[A-Z]{1,5})",
    re.IGNORECASE | re.ASCII,
)
_ZONES: Final = {
    **dict.fromkeys(("UT", "GMT", "UTC", "Z"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
"""Hours from UTC (RFC 2822, 4.3). `UTC` is not in the list, and everybody reads it."""
_DURATION = re.compile(r"[0-9]+(?::[0-5]?[0-9](?::[0-5][0-9])?)?", re.ASCII)
_LONGEST_NUMBER = 18
_LONGEST_DATE = 100


def is_web_address(url: str) -> bool:
    """True for an address of HTTP or HTTPS that has a host."""
    return bool(_WEB.match(url))


def is_absolute(url: str) -> bool:
    """A web address with its host, or anything with another scheme (`mailto:`, `magnet:`)."""
    return bool(_WEB.match(url) or _SCHEME.match(url))


class Moment(NamedTuple):
    """
    A date that was read. `error` is the key of words on what is wrong with it, empty for
    nothing; `severity` how grave that is; `at` is None where no moment could be made of it.
    """

    at: dt.datetime | None
    error: Message | None = None
    severity: Severity = "error"


def parse_date(text: str) -> Moment:
    """
    `Mon, 05 Oct 2026 07:00:00 +0200` (RFC 2822, 3.3). Two digits are a year too (RSS 2.0), of
    this century up to 49 (RFC 2822, 4.3).
    """
    return (
        _parse_date(text) if len(text) <= _LONGEST_DATE else Moment(None, message("feed.date-form"))
    )


@lru_cache(maxsize=16384)
def _parse_date(text: str) -> Moment:
    found = _DATE.fullmatch(text)
    if found is None:
        return Moment(None, message("feed.date-form"))
    weekday, day, month, year, hour, minute, second, zone = found.groups()
    offset = _offset(zone.upper())
    try:
        at = dt.datetime(
            *(_whole_year(year), _MONTHS.index(month.lower()) + 1, int(day)),
            *(int(hour), int(minute), min(int(second or 0), 59)),
            tzinfo=dt.timezone(offset or dt.timedelta()),
        )
    except ValueError:
        return Moment(None, message("feed.date-none"))
    if len(year) == 2:
        return Moment(at, message("feed.date-year"), "warning")
    if weekday and _DAYS[at.weekday()] != weekday.lower():
        return Moment(at, message("feed.date-weekday"), "warning")
    if offset is None:
        return Moment(at, message("feed.date-zone"), "warning")
    return Moment(at)


def _whole_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < 50 else 1900)


def _offset(zone: str) -> dt.timedelta | None:
    if zone[0] not in "+-":
        return dt.timedelta(hours=_ZONES[zone]) if zone in _ZONES else None
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    return dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes)


def parse_duration_s(text: str) -> int | None:
    """Seconds, `MM:SS` or `HH:MM:SS`; None for anything else."""
    if not _DURATION.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def parse_count(text: str) -> int | None:
    """A whole number of zero or more, in plain digits; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        return None
    return int(text)


def weigh_truth(text: str) -> Severity | None:
    """The severity of a value that should be `true` or `false`; None where it is one of them."""
    if text in TRUTHS:
        return None
    return "warning" if text.lower() in TRUTHS | OLD_TRUTHS else "error"
