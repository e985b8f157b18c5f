"""What moving in reads of a feed is what was written: anybody's items come home unchanged."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from avsnitt.feed.rss_document import render_feed_frame
from avsnitt.feed.rss_item import render_item
from avsnitt.feed.values import Channel, Enclosure, Item
from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.rss_items import FeedItem, parse_feed_items
from avsnitt.model.show import Category, License

NOBODYS = License(id="", name="")
WRITING = st.text(st.characters(codec=None), min_size=1, max_size=60).filter(
    lambda text: bool(clean_line(text))
)
MOMENTS = st.datetimes(
    min_value=dt.datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=45))]),
).map(lambda moment: moment.replace(microsecond=0))


@st.composite
def items(draw: st.DrawFn) -> Item:
    return Item(
        guid=draw(WRITING),
        title=draw(WRITING),
        link="https://podd.exempel.se/",
        published=draw(MOMENTS),
        description_html=draw(WRITING),
        content_html=draw(WRITING),
        enclosure=Enclosure(
            url=draw(WRITING), length_bytes=1, mime="audio/mpeg", duration_ms=60_000
        ),
        image="",
        type="full",
        explicit=False,
        license=NOBODYS,
    )


@settings(max_examples=80)
@given(WRITING, WRITING, st.lists(items(), max_size=3))
def test_a_feed_of_ours_is_read_as_it_was_written(title: str, guid: str, made: list[Item]) -> None:
    channel = Channel(
        title=title,
        link="https://podd.exempel.se/",
        self_url="https://podd.exempel.se/feed.xml",
        description="Ett samtal.",
        language="sv",
        author="Kommunen",
        guid=guid,
        image="https://podd.exempel.se/cover.png",
        categories=(Category(name="Government"),),
        explicit=False,
        type="episodic",
        license=NOBODYS,
        updated=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    head, tail = render_feed_frame(channel)
    read, problems = parse_feed_items(b"".join((head, *map(render_item, made), tail)))
    assert problems == ()
    assert read is not None
    assert (read.title, read.guid) == (clean_line(title), clean_line(guid))
    assert read.items == tuple(
        FeedItem(
            guid=clean_line(item.guid),
            title=clean_line(item.title),
            published=item.published.isoformat(),
            enclosure=clean_line(item.enclosure.url),
        )
        for item in made
    )
