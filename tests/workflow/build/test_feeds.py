"""The feeds that a real build leaves, and what it does when they are to be others."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import icalendar
import podcastparser
import pytest
from lxml import etree
from tests.bench.same_tree import assert_same_tree
from tests.support import shows
from tests.support.show_edits import CHANGES

from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.check.show import check_show

SMALL = "feed_page_kb = 4\nhosts"
"""So little that each episode has a page of its own."""
ENGLISH = """\
feeds = [{ name = "en", guid = "3f1f7a0e-8f8f-5d0a-9a57-0c4b1a3a8e11", language = "en",
           title = "Open channel" }]
hosts""".replace("\n           ", " ")
NETWORK = 'network = [{ title = "Lunch", feed_url = "https://lunch.se/feed.xml" }]\nhosts'
SHOW = "site/show.toml"
FOURTH = "episodes/004-fraga/episode.md"


def feeds(root: Path) -> list[str]:
    """Every feed in the tree, by name."""
    public = root / "public"
    endings = (".xml", ".json", ".opml", ".ics")
    return sorted(path.name for path in public.iterdir() if path.suffix in endings)


def guids(root: Path, name: str) -> list[str]:
    channel = etree.parse(root / "public" / name).getroot()[0]
    return [one.findtext("guid", "")[:4] for one in channel.iterfind("item")]


def crawl(root: Path, name: str = "feed.xml") -> list[str]:
    """Every episode that an app finds by turning the pages."""
    found: list[str] = []
    while name:
        data = (root / "public" / name).read_bytes()
        read = podcastparser.parse(f"https://podd.exempel.se/{name}", io.BytesIO(data))
        found += [episode["guid"] for episode in read["episodes"]]
        name = read.get("paged_feed_next", "").removeprefix("https://podd.exempel.se/")
    return found


def short(guids: list[str]) -> list[str]:
    return [guid[:4] for guid in guids]


@pytest.fixture
def paged(show: Path) -> Path:
    shows.edit(show, SHOW, "hosts", SMALL)
    build_show(str(show))
    return show


def test_a_show_has_the_feeds_that_it_has_use_for(built: Path) -> None:
    assert feeds(built) == ["coming.xml", "feed.json", "feed.xml"]
    assert guids(built, "feed.xml") == ["3333", "2222", "1111"]
    assert guids(built, "coming.xml") == ["4444"]


def test_a_large_feed_is_paged_and_an_app_that_turns_pages_finds_everything(paged: Path) -> None:
    pages = ["feed-1.xml", "feed-2.xml", "feed.xml"]
    assert [name for name in feeds(paged) if name.endswith(".xml")] == ["coming.xml", *pages]
    assert short(crawl(paged)) == ["3333", "2222", "1111"]
    assert short(crawl(paged, "feed-2.xml")) == ["2222", "1111"]


def test_the_json_feed_is_paged_in_the_same_places(paged: Path) -> None:
    at, found = "feed.json", []
    while at:
        document = json.loads((paged / "public" / at).read_bytes())
        assert document["feed_url"] == f"https://podd.exempel.se/{at}"
        found.append([one["id"][:4] for one in document["items"]])
        at = document.get("next_url", "").removeprefix("https://podd.exempel.se/")
    assert found == [guids(paged, name) for name in ("feed.xml", "feed-2.xml", "feed-1.xml")]


def test_a_new_episode_leaves_the_older_pages_as_they_are(paged: Path) -> None:
    text = shows.EPISODES["002-andra"].replace("2222", "5555").replace("2026-02", "2026-04")
    shows.write(paged, "episodes/005-ny/episode.md", text)
    shows.write(paged, "episodes/005-ny/samtal.mp3", shows.mp3(paged, 770))
    report, _ = build_show(str(paged))
    changed = [path for path in report.changed if path.startswith("feed")]
    # The second page learns where the third is, which stood first until now.
    assert changed == ["feed-2.xml", "feed-3.json", "feed-3.xml", "feed.json", "feed.xml"]
    assert short(crawl(paged)) == ["5555", "3333", "2222", "1111"]


def test_a_changed_old_episode_changes_its_own_page_alone(paged: Path) -> None:
    shows.edit(paged, "episodes/001-forsta/episode.md", "Ett första", "Ett tidigt")
    report, _ = build_show(str(paged))
    changed = [path for path in report.changed if path.startswith("feed")]
    assert changed == ["feed-1.json", "feed-1.xml"]
    assert [path for path in report.reasons if path.startswith("feed")] == changed


def test_a_feed_that_is_made_whole_again_leaves_no_page_behind(paged: Path, tmp_path: Path) -> None:
    shows.edit(paged, SHOW, "feed_page_kb = 4", "feed_page_kb = 0")
    report, _ = build_show(str(paged))
    assert report.removed == ("feed-1.json", "feed-1.xml", "feed-2.json", "feed-2.xml")
    assert feeds(paged) == ["coming.xml", "feed.json", "feed.xml"]
    fresh = shows.copy_inputs(paged, tmp_path / "fresh")
    build_show(str(fresh))
    assert_same_tree(paged / "public", fresh / "public")


def test_the_author_is_shown_that_the_feed_is_in_pages(paged: Path) -> None:
    def reported() -> list[tuple[str, dict[str, str], int]]:
        found = [one for one in check_show(str(paged)) if one.code == "FEED-001"]
        assert all(one.severity == "info" for one in found)
        return [(one.where.path, dict(one.values), one.where.line) for one in found]

    values = {"feed": "feed.xml", "count": "3", "size": "4"}
    assert reported() == [(SHOW, values, 11)]
    shows.edit(paged, SHOW, "feed_page_kb = 4", "feed_page_kb = 0")
    assert reported() == []
    build_show(str(paged))
    shows.edit(paged, SHOW, "feed_page_kb = 0", "feed_page_kb = 900")
    assert reported() == []


def test_a_feed_for_a_language_has_the_episodes_in_it(show: Path) -> None:
    shows.edit(show, SHOW, "hosts", ENGLISH)
    shows.edit(show, "episodes/002-andra/episode.md", "status:", "language: en-GB\nstatus:")
    build_show(str(show))
    assert guids(show, "feed-en.xml") == ["2222"]
    head: Any = podcastparser.parse("x", io.BytesIO((show / "public/feed-en.xml").read_bytes()))
    assert (head["title"], head["language"]) == ("Open channel", "en")
    whole, other = ((show / "public" / name).read_bytes() for name in ("feed.xml", "feed-en.xml"))
    start, end = other.index(b"    <item>"), other.index(b"  </channel>")
    assert other[start:end] in whole
    page = (show / "public/index.html").read_text(encoding="utf-8")
    link = (
        '<link rel="alternate" type="application/rss+xml" title="Open channel" href="feed-en.xml">'
    )
    assert link in page


def test_a_feed_for_a_language_is_paged_too(show: Path) -> None:
    shows.edit(show, SHOW, "hosts", ENGLISH.replace('"en"', '"sv"').replace("hosts", SMALL))
    build_show(str(show))
    assert short(crawl(show, "feed-sv.xml")) == ["3333", "2222", "1111"]
    assert "feed-sv-1.xml" in feeds(show)


def test_a_feed_for_a_format_plays_the_file_in_it(show: Path) -> None:
    CHANGES["a feed for a format"](show)
    build_show(str(show))
    data = (show / "public/feed-m4a.xml").read_bytes()
    (episode,) = podcastparser.parse("x", io.BytesIO(data))["episodes"]
    (enclosure,) = episode["enclosures"]
    name = enclosure["url"].removeprefix("https://podd.exempel.se/")
    assert name.endswith(".m4a")
    assert enclosure["file_size"] == (show / "public" / name).stat().st_size
    assert (episode["guid"][:4], enclosure["mime_type"]) == ("2222", "audio/x-m4a")
    assert b"alternateEnclosure" not in data


def test_a_format_that_is_no_longer_asked_for_leaves_nothing(show: Path, tmp_path: Path) -> None:
    CHANGES["a feed for a format"](show)
    build_show(str(show))
    shows.edit(show, SHOW, 'format = "m4a"', 'format = "opus"')
    build_show(str(show))
    assert guids(show, "feed-m4a.xml") == []
    fresh = shows.copy_inputs(show, tmp_path / "fresh")
    build_show(str(fresh))
    assert_same_tree(show / "public", fresh / "public")


def test_a_planned_day_is_in_the_calendar_until_the_episode_is_out(show: Path) -> None:
    shows.edit(show, FOURTH, "status: planned", "status: planned\nexpected: 2026-12-01")
    build_show(str(show))
    found: Any = icalendar.Calendar.from_ical((show / "public/calendar.ics").read_bytes())
    (event,) = found.walk("VEVENT")
    assert event["DTSTART"].dt == dt.date(2026, 12, 1)
    text = "status: published\npublished: 2026-12-01"
    shows.edit(show, FOURTH, "status: planned", text)
    shows.write(show, "episodes/004-fraga/samtal.mp3", shows.mp3(show, 770))
    report, _ = build_show(str(show))
    assert report.removed == ("calendar.ics", "coming.xml")
    assert guids(show, "feed.xml")[0] == "4444"


def test_an_episodes_page_stays_as_it_is_when_the_last_plan_is_fulfilled(built: Path) -> None:
    """A thousand pages would change for one link, if they had it."""
    shows.edit(built, FOURTH, "status: planned", "status: published\npublished: 2020-12-01")
    shows.write(built, "episodes/004-fraga/samtal.mp3", shows.mp3(built, 770))
    report, _ = build_show(str(built))
    assert "coming.xml" in report.removed
    assert "follow.html" in report.changed
    assert "episodes/tredje.html" not in report.changed


def test_a_network_is_listed(show: Path) -> None:
    shows.edit(show, SHOW, "hosts", NETWORK)
    build_show(str(show))
    root = etree.parse(show / "public/network.opml").getroot()
    assert [one.get("text") for one in root.iter("outline")] == ["Öppen kanal", "Lunch"]


def test_an_expected_day_that_is_no_day_is_reported(show: Path) -> None:
    shows.edit(show, FOURTH, "status: planned", "status: planned\nexpected: 2026-13-01")
    (found,) = [one for one in check_show(str(show)) if one.code == "MATTER-004"]
    assert (found.where.path, found.values["key"]) == (FOURTH, "expected")


def test_a_feed_cannot_be_called_what_a_page_is_called(show: Path) -> None:
    for name in ("1", "en-2"):
        shows.write(
            show, SHOW, shows.SETTINGS.replace("hosts", ENGLISH.replace('"en"', f'"{name}"', 1))
        )
        assert "MATTER-004" in [one.code for one in check_show(str(show))]


def test_a_thousand_episodes_begin_with_less_than_a_megabyte(tmp_path: Path) -> None:
    show = shows.write_many(tmp_path / "many", 1000)
    build_show(str(show))
    sizes = {path.name: path.stat().st_size for path in (show / "public").glob("feed*.xml")}
    assert len(sizes) > 1
    assert max(sizes.values()) == sizes["feed.xml"] <= 900_000
    found = crawl(show)
    assert len(found) == len(set(found)) == 1000
