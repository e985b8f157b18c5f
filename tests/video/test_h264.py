"""What H.264 tells of itself, and what is taken away of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avsnitt.video.h264 import (
    begins,
    codec_name,
    is_avcc,
    units,
    without_greeting,
    without_strangers,
)

AVCC = b"\x01\x64\x00\x1f\xff\xe1\x00\x00"
SLICE, KEY = b"\x41slice", b"\x65key picture"
CAMERA = b"\x05\x12" + bytes(16) + b"me"
RECOVERY = b"\x06\x01\x84"


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def notes(*messages: bytes) -> bytes:
    return b"\x06" + b"".join(messages) + b"\x80"


def test_a_codec_is_named_by_profile_constraints_and_level():
    assert codec_name(AVCC) == "avc1.64001f"
    assert codec_name(b"\x00\x00\x00\x01\x67") == ""


def test_lengths_of_two_bytes_are_not_ours():
    assert is_avcc(AVCC)
    assert not is_avcc(b"\x01\x64\x00\x1f\xfd\xe1\x00\x00")


def test_only_a_picture_that_stands_alone_begins():
    assert begins(framed(notes(RECOVERY), KEY))
    assert not begins(framed(notes(RECOVERY), SLICE))
    assert not begins(b"")


def test_the_camera_is_forgotten_and_the_picture_kept():
    assert without_strangers(framed(notes(CAMERA), KEY)) == framed(KEY)
    both = framed(notes(CAMERA, RECOVERY), KEY, SLICE)
    assert without_strangers(both) == framed(notes(RECOVERY), KEY, SLICE)


def test_bytes_that_hide_a_start_code_do_not_count():
    cleaned = without_strangers(framed(notes(b"\x05\x06" + b"\0\0\3\0\0\3\0\0", RECOVERY), KEY))
    assert cleaned == framed(notes(RECOVERY), KEY)


def test_a_picture_without_strangers_is_left_alone():
    assert without_strangers(framed(KEY, SLICE)) is None
    assert without_strangers(framed(notes(RECOVERY), KEY)) is None


def test_an_encoder_does_not_greet():
    begun = b"\0\0\0\1\x65key"
    assert without_greeting(b"\0\0\1\x06\x05\x04x264\x80" + begun) == begun
    assert without_greeting(begun) == begun
    assert without_greeting(b"\0\0\1\x06\x05alone") == b"\0\0\1\x06\x05alone"


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data):
    for start, stop in units(data):
        assert 4 <= start < stop <= len(data)
    cleaned = without_strangers(data)
    assert cleaned is None or len(cleaned) < len(data) + 4
    assert without_greeting(data)[-3:] == data[-3:]


@given(st.lists(st.binary(min_size=1, max_size=40).filter(lambda part: part[0] & 31 != 6)))
def test_pictures_come_through_unchanged(parts):
    data = framed(*parts)
    assert [data[start:stop] for start, stop in units(data)] == parts
    assert without_strangers(data) is None
