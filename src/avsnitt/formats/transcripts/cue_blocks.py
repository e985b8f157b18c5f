"""The common parts of WebVTT and SubRip: blocks of lines, and a line of two times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avsnitt.formats.timecode import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND
from avsnitt.model.show import Cue
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import transcript_error

ARROW: Final = "-->"
BYTE_ORDER_MARK: Final = "\ufeff"
STAMP: Final = r"(?:([0-9]{1,2}):)?([0-5]?[0-9]):([0-5]?[0-9])(?:[.,]([0-9]{1,3}))?"
TIMING: Final = re.compile(rf"[ \t]*{STAMP}[ \t]*-->[ \t]*{STAMP}(?:[ \t].*)?")


def split_lines(text: str) -> list[str]:
    """The lines of a file, whatever ends them, without a byte order mark."""
    whole = text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    return whole.replace("\0", "\ufffd").split("\n")


def split_blocks(lines: list[str], first: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not blank, each with the number of its first line, from 1."""
    block: list[str] = []
    for index in range(first, len(lines)):
        if lines[index].strip():
            block.append(lines[index])
        elif block:
            yield index - len(block) + 1, block
            block = []
    if block:
        yield len(lines) - len(block) + 1, block


def parse_timing(line: str) -> tuple[int, int] | None:
    """Start and end in milliseconds, or None. Hours may be left out; what follows is ignored."""
    found = TIMING.fullmatch(line)
    if found is None:
        return None
    return _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])


def _milliseconds(hours: str | None, minutes: str, seconds: str, decimals: str | None) -> int:
    return (
        int(hours or 0) * MS_PER_HOUR
        + int(minutes) * MS_PER_MINUTE
        + int(seconds) * MS_PER_SECOND
        + int((decimals or "0").ljust(3, "0"))
    )


class CueCollector:
    """Collects cues and findings on the way through one file; `speaker` is who spoke last."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self.findings: list[Finding] = []
        self.speaker = ""
        self._latest_ms = 0

    def note(self, found: Finding) -> None:
        """Keep a finding, to be returned with the cues."""
        self.findings.append(found)

    def timing(self, number: int, line: str) -> tuple[int, int] | None:
        """The timing of a line that has an arrow; what is wrong with it is noted."""
        times = parse_timing(line)
        if times is None:
            self.note(transcript_error(number, "bad-timing", line))
            return None
        start_ms, end_ms = times
        if end_ms <= start_ms:
            self.note(transcript_error(number, "ends-before-start", line))
            return None
        if start_ms < self._latest_ms:
            self.note(transcript_error(number, "not-in-order", line))
        self._latest_ms = max(self._latest_ms, start_ms)
        return times

    def result(self) -> tuple[tuple[Cue, ...], tuple[Finding, ...]]:
        """Cues in time order, findings by line."""
        if not self.cues and not self.findings:
            self.note(transcript_error(0, "no-cues"))
        cues = sorted(self.cues, key=lambda cue: cue.start_ms)
        return tuple(cues), tuple(sorted(self.findings, key=lambda found: found.place.line))
