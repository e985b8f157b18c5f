from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from avsnitt.formats.plain_text import (
    UNWRITABLE,
    clean_line,
    clean_text,
    escape_html,
    shorten,
    strip_markup,
    unescape_html,
)

EVERY_KIND = st.text(st.characters(codec=None), max_size=200)


@given(EVERY_KIND)
def test_clean_text_can_stand_in_any_xml(text: str) -> None:
    for clean in (clean_text, clean_line):
        element = etree.Element("a", b=clean(text))
        element.text = clean(text)
        read = etree.fromstring(etree.tostring(element))
        assert (read.text or "") == clean(text)


@given(EVERY_KIND)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\n" not in clean_line(text)
    assert not UNWRITABLE.search(clean_text(text) + clean_line(text))


@pytest.mark.parametrize(
    "text", ["Å ä ö", "10\u00a0000", '"citat" & <mindre>', "👩🏽\u200d🚀", "]]>", "e\u0301"]
)
def test_good_text_is_left_as_it_is(text: str) -> None:
    assert clean_text(text) == clean_line(text) == text


def test_bad_text_is_mended() -> None:
    assert clean_text(" a\x00b\ud800c\ufffe\r\nd\re ") == "abc\nd\ne"
    assert clean_line("a\r\n\tb  c\x1f") == "a b c"
    assert clean_line("a \x80 b\x0bc") == "a b c"


def test_markup_leaves_its_words_one_paragraph_a_line() -> None:
    safe = '<h2>Rubrik</h2><p>Ett &amp; <a href="https://e.se/?a>b">två</a><br>tre</p>'
    assert strip_markup(safe) == "Rubrik\nEtt & två\ntre"


@given(st.text(max_size=300))
def test_words_survive_being_escaped_and_stripped(text: str) -> None:
    line = clean_line(text)
    assert strip_markup(f"<p>{escape_html(line)}</p>") == line


@given(st.text(max_size=100), st.integers(0, 110))
def test_a_shortened_text_keeps_its_limit(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most
    assert len(text) > most or shorten(text, most) == text


def test_a_text_is_shortened_between_words() -> None:
    assert shorten("Vågar vi visa frågan", 16) == "Vågar vi visa…"


@pytest.mark.parametrize("piece", ["<p>", "<", '<a href="', "</p", "&", "<!--", "<br "])
def test_much_markup_is_stripped_in_seconds(piece: str) -> None:
    began = time.process_time()
    strip_markup(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 10


def test_a_reference_to_no_character_is_not_refused() -> None:
    assert unescape_html("&aring; &#229; &#xE5;") == "å å å"
    assert unescape_html(f"a&#{'9' * 5000};b&#x{'f' * 5000}") == "a\ufffdb\ufffd"
