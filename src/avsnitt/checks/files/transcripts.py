"""TRN-: transcripts, read as the strictest player reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from avsnitt.checks.files.facts import TranscriptSource
from avsnitt.checks.files.run_rules import one_finding_per_file
from avsnitt.formats.plain_text import unescape_html
from avsnitt.formats.transcripts.cue_blocks import ARROW, parse_timing, split_blocks, split_lines
from avsnitt.formats.transcripts.vtt import HEADER
from avsnitt.model.message import Message, MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_text

STAMP: Final = r"(?:(\d{1,2}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
VTT_TIMING: Final = re.compile(rf"{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t].*)?")
"""One or two digits of hours, three decimals (AntennaPod, VttTranscriptParser)."""
SRT_STAMP: Final = r"(\d{1,2}):([0-5]\d):([0-5]\d),(\d{3})"
SRT_TIMING: Final = re.compile(rf"{SRT_STAMP} --> {SRT_STAMP}")
NOT_A_CUE: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
VOICE: Final = re.compile(r"<v(?:\.[^ \t<>]*)?[ \t]([^<>]+)>")
TAG: Final = re.compile(r"<[^<>]*>")
HTML: Final = re.compile(r"<(?:!doctype|html|head|body|p|cite|time|div|span|h[1-6])\b", re.I)
SRT_START: Final = re.compile(r"\d+\s*\n\s*\d{1,2}:\d{2}:\d{2},")
VTT_CHARS, SRT_CHARS, SRT_LINES = 65, 32, 2
"""Characters of a line, and lines of a cue (podcast-namespace, transcripts.md)."""
COVERED_PERCENT: Final = 80
SLACK_MS: Final = 2000


class RawCue(Struct, frozen=True):
    """Times are None where the line could not be read. `line` is that of the timing."""

    line: int
    timing: str
    start_ms: int | None
    end_ms: int | None
    lines: tuple[str, ...] = ()
    number: str = ""


class Reading(Struct, frozen=True):
    """
    A transcript taken apart; `cues` only of VTT and SRT, `document` only of JSON. `found` is
    the kind that `looks_like` gives, empty for words alone.
    """

    file: TranscriptSource
    text: str
    lines: tuple[str, ...]
    cues: tuple[RawCue, ...] = ()
    document: object = None
    is_utf8: bool = True
    found: str = ""

    @property
    def kind(self) -> str:
        """The kind that the feed says the file is, or empty when it is another."""
        return self.file.kind if self.found == self.file.kind else ""


def parse_transcript(file: TranscriptSource) -> Reading:
    """The transcript taken apart. Never raises."""
    text, is_utf8 = _decoded(file.data)
    lines = tuple(split_lines(text))
    cues = tuple(_cues(lines, file.kind)) if file.kind in TIMINGS else ()
    document: object = None
    if file.kind == "json":
        try:
            document = json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            document = None
    found = looks_like(text, file.kind, has_cues=bool(cues))
    return Reading(file, text, lines, cues, document, is_utf8, found)


def _decoded(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode(), True
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), False


TIMINGS: Final = {"vtt": VTT_TIMING, "srt": SRT_TIMING}


def _cues(lines: tuple[str, ...], kind: str) -> Iterator[RawCue]:
    """Every line with an arrow, and what follows up to a blank line or the next arrow."""
    for first, block in split_blocks(list(lines)):
        if kind == "vtt" and (NOT_A_CUE.fullmatch(block[0]) or HEADER.fullmatch(block[0])):
            continue
        arrows = [index for index, line in enumerate(block) if ARROW in line]
        for place, start in enumerate(arrows):
            stop = arrows[place + 1] if place + 1 < len(arrows) else len(block)
            number = block[start - 1].strip() if start else ""
            times = _times(block[start].strip(), kind)
            words = tuple(block[start + 1 : stop])
            yield RawCue(first + start, block[start].strip(), *times, words, number)


def _times(line: str, kind: str) -> tuple[int | None, int | None]:
    found = TIMINGS[kind].fullmatch(line)
    if found is None:
        return None, None
    parts = found.groups()
    return _ms(*parts[:4]), _ms(*parts[4:])


def _ms(hours: str | None, minutes: str, seconds: str, decimals: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(decimals)


def is_something_else(reading: Reading) -> Iterator[Finding]:
    """TRN-002 for a file that is empty, no text in UTF-8, or of another kind than the feed says."""
    kind, text, found = reading.file.kind, reading.text.strip(), reading.found
    if not reading.is_utf8 or "\0" in text:
        yield finding_in_text("TRN-002", {"what": message("linked.transcript.not-text")})
    elif not text:
        yield finding_in_text("TRN-002", {"what": message("linked.transcript.empty")})
    elif found != kind and not (found == "" and kind in ("text", "html")):
        values: MessageValues = {
            "type": message(f"linked.transcript.{kind}"),
            "found": message(f"linked.transcript.{found or 'unknown'}"),
        }
        yield finding_in_text("TRN-002", {**values, "what": message("linked.transcript.other")})


def looks_like(text: str, kind: str, *, has_cues: bool) -> str:
    """
    The kind that a text clearly is, or empty for words alone. A text that has cues counts as
    the kind that the feed says.
    """
    text = text.lstrip("\ufeff").lstrip()
    if text.startswith("WEBVTT"):
        return "vtt"
    if SRT_START.match(text):
        return "srt"
    if text[:1] in ("{", "["):
        return "json"
    if has_cues:
        return kind
    return "html" if HTML.search(text[:4096]) else ""


def breaks_vtt(reading: Reading) -> Iterator[Finding]:
    """
    TRN-003 for a WebVTT file with a bad header, bad times, or cues after the end of the audio.
    """
    if reading.kind != "vtt" or not reading.text.strip():
        return
    first = reading.lines[0]
    if not HEADER.fullmatch(first):
        yield finding_in_text("TRN-003", {"what": message("linked.vtt.header")}, None, 1, first)
    yield from _bad_timings(reading, "TRN-003", message("linked.vtt.timing"))
    end_ms = reading.file.duration_ms
    last = next((one for one in reading.cues[::-1] if one.end_ms is not None), None)
    if last and last.end_ms and end_ms and last.end_ms > end_ms + SLACK_MS:
        yield finding_in_text(
            "TRN-003", {"what": message("linked.vtt.after-end")}, None, last.line, last.timing
        )


def _bad_timings(reading: Reading, code: str, what: Message) -> Iterator[Finding]:
    for cue in reading.cues:
        if cue.start_ms is None or cue.end_ms is None:
            yield finding_in_text(code, {"what": what}, None, cue.line, cue.timing)
        elif cue.end_ms <= cue.start_ms:
            yield finding_in_text(
                code, {"what": message("linked.vtt.backwards")}, None, cue.line, cue.timing
            )


def hides_who_speaks(reading: Reading) -> Iterator[Finding]:
    """
    TRN-004 for a WebVTT file that names no speakers, or speakers who are not among the people.
    Only WebVTT has a way of its own to name a speaker.
    """
    people = reading.file.people
    if reading.kind != "vtt" or not people or not reading.cues:
        return
    spoken: dict[str, int] = {}
    for cue in reading.cues:
        for line in cue.lines:
            for name in VOICE.findall(line):
                spoken.setdefault(unescape_html(name).strip(), cue.line)
    if not spoken:
        yield from names_nobody(people)
    known = {name.casefold() for name in people}
    strangers = [name for name in spoken if name.casefold() not in known]
    if strangers:
        values: MessageValues = {
            "what": message("linked.vtt.strangers"),
            "speakers": ", ".join(strangers),
            "people": ", ".join(people),
        }
        yield finding_in_text("TRN-004", values, None, spoken[strangers[0]])


def names_nobody(people: Sequence[str]) -> Iterator[Finding]:
    """TRN-004 for a transcript of several people in which no speaker is named."""
    if len(people) > 1:
        yield finding_in_text(
            "TRN-004", {"what": message("linked.vtt.voices"), "count": f"{len(people)}"}
        )


@one_finding_per_file
def has_long_lines(reading: Reading) -> Iterator[Finding]:
    """
    TRN-005 for lines over 65 characters in WebVTT or 32 in SRT, and for SRT cues of more than
    two lines.
    """
    most = {"vtt": VTT_CHARS, "srt": SRT_CHARS}.get(reading.kind)
    if most is None:
        return
    long = [
        (cue.line + offset, line)
        for cue in reading.cues
        for offset, line in enumerate(cue.lines, 1)
        if len(unescape_html(TAG.sub("", line)).strip()) > most
    ]
    if long:
        values: MessageValues = {
            "what": message("linked.lines.long"),
            "count": f"{len(long)}",
            "limit": f"{most}",
        }
        yield finding_in_text("TRN-005", values, None, *long[0])
    high = [cue for cue in reading.cues if len(cue.lines) > SRT_LINES]
    if reading.kind == "srt" and high:
        values = {
            "what": message("linked.lines.many"),
            "cues": f"{len(high)}",
            "most": f"{SRT_LINES}",
        }
        yield finding_in_text("TRN-005", values, None, high[0].line, high[0].timing)


def breaks_srt(reading: Reading) -> Iterator[Finding]:
    """TRN-006 for an SRT file with bad times, or cues that are not numbered from 1."""
    if reading.kind != "srt":
        return
    yield from _bad_timings(reading, "TRN-006", message("linked.srt.timing"))
    for number, cue in enumerate(reading.cues, 1):
        if cue.number != f"{number}":
            values: MessageValues = {"what": message("linked.srt.number"), "wanted": f"{number}"}
            yield finding_in_text("TRN-006", values, None, max(1, cue.line - 1), cue.number)
            return


def breaks_json(reading: Reading) -> Iterator[Finding]:
    """
    TRN-007 for a JSON transcript without version or segments, or with a segment that lacks a
    value. AntennaPod leaves out a segment without an end, and fails at one without words.
    """
    if reading.kind != "json" or not reading.text.strip():
        return
    document = reading.document
    segments = document.get("segments") if isinstance(document, dict) else None
    if not isinstance(document, dict):
        yield finding_in_text("TRN-007", {"what": message("linked.json.none")})
        return
    if not isinstance(document.get("version"), str):
        yield finding_in_text("TRN-007", {"what": message("linked.json.version")})
    if not isinstance(segments, list) or not segments:
        yield finding_in_text("TRN-007", {"what": message("linked.json.segments")})
        return
    for number, segment in enumerate(segments, 1):
        what = _bad_segment(segment)
        if what:
            yield finding_in_text("TRN-007", {"what": what, "number": f"{number}"})


def _bad_segment(segment: object) -> Message | None:
    if not isinstance(segment, dict):
        return message("linked.json.segment")
    body = segment.get("body")
    if not isinstance(body, str) or not body.strip():
        return message("linked.json.body")
    for key, what in (
        ("startTime", message("linked.json.start")),
        ("endTime", message("linked.json.end")),
    ):
        value = segment.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return what
    return None


def leaves_much_out(reading: Reading) -> Iterator[Finding]:
    """TRN-011 for a transcript that spans less than 80 % of the audio."""
    yield from covers_little(_spans(reading), reading.file.duration_ms)


def covers_little(spans: Sequence[tuple[int, int]], duration_ms: int) -> Iterator[Finding]:
    """
    TRN-011 for spans (start and end in ms) that together reach over less than 80 % of the
    duration.
    """
    if not spans or not duration_ms:
        return
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    percent = round(100 * (last - first) / duration_ms)
    if percent < COVERED_PERCENT:
        yield finding_in_text("TRN-011", {"percent": f"{max(0, percent)}"})


def _spans(reading: Reading) -> list[tuple[int, int]]:
    # Times of a wrong form count too: TRN-003 and TRN-006 report the form.
    cues = [found for one in reading.cues if (found := parse_timing(one.timing))]
    if cues or not isinstance(reading.document, dict):
        return cues
    segments = reading.document.get("segments")
    return [
        (round(one["startTime"] * 1000), round(one["endTime"] * 1000))
        for one in (segments if isinstance(segments, list) else [])
        if not _bad_segment(one) and abs(one["startTime"]) + abs(one["endTime"]) < 1e9
    ]


RULES: Final[tuple[Callable[[Reading], Iterator[Finding]], ...]] = (
    is_something_else,
    breaks_vtt,
    hides_who_speaks,
    has_long_lines,
    breaks_srt,
    breaks_json,
    leaves_much_out,
)
