"""The plan of an episode's tags, made without opening a file."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.audio.tag_plan import (
    TAGS,
    clean_line,
    clean_text,
    clean_url,
    cut_bytes,
    plan_chapters,
    plan_tags,
)
from avsnitt.model.show import (
    AudioFacts,
    Category,
    Chapter,
    Credit,
    Episode,
    License,
    Person,
    Picture,
    Show,
)
from avsnitt.vocabulary.iso639 import three_letters

LICENSE = License(id="CC-BY-4.0", name="CC BY 4.0", url="https://creativecommons.org/l/by/4.0/")
FACTS = AudioFacts(format="mp3", duration_ms=60_000, digest="d")


def host(name: str, role: str = "host") -> Credit:
    return Credit(person=Person(id=name.lower(), name=name), role=role)


def show(**changes: object) -> Show:
    values = {
        "title": "Öppen\nkanal",
        "address": "https://podd.exempel.se",
        "language": "sv",
        "description": "Om frågor.",
        "guid": "g",
        "author": "Exempelköpings kommun",
        "license": LICENSE,
        "categories": (Category(name="Government"),),
        "cover": Picture(path="site/cover.png"),
        "hosts": (host("Vera"), host("Åke", "co-host")),
    }
    return Show(**(values | changes))


def episode(**changes: object) -> Episode:
    values = {
        "slug": "fragan",
        "guid": "e-1",
        "title": "Frågan",
        "folder": "episodes/002-fragan",
        "language": "sv-SE",
        "license": LICENSE,
        "published": dt.datetime(2026, 1, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    }
    return Episode(**(values | changes))


def plan(**changes: object):
    return plan_tags(
        show(),
        episode(**changes),
        FACTS,
        feed_url="https://podd.exempel.se/feed.xml",
        page_url="https://podd.exempel.se/episodes/fråga 1.html",
        notes="Rad ett\r\nRad två\x00",
    )


def test_the_plan_has_the_values_of_the_show_and_the_episode():
    found = plan(number=2)
    assert found.show == "Öppen kanal"
    assert found.page_url == "https://podd.exempel.se/episodes/fr%C3%A5ga%201.html"
    assert found.notes == "Rad ett\nRad två"
    assert found.copyright == "2026 Exempelköpings kommun. CC BY 4.0"
    assert (found.language, found.language_code) == ("sv-SE", "swe")


def test_the_day_is_the_shows_and_the_moment_is_in_utc():
    assert (plan().day, plan().moment) == ("2026-01-01", "2025-12-31T23:30:00Z")
    assert (plan(published=None).day, plan(published=None).moment) == ("", "")


def test_hosts_are_named_once_and_guests_are_not_hosts():
    found = plan(
        credits=(
            host("Vera"),
            host("Vera", "co-host"),
            host("Gäst", "guest"),
            host("Ny", "Guest host"),
        )
    )
    assert found.hosts == "Vera, Ny"


def test_without_hosts_the_publisher_is_the_artist():
    found = plan_tags(show(hosts=()), episode(), FACTS, feed_url="", page_url="")
    assert found.hosts == "Exempelköpings kommun"


def test_chapters_end_where_the_next_begins_and_hidden_ones_are_left_out():
    chapters = (
        Chapter(start_ms=0, title="Ett"),
        Chapter(start_ms=500, title="Dolt", hidden=True),
        Chapter(start_ms=1000, title="Två\tdelar", end_ms=99_000, url="https://å.se/ö"),
        Chapter(start_ms=2000, title="Tre", end_ms=1500),
        Chapter(start_ms=60_000, title="För sent"),
    )
    found = plan_chapters(chapters, 60_000)
    assert [(c.title, c.start_ms, c.end_ms) for c in found] == [
        ("Ett", 0, 1000),
        ("Två delar", 1000, 2000),
        ("Tre", 2000, 60_000),
    ]
    assert found[1].url == "https://%C3%A5.se/%C3%B6"


def test_every_tag_has_a_name_and_no_name_has_two_tags():
    for homes in ("id3", "mp4", "vorbis"):
        names = [name for tag in TAGS for name in getattr(tag, homes)]
        assert len(names) == len(set(names))
    assert all(tag.id3 or tag.mp4 or tag.vorbis for tag in TAGS)


@pytest.mark.parametrize(
    ("language", "code"),
    [("sv", "swe"), ("sv-FI", "swe"), ("EN", "eng"), ("smj", "smj"), ("xx", "und"), ("", "und")],
)
def test_languages_get_three_letters(language, code):
    assert three_letters(language) == code


@given(st.text())
def test_clean_text_can_always_be_written(text):
    for clean in (clean_text, clean_line):
        done = clean(text)
        assert done.encode() is not None
        assert clean(done) == done
        assert "\x00" not in done
    assert "\n" not in clean_line(text)


@given(st.text())
def test_clean_urls_are_ascii_and_stay_as_they_are(text):
    done = clean_url(text)
    assert done.isascii()
    assert clean_url(done) == done


@given(st.text(st.characters(codec="utf-8")), st.integers(3, 200))
def test_cut_text_fits_and_is_whole(text, limit):
    done = cut_bytes(text, limit)
    assert len(done.encode()) <= limit
    assert done == text or done.endswith("…")


def test_a_no_break_space_stays():
    assert clean_line(" 10\u00a0000 \u2028 kr ") == "10\u00a0000 kr"
