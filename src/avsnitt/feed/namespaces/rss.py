"""RSS's own date. feedgen's way to it switches the locale of the whole process for each item."""

from __future__ import annotations

import datetime as dt
from typing import Final

from avsnitt.feed.namespaces.rows import Row, escape, escape_attribute, one
from avsnitt.feed.values import Item
from avsnitt.formats.plain_text import clean_line, clean_text

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


def render_core(item: Item) -> str:
    """
    The start of an item, in the order and the form that feedgen gives it, as text: making a tree
    to write it out once costs four times as much.
    """
    title = clean_line(item.title) or clean_line(item.guid)
    description = clean_text(item.description_html) or title
    content = (clean_text(item.content_html) or description).replace("]]>", "]]]]><![CDATA[>")
    link = escape(clean_line(item.link))
    guid = escape(clean_line(item.guid))
    url, mime = escape_attribute(item.enclosure.url), escape_attribute(item.enclosure.mime)
    return (
        "    <item>\n"
        f"      <title>{escape(title)}</title>\n"
        + (f"      <link>{link}</link>\n" if link else "")
        + f"      <description>{escape(description)}</description>\n"
        f"      <content:encoded><![CDATA[{content}]]></content:encoded>\n"
        + (f'      <guid isPermaLink="false">{guid}</guid>\n' if guid else "")
        + f'      <enclosure url="{url}" length="{item.enclosure.length_bytes}" type="{mime}"/>\n'
    )


ITEM: Final[tuple[Row[Item], ...]] = (
    Row("pubDate", lambda item: one(render_date(item.published))),
)
