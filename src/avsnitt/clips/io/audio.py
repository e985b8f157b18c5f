"""A part of some sound as it is cut out: read, faded at its ends, encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.io.decode.reader import PcmReader, pcm_facts
from avsnitt.audio.io.encode.mp3 import join_mp3, write_mp3_segment
from avsnitt.model.audio import SEGMENT_SAMPLES
from avsnitt.model.value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FADE_MS: Final = 10
"""Enough that no click is heard where the sound is cut, too short to be heard itself."""
KBPS: Final = {1: 96, 2: 128}
LAYOUTS: Final = {1: "mono", 2: "stereo"}


class Cut(Value, frozen=True, kw_only=True):
    """The cut of a clip: samples from `start` to `stop` of a file, at the rate it is decoded to."""

    path: str
    rate_hz: int
    channels: int
    start: int
    stop: int

    @property
    def samples(self) -> int:
        """The length of the clip, in samples of one channel."""
        return self.stop - self.start


def find_cut(path: Path, start_ms: int, end_ms: int) -> Cut:
    """The samples between two times. Raises AudioError for what is not sound."""
    facts = pcm_facts(path)
    return Cut(
        path=str(path),
        rate_hz=facts.rate_hz,
        channels=min(facts.source_channels, 2),
        start=start_ms * facts.rate_hz // 1000,
        stop=end_ms * facts.rate_hz // 1000,
    )


def cut_blocks(cut: Cut, *, mono: bool = False) -> Iterator[Floats]:
    """The sound of a clip, (channels, samples) at a time, faded in and out."""
    with PcmReader(Path(cut.path), cut.rate_hz, 1 if mono else cut.channels) as reader:
        yield from faded(
            reader.blocks(cut.start, cut.stop),
            cut.stop - cut.start,
            FADE_MS * cut.rate_hz // 1000,
        )


def faded(blocks: Iterator[Floats], samples: int, fade: int) -> Iterator[Floats]:
    """Blocks of `samples` in all, with a raised cosine of `fade` samples at each end."""
    import numpy as np

    length = max(min(fade, samples // 2), 1)
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
    rise = np.append(rise, 1).astype(np.float32)
    at = 0
    for block in blocks:
        count = block.shape[1]
        if at < length or at + count > samples - length:
            places = np.arange(at, at + count)
            inside = np.minimum(places, samples - 1 - places)
            yield block * rise[np.clip(inside, 0, length)]
        else:
            yield block
        at += count


def write_clip_mp3(cut: Cut, part: Path, report_ms: Callable[[int], None]) -> None:
    """
    An MP3 of the clip at `part`, with an Info header and no tags; `report_ms` is called with
    how many ms are done. It is encoded in one piece. Raises AudioError when there is nothing to
    cut.
    """
    whole = SEGMENT_SAMPLES * (cut.samples // SEGMENT_SAMPLES + 2)
    piece = part.with_suffix(".piece")
    try:
        blocks, kbps = cut_blocks(cut), KBPS[cut.channels]
        write_mp3_segment(blocks, cut.rate_hz, cut.channels, kbps, piece, report_ms=report_ms)
        join_mp3([piece], part, samples=cut.samples, piece_samples=whole)
    finally:
        piece.unlink(missing_ok=True)


def sound_frames(cut: Cut) -> Iterator[Any]:
    """The sound of a clip as frames for an encoder, each at its place."""
    import av
    import numpy as np

    at = 0
    for block in cut_blocks(cut):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(block), format="fltp", layout=LAYOUTS[cut.channels]
        )
        frame.sample_rate = cut.rate_hz
        frame.pts = at
        at += block.shape[1]
        yield frame
