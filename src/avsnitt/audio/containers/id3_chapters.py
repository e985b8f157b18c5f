"""The chapters of an ID3v2.3 or 2.4 tag (id3.org, id3v2-chapters-1.0), as Chapters."""

from __future__ import annotations

from avsnitt.audio.containers.id3 import chapter_frames, parse_id3_tags
from avsnitt.audio.containers.markers import tidy_marks
from avsnitt.audio.containers.reader import Data
from avsnitt.model.show import Chapter


def id3_chapters(data: Data) -> tuple[Chapter, ...]:
    """The chapters of the first tag at the start of a file; empty without one."""
    return tidy_marks(
        Chapter(start_ms=one.start_ms, title=one.title, url=one.url)
        for tag in parse_id3_tags(data)[:1]
        for one in chapter_frames(tag)
    )
