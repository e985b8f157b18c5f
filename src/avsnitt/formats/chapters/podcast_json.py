"""Podcasting 2.0 JSON chapters 1.2 <-> chapters (podcast-namespace, jsonChapters.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import json_seconds, parse_time
from avsnitt.formats.transcripts.json_positions import list_elements, load_json
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import ParseReason, chapter_error

VERSION: Final = "1.2.0"


def render_chapters_json(
    chapters: Iterable[Chapter],
    *,
    title: str = "",
    podcast_name: str = "",
    author: str = "",
) -> str:
    """
    The file that `podcast:chapters` points at; the same chapters always give the same text.

    `url` and `image` are written as given: they must be absolute already. Times are seconds
    with at most three decimals.
    """
    facts = {"author": author, "title": title, "podcastName": podcast_name}
    document: dict[str, object] = {"version": VERSION}
    document.update((name, line) for name, value in facts.items() if (line := clean_line(value)))
    document["chapters"] = [_chapter(chapter) for chapter in chapters]
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _chapter(chapter: Chapter) -> dict[str, object]:
    fields: dict[str, object] = {"startTime": json_seconds(chapter.start_ms)}
    if chapter.end_ms is not None:
        fields["endTime"] = json_seconds(chapter.end_ms)
    texts = {"title": chapter.title, "img": chapter.image, "url": chapter.url}
    fields.update((name, line) for name, value in texts.items() if (line := clean_line(value)))
    if chapter.hidden:
        fields["toc"] = False
    return fields


def parse_chapters_json(text: str) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """
    Every chapter that can be understood, in time order, and every mistake with its line.

    Never raises. A chapter without a start is left out; a value of the wrong kind is read as if
    it were not there. Properties the format does not know are passed over.
    """
    document, error = load_json(text)
    if not isinstance(document, dict) or not isinstance(document.get("chapters"), list):
        return (), (
            chapter_error(error.line, "not-json", error.text)
            if error
            else chapter_error(1, "no-list"),
        )
    reader = _ChaptersJsonReader()
    for line, value in list_elements(text, "chapters"):
        reader.read(line, value)
    return reader.result()


class _ChaptersJsonReader:
    """Reads one chapter at a time and remembers what was wrong, and where."""

    def __init__(self) -> None:
        self.chapters: list[Chapter] = []
        self.findings: list[Finding] = []
        self.line = 0

    def read(self, line: int, value: object) -> None:
        self.line = line
        if not isinstance(value, dict):
            self._note("bad-value", f"{value}")
            return
        start_ms = self._time(value, "startTime")
        if start_ms is None:
            if "startTime" not in value:
                self._note("no-start", str(value.get("title", "")))
            return
        if self.chapters and start_ms < self.chapters[-1].start_ms:
            self._note("not-in-order", str(value.get("title", "")))
        self.chapters.append(self._chapter(start_ms, value))

    def result(self) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
        if not self.chapters and not self.findings:
            self.findings.append(chapter_error(0, "no-cues"))
        chapters = sorted(self.chapters, key=lambda chapter: chapter.start_ms)
        return tuple(chapters), tuple(self.findings)

    def _chapter(self, start_ms: int, value: dict[str, object]) -> Chapter:
        end_ms = self._time(value, "endTime")
        if end_ms is not None and end_ms <= start_ms:
            self._note("ends-before-start", str(value.get("title", "")))
            end_ms = None
        toc = value.get("toc", True)
        if not isinstance(toc, bool):
            self._note("bad-value", f"toc: {toc}")
        return Chapter(
            start_ms=start_ms,
            end_ms=end_ms,
            title=self._text(value, "title"),
            url=self._text(value, "url"),
            image=self._text(value, "img"),
            hidden=toc is False,
        )

    def _time(self, value: dict[str, object], name: str) -> int | None:
        """Some files hold the time as text; its meaning is plain. Finer than a ms is rounded."""
        found = value.get(name)
        if found is None:
            return None
        if isinstance(found, float):
            found = round(found, 3)
        if isinstance(found, int | float | str):
            try:
                return parse_time(found)
            except ValueError:
                pass
        code: ParseReason = "no-start" if name == "startTime" else "bad-value"
        self._note(code, f"{name}: {found}")
        return None

    def _text(self, value: dict[str, object], name: str) -> str:
        found = value.get(name, "")
        if isinstance(found, str):
            return clean_line(found)
        if found is not None:
            self._note("bad-value", f"{name}: {found}")
        return ""

    def _note(self, code: ParseReason, text: str) -> None:
        self.findings.append(chapter_error(self.line, code, text))
