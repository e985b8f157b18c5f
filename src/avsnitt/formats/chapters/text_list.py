"""A list of times and titles -> chapters: what mp4chaps, Podlove and Auphonic call a text file.

A line a chapter, `00:12:30.500 Title`, and behind the title perhaps a link, `<https://...>`. Lines
that begin with `#` are remarks.
"""

from __future__ import annotations

import re
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.transcripts.cue_blocks import split_lines
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import chapter_error

LINE: Final = re.compile(r"([0-9][0-9:.,]*)(?:\s+(.*))?")
LINKED: Final = re.compile(r"(.*?) ?<(https?://[^<>\s]+)>")
REMARK: Final = "#"


def parse_chapter_lines(text: str) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """
    Every chapter that can be understood, in time order, and every mistake with its line. Never
    raises.
    """
    chapters: list[Chapter] = []
    findings: list[Finding] = []
    for number, whole in enumerate(split_lines(text), 1):
        line = whole.strip()
        if not line or line.startswith(REMARK):
            continue
        found = LINE.fullmatch(line)
        try:
            start_ms = parse_time(found[1] if found else "")
        except ValueError:
            findings.append(chapter_error(number, "no-start", line))
            continue
        if chapters and start_ms < chapters[-1].start_ms:
            findings.append(chapter_error(number, "not-in-order", line))
        words = clean_line(found[2] or "") if found else ""
        linked = LINKED.fullmatch(words)
        title, url = linked.groups() if linked else (words, "")
        chapters.append(Chapter(start_ms=start_ms, title=title, url=url))
    if not chapters and not findings:
        findings.append(chapter_error(0, "no-cues"))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start_ms)), tuple(findings)
