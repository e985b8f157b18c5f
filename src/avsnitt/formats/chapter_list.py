"""The one list of chapters that every carrier holds, and how much each of them can hold.

Players take the chapters from wherever they find most of them, so a carrier with a list of its own
would decide what a listener sees (AntennaPod, ChapterUtils; Pocket Casts, ShowNotesProcessor).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from avsnitt.formats.plain import clean_line
from avsnitt.model import Chapter

MOST_IN_CONTENTS: Final = 255
"""An MP3's table of contents counts its chapters in one byte (id3v2-chapters-1.0, 3.2), and so
does Nero's list in an MP4."""
MOST_IN_COMMENTS: Final = 99
"""AntennaPod tells Vorbis chapters apart by the last two digits of their number."""
MOST_TITLE_BYTES: Final = 127
"""AntennaPod reads the length of a title in Nero's list as a signed byte, and loses the rest."""
MOST_PICTURES: Final = 33
"""In one MP3, each at most 30 kB: a player reads the whole tag before the first sound."""


def one_list(
    chapters: Iterable[Chapter],
    duration_ms: int,
    *,
    opening: str,
    unnamed: Callable[[int], str],
) -> tuple[Chapter, ...]:
    """
    The chapters as they are published, in time order and inside the sound, titles on one line.

    A chapter without a title gets `unnamed` of its number among those that are shown. When the
    first that is shown begins late, a chapter named `opening` stands before it: an MP4's track of
    chapters cannot begin with nothing, and Apple and Spotify want a list that begins at 0 (Apple
    5482; Spotify "Enabling podcast chapters"). Hidden chapters are kept, for the JSON file alone.
    """
    inside = [one for one in chapters if 0 <= one.start_ms < duration_ms]
    listed: list[Chapter] = []
    number = 0
    for chapter in sorted(inside, key=lambda one: one.start_ms):
        number += not chapter.hidden
        title = clean_line(chapter.title.replace("\ufeff", ""))
        if not title and not chapter.hidden:
            title = unnamed(number)
        same = title == chapter.title
        listed.append(chapter if same else msgspec.structs.replace(chapter, title=title))
    first_ms = next((one.start_ms for one in listed if not one.hidden), 0)
    if first_ms:
        listed.insert(0, Chapter(start_ms=0, title=opening))
    return _with_ends(listed, duration_ms)


def _with_ends(listed: list[Chapter], duration_ms: int) -> tuple[Chapter, ...]:
    """No chapter goes on into the next that is shown, or after the sound."""
    next_ms = duration_ms
    ended: list[Chapter] = []
    for chapter in reversed(listed):
        if chapter.end_ms is not None:
            end_ms = min(chapter.end_ms, next_ms)
            rest = end_ms if end_ms > chapter.start_ms else None
            ended.append(msgspec.structs.replace(chapter, end_ms=rest))
        else:
            ended.append(chapter)
        next_ms = next_ms if chapter.hidden else chapter.start_ms
    return tuple(reversed(ended))
