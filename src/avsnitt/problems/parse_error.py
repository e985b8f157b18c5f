"""Findings about a text that cannot be understood: the parsers collect them and never raise."""

from __future__ import annotations

from typing import Final, Literal

from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, Place

ParseReason = Literal[
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


LONGEST_QUOTE: Final = 120


def parse_finding(code: str, line: int, reason: ParseReason, text: str = "") -> Finding:
    """
    A Finding at `line` (0: the whole file), which quotes no more of it than a person wants to read.

    Only what cannot be understood is one. A slip with one possible meaning (a comma for a point, a
    missing number) is read as meant, since everything published is written anew.
    """
    quote = text.strip()
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1] + "…"
    values: MessageValues = {"reason": message(f"parse-error.{reason}")}
    return Finding(code=code, place=Place(line=line, text=quote), values=values)


def transcript_error(line: int, reason: ParseReason, text: str = "") -> Finding:
    """TRANSCRIPT-001, as `parse_finding` makes it."""
    return parse_finding("TRANSCRIPT-001", line, reason, text)


def chapter_error(line: int, reason: ParseReason, text: str = "") -> Finding:
    """CHAPTER-001, as `parse_finding` makes it."""
    return parse_finding("CHAPTER-001", line, reason, text)
