"""Makes the bytes of an ID3v2.3 tag from mutagen's frames.

`ID3.save` is not used, for three reasons: it sorts chapters by their size, and players show
them in the order of the file; it moves the whole file to make room for its tag; and it takes five
times as long. Every text here is one string, so mutagen's v2.4 body is the v2.3 body too, and
only the frame's header differs (id3.org, ID3v2.3 3.3: a plain 32-bit size).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Final

import mutagen.id3 as m
from mutagen.id3._util import ID3SaveConfig

from avsnitt.audio.tag_plan import TAGS, TagPlan
from avsnitt.formats.chapters.published import MOST_IN_CONTENTS
from avsnitt.images.metadata import picture_mime

if TYPE_CHECKING:
    from avsnitt.model.show import Chapter

PADDING_BYTES: Final = 1024
NO_PICTURES: Final[Mapping[str, bytes]] = {}
LATIN1, UTF16 = m.Encoding.LATIN1, m.Encoding.UTF16
OTHER_PICTURE, FRONT_COVER = 0, 3
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


def render_id3(
    plan: TagPlan, cover: bytes | None, pictures: Mapping[str, bytes] = NO_PICTURES
) -> bytes:
    """
    The bytes of the whole tag: header, frames in the order of TAGS, cover, chapters, padding.
    `pictures` are those of the chapters, by `Chapter.image`.
    """
    code = plan.language_code
    frames = [
        simple_frame(name, text, code)
        for tag in TAGS
        if tag.id3 and (text := tag.value(plan))
        for name in tag.id3
    ]
    if cover:
        frames.append(cover_frame(cover))
    frames += chapter_frames(plan.chapters, pictures)
    body = b"".join(frames)
    size = len(body) + PADDING_BYTES
    spread = bytes((size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127))
    return TAG_HEADER.pack(b"ID3", 3, 0, 0, spread) + body + bytes(PADDING_BYTES)


def frame_bytes(frame: m.Frame) -> bytes:
    """The bytes of a frame with its ID3v2.3 header."""
    body: bytes = frame._writeData(BODY)
    return FRAME_HEADER.pack(frame.FrameID.encode(), len(body), 0) + body


@lru_cache(maxsize=128)
def simple_frame(name: str, text: str, language: str) -> bytes:
    """The bytes of a frame with one string. Cached, since most are the same in all episodes."""
    if name == "WFED":
        return frame_bytes(WFED(encoding=LATIN1, text=[text]))
    if name == "PCST":
        return frame_bytes(m.PCST(value=0))
    if name in ("COMM", "USLT"):
        frame = getattr(m, name)
        return frame_bytes(frame(encoding=UTF16, lang=language, desc="", text=text))
    if name[0] == "W":
        return frame_bytes(getattr(m, name)(url=text))
    return text_frame(name, text)


def text_frame(name: str, text: str) -> bytes:
    """
    The bytes of a text frame (ID3v2.3, 4.2), made here since each chapter has one, and mutagen
    takes 20 us to make it. A test compares them with mutagen's.
    """
    if name in ASCII_FRAMES:
        body = b"\0" + text.encode("latin-1") + b"\0"
    else:
        body = b"\1\xff\xfe" + text.encode("utf-16-le") + b"\0\0"
    return FRAME_HEADER.pack(name.encode(), len(body), 0) + body


@lru_cache(maxsize=4)
def cover_frame(cover: bytes) -> bytes:
    """The bytes of the frame with the cover, which many episodes share."""
    return picture_frame(cover, FRONT_COVER)


def picture_frame(picture: bytes, kind: int) -> bytes:
    """The bytes of an APIC frame with a picture of a kind (ID3v2.3, 4.15)."""
    frame = m.APIC(encoding=LATIN1, mime=picture_mime(picture), type=kind, desc="", data=picture)
    return frame_bytes(frame)


def chapter_frames(chapters: tuple[Chapter, ...], pictures: Mapping[str, bytes]) -> list[bytes]:
    """The bytes of one table of contents, then of each chapter in time order
    (id3v2-chapters-1.0)."""
    if not chapters:
        return []
    names = [f"chp{index}" for index in range(len(chapters))]
    return [
        contents_frame(min(len(names), MOST_IN_CONTENTS)),
        *(
            chapter_frame(name, chapter, pictures.get(chapter.image))
            for name, chapter in zip(names, chapters, strict=True)
        ),
    ]


@lru_cache(maxsize=64)
def contents_frame(count: int) -> bytes:
    """The bytes of the top-level table of contents of so many chapters."""
    contents = m.CTOC(
        element_id="toc",
        flags=TOP_LEVEL_ORDERED,
        child_element_ids=[f"chp{index}" for index in range(count)],
        sub_frames=[],
    )
    return frame_bytes(contents)


def chapter_frame(name: str, chapter: Chapter, picture: bytes | None) -> bytes:
    """The bytes of a CHAP frame, made here: mutagen's would sort and re-check what is inside it."""
    start_ms, end_ms = chapter.start_ms, chapter.end_ms or chapter.start_ms
    head = name.encode() + CHAPTER_HEAD.pack(0, start_ms, end_ms, NO_OFFSET, NO_OFFSET)
    inside = text_frame("TIT2", chapter.title) if chapter.title else b""
    if chapter.url:
        inside += frame_bytes(m.WXXX(encoding=LATIN1, desc="chapter url", url=chapter.url))
    if picture:
        inside += picture_frame(picture, OTHER_PICTURE)
    return FRAME_HEADER.pack(b"CHAP", len(head) + len(inside), 0) + head + inside
