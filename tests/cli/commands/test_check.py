"""`check FEED`, and what `check` says to programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checks.feed.fine_feed import FEED, FIRST, HEAD, TAIL
from tests.cli.conftest import Avsnitt
from tests.support import shows
from tests.support.odd_server import OddServer, Page

from avsnitt.cli.output.problems import render_problems
from avsnitt.cli.output.sarif_github import problems_as_sarif, problems_for_github
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import read_strings

WORDS = read_strings("en", "cli", *PROBLEM_DOMAINS)
BAD = FEED.replace("<podcast:locked>yes", "<podcast:locked>maybe").replace(">754<", ">12:34<")


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A feed with an error and two notes, outside any show."""
    monkeypatch.setenv("AVSNITT_LANG", "en")
    return shows.write(tmp_path, "others/feed.xml", BAD)


def test_anybodys_feed_is_checked_where_there_is_no_show(avsnitt: Avsnitt, feed: Path) -> None:
    result = avsnitt("check", str(feed))
    assert result.code == 1
    line = BAD.split("\n").index("    <podcast:locked>maybe</podcast:locked>") + 1
    assert f"{feed}:{line}\n" in result.err
    assert "[CH-017]" in result.err
    assert result.out == ""


def test_a_fine_feed_ends_well(avsnitt: Avsnitt, feed: Path, tmp_path: Path) -> None:
    shows.write(tmp_path, "feed.xml", FEED)
    result = avsnitt("check", "feed.xml")
    assert result == (0, "", "Checked everything and found nothing to mend.\n")


def test_notes_are_counted_and_shown_when_asked_for(avsnitt: Avsnitt, feed: Path) -> None:
    short = avsnitt("check", str(feed)).err
    assert "IT-016" not in short
    assert short.endswith("1 error\n2 notes are shown with --all.\n")
    assert "[IT-016]" in avsnitt("check", "--all", str(feed)).err


@pytest.mark.parametrize("name", ["nothing.xml", ".", "x\0y"])
def test_what_cannot_be_read_is_reported_and_ends_as_the_disks_doing(
    avsnitt: Avsnitt, feed: Path, name: str
) -> None:
    result = avsnitt("check", name)
    assert result.code == 3
    assert "cannot be read" in result.err
    assert "Traceback" not in result.err


def test_a_recording_is_asked_to_be_no_feed(avsnitt: Avsnitt, feed: Path, tmp_path: Path) -> None:
    shows.write(tmp_path, "sound.mp3", b"ID3\4\0\0" + bytes(range(256)) * 400)
    result = avsnitt("check", "sound.mp3")
    assert result.code == 1
    assert "[XML-001]" in result.err


def test_a_feed_that_is_too_large_is_reported(avsnitt: Avsnitt, feed: Path, tmp_path: Path) -> None:
    shows.write(tmp_path, "large.xml", b" " * 26_000_000)
    result = avsnitt("check", "large.xml")
    assert (result.code, "[XML-011]" in result.err) == (1, True)


def test_pages_beside_a_feed_are_followed(avsnitt: Avsnitt, feed: Path, tmp_path: Path) -> None:
    def page(own: str, following: str) -> str:
        link = f'<atom:link rel="next" href="https://podd.exempel.se/{following}"/>'
        return FEED.replace("/feed.xml", f"/{own}").replace("<language>", f"{link}<language>")

    shows.write(tmp_path, "feed.xml", page("feed.xml", "feed-2.xml"))
    assert avsnitt("check", "feed.xml").code == 0
    shows.write(tmp_path, "feed-2.xml", page("feed-2.xml", "feed.xml"))
    result = avsnitt("check", "feed.xml")
    assert "[NET-007]" in result.err
    assert "the links go round" in result.err


def test_of_one_kind_no_more_than_a_thousand_are_reported(
    avsnitt: Avsnitt, feed: Path, tmp_path: Path
) -> None:
    shows.write(tmp_path, "many.xml", f"{HEAD}{FIRST * 1500}{TAIL}")
    result = avsnitt("check", "many.xml")
    assert "… and 997 more" in result.err
    assert result.err.endswith("Of each kind only the first 1000 were counted.\n")


def test_every_rule_is_explained_with_who_asks_and_where(avsnitt: Avsnitt, feed: Path) -> None:
    for code, facts in RULEBOOK.items():
        result = avsnitt("check", "--explain", code)
        assert result.code == 0
        assert f"Source: {facts.source}" in result.out
        assert re.search(r"^Who asks for it: \S", result.out, re.MULTILINE)
        assert not re.search(r"[{]\w+[}]", result.out), code


# For programs


def test_json_is_asked_for_in_two_ways(avsnitt: Avsnitt, feed: Path) -> None:
    short = avsnitt("check", "--json", str(feed))
    assert short == avsnitt("check", "--format", "json", str(feed))
    rows = json.loads(short.out)
    assert [row["code"] for row in rows] == ["CH-017", "IT-016", "IT-016"]
    assert rows[0]["asked_by"] == ["psp", "namespace"]
    assert rows[0]["source"].startswith("podcast-namespace")


def test_sarif_has_a_rule_for_each_code_and_a_place_for_each_result(
    avsnitt: Avsnitt, feed: Path
) -> None:
    result = avsnitt("check", "--format", "sarif", "others/feed.xml")
    log = json.loads(result.out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CH-017", "IT-016"]
    for rule in rules:
        assert rule["help"]["text"]
        assert rule["shortDescription"]["text"]
    results = run["results"]
    assert [one["level"] for one in results] == ["error", "note", "note"]
    for one in results:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        (place,) = one["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "others/feed.xml"}
        assert place["physicalLocation"]["region"]["startLine"] > 1
        assert one["message"]["text"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("episodes/1 å/episode.md", "episodes/1%20%C3%A5/episode.md"),
        ("/home/a:b.xml", "file:///home/a%3Ab.xml"),
        ("https://podd.exempel.se/feed.xml?a=b c", "https://podd.exempel.se/feed.xml?a=b%20c"),
    ],
)
def test_a_place_in_sarif_is_an_address(path: str, uri: str) -> None:
    found = Problem(code="CH-001", severity="error", where=Where(path))
    (result,) = json.loads(problems_as_sarif([found], WORDS, "1"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": uri}}


def test_an_annotation_stands_on_its_line(avsnitt: Avsnitt, feed: Path) -> None:
    result = avsnitt("check", "--format", "github", "others/feed.xml")
    first, *others = result.out.splitlines()
    assert first.startswith("::error file=others/feed.xml,line=")
    assert ",title=CH-017%3A 1 show does not say whether it is locked::The value is" in first
    assert [one.partition(" ")[0] for one in others] == ["::notice", "::notice"]


def test_no_title_can_forge_an_annotation() -> None:
    title = "a::error file=x::\n::error::b\r%0A\u202e"
    where = Where("a,b:c%.md", 3, 4)
    found = Problem(code="IT-002", severity="warning", where=where, values={"title": title})
    line = problems_for_github([found], WORDS)
    assert line.count("\n") == 1
    assert line.startswith("::warning file=a%2Cb%3Ac%25.md,line=3,col=4,title=")
    assert "%250A" in line
    assert "\u202e" not in line


def test_a_code_with_two_weights_is_reported_in_two_groups() -> None:
    found = [
        Problem(code="IT-016", severity=severity, where=Where("a", line))
        for line, severity in ((1, "info"), (2, "error"), (3, "info"))
    ]
    heads = [line for line in render_problems(found, WORDS).splitlines() if line.endswith("]")]
    assert [head.partition(":")[0] for head in heads] == ["Error", "Note"]


# On the net


@pytest.fixture
def server(feed: Path) -> Iterator[OddServer]:
    """A server on the loopback, which the user names, that has a fine feed."""
    with OddServer() as server:
        text = FEED.replace("https://podd.exempel.se/feed.xml", f"{server.address}/feed.xml")
        server.pages["/feed.xml"] = Page(text.encode(), "application/rss+xml")
        yield server


def test_a_feed_is_fetched_from_its_address(avsnitt: Avsnitt, server: OddServer) -> None:
    address = f"{server.address}/feed.xml"
    assert avsnitt("check", address).code == 0
    server.pages["/feed.xml"].body = BAD.encode()
    result = avsnitt("check", address)
    assert result.code == 1
    assert f"  {address}:" in result.err
    assert "[CH-017]" in result.err


@pytest.mark.parametrize(("path", "result"), [("/nothing.xml", "404"), (":1", "not")])
def test_an_address_without_a_feed_is_the_networks_doing(
    path: str, result: str, avsnitt: Avsnitt, server: OddServer
) -> None:
    base = server.address if path.startswith("/") else "http://127.0.0.1"
    printed = avsnitt("check", f"{base}{path}")
    assert printed.code == 3
    assert result in printed.err


def test_a_feed_of_more_than_is_read_is_asked_to_be_too_large(
    avsnitt: Avsnitt, server: OddServer
) -> None:
    server.pages["/feed.xml"].body = FEED.encode() + b" " * 25_000_000
    assert "[XML-011]" in avsnitt("check", f"{server.address}/feed.xml").err


def test_servers_are_asked_when_one_wants_to_know(
    avsnitt: Avsnitt, server: OddServer, tmp_path: Path
) -> None:
    address = f"{server.address}/feed.xml"
    assert "[NET-001]" not in avsnitt("check", address).err
    result = avsnitt("check", "--online", address).err
    assert "[NET-001]" in result  # without https
    shows.write(tmp_path, "kept.xml", server.pages["/feed.xml"].body)
    assert "[NET-001]" not in avsnitt("check", "kept.xml").err


def test_a_show_is_asked_about_where_it_is_published(
    avsnitt: Avsnitt, server: OddServer, show: Path
) -> None:
    shows.edit(show, "site/show.toml", "https://podd.exempel.se", server.address)
    server.pages.clear()
    result = avsnitt("check", "--online", at=show)
    assert result.code == 1
    assert "[EPISODE-004]" in result.err
    assert "[NET-001]" in result.err
    assert f"{server.address}/feed.xml" in result.err
    avsnitt("build", at=show)
    feed = (show / "public/feed.xml").read_bytes()
    server.pages["/feed.xml"] = Page(feed, "application/rss+xml")
    found = json.loads(avsnitt("check", "--online", "--json", at=show).out)
    places = {(one["code"], one["path"]) for one in found}
    assert ("NET-001", "site/show.toml") in places
    assert ("MED-011", "episodes/002-andra/episode.md") in places
