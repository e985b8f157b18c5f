"""A transcript as something to read: sections by chapter, turns by speaker, paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from avsnitt.formats.transcripts.turns import paragraphs_of, untimed_paragraphs
from avsnitt.i18n import clock
from avsnitt.model.show import Chapter, Cue
from avsnitt.model.value import Value
from avsnitt.site.wording import seconds


class Paragraph(Value, frozen=True, kw_only=True):
    """
    `id` is `t=754`, so that a link to `#t=754` finds it without a script. Words without times
    have neither `clock` nor `seconds`.
    """

    id: str = ""
    clock: str = ""
    seconds: str = ""
    text: str


class Turn(Value, frozen=True, kw_only=True):
    """A run of paragraphs by one speaker."""

    speaker: str
    paragraphs: tuple[Paragraph, ...]


class Section(Value, frozen=True, kw_only=True):
    """The part of a transcript in one chapter; without a heading before the first chapter."""

    turns: tuple[Turn, ...]
    heading: str = ""
    id: str = ""
    clock: str = ""
    seconds: str = ""


def moment_id(time_ms: int) -> str:
    """The id of the element at a time: `t=75.5`."""
    return f"t={seconds(time_ms)}"


def sections(cues: Sequence[Cue], chapters: Sequence[Chapter]) -> tuple[Section, ...]:
    """
    Group cues under the chapters they start in. Every chapter gets its section, even one where
    nothing is said, since the chapter list links to it. Ids are unique. Linear in the cues.
    """
    taken = {moment_id(chapter.start_ms) for chapter in chapters}
    at = 0
    made: list[Section] = []
    for index in range(-1, len(chapters)):
        ends_ms = chapters[index + 1].start_ms if index + 1 < len(chapters) else None
        first = at
        while at < len(cues) and (ends_ms is None or cues[at].start_ms < ends_ms):
            at += 1
        turns = tuple(_turns(cues[first:at], taken))
        if index >= 0:
            made.append(_section(chapters[index], turns))
        elif turns:
            made.append(Section(turns=turns))
    return tuple(made)


def _section(chapter: Chapter, turns: tuple[Turn, ...]) -> Section:
    return Section(
        turns=turns,
        heading=chapter.title,
        id=moment_id(chapter.start_ms),
        clock=clock(chapter.start_ms),
        seconds=seconds(chapter.start_ms),
    )


def _turns(cues: Sequence[Cue], taken: set[str]) -> Iterator[Turn]:
    for speaker, spoken in groupby(paragraphs_of(cues), key=itemgetter(0)):
        paragraphs = tuple(_paragraph(start_ms, words, taken) for _, start_ms, words in spoken)
        yield Turn(speaker=speaker, paragraphs=paragraphs)


def _paragraph(start_ms: int, words: str, taken: set[str]) -> Paragraph:
    own_id = moment_id(start_ms)
    is_free = own_id not in taken
    taken.add(own_id)
    return Paragraph(
        id=own_id if is_free else "",
        clock=clock(start_ms),
        seconds=seconds(start_ms),
        text=words,
    )


def untimed_section(cues: Sequence[Cue]) -> Section:
    """Words without times: paragraphs that nothing can link to, under no chapter."""
    turns = groupby(untimed_paragraphs(cues), key=itemgetter(0))
    return Section(
        turns=tuple(
            Turn(speaker=speaker, paragraphs=tuple(Paragraph(text=words) for _, _, words in spoken))
            for speaker, spoken in turns
        )
    )
