"""The common part of the JSON formats of transcripts: segments under different names, as cues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.transcripts.caption_lines import LATEST_MS
from avsnitt.formats.transcripts.json_positions import JsonPositionError
from avsnitt.formats.transcripts.partial_cues import (
    PartialCue,
    finish_cues,
    join_sentences,
    join_words,
)
from avsnitt.model.show import Transcript
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import ParseReason, transcript_error

Segment = dict[str, Any]

STARTS: Final = ("start_ms", "startTime", "start")
ENDS: Final = ("end_ms", "endTime", "end")
TEXTS: Final = ("body", "text")
SPEAKERS: Final = ("voice", "speaker")
"""Podlove's `voice` is a name, and its `speaker` then a contributor's number."""

LONG_CHARACTERS: Final = 200
"""A segment longer than that is parted at its sentences, when the times of its words are known."""


class SegmentReader:
    """Reads one segment at a time and remembers what was wrong, and where."""

    def __init__(self) -> None:
        self.drafts: list[PartialCue] = []
        self.findings: list[Finding] = []
        self._line = 0
        self._latest_ms = 0

    def read(self, line: int, value: object, speaker: str = "") -> None:
        """`speaker` is the one of the group that the segment stands in, if any."""
        self._line = line
        if not isinstance(value, dict):
            self._note("bad-value", f"{value}")
            return
        text = self._text(value)
        times = self._times(value)
        if not text or times is None:
            return
        if times[0] < self._latest_ms:
            self._note("not-in-order", text)
        self._latest_ms = max(self._latest_ms, times[0])
        who = speaker_of(value) or speaker
        draft = PartialCue(start_ms=times[0], end_ms=times[1], text=text, speaker=who)
        self.drafts += _parted(draft, value.get("timestamps"))

    def result(self, language: str) -> tuple[Transcript, tuple[Finding, ...]]:
        """Return the transcript, with cues joined from words into sentences, and all findings."""
        if not self.drafts and not self.findings:
            self.findings.append(transcript_error(0, "no-cues"))
        cues = finish_cues(join_words(self.drafts))
        return Transcript(language=language, cues=cues), tuple(self.findings)

    def _text(self, value: Segment) -> str:
        """Machines write segments in which nothing is said: those are passed over."""
        found = _first(value, TEXTS)
        if not isinstance(found, str):
            self._note("empty-cue", "" if found is None else f"{found}")
            return ""
        lines = (clean_line(line) for line in found.split("\n"))
        return "\n".join(line for line in lines if line)

    def _times(self, value: Segment) -> tuple[int, int | None] | None:
        start_ms = self._time(value, STARTS)
        if start_ms is None:
            self._note("bad-timing", str(_first(value, TEXTS)))
            return None
        end_ms = self._time(value, ENDS)
        if end_ms is None or end_ms == start_ms:
            return start_ms, None
        if end_ms < start_ms:
            self._note("ends-before-start", str(_first(value, TEXTS)))
            return None
        return start_ms, end_ms

    def _time(self, value: Segment, names: Sequence[str]) -> int | None:
        for name in names:
            found = value.get(name)
            if found is not None:
                return _milliseconds(found, in_ms=name.endswith("_ms"))
        return None

    def _note(self, code: ParseReason, text: str = "") -> None:
        self.findings.append(transcript_error(self._line, code, text))


def _first(value: Segment, names: Sequence[str]) -> object:
    return next((value[name] for name in names if name in value), None)


def _milliseconds(found: object, *, in_ms: bool = False) -> int | None:
    """Some files hold a time as text; its meaning is plain. Finer than a ms is rounded."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        if in_ms and not isinstance(found, str):
            return time_ms if 0 <= (time_ms := round(found)) < LATEST_MS else None
        time_ms = parse_time(round(found, 3) if isinstance(found, float) else found)
    except (ValueError, OverflowError):
        return None
    return time_ms if time_ms < LATEST_MS else None


def speaker_of(value: Segment) -> str:
    """A name, when the segment has one. Beside a `voice`, a number is a contributor's."""
    names = [clean_line(found) for key in SPEAKERS if isinstance(found := value.get(key), str)]
    return next(
        (name for name in names if name and not ("voice" in value and name.isdecimal())), ""
    )


def _parted(draft: PartialCue, words: object) -> list[PartialCue]:
    """
    A long segment by its sentences. Auphonic lists `[word, start, end, confidence]` beside the
    text; words that do not add up to it are of no use.
    """
    if len(draft.text) <= LONG_CHARACTERS or not isinstance(words, list):
        return [draft]
    parts = [part for word in words if (part := _word(word, draft.speaker)) is not None]
    sentences = list(join_sentences(parts))
    joined = "".join(sentence.text for sentence in sentences)
    if "".join(joined.split()) != "".join(draft.text.split()):
        return [draft]
    first, *rest = sentences
    return [msgspec.structs.replace(first, start_ms=draft.start_ms), *rest]


def _word(value: object, speaker: str) -> PartialCue | None:
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], str):
        return None
    text = clean_line(value[0])
    start_ms, end_ms = _milliseconds(value[1]), _milliseconds(value[2])
    if not text or start_ms is None or end_ms is None:
        return None
    ends_ms = end_ms if end_ms > start_ms else None
    return PartialCue(start_ms=start_ms, end_ms=ends_ms, text=text, speaker=speaker)


def unread_json(error: JsonPositionError | None) -> Finding:
    """The Finding about a document that is no JSON (`error`), or has no list of what is said."""
    if error is None:
        return transcript_error(1, "no-segments")
    return transcript_error(error.line, "not-json", error.text)
