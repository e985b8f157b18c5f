"""
Read the files that a feed points at, and never more of them than a rule needs.

Files are not trusted. One that cannot be read gives a value that says so; only `mapped` raises.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.containers.probe import probe
from avsnitt.audio.containers.reader import Data, ProbeResult
from avsnitt.checks.files.facts import AudioFile, ImageFile
from avsnitt.model.message import Message, message
from avsnitt.model.value import fields_of
from avsnitt.problems.media_errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

MAPPED_BYTES: Final = 64 << 10
TEXT_BYTES: Final = 16 << 20
PIECE_BYTES: Final = 1 << 20
PROFILE_BYTES: Final = 1 << 20
"""Colour profiles are a few kilobytes; a larger one is not read."""
GPS: Final = 0x8825
"""The tag of the GPS IFD (Exif 2.3, 4.6.3)."""
_BINARY: Final = getattr(os, "O_BINARY", 0)
"""Windows would otherwise change line ends."""
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
"""Opening a named pipe would otherwise wait for a writer."""

PICTURES: Final = (
    (b"\xff\xd8\xff", 0, "JPEG"),
    (b"\x89PNG\r\n\x1a\n", 0, "PNG"),
    (b"GIF8", 0, "GIF"),
    (b"WEBP", 8, "WEBP"),
    (b"ftypavif", 4, "AVIF"),
    (b"ftypheic", 4, "HEIC"),
    (b"BM", 0, "BMP"),
    (b"II*\0", 0, "TIFF"),
    (b"MM\0*", 0, "TIFF"),
    (b"<svg", 0, "SVG"),
    (b"<?xml", 0, "SVG"),
)


@contextmanager
def mapped(path: str) -> Iterator[Data]:
    """
    The bytes of an ordinary file, without reading them all. Raises OSError when it cannot be
    read or is no ordinary file.
    """
    handle = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{path} is not an ordinary file")
        if found.st_size <= MAPPED_BYTES:
            yield os.read(handle, MAPPED_BYTES)
            return
        with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as data:
            yield data
    finally:
        os.close(handle)


def read_head(path: str) -> bytes:
    """The first 16 MB of a text file; empty when it cannot be read."""
    try:
        with mapped(path) as data:
            return data[:TEXT_BYTES]
    except (OSError, ValueError):
        return b""


def probe_file(path: str) -> tuple[ProbeResult, int]:
    """The facts on an audio file, and its size in bytes; 0 when it cannot be read."""
    try:
        with mapped(path) as data:
            return probe(data), len(data)
    except (OSError, ValueError):
        return ProbeResult(), 0


def audio_file(seen: ProbeResult, size_bytes: int, **extra: Any) -> AudioFile:
    """The probed file as the rules see it; `extra` is what the name and the feed say of it."""
    return AudioFile(**fields_of(ProbeResult, seen), size_bytes=size_bytes, **extra)


def digest_file(path: str, algorithm: str) -> bytes:
    """The digest of a whole file, read in parts; empty when it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, algorithm).digest()
    except OSError:
        return b""


def are_same(path: str, other: str) -> bool | None:
    """True when two files have the same bytes, read in parts; None when they cannot be read."""
    try:
        if os.path.samefile(path, other):
            return True
        with open(path, "rb") as one, open(other, "rb") as two:
            if os.fstat(one.fileno()).st_size != os.fstat(two.fileno()).st_size:
                return False
            while (piece := one.read(PIECE_BYTES)) == two.read(PIECE_BYTES):
                if not piece:
                    return True
            return False
    except OSError:
        return None


def read_image(path: str, **extra: Any) -> ImageFile:
    """The header of a picture; `extra` is what its name and the feed say of it."""
    try:
        size = os.stat(path).st_size
        with mapped(path) as data:
            kind = picture_format(data[:64])
    except (OSError, ValueError):
        return ImageFile(error=message("reason.disk"), **extra)
    extra |= {"size_bytes": size, "format": kind}
    if kind not in ("JPEG", "PNG"):
        return ImageFile(error=message("reason.format"), **extra)
    from avsnitt.images.io.convert import open_picture

    try:
        with open_picture(Path(path)) as image:
            return ImageFile(**_header(image), **extra)
    except (ImageError, OSError) as error:
        reason = error.words.get("reason") if isinstance(error, ImageError) else None
        why = reason if isinstance(reason, Message) else message("reason.large")
        return ImageFile(error=why, **extra)


def picture_format(head: bytes) -> str:
    """A picture's format by its first bytes, in capitals; empty for none."""
    return next((name for magic, at, name in PICTURES if head[at:].startswith(magic)), "")


def _header(image: Image) -> dict[str, Any]:
    dots = image.info.get("dpi", (0, 0))
    return {
        "width": image.width,
        "height": image.height,
        "mode": image.mode,
        "alpha": image.has_transparency_data,
        "dpi": round(dots[0]) if isinstance(dots, tuple) and dots[0] else 0,
        "progressive": bool(image.info.get("progressive")),
        "profile": _profile_name(image.info.get("icc_profile")),
    }


def _profile_name(profile: object) -> str:
    """The name in a colour profile; empty for one that cannot be read."""
    if not isinstance(profile, bytes) or len(profile) > PROFILE_BYTES:
        return ""
    import io

    from PIL import ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.getProfileDescription(opened).strip()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return ""


def has_location(picture: bytes) -> bool:
    """True when a picture's EXIF has a GPS position."""
    if b"Exif" not in picture[: 64 << 10] and b"eXIf" not in picture:
        return False
    import io

    from PIL import Image

    from avsnitt.images.metadata import FORMATS

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(picture), formats=FORMATS) as image:
                return bool(image.getexif().get_ifd(GPS))
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError, Warning, LookupError):
        return False
