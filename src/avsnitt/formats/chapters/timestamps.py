"""Chapters as the list of times that players find in a description."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import MS_PER_HOUR, MS_PER_SECOND
from avsnitt.model.show import Chapter

FEWEST_LINES: Final = 3


def render_timestamps(chapters: Iterable[Chapter]) -> tuple[str, ...]:
    """
    `00:00 Title`, one line a visible chapter with a title; hours on all lines or on none.

    Apple and Spotify take the list for chapters when it begins at 00:00, has three lines or
    more and only goes forward (Apple 5482; Spotify "Enabling podcast chapters"). A list that
    does not is left out: nothing is invented to fill it.
    """
    visible = [chapter for chapter in chapters if not chapter.hidden and clean_line(chapter.title)]
    seconds = [chapter.start_ms // MS_PER_SECOND for chapter in visible]
    forward = all(a < b for a, b in pairwise(seconds))
    if len(visible) < FEWEST_LINES or seconds[0] != 0 or not forward:
        return ()
    with_hours = visible[-1].start_ms >= MS_PER_HOUR
    return tuple(
        f"{_clock(start, with_hours)} {clean_line(chapter.title)}"
        for start, chapter in zip(seconds, visible, strict=True)
    )


def _clock(seconds: int, with_hours: bool) -> str:
    minutes, second = divmod(seconds, 60)
    if not with_hours:
        return f"{minutes:02}:{second:02}"
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}"
