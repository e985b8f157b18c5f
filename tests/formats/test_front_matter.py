from __future__ import annotations

import contextlib
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.scaffold import render_episode_file, set_keys
from avsnitt.formats.front_matter import (
    BODY_LIMIT_BYTES,
    FRONT_MATTER_LIMIT_BYTES,
    FrontMatterError,
    locate,
    parse_front_matter,
    split_front_matter,
)
from avsnitt.formats.timecode import parse_time
from avsnitt.model.message import message

LINES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=80)
PIECES = (*"ab:-?[]{},&*!|>'\"%@`#<\\ \n\t0.~=å\0", "---\n", "...\n")
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def error(text: str) -> FrontMatterError:
    with pytest.raises(FrontMatterError) as caught:
        parse_front_matter(text)
    return caught.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("010", "010"),
        ("0o10", 8),
        ("1_000", "1_000"),
        ("2026-10-05", "2026-10-05"),
        ("2026-10-05 07:00", "2026-10-05 07:00"),
        ("true", True),
        ("12", 12),
        ("1.5", 1.5),
        ("~", None),
        ("", None),
        ("'12'", "12"),
        ("Society & Culture", "Society & Culture"),
        ("Vad nu!", "Vad nu!"),
    ],
)
def test_a_word_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    assert parse_front_matter(f"a: {written}\n") == {"a": meant}


def test_half_past_twelve_is_a_time_and_never_750() -> None:
    written = parse_front_matter("start: 12:30")["start"]
    assert isinstance(written, str)
    assert parse_time(written) == 750_000


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: &x 1", 2, 4),
        ("a: 1\nb: *x", 3, 4),
        ("a:\n  - !!python/object x", 3, 5),
        ("a: ! b", 2, 4),
        ("a: !", 2, 4),
        ("a: [&x 1]", 2, 5),
        ('{"a":&x b}', 2, 6),
        ("&x a: 1", 2, 1),
        ("<<: {a: 1}", 2, 1),
        ("a: {<<: b}", 2, 5),
        ("a: b\nc: *fet* text", 3, 4),
        ("a: |\n  &x\nb: &y 1", 4, 4),
    ],
)
def test_references_are_refused_where_they_stand(text: str, line: int, column: int) -> None:
    found = error(text)
    assert (found.code, found.line) == ("MATTER-006", line)
    assert abs(found.column - column) <= 1


def test_words_that_look_like_references_may_stand_in_running_text() -> None:
    text = "a: |\n  &x hej\n  *fet* text\n  !hej << nu\nb: 'x & *y'\n"
    assert parse_front_matter(text) == {"a": "&x hej\n*fet* text\n!hej << nu\n", "b": "x & *y"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3", 4),
        ("a: 1\n'a': 2", 3),
        ("p:\n- r: 1\n  s: 1\n- r: 2\n  s: 1\n  r: 3", 7),
        ("a: {b: 1, b: 2}", 2),
        ("b: 1\na:\n  b: 1\nc: 1\na: 2", 6),
    ],
)
def test_a_key_that_stands_twice_is_shown_the_second_time(text: str, line: int) -> None:
    found = error(text)
    assert (found.code, found.line) == ("MATTER-002", line)
    assert found.values["reason"] == message("front-matter.duplicate")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: b: c", 2, "colon"),
        ("a: 1\nb", 3, "no-colon"),
        ('a: "x\nb: 1\n', 2, "quote"),
        ("a:\n\t- b", 3, "sign"),
        ("\ta: b", 2, "sign"),
        ("a: @vera", 2, "sign"),
        ("a: [1,\nb: 2", 3, "bracket"),
        ('a: "\\q"', 2, "escape"),
        ("a: 1\n--- \nb: 2", 3, "documents"),
        ("a: 1\nb: \x07", 3, "unprintable"),
        ("a: 1\nb: A\u202eB", 3, "unprintable"),
        ('a: 1\nb: "\\0"', 3, "unprintable"),
        ('a: 1\nb: "\\uD800"', 3, "escape"),
        ("[a]: 1", 2, "key"),
        ("- a", 2, "not-a-mapping"),
        ("1: a", 2, "not-a-mapping"),
        ("a: " + "9" * 26, 2, "number"),
    ],
)
def test_a_slip_of_the_pen_has_its_line_and_a_reason(text: str, line: int, reason: str) -> None:
    found = error(text)
    assert found.code == "MATTER-002"
    assert (found.line, found.values["reason"]) == (line, message(f"front-matter.{reason}"))


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 40 + "]" * 40,
        "a: " + "[" * 60_000,
        "a: " + "{a: " * 15_000,
        "- " * 30_000,
        "? " * 30_000,
    ],
)
def test_what_is_nested_deep_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    assert error(text).code == "MATTER-007"
    assert time.process_time() - before < 5


def test_what_is_nested_deep_is_shown_where_it_becomes_too_deep() -> None:
    """By every version of libyaml: from 0.2.6 it has a limit of its own, beyond ours."""
    for depth in (40, 200, 999, 1001, 5000):
        found = error("a: 1\nb: " + "[" * depth + "]" * depth)
        assert (found.code, found.line, found.column) == ("MATTER-007", 3, 35)


def test_a_bomb_never_goes_off() -> None:
    names = "abcdefghijklmnopqrstuvwx"
    lines = ["a: &a [x, x, x]"]
    lines += [f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in itertools.pairwise(names)]
    assert error("\n".join(lines)).code == "MATTER-006"


def test_front_matter_and_notes_have_a_largest_size() -> None:
    for text in (
        f"---\na: {'x' * FRONT_MATTER_LIMIT_BYTES}\n---\n",
        f"---\na: 1\n---\n{'x' * (BODY_LIMIT_BYTES + 1)}",
    ):
        with pytest.raises(FrontMatterError) as caught:
            split_front_matter(text)
        assert caught.value.code == "FILE-003"


@pytest.mark.parametrize(
    "text", ["---\na: 1\n---\nHej.\n", "--- \na: 1\n...\n\nHej.\n\n", "---\na: 1\n---  \nHej."]
)
def test_a_file_is_parted_at_its_fences(text: str) -> None:
    yaml = split_front_matter(text)
    assert (parse_front_matter(yaml.text), yaml.body) == ({"a": 1}, "Hej.")


def test_windows_line_ends_change_nothing() -> None:
    yaml = split_front_matter("---\r\na: 1\r\nb: 12:30\r\n---\r\nHej.\r\n")
    assert parse_front_matter(yaml.text) == {"a": 1, "b": "12:30"}
    assert yaml.body == "Hej."


def test_empty_front_matter_is_still_front_matter() -> None:
    yaml = split_front_matter("---\n---\nHej.")
    assert (parse_front_matter(yaml.text), yaml.body) == ({}, "Hej.")


@pytest.mark.parametrize("text", ["", "Hej", "---\na: 1", "--\na: 1\n---\n", "\n---\na: 1\n---\n"])
def test_a_file_without_both_fences_is_reported(text: str) -> None:
    with pytest.raises(FrontMatterError) as caught:
        split_front_matter(text)
    assert (caught.value.code, caught.value.line) == ("MATTER-001", 1)


def test_a_place_is_that_of_the_value_however_deep() -> None:
    text = "title: x\nchapters:\n  - {start: a}\n  - start: b\n    url: y\n"
    assert locate(text, ("title",)) == (2, 1)
    assert locate(text, ("chapters", 0, "start")) == (4, 6)
    assert locate(text, ("chapters", 1, "url")) == (6, 5)
    assert locate(text, ("chapters", 1, "image")) == (5, 5)
    assert locate(text, ("guid",)) == (2, 1)


def test_lines_are_counted_as_editors_count_them() -> None:
    assert locate('a: "å\u2028  b\x85  c"\nb: 1', ("b",)) == (3, 1)


@given(st.one_of(st.text(max_size=200), YAMLISH))
def test_no_text_makes_the_parser_fall_over(text: str) -> None:
    for candidate in (text, f"a: {text}", f"a: 1\nb:\n  - {text}"):
        try:
            parse_front_matter(candidate)
        except FrontMatterError:
            continue
    with contextlib.suppress(FrontMatterError):
        split_front_matter(f"---\n{text}")


@given(title=LINES, summary=LINES)
def test_a_new_episode_says_what_it_was_given(title: str, summary: str) -> None:
    text = render_episode_file({"title": title, "summary": summary}, ("number: 1",), "Hej.")
    yaml = split_front_matter(text)
    assert parse_front_matter(yaml.text) == {"title": title, "summary": summary}
    assert yaml.body == "Hej."


@given(first=LINES, second=LINES, value=LINES)
def test_setting_a_key_leaves_the_others_as_they_were(first: str, second: str, value: str) -> None:
    text = render_episode_file({"title": first, "summary": second}, (), "Hej.")
    parsed = parse_front_matter(
        split_front_matter(set_keys(text, {"title": value, "sound": first})).text
    )
    assert parsed == {"title": value, "summary": second, "sound": first}


def test_setting_a_key_keeps_comments_order_and_blank_lines() -> None:
    text = "---\n# hej\ntitle: a\n\nstatus: planned\n---\nstatus: planned\n"
    assert set_keys(text, {"status": "recorded"}) == (
        "---\n# hej\ntitle: a\n\nstatus: recorded\n---\nstatus: planned\n"
    )
