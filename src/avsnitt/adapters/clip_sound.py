"""A part of some sound as it is cut out: read, faded at its ends, encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.adapters.encode import MONO_SHARE, MUXER
from avsnitt.adapters.pcm import PcmReader, pcm_facts
from avsnitt.media.trouble import SoundTrouble
from avsnitt.value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FADE_MS: Final = 10
"""Enough that no click is heard where the sound is cut, too short to be heard itself."""
STEREO_BPS: Final = 128_000
LAYOUTS: Final = {1: "mono", 2: "stereo"}


class Cut(Value, frozen=True, kw_only=True):
    """Where a clip is cut: samples from `start` to `stop` of a file, at the rate it is read at."""

    path: str
    rate_hz: int
    channels: int
    start: int
    stop: int

    @property
    def bitrate_bps(self) -> int:
        share = MONO_SHARE[0] / MONO_SHARE[1] if self.channels == 1 else 1
        return int(STEREO_BPS * share)


def find_cut(path: Path, start_ms: int, end_ms: int) -> Cut:
    """The samples between two times. Raises SoundTrouble for what is not sound."""
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


def write_clip_mp3(cut: Cut, part: Path, told: Callable[[int], None]) -> int:
    """
    An MP3 of the clip at `part`, with an Info header and no tags; `told` is told of each ms that
    is done. Returns its length in samples. Raises SoundTrouble when there is nothing to cut.
    """
    import av

    try:
        with av.open(str(part), "w", format="mp3", options=dict(MUXER)) as out:
            stream: Any = out.add_stream(
                "libmp3lame", rate=cut.rate_hz, layout=LAYOUTS[cut.channels]
            )
            stream.bit_rate = cut.bitrate_bps
            samples = 0
            for frame in sound_frames(cut):
                out.mux(stream.encode(frame))
                samples += frame.samples
                told(samples * 1000 // cut.rate_hz)
            if not samples:
                raise SoundTrouble("SOUND-001", reason="no-sound")
            out.mux(stream.encode(None))
    except av.error.FFmpegError as error:
        raise SoundTrouble("SOUND-001", reason="damaged") from error
    return samples


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
