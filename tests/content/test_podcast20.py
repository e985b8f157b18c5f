"""What an author writes of Podcasting 2.0 becomes the values that are published."""

from __future__ import annotations

import tomllib

import msgspec
import pytest
from tests.support.paths import GOLDEN

from avsnitt.content.episode import EpisodeFolder, ParsedEpisode, parse_episode
from avsnitt.content.settings import STAND_IN, parse_show_settings
from avsnitt.content.show import assemble_show
from avsnitt.model.podcast20 import (
    Alternate,
    Chat,
    ContentLink,
    Live,
    Location,
    RemoteItem,
    Soundbite,
)
from avsnitt.model.show import Episode, Show

FULL = GOLDEN / "full/in"
SETTINGS = msgspec.structs.replace(STAND_IN, language="sv")


def parse(*lines: str, files: tuple[str, ...] = (), name: str = "001-fragan") -> ParsedEpisode:
    text = "---\nguid: g\ntitle: Fråga\n" + "".join(f"{line}\n" for line in lines) + "---\n"
    folder = EpisodeFolder(f"episodes/{name}", tuple(sorted(("episode.md", *files))))
    return parse_episode(folder, SETTINGS, lambda _: text)


def episode(*lines: str, files: tuple[str, ...] = (), name: str = "001-fragan") -> Episode:
    parsed = parse(*lines, files=files, name=name)
    assert parsed.episode, parsed.problems
    return parsed.episode


def full_show() -> Show:
    settings, problems = parse_show_settings((FULL / "site/show.toml").read_text("utf-8"))
    assert settings, problems
    return assemble_show(settings, (), (), ())[0]


def test_soundbites_are_in_milliseconds() -> None:
    found = episode('soundbites: [{start: "1:02.5", duration: 20, title: Hej}]')
    assert found.soundbites == (Soundbite(start_ms=62_500, duration_ms=20_000, title="Hej"),)


def test_a_live_moment_keeps_its_offset_where_episodes_are_kept() -> None:
    found = episode("live: {start: 2026-07-01 18:00, end: 2026-07-01 19:00, status: live}")
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Episode)
    assert kept.live == Live(
        start="2026-07-01T18:00:00+02:00", end="2026-07-01T19:00:00+02:00", status="live"
    )


def test_a_link_of_a_stream_is_an_address_and_words() -> None:
    found = episode("live: {start: 2026-07-01, links: [{url: 'https://x.se', text: Se}]}")
    assert found.live
    assert found.live.links == (ContentLink(href="https://x.se", text="Se"),)


def test_the_kind_of_another_form_is_reported_by_its_ending() -> None:
    found = episode(
        "alternates:",
        "- {file: a.opus}",
        "- {sources: [{uri: 'https://x.se/1.m3u8?x=1'}]}",
        "- {default: true}",
        files=("a.opus",),
    )
    assert found.alternates == (
        Alternate(file="episodes/001-fragan/a.opus", type="audio/ogg"),
        Alternate(sources=(("https://x.se/1.m3u8?x=1", ""),), type="application/x-mpegURL"),
        Alternate(default=True),
    )


def test_another_form_is_not_taken_for_the_recording() -> None:
    found = episode("alternates: [{file: b.opus}]", files=("a.mp3", "b.opus"))
    assert found.sound == "episodes/001-fragan/a.mp3"


@pytest.mark.parametrize(("kind", "number"), [("full", 7), ("bonus", None), ("trailer", None)])
def test_only_a_full_episode_has_the_number_of_its_folder(kind: str, number: int | None) -> None:
    """With a number, Apple would show a bonus as part of that episode."""
    assert episode(f"type: {kind}", name="007-mer").number == number
    assert episode(f"type: {kind}", "number: 3", name="007-mer").number == 3


def test_a_place_a_room_and_pictures_are_as_they_were_written() -> None:
    extras = full_show().extras
    assert extras.locations == (
        Location(
            name="Exempelköping",
            rel="creator",
            geo="geo:59.275,15.213",
            osm="R935611",
            country="SE",
        ),
    )
    assert extras.chat == Chat(
        server="irc.exempel.se", protocol="irc", account_id="podd", space="#kanalen"
    )
    assert [image.file for image in extras.images] == ["site/banner.png"]
    assert [one.purpose for one in extras.txt] == ["verify", "ai-content"]


def test_a_shows_own_elements_are_as_they_were_written() -> None:
    show = full_show()
    assert show.publisher == RemoteItem(
        feed_guid="003af0a0-6a45-55cf-b765-68e3d349551a",
        feed_url="https://exempel.se/alla.xml",
        medium="publisher",
        title="Exempelköpings kommun",
    )
    assert show.season_names == ((1, "Början"), (2, 'Slutet & "sedan"'))
    assert (show.medium, show.podping) == ("podcast", True)
    assert show.update_frequency
    assert show.update_frequency.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    assert (show.feeds[0].name, show.network[0].title) == ("opus", "Fullmäktige")
    assert show.feed_page_kb == 900


def test_the_full_show_uses_every_key_of_the_settings_that_is_about_elements() -> None:
    written = tomllib.loads((FULL / "site/show.toml").read_text("utf-8"))
    ordinary = {"license_url", "cover", "timezone", "explicit", "contact", "demonstration"}
    ordinary |= {"locked", "complete", "feed_page_kb", "making"}
    assert set(STAND_IN.__struct_fields__) - set(written) == ordinary
