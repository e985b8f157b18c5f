"""What a picture may be, and how its metadata is taken out without touching its pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avsnitt.media.trouble import PictureTrouble

FORMATS: Final = ("JPEG", "PNG")
MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 64 << 20
EMBEDDED_PX: Final = 1000
EMBEDDED_BYTES: Final = 300_000
"""A cover is read before the first sound, and TAG-002 asks for far less than 1 MB."""
CHAPTER_PX: Final = (300, 200, 120)
CHAPTER_BYTES: Final = 30_000
"""Every chapter of an MP3 may have one; sizes are tried in turn until it is small enough."""
QUALITIES: Final = (85, 75, 60, 40)
"""Tried in turn until the picture is small enough."""

PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP"}
)
"""What decides how the pixels look (PNG, third edition, section 11), and nothing else."""

JPEG_MAGIC: Final = b"\xff\xd8"
JFIF, ICC, ADOBE = 0xE0, 0xE2, 0xEE
SCAN, END = 0xDA, 0xD9
JPEG_APP: Final = {JFIF: b"JFIF\0", ICC: b"ICC_PROFILE\0", ADOBE: b"Adobe"}
"""The only application segments that a decoder needs."""
COMMENT: Final = 0xFE
BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})
AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def picture_mime(data: bytes) -> str:
    """`image/png` or `image/jpeg`, by content."""
    return "image/png" if data.startswith(PNG_MAGIC) else "image/jpeg"


def too_large(width: int, height: int) -> PictureTrouble:
    return PictureTrouble(
        "PICTURE-002", width=str(width), height=str(height), limit=str(MAX_PIXELS)
    )


def check_pixels(width: int, height: int) -> None:
    """PICTURE-002 for a picture that would fill the memory once it is unpacked."""
    if width * height > MAX_PIXELS:
        raise too_large(width, height)


def damaged() -> PictureTrouble:
    return PictureTrouble("PICTURE-001", reason="damaged")


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header; (0, 0) when there is none."""
    if data.startswith(PNG_MAGIC):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    for marker, body in jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(body[7:9], "big"), int.from_bytes(body[5:7], "big")
    return 0, 0


def strip_png(data: bytes) -> bytes:
    """The same picture with only the chunks of `PNG_KEPT`, and nothing after its end."""
    pieces, at = [PNG_MAGIC], len(PNG_MAGIC)
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        stop = at + 12 + size
        if stop > len(data):
            break
        if kind in PNG_KEPT:
            pieces.append(data[at:stop])
        if kind == b"IEND":
            return b"".join(pieces)
        at = stop
    raise damaged()


def strip_jpeg(data: bytes) -> bytes:
    """The same picture without comments, EXIF, XMP, thumbnails and whatever follows its end."""
    kept = (body for marker, body in jpeg_segments(data) if is_needed(marker, body))
    return JPEG_MAGIC + b"".join(kept)


def is_needed(marker: int, body: bytes) -> bool:
    if marker == COMMENT:
        return False
    if 0xE0 <= marker <= 0xEF:
        magic = JPEG_APP.get(marker)
        return magic is not None and body[4 : 4 + len(magic)] == magic
    return True


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker; a scan comes with its coded pixels (ITU-T T.81, annex B)."""
    at = len(JPEG_MAGIC)
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == END:
            yield marker, data[at : at + 2]
            return
        stop = at + 2
        if marker not in BARE_MARKERS:
            stop += int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == SCAN:
            found = AFTER_SCAN.search(data, stop)
            stop = found.start() if found else len(data)
        if stop > len(data):
            break
        yield marker, data[at:stop]
        at = stop
    raise damaged()
