"""Pictures that were made to hurt, or that are not what their names say, as bytes."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageCms

Maker = Callable[[], bytes]
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def header(width: int, height: int, depth: int = 8, colours: int = 2) -> bytes:
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))


@cache
def saved(kind: str, side: int = 64, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def with_chunk(kind: bytes, body: bytes, times: int = 1) -> bytes:
    """A whole PNG with a chunk of one's own after its header."""
    whole = saved("PNG")
    return whole[:33] + chunk(kind, body) * times + whole[33:]


def with_segment(marker: int, body: bytes, times: int = 1) -> bytes:
    """A whole JPEG with a segment of one's own at its head."""
    whole = saved("JPEG")
    return whole[:2] + segment(marker, body) * times + whole[2:]


def wide_png() -> bytes:
    """A few bytes that say they are 3.6 thousand million pixels."""
    rows = zlib.compressobj(9)
    packed = rows.compress(bytes(1 << 20)) + rows.flush()
    return header(60_000, 60_000, 1, 0) + chunk(b"IDAT", packed) + chunk(b"IEND")


def wide_jpeg() -> bytes:
    whole = bytearray(saved("JPEG"))
    at = whole.index(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(whole)


def deep_png() -> bytes:
    """Small in its header, and far longer in its pixels."""
    packed = zlib.compress(bytes(64 << 20), 9)
    return header(16, 16) + chunk(b"IDAT", packed) + chunk(b"IEND")


def short_png() -> bytes:
    """Fewer pixels than the header says, each checksum right."""
    return header(3000, 3000) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND")


def moving_png(frames: int) -> bytes:
    control = chunk(b"acTL", struct.pack(">II", frames, 0))
    first = struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 30, 0, 0)
    more = b"".join(
        chunk(b"fcTL", struct.pack(">I", 2 * n + 1) + first[4:])
        + chunk(b"fdAT", struct.pack(">I", 2 * n + 2) + zlib.compress(bytes(100)))
        for n in range(frames - 1)
    )
    whole = saved("PNG")
    end = whole.index(b"IEND") - 4
    return whole[:33] + control + chunk(b"fcTL", first) + whole[33:end] + more + whole[end:]


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes a thousand times."""
    whole = saved("JPEG", progressive=True)
    at = whole.rindex(b"\xff\xda")
    return whole[:at] + whole[at:-2] * 1000 + whole[-2:]


def large_profile() -> bytes:
    return with_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100 << 20), 9))


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def two_in_one() -> bytes:
    """A JPEG with another behind it and a table of both, as telephones write it (MPO)."""
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (64, 64), colour) for colour in ("teal", "plum"))
    first.save(stream, "MPO", save_all=True, append_images=[second])
    return stream.getvalue()


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"

UNFIT: dict[str, tuple[Maker, str]] = {
    "a tiny PNG of 60,000 x 60,000": (wide_png, "PICTURE-002"),
    "a JPEG of 65,000 x 65,000": (wide_jpeg, "PICTURE-002"),
    "no width": (lambda: header(0, 10) + chunk(b"IDAT") + chunk(b"IEND"), "damaged"),
    "a PNG with pixels missing": (short_png, "damaged"),
    "a PNG whose pixels are no zlib": (
        lambda: header(64, 64) + chunk(b"IDAT", b"x" * 99) + chunk(b"IEND"),
        "damaged",
    ),
    "a profile of 100 MB in a few bytes": (large_profile, "profile"),
    "a moving PNG of 5,000 pictures": (lambda: moving_png(5000), "moving"),
    "a JPEG of a thousand scans": (many_scans, "damaged"),
    "half a JPEG": (lambda: saved("JPEG", 600)[:2000], "damaged"),
    "half a PNG": (lambda: saved("PNG", 600)[:300], "damaged"),
    "a JPEG of headers alone": (lambda: b"\xff\xd8\xff\xd9", "damaged"),
    "two headers": (lambda: header(64, 64) + header(64, 64)[8:] + chunk(b"IEND"), "damaged"),
    "GIF": (lambda: saved("GIF"), "format"),
    "WebP": (lambda: saved("WEBP"), "format"),
    "AVIF": (lambda: saved("AVIF"), "format"),
    "HEIC": (heic, "format"),
    "TIFF": (lambda: saved("TIFF"), "format"),
    "SVG": (lambda: SVG, "format"),
    "a web page": (lambda: HTML, "format"),
    "a web page with a JPEG in it": (lambda: HTML + saved("JPEG"), "format"),
    "nothing": (lambda: b"", "empty"),
}
"""By what they are: how they are made, and the reason or the code that is told."""

CLEANED: dict[str, Maker] = {
    "a JPEG with a web page behind it": lambda: saved("JPEG") + HTML,
    "a JPEG with a web page in its comment": lambda: with_segment(0xFE, HTML),
    "a JPEG with a web page in a segment of no meaning": lambda: with_segment(0xF7, HTML),
    "a JPEG with a web page for a profile": lambda: with_segment(0xE2, b"ICC_PROFILE\0\1\1" + HTML),
    "a JPEG with a web page for a thumbnail": lambda: with_segment(
        0xE0, b"JFIF\0\1\1\0\0\1\0\1\x10\x10" + HTML
    ),
    "a JPEG of ten thousand comments": lambda: with_segment(0xFE, HTML, 10_000),
    "a JPEG with two more pictures": two_in_one,
    "a PNG with a web page behind it": lambda: saved("PNG") + HTML,
    "a PNG with a web page in its words": lambda: with_chunk(b"tEXt", b"Comment\0" + HTML),
    "a PNG with a web page for a profile": lambda: with_chunk(
        b"iCCP", b"x\0\0" + zlib.compress(HTML)
    ),
    "a PNG with a web page behind its profile": lambda: with_chunk(
        b"iCCP", HTML[:20] + b"\0\0" + zlib.compress(srgb()) + HTML
    ),
    "a PNG with 100 MB of words in a few bytes": lambda: with_chunk(
        b"zTXt", b"x\0\0" + zlib.compress(bytes(100 << 20), 9)
    ),
    "a PNG of ten thousand notes": lambda: with_chunk(b"tEXt", b"x\0" + HTML, 10_000),
    "a PNG of one picture that says it moves": lambda: moving_png(1),
    "a PNG with EXIF that is none": lambda: with_chunk(b"eXIf", b"II*\0" + b"\xff" * 99),
    "a JPEG with EXIF that leads astray": lambda: with_segment(
        0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 99
    ),
    "a PNG that is longer than it says": deep_png,
}
"""What is a picture all the same, once the rest is taken out."""
