from __future__ import annotations

import time

import pytest
from hypothesis import given
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, CHAPTERS

from avsnitt.formats.chapters.audacity import is_labels, parse_labels
from avsnitt.model.show import Chapter


def written(chapters: tuple[Chapter, ...], point: str = ".") -> str:
    """As Audacity writes them, with six decimals."""
    rows = []
    for chapter in chapters:
        end_ms = chapter.start_ms if chapter.end_ms is None else chapter.end_ms
        times = (f"{ms // 1000}{point}{ms % 1000:03}000" for ms in (chapter.start_ms, end_ms))
        rows.append("\t".join((*times, chapter.title)) + "\n")
    return "".join(rows)


@given(CHAPTERS)
def test_labels_survive_being_written_and_read(chapters: tuple[Chapter, ...]) -> None:
    spoken = tuple(
        Chapter(start_ms=one.start_ms, end_ms=one.end_ms, title=one.title) for one in chapters
    )
    for point in (".", ","):
        assert parse_labels(written(spoken, point)) == (spoken, ())
        assert is_labels(written(spoken, point))


@given(ANYTHING)
def test_no_text_makes_the_reader_raise(text: str) -> None:
    for body in (text, f"1.5\t2.5\t{text}", f"\\\t{text}"):
        chapters, findings = parse_labels(body)
        assert chapters or findings
        is_labels(body)


def test_points_and_regions_old_and_new_are_read() -> None:
    text = "\ufeff0.000000\t0.000000\tBörjan\r\n12.3456\t20.5\tEn del\r\n30,9996\tEnbart början\n"
    assert parse_labels(text) == (
        (
            Chapter(start_ms=0, title="Början"),
            Chapter(start_ms=12_346, end_ms=20_500, title="En del"),
            Chapter(start_ms=31_000, title="Enbart början"),
        ),
        (),
    )


def test_the_range_of_frequencies_belongs_to_the_label_above() -> None:
    text = "1.0\t2.0\tBrus\n\\\t150.0\t4000.0\n3.0\t3.0\t\n"
    chapters, findings = parse_labels(text)
    assert [(one.start_ms, one.title) for one in chapters] == [(1000, "Brus"), (3000, "")]
    assert findings == ()


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = "5\t6\tett\n4\t4\ttvå\n9\t8\ttre\nfyra\n-1.0\t0.0\tfem\n99999999\t99999999\tsex\n"
    chapters, findings = parse_labels(text)
    assert lines_and_reasons(findings) == [
        (2, "not-in-order"),
        (3, "ends-before-start"),
        (4, "bad-timing"),
        (5, "bad-timing"),
        (6, "bad-timing"),
    ]
    assert [one.title for one in chapters] == ["två", "ett", "tre"]


def test_an_empty_file_has_no_labels() -> None:
    chapters, (found,) = parse_labels("\n \n")
    assert (chapters, reason_of(found)) == ((), "no-cues")


@pytest.mark.parametrize(
    "text", ["00:00:00.000\tVälkommen", "Välkommen", "12.5 Titel", "", "0:30\t1:00\tx"]
)
def test_other_lists_of_times_are_no_labels(text: str) -> None:
    assert not is_labels(text)


@pytest.mark.parametrize("piece", ["1\t", "1.1\t2\ta\n", " ", "\t", "9"])
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    began = time.process_time()
    parse_labels(piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 10
