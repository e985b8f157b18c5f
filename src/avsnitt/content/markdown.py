"""Notes in Markdown to HTML that is safe to publish.

CommonMark with tables and strikethrough, by pyromark; then an allow-list, by nh3,
always last: raw HTML is let in by Markdown, and only what is listed here gets out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

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
_IMAGE = re.compile(r"<img\b[^>]*?>")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_FLAT: Final = frozenset("br col hr img input li p tr td th dt dd wbr".split())
"""What need not be closed, or closes itself, so that it does not nest."""
MANY_TAGS: Final = 2000
DEEPEST: Final = 200
_RELATIVE = (
    re.compile(r' (href)="(?!https?:|mailto:|tel:)([^"]*)"'),
    re.compile(r' (src)="(?!https?:)([^"]*)"'),
)
_ADDRESSED = re.compile(r"<(?:a|img)\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')


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
    return _IMAGE.sub(lambda image: _render_image(image[0], pictures or {}), cleaned)


def _safe_html(text: str) -> str:
    raw = _raw_html(text)
    if "<h1>" in raw:
        raw = raw.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    if _is_plain(text, raw):
        return _CODE_LANGUAGE.sub("<code>", raw).replace(" />", ">").strip()
    return str(_cleaner().clean(raw)).strip()


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
    images = _IMAGE.findall(_safe_html(text))
    sources = (dict(_ATTRIBUTE.findall(image)).get("src", "") for image in images)
    return tuple(dict.fromkeys(html.unescape(source) for source in sources if source))


def _render_image(image: str, pictures: Mapping[str, str]) -> str:
    found: dict[str, str] = dict(_ATTRIBUTE.findall(image))
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

    def join(found: re.Match[str]) -> str:
        try:
            address = urljoin(base, html.unescape(found[2]))
        except ValueError:  # such as http://[
            return found[0]
        return f' {found[1]}="{html.escape(address)}"'

    def in_tag(tag: re.Match[str]) -> str:
        inner = tag[0]
        for pattern in _RELATIVE:
            inner = pattern.sub(join, inner)
        return inner

    return _ADDRESSED.sub(in_tag, safe_html)
