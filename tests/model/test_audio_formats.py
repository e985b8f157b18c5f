"""What is published as it came, and what is made."""

from __future__ import annotations

import pytest

from avsnitt.model.audio import AudioSettings, Track
from avsnitt.model.audio_formats import enclosure_ending, enclosure_format, is_made
from avsnitt.model.show import AudioFacts, AudioFormat, Episode, License


def episode(**making: object) -> Episode:
    return Episode(
        slug="a",
        guid="a",
        title="A",
        folder="episodes/001-a",
        language="sv",
        license=License(id="CC0-1.0", name="CC0"),
        making=AudioSettings(**making),  # type: ignore[arg-type]
    )


def facts(format_: AudioFormat, *, video: bool = False) -> AudioFacts:
    return AudioFacts(format=format_, duration_ms=1000, digest="x", video=video)


@pytest.mark.parametrize("format_", ["mp3", "m4a", "opus", "ogg"])
def test_a_finished_format_is_published_as_it_came(format_: AudioFormat) -> None:
    assert not is_made(episode(), facts(format_))
    assert enclosure_format(episode(), facts(format_)) == format_


@pytest.mark.parametrize("format_", ["wav", "aiff", "flac", "other"])
def test_every_other_recording_is_made(format_: AudioFormat) -> None:
    assert is_made(episode(), facts(format_))
    assert enclosure_format(episode(), facts(format_)) == "mp3"


def test_a_film_gives_sound_unless_it_is_finished() -> None:
    film = facts("m4a", video=True)
    assert enclosure_ending(episode(), film) == "mp3"
    assert enclosure_ending(episode(finished=True), film) == "mp4"


def test_the_author_decides_where_there_is_a_choice() -> None:
    assert is_made(episode(finished=False), facts("mp3"))
    assert not is_made(episode(finished=True), facts("flac"))
    assert is_made(episode(finished=True), facts("wav"))


def test_the_first_form_is_the_enclosure() -> None:
    assert enclosure_ending(episode(forms=("m4a", "mp3")), facts("wav")) == "m4a"
    assert enclosure_format(episode(forms=("opus-small",)), facts("wav")) == "opus"


def test_tracks_are_always_mixed() -> None:
    several = Episode(
        slug="a",
        guid="a",
        title="A",
        folder="f",
        language="sv",
        license=License(id="CC0-1.0", name="CC0"),
        tracks=(Track(path="f/a.mp3"), Track(path="f/b.mp3")),
        making=AudioSettings(finished=True),
    )
    assert is_made(several, facts("mp3"))
