"""Taking metadata out of pictures, byte by byte."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.images.metadata import (
    JPEG_MAGIC,
    MOST_SCANS,
    PNG_MAGIC,
    PROFILE_BYTES,
    check_pixels,
    picture_mime,
    picture_size,
    strip_jpeg,
    strip_png,
)
from avsnitt.problems.media_errors import ImageError


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + bytes(4)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def profile(words: bytes = b"") -> bytes:
    """The head of a colour profile, and some more."""
    body = bytes(32) + b"acsp" + bytes(88) + words
    return (len(body) + 4).to_bytes(4, "big") + body


JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"pixels\xff\0more\xff\xd3more"


def test_a_png_keeps_what_shows_and_loses_what_shows():
    kept = chunk(b"IHDR", bytes(13)) + chunk(b"gAMA", bytes(4))
    end = chunk(b"IDAT", b"pixels") + chunk(b"IEND")
    described = chunk(b"tEXt", b"Comment\0x") + chunk(b"eXIf", b"x") + chunk(b"acTL", bytes(8))
    assert strip_png(PNG_MAGIC + kept + described + end + b"more") == PNG_MAGIC + kept + end


def test_a_jpeg_keeps_what_shows_and_loses_what_shows():
    icc = b"ICC_PROFILE\0\1\1" + profile()
    kept = segment(0xE0, JFIF) + segment(0xE2, icc) + segment(0xEE, b"Adobe" + bytes(7))
    described = segment(0xE1, b"Exif\0\0") + segment(0xFE, b"words") + segment(0xE2, b"MPF\0")
    described += segment(0xF7, b"words") + segment(0xE0, b"JFXX\0") + segment(0xEE, b"Adobe")
    end = segment(0xDB, bytes(65)) + SCAN + segment(0xC4, b"x") + SCAN + b"\xff\xd9"
    assert strip_jpeg(JPEG_MAGIC + kept + described + end + b"film") == JPEG_MAGIC + kept + end


def test_a_thumbnail_in_the_first_segment_is_cut_off():
    small = segment(0xE0, JFIF[:-2] + b"\2\1" + b"a face")
    end = SCAN + b"\xff\xd9"
    assert strip_jpeg(JPEG_MAGIC + small + end) == JPEG_MAGIC + segment(0xE0, JFIF) + end


def test_a_profile_that_is_none_goes_and_one_that_is_loses_its_name():
    end = chunk(b"IDAT", b"pixels") + chunk(b"IEND")
    head = PNG_MAGIC + chunk(b"IHDR", bytes(13))
    for body in (b"Annas screen\0\0no zlib", b"x\0\0"):
        assert strip_png(head + chunk(b"iCCP", body) + end) == head + end
    packed = zlib.compress(profile(b"colours"))
    found = strip_png(head + chunk(b"iCCP", b"Annas\0\0" + packed + b"<script>") + end)
    body = b"iCCP" + b"ICC\0\0" + packed
    assert body + zlib.crc32(body).to_bytes(4, "big") in found
    assert b"Annas" not in found
    assert b"script" not in found


def test_a_profile_that_would_fill_the_memory_is_reported():
    bomb = zlib.compress(bytes(PROFILE_BYTES * 3))
    data = PNG_MAGIC + chunk(b"IHDR", bytes(13)) + chunk(b"iCCP", b"x\0\0" + bomb) + chunk(b"IEND")
    with pytest.raises(ImageError, match="profile"):
        strip_png(data)


def test_a_picture_that_moves_is_reported():
    for frames, moves in ((0, False), (1, False), (2, True), (5000, True)):
        moving = chunk(b"acTL", frames.to_bytes(4, "big") + bytes(4))
        data = PNG_MAGIC + chunk(b"IHDR", bytes(13)) + moving + chunk(b"IEND")
        if not moves:
            assert b"acTL" not in strip_png(data)
            continue
        with pytest.raises(ImageError, match="moving"):
            strip_png(data)


def test_more_scans_than_anyone_means_are_damage():
    whole = JPEG_MAGIC + SCAN * MOST_SCANS
    assert strip_jpeg(whole + b"\xff\xd9")
    with pytest.raises(ImageError, match="damaged"):
        strip_jpeg(whole + SCAN + b"\xff\xd9")


def test_the_size_stands_in_the_header():
    frame = segment(0xC2, b"\x08\x01\x02\x03\x04\x03")
    assert picture_size(JPEG_MAGIC + frame + SCAN + b"\xff\xd9") == (0x0304, 0x0102)
    head = chunk(b"IHDR", (7).to_bytes(4, "big") + (9).to_bytes(4, "big"))
    assert picture_size(PNG_MAGIC + head) == (7, 9)
    assert picture_mime(PNG_MAGIC + head) == "image/png"


def test_forty_million_pixels_are_the_limit():
    check_pixels(8_000, 5_000)
    with pytest.raises(ImageError) as caught:
        check_pixels(8_001, 5_000)
    assert caught.value.values == {"width": "8001", "height": "5000", "limit": "40000000"}


@given(st.binary(max_size=300))
def test_damage_is_reported_and_never_crashes(data):
    for strip, magic in ((strip_png, PNG_MAGIC), (strip_jpeg, JPEG_MAGIC)):
        try:
            done = strip(magic + data)
        except ImageError:
            continue
        assert done.startswith(magic)
        assert strip(done) == done
