"""Cues whose times are not whole yet: starts without ends, words one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.model.show import Cue
from avsnitt.model.value import Value

CHARACTERS_PER_SECOND: Final = 20
"""Fast speech: a last cue of unknown length must not outlast the sound."""

SHORTEST_MS: Final = 1000
LONGEST_PAUSE_MS: Final = 1500
MOST_CHARACTERS: Final = 180
SENTENCE_ENDS: Final = (".", "?", "!", "…")
CLOSING: Final = ".,;:!?…%)]}”’"


class PartialCue(Value, frozen=True, kw_only=True):
    """A cue in the making: a time that nothing gives is None."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""


def finish_cues(drafts: Sequence[PartialCue]) -> tuple[Cue, ...]:
    """
    Cues in time order. Drafts without a start share the time up to the next that has one, by how
    much they say; one without an end goes on until a later one starts.
    """
    started = sorted(_started(drafts), key=lambda draft: draft.start_ms or 0)
    cues: list[Cue] = []
    later_ms: int | None = None
    for draft in reversed(started):
        start_ms = draft.start_ms or 0
        if cues and cues[-1].start_ms > start_ms:
            later_ms = cues[-1].start_ms
        end_ms = draft.end_ms or 0
        if end_ms <= start_ms:
            end_ms = later_ms or start_ms + _guess_ms(draft.text)
        cues.append(Cue(start_ms=start_ms, end_ms=end_ms, text=draft.text, speaker=draft.speaker))
    return tuple(reversed(cues))


def _guess_ms(text: str) -> int:
    return max(SHORTEST_MS, len(text) * 1000 // CHARACTERS_PER_SECOND)


def _started(drafts: Sequence[PartialCue]) -> Iterator[PartialCue]:
    at = 0
    while at < len(drafts):
        run = [drafts[at]]
        while at + len(run) < len(drafts) and drafts[at + len(run)].start_ms is None:
            run.append(drafts[at + len(run)])
        at += len(run)
        yield from _share(run, drafts[at].start_ms if at < len(drafts) else None)


def _share(run: Sequence[PartialCue], until_ms: int | None) -> Iterator[PartialCue]:
    begins_ms = run[0].start_ms or 0
    if len(run) == 1:
        yield msgspec.structs.replace(run[0], start_ms=begins_ms)
        return
    weights = [len(draft.text) + 1 for draft in run]
    length_ms = sum(_guess_ms(draft.text) for draft in run)
    if until_ms is not None and until_ms > begins_ms:
        length_ms = until_ms - begins_ms
    spoken = 0
    for draft, weight in zip(run, weights, strict=True):
        yield msgspec.structs.replace(
            draft, start_ms=begins_ms + length_ms * spoken // sum(weights)
        )
        spoken += weight


def join_words(drafts: Sequence[PartialCue]) -> tuple[PartialCue, ...]:
    """
    Drafts of a word each as drafts of a sentence each; others as they are. A pause, another
    speaker or many words end one too.
    """
    words = sum(" " not in draft.text for draft in drafts)
    if len(drafts) < 3 or 3 * words <= 2 * len(drafts):
        return tuple(drafts)
    return tuple(join_sentences(drafts))


def join_sentences(words: Iterable[PartialCue]) -> Iterator[PartialCue]:
    """Join words that follow closely, by the same speaker, into cues of one sentence each."""
    current: PartialCue | None = None
    for word in words:
        if current is not None and _goes_on(current, word):
            current = msgspec.structs.replace(
                current, text=_beside(current.text, word.text), end_ms=word.end_ms
            )
            continue
        if current is not None:
            yield current
        current = word
    if current is not None:
        yield current


def _goes_on(current: PartialCue, word: PartialCue) -> bool:
    if len(current.text) > MOST_CHARACTERS:
        return False
    if word.text[:1] in CLOSING and word.speaker == current.speaker:
        return True
    if current.text.endswith(SENTENCE_ENDS):
        return False
    pause_ms = (word.start_ms or 0) - (current.end_ms or word.start_ms or 0)
    return word.speaker == current.speaker and pause_ms <= LONGEST_PAUSE_MS


def _beside(before: str, word: str) -> str:
    return clean_line(f"{before}{word}" if word[:1] in CLOSING else f"{before} {word}")
