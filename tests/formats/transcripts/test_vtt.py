from __future__ import annotations

import re
import time
from pathlib import Path

import msgspec
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, MESSY_TRANSCRIPTS, TALKS, TRANSCRIPTS, spoken_texts

from avsnitt.formats.plain_text import unescape_html
from avsnitt.formats.transcripts.vtt import parse_vtt, render_vtt
from avsnitt.model.show import Cue, Transcript

TIMING = re.compile(r"[0-9]{2,}:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}")
PIECES = st.sampled_from(
    [
        "WEBVTT",
        "\n",
        "\n\n",
        "00:01.000 --> 00:02.000",
        "-->",
        "<v Vera>",
        "</v>",
        "<",
        "&amp;",
        "NOTE x",
        "STYLE",
        "\r\n",
        "\ufeff",
        "\0",
        "ord",
        "99:99.000 --> 1",
        "<v.a.b C D>",
        "&#x1;",
    ]
)


@given(TRANSCRIPTS)
def test_a_transcript_survives_being_written_and_read(transcript: Transcript) -> None:
    read, findings = parse_vtt(render_vtt(transcript), "sv")
    assert findings == ()
    assert [unnamed(cue) for cue in read.cues] == [unnamed(cue) for cue in transcript.cues]
    named = [(a, b) for a, b in zip(read.cues, transcript.cues, strict=True) if b.speaker]
    assert all(a == b for a, b in named)


def unnamed(cue: Cue) -> Cue:
    return msgspec.structs.replace(cue, speaker="")


@given(TALKS)
def test_no_line_is_long_and_no_cue_fills_the_screen(transcript: Transcript) -> None:
    text = render_vtt(transcript)
    for block in text.split("\n\n")[1:]:
        _, *lines = block.strip("\n").split("\n")
        assert len(lines) <= 3
        assert all(len(unescape_html(line.split(">", 1)[-1])) <= 65 for line in lines)
    read, findings = parse_vtt(text, "sv")
    assert (spoken_texts(read), findings) == (spoken_texts(transcript), ())
    assert {cue.end_ms for cue in transcript.cues} <= {cue.end_ms for cue in read.cues}


def test_who_spoke_last_goes_on_until_another_is_named() -> None:
    text = (
        "WEBVTT\n\n00:00.000 --> 00:01.000\n(klockor)\n\n"
        "00:01.000 --> 00:02.000\n<v Tom>Ja.\n\n00:02.000 --> 00:03.000\nAbsolut.\n\n"
        "00:03.000 --> 00:04.000\n[skratt]\n\n00:04.000 --> 00:05.000\nJa då.\n\n"
        "00:05.000 --> 00:06.000\n<v John>Nej.\n"
    )
    cues = parse_vtt(text, "sv")[0].cues
    assert [cue.speaker for cue in cues] == ["", "Tom", "Tom", "", "Tom", "John"]


@given(MESSY_TRANSCRIPTS)
def test_no_transcript_gives_a_malformed_timing(transcript: Transcript) -> None:
    lines = render_vtt(transcript).split("\n")
    for line in lines:
        if "-->" in line:
            start, end = line.split(" --> ")
            assert TIMING.fullmatch(start)
            assert TIMING.fullmatch(end)
            assert start < end or len(start) < len(end)
    _, findings = parse_vtt("\n".join(lines), "sv")
    assert {reason_of(found) for found in findings} <= {"not-in-order", "no-cues"}


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_vtt(text, "sv")
    assert findings or transcript.cues
    starts = [cue.start_ms for cue in transcript.cues]
    assert starts == sorted(starts)


def test_another_reader_hears_the_same_voices(tmp_path: Path) -> None:
    cues = (
        Cue(start_ms=0, end_ms=2500, text="Hej & välkommen <hit>!", speaker="Vera Åström"),
        Cue(start_ms=3_600_000, end_ms=3_601_000, text="Tack 🎉"),
    )
    path = tmp_path / "a.vtt"
    path.write_text(render_vtt(Transcript(language="sv", cues=cues)), encoding="utf-8")
    first, second = webvtt.read(str(path))
    assert (first.start, first.end, first.voice) == ("00:00:00.000", "00:00:02.500", "Vera Åström")
    assert (second.start, second.text) == ("01:00:00.000", "Tack 🎉")


def test_everything_an_editor_may_write_is_understood() -> None:
    text = (
        "\ufeffWEBVTT - Samtal\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
        "REGION\r\nid:fred\r\n\r\nNOTE ett\r\ntvå\r\n\r\n"
        "inledning\r\n00:01.000 --> 00:04.000 align:start position:10%\r\n"
        "<v.loud.first Vera Lind>Hej <i>och</i> <c.x>välkommen</c>\r\ntill &quot;oss&quot;</v>\r\n"
        "\r\n1:00:05,5 --> 1:00:06,25\r\n- <v A>Ett</v> <v B &amp; C>två <00:05.500>tre\r\n"
    )
    transcript, findings = parse_vtt(text, "sv")
    assert findings == ()
    assert transcript.cues == (
        Cue(
            start_ms=1000,
            end_ms=4000,
            speaker="Vera Lind",
            text='Hej och välkommen\ntill "oss"',
        ),
        Cue(start_ms=3605500, end_ms=3606250, text="-"),
        Cue(start_ms=3605500, end_ms=3606250, text="Ett", speaker="A"),
        Cue(start_ms=3605500, end_ms=3606250, text="två tre", speaker="B & C"),
    )


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = (
        "WEBVT\n\n00:01.000 --> 00:02.000\nett\n\n00:xx --> 00:04.000\ntvå\n\n"
        "00:09.000 --> 00:08.000\ntre\n\nlösa ord\n\n00:05.000 --> 00:06.000\n\n"
        "00:00.500 --> 00:06.000\nfyra\n00:07.000 --> 00:08.000\nfem\n"
    )
    transcript, findings = parse_vtt(text, "sv")
    assert lines_and_reasons(findings) == [
        (1, "no-header"),
        (6, "bad-timing"),
        (9, "ends-before-start"),
        (12, "outside-cue"),
        (14, "empty-cue"),
        (16, "not-in-order"),
    ]
    assert [cue.text for cue in transcript.cues] == ["fyra", "ett", "fem"]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<v ",
        "00:01.000 --> ",
        "&",
        "\n\n-->",
        "<v A>x",
        "a --> b\n",
        " ",
        "1:",
        "&#9",
        "&#" + "9" * 5000,
    ],
)
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n" + piece * (1_000_000 // len(piece))
    began = time.process_time()
    parse_vtt(text, "sv")
    assert time.process_time() - began < 10


def test_five_megabytes_of_cues_are_read_in_seconds() -> None:
    cue = "00:00:01.000 --> 00:00:02.000\nVera: Hej och välkommen till samtalet <i>i dag</i>.\n\n"
    text = "WEBVTT\n\n" + cue * (5_000_000 // len(cue))
    began = time.process_time()
    transcript, findings = parse_vtt(text, "sv")
    assert time.process_time() - began < 20
    assert (len(transcript.cues), findings) == (5_000_000 // len(cue), ())
