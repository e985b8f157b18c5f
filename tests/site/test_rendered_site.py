"""The whole site as files: what every page must hold to, read without a browser."""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from tests.support import site_values

from avsnitt.system.locales import read_strings

VOID = {"meta", "link", "img", "br", "hr", "input", "source", "track", "col", "wbr", "embed"}


class Reader(HTMLParser):
    """Ids, headings, links and whether every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.links: list[tuple[str, str]] = []
        self.tags: Counter[str] = Counter()
        self.open: list[str] = []
        self.json_ld = ""
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        if len(given) != len(attrs):
            self.problems.append(f"doubled attribute in {tag}")
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        self.links += [(tag, given[name] or "") for name in ("href", "src") if name in given]
        if any(name.startswith("on") or name == "style" for name in given):
            self.problems.append(f"inline script or style in {tag}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing, line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.json_ld += data


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader


@pytest.fixture(params=["swedish_site", "english_site"])
def site(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_well_formed_with_unique_ids_and_one_top_heading(site: Path) -> None:
    for path in pages(site):
        page = read(path)
        assert not page.problems, path.name
        assert not page.open, path.name
        assert [i for i, n in Counter(page.ids).items() if n > 1] == [], path.name
        assert page.headings[0] == 1, path.name
        assert page.headings.count(1) == 1, path.name
        steps = pairwise(page.headings)
        assert all(after <= before + 1 for before, after in steps), (path.name, page.headings)
        assert page.tags["main"] == page.tags["title"] == 1, path.name


def test_every_link_inside_the_site_leads_to_a_file_and_a_place(site: Path) -> None:
    known = {path: set(read(path).ids) for path in pages(site)}
    for path in known:
        for tag, link in read(path).links:
            parts = urlsplit(link)
            if (tag, link) == ("link", "data:,"):
                continue  # a transcript's page has no icon, and asks nobody for one
            if parts.scheme or parts.netloc:
                assert tag in ("a", "link"), f"{path.name} loads {link}"
                assert parts.scheme in ("https", "mailto"), (path.name, link)
                continue
            inside = posixpath.join(path.parent.as_posix(), unquote(parts.path))
            target = Path(posixpath.normpath(inside)) if parts.path else path
            assert target.is_file(), f"{path.name} links to {link}"
            if parts.fragment and target in known:
                assert unquote(parts.fragment) in known[target], f"{path.name} links to {link}"


def test_two_renderings_are_the_same_bytes(swedish_site: Path, tmp_path: Path) -> None:
    for name in site_values.write_site(site_values.swedish_show(), tmp_path):
        assert (tmp_path / name).read_bytes() == (swedish_site / name).read_bytes(), name


def test_markup_in_any_field_stays_text(swedish_site: Path) -> None:
    for name in ("episodes/fientligt.html", "index.html", "people/fara.html", "archive.html"):
        text = (swedish_site / name).read_text("utf-8")
        assert "<script>document" not in text, name
        assert "javascript:" not in text, name
        assert "{{ 7*7 }}" in text, name


def test_json_ld_says_what_the_page_says(swedish_site: Path) -> None:
    page = read(swedish_site / "episodes/fragan-fore-svaret.html")
    facts = json.loads(page.json_ld)
    assert facts["@type"] == "PodcastEpisode"
    assert facts["name"] == "Vågar vi visa frågan före svaret?"
    assert facts["timeRequired"] == "PT1M"
    assert facts["datePublished"] == "2026-10-05T07:00:00+02:00"
    assert facts["url"] == "https://podd.exempel.se/episodes/fragan-fore-svaret.html"
    assert facts["partOfSeries"]["webFeed"] == "https://podd.exempel.se/feed.xml"
    hostile = read(swedish_site / "episodes/fientligt.html")
    assert json.loads(hostile.json_ld)["name"].startswith("<script>")


def test_the_start_page_shows_the_newest_and_the_archive_shows_all(swedish_site: Path) -> None:
    start = read(swedish_site / "index.html")
    archive = read(swedish_site / "archive.html")
    shown = {link for _, link in start.links if link.startswith("episodes/")}
    listed = [link for _, link in archive.links if link.startswith("episodes/")]
    assert len([link for link in shown if "#" not in link]) == 20 + 2
    assert len(listed) == len(set(listed)) == 33
    assert "Alla 31 avsnitt" in (swedish_site / "index.html").read_text("utf-8")


def test_a_planned_episode_shows_its_question_and_no_player(swedish_site: Path) -> None:
    text = (swedish_site / "episodes/plan.html").read_text("utf-8")
    assert "Vem ska svara när kommunen har stängt" in text
    assert "Det vi inte vet än" in text
    assert "Du hinner vara med" in text
    assert "<audio" not in text
    assert "ld+json" not in text


def test_a_recorded_episode_says_that_its_sound_is_coming(swedish_site: Path) -> None:
    text = (swedish_site / "episodes/inspelat.html").read_text("utf-8")
    assert "Ljudet kommer snart" in text


def test_an_episode_in_another_language_says_so_and_the_frame_does_not(swedish_site: Path) -> None:
    text = (swedish_site / "episodes/in-english.html").read_text("utf-8")
    assert '<html lang="sv">' in text
    assert '<h1 lang="en">' in text
    start = (swedish_site / "index.html").read_text("utf-8")
    assert '<h3 lang="en"><a href="episodes/in-english.html">' in start


def test_without_an_address_no_page_has_an_absolute_address_of_its_own(english_site: Path) -> None:
    text = (english_site / "episodes/fragan-fore-svaret.html").read_text("utf-8")
    assert "canonical" not in text
    assert "og:url" not in text
    assert "bsky.app" not in text
    follow = (english_site / "follow.html").read_text("utf-8")
    assert "no address on the web yet" in follow


def test_a_published_episode_without_text_says_that_the_text_is_missing(
    english_site: Path,
) -> None:
    text = (english_site / "episodes/fragan-fore-svaret.html").read_text("utf-8")
    assert "There is no transcript yet" in text
    assert 'href="../media/sound.wav#t=12.5"' in text


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    swedish, english = (read_strings(language, "site")._table for language in ("sv", "en"))
    assert list(swedish) == list(english)
    for key, entry in swedish.items():
        assert type(entry) is type(english[key]), key
        if isinstance(entry, str):
            assert entry.count("{") == str(english[key]).count("{"), key
