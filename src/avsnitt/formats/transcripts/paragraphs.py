"""Paragraphs that a person wrote down, with names and perhaps times before the words -> cues."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.transcripts.caption_lines import LATEST_MS
from avsnitt.formats.transcripts.partial_cues import PartialCue, finish_cues
from avsnitt.formats.transcripts.speaker_labels import Prefix, carry_on, find_prefix, names_among
from avsnitt.model.show import Cue, Transcript
from avsnitt.model.value import Value
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import transcript_error

CLOCK: Final = r"(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?"
STAMP: Final = re.compile(
    rf"(?:\[({CLOCK})\]|\(({CLOCK})\)|({CLOCK}))(?:[ \t]*[-–—][ \t]+|[ \t]+|$)"
)

Block = tuple[int, Sequence[str]]
"""Lines that stand together, with the number of the first."""


class Line(Value, frozen=True, kw_only=True):
    """One line looked at: `bare` is its time without brackets, which may be just a number."""

    number: int
    whole: str
    start_ms: int | None
    bare: bool
    words: str
    prefix: Prefix | None


def parse_paragraphs(
    blocks: Sequence[Block], language: str, speakers: Collection[str] = ()
) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    A cue for each paragraph: a block, or a part of it that begins with a time or a name.

    `[00:12]` and `(00:12)` are times anywhere; `00:12` is one when the first paragraph begins
    with a time. Without any time the transcript is not `timed`. `Name: ` names a speaker when it
    is one of `speakers` or recurs; a paragraph without a name belongs to the speaker before it.
    """
    rows_read = [
        [_parse_line(first + at, raw) for at, raw in enumerate(rows)] for first, rows in blocks
    ]
    lines = [line for rows in rows_read for line in rows]
    bare = bool(lines) and lines[0].start_ms is not None
    names = names_among((_prefix_of(line, bare) for line in lines), speakers)
    spoken = [draft for rows in rows_read for draft in _drafts(rows, bare, names)]
    return close_paragraphs(spoken, language)


def _parse_line(number: int, raw: str) -> Line:
    whole = clean_line(raw)
    found = STAMP.match(whole)
    start_ms = _milliseconds(next(filter(None, found.groups()))) if found else None
    words = whole[found.end() :] if found and start_ms is not None else whole
    return Line(
        number=number,
        whole=whole,
        start_ms=start_ms,
        bare=found is not None and found[3] is not None,
        words=words,
        prefix=find_prefix(words) if words else None,
    )


def _milliseconds(text: str) -> int | None:
    try:
        time_ms = parse_time(text)
    except ValueError:
        return None
    return time_ms if time_ms < LATEST_MS else None


def _is_timed(line: Line, bare: bool) -> bool:
    return line.start_ms is not None and (bare or not line.bare)


def _prefix_of(line: Line, bare: bool) -> Prefix | None:
    return line.prefix if _is_timed(line, bare) or line.words == line.whole else None


def _drafts(rows: Sequence[Line], bare: bool, names: set[str]) -> Iterator[tuple[int, PartialCue]]:
    """(line, draft) of one block."""
    number, start_ms, speaker = rows[0].number, None, ""
    words: list[str] = []
    for line in rows:
        timed, prefix = _is_timed(line, bare), _prefix_of(line, bare)
        named = prefix is not None and prefix[0] in names
        if words and (timed or named):
            yield number, PartialCue(start_ms=start_ms, text=" ".join(words), speaker=speaker)
            words, start_ms, speaker = [], None, ""
        number = number if words else line.number
        start_ms = line.start_ms if timed else start_ms
        text = line.words if timed else line.whole
        if named and prefix is not None:
            speaker, text = prefix
        words += [text] if text else []
    if words:
        yield number, PartialCue(start_ms=start_ms, text=" ".join(words), speaker=speaker)


def close_paragraphs(
    spoken: Sequence[tuple[int, PartialCue]], language: str
) -> tuple[Transcript, tuple[Finding, ...]]:
    """Drafts with their lines as a Transcript: `timed` when at least one has a start."""
    findings = list(_out_of_order(spoken)) or ([] if spoken else [transcript_error(0, "no-cues")])
    drafts = [draft for _, draft in spoken]
    if any(draft.start_ms is not None for draft in drafts):
        cues = finish_cues(drafts)
        return Transcript(language=language, cues=carry_on(cues)), tuple(findings)
    plain = (Cue(start_ms=0, end_ms=0, text=one.text, speaker=one.speaker) for one in drafts)
    return Transcript(language=language, cues=carry_on(plain), timed=False), tuple(findings)


def _out_of_order(spoken: Sequence[tuple[int, PartialCue]]) -> Iterator[Finding]:
    latest_ms = 0
    for number, draft in spoken:
        if draft.start_ms is not None:
            if draft.start_ms < latest_ms:
                yield transcript_error(number, "not-in-order", draft.text)
            latest_ms = max(latest_ms, draft.start_ms)
