from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from avsnitt.checks.show.rules import RULES, Checked, find_problems
from avsnitt.model.podcast20 import Soundbite
from avsnitt.model.show import (
    AudioFacts,
    Category,
    Chapter,
    Credit,
    Cue,
    Episode,
    License,
    Person,
    Picture,
    Show,
    Transcript,
)

LICENSE = License(id="CC-BY-4.0", name="CC BY 4.0")
VERA = Credit(person=Person(id="vera", name="Vera Lind"))
MOMENT = dt.datetime(2026, 1, 5, 7, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def reported(speaker: str, end_ms: int = 2000) -> Transcript:
    cue = Cue(start_ms=0, end_ms=end_ms, text="Hej.", speaker=speaker)
    return Transcript(language="sv", cues=(cue,))


FINE = Episode(
    slug="fragan",
    guid="a",
    title="Vågar vi fråga?",
    folder="episodes/001-fragan",
    language="sv",
    license=LICENSE,
    status="published",
    number=1,
    published=MOMENT,
    summary="Ett samtal.",
    credits=(VERA,),
    chapters=(Chapter(start_ms=0, title="Början"),),
    transcripts=(reported("Vera Lind"),),
    sound="episodes/001-fragan/samtal.mp3",
)
OTHER = msgspec.structs.replace(
    FINE, slug="svaret", guid="b", number=2, folder="episodes/002-svaret"
)


def checked(*episodes: Episode, sound: str = "mp3", now: dt.datetime | None = NOW) -> Checked:
    show = Show(
        title="Öppen kanal",
        address="https://podd.exempel.se",
        language="sv",
        description="Ett samtal.",
        guid="g",
        author="Kommunen",
        license=LICENSE,
        categories=(Category(name="Government"),),
        cover=Picture(path="site/cover.png"),
        episodes=episodes,
    )
    facts: Any = {"format": sound, "duration_ms": 10_000, "digest": "x"}
    sounds = {one.slug: AudioFacts(**facts) for one in episodes if one.sound}
    return Checked(show, sounds, now)


def but(**changes: Any) -> Checked:
    return checked(msgspec.structs.replace(FINE, **changes))


def pair(**changes: Any) -> Checked:
    return checked(FINE, msgspec.structs.replace(OTHER, **changes))


def living_at(address: str, **changes: Any) -> Checked:
    fine = checked(FINE)
    show = msgspec.structs.replace(fine.show, address=address, **changes)
    return msgspec.structs.replace(fine, show=show)


def chaptered(count: int, sound: str = "mp3", **fields: Any) -> Checked:
    """An hour with so many chapters, a second apart."""
    chapters = tuple(Chapter(start_ms=n * 1000, **fields) for n in range(count))
    found = checked(msgspec.structs.replace(FINE, chapters=chapters), sound=sound)
    facts: Any = {"format": sound, "duration_ms": 3_600_000, "digest": "x"}
    return msgspec.structs.replace(found, sounds={FINE.slug: AudioFacts(**facts)})


BROKEN = {
    "SHOW-002": pair(slug="fragan"),
    "SHOW-003": pair(guid="a"),
    "SHOW-006": pair(number=1),
    "LEDGER-005": pair(formerly=("aldrig", "fragan")),
    "SHOW-007": but(status="recorded"),
    "SHOW-012": living_at("https://podd.example/kanal"),
    "EPISODE-001": checked(FINE, msgspec.structs.replace(OTHER, status="recorded", sound="")),
    "EPISODE-003": but(published=None),
    "EPISODE-004": but(transcripts=()),
    "EPISODE-006": but(credits=()),
    "EPISODE-007": but(title="Öppen kanal: Vågar vi?"),
    "EPISODE-008": but(published=NOW + dt.timedelta(days=1)),
    "EPISODE-010": but(summary="", notes=""),
    "EPISODE-011": but(credits=(msgspec.structs.replace(VERA, role="chef"),)),
    "CHAPTER-003": but(chapters=(Chapter(start_ms=10_000),)),
    "CHAPTER-004": chaptered(256),
    "CHAPTER-005": chaptered(1, "m4a", title="å" * 64),
    "CHAPTER-006": but(chapters=(Chapter(start_ms=1000, title="A"), Chapter(start_ms=1999))),
    "CHAPTER-007": chaptered(34, image="bild.png"),
    "PODCAST-002": but(soundbites=(Soundbite(start_ms=0, duration_ms=10_001),)),
    "TRANSCRIPT-002": but(transcripts=(reported("Vera Lind"), reported("Vera Lind", 12_001))),
    "TRANSCRIPT-004": but(transcripts=(reported("Vera Lind"), reported("Bo Ek"))),
    "SOUND-003": checked(FINE, sound="opus"),
}


def codes(what: Checked) -> list[str]:
    return [found.code for found in find_problems(what)]


def test_each_rule_has_a_show_that_breaks_it() -> None:
    assert len(BROKEN) == len(RULES)


def test_a_good_show_breaks_no_rule() -> None:
    assert codes(checked(FINE, OTHER)) == []


@pytest.mark.parametrize("code", BROKEN)
def test_a_show_that_breaks_one_rule_gets_that_finding_only(code: str) -> None:
    assert codes(BROKEN[code]) == [code]


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(pair(number=1, season=2), id="the same number in another season"),
        pytest.param(pair(number=1, type="bonus"), id="a bonus beside a number"),
        pytest.param(pair(number=None), id="no number"),
        pytest.param(but(title="Öppen kanal"), id="the show's own title for an introduction"),
        pytest.param(but(title="De 100 dagarna"), id="a number that is part of the title"),
        pytest.param(but(notes="Anteckningar.", summary=""), id="notes and no summary"),
        pytest.param(but(chapters=(Chapter(start_ms=9_999),)), id="a chapter in the last moment"),
        pytest.param(
            but(transcripts=(reported("Vera Lind", 12_000),)), id="two seconds of silence"
        ),
        pytest.param(but(transcripts=(reported(""),)), id="nobody named in the transcript"),
        pytest.param(chaptered(255), id="as many chapters as an MP3 lists"),
        pytest.param(chaptered(2, title="å" * 64), id="a long title where it fits"),
        pytest.param(chaptered(2, "m4a", title="å" * 63), id="a title of 126 bytes"),
        pytest.param(chaptered(33, image="bild.png"), id="as many pictures as there is room for"),
        pytest.param(chaptered(34, image="https://x.se/a.png"), id="pictures that stay on the web"),
        pytest.param(chaptered(300, hidden=True), id="markers that no list shows"),
        pytest.param(checked(FINE, sound="wav"), id="a master, which becomes an MP3"),
        pytest.param(checked(FINE, sound="m4a"), id="an M4A"),
        pytest.param(
            checked(msgspec.structs.replace(FINE, published=NOW + dt.timedelta(1)), now=None),
            id="a date ahead, with no clock to ask",
        ),
        pytest.param(
            checked(FINE, msgspec.structs.replace(OTHER, status="planned", sound="", summary="")),
            id="a planned episode, which owes nothing yet",
        ),
    ],
)
def test_what_is_allowed_is_not_reported(what: Checked) -> None:
    assert codes(what) == []


def test_what_could_not_be_read_is_not_reported_as_missing() -> None:
    empty = msgspec.structs.replace(checked(), whole=False)
    assert (codes(checked()), codes(empty)) == (["SHOW-007"], [])


def test_the_second_of_two_is_the_one_that_is_reported() -> None:
    (found,) = find_problems(checked(msgspec.structs.replace(OTHER, number=1), FINE))
    assert found.subject.id == "episodes/002-svaret/episode.md"
    assert found.values == {"value": "1", "season": "1", "other": "episodes/001-fragan/episode.md"}


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8000",
        "https://Example.org",
        "https://www.example.com/podd",
        "https://a.TEST",
    ],
)
def test_an_example_address_is_reported(address: str) -> None:
    assert codes(living_at(address)) == ["SHOW-012"]


@pytest.mark.parametrize(
    "address",
    [
        "https://myexample.com",
        "https://example.se",
        "http://127.0.0.1:8000/",
        "https://[",
        "https://",
    ],
)
def test_other_addresses_may_be_real(address: str) -> None:
    assert codes(living_at(address)) == []


def test_a_demonstration_may_live_at_an_example() -> None:
    assert codes(living_at("https://podd.example", demonstration="Inget är på riktigt.")) == []


@pytest.mark.parametrize(
    ("show_title", "title", "reported"),
    [
        ("F", "Filmen", False),
        ("Podd", "Poddar är bra", False),
        ("Podd", "Podd: om att svara", True),
        ("C++", "Om C++ i skolan", True),
    ],
)
def test_a_title_names_the_show_only_in_whole_words(
    show_title: str, title: str, reported: bool
) -> None:
    what = but(title=title)
    show = msgspec.structs.replace(what.show, title=show_title)
    assert ("EPISODE-007" in codes(msgspec.structs.replace(what, show=show))) is reported


def test_comments_hold_fewer_chapters_than_an_mp3() -> None:
    assert codes(chaptered(100, "opus")) == ["CHAPTER-004", "SOUND-003"]
    assert codes(chaptered(99, "ogg")) == ["SOUND-003"]
    assert codes(chaptered(99, "flac")) == []  # an MP3 is made of it
