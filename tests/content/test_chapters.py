"""Chapters beside an episode, in whatever kind of file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.chapters import ENDINGS, USUAL_NAMES
from avsnitt.content.episode import EpisodeFolder, ParsedEpisode, parse_episode
from avsnitt.content.settings import STAND_IN
from avsnitt.model.show import Chapter

PATH = "episodes/012-fragan"
JSON = '{"chapters": [{"startTime": 0, "title": "A"}]}'
PSC = (
    '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">\n'
    '<psc:chapter start="0" title="A"/>\n</psc:chapters>'
)
LABELS = "0.000000\t0.000000\tA\n"
LINES = "00:00:00.000 A\n"
KINDS = (JSON, PSC, LABELS, LINES)
ONE = (Chapter(start_ms=0, title="A"),)


def parse(more: str = "", **files: str) -> ParsedEpisode:
    """An episode with files beside it; in their names an underscore stands for a full stop."""
    names = {name.replace("_", "."): text for name, text in files.items()}
    texts = {f"{PATH}/{name}": text for name, text in names.items()}
    texts[f"{PATH}/episode.md"] = f"---\nguid: g\ntitle: Fråga\n{more}---\nAnteckningar.\n"
    folder = EpisodeFolder(PATH, tuple(sorted((*names, "episode.md"))))
    return parse_episode(folder, STAND_IN, texts.__getitem__)


def chapters(more: str = "", **files: str) -> tuple[Chapter, ...]:
    parsed = parse(more, **files)
    assert parsed.episode is not None, parsed.problems
    return parsed.episode.chapters


def complaints(parsed: ParsedEpisode) -> list[tuple[str, str, int]]:
    return [(one.code, one.where.path[len(PATH) + 1 :], one.where.line) for one in parsed.problems]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("chapters_json", JSON),
        ("chapters_psc", PSC),
        ("chapters_xml", PSC),
        ("chapters_txt", LINES),
        ("chapters_txt", LABELS),
        ("labels_txt", LABELS),
    ],
)
def test_a_file_with_a_usual_name_is_found(name: str, text: str) -> None:
    assert chapters(**{name: text}) == ONE
    assert parse(**{name: text}).says_chapters


@pytest.mark.parametrize("text", KINDS)
def test_text_files_are_distinguished_by_what_is_in_them(text: str) -> None:
    assert chapters("chapters: kapitel.txt\n", kapitel_txt=text) == ONE
    assert chapters("chapters: kapitel.txt\n", kapitel_txt=f"\ufeff\n{text}") == ONE


def test_the_first_of_several_usual_files_is_read() -> None:
    files = {name.replace(".", "_"): LINES for name in USUAL_NAMES}
    assert chapters(**(files | {"chapters_json": JSON.replace("A", "Först")}))[0].title == "Först"
    assert all(name.endswith(ENDINGS) for name in USUAL_NAMES)


def test_other_files_are_not_taken_for_chapters() -> None:
    parsed = parse(anteckningar_txt="0:00 ...", transcript_txt="Hej.", data_json="{}")
    assert (parsed.episode and parsed.episode.chapters, parsed.problems) == ((), ())
    assert not parsed.says_chapters


@pytest.mark.parametrize(
    ("written", "says"),
    [("", False), ("chapters:\n", False), ('chapters: ""\n', False), ("chapters: []\n", True)],
)
def test_an_empty_list_says_that_there_are_none(written: str, says: bool) -> None:
    parsed = parse(written)
    assert (parsed.says_chapters, parsed.problems) == (says, ())


def test_a_list_in_the_front_matter_stands_before_any_file() -> None:
    assert chapters("chapters: []\n", chapters_json=JSON) == ()


def test_a_picture_beside_the_file_is_the_episodes() -> None:
    text = PSC.replace("/>", ' image="a.png" href="https://e.se/"/>')
    expected = Chapter(start_ms=0, title="A", image=f"{PATH}/a.png", url="https://e.se/")
    assert chapters(chapters_psc=text, a_png="") == (expected,)
    away = PSC.replace("/>", ' image="https://e.se/a.png"/>')
    assert chapters(chapters_psc=away)[0].image == "https://e.se/a.png"


def test_what_an_episode_cannot_have_is_reported_with_its_line() -> None:
    text = (
        '{"chapters": [\n{"startTime": 0, "title": "A", "url": "ftp://e.se/"},\n'
        '{"startTime": 0, "title": "B", "img": "../a.png"},\n'
        '{"startTime": 0, "title": "C", "toc": false}]}'
    )
    assert complaints(parse(chapters_json=text)) == [
        ("CHAPTER-001", "chapters.json", 2),
        ("FILE-005", "chapters.json", 3),
        ("CHAPTER-002", "chapters.json", 3),
    ]


def test_a_file_that_is_wrong_throughout_is_not_reported_of_for_ever() -> None:
    rows = ",".join(f'{{"startTime": {n}, "title": "A", "url": "x"}}' for n in range(1000))
    assert len(parse(chapters_json=f'{{"chapters": [{rows}]}}').problems) == 20


def test_an_unknown_kind_of_file_is_shown_where_it_is_named() -> None:
    parsed = parse("chapters: kapitel.csv\n", kapitel_csv=LINES)
    assert complaints(parsed) == [("CHAPTER-008", "episode.md", 4)]


@given(st.sampled_from(USUAL_NAMES), st.text(max_size=200))
def test_no_text_makes_the_reader_raise(name: str, text: str) -> None:
    parsed = parse(**{name.replace(".", "_"): text})
    assert parsed.problems or chapters(**{name.replace(".", "_"): text}) or text.startswith("#")
