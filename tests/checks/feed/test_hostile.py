"""Feeds that were made to hurt: no exception, no long wait, and never a thing fetched."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks.feed.fine_feed import FEED, FIRST, HEAD, TAIL, check_one

from avsnitt.checks.feed.limits import MOST_OF_A_KIND
from avsnitt.checks.feed.value_formats import parse_date, parse_duration_s
from avsnitt.model.message import message

LAUGHS = "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in itertools.pairwise("abcdefghi")
)
BOMB = f'<!DOCTYPE rss [<!ENTITY a "ha">{LAUGHS}]><rss version="2.0">'
STRANGE = {
    "nothing": b"",
    "zeros": b"\0" * 5000,
    "junk": random.Random(1).randbytes(50_000),  # noqa: S311 - junk, and no secret
    "a laughing attack": FEED.replace('<rss version="2.0"', BOMB).replace("Svar", "&i;").encode(),
    "a laughing attribute": f'<?xml version="1.0"?>{BOMB}<channel a="&i;&i;"/></rss>'.encode(),
    "a file of ours": b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0">'
    b"<channel><title>&a;</title></channel></rss>",
    "deep": b'<rss version="2.0"><channel>' + b"<a>" * 100_000,
    "deep and closed": FEED.replace(
        "<generator>", "<b>" * 250 + "</b>" * 250 + "<generator>"
    ).encode(),
    "one of eleven million characters": FEED.replace("Svarstider", "x" * 11_000_000).encode(),
    "UTF-16 without a mark": FEED.encode("utf-16-le"),
    "UTF-32": FEED.encode("utf-32"),
    "an unknown encoding": FEED.replace("UTF-8", "KLINGON-1").encode(),
    "a false encoding": FEED.replace("UTF-8", "UTF-16").encode(),
    "an attribute of a million": FEED.replace(
        "<generator", f'<generator a="{"x" * 999_999}"'
    ).encode(),
    "JSON": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "too large": b'<rss version="2.0"><channel>' + b" " * 25_000_001,
    "too many tags": b'<rss version="2.0"><channel>' + b"<item/>" * 2_000_001 + b"</channel></rss>",
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_strange_is_reported_and_soon(data: bytes) -> None:
    started = time.process_time()
    found = check_one(data)
    assert found
    assert time.process_time() - started < 20
    assert all(len(str(value)) <= 400 for finding in found for value in finding.values.values())


def test_an_outside_entity_is_never_read() -> None:
    found = check_one(STRANGE["a file of ours"])
    assert "root" not in str(found)


def test_a_million_characters_in_a_title_are_one_fault_reported_shortly() -> None:
    found = check_one(FEED.replace("<title>Svarstider", f"<title>{'å' * 1_000_000}"))
    assert {finding.code for finding in found} == {"XML-010", "XML-011"}


@pytest.mark.parametrize(
    "text",
    [
        "<a " * 300_000,
        "<a href=" * 100_000,
        "&lt;" * 300_000,
        '<a href="' + "x " * 400_000,
        "0:00 " * 200_000,
        "0:00\n" * 40_000,
        " on=" * 300_000,
        "<b " + "on " * 200_000,
        "Ã" * 500_000,
        " " * 900_000,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_a_text_costs_as_much_as_it_is_long(text: str) -> None:
    started = time.process_time()
    check_one(FEED.replace("<h2>Mer</h2>", text).replace("&lt;p&gt;Vad", f"<![CDATA[{text}]]>"))
    assert time.process_time() - started < 20  # seconds, where a square would be hours


def test_ten_thousand_faulty_items_are_checked_in_seconds_and_a_thousand_are_reported() -> None:
    items = FIRST.replace("<pubDate>Mon", "<pubDate>Tue").replace("audio/mpeg", "") * 10_000
    started = time.process_time()
    found = check_one(f"{HEAD}{items}{TAIL}")
    assert time.process_time() - started < 40  # an eighth of it on an idle machine
    counts = [sum(finding.code == code for finding in found) for code in ("IT-003", "IT-009")]
    assert counts == [MOST_OF_A_KIND, MOST_OF_A_KIND]


# Where in the fine feed something is put or taken away: anything goes, but for an exception.
PARTS = st.sampled_from(
    (
        *(
            "<",
            ">",
            "&",
            '"',
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?x?>",
            "&#0;",
            "&lt;",
            "\0",
            "\x85",
        ),
        *(
            "<item>",
            "</item>",
            "<channel>",
            "</channel>",
            "<title/>",
            "-1",
            "1e99",
            "٣",
            "é",
            "\ud800",
        ),
        *(' href=""', ' rel="self"', "http://[", "https://", "//", "9" * 30, "\u202e", "\ufeff"),
    )
)
EDITS = st.lists(st.tuples(st.integers(0, len(FEED)), st.integers(0, 60), PARTS), max_size=6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS)
def test_no_change_to_a_feed_raises_anything(edits: list[tuple[int, int, str]]) -> None:
    feed = FEED
    for at, gone, put in edits:
        feed = feed[:at] + put + feed[at + gone :]
    check_one(feed.encode(errors="surrogatepass"))


VALUES = st.text(max_size=40) | PARTS | st.from_regex(r"[0-9:,+ A-Za-z-]{0,40}", fullmatch=True)
WRITABLE = VALUES.map(
    lambda text: "".join(one for one in text if one.isprintable()).translate(
        {ord("<"): "&lt;", ord("&"): "&amp;", ord('"'): "&quot;"}
    )
)
PLACES = (">sv<", ">754<", ">2<", ">yes<", ">full<", ">episodic<", ">false<", "How To", "9000000")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), WRITABLE)
def test_no_value_of_an_element_raises_anything(place: str, value: str) -> None:
    put = f">{value}<" if place[0] == ">" else value
    check_one(FEED.replace(place, put))


@settings(max_examples=300)
@given(VALUES)
def test_no_text_is_too_odd_for_a_date_or_a_duration(text: str) -> None:
    moment = parse_date(text)
    assert (moment.at is None) <= bool(moment.error)
    seconds = parse_duration_s(text)
    assert seconds is None or seconds >= 0


def test_a_leap_second_and_the_first_year_are_dates() -> None:
    assert parse_date("Sat, 31 Dec 2016 23:59:60 GMT").error is None
    assert parse_date("01 Jan 0001 00:00:00 +9999").error in (None, message("feed.date-none"))
