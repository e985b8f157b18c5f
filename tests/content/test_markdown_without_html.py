"""Plain notes skip the sanitiser: nothing may come through that it would have stopped."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from avsnitt.content import markdown

TRAPS = (
    "[x](javascript:alert(1))",
    "[y](&#106;avascript:x)",
    "[v](javascript&colon;x)",
    "[u](%6aavascript:x)",
    "[t](java\\script:x)",
    "[s](JaVaScRiPt:x)",
    "[r](vbscript:x)",
    "![z](data:text/html,x)",
    "![å](x.png 'ti\"t')",
    "[a](x:y)",
    "[b](//e.se)",
    "[q][1]\n\n[1]: javascript:x 'ti\"t'",
    "```js onclick=x\nq\n```",
    "| a | b |\n|:-|-:|\n| 1 | 2 |",
    "# r",
    "- a",
    "&lt;script&gt;",
    "&#60;script>x",
    "http://x.se/?a=1&b=2",
    "`a <b> c`",
    "```html\n<script>x</script>\n```",
    "<script>x</script>",
    "<a href='javascript:x'>x</a>",
    '<a href="https://e.se" onclick="x">x</a>',
    '<code class="language-x">',
    "</p></div>",
    "<https://e.se/>",
    "a < b",
    '[d][2] [d][2]\n\n[2]: /u "a<b"',
    '<img src=x onerror="y">',
    "<p>",
)

markdowns = st.one_of(
    st.text(alphabet="ab []()!*_#`<>-|:&;\\\n\t\"'~+=jscript.x/019åö\u00a0%@{}^", max_size=120),
    st.text(max_size=80),
    st.lists(st.sampled_from(TRAPS), max_size=6).map("\n\n".join),
    st.lists(st.sampled_from(TRAPS), max_size=4).map(" ".join),
)


class CheckOne(HTMLParser):
    """An HTML parser of Python's own, which shares no code with what is judged."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.guilty: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = markdown._ATTRIBUTES.get(tag, set()) | markdown._ATTRIBUTES["*"]
        if tag not in markdown._TAGS:
            self.guilty.append(tag)
        for name, value in attrs:
            if name not in allowed:
                self.guilty.append(f"{tag} {name}")
            scheme = re.match(r"\s*([\w+.-]+):", unescape(value or ""))
            if name in ("href", "src") and scheme and scheme[1].lower() not in markdown._SCHEMES:
                self.guilty.append(value or "")

    def handle_comment(self, data: str) -> None:
        self.guilty.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@settings(max_examples=500, deadline=None)
@given(markdowns)
def test_nothing_comes_through_that_is_not_on_the_list(text: str) -> None:
    check_one = CheckOne()
    check_one.feed(markdown.render_markdown(text))
    check_one.close()
    assert check_one.guilty == []


@settings(max_examples=500, deadline=None)
@given(markdowns)
def test_the_sanitiser_would_have_said_the_same(text: str) -> None:
    raw = markdown._markdown().html(text)
    demoted = raw.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = markdown._cleaner().clean
    assert clean(markdown._safe_html(text)).strip() == clean(demoted).strip()
