"""The show that has everything: each element of Podcasting 2.0, where it may stand, read back."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import feedparser
import podcastparser
import pytest
from lxml import etree
from tests.support import shows

from avsnitt.model.podcast20 import Alternate, Extras, Live
from avsnitt.workflow.build.build import build_show

HERE = Path(__file__).parent / "full"
NS = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ITEM = ("item", "liveItem")
BOTH = ("channel", *ITEM)
MANY = 99

ELEMENTS: dict[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = {
    "transcript": (ITEM, MANY, ("url", "type")),
    "locked": (("channel",), 1, ()),
    "funding": (BOTH, MANY, ("url",)),
    "chapters": (ITEM, 1, ("url", "type")),
    "soundbite": (ITEM, MANY, ("startTime", "duration")),
    "person": (BOTH, MANY, ()),
    "location": (BOTH, MANY, ("rel",)),
    "season": (ITEM, 1, ()),
    "episode": (ITEM, 1, ()),
    "trailer": (("channel",), MANY, ("url", "pubdate", "length", "type")),
    "license": (BOTH, 1, ("url",)),
    "alternateEnclosure": (ITEM, MANY, ("type",)),
    "source": (("alternateEnclosure",), MANY, ("uri",)),
    "integrity": (("alternateEnclosure",), 1, ("type", "value")),
    "guid": (("channel",), 1, ()),
    "value": (BOTH, MANY, ("type", "method")),
    "valueRecipient": (("value", "valueTimeSplit"), MANY, ("type", "address", "split")),
    "valueTimeSplit": (("value",), MANY, ("startTime", "duration")),
    "medium": (("channel",), 1, ()),
    "liveItem": (("channel",), MANY, ("status", "start")),
    "contentLink": (ITEM, MANY, ("href",)),
    "socialInteract": (BOTH, MANY, ("protocol",)),
    "block": (("channel",), MANY, ()),
    "txt": (BOTH, MANY, ()),
    "remoteItem": (("channel", "podroll", "valueTimeSplit", "publisher"), MANY, ("feedGuid",)),
    "podroll": (("channel",), 1, ()),
    "updateFrequency": (("channel",), 1, ()),
    "podping": (("channel",), 1, ("usesPodping",)),
    "publisher": (("channel",), 1, ()),
    "chat": (BOTH, 1, ("server", "protocol")),
    "image": (BOTH, MANY, ("href", "alt")),
}
"""Every live element (podcast-namespace, docs/1.0.md and docs/tags): where, how many, and what it
must have."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    show = shows.copy_inputs(HERE / "in", tmp_path_factory.mktemp("full") / "show")
    build_show(str(show))
    return show / "public"


@pytest.fixture(scope="module")
def channel(built: Path) -> Any:
    return etree.fromstring((built / "feed.xml").read_bytes())[0]


def name_of(element: Any) -> str:
    return str(etree.QName(element).localname)


@pytest.mark.parametrize("name", ELEMENTS)
def test_the_feed_has_the_element_where_it_may_stand_with_what_it_must_have(
    name: str, channel: Any
) -> None:
    parents, most, attributes = ELEMENTS[name]
    found = channel.findall(f".//{NS}{name}")
    assert found, name
    assert {name_of(one.getparent()) for one in found} <= set(parents)
    assert max(Counter(one.getparent() for one in found).values()) <= most
    for one in found:
        assert [key for key in attributes if not one.get(key)] == []


def test_the_feed_has_no_element_that_the_namespace_has_not(channel: Any) -> None:
    used = {name_of(one) for one in channel.iter(f"{NS}*")}
    assert used == set(ELEMENTS)


def test_no_attribute_is_empty_and_no_address_is_relative(channel: Any) -> None:
    for element in channel.iter(f"{NS}*"):
        for key, value in element.attrib.items():
            assert value, (element.tag, key)
            if key in ("url", "href", "img", "uri", "feedUrl", "accountUrl"):
                assert re.match(r"[a-z]+:", value), (element.tag, key, value)


def test_the_items_that_follow_come_after_everything_about_the_show(channel: Any) -> None:
    names = [name_of(one) for one in channel]
    first = names.index("liveItem")
    assert set(names[first:]) == {"liveItem", "item"}
    assert names[first:].index("item") == 1


def test_a_live_item_has_its_page_its_people_and_nothing_that_is_not_out_yet(channel: Any) -> None:
    live = channel.find(f"{NS}liveItem")
    assert dict(live.attrib) == {
        "status": "pending",
        "start": "2026-02-02T18:00:00+01:00",
        "end": "2026-02-02T19:00:00+01:00",
    }
    assert live.findtext("guid") == "33333333-3333-4333-8333-333333333333"
    assert live.findtext("link") == "https://podd.exempel.se/episodes/direkt.html"
    assert live.find("enclosure").get("url") == "https://sand.exempel.se/kanal.mp3"
    assert [one.text for one in live.findall(f"{NS}person")] == ["Vera Lind", "Åke Ö"]
    assert live.findall(f"{NS}contentLink")[0].text == "Se på video"
    for name in ("pubDate", f"{ITUNES}duration", f"{NS}chapters", f"{NS}transcript"):
        assert live.find(name) is None
    assert live.find(f"{ITUNES}image") is None  # AntennaPod would take it for the show's
    assert b"Hemligt" not in etree.tostring(channel)


def test_the_trailer_and_the_bonus_say_what_they_are(channel: Any) -> None:
    kinds = [one.findtext(f"{ITUNES}episodeType") for one in channel.iter("item")]
    assert kinds == ["bonus", "full", "trailer"]
    trailer = channel.find(f"{NS}trailer")
    assert (trailer.text, trailer.get("season")) == ("Snart börjar vi", "1")
    assert trailer.get("pubdate") == "Thu, 01 Jan 2026 07:00:00 +0100"
    bonus = next(one for one in channel.iter("item") if one.findtext("guid")[:4] == "2222")
    assert bonus.findtext(f"{ITUNES}block") == "Yes"
    assert bonus.find(f"{ITUNES}episode") is None  # it is not number 2, but more of the season


def test_the_published_forms_come_in_the_order_they_were_written(channel: Any) -> None:
    item = next(one for one in channel.iter("item") if one.findtext("guid")[:4] == "1111")
    others = item.findall(f"{NS}alternateEnclosure")
    types = [one.get("type") for one in others]
    assert types == [
        *("audio/ogg", "application/x-mpegURL", "audio/mpeg", "application/pdf", "video/mp4"),
    ]
    assert [one.get("default") for one in others] == [None, None, "true", None, None]
    enclosure = item.find("enclosure")
    assert others[2].find(f"{NS}source").get("uri") == enclosure.get("url")
    assert others[2].get("length") == enclosure.get("length")
    assert others[1].get("length") == "0"


def test_another_form_of_the_sound_carries_our_tags_and_nobody_elses(built: Path) -> None:
    data = next((built / "media").glob("allt--*.opus")).read_bytes()
    source = (HERE / "in/episodes/001-allt/Samtal liten.opus").read_bytes()
    assert b"PRIVATE" in source
    assert b"PRIVATE" not in data
    assert "TITLE=Vågar vi fråga?".encode() in data


def test_feedparser_finds_what_it_knows(built: Path) -> None:
    read = feedparser.parse((built / "feed.xml").read_bytes())
    assert not read.bozo
    assert read.feed.podcast_guid == "2c1ad06e-3a1c-5f0f-8f2f-0a9a3c6f4f4e"
    assert read.feed.podcast_medium == "podcast"
    assert read.feed.podcast_locked == {"owner": "podd@exempel.se"}
    assert read.feed.podcast_updatefrequency["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    everything = next(one for one in read.entries if one.id[:4] == "1111")
    assert everything.podcast_episode == {"display": "1A & B"}
    assert everything.podcast_location == {"rel": "subject", "country": "SE"}
    assert everything.podcast_chat["space"] == "#avsnitt:exempel.se"
    assert everything.podcast_valuetimesplit["remotepercentage"] == "90"
    assert everything.itunes_episode == "1"


def test_podcastparser_reads_the_episodes_and_their_chapters(built: Path) -> None:
    document = io.BytesIO((built / "feed.xml").read_bytes())
    read = podcastparser.parse("https://podd.exempel.se/feed.xml", document)
    assert sorted(one["guid"][:4] for one in read["episodes"]) == ["0000", "1111", "2222"]
    assert read["link"] == "https://podd.exempel.se/"
    everything = read["episodes"][1]
    assert [one["title"] for one in everything["chapters"]] == ["Välkommen", "Frågan", "Slut"]
    assert everything["enclosures"][0]["mime_type"] == "audio/mpeg"


def test_every_value_of_an_episode_is_used_somewhere() -> None:
    """A new field without a key in the full show would go unseen."""
    text = (HERE / "in/episodes/001-allt/episode.md").read_text("utf-8")
    text += (HERE / "in/episodes/003-direkt/episode.md").read_text("utf-8")
    names = {"length_bytes": "length", "bitrate_bps": "bitrate", "stream_type": "stream"}
    for shape in (Alternate, Extras, Live):
        for field in shape.__struct_fields__:
            assert f"{names.get(field, field)}:" in text, field
