"""Taking metadata out of pictures, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.media.artwork import (
    JPEG_MAGIC,
    PNG_MAGIC,
    check_pixels,
    picture_mime,
    picture_size,
    strip_jpeg,
    strip_png,
)
from avsnitt.media.trouble import PictureTrouble


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + bytes(4)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"pixels\xff\0more\xff\xd3more"


def test_a_png_keeps_what_shows_and_loses_what_tells():
    kept = chunk(b"IHDR", bytes(13)) + chunk(b"gAMA", bytes(4))
    end = chunk(b"IDAT", b"pixels") + chunk(b"IEND")
    told = chunk(b"tEXt", b"Comment\0x") + chunk(b"eXIf", b"x") + chunk(b"acTL", bytes(8))
    assert strip_png(PNG_MAGIC + kept + told + end + b"more") == PNG_MAGIC + kept + end


def test_a_jpeg_keeps_what_shows_and_loses_what_tells():
    kept = segment(0xE0, b"JFIF\0") + segment(0xE2, b"ICC_PROFILE\0\1\1x") + segment(0xEE, b"Adobe")
    told = segment(0xE1, b"Exif\0\0") + segment(0xFE, b"words") + segment(0xE2, b"MPF\0")
    end = segment(0xDB, bytes(65)) + SCAN + segment(0xC4, b"x") + SCAN + b"\xff\xd9"
    assert strip_jpeg(JPEG_MAGIC + kept + told + end + b"film") == JPEG_MAGIC + kept + end


def test_the_size_stands_in_the_header():
    frame = segment(0xC2, b"\x08\x01\x02\x03\x04\x03")
    assert picture_size(JPEG_MAGIC + frame + SCAN + b"\xff\xd9") == (0x0304, 0x0102)
    head = chunk(b"IHDR", (7).to_bytes(4, "big") + (9).to_bytes(4, "big"))
    assert picture_size(PNG_MAGIC + head) == (7, 9)
    assert picture_mime(PNG_MAGIC + head) == "image/png"


def test_forty_million_pixels_are_the_limit():
    check_pixels(8_000, 5_000)
    with pytest.raises(PictureTrouble) as caught:
        check_pixels(8_001, 5_000)
    assert caught.value.values == {"width": "8001", "height": "5000", "limit": "40000000"}


@given(st.binary(max_size=300))
def test_damage_is_told_and_never_crashes(data):
    for strip, magic in ((strip_png, PNG_MAGIC), (strip_jpeg, JPEG_MAGIC)):
        try:
            done = strip(magic + data)
        except PictureTrouble:
            continue
        assert done.startswith(magic)
        assert strip(done) == done
