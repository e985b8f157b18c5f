from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import reason_of
from tests.support.strategies import ANYTHING

from avsnitt.formats.transcripts.podlove_json import parse_podlove_json
from avsnitt.model.show import Cue

FLAT = [
    {
        "start": "00:00:01.500",
        "start_ms": 1500,
        "end": "00:00:04.000",
        "end_ms": 4000,
        "speaker": "12",
        "voice": "Vera Lind",
        "text": "Hej och välkommen.",
    },
    {"start": "00:00:04.000", "end": "00:00:05.000", "speaker": "3", "voice": "", "text": "Musik."},
]
WELCOME = Cue(start_ms=1500, end_ms=4000, text="Hej och välkommen.", speaker="Vera Lind")
MUSIC = Cue(start_ms=4000, end_ms=5000, text="Musik.")


@pytest.mark.parametrize("document", [FLAT, {"transcript": FLAT}, {"x": 1, "transcripts": FLAT}])
def test_podloves_flat_list_is_understood(document: object) -> None:
    transcript, findings = parse_podlove_json(json.dumps(document), "sv")
    assert (transcript.cues, findings) == ((WELCOME, MUSIC), ())


def test_podloves_grouped_list_is_understood() -> None:
    items = [{key: row[key] for key in ("start", "end", "text")} for row in FLAT]
    group = {"speaker": "12", "voice": "Vera Lind", "items": items}
    transcript, findings = parse_podlove_json(json.dumps([group]), "sv")
    assert findings == ()
    assert [(cue.speaker, cue.text) for cue in transcript.cues] == [
        ("Vera Lind", "Hej och välkommen."),
        ("Vera Lind", "Musik."),
    ]


SENTENCE = "Det här är en ganska lång mening som någon säger i ett samtal om svar, ja."
WORDS = f"{SENTENCE} {SENTENCE} {SENTENCE}".split()


def auphonic(words: list[str]) -> str:
    stamps = [[word, 10 + n * 0.25, 10 + n * 0.25 + 0.2, 0.97] for n, word in enumerate(words)]
    segments = [
        {
            "start": 9.75,
            "end": 25.5,
            "text": " ".join(WORDS),
            "speaker": "Speaker1",
            "confidence": 0.97,
            "timestamps": stamps,
        },
        {"start": 26, "end": 27.5, "text": "Tack så mycket.", "speaker": "Vera", "timestamps": []},
    ]
    return json.dumps(segments)


def test_auphonics_long_segments_are_parted_where_sentences_end() -> None:
    transcript, findings = parse_podlove_json(auphonic(WORDS), "sv")
    assert findings == ()
    assert [(cue.start_ms, cue.end_ms, cue.speaker, cue.text) for cue in transcript.cues] == [
        (9750, 13_950, "Speaker1", SENTENCE),
        (14_000, 17_950, "Speaker1", SENTENCE),
        (18_000, 21_950, "Speaker1", SENTENCE),
        (26_000, 27_500, "Vera", "Tack så mycket."),
    ]


def test_words_that_do_not_add_up_are_of_no_use() -> None:
    cues = parse_podlove_json(auphonic(WORDS[1:]), "sv")[0].cues
    assert [cue.text for cue in cues] == [" ".join(WORDS), "Tack så mycket."]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not-json"),
        ("{}", "no-segments"),
        ('"x"', "no-segments"),
        ("[]", "no-cues"),
        ("[[]]", "bad-value"),
        ('[{"text": "x", "start_ms": -1}]', "bad-timing"),
        ('[{"text": "x", "start_ms": 1e300}]', "bad-timing"),
        ('[{"text": "x", "start_ms": true}]', "bad-timing"),
        ('[{"voice": "x", "items": [{"text": "x"}]}]', "bad-timing"),
    ],
)
def test_what_is_no_transcript_is_reported(text: str, code: str) -> None:
    assert [reason_of(found) for found in parse_podlove_json(text, "sv")[1]] == [code]


@given(ANYTHING)
def test_no_text_makes_the_reader_raise(text: str) -> None:
    transcript, findings = parse_podlove_json(text, "sv")
    assert findings or transcript.cues


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["start_ms", "start", "end", "voice", "text", "items", "timestamps"]),
            st.one_of(
                st.integers(),
                st.floats(),
                st.text(max_size=5),
                st.just([{"text": "a"}, ["a", 1, 2]]),
            ),
        ),
        max_size=4,
    )
)
def test_no_list_makes_the_reader_raise(rows: list[dict[str, object]]) -> None:
    transcript, _ = parse_podlove_json(json.dumps(rows), "sv")
    assert all(cue.start_ms < cue.end_ms for cue in transcript.cues)
