"""What runs along the sound, in files of its own: chapters."""

from __future__ import annotations

from typing import Final

import msgspec

from avsnitt.content.mattered import Mattered, Read
from avsnitt.content.shapes import EpisodeMatter
from avsnitt.errors import ProblemFound, Where
from avsnitt.formats.mistakes import Mistake
from avsnitt.model import Chapter
from avsnitt.problems import problem

CHAPTERS_FILE: Final = "chapters.json"

Source = Mattered[EpisodeMatter]


def read_chapters(
    source: Source, names: tuple[str, ...], path: str, read: Read
) -> tuple[Chapter, ...]:
    """The chapters in the file at `path`, if any; `names` are the files beside it."""
    if not path:
        return ()
    folder = path.rpartition("/")[0]
    text = _read(source, path, read)
    if text is None:
        return ()
    from avsnitt.formats.chapters_json import parse_chapters_json

    chapters, mistakes = parse_chapters_json(text)
    _complain(source, "CHAPTER-001", path, mistakes)
    return tuple(
        msgspec.structs.replace(chapter, image=f"{folder}/{chapter.image}")
        if chapter.image in names
        else chapter
        for chapter in chapters
    )


def _read(source: Source, path: str, read: Read) -> str | None:
    try:
        return read(path)
    except ProblemFound as found:
        source.problems.append(found.problem)
        return None


def _complain(source: Source, code: str, path: str, mistakes: tuple[Mistake, ...]) -> None:
    for mistake in mistakes:
        where = Where(path, mistake.line, 0, mistake.text)
        source.problems.append(problem(code, where, reason=f"@mistake.{mistake.code}"))
