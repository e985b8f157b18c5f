"""Feeds in the shapes that other programs give them: what is not a mistake is not told."""

from __future__ import annotations

import time

import pytest
from tests.checks.feed.fine_feed import FEED, check_one

from avsnitt.checks.feed.tree import PODCAST, PODCAST_OLD


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("the namespace's first address", PODCAST[1:-1], PODCAST_OLD[1:-1]),
        ("a mark before the declaration", "<?xml", "\ufeff<?xml"),
        ("a declaration without an encoding", ' encoding="UTF-8"', ""),
        ("an encoding in small letters", "UTF-8", "utf-8"),
        ("a namespace of somebody else's", "<generator>", '<g:x xmlns:g="https://g/"/><generator>'),
        ("a comment in a title", "<title>Svar", "<title><!-- x -->Svar"),
        ("a title in CDATA", "<title>Svarstider<", "<title><![CDATA[Svarstider]]><"),
        ("an instruction", "<rss", '<?xml-stylesheet href="feed.xsl" type="text/xsl"?><rss'),
        ("several languages of countries", ">sv<", ">en-us<"),
        ("three letters", ">sv<", ">fit<"),
        ("a day without a nought", "Mon, 05 Oct 2026", "Mon, 5 Oct 2026"),
        ("a date without a weekday", "Mon, 05 Oct 2026", "5 Oct 2026"),
        ("a date without seconds", "05 Oct 2026 07:00:00 +0200", "05 Oct 2026 07:00 GMT"),
        ("a zone by its letters", "05 Oct 2026 07:00:00 +0200", "05 Oct 2026 07:00:00 PDT"),
        ("a guid that is a link", ' isPermaLink="false">0b6e', ">https://podd.exempel.se/?p=0b6e"),
        (
            "a video",
            '.mp3" length="9000000" type="audio/mpeg"',
            '.mp4" length="90000000" type="video/mp4"',
        ),
        ("one time in running text", "&lt;p&gt;Vad", "&lt;p&gt;Kl. 08:30 frågade vi vad"),
        ("three times in running text", "&lt;p&gt;Vad", "Vi ses 08:30, 09:30 och 10:30. Vad"),
        ("a list of chapters", "&lt;p&gt;Vad", "00:00 Hej\n(01:30) Mer\n1:02:03 - Hej då\n\nVad"),
        ("an address by mail", "<h2>Mer</h2>", '<a href="mailto:a@b.se">Skriv</a>'),
        ("an anchor", "<h2>Mer</h2>", '<a href="#fotnot">Fotnot</a>'),
        ("code told of", "<h2>Mer</h2>", "<p>&lt;p&gt; betyder stycke</p>"),
        ("a Portuguese capital", ">Svarstider<", ">NÃO Â FALA<"),
        ("a show of one short word", ">Klarspråk<", ">Öppen dörr<"),
        ("a year in a title", ">Klarspråk<", ">Valet 2026<"),
    ],
)
def test_what_is_no_mistake_is_not_reported(what: str, old: str, new: str) -> None:
    assert old in FEED
    assert [finding.code for finding in check_one(FEED.replace(old, new))] == []


def test_old_words_for_children_are_a_warning_and_no_error() -> None:
    found = check_one(FEED.replace("explicit>false<", "explicit>clean<"))
    assert {finding.severity for finding in found} == {"warning"}


def test_a_short_video_serial_without_dates_is_fine() -> None:
    feed = FEED.replace(">episodic<", ">serial<")
    for date in ("Mon, 05 Oct 2026 07:00:00 +0200", "Mon, 12 Oct 2026 07:00:00 +0200"):
        feed = feed.replace(f"<pubDate>{date}</pubDate>", "")
    assert check_one(feed) == ()


def test_an_address_that_nobody_stated_is_not_compared() -> None:
    assert check_one(FEED, address="") == ()


def test_a_trailer_needs_neither_number_nor_transcript() -> None:
    first = FEED.index("<item>")
    item = FEED[first : FEED.index("</item>", first)]
    trailer = item.replace("Type>full<", "Type>trailer<")
    for gone in ("<itunes:episode>2</itunes:episode>", "<podcast:episode>2</podcast:episode>"):
        trailer = trailer.replace(gone, "")
    at = trailer.index("<podcast:transcript")
    trailer = trailer[:at] + trailer[trailer.index("/>", at) + 2 :]
    serial = FEED.replace(item, trailer).replace(">episodic<", ">serial<")
    assert check_one(serial) == ()


def test_ten_thousand_items_are_checked_in_time_that_grows_with_them() -> None:
    first, last = FEED.index("    <item>"), FEED.index("  </channel>")
    item = FEED[first:last]
    spent = []
    for count in (500, 5000):
        items = "".join(item.replace("7b60-4c2e", f"{n:04}-4c2e") for n in range(count // 2))
        feed = f"{FEED[:first]}{items}{FEED[last:]}".encode()
        started = time.process_time()
        check_one(feed)
        spent.append(time.process_time() - started)
    assert spent[1] < 40 * spent[0] + 2
