"""Single entries of front matter that need more than a shape: a file's name, a moment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from avsnitt.content.front_matter import FrontMatterFile
from avsnitt.problems.finding import KeyPath

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""Sound is no older; and a moment near the first or last year has no UTC."""

_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


def check_name(source: FrontMatterFile[Any], key: KeyPath, name: str, names: Sequence[str]) -> bool:
    """Add a problem when a named file is not one of `names`, the files beside the author's own."""
    if "/" in name or "\\" in name or name in (".", ".."):
        source.add_problem("FILE-004", key, name=name)
    elif name not in names:
        import difflib

        near = ", ".join(difflib.get_close_matches(name, names, 3, 0.5))
        source.add_problem("FILE-005", key, name=name, near=near)
    else:
        return True
    return False


def parse_moment(text: str, timezone: str) -> dt.datetime | None:
    """`2026-10-05 07:00`, with the zone given or an offset of its own; None when it is not."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        zone = _offset(match[7]) if match[7] else ZoneInfo(timezone)
        moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
        # A fixed offset survives every serialisation; a zone's name does not.
        return moment.replace(tzinfo=dt.timezone(moment.utcoffset() or dt.timedelta()))
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> dt.timezone:
    if text == "Z":
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))
