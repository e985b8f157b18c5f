from __future__ import annotations

import re
import time
from pathlib import Path

import msgspec
import pytest
import webvtt
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, MESSY_TRANSCRIPTS, TALKS, spoken_texts

from avsnitt.formats.transcripts.srt import TAG, parse_srt, render_srt
from avsnitt.model.show import Cue, Transcript

TIME = re.compile(r"[0-9]{2}:[0-5][0-9]:[0-5][0-9],[0-9]{3}")
SPEAKERS = ("Vera Lind", "Amina Öst", "Åke")
PIECES = st.sampled_from(
    [
        "1\n",
        "\n",
        "\n\n",
        "00:00:01,000 --> 00:00:02,000\n",
        "-->",
        "Vera: ",
        "<b>",
        "{\\an8}",
        "\r\n",
        "\ufeff",
        "\0",
        "ord",
        "99:99:99,000 --> 1",
        "12\n",
        "Vera:\n",
    ]
)


@given(TALKS)
@example(
    Transcript(
        language="sv",
        cues=(Cue(start_ms=0, end_ms=1, text="Ja < <<<<<b ><<<<<<<<.", speaker="Vera Lind"),),
    )
)
@example(  # the tag stands where one card ends and the next begins
    Transcript(
        language="sv",
        cues=(
            Cue(
                start_ms=0,
                end_ms=1,
                text=f"Ja {'< ' * 23}{'<<<<< ' * 5}<<<<<<<<< <<<<<<<<< <<<<<<<<b ><.",
                speaker="Vera Lind",
            ),
        ),
    )
)
def test_a_transcript_survives_being_written_and_read(transcript: Transcript) -> None:
    read, findings = parse_srt(render_srt(transcript), "sv", speakers=SPEAKERS)
    assert (spoken_texts(read), findings) == (spoken_texts(without_marks(transcript)), ())
    assert {cue.start_ms for cue in transcript.cues} <= {cue.start_ms for cue in read.cues}
    assert {cue.end_ms for cue in transcript.cues} <= {cue.end_ms for cue in read.cues}


def without_marks(transcript: Transcript) -> Transcript:
    """With other brackets around what SubRip's players would take for a tag."""
    cues = tuple(
        msgspec.structs.replace(cue, text=without_tags(cue.text)) for cue in transcript.cues
    )
    return msgspec.structs.replace(transcript, cues=cues)


def without_tags(text: str) -> str:
    others = str.maketrans("<>{}\\", "‹›()/")
    once = TAG.sub(lambda tag: tag[0].translate(others), text)
    return once.translate(others) if TAG.search(once) else once


def test_a_tag_in_the_words_is_shown_and_not_obeyed() -> None:
    spoken = ("Skriv <b>fet</b> så.", "<i <i>i>", r"{\an8} överst", "a < b > c")
    cues = tuple(Cue(start_ms=n, end_ms=n + 1, text=words) for n, words in enumerate(spoken))
    shown = parse_srt(render_srt(Transcript(language="sv", cues=cues)), "sv")[0]
    assert [cue.text for cue in shown.cues] == [
        "Skriv ‹b›fet‹/b› så.",
        "‹i ‹i›i›",
        "(/an8) överst",
        "a < b > c",
    ]


@given(TALKS)
def test_a_card_is_two_lines_of_32_characters(transcript: Transcript) -> None:
    cards = [card.strip("\n").split("\n") for card in render_srt(transcript).split("\n\n")]
    assert [card[0] for card in cards] == [str(number) for number in range(1, len(cards) + 1)]
    for _, times, *lines in cards:
        start, end = times.split(" --> ")
        assert TIME.fullmatch(start)
        assert TIME.fullmatch(end)
        assert start < end
        assert len(lines) <= 2
        assert all(len(line) <= 32 for line in lines)


def test_a_name_stands_where_the_speaker_changes() -> None:
    spoken = (("Vera", "Hej"), ("Vera", "och välkommen"), ("Amina Öst", "Tack!"), ("", "(skratt)"))
    cues = tuple(
        Cue(start_ms=n * 1000, end_ms=n * 1000 + 900, text=text, speaker=speaker)
        for n, (speaker, text) in enumerate(spoken)
    )
    cards = render_srt(Transcript(language="sv", cues=cues)).split("\n\n")
    words = [card.strip().split("\n", 2)[2] for card in cards]
    assert words == ["Vera: Hej", "och välkommen", "Amina Öst: Tack!", "(skratt)"]


@given(MESSY_TRANSCRIPTS)
def test_no_transcript_gives_a_malformed_card(transcript: Transcript) -> None:
    _, findings = parse_srt(render_srt(transcript), "sv")
    codes = {reason_of(found) for found in findings}
    assert codes <= {"not-in-order", "no-cues", "empty-cue"}


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_srt(text, "sv", speakers=SPEAKERS)
    assert findings or transcript.cues


def test_another_reader_sees_the_same_cards(tmp_path: Path) -> None:
    cues = (
        Cue(start_ms=0, end_ms=2500, text="Hej & välkommen!", speaker="Vera"),
        Cue(start_ms=3_600_000, end_ms=3_601_000, text="Tack 🎉\nallihop"),
    )
    path = tmp_path / "a.srt"
    path.write_text(render_srt(Transcript(language="sv", cues=cues)), encoding="utf-8")
    first, second = webvtt.from_srt(str(path))
    assert (first.start, first.text) == ("00:00:00.000", "Vera: Hej & välkommen!")
    assert (second.start, second.text) == ("01:00:00.000", "Tack 🎉\nallihop")


def test_everything_an_editor_may_write_is_understood() -> None:
    text = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:04,000 X1:100 X2:200\r\n"
        "Vera: <i>Hej</i> och {\\an8}välkommen\r\n\r\n"
        "0:00:05.5 --> 00:00:06,250\r\nVera: Tänk: på det\r\nAmina Öst: Ja\r\n"
        "3\r\n00:00:07,000 --> 00:00:08,000\r\nObs: en gång är ingen talare\r\n"
    )
    transcript, findings = parse_srt(text, "sv", speakers=["Amina Öst"])
    assert findings == ()
    assert [(cue.start_ms, cue.speaker, cue.text) for cue in transcript.cues] == [
        (1000, "Vera", "Hej och välkommen"),
        (5500, "Vera", "Tänk: på det"),
        (5500, "Amina Öst", "Ja"),
        (7000, "", "Obs: en gång är ingen talare"),
    ]


@pytest.mark.parametrize(
    "line", ["Se https://exempel.se", "kl 12:30 börjar vi", "Jag sa, tydligt: nej", "Vad? Jo: ja"]
)
def test_an_ordinary_colon_names_no_speaker(line: str) -> None:
    cards = "\n\n".join(f"00:00:0{n},000 --> 00:00:0{n},900\n{line}" for n in range(3))
    transcript, _ = parse_srt(cards, "sv")
    assert {cue.speaker for cue in transcript.cues} == {""}
    assert {cue.text for cue in transcript.cues} == {line}


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nett\n\nlösa ord\n\n2\n00:00:xx --> 00:00:04,000\ntvå\n\n"
        "3\n00:00:09,000 --> 00:00:08,000\ntre\n\n4\n00:00:05,000 --> 00:00:06,000\n\n"
        "5\n00:00:00,500 --> 00:00:06,000\nfyra\n"
    )
    transcript, findings = parse_srt(text, "sv")
    assert lines_and_reasons(findings) == [
        (5, "outside-cue"),
        (8, "bad-timing"),
        (12, "ends-before-start"),
        (16, "empty-cue"),
        (19, "not-in-order"),
    ]
    assert [cue.text for cue in transcript.cues] == ["fyra", "ett"]


@pytest.mark.parametrize("piece", ["<b", "{\\", "1\n", "A:", "Vera: hej\n", "\n\n-->", "a --> b\n"])
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n" + piece * (1_000_000 // len(piece))
    began = time.process_time()
    parse_srt(text, "sv", speakers=SPEAKERS)
    assert time.process_time() - began < 10


def test_five_megabytes_of_cues_are_read_in_seconds() -> None:
    cue = "00:00:01,000 --> 00:00:02,000\nVera: Hej och välkommen till samtalet <i>i dag</i>.\n\n"
    text = "" + cue * (5_000_000 // len(cue))
    began = time.process_time()
    transcript, findings = parse_srt(text, "sv")
    assert time.process_time() - began < 20
    assert (len(transcript.cues), findings) == (5_000_000 // len(cue), ())
