"""Changes to single tags of sanitised HTML; all that is not a changed tag stays byte for byte.

A sanitiser writes every tag as `<name attribute="value">`, and `<` and `>` in text as references.
In a value it may leave them as they are (nh3 before 0.3.7 does), and a value may also say `href=`
or `<img`. A search for `<img[^>]*>` or for `href="` then finds what is no tag and no attribute, and
a change there ends a value too early: its rest becomes live HTML. So every change here begins with
HTML in which `<` and `>` do nothing but begin and end a tag (`escape_in_attributes`), and reads the
attributes of a tag from the first to the last. Time is linear in the length.

For HTML that no sanitiser wrote there is `html_tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_TAG_OR_ANGLE: Final = re.compile(r'(</?[a-z][a-z0-9]*)((?: [a-z-]+="[^"]*+")*+)>|[<>]')
_PERHAPS_UNESCAPED: Final = re.compile(r'="[^"<>]*+[<>]')
"""Found in all HTML with a `<` or `>` in a value, and in some without. It is asked first, since it
takes a fraction of the time that reading every tag takes."""

_ATTRIBUTE: Final = re.compile(r'([^\s"=]+)="([^"]*)"')


def tag_pattern(names: str) -> re.Pattern[str]:
    """
    The pattern of tags for `find_tags` and `edit_tags`. `names` is a regular expression without
    groups for the names of tags; that of an end tag begins with `/`.
    """
    return re.compile(rf"<(?:{names})(?=[ >])[^<>]*>")


def find_tags(safe_html: str, tags: re.Pattern[str]) -> list[str]:
    """Every tag of those names, in order, as it is written. `tags` comes from `tag_pattern`."""
    return tags.findall(escape_in_attributes(safe_html))


def edit_tags(safe_html: str, tags: re.Pattern[str], edit: Callable[[str], str]) -> str:
    """The same HTML with what `edit` returns in place of each tag. `tags` as in `find_tags`."""
    return tags.sub(lambda found: edit(found[0]), escape_in_attributes(safe_html))


def escape_in_attributes(safe_html: str) -> str:
    """The same HTML, in which every `<` begins a tag and every `>` ends one."""
    if not _PERHAPS_UNESCAPED.search(safe_html):
        return safe_html
    return _TAG_OR_ANGLE.sub(_escape_angles, safe_html)


def _escape_angles(found: re.Match[str]) -> str:
    start, attributes = found.groups()
    if start is None:
        return "&lt;" if found[0] == "<" else "&gt;"
    return f"{start}{attributes.replace('<', '&lt;').replace('>', '&gt;')}>"


def parse_attributes(tag: str) -> dict[str, str]:
    """Names and values of a tag. Values stay as they are written, with character references."""
    return dict(_ATTRIBUTE.findall(tag))


def edit_attributes(tag: str, edit: Callable[[str, str], str]) -> str:
    """
    The same tag, each attribute with the value that `edit` returns for its name and value. Values
    are HTML, before and after: what `edit` returns has no `"`, `<` or `>`.
    """
    return _ATTRIBUTE.sub(lambda found: f'{found[1]}="{edit(found[1], found[2])}"', tag)
