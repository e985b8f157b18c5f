"""SubRip <-> Transcript. The format has no standard: these are the habits of its players."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import render_srt_time
from avsnitt.formats.transcripts.caption_lines import Subtitle, split_into_subtitles
from avsnitt.formats.transcripts.cue_blocks import ARROW, CueCollector, split_blocks, split_lines
from avsnitt.formats.transcripts.speaker_labels import Prefix, carry_on, find_prefix, names_among
from avsnitt.model.show import Cue, Transcript
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import transcript_error

TAG: Final = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_HARMLESS: Final = str.maketrans("<>{}\\", "‹›()/")
NUMBER: Final = re.compile(r"[ \t]*[0-9]{1,9}[ \t]*")
LINE_CHARACTERS: Final = 32
MOST_LINES: Final = 2
"""The most lines that the Podcasting 2.0 namespace asks for (transcripts.md, "SRT")."""


def parse_srt(
    text: str, language: str, *, speakers: Collection[str] = ()
) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every cue that can be understood, and every mistake. Never raises.

    A line may begin `Name: `. The prefix is a speaker when it is one of `speakers`, or when it
    looks like a name and begins at least two lines of the file; otherwise the colon is just a
    colon. A cue in which several speak becomes one cue a speaker, and one without a name belongs
    to the speaker before it (`carry_on`).
    """
    gather = CueCollector()
    for number, block in split_blocks(split_lines(text)):
        _parse_block(gather, number, block)
    cues, findings = gather.result()
    return Transcript(language=language, cues=_with_speakers(cues, speakers)), findings


def _parse_block(gather: CueCollector, number: int, block: list[str]) -> None:
    """One cue, or several that no blank line parts: an arrow, or a number above one, begins it."""
    arrows = [index for index, line in enumerate(block) if ARROW in line]
    if not arrows or arrows[0] > 1 or (arrows[0] == 1 and not NUMBER.fullmatch(block[0])):
        gather.note(transcript_error(number, "outside-cue", block[0]))
    for place, start in enumerate(arrows):
        more = place + 1 < len(arrows)
        stop = arrows[place + 1] if more else len(block)
        if more and stop - start > 1 and NUMBER.fullmatch(block[stop - 1]):
            stop -= 1
        times = gather.timing(number + start, block[start])
        if times is None:
            continue
        words = _plain("\n".join(block[start + 1 : stop]))
        if words:
            gather.cues.append(Cue(start_ms=times[0], end_ms=times[1], text=words))
        else:
            gather.note(transcript_error(number + start, "empty-cue", block[start]))


def _plain(raw: str) -> str:
    lines = (clean_line(line) for line in TAG.sub("", raw).split("\n"))
    return "\n".join(line for line in lines if line)


def _with_speakers(cues: tuple[Cue, ...], speakers: Collection[str]) -> tuple[Cue, ...]:
    split = [(cue, [(line, find_prefix(line)) for line in cue.text.split("\n")]) for cue in cues]
    names = names_among((prefix for _, lines in split for _, prefix in lines), speakers)
    return carry_on(part for cue, lines in split for part in _split_cue(cue, lines, names))


def _split_cue(cue: Cue, lines: list[tuple[str, Prefix | None]], names: set[str]) -> list[Cue]:
    spoken: list[tuple[str, list[str]]] = [("", [])]
    for line, prefix in lines:
        if prefix is not None and prefix[0] in names:
            spoken.append((prefix[0], [prefix[1]] if prefix[1] else []))
        else:
            spoken[-1][1].append(line)
    return [
        Cue(start_ms=cue.start_ms, end_ms=cue.end_ms, text="\n".join(words), speaker=who)
        for who, words in spoken
        if words
    ]


def render_srt(transcript: Transcript) -> str:
    """
    Numbered cards of at most two lines of 32 characters, with a comma before the milliseconds
    and `Name: ` where the speaker changes; a cue that needs more room becomes several cards.

    The format has no escapes: an arrow in the words becomes `→`, or players would take the
    line for a timing, and `<b>` becomes `‹b›`, or they would show bold text and no tag.
    """
    cards: list[str] = []
    before = ""
    for cue in transcript.cues:
        speaker = clean_line(_without_tags(cue.speaker))
        dealt = split_into_subtitles(
            msgspec.structs.replace(cue, text=_without_tags(cue.text)),
            width=LINE_CHARACTERS,
            most_lines=MOST_LINES,
            label=f"{speaker}:" if speaker not in ("", before) else "",
        )
        numbered = [_card(number, card) for number, card in enumerate(dealt, len(cards) + 1)]
        before = speaker if numbered else before
        cards += numbered
    return "\n".join(cards)


def _without_tags(text: str) -> str:
    """
    The text with other brackets around what a player would take for a tag; all of its brackets
    are others where there are tags in tags, which costs two passes however deep they are.
    """
    harmless = TAG.sub(lambda tag: tag[0].translate(_HARMLESS), text)
    return harmless.translate(_HARMLESS) if TAG.search(harmless) else harmless


def _card(number: int, card: Subtitle) -> str:
    times = f"{render_srt_time(card.start_ms)} {ARROW} {render_srt_time(card.end_ms)}"
    words = "\n".join(card.lines).replace(ARROW, "→")
    return f"{number}\n{times}\n{words}\n"
