"""HTML <-> Transcript (podcast-namespace, transcripts.md, "HTML"): `<cite>`, `<time>`, `<p>`."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from avsnitt.formats.html_tokens import Token, html_tokens
from avsnitt.formats.plain_text import clean_line, escape_html
from avsnitt.formats.timecode import MS_PER_SECOND, parse_time
from avsnitt.formats.transcripts.caption_lines import LATEST_MS
from avsnitt.formats.transcripts.cue_blocks import split_lines
from avsnitt.formats.transcripts.paragraphs import Block, close_paragraphs, parse_paragraphs
from avsnitt.formats.transcripts.partial_cues import PartialCue
from avsnitt.formats.transcripts.turns import paragraphs_of, untimed_paragraphs
from avsnitt.model.show import Transcript
from avsnitt.model.value import Value
from avsnitt.problems.finding import Finding

NOT_SPOKEN: Final = frozenset(
    "head script style template noscript svg math nav footer form button select textarea iframe"
    " object title h1 h2 h3 h4 h5 h6".split()
)
"""Elements of a page that are not said in the audio. A heading is one of them."""

BLOCKS: Final = frozenset(
    "address article aside blockquote body dd div dl dt figcaption figure header hr li main ol p"
    " pre section table tbody td th tr ul".split()
)
MARKS: Final = frozenset(("cite", "time"))
DURATION: Final = re.compile(
    r"datetime\s*=\s*[\"']?\s*PT(?=[0-9])"
    r"(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,6})(?:[.,]([0-9]{1,3}))?S)?\s*[\"']?(?:\s|/|$)",
    re.IGNORECASE,
)
CLOCK: Final = re.compile(r"(?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2}(?:[.,][0-9]{1,3})?")
RIGHT_TO_LEFT: Final = frozenset("ar ckb dv fa he prs ps sd ug ur yi".split())
STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{max-width:38em;margin:2em auto;padding:0 1em;font:1.1em/1.6 system-ui,sans-serif}"
    "cite{font-style:normal;font-weight:bold}p{margin:.2em 0 1em}"
)


def render_transcript_html(transcript: Transcript, *, title: str, title_language: str = "") -> str:
    """
    A whole document that reads by itself and asks for nothing, in paragraphs.

    `<cite>` stands where the speaker changes, and `<time>` before each paragraph, with its
    milliseconds in `datetime`, when there are times. `title_language` is the title's own.
    """
    language = _attributes(transcript.language)
    other = title_language and title_language != transcript.language
    heading = _attributes(title_language) if other else ""
    name = escape_html(clean_line(title))
    return (
        f"<!DOCTYPE html>\n<html{language}>\n<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title{heading}>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1{heading}>{name}</h1>\n{_body(transcript)}</main>\n</body>\n</html>\n"
    )


def _attributes(language: str) -> str:
    safe = escape_html(clean_line(language)).replace('"', "&quot;")
    direction = ' dir="rtl"' if language.lower().split("-")[0] in RIGHT_TO_LEFT else ""
    return f' lang="{safe}"{direction}'


def _body(transcript: Transcript) -> str:
    rows = []
    before = ""
    spoken = (paragraphs_of if transcript.timed else untimed_paragraphs)(transcript.cues)
    for speaker, start_ms, words in spoken:
        who = clean_line(speaker)
        if who not in ("", before):
            rows.append(f"<cite>{escape_html(who)}:</cite>\n")
        before = who
        if transcript.timed:
            rows.append(_time(max(0, start_ms)))
        rows.append(f"<p>{escape_html(clean_line(words))}</p>\n")
    return "".join(rows)


def _time(start_ms: int) -> str:
    seconds, rest = divmod(start_ms, MS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    exact = f"{seconds}.{rest:03}".rstrip("0") if rest else f"{seconds}"
    return f'<time datetime="PT{exact}S">{clock}</time>\n'


def parse_transcript_html(
    text: str, language: str, *, speakers: Collection[str] = ()
) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every paragraph, and every mistake. Never raises.

    With `<cite>` or `<time>` before the words, those name the speaker and the start; any other
    page is read as plain text is. Scripts, styles, menus and headings are left out.
    """
    reader = _TranscriptHtmlReader()
    for token in html_tokens("\n".join(split_lines(text))):
        reader.read(token)
    reader.end_paragraph()
    if reader.has_marks:
        drafts = [(one.line, _draft(one)) for one in reader.paragraphs]
        return close_paragraphs(drafts, language)
    blocks: list[Block] = [(one.line, one.lines) for one in reader.paragraphs]
    return parse_paragraphs(blocks, language, speakers)


class _Paragraph(Value, frozen=True, kw_only=True):
    line: int
    lines: tuple[str, ...]
    speaker: str
    start_ms: int | None


def _draft(found: _Paragraph) -> PartialCue:
    return PartialCue(text=" ".join(found.lines), start_ms=found.start_ms, speaker=found.speaker)


class _TranscriptHtmlReader:
    """Flat: how deep the elements stand does not matter, so no depth is too deep."""

    def __init__(self) -> None:
        self.paragraphs: list[_Paragraph] = []
        self.has_marks = False
        self._skipped = ""
        self._depth = 0
        self._words: list[str] = []
        self._line = 0
        self._speaker = ""
        self._start_ms: int | None = None
        self._mark = ""
        self._moment = ""
        self._marked: list[str] = []

    def read(self, token: Token) -> None:
        if not token.tag:
            self._say(token.line, token.text)
        elif token.tag.startswith("/"):
            self._end(token.line, token.tag[1:])
        else:
            self._begin(token)

    def _begin(self, token: Token) -> None:
        tag = token.tag
        if self._is_skipped(tag):
            return
        if tag in NOT_SPOKEN:
            self.end_paragraph()
            self._skipped, self._depth = tag, 1
        elif tag in MARKS and not self._mark and not self._words:
            self._mark, self._moment, self._marked = tag, token.text, []
        elif tag in BLOCKS:
            self.end_paragraph()
        elif tag == "br":
            self._say(token.line, "\n")

    def _is_skipped(self, tag: str) -> bool:
        """
        True when an element that begins is left out. A `body` ends a `head` that was never
        closed.
        """
        if tag == "body" and self._skipped in ("head", "title"):
            self._skipped = ""
        if tag == self._skipped:
            self._depth += 1
        return bool(self._skipped)

    def _end(self, line: int, tag: str) -> None:
        if self._skipped:
            self._depth -= tag == self._skipped
            self._skipped = self._skipped if self._depth > 0 else ""
        elif tag and tag == self._mark:
            self._end_mark(line)
        elif tag in BLOCKS:
            self.end_paragraph()

    def _say(self, line: int, words: str) -> None:
        if self._skipped:
            return
        if self._mark:
            self._marked.append(words)
        elif self._words:
            self._words.append(words)
        elif spoken := words.lstrip():
            self._line = line + words[: len(words) - len(spoken)].count("\n")
            self._words = [spoken]

    def _end_mark(self, line: int) -> None:
        """A name, a time, or words after all: a book's title, a date."""
        mark, text = self._mark, clean_line("".join(self._marked))
        self._mark = ""
        start_ms = _start(self._moment, text) if mark == "time" else None
        if mark == "cite" and text:
            self._speaker = text.rstrip(" :")
            self.has_marks = True
        elif start_ms is not None:
            self._start_ms = start_ms
            self.has_marks = True
        else:
            self._say(line, text)

    def end_paragraph(self) -> None:
        if self._mark:
            self._end_mark(self._line)
        raw = "".join(self._words).split("\n")
        lines = tuple(line for part in raw if (line := clean_line(part)))
        self._words = []
        if lines:
            self.paragraphs.append(
                _Paragraph(
                    line=self._line, lines=lines, speaker=self._speaker, start_ms=self._start_ms
                )
            )
            self._start_ms = None


def _start(attributes: str, text: str) -> int | None:
    """The time that a `<time>` gives: its `datetime` when that is a length, else its words."""
    duration = DURATION.search(attributes)
    if duration is not None:
        hours, minutes, seconds, decimals = duration.groups()
        whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
        return _bounded(whole * MS_PER_SECOND + int((decimals or "0").ljust(3, "0")))
    clock = text.strip("[]() ")
    if CLOCK.fullmatch(clock) is None:
        return None
    try:
        return _bounded(parse_time(_padded(clock)))
    except ValueError:
        return None


def _padded(clock: str) -> str:
    """`1:2:03` is read as it is meant."""
    first, *rest = clock.split(":")
    return ":".join((first, *(part.zfill(2) for part in rest)))


def _bounded(time_ms: int) -> int | None:
    return time_ms if time_ms < LATEST_MS else None
