"""The one list of chapters that every carrier holds, and how much each of them can hold.

Players take the chapters from wherever they find most of them, so a carrier with a list of its own
would decide what a listener sees (AntennaPod, ChapterUtils; Pocket Casts, ShowNotesProcessor).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import MS_PER_SECOND
from avsnitt.model.show import Chapter

MOST_IN_CONTENTS: Final = 255
"""An MP3's table of contents counts its chapters in one byte (id3v2-chapters-1.0, 3.2), and so
does Nero's list in an MP4."""
MOST_IN_COMMENTS: Final = 99
"""AntennaPod separates Vorbis chapters by the last two digits of their number."""
MOST_TITLE_BYTES: Final = 127
"""AntennaPod reads the length of a title in Nero's list as a signed byte, and loses the rest."""
MOST_PICTURES: Final = 33
"""In one MP3, each at most 30 kB: a player reads the whole tag before the first sound."""


def published_chapters(
    chapters: Iterable[Chapter],
    duration_ms: int,
    *,
    opening: str,
    unnamed: Callable[[int], str],
) -> tuple[Chapter, ...]:
    """
    The chapters as they are published, in time order and inside the sound, titles on one line.

    A chapter without a title gets `unnamed` of its number among those that are shown. The first
    that is shown begins at 0, since an MP4's track of chapters cannot begin with nothing, and
    Apple and Spotify want a list that does (Apple 5482; Spotify "Enabling podcast chapters"): in
    the first second it is moved there, and before a later one stands a chapter named `opening`.
    Hidden chapters are kept, for the JSON file alone, but for one that begins with a shown one.
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
    return _with_ends(_from_the_start(listed, opening), duration_ms)


def _from_the_start(listed: list[Chapter], opening: str) -> list[Chapter]:
    first = next((one for one in listed if not one.hidden), None)
    if first is not None and first.start_ms:
        beginning = Chapter(start_ms=0, title=opening)
        if first.start_ms < MS_PER_SECOND:
            listed.remove(first)
            beginning = msgspec.structs.replace(first, start_ms=0)
        listed.insert(0, beginning)
    if any(one.hidden for one in listed):
        taken = {one.start_ms for one in listed if not one.hidden}
        listed = [one for one in listed if not one.hidden or one.start_ms not in taken]
    return listed


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
