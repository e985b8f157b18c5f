"""Makes the bytes of an ID3v2.3 tag with mutagen's frames.

`ID3.save` is not used, for three reasons: it sorts chapters by their size, and players show
them in the order of the file; it moves the whole file to fit its tag in; and it takes five
times as long. Every text here is one string, so mutagen's v2.4 body is the v2.3 body too, and
only the frame's header differs (id3.org, ID3v2.3 3.3: a plain 32-bit size).
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Final

import mutagen.id3 as m
from mutagen.id3._util import ID3SaveConfig

from avsnitt.media.artwork import picture_mime
from avsnitt.media.tags import MAX_TOC_CHAPTERS, TAGS, TagPlan

if TYPE_CHECKING:
    from avsnitt.model import Chapter

PADDING_BYTES: Final = 1024
LATIN1, UTF16 = m.Encoding.LATIN1, m.Encoding.UTF16
FRONT_COVER: Final = 3
TOP_LEVEL_ORDERED: Final = 3
NO_OFFSET: Final = 0xFFFFFFFF
BODY: Final = ID3SaveConfig(4)
FRAME_HEADER: Final = Struct(">4sIH")
CHAPTER_HEAD: Final = Struct(">B4I")
"""The end of the element id, start and end in ms, start and end in bytes (not used)."""
TAG_HEADER: Final = Struct(">3sBBB4s")
ASCII_FRAMES: Final = frozenset({"TYER", "TDAT", "TIME", "TLEN", "TLAN", "TRCK", "TPOS"})


class WFED(m.TextFrame):
    """The feed's address: named as a URL frame, but every program stores it as a text frame."""


def render_id3(plan: TagPlan, cover: bytes | None) -> bytes:
    """The whole tag: header, frames in the table's order, cover, chapters, padding."""
    code = plan.language_code
    frames = [
        simple_frame(name, text, code)
        for tag in TAGS
        if tag.id3 and (text := tag.value(plan))
        for name in tag.id3
    ]
    if cover:
        frames.append(cover_frame(cover))
    frames += chapter_frames(plan.chapters)
    body = b"".join(frames)
    size = len(body) + PADDING_BYTES
    spread = bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))
    return TAG_HEADER.pack(b"ID3", 3, 0, 0, spread) + body + bytes(PADDING_BYTES)


def frame_bytes(frame: m.Frame) -> bytes:
    body: bytes = frame._writeData(BODY)
    return FRAME_HEADER.pack(frame.FrameID.encode(), len(body), 0) + body


@lru_cache(maxsize=128)
def simple_frame(name: str, text: str, language: str) -> bytes:
    """A frame that holds one string. Most are the same in every episode of a show."""
    if name == "WFED":
        return frame_bytes(WFED(encoding=LATIN1, text=[text]))
    if name == "PCST":
        return frame_bytes(m.PCST(value=0))
    frame = getattr(m, name)
    if name in ("COMM", "USLT"):
        return frame_bytes(frame(encoding=UTF16, lang=language, desc="", text=text))
    if name[0] == "W":
        return frame_bytes(frame(url=text))
    return frame_bytes(frame(encoding=LATIN1 if name in ASCII_FRAMES else UTF16, text=[text]))


@lru_cache(maxsize=4)
def cover_frame(cover: bytes) -> bytes:
    picture = m.APIC(
        encoding=LATIN1, mime=picture_mime(cover), type=FRONT_COVER, desc="", data=cover
    )
    return frame_bytes(picture)


def chapter_frames(chapters: tuple[Chapter, ...]) -> list[bytes]:
    """One table of contents, then the chapters in time order (id3v2-chapters-1.0)."""
    if not chapters:
        return []
    names = [f"chp{index}" for index in range(len(chapters))]
    contents = m.CTOC(
        element_id="toc",
        flags=TOP_LEVEL_ORDERED,
        child_element_ids=names[:MAX_TOC_CHAPTERS],
        sub_frames=[],
    )
    return [frame_bytes(contents), *map(chapter_frame, names, chapters)]


def chapter_frame(name: str, chapter: Chapter) -> bytes:
    """Its head is packed here: mutagen's CHAP would sort and re-check what is inside it."""
    start_ms, end_ms = chapter.start_ms, chapter.end_ms or chapter.start_ms
    head = name.encode() + CHAPTER_HEAD.pack(0, start_ms, end_ms, NO_OFFSET, NO_OFFSET)
    inside = frame_bytes(m.TIT2(encoding=UTF16, text=[chapter.title])) if chapter.title else b""
    if chapter.url:
        inside += frame_bytes(m.WXXX(encoding=LATIN1, desc="chapter url", url=chapter.url))
    return FRAME_HEADER.pack(b"CHAP", len(head) + len(inside), 0) + head + inside
