"""The header of an MP3, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.audio.containers.mp3 import frame_lengths, parse_mpeg
from avsnitt.audio.mp3.info_header import FrameStatistics, crc16, encoder_name, header_bytes


def slow_crc16(data: bytes, crc: int = 0) -> int:
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (crc & 1) * 0xA001
    return crc


def test_the_checksum_is_crc_16_arc():
    assert crc16(b"123456789") == 0xBB3D


@given(st.binary(max_size=5000), st.integers(0, 0xFFFF))
def test_the_checksum_is_that_of_counting_bit_by_bit(data, before):
    assert crc16(data, before) == slow_crc16(data, before)


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_a_checksum_goes_on_where_another_ended(one, other):
    assert crc16(bytearray(other), crc16(memoryview(one))) == crc16(one + other)


def test_a_checksum_of_megabytes_is_that_of_its_parts():
    data = bytes(range(256)) * 9001
    assert crc16(data) == crc16(data[1_048_577:], crc16(data[:1_048_577]))


@pytest.mark.parametrize("mode", [0x44, 0x04, 0xC4])
@pytest.mark.parametrize("rate", [0, 1])
@pytest.mark.parametrize("bitrate", range(1, 15))
def test_the_header_of_every_bitrate_is_parsed_back(bitrate, rate, mode):
    head = bytes((0xFF, 0xFB, bitrate << 4 | rate << 2, mode))
    length = frame_lengths(0xFB, rate)[head[:3]]
    tally = FrameStatistics()
    for _ in range(20):
        tally.feed(head.ljust(length, b"\0"))
    samples = 19 * 1152 - 300
    header = tally.frame(samples)
    assert len(header) == header_bytes(head)
    measured = parse_mpeg(header + 20 * head.ljust(length, b"\0"))
    rate_hz = (44_100, 48_000)[rate]
    assert measured.duration_ms == round(samples * 1000 / rate_hz)
    assert (measured.sample_rate_hz, measured.channels) == (rate_hz, 1 if mode == 0xC4 else 2)


def test_the_header_names_the_encoder_that_the_frames_name():
    frame = b"\xff\xfb\x94\x44" + bytes(100)
    for reported, named in ((b"LAME4.0UUUU", b"LAME4.0\0\0"), (b"", b"LAME3.100")):
        tally = FrameStatistics()
        tally.feed((frame + reported).ljust(384, b"\0"))
        assert tally.frame(1)[156:165] == named


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        (b"", b"LAME3.100"),
        (b"UULAME3.1UULAME3.100UULAME3.1", b"LAME3.100"),
        (b"UULAME3.1UU", b"LAME3.100"),
        (b"UULAME3.10", b"LAME3.100"),
        (b"LAME3.99LAME3.9", b"LAME3.99"),
        (b"UULAME4.0UULAME4.0", b"LAME4.0"),
    ],
)
def test_a_name_that_had_no_room_is_not_taken_for_an_older_encoder(tail: bytes, name: bytes):
    assert encoder_name(tail) == name
