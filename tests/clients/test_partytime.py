"""One that knows Podcasting 2.0: podcast-partytime, from npm, reads the show that has everything.

What it does not know, or reads wrongly, is not asked: a place's country, pictures, podpings, how
often episodes come, a text of `true`, and a soundbite that starts at 0.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support import shows
from tests.support.node_parsers import read_feed, require_node

from avsnitt.workflow.build.build import build_show

HERE = Path(__file__).parent
FULL = HERE.parent / "golden/full/in"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Any:
    require_node()
    show = shows.copy_inputs(FULL, tmp_path_factory.mktemp("full") / "show")
    build_show(str(show))
    return read_feed("partytime", show / "public/feed.xml")


@pytest.fixture(scope="module")
def everything(read: Any) -> Any:
    return next(one for one in read["items"] if one["guid"].startswith("1111"))


def test_it_sees_every_element_that_it_knows(read: Any) -> None:
    seen = {name for names in read["pc20support"].values() for name in names}
    assert seen == {
        *("locked", "funding", "transcript", "chapters", "soundbite", "person", "location"),
        *("season", "episode", "trailer", "license", "guid", "alternateEnclosure", "value"),
        *("medium", "liveItem", "block", "socialInteract", "txt", "remoteItem", "podroll"),
        *("chat", "publisher"),
    }


def test_it_reads_the_show_as_it_was_written(read: Any) -> None:
    assert read["title"] == "Hela registret"
    assert (read["locked"], read["podcastOwner"]) == (True, "podd@exempel.se")
    assert read["podcastBlockedPlatforms"] == {"amazon": True, "podcastindex": False}
    assert read["podcastLocation"]["geo"] == "geo:59.275,15.213"
    assert read["trailers"][0]["title"] == "Snart börjar vi"
    assert read["podcastPublisher"]["feedUrl"] == "https://exempel.se/alla.xml"
    assert [one["title"] for one in read["podroll"]] == ["Podnews"]
    assert [one["itemGuid"] for one in read["podcastRemoteItems"]] == ["vinjett-1"]
    assert read["value"]["recipients"][0]["address"] == "podd@exempel.se"
    assert read["podcastSeasons"] == {"1": {"number": 1, "name": "Början"}}


def test_it_reads_what_is_sent_live(read: Any) -> None:
    (live,) = read["podcastLiveItems"]
    assert (live["status"], live["start"]) == ("pending", "2026-02-02T17:00:00.000Z")
    assert live["enclosure"]["url"] == "https://sand.exempel.se/kanal.mp3"
    assert [one["name"] for one in live["podcastPeople"]] == ["Vera Lind", "Åke Ö"]
    assert live["contentLinks"] == [
        {"title": "Se på video", "url": "https://video.exempel.se/direkt"}
    ]
    assert live["chat"]["space"] == "#direkt"


def test_it_reads_the_other_forms_in_their_order(everything: Any) -> None:
    forms = everything["alternativeEnclosures"]
    assert [one["type"] for one in forms] == [
        *("audio/ogg", "application/x-mpegURL", "audio/mpeg", "application/pdf", "video/mp4"),
    ]
    assert [one["default"] for one in forms] == [False, False, True, False, False]
    assert forms[2]["source"][0]["uri"] == everything["enclosure"]["url"]
    assert forms[0]["integrity"]["type"] == "sri"
    assert (forms[1]["length"], forms[1]["height"]) == (0, 720)


def test_it_reads_an_episode_as_it_was_written(everything: Any) -> None:
    assert everything["podcastEpisode"] == {"number": 1, "display": "1A & B"}
    assert everything["podcastSoundbites"][0] == {
        "startTime": 0.25,
        "duration": 1.5,
        "title": "Frågan & svaret",
    }
    assert [one["type"] for one in everything["value"]["valueTimeSplits"]] == [
        "recipients",
        "remoteItem",
    ]
    assert everything["value"]["valueTimeSplits"][1]["remotePercentage"] == 90
    assert everything["podcastSocialInteraction"][0]["url"] == "https://social.exempel.se/@podd/1"
    assert everything["podcastTxt"][0]["value"] == "Rösterna är <syntetiska> & snälla"
