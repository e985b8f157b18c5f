"""Reads the chapters of an ID3v2.3 or 2.4 tag (id3.org, id3v2-chapters-1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avsnitt.media.marks import tidy_marks
from avsnitt.media.mpeg import ID3_HEADER, synchsafe
from avsnitt.media.sounds import Data
from avsnitt.model import Chapter

MAX_TAG_BYTES: Final = 64 << 20
MAX_FRAMES: Final = 20_000
ENCODINGS: Final = ("latin-1", "utf-16", "utf-16-be", "utf-8")
PACKED: Final = {3: 0xC0, 4: 0x0C}
"""The flags of a frame that is compressed or encrypted, by version."""
GROUPED: Final = {3: 0x20, 4: 0x40}
UNSYNCHRONISED, WITH_LENGTH = 0x02, 0x01
TIMES_BYTES: Final = 16
FRAME_NAME: Final = re.compile(rb"[A-Z][A-Z0-9]{3}")


def id3_chapters(data: Data) -> tuple[Chapter, ...]:
    """The chapters of the tag at the start of a file, if there is one."""
    header = data[:ID3_HEADER]
    if len(header) < ID3_HEADER or header[:3] != b"ID3" or header[3] not in PACKED:
        return ()
    size = synchsafe(header[6:10])
    if size > MAX_TAG_BYTES:
        return ()
    body, version = data[ID3_HEADER : ID3_HEADER + size], header[3]
    if b"CHAP" not in body:
        return ()
    if header[5] & 0x80 and version == 3:
        body = body.replace(b"\xff\x00", b"\xff")
    start = extended_bytes(body, version) if header[5] & 0x40 else 0
    return tidy_marks(
        chapter
        for name, content in frames(body, start, version)
        if name == b"CHAP" and (chapter := read_chapter(content, version))
    )


def extended_bytes(body: bytes, version: int) -> int:
    """How long the extended header is; in v2.3 its size does not count itself."""
    return synchsafe(body[:4].ljust(4)) if version == 4 else int.from_bytes(body[:4], "big") + 4


def frames(body: bytes, start: int, version: int) -> Iterator[tuple[bytes, bytes]]:
    """The name and content of each frame that can be read as it is."""
    at = start
    for _ in range(MAX_FRAMES):
        header = body[at : at + ID3_HEADER]
        if len(header) < ID3_HEADER or not header[0]:
            return
        size = frame_bytes(body, at, version)
        content, flags = body[at + ID3_HEADER : at + ID3_HEADER + size], header[9]
        at += ID3_HEADER + size
        if not flags & PACKED[version]:
            yield header[:4], opened(content, flags, version)


def frame_bytes(body: bytes, at: int, version: int) -> int:
    """
    The size of a frame's content. In v2.4 seven bits of each byte count (4), but FFmpeg's table of
    contents and all of old iTunes' frames have plain sizes: so what stands after it decides.
    """
    size = body[at + 4 : at + 8]
    plain = int.from_bytes(size, "big")
    if version == 3 or plain < 128:
        return plain
    spread = synchsafe(size)
    if max(size) > 127 or not ends_well(body, at + ID3_HEADER + spread):
        return plain if ends_well(body, at + ID3_HEADER + plain) else spread
    return spread


def ends_well(body: bytes, at: int) -> bool:
    """Whether a frame may end here: at the end, at padding or at the next frame."""
    return at == len(body) or body[at : at + 1] == b"\0" or bool(FRAME_NAME.match(body, at))


def opened(content: bytes, flags: int, version: int) -> bytes:
    """A frame's content without what its flags put in front of it."""
    content = content[1:] if flags & GROUPED[version] else content
    if version == 4 and flags & WITH_LENGTH:
        content = content[4:]
    if version == 4 and flags & UNSYNCHRONISED:
        content = content.replace(b"\xff\x00", b"\xff")
    return content


def read_chapter(content: bytes, version: int) -> Chapter | None:
    """One chapter, with its title and the first link in it; None when it has no times."""
    name_bytes = content.find(b"\0") + 1
    inside = name_bytes + TIMES_BYTES
    if not name_bytes or len(content) < inside:
        return None
    title = url = ""
    for name, value in frames(content, inside, version):
        if name == b"TIT2" and not title:
            title = text(value)
        elif name[:1] == b"W" and not url:
            url = link(name, value)
    start_ms = int.from_bytes(content[name_bytes : name_bytes + 4], "big")
    return Chapter(start_ms=start_ms, title=title, url=url)


def text(value: bytes) -> str:
    """What a text frame says, up to its first end (ID3v2.3, 4.2)."""
    if not value or value[0] >= len(ENCODINGS):
        return ""
    return value[1:].decode(ENCODINGS[value[0]], "replace").partition("\0")[0]


def link(name: bytes, value: bytes) -> str:
    """The address in a URL frame (ID3v2.3, 4.3); WXXX has a description before it."""
    if name == b"WXXX" and value:
        wide = value[0] in (1, 2)
        value = after_description(value[1:], 2 if wide else 1)
    return value.decode("latin-1").partition("\0")[0]


def after_description(value: bytes, width: int) -> bytes:
    end = bytes(width)
    for at in range(0, len(value), width):
        if value[at : at + width] == end:
            return value[at + width :]
    return b""
