from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given
from tests.support.findings import lines_and_reasons, reason_of
from tests.support.strategies import ANYTHING, CHAPTERS

from avsnitt.formats.chapters.psc import chapter_elements, parse_psc, render_psc
from avsnitt.model.show import Chapter

HEAD = '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


@given(CHAPTERS)
def test_visible_chapters_survive_being_written_and_read(chapters: tuple[Chapter, ...]) -> None:
    seen = tuple(
        msgspec.structs.replace(chapter, end_ms=None) for chapter in chapters if not chapter.hidden
    )
    read, findings = parse_psc(render_psc(chapters))
    assert read == seen
    assert [reason_of(found) for found in findings] == ([] if seen else ["no-cues"])


@given(ANYTHING)
def test_no_text_makes_the_reader_raise(text: str) -> None:
    for body in (text, f"{HEAD}{text}</psc:chapters>", f'{HEAD}<psc:chapter start="{text}"/>'):
        chapters, findings = parse_psc(body)
        assert findings or chapters


def test_a_chapter_has_podloves_attributes() -> None:
    chapter = Chapter(
        start_ms=12_345, title="Frågan", url="https://e.se/", image="https://e.se/a.png"
    )
    assert chapter_elements([chapter]) == (
        (
            ("start", "00:00:12.345"),
            ("title", "Frågan"),
            ("href", "https://e.se/"),
            ("image", "https://e.se/a.png"),
        ),
    )


def test_a_document_type_is_refused_before_it_is_read() -> None:
    chapters, (found,) = parse_psc(
        f'{BOMB}\n{HEAD}<psc:chapter start="0" title="&b;"/></psc:chapters>'
    )
    assert (chapters, reason_of(found)) == ((), "doctype")


def test_each_mistake_is_reported_with_its_line_and_the_rest_is_kept() -> None:
    text = (
        f'{HEAD}\n<psc:chapter start="10" title="ett"/>\n<psc:chapter start="x" title="två"/>\n'
        '<psc:chapter start="20"/>\n<psc:chapter start="00:05.5" title="tre"/>\n</psc:chapters>'
    )
    chapters, findings = parse_psc(text)
    assert lines_and_reasons(findings) == [
        (3, "no-start"),
        (4, "no-title"),
        (5, "not-in-order"),
    ]
    assert [chapter.start_ms for chapter in chapters] == [5500, 10_000, 20_000]


@pytest.mark.parametrize("piece", ["<a>", '<psc:chapter start="1" title="a"/>', " ", "&lt;"])
def test_a_megabyte_of_anything_is_read_in_seconds(piece: str) -> None:
    began = time.process_time()
    parse_psc(HEAD + piece * (1_000_000 // len(piece)) + "</psc:chapters>")
    assert time.process_time() - began < 10
