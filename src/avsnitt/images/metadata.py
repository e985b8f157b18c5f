"""Limits of images, and removal of their metadata without a change to their pixels."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from avsnitt.problems.media_errors import ImageError

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
PNG_KEPT: Final = {
    b"IHDR": 13,
    b"PLTE": 768,
    b"IDAT": 1 << 31,
    b"IEND": 0,
    b"tRNS": 256,
    b"gAMA": 4,
    b"cHRM": 32,
    b"sRGB": 1,
    b"cICP": 4,
    b"pHYs": 9,
}
"""
The chunks that decide how the pixels look (PNG, third edition, section 11), and the most bytes of
each. Beside these, the profile in `iCCP` is kept, and nothing else.
"""
FRAMES: Final = b"acTL"
PROFILE: Final = b"iCCP"
PROFILE_BYTES: Final = 4 << 20
"""The largest profiles that are in use, for printing presses, have 3 MB."""
PROFILE_HEAD: Final = 128

JPEG_MAGIC: Final = b"\xff\xd8"
JFIF, ICC, ADOBE = 0xE0, 0xE2, 0xEE
SCAN, END = 0xDA, 0xD9
JPEG_APP: Final = {JFIF: (b"JFIF\0", 14), ADOBE: (b"Adobe", 12)}
"""The only application segments that a decoder needs beside the profile, and how long they are."""
ICC_MAGIC: Final = b"ICC_PROFILE\0"
JPEG_KEPT: Final = frozenset({*range(0xC0, 0xD8), SCAN, END, 0xDB, 0xDC, 0xDD})
"""Frames, tables and scans (ITU-T T.81, table B.1), and no segment that only means something."""
MOST_SCANS: Final = 100
"""Ten are usual; each costs as much as the whole picture, and may be a few bytes long."""
BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})
AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def picture_mime(data: bytes) -> str:
    """`image/png` or `image/jpeg`, by content."""
    return "image/png" if data.startswith(PNG_MAGIC) else "image/jpeg"


def too_large(width: int, height: int) -> ImageError:
    """The error for an image of more than MAX_PIXELS pixels."""
    return ImageError("PICTURE-002", width=str(width), height=str(height), limit=str(MAX_PIXELS))


def check_pixels(width: int, height: int) -> None:
    """PICTURE-002 for a picture that would fill the memory once it is unpacked."""
    if width * height > MAX_PIXELS:
        raise too_large(width, height)


def damaged() -> ImageError:
    """The error for an image that no decoder would read."""
    return ImageError("PICTURE-001", reason="damaged")


def unfit(reason: str) -> ImageError:
    """The error for an image that cannot be used, for a reason under `reason.` in the messages."""
    return ImageError("PICTURE-001", reason=reason)


def picture_format(data: bytes) -> str:
    """JPEG or PNG, by content; empty for anything else."""
    if data.startswith(PNG_MAGIC):
        return "PNG"
    return "JPEG" if data.startswith(JPEG_MAGIC + b"\xff") else ""


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header; (0, 0) when there is none."""
    if data.startswith(PNG_MAGIC):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    for marker, body in jpeg_segments(data):
        if is_frame(marker):
            return int.from_bytes(body[7:9], "big"), int.from_bytes(body[5:7], "big")
    return 0, 0


def is_frame(marker: int) -> bool:
    """True for a marker that begins a frame of JPEG (ITU-T T.81, table B.1)."""
    return 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)


def strip_picture(data: bytes) -> bytes:
    """
    The same pixels without what is not the picture, of a kind and a size that may be unpacked.
    Nothing is unpacked here but the colour profile, as far as it is allowed to be long.

    Raises ImageError (PICTURE-001, PICTURE-002).
    """
    kind = picture_format(data)
    if not kind:
        raise unfit("format")
    width, height = picture_size(data)
    check_pixels(width, height)
    if not width * height:
        raise damaged()
    return strip_png(data) if kind == "PNG" else strip_jpeg(data)


def strip_png(data: bytes) -> bytes:
    """
    The same picture with only the chunks of `PNG_KEPT`, and nothing after its end. Raises
    ImageError for a picture that moves.
    """
    pieces = [PNG_MAGIC]
    for number, (kind, chunk) in enumerate(png_chunks(data)):
        if (kind == b"IHDR") != (number == 0):
            raise damaged()
        if kind == FRAMES and int.from_bytes(chunk[8:12], "big") > 1:
            raise unfit("moving")
        if kind == PROFILE:
            pieces.append(clean_profile_chunk(chunk))
        elif len(chunk) - 12 <= PNG_KEPT.get(kind, -1):
            pieces.append(chunk)
    return b"".join(pieces)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk by its name, whole, as far as the last one."""
    at = len(PNG_MAGIC)
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        stop = at + 12 + size
        if stop > len(data):
            break
        yield kind, data[at:stop]
        if kind == b"IEND":
            return
        at = stop
    raise damaged()


def clean_profile_chunk(chunk: bytes) -> bytes:
    """The profile under no name of its own; nothing, for what is no profile."""
    name, _, packed = chunk[8:-4].partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], PROFILE_BYTES + 1)
    except zlib.error:
        return b""
    if not is_profile(profile) or not unpacker.eof or not name:
        return b""
    packed = packed[: len(packed) - len(unpacker.unused_data)]
    body = PROFILE + b"ICC\0" + packed
    size = len(body) - len(PROFILE)
    return size.to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def is_profile(profile: bytes) -> bool:
    """
    True when some bytes look like a colour profile of the length that it states (ICC.1:2022,
    7.2). Raises ImageError for one that is longer than any in use.
    """
    if len(profile) > PROFILE_BYTES:
        raise unfit("profile")
    size = int.from_bytes(profile[:4], "big")
    return len(profile) >= PROFILE_HEAD and profile[36:40] == b"acsp" and size == len(profile)


def strip_jpeg(data: bytes) -> bytes:
    """The same picture without comments, EXIF, XMP, thumbnails and whatever follows its end."""
    segments = list(jpeg_segments(data))
    markers = [marker for marker, _ in segments]
    if markers.count(SCAN) > MOST_SCANS or sum(map(is_frame, markers)) > 1:
        raise damaged()
    parts = [body[18:] if has_profile(marker, body) else b"" for marker, body in segments]
    coloured = is_profile(b"".join(parts)[: PROFILE_BYTES + 1])
    kept = (
        body if coloured and has_profile(marker, body) else needed(marker, body)
        for marker, body in segments
    )
    return JPEG_MAGIC + b"".join(kept)


def has_profile(marker: int, body: bytes) -> bool:
    """True for a segment that holds a part of a colour profile (ICC.1:2022, annex B.4)."""
    return marker == ICC and body.startswith(ICC_MAGIC, 4)


def needed(marker: int, body: bytes) -> bytes:
    """Return the part of a segment that a decoder needs: all of it, its beginning, or nothing."""
    if marker in JPEG_KEPT:
        return body
    magic, length = JPEG_APP.get(marker, (b"", 0))
    if not magic or not body.startswith(magic, 4) or len(body) < 4 + length:
        return b""
    short = body[:2] + (length + 2).to_bytes(2, "big") + body[4 : 4 + length]
    return short[:-2] + b"\0\0" if marker == JFIF else short  # its thumbnail has no size now


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
