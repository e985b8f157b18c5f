"""Reads and remakes pictures with Pillow: covers, portraits, chapter pictures."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.images.metadata import (
    CHAPTER_BYTES,
    CHAPTER_PX,
    EMBEDDED_BYTES,
    EMBEDDED_PX,
    MAX_BYTES,
    QUALITIES,
    check_pixels,
    damaged,
    picture_format,
    picture_size,
    strip_picture,
    too_large,
    unfit,
)
from avsnitt.images.orientation import LYING, find_orientation
from avsnitt.images.sizes import CARD_SIZE, ImageSize, Kind, forms_for
from avsnitt.model.value import Value
from avsnitt.problems.errors import ExternalError

if TYPE_CHECKING:
    from PIL.Image import Image

SAVING: Final[dict[Kind, dict[str, Any]]] = {
    "jpeg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "avif": {"format": "AVIF", "quality": 60, "speed": 8, "codec": "aom", "max_threads": 1},
    "card": {"format": "JPEG", "quality": 85, "progressive": True, "optimize": True},
}
"""One encoder and one thread for AVIF, whose bytes differ with either."""
PROBE_PX: Final = 64
DAMAGE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Warning,
    OverflowError,
    struct.error,
    zlib.error,
)
"""The errors that Pillow raises on a damaged file."""


class ImageFacts(Value, frozen=True, kw_only=True):
    """
    The facts of an image. `format` is JPEG or PNG, `mode` is Pillow's; `width` and `height` are
    in pixels, of the image as it is shown (an image that is stored on its side has them the
    other way round in the file).
    """

    width: int
    height: int
    format: str
    mode: str
    has_alpha: bool
    orientation: int = 1


def read_image_facts(path: Path, *, proven: bool = False) -> ImageFacts:
    """
    Read the header, and unpack the picture once to see that it can be, unless that is `proven`.

    Raises ImageError (PICTURE-001, PICTURE-002).
    """
    with open_turned(path) as (image, turned):
        lying = turned in LYING
        facts = ImageFacts(
            width=image.height if lying else image.width,
            height=image.width if lying else image.height,
            format=image.format or "",
            mode=image.mode,
            has_alpha=image.has_transparency_data,
            orientation=turned,
        )
        if not proven:
            image.draft(None, (PROBE_PX, PROBE_PX))
            image.load()
    return facts


def clean_picture(source: Path) -> bytes:
    """
    The same pixels without metadata: no EXIF, GPS, XMP, comments, thumbnails or trailing data.
    A picture that is stored lying down is stood up, which is the only case where it is coded
    anew. Raises ImageError.
    """
    data = read_picture(source)
    if find_orientation(data) == 1:
        return strip_picture(data)
    with open_turned(source) as (image, turned):
        return upright(image, turned)


def embedded_cover(source: Path) -> bytes:
    """A JPEG of at most 1000 px, small enough to stand in every sound file."""
    with open_turned(source) as (image, turned):
        return _embedded(shrink(image, turned, EMBEDDED_PX))


def prepare_cover(source: Path) -> tuple[bytes, dict[ImageSize, bytes]]:
    """
    The show's cover as sound files carry it, and as pages show it, of one unpacking.

    Raises ImageError, and ExternalError where Pillow cannot write AVIF.
    """
    with open_turned(source) as (image, turned):
        size = (image.height, image.width) if turned in LYING else image.size
        base = shrink(image, turned, EMBEDDED_PX)
        forms = forms_for({"show"}, *size)
        return _embedded(base), {form: _formed(base, form) for form in forms}


def _embedded(base: Image) -> bytes:
    for quality in QUALITIES:
        data = save(base, format="JPEG", quality=quality)
        if len(data) <= EMBEDDED_BYTES:
            break
    return data


def page_pictures(source: Path, forms: Sequence[ImageSize], base_px: int) -> tuple[bytes, ...]:
    """
    The picture as pages show it. `base_px` is the longest side of what every form of it is made
    from. Raises ImageError, and ExternalError where Pillow cannot write AVIF.
    """
    with open_turned(source) as (image, turned):
        base = shrink(image, turned, base_px)
        return tuple(_formed(base, form) for form in forms)


def _formed(base: Image, form: ImageSize) -> bytes:
    if form.kind == "avif":
        _require_avif()
    shown = _card(base) if form.kind == "card" else _resized(base, (form.width, form.height))
    return save(shown, **SAVING[form.kind])


def _resized(image: Image, size: tuple[int, int]) -> Image:
    from PIL.Image import Resampling

    return image.resize(size, Resampling.LANCZOS) if image.size != size else image.copy()


def _card(base: Image) -> Image:
    """The whole picture in the middle, on the colour of its own left and right edges."""
    from PIL import Image as pillow
    from PIL.Image import Resampling

    width, height = CARD_SIZE
    shown = base.copy()
    shown.thumbnail(CARD_SIZE, Resampling.LANCZOS)
    edges = pillow.new("RGB", (2, base.height))
    edges.paste(base.crop((0, 0, 1, base.height)), (0, 0))
    edges.paste(base.crop((base.width - 1, 0, base.width, base.height)), (1, 0))
    ground = edges.resize((1, 1), Resampling.BOX).resize(CARD_SIZE)
    ground.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    return ground


def _require_avif() -> None:
    """Pillow's own wheels have it from 11.3; those of a Linux distribution may not."""
    from PIL import features

    if not features.check("avif"):
        raise ExternalError("this Pillow cannot write AVIF", key="no-avif")


def chapter_picture(source: Path) -> bytes:
    """A JPEG of at most 300 px and 30 kB, for a chapter in a sound file."""
    for size_px in CHAPTER_PX:
        with open_turned(source) as (image, turned):
            small = shrink(image, turned, size_px)
            for quality in QUALITIES:
                data = save(small, format="JPEG", quality=quality)
                if len(data) <= CHAPTER_BYTES:
                    return data
    return data


def read_picture(path: Path) -> bytes:
    """A picture file, of a size that may be read. Raises ImageError."""
    size = path.stat().st_size
    if size == 0 or size > MAX_BYTES:
        raise unfit("empty" if size == 0 else "large")
    return path.read_bytes()


@contextmanager
def open_picture(path: Path) -> Iterator[Image]:
    """An opened picture of an allowed format and size; what goes wrong inside is its damage."""
    with open_turned(path) as (image, _):
        yield image


@contextmanager
def open_turned(path: Path) -> Iterator[tuple[Image, int]]:
    """
    The same, and how the camera was held (EXIF orientation, 1 to 8).

    Pillow gets nothing to read but the pixels and their colours: what else the file has is taken
    out before it is opened, and that nobody has to trust how it is read.
    """
    from PIL import Image

    data = read_picture(path)
    kind, stripped = picture_format(data), strip_picture(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(stripped), formats=(kind,)) as image:
                check_pixels(image.width, image.height)
                yield image, find_orientation(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(*picture_size(data)) from error
    except DAMAGE as error:
        raise damaged() from error


def upright(image: Image, turned: int) -> bytes:
    """
    Return the image turned upright (`turned` is its EXIF orientation, 1 to 8), in its own
    format and with its colour profile.
    """
    profile = image.info.get("icc_profile")
    turned_image = stood(image, turned)
    if image.format == "PNG":
        return save(turned_image, format="PNG", icc_profile=profile)
    return save(turned_image, format="JPEG", quality=95, subsampling=0, icc_profile=profile)


def stood(image: Image, turned: int) -> Image:
    """The picture as it was meant to be looked at (Exif 3.0, 4.6.5.1.6)."""
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[turned]) if turned in turns else image


def shrink(image: Image, turned: int, size_px: int) -> Image:
    """An upright sRGB picture that fits a square, decoded no larger than it has to be."""
    from PIL.Image import Resampling

    profile = image.info.get("icc_profile")
    image.draft(None, (size_px, size_px))
    small = stood(image, turned)
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
