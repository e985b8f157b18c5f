"""Podcasting 2.0 JSON transcripts <-> Transcript (podcast-namespace, transcripts.md, "JSON")."""

from __future__ import annotations

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import json_seconds
from avsnitt.formats.transcripts.caption_lines import split_into_subtitles
from avsnitt.formats.transcripts.json_positions import list_elements, load_json
from avsnitt.formats.transcripts.json_segments import SegmentReader, unread_json
from avsnitt.formats.transcripts.vtt import LINE_CHARACTERS, MOST_LINES
from avsnitt.model.show import Transcript
from avsnitt.problems.finding import Finding

VERSION = "1.0.0"


class _Segment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    speaker: str = ""
    start_time: float
    end_time: float
    body: str


def render_transcript_json(transcript: Transcript) -> str:
    """
    A segment for each cue of the VTT, a line each; times are seconds with at most three decimals.

    AntennaPod takes this file before the VTT, leaves out a segment without an end, and stops at
    one without words (AntennaPod, JsonTranscriptParser): here every segment has both.
    """
    lines = msgspec.json.Encoder().encode_lines(_segments(transcript)).decode()
    rows = lines.rstrip("\n").replace("\n", ",\n")
    return f'{{"version":"{VERSION}","segments":[\n{rows}\n]}}\n'


def _segments(transcript: Transcript) -> list[_Segment]:
    return [
        _Segment(
            speaker=clean_line(cue.speaker),
            start_time=json_seconds(card.start_ms),
            end_time=json_seconds(card.end_ms),
            body=" ".join(card.lines),
        )
        for cue in transcript.cues
        for card in split_into_subtitles(cue, width=LINE_CHARACTERS, most_lines=MOST_LINES)
    ]


def parse_transcript_json(text: str, language: str) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every segment that can be understood, in time order, and every mistake with its line. Never
    raises. A segment of one word is joined with those after it to a sentence.

    `start`, `end` and `text` are read too, as speech recognition writes them (Whisper), and the
    times of the words in a long segment (Auphonic).
    """
    document, error = load_json(text)
    if not isinstance(document, dict) or not isinstance(document.get("segments"), list):
        found = unread_json(error)
        return Transcript(language=language, cues=()), (found,)
    reader = SegmentReader()
    for line, value in list_elements(text, "segments"):
        reader.read(line, value)
    return reader.result(language)
