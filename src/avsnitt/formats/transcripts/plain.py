"""Transcript <-> plain text, for reading and for quoting."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.transcripts.cue_blocks import split_blocks, split_lines
from avsnitt.formats.transcripts.paragraphs import parse_paragraphs
from avsnitt.model.show import Transcript
from avsnitt.problems.finding import Finding


def parse_text(
    text: str, language: str, *, speakers: Collection[str] = ()
) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every paragraph, and every mistake. Never raises.

    Paragraphs are parted by blank lines, or begin with a time (`[00:12]`) or a name (`Vera: `);
    see `parse_paragraphs`. Without times the transcript is not `timed`.
    """
    return parse_paragraphs(list(split_blocks(split_lines(text))), language, speakers)


def render_text(transcript: Transcript) -> str:
    """
    One paragraph a turn, with `Name: ` first, and a blank line between turns; words without times
    keep the paragraphs that they had.
    """
    return "\n".join(_untimed(transcript) if not transcript.timed else _turns(transcript))


def _turns(transcript: Transcript) -> Iterator[str]:
    for speaker, cues in groupby(transcript.cues, key=lambda cue: clean_line(cue.speaker)):
        words = " ".join(spoken for cue in cues if (spoken := clean_line(cue.text)))
        if words:
            yield f"{speaker}: {words}\n" if speaker else f"{words}\n"


def _untimed(transcript: Transcript) -> Iterator[str]:
    before = ""
    for cue in transcript.cues:
        speaker, words = clean_line(cue.speaker), clean_line(cue.text)
        if words:
            yield f"{speaker}: {words}\n" if speaker not in ("", before) else f"{words}\n"
            before = speaker
