"""Cues as paragraphs to read: one speaker's words, cut where a sentence ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from avsnitt.model.show import Cue

PARAGRAPH_CHARACTERS: Final = 420
"""After so many characters the next finished sentence ends the paragraph."""

LONG_PARAGRAPH_CHARACTERS: Final = 1200
"""After so many it ends at the next cue anyway: speech without a full stop is still speech."""

SENTENCE_ENDS: Final = (".", "?", "!", "…", "”", '"', "]", ")")

Paragraph = tuple[str, int, str]
"""Speaker, start in milliseconds, words."""


def paragraphs_of(cues: Iterable[Cue]) -> Iterator[Paragraph]:
    """Every word once, in order. Cues in which nothing is said are passed over."""
    words: list[str] = []
    speaker = ""
    start_ms = length = 0
    for cue in cues:
        text = " ".join(cue.text.split())
        if words and cue.speaker != speaker:
            yield speaker, start_ms, " ".join(words)
            words, length = [], 0
        speaker = cue.speaker
        if not text:
            continue
        start_ms = start_ms if words else cue.start_ms
        words.append(text)
        length += len(text) + 1
        if _is_full(length, text):
            yield speaker, start_ms, " ".join(words)
            words, length = [], 0
    if words:
        yield speaker, start_ms, " ".join(words)


def untimed_paragraphs(cues: Iterable[Cue]) -> Iterator[Paragraph]:
    """The paragraphs that words without times were written in."""
    for cue in cues:
        if text := " ".join(cue.text.split()):
            yield cue.speaker, cue.start_ms, text


def _is_full(length: int, text: str) -> bool:
    if length < PARAGRAPH_CHARACTERS:
        return False
    return length >= LONG_PARAGRAPH_CHARACTERS or text.endswith(SENTENCE_ENDS)
