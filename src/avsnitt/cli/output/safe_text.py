"""Text from anywhere, made fit for a terminal. Pure.

A title may hold escape sequences that repaint the screen, or signs that turn the reading
direction so that a line says something else than it seems to ("Trojan Source", CVE-2021-42574).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TAB: Final = "    "
# Joiners, which make one emoji of several; everything else of these kinds is shown as its code.
_HARMLESS: Final = frozenset("\u200c\u200d")
_HARMFUL_KINDS: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\xa1-\xac\xae-\u05ff]")


def visible(text: str) -> str:
    """The text with every sign that a terminal would obey written as its code."""
    return _UNPRINTABLE.sub(_show, text)


def _show(match: re.Match[str]) -> str:
    sign = match[0]
    if sign == "\t":
        return TAB
    if sign in _HARMLESS or unicodedata.category(sign) not in _HARMFUL_KINDS:
        return sign
    return escaped(sign)


def escaped(sign: str) -> str:
    """`\\x1b`, `\\u202e`, `\\U000e0001`."""
    code = ord(sign)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def json_safe(text: str) -> str:
    """JSON text with the same signs as JSON's own escapes; they only occur inside strings."""
    return _UNPRINTABLE.sub(_json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    sign = match[0]
    if sign == "\n" or unicodedata.category(sign) not in _HARMFUL_KINDS:
        return sign
    code = ord(sign)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def width(text: str) -> int:
    """
    The number of columns of a terminal that a visible text takes (UAX #11: wide signs take
    two).
    """
    return sum(_sign_width(sign) for sign in text)


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign) or sign in _HARMLESS or "\ufe00" <= sign <= "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def shorten(text: str, columns: int) -> str:
    """At most so many columns, with an ellipsis where something was cut."""
    if len(text) * 2 <= columns or width(text) <= columns:
        return text
    kept, used = [], 1
    for sign in text:
        used += _sign_width(sign)
        if used > columns:
            break
        kept.append(sign)
    return "".join(kept) + "…"
