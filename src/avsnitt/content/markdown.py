"""Notes in Markdown to HTML that is safe to publish.

CommonMark with tables and strikethrough, by pyromark; then an allow-list, by nh3: raw HTML is let
in by Markdown, and only what is listed here gets out. What changes that HTML afterwards (images,
absolute links) goes through `formats.html_tags`, which knows a tag from the words in an attribute.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from avsnitt.formats.html_tags import (
    edit_attributes,
    edit_tags,
    escape_in_attributes,
    find_tags,
    parse_attributes,
    tag_pattern,
)
from avsnitt.formats.plain_text import UNWRITABLE

_TAGS: Final = frozenset(
    """a abbr b bdi bdo blockquote br cite code dd del details dfn div dl dt em figcaption figure
    h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup
    table tbody td tfoot th thead time tr u ul var""".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}
_SCHEMES: Final = frozenset(("http", "https", "mailto", "tel"))
_ADDRESS = r'"(?:(?:https?|mailto|tel):[^"<>]*|[^":/?#<>]*(?:[/?#][^"<>]*)?)"'
"""An address with an allowed scheme, or with none: no colon before the path begins."""
_TITLE = r'(?: title="[^"<>]*")?'
_PLAIN_TAG = re.compile(
    r"</?(?:p|h[2-6]|em|strong|del|ul|ol|li|blockquote|pre|code|table|thead|tbody|tr|th|td)>"
    r"|</a>|<[bh]r />|<ol start=\"[0-9]+\">|<code class=\"language-[^\"<>]*\">"
    rf"|<a href={_ADDRESS}{_TITLE}>"
    rf"|<img src={_ADDRESS} alt=\"[^\"<>]*\"{_TITLE} />"
)
"""Every tag that Markdown itself writes, when its links are harmless."""
_CODE_LANGUAGE = re.compile(r'<code class="language-[^"<>]*">')
_UNCOUNTABLE = re.compile(r"&(?:#|lt|LT|nvlt)|\]:")
"""A `<` written in other words, or a definition, which may be shown many times."""
_UNWRITABLE_IN_VALUE = re.compile(f'="[^"{UNWRITABLE.pattern[1:-1]}]*+{UNWRITABLE.pattern}')
_IMAGE = tag_pattern("img")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_FLAT: Final = frozenset("br col hr img input li p tr td th dt dd wbr".split())
"""Elements that need not be closed, or close themselves, so that they do not nest."""
MANY_TAGS: Final = 2000
DEEPEST: Final = 200
_ADDRESSED = tag_pattern("a|img")
_ABSOLUTE: Final[dict[str, tuple[str, ...]]] = {
    "href": ("http:", "https:", "mailto:", "tel:"),
    "src": ("http:", "https:"),
}
"""The attributes that hold an address, and how one begins that is absolute already."""


@cache
def _cleaner() -> Any:
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


@cache
def _markdown() -> Any:
    import pyromark

    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
    return pyromark.Markdown(options=options)


def render_markdown(text: str, pictures: Mapping[str, str] | None = None) -> str:
    """
    Some Markdown as safe HTML. The page has its own h1, so an h1 in notes becomes an h2.

    `pictures` maps what the author wrote as an image's address to where it is published. Any
    other image becomes a link or its words: a page asks nothing of other people's machines.
    """
    if not text:
        return ""
    cleaned = _safe_html(text)
    if "<img" not in cleaned:
        return cleaned
    return edit_tags(cleaned, _IMAGE, lambda image: _render_image(image, pictures or {}))


def _safe_html(text: str) -> str:
    raw = _raw_html(text)
    if "<h1>" in raw:
        raw = raw.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    if _is_plain(text, raw):
        return _CODE_LANGUAGE.sub("<code>", raw).replace(" />", ">").strip()
    return escape_in_attributes(_sanitise(raw)).strip()


def _sanitise(raw: str) -> str:
    """
    The HTML that the allow-list lets through. A character in an attribute that no feed can carry is
    taken out, and then the list is asked again: `java&#1;script:` is no scheme until a feed leaves
    that character out.
    """
    cleaned = str(_cleaner().clean(raw))
    if not _UNWRITABLE_IN_VALUE.search(cleaned):
        return cleaned
    return str(_cleaner().clean(UNWRITABLE.sub("", cleaned)))


def _is_plain(text: str, raw: str) -> bool:
    """
    True when the sanitiser has nothing to do, which takes a fifth of its time to find out.

    It has nothing to do when every `<` in the HTML begins a tag of Markdown's own, with
    harmless addresses, and none of the author's got through as HTML, which might not be
    balanced.
    """
    if raw.count("<") != len(_PLAIN_TAG.findall(raw)):
        return False
    return "<" not in text or (
        raw.count("&lt;") == text.count("<") and not _UNCOUNTABLE.search(text)
    )


def _raw_html(text: str) -> str:
    """
    Render Markdown as HTML; what is nested deeper than anyone means is left as written.

    The cleaner's time grows with the square of the depth: 15 s at 50,000.
    """
    raw = str(_markdown().html(text))
    if raw.count("<") > MANY_TAGS and _depth(raw) > DEEPEST:
        return f"<p>{html.escape(text)}</p>"
    return raw


def _depth(raw: str) -> int:
    depth = deepest = 0
    for closes, name in _TAG.findall(raw.lower()):
        if name not in _FLAT:
            depth = max(0, depth - 1) if closes else depth + 1
            deepest = max(deepest, depth)
    return deepest


def find_images(text: str) -> tuple[str, ...]:
    """The addresses of the images in some Markdown, in order, each once."""
    if "![" not in text and "<img" not in text:
        return ()
    images = find_tags(_safe_html(text), _IMAGE)
    sources = (parse_attributes(image).get("src", "") for image in images)
    return tuple(dict.fromkeys(html.unescape(source) for source in sources if source))


def _render_image(image: str, pictures: Mapping[str, str]) -> str:
    found = parse_attributes(image)
    source, alt = found.get("src", ""), found.get("alt", "")
    published = pictures.get(html.unescape(source))
    if published is not None:
        return f'<img src="{html.escape(published)}" alt="{alt}" loading="lazy">'
    if source.startswith(("https://", "http://")):
        return f'<a href="{source}">{alt or source}</a>'
    return alt


def absolute_links(safe_html: str, base: str) -> str:
    """The same HTML with every relative address made absolute from `base`, as a feed needs."""
    from urllib.parse import urljoin

    def join(name: str, value: str) -> str:
        if name not in _ABSOLUTE or value.startswith(_ABSOLUTE[name]):
            return value
        try:
            return html.escape(urljoin(base, html.unescape(value)))
        except ValueError:  # such as http://[
            return value

    return edit_tags(safe_html, _ADDRESSED, lambda tag: edit_attributes(tag, join))
