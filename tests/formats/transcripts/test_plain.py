from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, TALKS

from avsnitt.formats.transcripts.plain import parse_text, render_text
from avsnitt.model.show import Cue, Transcript

PIECES = st.sampled_from(
    [
        "[00:12] ",
        "(1:02:03) ",
        "00:12 ",
        "Vera: ",
        "\n",
        "\n\n",
        "ord ",
        ":",
        "[99:99]",
        "\r\n",
        "\0",
    ]
)


def test_a_turn_is_a_paragraph() -> None:
    spoken = [
        ("Vera", "Hej"),
        ("Vera", "och\nvälkommen"),
        ("Amina", "Tack"),
        ("", "(musik)"),
        ("", " "),
    ]
    cues = tuple(
        Cue(start_ms=n, end_ms=n + 1, text=text, speaker=speaker)
        for n, (speaker, text) in enumerate(spoken)
    )
    text = render_text(Transcript(language="sv", cues=cues))
    assert text == "Vera: Hej och välkommen\n\nAmina: Tack\n\n(musik)\n"


@given(TALKS)
def test_words_without_times_survive_being_written_and_read(talk: Transcript) -> None:
    cues = tuple(msgspec.structs.replace(cue, start_ms=0, end_ms=0) for cue in talk.cues)
    plain = Transcript(language="sv", cues=cues, timed=False)
    speakers = {cue.speaker for cue in cues}
    assert parse_text(render_text(plain), "sv", speakers=speakers) == (plain, ())


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=30).map("".join)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_text(text, "sv", speakers=["Vera"])
    assert findings or transcript.cues
    starts = [cue.start_ms for cue in transcript.cues]
    assert starts == sorted(starts)
    assert all(cue.start_ms < cue.end_ms or not transcript.timed for cue in transcript.cues)


def spoken(text: str, *speakers: str) -> list[tuple[int, str, str]]:
    transcript, findings = parse_text(text, "sv", speakers=speakers)
    assert findings == ()
    return [(cue.start_ms, cue.speaker, cue.text) for cue in transcript.cues]


def test_a_name_that_recurs_is_a_speaker_and_goes_on_speaking() -> None:
    text = "Vera: Hej\npå dig.\n\nEn sak till.\n\nObs: det regnar.\n\n(skratt)\n\nVera: Slut.\n"
    assert spoken(text) == [
        (0, "Vera", "Hej på dig."),
        (0, "Vera", "En sak till."),
        (0, "", "Obs: det regnar."),
        (0, "", "(skratt)"),
        (0, "Vera", "Slut."),
    ]
    assert not parse_text(text, "sv")[0].timed


@pytest.mark.parametrize("known", ["Åsa Öst", "asa-ost", "asa"])
def test_one_of_the_people_is_a_speaker_the_first_time(known: str) -> None:
    assert spoken("Åsa Öst: Hej.", known) == [(0, "Åsa Öst", "Hej.")]
    assert spoken("Åsa Öst: Hej.", "bo") == [(0, "", "Åsa Öst: Hej.")]


def test_times_before_the_words_are_the_starts_of_cues() -> None:
    text = "[00:12] Vera: Hej.\n[00:15] Amina: Tack.\nVera: Nå?\n\n(1:00:00.5) Amina: Slut.\n"
    assert spoken(text, "amina") == [
        (12_000, "Vera", "Hej."),
        (15_000, "Amina", "Tack."),
        (15_000 + 3_585_500 * 6 // 10, "Vera", "Nå?"),
        (3_600_500, "Amina", "Slut."),
    ]
    cues = parse_text(text, "sv")[0].cues
    assert [cue.end_ms for cue in cues[:-1]] == [cue.start_ms for cue in cues[1:]]


def test_a_time_without_brackets_is_one_when_the_text_begins_with_one() -> None:
    assert spoken("00:00 Hej.\n12:30 slutade vi.") == [
        (0, "", "Hej."),
        (750_000, "", "slutade vi."),
    ]
    assert spoken("Hej.\n12:30 slutade vi.") == [(0, "", "Hej. 12:30 slutade vi.")]


def test_times_that_go_backwards_are_reported_with_their_line() -> None:
    _, findings = parse_text("[00:12] Ett.\n\n[00:05] Två.\n", "sv")
    assert lines_and_reasons(findings) == [(3, "not-in-order")]


def test_nothing_is_a_mistake() -> None:
    assert [reason_of(found) for found in parse_text(" \n\n", "sv")[1]] == ["no-cues"]


@pytest.mark.parametrize(
    "piece", ["Vera: hej\n", "[00:12] a\n", "a", "A: ", "\n\n", "00:00 x\n\n", "("]
)
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    began = time.process_time()
    parse_text(piece * (1_000_000 // len(piece)), "sv", speakers=["vera"])
    assert time.process_time() - began < 10
