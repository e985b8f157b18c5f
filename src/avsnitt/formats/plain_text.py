"""Plain text: what XML 1.0 can carry, and the words inside some HTML."""

from __future__ import annotations

import html
import re
from typing import Final

UNWRITABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
"""Control characters, halves of pairs and noncharacters (XML 1.0, 2.2 "Characters", and the
ranges its note asks authors to avoid), and the signs that turn the direction of text."""

NEWLINES: Final = re.compile("\r\n?")
GAPS: Final = re.compile("[ \t\r\n\u2028\u2029]+")
BLOCK_ENDS: Final = re.compile(r"</(?:p|li|h[1-6]|div|blockquote|tr|pre|dd|dt)>|<br ?/?>")


TAG: Final = re.compile(r'<[^"<>]*(?:"[^"]*"[^"<>]*)*>')
"""A tag as a sanitiser writes it: every attribute in double quotes, which may hold `>`."""

LONG_REFERENCE: Final = re.compile("&#[xX]?[0-9a-fA-F]{9,};?")


def clean_text(text: str) -> str:
    """Text that every XML parser takes: unwritable characters gone, `\\n` for each line's end,
    no space around it. Nothing else is changed."""
    if text.replace("\n", "").replace("\xa0", "").isprintable():
        return text.strip()  # nothing unwritable is printable, and this is ten times faster
    return UNWRITABLE.sub("", NEWLINES.sub("\n", text)).strip()


def clean_line(text: str) -> str:
    """The same on one line: line ends, tabs and runs of spaces become a space. A no-break space
    stays, since it means something in `10 000`."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    spaced = text.replace("\x0b", " ").replace("\x0c", " ")
    return GAPS.sub(" ", UNWRITABLE.sub("", spaced)).strip()


def escape_html(text: str) -> str:
    """Text as HTML text: for elements, not for attributes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape_html(text: str) -> str:
    """HTML's character references as characters. A number longer than any character's is U+FFFD:
    Python would refuse to read it (`int`, "integer string conversion length limitation")."""
    return html.unescape(LONG_REFERENCE.sub("\ufffd", text)) if "&" in text else text


def strip_markup(safe_html: str) -> str:
    """The words of some HTML that a sanitiser wrote, one paragraph a line."""
    words = unescape_html(TAG.sub("", BLOCK_ENDS.sub("\n", safe_html)))
    lines = words.split("\n")
    if "  " in words or not "".join(lines).isprintable():
        lines = [clean_line(line) for line in lines]
    return "\n".join([kept for line in lines if (kept := line.strip())])


def shorten(text: str, most: int) -> str:
    """No more than `most` characters, cut between words where there are words, with `…`."""
    if len(text) <= most:
        return text
    if most <= 0:
        return ""
    cut = text[: most - 1]
    words = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return f"{words.rstrip(' .,;:–-')}…"
