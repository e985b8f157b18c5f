"""Audacity's label files -> chapters (Audacity manual, "Importing and Exporting Labels").

A line a label: `start<TAB>end<TAB>name`, in seconds. A point label has the same end as start, or,
in files of older versions, none. A line that begins with a backslash belongs to the label above it:
the range of frequencies that was selected.
"""

from __future__ import annotations

import re
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import LONGEST_MS
from avsnitt.formats.transcripts.cue_blocks import split_lines
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import chapter_error

SECONDS: Final = r"([0-9]{1,9}(?:[.,][0-9]{1,12})?)"
LABEL: Final = re.compile(rf" *{SECONDS}(?:\t{SECONDS})?(?:\t(.*))?")
SPECTRAL: Final = "\\"


def is_labels(text: str) -> bool:
    """True when a text begins as a label file does: seconds, then a tab."""
    first = next((line for line in split_lines(text) if line.strip()), "")
    return "\t" in first and LABEL.fullmatch(first) is not None


def parse_labels(text: str) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """
    Every label that can be understood, in time order, and every mistake with its line. Never
    raises. A region keeps its end; a label without a name is a chapter without a title.
    """
    chapters: list[Chapter] = []
    findings: list[Finding] = []
    for number, line in enumerate(split_lines(text), 1):
        if not line.strip() or line.startswith(SPECTRAL):
            continue
        found = LABEL.fullmatch(line)
        start_ms = _milliseconds(found[1]) if found else LONGEST_MS + 1
        if found is None or start_ms > LONGEST_MS:
            findings.append(chapter_error(number, "bad-timing", line))
            continue
        end_ms = _milliseconds(found[2]) if found[2] else start_ms
        if end_ms < start_ms:
            findings.append(chapter_error(number, "ends-before-start", line))
        if chapters and start_ms < chapters[-1].start_ms:
            findings.append(chapter_error(number, "not-in-order", line))
        chapters.append(
            Chapter(
                start_ms=start_ms,
                end_ms=end_ms if start_ms < end_ms <= LONGEST_MS else None,
                title=clean_line(found[3] or ""),
            )
        )
    if not chapters and not findings:
        findings.append(chapter_error(0, "no-cues"))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start_ms)), tuple(findings)


def _milliseconds(seconds: str) -> int:
    """To the nearest: Audacity writes microseconds, or nanoseconds."""
    whole, _, decimals = seconds.replace(",", ".").partition(".")
    thousandths = decimals[:3].ljust(3, "0")
    return int(whole) * 1000 + int(thousandths) + (decimals[3:4] >= "5")
