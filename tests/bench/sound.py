"""One small real recording, and as many different ones made of it as there are episodes."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator

RATE_HZ = 16_000
SECONDS = 16
SAMPLES = RATE_HZ * SECONDS


def frames() -> list[bytes]:
    """
    Sixteen seconds of a wandering tone as MPEG audio frames, 16 kbit/s, about 32 kB in all.

    Without a bit reservoir, so that each frame stands alone and their order may change.
    """
    import av

    encoder = av.CodecContext.create("libmp3lame", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate = RATE_HZ
    encoder.layout = "mono"
    encoder.format = "s16p"
    encoder.bit_rate = 16_000
    encoder.options = {"reservoir": "0"}
    encoder.open()
    step = encoder.frame_size
    made: list[bytes] = []
    for first in range(0, SAMPLES, step):
        frame = av.AudioFrame(format="s16p", layout="mono", samples=step)
        frame.sample_rate = RATE_HZ
        frame.pts = first
        frame.planes[0].update(_samples(first, step))
        made += [bytes(packet) for packet in encoder.encode(frame)]
    return made + [bytes(packet) for packet in encoder.encode(None)]


def recording(frames: list[bytes], number: int) -> bytes:
    """
    The recording of episode `number`: the frames in an order of its own, after an editor's tag.

    Different sound for every number, so that nobody can do the work once and use it for all.
    """
    turns, shift = divmod(number, len(frames))
    order = frames[shift:] + frames[:shift]
    order[0], order[turns] = order[turns], order[0]
    return _editors_tag(f"Mixdown {number} slutlig (2)") + b"".join(order)


def _samples(first: int, count: int) -> bytes:
    return array("h", _wave(first, count)).tobytes().ljust(_padded(count), b"\0")


def _padded(count: int) -> int:
    """FFmpeg rounds a plane up to 32 bytes and more; `update` wants exactly the plane's size."""
    import av

    return av.AudioFrame(format="s16p", layout="mono", samples=count).planes[0].buffer_size


def _wave(first: int, count: int) -> Iterator[int]:
    for place in range(first, first + count):
        at_s = place / RATE_HZ
        pitch_hz = 220 + 110 * math.sin(at_s * 0.9)
        yield int(9000 * math.sin(at_s * pitch_hz * math.tau) * (0.6 + 0.4 * math.sin(at_s * 5)))


def _editors_tag(title: str) -> bytes:
    """An ID3v2.3 tag such as editing programs leave behind, for a publisher to clear away."""
    text = b"\x01" + title.encode("utf-16")
    frame = struct.pack(">4sIH", b"TIT2", len(text), 0) + text
    size = len(frame)
    syncsafe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + syncsafe + frame
