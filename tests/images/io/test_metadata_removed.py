"""Nothing is told of people or places by a published picture, in any of its forms."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from tests.support.hostile_images import saved, segment
from tests.support.image_scan import excess, scan

from avsnitt.images.io.convert import chapter_picture, clean_picture, embedded_cover, page_pictures
from avsnitt.images.sizes import ImageSize

SECRET = b"Storgatan 1, Exempelkoping"
FORMS = (
    ImageSize("avif", 300, 300),
    ImageSize("webp", 300, 300),
    ImageSize("jpeg", 300, 300),
    ImageSize("card", 1, 1),
)


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = SECRET.decode()
    found[0x8825] = {1: "N", 2: (58.0, 59.0, 44.0), 29: "2026:01:05"}
    return found


def revealing_jpeg(orientation: int = 1) -> bytes:
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    data = saved("JPEG", 1400, exif=exif(orientation).tobytes(), comment=SECRET, xmp=xmp)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(SECRET).to_bytes(4, "big") + SECRET
    return data[:2] + segment(0xED, iptc) + data[2:] + SECRET


def revealing_png(orientation: int = 1) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET.decode())
    words.add_text("Comment", SECRET.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    stream = io.BytesIO()
    picture = Image.linear_gradient("L").resize((1400, 1400)).convert("RGB")
    picture.save(stream, "PNG", pnginfo=words, exif=exif(orientation))
    return stream.getvalue() + SECRET


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("make", [revealing_jpeg, revealing_png])
def test_no_form_of_a_picture_shows_anything(tmp_path: Path, make, orientation: int) -> None:
    source = tmp_path / "bild"
    source.write_bytes(make(orientation))
    assert excess(make(orientation))
    made = (
        clean_picture(source),
        embedded_cover(source),
        chapter_picture(source),
        *page_pictures(source, FORMS, 1000),
    )
    for data in made:
        assert excess(data) == set()
        assert SECRET not in data
    assert {scan(data)[0] for data in made} >= {"JPEG", "WEBP", "AVIF"}


def test_the_scan_would_see_what_was_left() -> None:
    stream = io.BytesIO()
    with Image.open(io.BytesIO(saved("PNG"))) as image:
        for kind in ("WEBP", "AVIF"):
            stream = io.BytesIO()
            image.save(stream, kind, exif=exif(1))
            assert excess(stream.getvalue())
    assert {"info comment", "COM", "APP1", "APP13", "after"} <= excess(revealing_jpeg())
    assert {"tEXt", "zTXt", "iTXt", "eXIf", "after"} <= excess(revealing_png())
