"""HTML as a row of tags and texts, in time linear in its length whatever it holds.

The standard library's reader takes minutes for a megabyte of unclosed comments and raises on some
sections; trees of elements grow as deep as a hostile page likes. Here there is no tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avsnitt.formats.plain_text import unescape_html
from avsnitt.model.value import Value

TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])")
REST: Final = re.compile(r"""[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
LONGEST_QUOTED: Final = 2000
"""In a tag longer than that, a `>` in quotes ends it too."""

RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "iframe", "noscript", "xmp")
}
"""Elements in which a tag is just text (HTML, "Parsing HTML documents")."""

CLOSINGS: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">"))


class Token(Value, frozen=True, kw_only=True):
    """
    `tag` is a lower-case name, with `/` before that of an end tag, and `text` what else the tag
    says; without a `tag`, `text` is words with their character references read. `line` counts
    from 1.
    """

    line: int
    tag: str = ""
    text: str = ""


def html_tokens(page: str) -> Iterator[Token]:
    """Every tag and text. Comments, declarations and what scripts hold are passed over."""
    line, counted, at = 1, 0, 0
    while at < len(page):
        line, counted = line + page.count("\n", counted, at), at
        tag = TAG.match(page, at) if page[at] == "<" else None
        if tag is not None:
            end = _end_of_tag(page, tag.end())
            name = tag[1].lower()
            closing = page[at + 1] == "/"
            content = page[tag.end() : end - 1]
            yield Token(line=line, tag=f"/{name}" if closing else name, text=content)
            at = end if closing else _past_raw(page, name, end)
            continue
        begins, at = at, _past_declaration(page, at)
        if at == begins:
            at = page.find("<", begins + 1)
            at = len(page) if at < 0 else at
            yield Token(line=line, text=unescape_html(page[begins:at]))


def _end_of_tag(page: str, at: int) -> int:
    found = REST.match(page, at, at + LONGEST_QUOTED)
    if found is not None:
        return found.end()
    end = page.find(">", at)
    return len(page) if end < 0 else end + 1


def _past_raw(page: str, name: str, at: int) -> int:
    if name not in RAW:
        return at
    found = RAW[name].search(page, at)
    return len(page) if found is None else found.start()


def _past_declaration(page: str, at: int) -> int:
    """Past a comment or the like; where it is, when there is none."""
    for opening, closing in CLOSINGS:
        if page.startswith(opening, at):
            end = page.find(closing, at + len(opening))
            return len(page) if end < 0 else end + len(closing)
    return at
