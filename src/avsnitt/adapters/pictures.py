"""Reads and remakes pictures with Pillow: covers, portraits, chapter pictures."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from avsnitt.media.artwork import (
    CHAPTER_BYTES,
    CHAPTER_PX,
    EMBEDDED_BYTES,
    EMBEDDED_PX,
    FORMATS,
    MAX_BYTES,
    PNG_MAGIC,
    QUALITIES,
    check_pixels,
    damaged,
    picture_size,
    strip_jpeg,
    strip_png,
    too_large,
)
from avsnitt.media.trouble import PictureTrouble
from avsnitt.value import Value

if TYPE_CHECKING:
    from PIL.Image import Image

ORIENTATION: Final = 0x0112
SiteFormat = Literal["jpeg", "webp"]
SAVING: Final[dict[str, dict[str, Any]]] = {
    "jpeg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
}


class PictureFacts(Value, frozen=True, kw_only=True):
    """What a picture's header says. `format` is JPEG or PNG, `mode` is Pillow's."""

    width: int
    height: int
    format: str
    mode: str
    has_alpha: bool
    orientation: int = 1


def read_picture_facts(path: Path) -> PictureFacts:
    """
    Read the header, and see that the file is whole without unpacking it.

    Raises PictureTrouble (PICTURE-001, PICTURE-002).
    """
    with open_picture(path) as image:
        facts = PictureFacts(
            width=image.width,
            height=image.height,
            format=image.format or "",
            mode=image.mode,
            has_alpha=image.has_transparency_data,
            orientation=orientation(image),
        )
        image.verify()
    strip(path.read_bytes())
    return facts


def strip(data: bytes) -> bytes:
    """The same picture without what is not the picture. Raises PictureTrouble."""
    return strip_png(data) if data.startswith(PNG_MAGIC) else strip_jpeg(data)


def clean_picture(source: Path) -> bytes:
    """
    The same pixels without metadata: no EXIF, GPS, XMP, comments, thumbnails or trailing data.
    A picture that is stored lying down is stood up, which is the only case where it is coded
    anew. Raises PictureTrouble.
    """
    with open_picture(source) as image:
        if orientation(image) != 1:
            return upright(image)
    return strip(source.read_bytes())


def embedded_cover(source: Path) -> bytes:
    """A JPEG of at most 1000 px, small enough to stand in every sound file."""
    with open_picture(source) as image:
        small = shrink(image, EMBEDDED_PX)
        for quality in QUALITIES:
            data = save(small, format="JPEG", quality=quality)
            if len(data) <= EMBEDDED_BYTES:
                break
        return data


def chapter_picture(source: Path) -> bytes:
    """A JPEG of at most 300 px and 30 kB, for a chapter in a sound file."""
    for size_px in CHAPTER_PX:
        with open_picture(source) as image:
            small = shrink(image, size_px)
            for quality in QUALITIES:
                data = save(small, format="JPEG", quality=quality)
                if len(data) <= CHAPTER_BYTES:
                    return data
    return data


def site_picture(source: Path, size_px: int, kind: SiteFormat = "jpeg") -> bytes:
    """A picture for the pages, at most `size_px` a side, as progressive JPEG or WebP."""
    with open_picture(source) as image:
        return save(shrink(image, size_px), **SAVING[kind])


@contextmanager
def open_picture(path: Path) -> Iterator[Image]:
    """An opened picture of an allowed format and size; what goes wrong inside is its damage."""
    from PIL import Image, UnidentifiedImageError

    size = path.stat().st_size
    if size == 0 or size > MAX_BYTES:
        raise PictureTrouble("PICTURE-001", reason="empty" if size == 0 else "large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as image:
                check_pixels(image.width, image.height)
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(*picture_size(path.read_bytes())) from error
    except UnidentifiedImageError as error:
        raise PictureTrouble("PICTURE-001", reason="format") from error
    except (OSError, SyntaxError, ValueError, Warning, EOFError) as error:
        raise damaged() from error


def orientation(image: Image) -> int:
    """The EXIF orientation, 1 when the picture stands as it is stored."""
    if image.format == "PNG" and "exif" not in image.info:
        return 1  # Pillow would decode the whole picture to look behind it.
    turned = image.getexif().get(ORIENTATION, 1)
    return turned if isinstance(turned, int) and 1 < turned <= 8 else 1


def upright(image: Image) -> bytes:
    from PIL import ImageOps

    form, profile = image.format, image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    turned.info = {}
    if form == "PNG":
        return save(turned, format="PNG", icc_profile=profile)
    return save(turned, format="JPEG", quality=95, subsampling=0, icc_profile=profile)


def shrink(image: Image, size_px: int) -> Image:
    """An upright sRGB picture that fits a square, decoded no larger than it has to be."""
    from PIL import ImageOps
    from PIL.Image import Resampling

    profile = image.info.get("icc_profile")
    image.draft(None, (size_px, size_px))
    small = ImageOps.exif_transpose(image) if orientation(image) != 1 else image
    if small.has_transparency_data:
        small = small.convert("RGBA")
    elif small.mode not in ("RGB", "CMYK"):
        small = small.convert("RGB")
    # A gap of 1 lets the cheap whole-number reduction do most of the work.
    small.thumbnail((size_px, size_px), Resampling.LANCZOS, reducing_gap=1.0)
    return on_white(in_srgb(small, profile) if profile else small)


def on_white(image: Image) -> Image:
    """JPEG has no transparency, and black is what most programs put there."""
    from PIL import Image as pillow

    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = pillow.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def in_srgb(image: Image, profile: bytes) -> Image:
    """The colours as they were meant; a profile that cannot be read is passed over."""
    from PIL import ImageCms

    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def save(image: Image, **options: Any) -> bytes:
    """Nothing of the source comes along but the pixels."""
    image.info = {}
    out = io.BytesIO()
    image.save(out, **{name: value for name, value in options.items() if value is not None})
    return out.getvalue()
