"""RSS's own date. feedgen's way to it switches the locale of the whole process for each item."""

from __future__ import annotations

import datetime as dt
from typing import Final

from avsnitt.feed.namespaces.rows import Row, one
from avsnitt.feed.values import Item

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def render_date(moment: dt.datetime) -> str:
    """`Mon, 05 Oct 2026 07:00:00 +0200`: RFC 2822, 3.3. `moment` is aware."""
    offset = moment.utcoffset() or dt.timedelta()
    sign = "-" if offset < dt.timedelta() else "+"
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    day = f"{DAYS[moment.weekday()]}, {moment.day:02} {MONTHS[moment.month - 1]} {moment.year:04}"
    time = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}"
    return f"{day} {time} {sign}{hours:02}{minutes:02}"


ITEM: Final[tuple[Row[Item], ...]] = (
    Row("pubDate", lambda item: one(render_date(item.published))),
)
