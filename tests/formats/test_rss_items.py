from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import reason_of
from tests.support.paths import GOLDEN

from avsnitt.formats.rss_items import LONGEST, parse_feed_items

FEED = """\
<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>Öppen kanal</title><image><title>fel</title></image>
<podcast:guid> 0f5a </podcast:guid>
<item><title>Vågar  vi
fråga?</title><guid isPermaLink="false">g1</guid>
<pubDate>Mon, 05 Jan 2026 07:00:00 +0100</pubDate>
<enclosure url="https://x.se/ett.mp3" length="1" type="audio/mpeg"/></item>
<item><title><![CDATA[Två & tre]]></title><pubDate>i går</pubDate></item>
</channel></rss>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_a_feed_is_read_in_its_own_encoding(encoding: str) -> None:
    feed, findings = parse_feed_items(FEED.format(encoding=encoding).encode(encoding))
    assert findings == ()
    assert feed
    assert (feed.title, feed.guid) == ("Öppen kanal", "0f5a")
    first, second = feed.items
    assert (first.guid, first.title, first.enclosure) == (
        "g1",
        "Vågar vi fråga?",
        "https://x.se/ett.mp3",
    )
    assert first.published == "2026-01-05T07:00:00+01:00"
    assert (second.title, second.published, second.guid) == ("Två & tre", "", "")


def test_our_own_feeds_are_read_as_feedparser_reads_them() -> None:
    paths = sorted(GOLDEN.rglob("feed.xml"))
    assert paths
    for path in paths:
        feed, _ = parse_feed_items(path.read_bytes())
        other = feedparser.parse(path.read_bytes())
        assert feed
        assert feed.title == other.feed.title
        assert len(feed.items) == len(other.entries) > 0
        for item, entry in zip(feed.items, other.entries, strict=True):
            assert (item.guid, item.title) == (entry.id, entry.title)
            assert item.enclosure == entry.enclosures[0].href
            moment = dt.datetime.fromisoformat(item.published)
            assert moment == parsedate_to_datetime(entry.published)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-xml"),
        (b"<rss><channel>", "not-xml"),
        (b"<html><body>404</body></html>", "no-list"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel>&a;</channel></rss>", "doctype"),
        (b"<?xml version='1.0' encoding='klingon'?><rss/>", "not-xml"),
        (b"<rss>\x00</rss>", "not-xml"),
    ],
)
def test_what_is_no_feed_says_what_it_is(data: bytes, code: str) -> None:
    feed, (found,) = parse_feed_items(data)
    assert feed is None
    assert reason_of(found) == code


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_have_their_mistake_reported(data: bytes) -> None:
    feed, findings = parse_feed_items(b"<rss><channel>" + data + b"</channel></rss>")
    assert (feed is None) == bool(findings)


@given(st.text(max_size=60))
def test_any_date_is_a_moment_or_nothing(date: str) -> None:
    text = date.replace("&", "").replace("<", "")
    data = f"<rss><channel><item><pubDate>{text}</pubDate></item></channel></rss>"
    feed, _ = parse_feed_items(data.encode(errors="replace"))
    for item in feed.items if feed else ():
        if item.published:
            assert dt.datetime.fromisoformat(item.published).tzinfo


def test_a_title_of_a_million_signs_is_cut() -> None:
    data = b"<rss><channel><title>" + b"a" * 1_000_000 + b"</title></channel></rss>"
    feed, _ = parse_feed_items(data)
    assert feed
    assert len(feed.title) == LONGEST


def test_a_hundred_thousand_elements_in_each_other_are_read() -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    feed, _ = parse_feed_items(b"<rss><channel>" + deep + b"</channel></rss>")
    assert feed is not None
