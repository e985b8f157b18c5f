"""The orientation of a camera: the one value in EXIF that decides how an image is shown."""

from __future__ import annotations

from typing import Final, Literal

from avsnitt.images.metadata import PNG_MAGIC, SCAN, jpeg_segments, png_chunks
from avsnitt.problems.media_errors import ImageError

ORIENTATION: Final = 0x0112
EXIF: Final = b"Exif\0\0"
APP1: Final = 0xE1
LYING: Final = (5, 6, 7, 8)
"""The orientations in which width in the file is height on the screen."""


def find_orientation(data: bytes) -> int:
    """1 to 8, of a JPEG or PNG; 1 where nothing is said, or nothing that can be understood."""
    try:
        return orientation_of(png_exif(data) if data.startswith(PNG_MAGIC) else jpeg_exif(data))
    except ImageError:
        return 1


def png_exif(data: bytes) -> bytes:
    """The body of `eXIf`, if it comes before the pixels, where most programs look for it."""
    for kind, chunk in png_chunks(data):
        if kind == b"IDAT":
            break
        if kind == b"eXIf":
            return chunk[8:-4]
    return b""


def jpeg_exif(data: bytes) -> bytes:
    """Return the EXIF data of a JPEG file without its header, or no bytes."""
    for marker, body in jpeg_segments(data):
        if marker == SCAN:
            break
        if marker == APP1 and body.startswith(EXIF, 4):
            return body[4 + len(EXIF) :]
    return b""


def orientation_of(exif: bytes) -> int:
    """The tag in the first directory of some EXIF (TIFF 6.0, section 2)."""
    order: Literal["little", "big"] = "little" if exif.startswith(b"II") else "big"
    start = int.from_bytes(exif[4:8], order)
    count = int.from_bytes(exif[start : start + 2], order)
    for at in range(start + 2, min(start + 2 + 12 * count, len(exif) - 11), 12):
        if int.from_bytes(exif[at : at + 2], order) == ORIENTATION:
            found = int.from_bytes(exif[at + 8 : at + 10], order)
            return found if 1 <= found <= 8 else 1
    return 1
