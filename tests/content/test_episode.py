from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.episode import (
    SLUG,
    EpisodeFolder,
    ParsedEpisode,
    parse_episode,
    suggest_slug,
)
from avsnitt.content.field_checks import parse_moment
from avsnitt.content.people import parse_page, parse_person
from avsnitt.content.schema.front_matter import CreditFields
from avsnitt.content.settings import STAND_IN, HostSettings
from avsnitt.content.show import assemble_show
from avsnitt.model.show import Chapter, Episode, Person
from avsnitt.problems.problem import Where

SETTINGS = msgspec.structs.replace(STAND_IN, title="Öppen kanal", language="sv")
HEAD = "---\nguid: g\ntitle: Fråga\n"
PATH = "episodes/012-fragan"


def parse(more: str = "", path: str = PATH, **files: str) -> ParsedEpisode:
    names = {name.replace("_", "."): text for name, text in files.items()}
    texts = {f"{path}/{name}": text for name, text in names.items()}
    texts[f"{path}/episode.md"] = f"{HEAD}{more}---\nAnteckningar.\n"
    folder = EpisodeFolder(path, tuple(sorted((*names, "episode.md"))))
    return parse_episode(folder, SETTINGS, texts.__getitem__)


def whole(more: str = "", **files: str) -> Episode:
    parsed = parse(more, **files)
    assert parsed.episode is not None, parsed.problems
    return parsed.episode


def codes(parsed: Any) -> list[tuple[str, int]]:
    return [(found.code, found.where.line) for found in parsed.problems]


def test_a_folder_gives_the_number_and_the_address() -> None:
    episode = whole()
    assert (episode.number, episode.slug, episode.notes) == (12, "fragan", "Anteckningar.")
    assert whole("number: 3\n").number == 3


def test_what_an_episode_does_not_say_the_show_says() -> None:
    episode = whole()
    assert (episode.language, episode.license.id, episode.explicit) == ("sv", "CC-BY-4.0", False)
    episode = whole("language: en\nlicense: cc0-1.0\nexplicit: true\n")
    assert (episode.language, episode.license.id, episode.explicit) == ("en", "CC0-1.0", True)


def test_the_only_sound_is_the_sound() -> None:
    assert whole(samtal_mp3="").sound == f"{PATH}/samtal.mp3"
    assert whole("sound: b.wav\n", a_mp3="", b_wav="").sound == f"{PATH}/b.wav"
    assert codes(parse(a_mp3="", b_wav="")) == [("EPISODE-002", 2)]


def test_times_are_written_as_people_write_them() -> None:
    text = "chapters:\n- {start: 0, title: A}\n- {start: 12:30, title: B, end: 1:00:00}\n"
    assert whole(text).chapters == (
        Chapter(start_ms=0, title="A"),
        Chapter(start_ms=750_000, title="B", end_ms=3_600_000),
    )
    assert codes(parse("chapters:\n- {start: .nan}\n")) == [("MATTER-004", 5)]
    assert codes(parse("chapters:\n- {start: 1:75}\n")) == [("MATTER-004", 5)]


def test_chapters_and_transcript_may_be_files() -> None:
    json = '{"chapters": [{"startTime": 1.5, "title": "A", "img": "a.png"}]}'
    srt = "1\n00:00:00,000 --> 00:00:01,000\nHej.\n"
    episode = whole(chapters_json=json, transcript_srt=srt, **{"a_png": ""})
    assert episode.chapters == (Chapter(start_ms=1500, title="A", image=f"{PATH}/a.png"),)
    assert episode.transcript is not None
    assert (episode.transcript.cues[0].text, episode.transcript.language) == ("Hej.", "sv")


def test_a_vtt_is_chosen_before_an_srt() -> None:
    vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nVTT\n"
    srt = "1\n00:00:00,000 --> 00:00:01,000\nSRT\n"
    found = whole(transcript_vtt=vtt, transcript_srt=srt).transcript
    assert found is not None
    assert found.cues[0].text == "VTT"


def test_a_mistake_carries_the_line_as_it_stands() -> None:
    (found,) = parse("titel: x   \n").problems
    assert found.where == Where(f"{PATH}/episode.md", 4, 1, "titel: x")


def test_a_date_in_words_is_reported_with_the_other_mistakes_of_its_kind() -> None:
    assert codes(parse("published: i morgon\nnumber: x\n")) == [
        ("MATTER-004", 4),
        ("MATTER-004", 5),
    ]


def test_mistakes_inside_and_outside_the_shape_all_have_lines() -> None:
    text = "published: 2026-13-45\nlicense: min\nsources:\n- {title: a, url: https://x.se, at: x}\n"
    assert codes(parse(text)) == [("MATTER-004", 5), ("MATTER-004", 4), ("MATTER-004", 7)]


@pytest.mark.parametrize("name", ["Å", "a b", "-a", "a--b", "a" * 81, "1-", "A", "a.b"])
def test_a_folder_that_is_no_address_is_offered_a_better_name(name: str) -> None:
    parsed = parse(path=f"episodes/{name}")
    assert codes(parsed) == [("SHOW-005", 0)]
    better = parsed.problems[0].values["better"]
    assert not parse(path=f"episodes/{better}").problems


@given(st.text(max_size=120))
def test_any_words_give_an_address(text: str) -> None:
    slug = suggest_slug(text)
    assert SLUG.fullmatch(slug)
    assert len(slug) <= 80


def test_swedish_letters_keep_their_likeness() -> None:
    assert suggest_slug("Vågar vi fråga Örjan?") == "vagar-vi-fraga-orjan"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-10-05 07:00", "2026-10-05T07:00:00+02:00"),
        ("2026-01-05T7:00:30", "2026-01-05T07:00:30+01:00"),
        ("2026-10-05", "2026-10-05T00:00:00+02:00"),
        ("2026-10-05 07:00Z", "2026-10-05T07:00:00+00:00"),
        ("2026-10-05 07:00 -0530", "2026-10-05T07:00:00-05:30"),
    ],
)
def test_a_moment_is_in_the_shows_time_zone_or_its_own(text: str, iso: str) -> None:
    moment = parse_moment(text, "Europe/Stockholm")
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    ["", "i morgon", "2026-02-30", "2026-10-05 25:00", "2026-10-05 07:00 +99:00", "0001-01-01",
     "9999-12-31 23:00 -14:00", "20261005"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str) -> None:
    assert parse_moment(text, "Europe/Stockholm") is None


@given(st.text(max_size=40))
def test_no_words_make_a_moment_fall_over(text: str) -> None:
    moment = parse_moment(text, "Europe/Stockholm")
    assert moment is None or moment.astimezone(dt.UTC)


# People and pages


def read(texts: Mapping[str, str]) -> Any:
    return texts.__getitem__


def test_a_person_is_a_file_with_a_bio() -> None:
    path = "site/people/vera.md"
    text = "---\nname: Vera\npicture: v.png\npicture_alt: Hon\n---\nHej.\n"
    person = parse_person(path, ("v.png",), read({path: text})).value
    assert person == Person(
        id="vera", name="Vera", bio="Hej.", picture="site/people/v.png", picture_alt="Hon"
    )


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("picture: w.png\npicture_alt: x", "FILE-005"),
        ("picture: ../v.png\npicture_alt: x", "FILE-004"),
        ("picture: v.png", "EPISODE-005"),
        ("links: [{title: x, url: 'javascript:x'}]", "MATTER-004"),
    ],
)
def test_a_persons_mistakes_are_reported(head: str, code: str) -> None:
    path = "site/people/vera.md"
    text = f"---\nname: Vera\n{head}\n---\n"
    parsed = parse_person(path, ("v.png",), read({path: text}))
    assert [found.code for found in parsed.problems] == [code]
    assert parsed.value is None


@pytest.mark.parametrize("name", ["index", "archive", "people", "follow"])
def test_a_page_cannot_take_the_sites_own_names(name: str) -> None:
    path = f"site/pages/{name}.md"
    parsed = parse_page(path, read({path: "---\ntitle: x\n---\n"}))
    assert [found.code for found in parsed.problems] == ["SHOW-011"]


# The show


VERA, AMINA = Person(id="vera", name="Vera"), Person(id="amina", name="Amina")


def episode(slug: str, day: int | None = None, **changes: Any) -> Episode:
    plain = msgspec.structs.replace(whole(), slug=slug, folder=f"episodes/{slug}", **changes)
    moment = dt.datetime(2026, 1, day, tzinfo=dt.UTC) if day else None
    return msgspec.structs.replace(plain, published=moment)


def test_episodes_stand_newest_first_and_undated_before_them() -> None:
    parsed = [ParsedEpisode(episode(slug, day)) for slug, day in (("a", 1), ("b", 3), ("c", None))]
    show, findings = assemble_show(SETTINGS, (), (), parsed)
    assert [one.slug for one in show.episodes] == ["c", "b", "a"]
    assert findings == ()


def test_hosts_come_first_and_only_once() -> None:

    settings = msgspec.structs.replace(SETTINGS, hosts=(HostSettings(id="vera"),))
    own = (CreditFields(id="amina", role="Fact Checker"),)
    again = (CreditFields(id="vera", role="guest"),)
    parsed = [
        ParsedEpisode(episode("a", 3), people=own),
        ParsedEpisode(episode("b", 2), people=again),
        ParsedEpisode(episode("c", 1), people=own, with_hosts=False),
    ]
    show, _ = assemble_show(settings, (VERA, AMINA), (), parsed)
    by_slug = sorted(show.episodes, key=lambda one: one.slug)
    named = [[(one.person.id, one.role, one.group) for one in e.credits] for e in by_slug]
    amina = ("amina", "fact checker", "writing")
    assert named == [
        [("vera", "host", "cast"), amina],
        [("vera", "guest", "cast")],
        [amina],
    ]


def test_a_person_there_is_none_for_is_found_with_near_names() -> None:
    parsed = [ParsedEpisode(episode("a"), people=(CreditFields(id="amna"),))]
    _, findings = assemble_show(SETTINGS, (AMINA,), (), parsed)
    (found,) = findings
    assert (found.code, found.place.key, found.values) == (
        "SHOW-004",
        ("people", 0, "id"),
        {"id": "amna", "near": "amina"},
    )
    assert assemble_show(SETTINGS, (), (), parsed, {"site/people/amna.md"})[1] == ()
