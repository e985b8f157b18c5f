"""Notes that would turn words in an attribute into HTML: on the page and in the feed.

Two HTML parsers that share no code with what is tested read what a browser or a podcast app gets.
All is done twice: with the sanitiser as it is, and with one that leaves `<` and `>` in attributes
as they are, which the oldest version that may be installed does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from tests.support import feed_values

from avsnitt.content import markdown
from avsnitt.content.markdown import absolute_links, find_images, render_markdown
from avsnitt.feed.descriptions import item_texts
from avsnitt.formats.plain_text import UNWRITABLE, clean_text
from avsnitt.site.components import demote_headings
from avsnitt.site.images import ImageFiles, image_in_notes
from avsnitt.system.locales import read_strings

BASE = "https://podd.se/episodes/e.html"
WORDS = read_strings("sv", "feed")
PICTURES = {"a.jpg": "../pictures/a.jpg"}
SHOWN = {
    "../pictures/a.jpg": ImageFiles(
        width=2,
        height=1,
        files=(("pictures/a-1.jpg", 1), ("pictures/a.jpg", 2)),
        better=(("image/webp", (("pictures/a.webp", 2),)),),
    )
}
OURS = {
    "picture": set(),
    "source": {"type", "srcset", "sizes"},
    "img": {"loading", "srcset", "sizes", "decoding"},
}
"""What Avsnitt itself writes for an image on a page, beside what an author may write."""

SCRIPT = "<script>alert(1)</script>"
WRITTEN = (
    f'<img src="a.jpg" alt="a>{SCRIPT}">',
    f'<img src="a.jpg" title=">{SCRIPT}" alt="a>{SCRIPT}">',
    f'<img src="https://x.se/k.png" alt="a>{SCRIPT}">',
    f'<img src="https://x.se/k.png" alt="{SCRIPT}">',
    f'<img src="https://x.se/>{SCRIPT}">',
    f'<img src="gone.png" alt="{SCRIPT}">',
    f'<img alt="<img src=" src="a.jpg" title=">{SCRIPT}">',
    "<img src='a.jpg' alt='x\" onerror=\"alert(1)'>",
    '<img title=" src=" alt=" onerror=alert(1) " src="a.jpg">',
    f'![a>{SCRIPT}](https://x.se/k.png "x > {SCRIPT}")',
    f"![a>`{SCRIPT}`](a.jpg)",
    '<a title=" href=" hreflang=" onclick=alert(1) ">x</a>',
    '<a title=" href=" href=" onclick=alert(1) ">x</a>',
    '<a title=" src=" href=" autofocus onfocus=alert(1) ">x</a>',
    '<a lang=" href=">x</a>',
    '<a href="x" title=\'x" onerror="alert(1)\'>x</a>',
    f'<a href="x>{SCRIPT}">x</a>',
    f'<a href="https://x.se/?a=>{SCRIPT}">x</a>',
    f'<a title=">{SCRIPT}" href="x">x</a>',
    f"<a href='\"><img src=x onerror=alert(1)>' title='\">{SCRIPT}'>x</a>",
    f"<abbr title='<a href=\"x\">{SCRIPT}'>x</abbr>",
    '<abbr title="<a title= href=">x</abbr><abbr title=" onclick=alert(1) ">y</abbr>',
    f'<h1 title="><h2>{SCRIPT}">x</h1>',
    f'<h3 lang="<h2 ">x</h3><p dir="<h2>{SCRIPT}">y</p>',
    f'<td lang="</h2>{SCRIPT}">x',
    '<a href="java&#1;script:alert(1)">x</a>',
    '<a href="java\u202escript:alert(1)">x</a>',
    '<a href="&#xfdd0;javascript:alert(1)//[">x</a>',
    '<a href="//[x\'&quot; onclick=&quot;alert(1)">x</a>',
    f'`="`<abbr title="a>b">x</abbr> ="{SCRIPT}',
)

PIECES = (
    *"<>\"'= /&;abå\n",
    " href=",
    " src=",
    " alt=",
    " title=",
    " onerror=alert(1) ",
    " loading=",
    "lazy",
    "<img src=",
    "<a href=",
    "<h2",
    "</a>",
    "-->",
    SCRIPT,
    "a.jpg",
    "https://x.se/",
    "javascript:alert(1)",
    "java&#1;script:alert(1)",
    "&quot;",
    "&lt;",
    "&amp;",
    "&#x202e;",
)
values = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
named_values = st.tuples(
    st.sampled_from(["href", "src", "alt", "title", "hreflang", "lang", "onclick", "loading"]),
    st.one_of(st.just("a.jpg"), values),
    st.sampled_from("\"'"),
)


REFERENCES = {'"': "&quot;", "'": "&#39;"}


def _write(tag: tuple[str, list[tuple[str, str, str]]]) -> str:
    name, attributes = tag
    written = (
        f" {key}={quote}{value.replace(quote, REFERENCES[quote])}{quote}"
        for key, value, quote in attributes
    )
    return f"<{name}{''.join(written)}>"


hostile_tags = st.tuples(
    st.sampled_from(["a", "img", "h1", "h2", "h4", "abbr", "p", "b", "td", "q"]),
    st.lists(named_values, max_size=4),
).map(_write)
hostile_notes = st.lists(
    st.one_of(hostile_tags, hostile_tags, values, st.sampled_from(WRITTEN)), max_size=5
).map("x ".join)


class _LenientCleaner:
    """A sanitiser that leaves `<` and `>` in attributes as they are."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean

    def clean(self, raw: str) -> str:
        return re.sub(
            r"<[^<>]*>",
            lambda tag: "<" + tag[0][1:-1].replace("&lt;", "<").replace("&gt;", ">") + ">",
            self._clean(raw),
        )


@pytest.fixture(params=["sanitiser", "lenient sanitiser"], autouse=True)
def sanitiser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "lenient sanitiser":
        lenient = _LenientCleaner(markdown._cleaner().clean)
        monkeypatch.setattr(markdown, "_cleaner", lambda: lenient)


def _page_html(text: str) -> str:
    return demote_headings(image_in_notes(render_markdown(text, PICTURES), "../", SHOWN))


def _feed_html(text: str, base: str = BASE) -> str:
    return clean_text(absolute_links(render_markdown(text, PICTURES), base))


def _item_html(text: str) -> tuple[str, str]:
    """What stands in `<description>` and in `<content:encoded>` of an episode with these notes."""
    plain = feed_values.episode(1, question="", summary="")
    made = item_texts(plain, absolute_links(render_markdown(text, PICTURES), BASE), WORDS)
    return clean_text(made.synopsis), clean_text(made.whole)


def _elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """By lxml's parser: every element below the whole, with its attributes."""
    whole = lxml_html.fragment_fromstring(UNWRITABLE.sub("\ufffd", html), create_parent="div")
    return [(str(one.tag), {str(k): str(v) for k, v in one.attrib.items()}) for one in whole.iter()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.elements.append((f"<!{data}", {}))

    handle_decl = handle_pi = unknown_decl = handle_comment


def _elements_by_python(html: str) -> list[tuple[str, dict[str, str]]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.elements


def _not_allowed(html: str) -> list[str]:
    """What the parsers find that the sanitiser does not let through and Avsnitt does not write."""
    return [
        wrong
        for name, attributes in (*_elements(html)[1:], *_elements_by_python(html))
        for wrong in _not_allowed_in(name, attributes)
    ]


def _not_allowed_in(name: str, attributes: dict[str, str]) -> Iterator[str]:
    if name not in markdown._TAGS and name not in OURS:
        yield name
    allowed = markdown._ATTRIBUTES.get(name, set()) | markdown._ATTRIBUTES["*"]
    for attribute, value in attributes.items():
        if attribute not in allowed | OURS.get(name, set()):
            yield f"{name} {attribute}"
        scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
        if attribute in ("href", "src") and scheme and scheme[1].lower() not in markdown._SCHEMES:
            yield f"{name} {value}"


@pytest.mark.parametrize("text", WRITTEN)
def test_words_in_an_attribute_never_become_html(text: str) -> None:
    for written in (text, f"{text} och {text}", f"# R\n\n- {text}\n\n{text}"):
        assert _not_allowed(_page_html(written)) == []
        assert _not_allowed(_feed_html(written)) == []
        assert _not_allowed(_feed_html(written, base="")) == []
        for html in _item_html(written):
            assert _not_allowed(html) == []


def test_what_the_author_wrote_in_an_attribute_is_still_there() -> None:
    link = '<a title=" href=<b>" href="x>y">x</a>'
    image = '<img src="a.jpg" alt="a>b &quot;<c>&quot;">'
    shown = dict(_elements(_page_html(f"{link} {image}")))
    assert shown["a"] == {"title": " href=<b>", "href": "x>y"}
    assert shown["img"]["alt"] == 'a>b "<c>"'


def test_the_words_of_an_image_elsewhere_are_shown_as_they_were_written() -> None:
    html = _page_html(f'<img src="https://x.se/k.png" alt="a > {SCRIPT}">')
    (link,) = lxml_html.fragment_fromstring(html, create_parent="div")
    assert (link.tag, link.text) == ("a", f"a > {SCRIPT}")


def test_an_address_in_another_attribute_stays_as_it_is() -> None:
    html = absolute_links(render_markdown('<a title=" href=" href="x">y</a>'), BASE)
    assert html == '<p><a title=" href=" href="https://podd.se/episodes/x">y</a></p>'


def test_an_image_in_an_attribute_is_not_asked_for() -> None:
    assert find_images('<abbr title="<img src=">x</abbr><img title=" src=" src="a>b.jpg">') == (
        "a>b.jpg",
    )


def test_a_heading_in_an_attribute_moves_no_heading() -> None:
    html = _page_html('<h2 lang="<h4>">a</h2>\n\n<p lang="<h2 <h3">b</p>\n\n<h3>c</h3>')
    assert [name for name, _ in _elements(html)[1:]] == ["h3", "p", "h4"]
    assert [one.get("lang") for _, one in _elements(html)[1:]] == ["<h4>", "<h2 <h3", None]


def test_a_scheme_is_not_hidden_by_a_character_that_a_feed_leaves_out() -> None:
    html = _feed_html('<a href="java&#1;script:alert(1)">x</a> [y](tel:1)', base="")
    assert [one for _, one in _elements(html)[2:]] == [{}, {"href": "tel:1"}]


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hostile_notes)
def test_no_notes_become_html_that_was_not_let_through(text: str) -> None:
    assert _not_allowed(_page_html(text)) == []
    assert _not_allowed(_feed_html(text)) == []
    assert _not_allowed(_feed_html(text, base="")) == []
    for html in _item_html(text):
        assert _not_allowed(html) == []


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hostile_notes)
def test_a_feed_changes_addresses_and_nothing_else(text: str) -> None:
    safe = render_markdown(text, PICTURES)
    assert _elements_by_python(absolute_links(safe, BASE)) == [
        (name, {key: _joined(key, value) for key, value in attributes.items()})
        for name, attributes in _elements_by_python(safe)
    ]


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hostile_notes)
def test_a_page_changes_levels_of_headings_and_nothing_else(text: str) -> None:
    safe = render_markdown(text, PICTURES)

    def leveled(html: str) -> list[tuple[Any, ...]]:
        return [(re.sub(r"^h\d$", "h", name), one) for name, one in _elements_by_python(html)]

    assert leveled(demote_headings(safe)) == leveled(safe)


def _joined(name: str, value: str) -> str:
    if name not in ("href", "src") or re.match(r"https?:|mailto:|tel:", value):
        return value
    try:
        return urljoin(BASE, value)
    except ValueError:
        return value
