from __future__ import annotations

import time

import pytest
from hypothesis import given
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, CHAPTERS

from avsnitt.formats.chapters.text_list import parse_chapter_lines
from avsnitt.formats.timecode import render_npt
from avsnitt.model.show import Chapter


@given(CHAPTERS)
def test_chapters_survive_being_written_and_read(chapters: tuple[Chapter, ...]) -> None:
    spoken = tuple(Chapter(start_ms=one.start_ms, title=one.title) for one in chapters)
    text = "".join(f"{render_npt(one.start_ms)} {one.title} <https://e.se/>\n" for one in spoken)
    chapters, findings = parse_chapter_lines(text)
    assert findings == ()
    assert [(one.start_ms, one.title, one.url) for one in chapters] == [
        (one.start_ms, one.title, "https://e.se/") for one in spoken
    ]


@given(ANYTHING)
def test_no_text_makes_the_reader_raise(text: str) -> None:
    for body in (text, f"00:01 {text}", f"00:01 a <https://{text}>"):
        chapters, findings = parse_chapter_lines(body)
        assert chapters or findings or text.strip().startswith("#")


def test_the_list_that_podlove_and_auphonic_write_is_read() -> None:
    text = (
        "## total-duration: 00:10:00.000\r\n"
        "00:00:00.000 Välkommen\r\n"
        "00:01:02.500 Frågan <https://exempel.se/?a=1>\r\n"
        "\r\n"
        "\t1:02:03 En <em>titel\r\n"
        "1:02:04\n"
    )
    assert parse_chapter_lines(text) == (
        (
            Chapter(start_ms=0, title="Välkommen"),
            Chapter(start_ms=62_500, title="Frågan", url="https://exempel.se/?a=1"),
            Chapter(start_ms=3_723_000, title="En <em>titel"),
            Chapter(start_ms=3_724_000),
        ),
        (),
    )


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = "00:10 ett\nVälkommen\n00:99 tre\n00:05 fyra\n"
    chapters, findings = parse_chapter_lines(text)
    assert lines_and_reasons(findings) == [
        (2, "no-start"),
        (3, "no-start"),
        (4, "not-in-order"),
    ]
    assert [one.title for one in chapters] == ["fyra", "ett"]


def test_an_empty_file_has_no_chapters() -> None:
    chapters, (found,) = parse_chapter_lines("# bara en anmärkning\n")
    assert (chapters, reason_of(found)) == ((), "no-cues")


@pytest.mark.parametrize("piece", ["1", "1 a\n", " ", "1 \u3000", "<https://a", "1 <https://a"])
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    began = time.process_time()
    parse_chapter_lines("1 a" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 10
