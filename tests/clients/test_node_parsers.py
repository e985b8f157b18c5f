"""Three parsers of the JavaScript world read the sample show's feed, and agree with its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.node_parsers import NAMES, read_feed
from tests.support.paths import PROJECT
from tests.support.shows import copy_inputs

from avsnitt.workflow.build.build import build_show

ROOT = PROJECT
TITLES = [
    "Hur ber man om hjälp så att någon svarar?",
    "Vågar vi visa den dåliga siffran?",
    "Vem är det som svarar?",
]


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    show = copy_inputs(ROOT, tmp_path_factory.mktemp("sample") / "show")
    build_show(str(show))
    return show / "public/feed.xml"


def _feed(name: str, found: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = found["feed"] if name == "feedsmith" else found
    return whole


@pytest.mark.parametrize("name", NAMES)
def test_the_show_and_its_episodes_have_their_names(name: str, feed: Path) -> None:
    found = _feed(name, read_feed(name, feed))
    assert found["title"] == "Innan vi vet"
    assert [item["title"] for item in found["items"]] == TITLES


@pytest.mark.parametrize("name", NAMES)
def test_every_enclosure_has_its_address_its_length_and_its_type(name: str, feed: Path) -> None:
    for item in _feed(name, read_feed(name, feed))["items"]:
        enclosure = item["enclosures"][0] if name == "feedsmith" else item["enclosure"]
        sound = feed.parent / "media" / enclosure["url"].rpartition("/")[2]
        assert int(enclosure["length"]) == sound.stat().st_size
        assert enclosure["type"] == "audio/mpeg"


def test_partytime_hears_of_transcripts_chapters_and_people(feed: Path) -> None:
    newest = read_feed("partytime", feed)["items"][0]
    assert [one["type"] for one in newest["podcastTranscripts"]][:2] == [
        "text/vtt",
        "application/srt",  # its own name for SubRip
    ]
    assert newest["podcastChapters"]["type"] == "application/json+chapters"
    names = {person["name"] for person in newest["podcastPeople"]}
    assert {"Vera Lind", "Nils Berg"} <= names
    assert newest["license"]["identifier"] == "CC-BY-4.0"


def test_feedsmith_reads_podloves_chapters_too(feed: Path) -> None:
    newest = read_feed("feedsmith", feed)["feed"]["items"][0]
    assert newest["psc"]["chapters"][0]["title"] == "Välkommen"
    assert newest["podcast"]["season"]["number"] == 1
