"""What a file of a known format got wrong, as a value: the parsers collect, they never raise."""

from __future__ import annotations

from typing import Literal

from avsnitt.model.value import Value

MistakeCode = Literal[
    "no-header",  # a WebVTT file that does not begin with WEBVTT
    "no-cues",  # not one cue, or not one chapter, in the file
    "bad-timing",  # a timing line that cannot be understood
    "ends-before-start",  # a cue or chapter that ends when it starts, or before
    "not-in-order",  # starts before the one above it
    "outside-cue",  # words that belong to no cue
    "empty-cue",  # a cue with nothing said
    "not-json",  # JSON that does not parse
    "not-xml",  # XML that does not parse
    "doctype",  # XML with a document type, which is refused
    "no-list",  # no list of chapters where the format has one
    "no-segments",  # JSON in which no list of what is said is found
    "too-many-cues",  # more cues than a transcript can have
    "too-long",  # more text than a transcript can have
    "no-start",  # a chapter without a start that can be understood
    "no-title",  # a chapter of a format that needs a title, without one
    "bad-value",  # another value of the wrong kind
]


class Mistake(Value, frozen=True, kw_only=True):
    """
    One mistake: `line` counts from 1 (0 is the whole file), `text` is what stands there.

    Only what cannot be understood is a mistake. A slip with one possible meaning (a comma for a
    point, a missing number) is read as meant, since everything published is written anew.
    """

    line: int
    code: MistakeCode
    text: str = ""


LONGEST_QUOTE = 120


def mistake(line: int, code: MistakeCode, text: str = "") -> Mistake:
    """A Mistake that quotes no more of the file than a person wants to read."""
    quote = text.strip()
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1] + "…"
    return Mistake(line=line, code=code, text=quote)
