"""Every feed of a show, read by feedsmith, which is made for readers in JavaScript."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support import shows
from tests.support.node_parsers import HERE, require_node

from avsnitt.workflow.build.build import build_show

READ = """
import * as feedsmith from "feedsmith";
import { readFileSync } from "node:fs";
const [name, path] = process.argv.slice(1);
console.log(JSON.stringify(feedsmith[name](readFileSync(path, "utf8"))));
"""
SETTINGS = """\
feed_page_kb = 4
network = [{ title = "Lunch & prat", feed_url = "https://lunch.se/feed.xml" }]
hosts"""


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require_node()
    root = shows.write_show(tmp_path_factory.mktemp("feedsmith") / "show")
    shows.edit(root, "site/show.toml", "hosts", SETTINGS)
    build_show(str(root))
    return root


def read(parser: str, path: Path) -> Any:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", READ, parser, str(path)],
        cwd=HERE,
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_reads_the_json_feed_page_by_page(show: Path) -> None:
    found, at = [], "feed.json"
    while at:
        feed = read("parseJsonFeed", show / "public" / at)
        assert (feed["title"], feed["language"]) == ("Öppen kanal", "sv")
        assert feed["icon"].startswith("https://podd.exempel.se/pictures/")
        found += feed["items"]
        at = feed.get("next_url", "").removeprefix("https://podd.exempel.se/")
    assert [one["title"] for one in found] == ["Vad mäter vi?", "Vem svarar?", "Vågar vi fråga?"]
    oldest = found[-1]
    assert [one["name"] for one in oldest["authors"]] == ["Vera Lind", "Åke Ö"]
    assert oldest["attachments"][0]["mime_type"] == "audio/mpeg"
    sound = show / "public/media/forsta.mp3"
    assert oldest["attachments"][0]["size_in_bytes"] == sound.stat().st_size
    assert oldest["date_published"] == "2026-01-05T07:00:00+01:00"


def test_it_reads_the_pages_of_the_rss(show: Path) -> None:
    feed = read("parseRssFeed", show / "public/feed.xml")
    links = {one["rel"]: one["href"].rpartition("/")[2] for one in feed["atom"]["links"]}
    assert links == {
        "self": "feed.xml",
        "first": "feed.xml",
        "next": "feed-2.xml",
        "last": "feed-1.xml",
    }


def test_it_reads_what_is_coming_and_the_network(show: Path) -> None:
    coming = read("parseRssFeed", show / "public/coming.xml")
    assert coming["podcast"]["medium"] == "blog"
    (notice,) = coming["items"]
    assert notice["guid"]["value"] == "44444444-4444-4444-8444-444444444444"
    opml = read("parseOpml", show / "public/network.opml")
    titles = [one["text"] for one in opml["body"]["outlines"]]
    assert titles == ["Öppen kanal", "Lunch & prat"]
