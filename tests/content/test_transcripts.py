"""Which files in an episode's folder are its transcripts, and in which languages."""

from __future__ import annotations

import msgspec
import pytest

from avsnitt.content.episode import EpisodeFolder, ParsedEpisode, parse_episode
from avsnitt.content.settings import STAND_IN, HostSettings

SETTINGS = msgspec.structs.replace(
    STAND_IN, title="Öppen kanal", language="sv", hosts=(HostSettings(id="vera"),)
)
PATH = "episodes/012-fragan"
FORMS = {
    "vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nvtt\n",
    "srt": "1\n00:00:00,000 --> 00:00:01,000\nsrt\n",
    "json": '{"segments": [{"startTime": 0, "endTime": 1, "body": "json"}]}',
    "html": "<time>0:00</time><p>html</p>",
    "txt": "txt",
}


def parse(names: str, more: str = "", **texts: str) -> ParsedEpisode:
    """An episode with files of those names, each of which says its own ending."""
    files = {name: FORMS.get(name.rpartition(".")[2].lower(), "") for name in names.split()}
    files |= {name.replace("_", "."): text for name, text in texts.items()}
    read = {f"{PATH}/{name}": text for name, text in files.items()}
    read[f"{PATH}/episode.md"] = f"---\nguid: g\ntitle: Fråga\n{more}---\n"
    folder = EpisodeFolder(PATH, tuple(sorted((*files, "episode.md"))))
    return parse_episode(folder, SETTINGS, read.__getitem__)


def found(names: str, more: str = "", **texts: str) -> list[tuple[str, str]]:
    """(language, what is said first) of each transcript."""
    parsed = parse(names, more, **texts)
    assert parsed.episode is not None, parsed.problems
    return [(one.language, one.cues[0].text) for one in parsed.episode.transcripts]


def codes(parsed: ParsedEpisode) -> list[tuple[str, str, int]]:
    return [
        (one.code, one.where.path.rpartition("/")[2], one.where.line) for one in parsed.problems
    ]


@pytest.mark.parametrize(
    ("names", "reported"),
    [
        ("transcript.vtt transcript.srt", "vtt"),
        ("transcript.txt transcript.json transcript.html", "json"),
        ("transcript.html transcript.txt", "html"),
        ("transcript.txt", "txt"),
        ("samtal.srt", "srt"),
        ("samtal.srt transcript.txt", "txt"),
        ("TRANSCRIPT.VTT", "vtt"),
    ],
)
def test_the_form_that_says_most_is_the_transcript(names: str, reported: str) -> None:
    assert found(names) == [("sv", reported)]


@pytest.mark.parametrize("names", ["a.vtt b.vtt", "notes.txt", "page.html", "b.txt a.json"])
def test_what_may_be_something_else_is_not_taken(names: str) -> None:
    assert found(names) == []


def test_a_language_in_the_name_is_the_language() -> None:
    names = "transcript.vtt transcript.en.srt transcript.en.txt transcript.pt-BR.json"
    assert found(names) == [("sv", "vtt"), ("en", "srt"), ("pt-BR", "json")]
    assert found("transcript.en.vtt transcript.sv.txt") == [("sv", "txt"), ("en", "vtt")]
    assert found("transcript.en.vtt") == [("en", "vtt")]


def test_the_episodes_own_language_comes_first() -> None:
    rows = "transcripts:\n- {file: b.txt, language: fi}\n- {file: a.txt, language: sv}\n"
    assert found("a.txt b.txt", rows) == [("sv", "txt"), ("fi", "txt")]
    assert found("transcript.vtt transcript.sv.txt", "language: en\n") == [
        ("en", "vtt"),
        ("sv", "txt"),
    ]


def test_what_front_matter_names_goes_before_what_lies_there() -> None:
    rows = "transcripts: [{file: samtal.txt, language: en}]\n"
    assert found("transcript.vtt transcript.en.srt samtal.txt", rows) == [
        ("sv", "vtt"),
        ("en", "txt"),
    ]
    assert found("a.srt transcript.vtt", "transcript: a.srt\n") == [("sv", "srt")]
    only = "transcripts: [{file: a.vtt, language: en}]\n"
    assert found("a.vtt", only) == [("en", "vtt")]


def test_two_for_one_language_are_one_too_many() -> None:
    parsed = parse("transcript.vtt transcript.sv.txt")
    assert codes(parsed) == [("TRANSCRIPT-005", "episode.md", 2)]
    rows = "transcripts: [{file: a.txt, language: en}, {file: b.txt, language: en}]\n"
    assert codes(parse("a.txt b.txt", rows)) == [("TRANSCRIPT-005", "episode.md", 4)]


def test_a_name_that_says_no_language_is_reported_and_left_alone() -> None:
    parsed = parse("transcript.vtt transcript.old.vtt transcript.bak2.txt")
    assert codes(parsed) == [
        ("TRANSCRIPT-006", "transcript.bak2.txt", 0),
        ("TRANSCRIPT-006", "transcript.old.vtt", 0),
    ]
    assert parsed.episode
    assert len(parsed.episode.transcripts) == 1
    rows = "transcripts: [{file: transcript.old.vtt, language: en}]\n"
    assert codes(parse("transcript.old.vtt", rows)) == []


def test_a_person_of_the_episode_is_known_by_the_name_before_the_colon() -> None:
    text = "Vera: Hej.\n\nAmina Öst: Hej!\n\nNils: Nej.\n"
    parsed = parse("", "people: [{id: amina-ost}]\n", transcript_txt=text)
    assert parsed.episode
    (transcript,) = parsed.episode.transcripts
    assert [(cue.speaker, cue.text) for cue in transcript.cues] == [
        ("Vera", "Hej."),
        ("Amina Öst", "Hej!"),
        ("", "Nils: Nej."),
    ]
    assert not transcript.timed


def test_a_mistake_is_reported_in_the_transcript_itself() -> None:
    parsed = parse("", transcript_en_json='{"segments": [\n{"startTime": "x", "body": "a"}]}')
    assert codes(parsed) == [("TRANSCRIPT-001", "transcript.en.json", 2)]
    parsed = parse("t.docx", "transcript: t.docx\n")
    assert codes(parsed) == [("TRANSCRIPT-003", "episode.md", 4)]
