"""A transcript's text in any form that can be read, by the ending of its file's name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import msgspec

from avsnitt.model.show import Transcript
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import transcript_error

LIMIT_CHARACTERS: Final = 10_000_000
MOST_CUES: Final = 100_000
"""A day of speech is some 30,000."""

ENDINGS: Final = ("vtt", "srt", "json", "html", "htm", "txt")
"""The endings of transcripts that can be read, those with the most information first."""

Parsed = tuple[Transcript, tuple[Finding, ...]]
Parser = Callable[[str, str, Collection[str]], Parsed]


def parse_transcript(
    text: str, ending: str, language: str, *, speakers: Collection[str] = ()
) -> Parsed:
    """
    Return the transcript, and a finding for each mistake in it. Raises KeyError for an ending
    that is not in ENDINGS.

    `speakers` are names or ids of those who may speak. Text of more than ten million characters
    is not read, and of a transcript with more cues than MOST_CUES, the first are kept.
    """
    parse = _PARSERS[ending]
    if len(text) > LIMIT_CHARACTERS:
        return Transcript(language=language, cues=()), (transcript_error(0, "too-long"),)
    transcript, findings = parse(text, language, speakers)
    if len(transcript.cues) > MOST_CUES:
        transcript = msgspec.structs.replace(transcript, cues=transcript.cues[:MOST_CUES])
        findings = (*findings, transcript_error(0, "too-many-cues"))
    return transcript, findings


def _vtt(text: str, language: str, _: Collection[str]) -> Parsed:
    from avsnitt.formats.transcripts.vtt import parse_vtt

    return parse_vtt(text, language)


def _srt(text: str, language: str, speakers: Collection[str]) -> Parsed:
    from avsnitt.formats.transcripts.srt import parse_srt

    return parse_srt(text, language, speakers=speakers)


def _json(text: str, language: str, _: Collection[str]) -> Parsed:
    """An object with `segments` is Podcasting 2.0's or a speech recogniser's; a list Podlove's."""
    from avsnitt.formats.transcripts.json_positions import load_json
    from avsnitt.formats.transcripts.podcast_json import parse_transcript_json
    from avsnitt.formats.transcripts.podlove_json import parse_podlove_json

    document = load_json(text)[0]
    if isinstance(document, dict) and "segments" in document:
        return parse_transcript_json(text, language)
    return parse_podlove_json(text, language)


def _html(text: str, language: str, speakers: Collection[str]) -> Parsed:
    from avsnitt.formats.transcripts.html import parse_transcript_html

    return parse_transcript_html(text, language, speakers=speakers)


def _txt(text: str, language: str, speakers: Collection[str]) -> Parsed:
    from avsnitt.formats.transcripts.plain import parse_text

    return parse_text(text, language, speakers=speakers)


_PARSERS: Final[dict[str, Parser]] = {
    "vtt": _vtt,
    "srt": _srt,
    "json": _json,
    "html": _html,
    "htm": _html,
    "txt": _txt,
}
