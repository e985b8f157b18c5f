"""Words that are drawn: only what the font has, in lines that fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.clips.font_coverage import COVERED, drawable, missing, wrap
from avsnitt.clips.io.text import FONTS, fit, font, text_width

NOBODYS = "\U0010fffd"
INVISIBLE = {0x20, 0xA0, 0xAD, 0x202F}


def letters(text: str) -> float:
    """A measure in which every letter is as wide as the next."""
    return float(len(text))


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
def test_the_font_has_every_letter_that_it_is_said_to_have(weight: str) -> None:
    face = font("Regular" if weight == "Regular" else "SemiBold", 40)
    assert not any(bytes(face.getmask(NOBODYS)))  # what is not there leaves nothing
    lacking = [
        hex(code)
        for first, last in COVERED
        for code in range(first, last + 1)
        if code not in INVISIBLE and not any(bytes(face.getmask(chr(code))))
    ]
    assert lacking == []


def test_the_font_comes_with_its_licence_and_is_small() -> None:
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2016 The Inter Project Authors")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 150_000


def test_what_swedes_and_their_neighbours_write_is_drawn_as_it_stands() -> None:
    for text in ("Åäö é – — € ”så” … ½", "Sámi giella: čđŋšŧž", "Żółć Őű Çğış", "Дякую, Їжак ґ"):
        assert drawable(text) == text
        assert missing(text) == ()


def test_letters_in_two_pieces_are_put_together() -> None:
    assert drawable("A\u030angstro\u0308m") == "Ångström"


def test_emoji_and_other_scripts_are_left_out_and_reported() -> None:
    assert drawable("Det kom 400 svar 🎉 på  en\nvecka. 你好") == "Det kom 400 svar på en vecka."
    assert missing("svar 🎉🎉 ❤️ 你") == ("🎉", "❤", "你")


@given(st.text(max_size=80))
def test_any_text_becomes_one_line_of_letters_that_there_are(text: str) -> None:
    line = drawable(text)
    assert "\n" not in line
    assert missing(line) == ()
    assert drawable(line) == line


@given(st.lists(st.text("abcåäö", min_size=1, max_size=14), max_size=30), st.integers(5, 30))
def test_lines_fit_and_nothing_is_lost(words: list[str], limit: int) -> None:
    text = " ".join(words)
    lines = wrap(text, letters, limit)
    assert all(0 < len(line) <= limit for line in lines)
    assert re.sub("[- ]", "", "".join(lines)) == text.replace(" ", "")


def test_a_word_that_is_too_long_is_broken_with_a_hyphen() -> None:
    assert wrap("En kommunfullmäktigeledamot sa", letters, 12) == (
        "En",
        "kommunfullm-",
        "äktigeledam-",
        "ot sa",
    )


def test_lines_are_even_rather_than_full() -> None:
    assert wrap("När mitt namn står där, vill jag att", letters, 34) == (
        "När mitt namn står",
        "där, vill jag att",
    )


def test_what_there_is_no_room_for_ends_in_an_ellipsis() -> None:
    lines = fit("Ett mycket långt namn på ett klipp som ingen orkar läsa", "SemiBold", 40, 300, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(text_width(line, "SemiBold", 40) <= 300 for line in lines)
    assert fit("Kort", "SemiBold", 40, 300, 2) == ("Kort",)
    assert fit("", "SemiBold", 40, 300, 2) == ()
