"""Transcripts from Podlove and from Auphonic -> Transcript: JSON that is a list."""

from __future__ import annotations

from typing import Final

from avsnitt.formats.transcripts.json_positions import list_elements, load_json
from avsnitt.formats.transcripts.json_segments import SegmentReader, speaker_of, unread_json
from avsnitt.model.show import Transcript
from avsnitt.problems.finding import Finding

LISTS: Final = ("transcript", "transcripts")
"""
The keys of the list when the document is an object: in answers of Podlove's services, and in the
settings of its player.
"""


def parse_podlove_json(text: str, language: str) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every segment that can be understood, in time order, and every mistake with its line. Never
    raises. Each element has its own name:

    - Podlove's flat list: `start_ms`, `end_ms`, `speaker`, `voice`, `text` (podlove-ui,
      PodloveWebPlayerTranscript)
    - its grouped list: `voice` and `items`, each with times and text (podlove-publisher,
      Transcript::prepare_transcript)
    - Auphonic's speech data: `start`, `end`, `text`, `speaker`, `timestamps`
    """
    document, error = load_json(text)
    name = _list_name(document)
    if error is not None or name is None:
        found = unread_json(error)
        return Transcript(language=language, cues=()), (found,)
    reader = SegmentReader()
    for line, value in list_elements(text, name):
        if isinstance(value, dict) and isinstance(value.get("items"), list):
            for item in value["items"]:
                reader.read(line, item, speaker_of(value))
        else:
            reader.read(line, value)
    return reader.result(language)


def _list_name(document: object) -> str | None:
    """Empty for a document that is the list itself; None when there is none."""
    if isinstance(document, list):
        return ""
    if not isinstance(document, dict):
        return None
    return next((name for name in LISTS if isinstance(document.get(name), list)), None)
