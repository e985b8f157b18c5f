"""Waveforms in the BBC's format, version 2: JSON and `.dat` (audiowaveform, DataFormat.md)."""

from __future__ import annotations

import sys
from array import array
from struct import Struct
from typing import Any, Final

import msgspec

from avsnitt.model.audio import PEAKS_PER_SECOND, Analysis
from avsnitt.model.value import Value

VERSION: Final = 2
EIGHT_BITS: Final = 1
"""The flag in a `.dat`; without it there are sixteen."""
HEADER: Final = Struct("<iIiiIi")
"""Version, flags, sample rate, samples a pixel, pixels, channels."""
TYPES: Final = {8: "b", 16: "h"}
MOST_CHANNELS: Final = 24
LARGEST: Final = 2**31 - 1


class Waveform(Value, frozen=True, kw_only=True):
    """
    `data` has the least and the greatest sample of each pixel, channel by channel, as whole
    numbers of `bits` (8 or 16), little-endian.
    """

    channels: int
    sample_rate_hz: int
    samples_per_pixel: int
    bits: int
    data: bytes

    @property
    def pixels(self) -> int:
        """The number of pairs of least and greatest in each channel."""
        return len(self.data) // _pixel_bytes(self.bits, self.channels)


def waveform_of(analysis: Analysis) -> Waveform:
    """The peaks of a sound that was analysed, all its channels as one."""
    return Waveform(
        channels=1,
        sample_rate_hz=analysis.sample_rate_hz,
        samples_per_pixel=analysis.sample_rate_hz // PEAKS_PER_SECOND,
        bits=8,
        data=analysis.peaks[: len(analysis.peaks) // 2 * 2],
    )


def render_waveform_json(waveform: Waveform) -> bytes:
    """Render a waveform as JSON, version 2 of the format of audiowaveform."""
    return msgspec.json.encode(
        {
            "version": VERSION,
            "channels": waveform.channels,
            "sample_rate": waveform.sample_rate_hz,
            "samples_per_pixel": waveform.samples_per_pixel,
            "bits": waveform.bits,
            "length": waveform.pixels,
            "data": _numbers(waveform).tolist(),
        }
    )


def render_waveform_dat(waveform: Waveform) -> bytes:
    """Render a waveform as binary data, version 2 of the format of audiowaveform."""
    header = HEADER.pack(
        VERSION,
        EIGHT_BITS if waveform.bits == 8 else 0,
        waveform.sample_rate_hz,
        waveform.samples_per_pixel,
        waveform.pixels,
        waveform.channels,
    )
    return header + waveform.data


def parse_waveform_dat(data: bytes) -> Waveform:
    """Raises ValueError with a plain reason."""
    if len(data) < HEADER.size:
        raise ValueError("shorter than its header")
    version, flags, rate_hz, samples, pixels, channels = HEADER.unpack_from(data)
    bits = 8 if flags & EIGHT_BITS else 16
    _check(version, rate_hz, samples, channels)
    if len(data) - HEADER.size != pixels * _pixel_bytes(bits, channels):
        raise ValueError("its length is another than it says")
    return Waveform(
        channels=channels,
        sample_rate_hz=rate_hz,
        samples_per_pixel=samples,
        bits=bits,
        data=data[HEADER.size :],
    )


class _Document(msgspec.Struct):
    version: int
    channels: int
    sample_rate: int
    samples_per_pixel: int
    bits: int
    length: int
    data: list[int]


def parse_waveform_json(data: bytes) -> Waveform:
    """Raises ValueError with a plain reason. Other keys are passed over."""
    try:
        found = msgspec.json.decode(data, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not a waveform in JSON") from error
    _check(found.version, found.sample_rate, found.samples_per_pixel, found.channels)
    if found.bits not in TYPES:
        raise ValueError("samples of neither 8 nor 16 bits")
    if len(found.data) != found.length * found.channels * 2:
        raise ValueError("its length is another than it says")
    try:
        numbers = array(TYPES[found.bits], found.data)
    except OverflowError as error:
        raise ValueError("a sample larger than its bits") from error
    return Waveform(
        channels=found.channels,
        sample_rate_hz=found.sample_rate,
        samples_per_pixel=found.samples_per_pixel,
        bits=found.bits,
        data=_in_file_order(numbers).tobytes(),
    )


def _check(version: int, rate_hz: int, samples: int, channels: int) -> None:
    if version != VERSION:
        raise ValueError("another version than 2")
    if not 0 < rate_hz <= LARGEST or not 0 < samples <= LARGEST:
        raise ValueError("a rate or a step that cannot be")
    if not 0 < channels <= MOST_CHANNELS:
        raise ValueError(f"channels are 1 to {MOST_CHANNELS}")


def _pixel_bytes(bits: int, channels: int) -> int:
    return bits // 8 * 2 * channels


def _numbers(waveform: Waveform) -> array[Any]:
    return _in_file_order(array(TYPES[waveform.bits], waveform.data))


def _in_file_order(numbers: array[Any]) -> array[Any]:
    """Turned, where the machine keeps its numbers the other way around."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
