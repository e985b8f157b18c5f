from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, CHAPTERS

from avsnitt.formats.chapters.podcast_json import parse_chapters_json, render_chapters_json
from avsnitt.model.show import Chapter

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["chapters", "startTime", "endTime", "title", "toc", "img", "url"]),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)
FILES = st.one_of(
    VALUES.map(json.dumps),
    st.lists(VALUES, max_size=3).map(lambda values: json.dumps({"chapters": values}, indent=1)),
)


@given(CHAPTERS)
def test_chapters_survive_being_written_and_read(chapters: tuple[Chapter, ...]) -> None:
    text = render_chapters_json(chapters, title='Avsnitt & "svar"', podcast_name="Öppen kanal")
    assert parse_chapters_json(text) == (chapters, ())


@given(st.one_of(ANYTHING, FILES))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    chapters, findings = parse_chapters_json(text)
    assert findings or chapters


def test_the_file_is_what_the_specification_asks_for() -> None:
    chapters = (
        Chapter(
            start_ms=0, title="Välkommen", url="https://exempel.se/", image="https://e.se/a.png"
        ),
        Chapter(start_ms=12_345, end_ms=20_000, title="Tyst", hidden=True),
    )
    document = json.loads(render_chapters_json(chapters, title="Titel", author="Kommun"))
    assert document == {
        "version": "1.2.0",
        "author": "Kommun",
        "title": "Titel",
        "chapters": [
            {
                "startTime": 0,
                "title": "Välkommen",
                "img": "https://e.se/a.png",
                "url": "https://exempel.se/",
            },
            {"startTime": 12.345, "endTime": 20, "title": "Tyst", "toc": False},
        ],
    }


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = (
        '{"version": "1.2.0",\n"chapters": [\n{"startTime": 5, "title": "ett"},\n'
        '{"title": "utan tid"},\n{"startTime": "snart"},\n7,\n'
        '{"startTime": 2.0004, "title": "två", "toc": "nej", "endTime": 1}\n]}'
    )
    chapters, findings = parse_chapters_json(text)
    assert lines_and_reasons(findings) == [
        (4, "no-start"),
        (5, "no-start"),
        (6, "bad-value"),
        (7, "not-in-order"),
        (7, "ends-before-start"),
        (7, "bad-value"),
    ]
    assert chapters == (Chapter(start_ms=2000, title="två"), Chapter(start_ms=5000, title="ett"))


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", 1, "not-json"),
        ('{\n"chapters": [}', 2, "not-json"),
        ("[" * 200_000, 0, "not-json"),
        ('{"chapters": [NaN]}', 0, "not-json"),
        ('{"chapters": [' + "9" * 5000 + "]}", 0, "not-json"),
        ("{}", 1, "no-list"),
        ('{"chapters": {}}', 1, "no-list"),
        ('{"chapters": []}', 0, "no-cues"),
    ],
)
def test_a_file_without_chapters_says_why(text: str, line: int, code: str) -> None:
    chapters, (found,) = parse_chapters_json(text)
    assert (chapters, found.place.line, reason_of(found)) == ((), line, code)


@pytest.mark.parametrize("piece", ["{},", " ", "\n", '{"startTime":1,"title":"a"},', "1,"])
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    text = '{"chapters": [' + piece * (1_000_000 // len(piece)) + "{}]}"
    began = time.process_time()
    parse_chapters_json(text)
    assert time.process_time() - began < 10
