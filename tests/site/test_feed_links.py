from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from tests.support.feed_values import ADDRESS, HARD, episode, show

from avsnitt.model.podcast20 import Live
from avsnitt.model.show import ExtraFeed, NetworkShow, Show
from avsnitt.site.feed_links import FeedView
from avsnitt.site.layout import site_frame
from avsnitt.site.pages import follow_page
from avsnitt.system.locales import read_strings

RSS, JSON, CALENDAR = "application/rss+xml", "application/feed+json", "text/calendar"
MP4 = ExtraFeed(name="mp4", guid="x", format="mp4")
ENGLISH = ExtraFeed(name="en", guid="y", language="en", title="Talks", description="In English.")
LUNCH = NetworkShow(title="Lunch", feed_url="https://lunch.se/feed.xml")
PLANNED = episode(2, status="planned", published=None)


def linked(of: Show, root: str = "", language: str = "sv") -> list[FeedView]:
    return list(site_frame(of, read_strings(language, "site", "time"), root=root).feeds)


def shown(of: Show, language: str = "sv") -> list[FeedView]:
    frame = site_frame(of, read_strings(language, "site", "time"))
    return list(follow_page(of, site=frame).more)


def test_a_page_links_to_each_feed_by_its_type_and_title() -> None:
    found = linked(show(PLANNED, feeds=(MP4, ENGLISH)))
    assert [(one.href, one.type) for one in found] == [
        ("feed-mp4.xml", RSS),
        ("feed-en.xml", RSS),
        ("coming.xml", RSS),
        ("feed.json", JSON),
    ]
    assert [one.title for one in found] == [
        f"Öppen kanal {HARD} (MP4)",
        "Talks",
        f"Öppen kanal {HARD}: Kommande avsnitt",
        f"Öppen kanal {HARD}: JSON Feed",
    ]
    assert found[0].url == f"{ADDRESS}/feed-mp4.xml"


def test_an_episodes_page_links_only_to_feeds_that_last() -> None:
    """Those that come and go with the plans would change every page."""
    with_plans, without = (
        linked(show(*episodes, feeds=(MP4,)), "../") for episodes in ([PLANNED], [])
    )
    assert [one.href for one in with_plans] == ["../feed-mp4.xml", "../feed.json"]
    assert with_plans == without


@pytest.mark.parametrize(
    "changes",
    [{"expected": dt.date(2026, 12, 1)}, {"live": Live(start="2026-12-01T19:00:00+01:00")}],
)
def test_there_is_a_calendar_when_something_has_a_day(changes: dict[str, object]) -> None:
    awaited = msgspec.structs.replace(PLANNED, **changes)
    assert ("calendar.ics", CALENDAR) in [(one.href, one.type) for one in linked(show(awaited))]
    out = msgspec.structs.replace(awaited, status="published")
    assert [one.href for one in linked(show(out))] == ["feed.json"]


def test_the_follow_page_shows_what_each_feed_is() -> None:
    notes = {one.href: one.note for one in shown(show(PLANNED, feeds=(MP4, ENGLISH)))}
    assert notes["feed-mp4.xml"] == "Samma avsnitt, men som MP4."
    assert notes["feed-en.xml"] == "In English."
    assert "inget att lyssna på än" in notes["coming.xml"]


def test_words_in_another_language_say_which() -> None:
    english, own, bare = (
        shown(show(feeds=(msgspec.structs.replace(ENGLISH, **changes),)))[0]
        for changes in ({}, {"language": "SV"}, {"title": "", "description": ""})
    )
    assert (english.lang, english.note_lang) == ("en", "en")
    assert (own.lang, own.note_lang, bare.lang, bare.note_lang) == ("", "", "", "")


def test_the_network_is_a_list_to_import_and_nothing_to_follow() -> None:
    of = show(network=(LUNCH,))
    assert [one.href for one in shown(of)] == ["feed.json", "network.opml"]
    assert [one.href for one in linked(of)] == ["feed.json"]


@pytest.mark.parametrize(("format", "language"), [("mp4", ""), ("", "en"), ("mp4", "en")])
def test_a_feed_without_words_of_its_own_is_reported(format: str, language: str) -> None:
    extra = ExtraFeed(name="x", guid="x", format=format, language=language)
    (swedish, _), (english, _) = (shown(show(feeds=(extra,)), tag) for tag in ("sv", "en"))
    for one in (swedish, english):
        assert format.upper() in one.note
        assert (f"({language})" in one.note) is bool(language)
    assert swedish.note != english.note


def test_without_an_address_only_the_path_is_shown() -> None:
    (json,) = shown(show(address=""))
    assert (json.url, json.href) == ("", "feed.json")
