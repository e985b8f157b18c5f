"""Chapters beside the episode, in a file of its own, or in the recording itself."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from avsnitt.content.front_matter import FrontMatterFile, Read, add_file_findings, read_beside
from avsnitt.content.schema.front_matter import EpisodeFields
from avsnitt.i18n import clock
from avsnitt.model.message import message
from avsnitt.model.show import Chapter
from avsnitt.problems.codes import problem
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Problem, Where

USUAL_NAMES: Final = (
    "chapters.json",
    "chapters.psc",
    "chapters.xml",
    "chapters.txt",
    "labels.txt",
)
"""The file that is read when the front matter names none; the first of them that is there."""

ENDINGS: Final = (".json", ".psc", ".xml", ".txt")
MOST_REPORTED: Final = 20
"""A file that is wrong throughout need not be reported line by line."""

WEB_ADDRESS: Final = re.compile(r"https?://\S+")

Source = FrontMatterFile[EpisodeFields]
Parser = Callable[[str], tuple[tuple[Chapter, ...], tuple[Finding, ...]]]


def usual_file(names: tuple[str, ...]) -> str:
    """The name of the chapter file among `names`, or an empty text."""
    return next((name for name in USUAL_NAMES if name in names), "")


def read_chapters(
    source: Source, names: tuple[str, ...], path: str, read: Read
) -> tuple[Chapter, ...]:
    """The chapters in the file at `path`, if any; `names` are the files beside it."""
    if path and not path.endswith(ENDINGS):
        source.add_problem("CHAPTER-008", ("chapters",), name=path.rpartition("/")[2])
        return ()
    text = read_beside(source, path, read) if path else None
    if text is None:
        return ()
    chapters, findings = parser_of(path, text)(text)
    add_file_findings(source, path, findings)
    source.problems += itertools.islice(_unfit(names, path, text, chapters), MOST_REPORTED)
    folder = path.rpartition("/")[0]
    return tuple(
        msgspec.structs.replace(chapter, image=f"{folder}/{chapter.image}")
        if chapter.image in names
        else chapter
        for chapter in chapters
    )


def parser_of(path: str, text: str) -> Parser:
    """By the name's ending; where that says nothing (`.txt`), by how the text begins."""
    from avsnitt.formats.chapters.audacity import is_labels, parse_labels
    from avsnitt.formats.chapters.podcast_json import parse_chapters_json
    from avsnitt.formats.chapters.psc import parse_psc
    from avsnitt.formats.chapters.text_list import parse_chapter_lines

    by_ending: dict[str, Parser] = {
        "json": parse_chapters_json,
        "psc": parse_psc,
        "xml": parse_psc,
    }
    by_beginning: dict[str, Parser] = {"{": parse_chapters_json, "<": parse_psc}
    first = text.removeprefix("\ufeff").lstrip()[:1]
    otherwise = parse_labels if is_labels(text) else parse_chapter_lines
    known = by_ending.get(path.rpartition(".")[2].lower())
    return known or by_beginning.get(first, otherwise)


def _unfit(
    names: tuple[str, ...], path: str, text: str, chapters: tuple[Chapter, ...]
) -> Iterator[Problem]:
    """Yield problems with chapters that the formats allow and an episode cannot have."""
    for chapter in chapters:
        if chapter.url and not WEB_ADDRESS.fullmatch(chapter.url):
            where = _where(path, text, chapter.url)
            yield problem("CHAPTER-001", where, reason=message("parse-error.bad-value"))
        if chapter.image and "://" not in chapter.image and chapter.image not in names:
            where = _where(path, text, chapter.image)
            yield problem("FILE-005", where, name=chapter.image, near="")
    shown = (chapter for chapter in chapters if not chapter.hidden)
    for before, after in itertools.pairwise(shown):
        if before.start_ms == after.start_ms:
            title = after.title or clock(after.start_ms)
            yield problem("CHAPTER-002", _where(path, text, after.title), title=title)


def _where(path: str, text: str, words: str) -> Where:
    """The first line that has these words; the whole file when none has, as it was escaped."""
    at = text.find(words) if words else -1
    if at < 0:
        return Where(path)
    number = text.count("\n", 0, at) + 1
    return Where(path, number, 0, text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip())
