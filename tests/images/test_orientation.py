"""How the camera was held, from EXIF that may be anything."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.images.test_metadata import JFIF, SCAN, chunk, segment

from avsnitt.images.metadata import JPEG_MAGIC, PNG_MAGIC
from avsnitt.images.orientation import find_orientation


def exif(turned: int, order: str = "<") -> bytes:
    head = b"II*\0" if order == "<" else b"MM\0*"
    rows = struct.pack(f"{order}HHIHH", 0x010F, 2, 1, 0, 0)
    rows += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    return head + struct.pack(f"{order}IH", 8, 2) + rows + bytes(4)


def jpeg(body: bytes) -> bytes:
    head = JPEG_MAGIC + segment(0xE0, JFIF) + segment(0xE1, b"Exif\0\0" + body)
    return head + SCAN + b"\xff\xd9"


def png(body: bytes) -> bytes:
    head = PNG_MAGIC + chunk(b"IHDR", bytes(13)) + chunk(b"eXIf", body)
    return head + chunk(b"IDAT") + chunk(b"IEND")


@pytest.mark.parametrize("put", [jpeg, png])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("turned", range(1, 9))
def test_both_orders_of_bytes_are_read(put, order, turned):
    assert find_orientation(put(exif(turned, order))) == turned


@pytest.mark.parametrize("turned", [0, 9, 60_000])
def test_a_number_that_means_nothing_is_upright(turned):
    assert find_orientation(jpeg(exif(turned))) == 1


def test_what_comes_after_the_pixels_is_not_read():
    late = PNG_MAGIC + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT") + chunk(b"eXIf", exif(6))
    assert find_orientation(late + chunk(b"IEND")) == 1
    assert find_orientation(JPEG_MAGIC + SCAN + segment(0xE1, b"Exif\0\0" + exif(6))) == 1


@given(st.binary(max_size=200))
def test_any_exif_says_something(body):
    for put in (jpeg, png):
        assert 1 <= find_orientation(put(body)) <= 8
    assert find_orientation(JPEG_MAGIC + body) in range(1, 9)
