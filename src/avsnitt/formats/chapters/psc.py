"""Podlove Simple Chapters 1.2 <-> chapters (podlove-specifications, podlove-simple-chapters)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from avsnitt.formats.plain_text import clean_line, escape_html
from avsnitt.formats.timecode import parse_time, render_npt
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import ParseReason, chapter_error

NAMESPACE: Final = "http://podlove.org/simple-chapters"
VERSION: Final = "1.2"
Attributes = tuple[tuple[str, str], ...]


def chapter_elements(chapters: Iterable[Chapter]) -> tuple[Attributes, ...]:
    """
    The attributes of each `psc:chapter`, in order; links and pictures as they were given.

    Hidden chapters are left out, since the format cannot say that they are hidden and every
    carrier of chapters must show the same list. A chapter without a title is left out too: the
    format needs one.
    """
    return tuple(
        _attributes(chapter, title)
        for chapter in chapters
        if not chapter.hidden and (title := clean_line(chapter.title))
    )


def _attributes(chapter: Chapter, title: str) -> Attributes:
    found: Attributes = (("start", render_npt(chapter.start_ms)), ("title", title))
    if chapter.url:
        found = (*found, ("href", clean_line(chapter.url)))
    if chapter.image:
        found = (*found, ("image", clean_line(chapter.image)))
    return found


def render_psc(chapters: Iterable[Chapter]) -> str:
    """The chapters as an XML document of their own."""
    rows = "".join(
        "  <psc:chapter "
        + " ".join(f'{name}="{_quoted(value)}"' for name, value in attributes)
        + "/>\n"
        for attributes in chapter_elements(chapters)
    )
    head = f'<psc:chapters version="{VERSION}" xmlns:psc="{NAMESPACE}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{rows}</psc:chapters>\n'


def _quoted(value: str) -> str:
    return escape_html(value).replace('"', "&quot;")


def parse_psc(text: str) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """
    Every chapter that can be understood, and every mistake. Never raises.

    A document type is refused before anything in it is read, so no entity is ever expanded and
    nothing is fetched. The elements may stand anywhere in the document.
    """
    from xml.parsers.expat import ExpatError

    reader = _PscReader()
    try:
        reader.read(text)
    except _PscDoctypeError:
        reader.note("doctype")
    except (ExpatError, UnicodeEncodeError, ValueError) as error:
        reader.note("not-xml", str(error))
    return reader.result()


class _PscDoctypeError(Exception):
    pass


class _PscReader:
    def __init__(self) -> None:
        from xml.parsers.expat import ParserCreate

        self.chapters: list[Chapter] = []
        self.findings: list[Finding] = []
        self.in_list = False
        self.parser = ParserCreate("UTF-8", namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._element

    def read(self, text: str) -> None:
        self.parser.Parse(text.removeprefix("\ufeff").encode(), True)

    def note(self, code: ParseReason, text: str = "") -> None:
        line = self.parser.CurrentLineNumber
        self.findings.append(chapter_error(line, code, text))

    def result(self) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
        if not self.chapters and not self.findings:
            code: ParseReason = "no-cues" if self.in_list else "no-list"
            self.findings.append(chapter_error(0, code))
        chapters = sorted(self.chapters, key=lambda chapter: chapter.start_ms)
        return tuple(chapters), tuple(self.findings)

    def _refuse(self, *_: object) -> None:
        raise _PscDoctypeError

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{NAMESPACE} chapters":
            self.in_list = True
        elif name == f"{NAMESPACE} chapter":
            self._chapter(attributes)

    def _chapter(self, attributes: dict[str, str]) -> None:
        try:
            start_ms = parse_time(attributes.get("start", ""))
        except ValueError:
            self.note("no-start", attributes.get("start", ""))
            return
        title = clean_line(attributes.get("title", ""))
        if not title:
            self.note("no-title", attributes.get("start", ""))
        elif self.chapters and start_ms < self.chapters[-1].start_ms:
            self.note("not-in-order", title)
        self.chapters.append(
            Chapter(
                start_ms=start_ms,
                title=title,
                url=clean_line(attributes.get("href", "")),
                image=clean_line(attributes.get("image", "")),
            )
        )
