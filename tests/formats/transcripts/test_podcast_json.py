from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, MESSY_TRANSCRIPTS, TALKS, spoken_texts

from avsnitt.formats.transcripts.podcast_json import parse_transcript_json, render_transcript_json
from avsnitt.formats.transcripts.vtt import parse_vtt, render_vtt
from avsnitt.model.show import Cue, Transcript

PIECES = st.sampled_from(
    [
        '{"segments": [',
        "]}",
        '{"startTime": 1,',
        '"endTime": 2,',
        '"body": "Hej på dig"}',
        '"speaker": 1,',
        '"text": null}',
        '"start": "x",',
        '"timestamps": [["a", 1, 2]],',
        "[",
        "1e999",
        ",",
        "\n",
        "\ud800",
        "NaN",
    ]
)


@given(TALKS)
def test_a_talk_survives_being_written_and_read(talk: Transcript) -> None:
    read, findings = parse_transcript_json(render_transcript_json(talk), "sv")
    assert (spoken_texts(read), findings) == (spoken_texts(talk), ())
    if all(len(cue.text) <= 65 for cue in talk.cues):
        assert read == talk


@given(TALKS)
def test_it_is_as_good_as_the_vtt(talk: Transcript) -> None:
    def flat(read: Transcript) -> list[tuple[int, int, str, str]]:
        return [
            (cue.start_ms, cue.end_ms, cue.speaker, " ".join(cue.text.split())) for cue in read.cues
        ]

    from_vtt, _ = parse_vtt(render_vtt(talk), "sv")
    from_json, _ = parse_transcript_json(render_transcript_json(talk), "sv")
    assert flat(from_json) == flat(from_vtt)


@given(MESSY_TRANSCRIPTS)
def test_every_segment_has_an_end_and_words(transcript: Transcript) -> None:
    document = json.loads(render_transcript_json(transcript))
    assert document["version"] == "1.0.0"
    for segment in document["segments"]:
        assert 0 <= segment["startTime"] < segment["endTime"]
        assert segment["body"].strip()


def test_a_segment_is_a_line_with_times_in_seconds() -> None:
    cues = (
        Cue(start_ms=0, end_ms=2500, text='Hej "du"\nigen', speaker="Vera"),
        Cue(start_ms=3_600_001, end_ms=3_601_000, text="Tack 🎉"),
    )
    assert render_transcript_json(Transcript(language="sv", cues=cues)) == (
        '{"version":"1.0.0","segments":[\n'
        '{"speaker":"Vera","startTime":0,"endTime":2.5,"body":"Hej \\"du\\" igen"},\n'
        '{"startTime":3600.001,"endTime":3601,"body":"Tack 🎉"}\n]}\n'
    )


def test_words_one_by_one_become_sentences() -> None:
    """As in the namespace's own example, where each segment is a word."""
    spoken = [("Åke", "I"), ("Åke", "am"), ("Åke", "your"), ("Åke", "father.\n"), ("Lo", "No")]
    rows = [
        {"speaker": who, "startTime": n, "endTime": n + 0.5, "body": word}
        for n, (who, word) in enumerate([*spoken, ("Lo", ","), ("Lo", "no!"), ("Lo", "Ja")])
    ]
    cues = parse_transcript_json(json.dumps({"segments": rows}), "en")[0].cues
    assert [(cue.start_ms, cue.end_ms, cue.speaker, cue.text) for cue in cues] == [
        (0, 3500, "Åke", "I am your father."),
        (4000, 6500, "Lo", "No, no!"),
        (7000, 7500, "Lo", "Ja"),
    ]


def test_what_speech_recognition_writes_is_understood() -> None:
    text = json.dumps(
        {
            "text": " Hej hej. Tack.",
            "language": "sv",
            "segments": [
                {"id": 0, "start": 0.0, "end": 2.00049, "text": " Hej hej.", "words": []},
                {"id": 1, "start": 2.0, "end": 2.0, "text": "  "},
                {"id": 2, "start": "00:03.5", "text": " Tack så mycket.", "speaker": "SPEAKER_01"},
                {"id": 3, "start": 5, "end": 6, "text": " Hej då.", "speaker": None},
            ],
        }
    )
    transcript, findings = parse_transcript_json(text, "sv")
    assert findings == ()
    assert transcript.cues == (
        Cue(start_ms=0, end_ms=2000, text="Hej hej."),
        Cue(start_ms=3500, end_ms=5000, text="Tack så mycket.", speaker="SPEAKER_01"),
        Cue(start_ms=5000, end_ms=6000, text="Hej då."),
    )


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = (
        '{"version": "1.0.0", "segments": [\n'
        '{"startTime": 5, "endTime": 6, "body": "ett och två"},\n'
        '{"startTime": "snart", "endTime": 6, "body": "tre"},\n'
        '"fyra",\n'
        '{"startTime": 9, "endTime": 8, "body": "fem"},\n'
        '{"startTime": 10, "endTime": 11},\n'
        '{"startTime": 2, "endTime": 3, "body": "sex och sju"}]}'
    )
    transcript, findings = parse_transcript_json(text, "sv")
    assert lines_and_reasons(findings) == [
        (3, "bad-timing"),
        (4, "bad-value"),
        (5, "ends-before-start"),
        (6, "empty-cue"),
        (7, "not-in-order"),
    ]
    assert [cue.text for cue in transcript.cues] == ["sex och sju", "ett och två"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"segments":\n[}', "not-json", 2),
        ("[1]", "no-segments", 1),
        ('{"segments": {}}', "no-segments", 1),
        ('{"segments": []}', "no-cues", 0),
        ('{"segments": [' + "9" * 5000 + "]}", "not-json", 0),
        ('{"segments": ' + "[" * 100_000, "not-json", 0),
    ],
)
def test_what_is_no_transcript_is_reported(text: str, code: str, line: int) -> None:
    (found,) = parse_transcript_json(text, "sv")[1]
    assert (reason_of(found), found.place.line) == (code, line)


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=20).map("".join)))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_transcript_json(text, "sv")
    assert findings or transcript.cues
    assert all(cue.start_ms < cue.end_ms for cue in transcript.cues)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["segments", "start", "endTime", "body", "speaker", "timestamps"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_no_document_makes_the_reader_raise(document: object) -> None:
    text = json.dumps({"segments": [document, document]})
    transcript, findings = parse_transcript_json(text, "sv")
    assert findings or transcript.cues or not document or isinstance(document, dict)


@pytest.mark.parametrize("body", ["Hej", ".", "Hej och välkommen."])
def test_five_megabytes_of_segments_are_read_in_seconds(body: str) -> None:
    row = json.dumps({"speaker": "V", "startTime": 1, "endTime": 2, "body": body})
    count = 5_000_000 // len(row)
    began = time.process_time()
    parse_transcript_json('{"segments": [' + ",\n".join([row] * count) + "]}", "sv")
    assert time.process_time() - began < 20
