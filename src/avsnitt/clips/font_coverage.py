"""The letters that the font of the audiograms has, and text laid in lines of a width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

Measure = Callable[[str], float]
"""The width of a text, in the unit of the limit that it is held to."""

COVERED: Final = (
    (0x20, 0x7E),
    (0xA0, 0x148),
    (0x14A, 0x17F),
    (0x218, 0x21B),
    (0x2C6, 0x2C6),
    (0x2DA, 0x2DA),
    (0x2DC, 0x2DC),
    (0x300, 0x304),
    (0x308, 0x308),
    (0x30A, 0x30A),
    (0x30C, 0x30C),
    (0x401, 0x401),
    (0x404, 0x404),
    (0x406, 0x407),
    (0x40E, 0x44F),
    (0x451, 0x451),
    (0x454, 0x454),
    (0x456, 0x457),
    (0x490, 0x491),
    (0x1E80, 0x1E85),
    (0x1E9E, 0x1E9E),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202F, 0x202F),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)
"""The first and the last of each range of characters that are in `fonts/`."""
_KNOWN: Final = frozenset(code for first, last in COVERED for code in range(first, last + 1))

HYPHEN: Final = "-"


def drawable(text: str) -> str:
    """
    The text on one line, composed, without what the font has no letters for (emoji, other
    scripts), which would be drawn as empty boxes.
    """
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    kept = "".join(one if ord(one) in _KNOWN else " " if one.isspace() else "" for one in composed)
    return " ".join(filter(None, kept.split(" ")))


def missing(text: str) -> tuple[str, ...]:
    """The characters that cannot be drawn, each once, in the order they come."""
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    lost = (one for one in composed if ord(one) not in _KNOWN and not one.isspace())
    return tuple(dict.fromkeys(one for one in lost if unicodedata.category(one)[0] not in "CM"))


def wrap(text: str, measure: Measure, limit: float) -> tuple[str, ...]:
    """
    As few lines as hold the text, as even as they can be. A word wider than a line is broken.
    """
    words = [piece for word in text.split(" ") if word for piece in _pieces(word, measure, limit)]
    lines = _fill(words, measure, limit)
    low, high = limit / 2, limit
    for _ in range(8):
        middle = (low + high) / 2
        tried = _fill(words, measure, middle)
        if len(tried) > len(lines) or any(measure(line) > middle for line in tried):
            low = middle
        else:
            high = middle
    return tuple(_fill(words, measure, high))


def _fill(words: list[str], measure: Measure, limit: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(word: str, measure: Measure, limit: float) -> Iterator[str]:
    """A word that fits, or the parts of one that does not, each but the last with a hyphen."""
    start = 0
    while measure(word[start:]) > limit:
        stop = start + 1
        while stop < len(word) - 1 and measure(f"{word[start : stop + 1]}{HYPHEN}") <= limit:
            stop += 1
        yield f"{word[start:stop]}{HYPHEN}"
        start = stop
    yield word[start:]
