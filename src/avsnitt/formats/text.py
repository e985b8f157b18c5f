"""Transcript -> plain text, for reading and for quoting."""

from __future__ import annotations

from itertools import groupby

from avsnitt.formats.plain import clean_line
from avsnitt.model import Transcript


def render_text(transcript: Transcript) -> str:
    """One paragraph a turn, with `Name: ` first, and a blank line between turns."""
    turns = groupby(transcript.cues, key=lambda cue: clean_line(cue.speaker))
    paragraphs = []
    for speaker, cues in turns:
        words = " ".join(spoken for cue in cues if (spoken := clean_line(cue.text)))
        if words:
            paragraphs.append(f"{speaker}: {words}\n" if speaker else f"{words}\n")
    return "\n".join(paragraphs)
