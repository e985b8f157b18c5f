"""The small decisions behind a page."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import site_values

from avsnitt.formats.transcripts.turns import PARAGRAPH_CHARACTERS
from avsnitt.model.selection import coming, published
from avsnitt.model.show import Chapter, Cue
from avsnitt.site.components import demote_headings
from avsnitt.site.layout import encode_json_ld
from avsnitt.site.sharing import mail
from avsnitt.site.transcripts import sections
from avsnitt.site.wording import (
    excerpt,
    initials,
    iso_duration,
    linkable,
    seconds,
    spell_label,
    spell_minutes,
    spell_role,
    spell_size,
)
from avsnitt.system.locales import read_strings

SV = read_strings("sv", "site", "time")
EN = read_strings("en", "site", "time")

cues = st.lists(
    st.tuples(st.integers(0, 400_000), st.text(max_size=30), st.sampled_from(["", "A", "B"])),
    max_size=40,
).map(
    lambda rows: tuple(
        Cue(start_ms=start, end_ms=start + 1, text=text, speaker=speaker)
        for start, text, speaker in sorted(rows)
    )
)
chapters = st.lists(st.integers(0, 400_000), max_size=6, unique=True).map(
    lambda starts: tuple(Chapter(start_ms=start, title=f"c{start}") for start in sorted(starts))
)


@given(cues, chapters)
def test_a_transcript_keeps_every_word_in_order_and_every_id_once(
    given_cues: tuple[Cue, ...], given_chapters: tuple[Chapter, ...]
) -> None:
    made = sections(given_cues, given_chapters)
    paragraphs = [p for section in made for turn in section.turns for p in turn.paragraphs]
    spoken = " ".join(" ".join(cue.text.split()) for cue in given_cues).split()
    assert " ".join(p.text for p in paragraphs).split() == spoken
    ids = [p.id for p in paragraphs if p.id] + [s.id for s in made if s.id]
    assert len(ids) == len(set(ids))
    assert [s.heading for s in made if s.id] == [c.title for c in given_chapters]


def test_a_long_turn_is_cut_at_a_finished_sentence() -> None:
    talk = tuple(
        Cue(start_ms=i * 1000, end_ms=i * 1000 + 1, text="Ett ord till.", speaker="A")
        for i in range(100)
    )
    (section,) = sections(talk, ())
    (turn,) = section.turns
    assert len(turn.paragraphs) > 2
    assert all(p.text.endswith(".") for p in turn.paragraphs)
    assert all(len(p.text) < PARAGRAPH_CHARACTERS + 20 for p in turn.paragraphs)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p>", "<p>x</p>"),
        ("<h1>a</h1><h2>b</h2>", "<h3>a</h3><h4>b</h4>"),
        ("<h2 id='x'>a</h2><h4>b</h4><h2>c</h2>", "<h3 id='x'>a</h3><h4>b</h4><h3>c</h3>"),
        ("<h3>a</h3><h2>b</h2><h3>c</h3>", "<h3>a</h3><h3>b</h3><h4>c</h4>"),
        ("<hr><header>", "<hr><header>"),
    ],
)
def test_an_authors_headings_follow_the_pages(html: str, expected: str) -> None:
    assert demote_headings(html) == expected


@given(st.lists(st.integers(1, 6), max_size=12))
def test_demoted_headings_never_skip_a_level(levels: list[int]) -> None:
    html = demote_headings("".join(f"<h{n}>x</h{n}>" for n in levels))
    made = [2, *(int(n) for n in re.findall(r"<h(\d)", html))]
    assert all(after <= before + 1 for before, after in pairwise(made))
    assert re.findall(r"<h(\d)", html) == re.findall(r"</h(\d)", html)


@pytest.mark.parametrize("url", ["https://a.se/", "HTTP://a.se", "mailto:a@b.se"])
def test_an_ordinary_address_may_be_linked(url: str) -> None:
    assert linkable(url) == url


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "//a.se", "a.html", ""]
)
def test_any_other_address_is_not_linked(url: str) -> None:
    assert linkable(url) == ""


@given(st.text())
def test_json_can_never_leave_its_script(text: str) -> None:
    made = encode_json_ld({"x": text})
    assert not set("<>&") & set(made)
    assert msgspec.json.decode(made)["x"] == text


def test_numbers_are_spelt_as_readers_write_them() -> None:
    assert spell_size(28_400_000, "sv") == "28,4\u00a0MB"
    assert spell_size(28_400_000, "en") == "28.4\u00a0MB"
    assert spell_size(999, "sv") == "999\u00a0B"
    assert spell_size(2_000_000_000, "sv") == "2\u00a0GB"
    assert spell_minutes(1, SV) == "1 minut"
    assert spell_minutes(1_920_000, EN) == "32 minutes"
    assert iso_duration(3_725_000) == "PT1H2M5S"
    assert iso_duration(0) == "PT0S"
    assert seconds(754_250) == "754.25"
    assert seconds(12_345_678_900) == "12345678.9"


def test_roles_are_translated_and_unknown_ones_stand() -> None:
    assert spell_role("Fact Checker", SV) == "Faktagranskning"
    assert spell_role("co-host", EN) == "Co-host"
    assert spell_role("kaffekokare", SV) == "Kaffekokare"
    assert spell_role("", SV) == ""


def test_labels_say_what_an_episode_is() -> None:
    episode = site_values.short_episode("x", "x", 4)
    assert spell_label(episode, SV) == "Avsnitt 4"
    assert spell_label(msgspec.structs.replace(episode, season=2), SV) == "Säsong 2, avsnitt 4"
    assert spell_label(msgspec.structs.replace(episode, type="trailer"), SV) == "Trailer"
    assert spell_label(msgspec.structs.replace(episode, number=None), EN) == "Episode"


def test_names_without_letters_have_no_initials() -> None:
    assert initials("Anna-Lena von Östlund") == "AÖ"
    assert initials("Bo") == "B"
    assert initials("🎙 !") == ""


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("ett två tre", 8) == "ett två…"
    assert excerpt("ett\n två", 80) == "ett två"


def test_a_subject_is_added_to_a_mail_address_only() -> None:
    assert mail("mailto:a@b.se", "Å & b") == "mailto:a@b.se?subject=%C3%85%20%26%20b"
    assert mail("https://b.se/kontakt", "x") == "https://b.se/kontakt"
    assert mail("", "x") == ""


def test_what_comes_first_is_the_lowest_number() -> None:
    show = site_values.swedish_show()
    turned = msgspec.structs.replace(show, episodes=show.episodes[::-1])
    assert coming(show) == coming(turned)
    assert published(show)[0].slug == "fragan-fore-svaret"
