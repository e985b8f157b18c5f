from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.content.markdown import absolute_links, find_images, render_markdown

LIMIT = 256 * 1024
HOSTILE = {
    "ampersands": "&",
    "angles": "<",
    "quotes in quotes": "> ",
    "open boxes": "<div>\n",
    "open boxes, shouted": "<DIV>\n",
    "lists in lists": "<ul><li>",
    "crossed tags": "<b><i></b>",
    "open tables": "<table>",
    "open links": '<a href="x">',
    "brackets": "[",
    "pictures": "![x](a.png) ",
    "stars": "*a_ ",
    "table rows": "|a|b|\n",
}


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("<style>p{}</style>", "p{}"),
        ('<iframe src="https://x.se"></iframe>', "iframe"),
        ('<p onclick="x()">a</p>', "onclick"),
        ("[a](javascript:alert(1))", "javascript"),
        ("[a](JaVaScRiPt:alert(1))", "cript:"),
        ("<a href='java&#x0A;script:alert(1)'>a</a>", "href"),
        ("[a](data:text/html;base64,x)", "data:"),
        ("![a](data:image/png;base64,x)", "data:"),
        ('<p style="position:fixed">a</p>', "style"),
        ("<form><input></form>", "input"),
        ("<svg><script>x</script></svg>", "svg"),
        ("<!-- hemligt -->", "hemligt"),
        ('<p id="main" class="x">a</p>', "id="),
        ('<object data="x"></object>', "object"),
        ('<base href="https://x.se/">', "base"),
        ('<meta http-equiv="refresh">', "meta"),
    ],
)
def test_what_could_hurt_a_reader_does_not_get_out(written: str, gone: str) -> None:
    assert gone.lower() not in render_markdown(f"Före {written} efter").lower()


def test_ordinary_notes_come_out_as_they_were_meant() -> None:
    assert render_markdown("**Fet** & [länk](https://exempel.se) <3") == (
        '<p><strong>Fet</strong> &amp; <a href="https://exempel.se">länk</a> &lt;3</p>'
    )
    assert "<td>1</td>" in render_markdown("|a|\n|-|\n|1|\n")
    assert render_markdown("~~bort~~") == "<p><del>bort</del></p>"
    assert render_markdown("") == ""


def test_a_page_has_only_one_first_heading_and_it_is_not_in_the_notes() -> None:
    assert render_markdown("# A\n\n## B") == "<h2>A</h2>\n<h2>B</h2>"
    assert "h1" not in render_markdown("<h1 title='x'>A</h1>")


def test_a_picture_of_ones_own_is_shown_where_it_is_published() -> None:
    shown = render_markdown('![En "katt" > b](katt.png)', {"katt.png": "../pictures/k-1.png"})
    assert shown == (
        '<p><img src="../pictures/k-1.png" alt="En &quot;katt&quot; &gt; b" loading="lazy"></p>'
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![En katt](https://x.se/k.png)", '<p><a href="https://x.se/k.png">En katt</a></p>'),
        ("![En katt](//x.se/k.png)", "<p>En katt</p>"),
        ("![En katt](borta.png)", "<p>En katt</p>"),
        ('<img src="http://x.se/k.png">', '<a href="http://x.se/k.png">http://x.se/k.png</a>'),
    ],
)
def test_a_picture_of_someone_elses_is_never_fetched(written: str, shown: str) -> None:
    assert render_markdown(written) == shown


def test_the_pictures_in_notes_are_found_once_each_in_order() -> None:
    text = '![a](b.png) ![c](a%20b.png) ![d](b.png) <img src="c&amp;d.png">'
    assert find_images(text) == ("b.png", "a%20b.png", "c&d.png")
    assert find_images("`![a](b.png)`") == ()


def test_a_feeds_links_are_whole() -> None:
    html = (
        '<a href="a.html">x</a><img src="../b.png"><a href="mailto:a@b.se">y</a><a href="#z">z</a>'
    )
    assert absolute_links(html, "https://podd.se/episodes/e.html") == (
        '<a href="https://podd.se/episodes/a.html">x</a><img src="https://podd.se/b.png">'
        '<a href="mailto:a@b.se">y</a><a href="https://podd.se/episodes/e.html#z">z</a>'
    )


def test_words_about_links_are_not_links() -> None:
    html = render_markdown('Skriv `<a href="x">` eller href="y".')
    assert absolute_links(html, "https://podd.se/") == html


def test_an_address_that_is_none_is_left_as_it_is() -> None:
    html = '<a href="//[x">a</a>'
    assert absolute_links(html, "https://podd.se/") == html


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_no_notes_take_long(piece: str) -> None:
    text = "|a|b|\n|-|-|\n" * piece.startswith("|") + piece * (LIMIT // len(piece))
    before = time.process_time()
    find_images(text)
    html = render_markdown(text)
    absolute_links(html, "https://podd.se/")
    assert time.process_time() - before < 6


def test_what_nests_deeper_than_anyone_means_is_shown_as_it_was_written() -> None:
    assert render_markdown("> " * 3000 + "a").startswith("<p>&gt; &gt;")
    assert render_markdown("> " * 30 + "a").startswith("<blockquote>")
    many = render_markdown("<div>x</div>\n\n" * 3000)
    assert many.count("<div>") == 3000


@given(st.lists(st.sampled_from([*"<>/\"'=&;:()[]!*_`#- \nabå", "script", "on", "href", "img "])))
def test_nothing_but_the_allowed_gets_out(pieces: list[str]) -> None:
    html = render_markdown("".join(pieces))
    for tag in re.findall(r"<([^>]*)>", html):
        assert not re.match(r"/?(script|style|iframe|object|h1)\b", tag)
        assert not re.search(r"\son\w*=", tag)
    absolute_links(html, "https://podd.se/")
