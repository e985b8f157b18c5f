"""Changes to single tags: an attribute that says a tag is no tag."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from avsnitt.formats.html_tags import (
    edit_attributes,
    edit_tags,
    escape_in_attributes,
    find_tags,
    parse_attributes,
    tag_pattern,
)

LINKS = tag_pattern("a|img")

texts = st.text(alphabet="<>/=' &;aimghref\n\u00e5")
values = st.lists(
    st.sampled_from(["<", ">", "'", "&quot;", "&amp;", "=", " ", " href=", " x=", "<img src=", "å"])
).map("".join)
attributes = st.dictionaries(st.sampled_from(["href", "title", "src", "lang"]), values, max_size=3)
tags = st.tuples(st.sampled_from(["a", "img", "p", "abbr", "b"]), attributes)


def _write(name: str, values: dict[str, str]) -> str:
    attributes = [f' {key}="{value}"' for key, value in values.items()]
    return f"<{name}{''.join(attributes)}>"


def test_a_tag_is_changed_and_all_else_stays() -> None:
    html = '<p>a = "b"</p> <a href="x">y</a> <abbr title="z">å</abbr><hr>'
    changed = edit_tags(html, LINKS, str.upper)
    assert changed == '<p>a = "b"</p> <A HREF="X">y</a> <abbr title="z">å</abbr><hr>'


@pytest.mark.parametrize(
    "html",
    ['<abbr title="<img src=a>">x</abbr>', '<p lang="<a >">x</p>', "<p>&lt;a href=x&gt;</p>"],
)
def test_an_attribute_that_says_a_tag_is_no_tag(html: str) -> None:
    assert find_tags(html, LINKS) == []


def test_a_tag_ends_after_its_last_attribute() -> None:
    (tag,) = find_tags('<img src="a.png" alt="a><b>c"> d', LINKS)
    assert tag == '<img src="a.png" alt="a&gt;&lt;b&gt;c">'
    assert parse_attributes(tag) == {"src": "a.png", "alt": "a&gt;&lt;b&gt;c"}


def test_a_value_that_says_an_attribute_is_no_attribute() -> None:
    tag = '<a title=" href=" href="x" lang=" src=">'
    assert parse_attributes(tag) == {"title": " href=", "href": "x", "lang": " src="}
    seen = []
    assert edit_attributes(tag, lambda name, value: seen.append(name) or value) == tag
    assert seen == ["title", "href", "lang"]


def test_a_name_is_the_whole_name() -> None:
    assert find_tags('<abbr><article><a title="b">c</a>', LINKS) == ['<a title="b">']
    assert find_tags("<p>a</p></pre>", tag_pattern("/?p")) == ["<p>", "</p>"]


@given(st.lists(st.tuples(tags, texts.map(lambda text: text.replace("<", "").replace(">", "")))))
def test_every_tag_is_found_with_every_value(parts: list) -> None:
    html = "".join(_write(*tag) + text for tag, text in parts)
    escaped = escape_in_attributes(html)
    found = find_tags(html, LINKS)
    assert [parse_attributes(tag) for tag in found] == [
        {key: value.replace("<", "&lt;").replace(">", "&gt;") for key, value in values.items()}
        for (name, values), _ in parts
        if name in ("a", "img")
    ]
    assert escaped.count("<") == escaped.count(">") == len(parts)
    assert edit_tags(html, LINKS, lambda tag: edit_attributes(tag, lambda _, value: value)) == (
        escaped
    )


@given(tags)
def test_escaping_changes_no_value(tag: tuple[str, dict[str, str]]) -> None:
    written = _write(*tag)
    before, after = (
        lxml_html.fragment_fromstring(html, create_parent="div")
        for html in (written, escape_in_attributes(written))
    )
    assert [(one.tag, dict(one.attrib)) for one in before.iter()] == [
        (one.tag, dict(one.attrib)) for one in after.iter()
    ]


@given(st.text(alphabet="<>\"'= /abhref\n", max_size=200))
def test_whatever_it_is_given_an_angle_only_begins_or_ends_a_tag(text: str) -> None:
    html = f'<a title="<">{text}'
    rest = escape_in_attributes(html)
    for tag in tag_pattern("/?[a-z][a-z0-9]*").findall(rest):
        rest = rest.replace(tag, "", 1)
    assert "<" not in rest
    assert ">" not in rest


@pytest.mark.parametrize("piece", ['<a title="', '<a title="<"', "<a ", '="', '<a b="" ', "<", '"'])
def test_no_text_takes_long(piece: str) -> None:
    html = piece * (512 * 1024 // len(piece)) + '="<'
    before = time.process_time()
    edit_tags(html, LINKS, lambda tag: edit_attributes(tag, lambda _, value: value))
    assert time.process_time() - before < 3
