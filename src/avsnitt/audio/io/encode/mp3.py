"""Encodes MP3 with LAME, in pieces that many workers can make, and joins them to one file.

The pieces are planned by `audio/mp3/segments.py`: there are `segment_count(samples)` of them, and
piece `index` is encoded from the samples in `segment_range(index, samples)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from avsnitt.audio.io.encode.frame_sizes import small_blocks
from avsnitt.audio.mp3.bitrates import nearest_kbps
from avsnitt.audio.mp3.info_header import FrameStatistics, header_bytes
from avsnitt.audio.mp3.join import join_segments
from avsnitt.model.audio import SEGMENT_SAMPLES
from avsnitt.work.task import ReportProgress

if TYPE_CHECKING:
    from avsnitt.audio.io.encode.frame_sizes import Block

QUALITY: Final = 5
"""
LAME's -q, the same as FFmpeg's libmp3lame has. Ten minutes of stereo at 128 kbit/s took
11.9 s of one core with 2, 7.4 s with 5 and 4.3 s with 7, which shapes no noise.
"""
FULL_SCALE: Final = 32_768


class SegmentFile(Protocol):
    """An encoded piece, wherever it is kept; a Path is one."""

    def read_bytes(self) -> bytes:
        """The frames of the piece. Raises OSError when they cannot be read."""
        ...


def write_mp3_segment(
    blocks: Iterator[Block],
    rate_hz: int,
    channels: int,
    kbps: int,
    target: Path,
    *,
    report_ms: ReportProgress = lambda _ms: None,
) -> None:
    """
    Encode the samples of one piece, from first to last, at constant bitrate: joint stereo up to
    128 kbit/s, above that both channels by themselves, as lameenc chooses. The file has frames
    alone, and its level changes by `mp3_level_db(kbps)`. Its bytes do not depend on where the
    blocks are cut.

    `blocks` are float32 of shape (channels, samples) at 44,100 or 48,000 Hz, `kbps` becomes
    the nearest bitrate of MP3. `target` belongs to the caller, who puts it in its place.
    Raises AudioError (SOUND-001) when there is no sample at all, and OSError for the disk.
    """
    encoder = new_encoder(rate_hz, channels, kbps)
    with target.open("wb") as file:
        for block in small_blocks(blocks, rate_hz, report_ms):
            file.write(encoder.encode(whole_numbers(block)))
        file.write(encoder.flush())


def join_mp3(
    parts: Sequence[SegmentFile],
    target: Path,
    *,
    samples: int,
    piece_samples: int = SEGMENT_SAMPLES,
) -> None:
    """
    Join the pieces of audio of `samples` samples, in order, behind a header frame (Info, gapless)
    and without tags. Two pieces are in memory at a time. `target` belongs to the
    caller. Raises JoinError, with the number of the piece that has to be encoded again, and
    OSError for the disk.
    """
    tally = FrameStatistics()
    with target.open("wb") as file:
        for data in join_segments((part.read_bytes() for part in parts), samples, piece_samples):
            if not tally.bytes:
                file.write(bytes(header_bytes(bytes(data[:4]))))
            file.write(data)
            tally.feed(data)
        file.seek(0)
        file.write(tally.frame(samples))


def new_encoder(rate_hz: int, channels: int, kbps: int) -> Any:
    """An encoder of lameenc at constant bitrate, the nearest to `kbps`."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(rate_hz)
    encoder.set_out_sample_rate(rate_hz)  # otherwise LAME chooses a lower one at low bitrates
    encoder.set_channels(channels)
    encoder.set_bit_rate(nearest_kbps(kbps))
    encoder.set_quality(QUALITY)
    return encoder


def whole_numbers(block: Block) -> bytes:
    """
    Samples in the format of LAME: 16 bits, interleaved. They are rounded without dither, since
    the noise of the encoding is far above the last bit and covers what dither would hide.
    """
    import numpy as np

    scaled = np.multiply(block, FULL_SCALE, dtype=np.float32)
    np.rint(scaled, out=scaled)
    np.minimum(scaled, FULL_SCALE - 1, out=scaled)
    np.maximum(scaled, -FULL_SCALE, out=scaled)
    whole = np.empty(scaled.shape[::-1], "<i2")
    for number, channel in enumerate(scaled):
        whole[:, number] = channel
    return whole.tobytes()
