"""The shape of a sound, written and read as the BBC's programs do."""

from __future__ import annotations

import json
import struct
from contextlib import suppress

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avsnitt.formats.waveform import (
    Waveform,
    parse_waveform_dat,
    parse_waveform_json,
    render_waveform_dat,
    render_waveform_json,
    waveform_of,
)
from avsnitt.model.audio import Analysis, Loudness

QUIET = Loudness(integrated_lufs=None, range_lu=0.0, true_peak_dbtp=None)


@st.composite
def waveforms(draw: st.DrawFn) -> Waveform:
    bits, channels = draw(st.sampled_from([8, 16])), draw(st.integers(1, 3))
    pixels = draw(st.integers(0, 40))
    size = pixels * channels * 2 * bits // 8
    return Waveform(
        channels=channels,
        sample_rate_hz=draw(st.integers(1, 192_000)),
        samples_per_pixel=draw(st.integers(1, 10_000)),
        bits=bits,
        data=draw(st.binary(min_size=size, max_size=size)),
    )


def analysed(peaks: bytes, rate_hz: int = 48_000) -> Analysis:
    return Analysis(
        sample_rate_hz=rate_hz,
        channels=2,
        samples=len(peaks) // 2 * rate_hz // 20,
        digest="d",
        loudness=QUIET,
        peaks=peaks,
    )


@given(waveforms())
def test_a_waveform_survives_being_written_and_read_in_both_forms(waveform: Waveform) -> None:
    assert parse_waveform_dat(render_waveform_dat(waveform)) == waveform
    assert parse_waveform_json(render_waveform_json(waveform)) == waveform


@example(b"")
@example(b'{"version":2,"channels":1,"sample_rate":8000,"samples_per_pixel":400,"bits":8,'
         b'"length":1,"data":[-128,128]}')  # fmt: skip
@example(b"[" * 100_000)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_raise_anything_but_a_reason(data: bytes) -> None:
    header = struct.pack("<iI", 2, 1)
    for read, given_ in (
        (parse_waveform_json, data),
        (parse_waveform_dat, data),
        (parse_waveform_dat, header + data),
    ):
        with suppress(ValueError):
            read(given_)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_an_analysis_becomes_twenty_pixels_a_second(rate_hz: int) -> None:
    peaks = bytes(range(128)) + bytes(range(128, 256))
    waveform = waveform_of(analysed(peaks, rate_hz))
    assert (waveform.pixels, waveform.bits, waveform.channels) == (128, 8, 1)
    assert waveform.samples_per_pixel * 20 == rate_hz

    parsed = json.loads(render_waveform_json(waveform))
    assert list(parsed) == [
        "version", "channels", "sample_rate", "samples_per_pixel", "bits", "length", "data",
    ]  # fmt: skip
    assert parsed["data"] == [*range(128), *range(-128, 0)]
    assert (parsed["version"], parsed["length"], parsed["bits"]) == (2, 128, 8)

    written = render_waveform_dat(waveform)
    assert struct.unpack_from("<iIiiIi", written) == (2, 1, rate_hz, rate_hz // 20, 128, 1)
    assert written[24:] == peaks


CHANGES = {
    "version": (1, "version"),
    "channels": (0, "channels"),
    "sample_rate": (-1, "rate"),
    "samples_per_pixel": (0, "rate"),
    "bits": (12, "bits"),
    "length": (3, "length"),
    "data": ([200, 1], "larger"),
}


@pytest.mark.parametrize("key", CHANGES)
def test_a_waveform_that_cannot_be_is_refused_with_the_reason(key: str) -> None:
    whole = json.loads(render_waveform_json(waveform_of(analysed(b"\xf0\x10"))))
    value, reason = CHANGES[key]
    with pytest.raises(ValueError, match=reason):
        parse_waveform_json(msgspec.json.encode({**whole, key: value}))


def test_a_cut_file_is_distinguished_from_a_whole_one() -> None:
    written = render_waveform_dat(waveform_of(analysed(bytes(100))))
    with pytest.raises(ValueError, match="length"):
        parse_waveform_dat(written[:-1])
    with pytest.raises(ValueError, match="header"):
        parse_waveform_dat(written[:20])
