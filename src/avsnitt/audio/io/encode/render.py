"""Renders a timeline: clips are read, faded and added, then turned up and limited.

Every sample is made by the same sums in the same order wherever rendering begins, so that a stretch
by itself is bit for bit the same as within the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avsnitt.audio.mix.limiter import (
    CHUNK,
    LimiterReport,
    context,
    find_limited,
    gain_curve,
    join_limited,
)
from avsnitt.model.audio import Clip, Timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

BLOCK: Final = 192 * CHUNK
"""About a second."""


class LimiterTally:
    """Adds up the reports of a limiter during a rendering."""

    __slots__ = ("limited",)

    def __init__(self) -> None:
        self.limited = LimiterReport()

    def add(self, part: LimiterReport, rate_hz: int) -> None:
        """Add the report of the next stretch."""
        self.limited = join_limited((self.limited, part), rate_hz)


def render(timeline: Timeline, start: int = 0, stop: int | None = None) -> Iterator[Sound]:
    """
    The samples of a timeline from `start` to `stop`, in blocks (channels, samples). Where there is
    no clip, or a file is shorter than its clip, they are silent. Raises AudioError for a file
    that cannot be decoded, and OSError for one that cannot be read.
    """
    stop = timeline.samples if stop is None else min(stop, timeline.samples)
    if start >= stop:
        return
    voices = [
        ClipPlayer(timeline, clip, max(start, clip.at), min(stop, clip.at + clip.samples))
        for clip in timeline.clips
        if clip.at < stop and start < clip.at + clip.samples
    ]
    if len(voices) == 1 and voices[0].spans(start, stop):
        yield from voices[0].whole()
        return
    for at in range(start, stop, BLOCK):
        # A clip that has ended still holds its last block in memory, so it is dropped.
        voices = [voice for voice in voices if voice.last > at]
        yield add_up(voices, timeline.channels, at, min(at + BLOCK, stop))


def add_up(voices: Iterable[ClipPlayer], channels: int, start: int, stop: int) -> Sound:
    """The sum of clips from sample `start` to `stop` of the timeline (channels, samples)."""
    import numpy as np

    block = np.zeros((channels, stop - start), dtype=np.float32)
    for voice in voices:
        first, last = max(start, voice.first), min(stop, voice.last)
        if first < last:
            block[:, first - start : last - start] += voice.take(first, last)
    return block


class ClipPlayer:
    """Reads one clip from sample `first` to `last` of the timeline, in order."""

    def __init__(self, timeline: Timeline, clip: Clip, first: int, last: int) -> None:
        self.clip, self.first, self.last = clip, first, last
        self._timeline = timeline
        self._blocks = read_clip(timeline, clip, first, last)
        self._rest: list[Sound] = []

    def spans(self, start: int, stop: int) -> bool:
        """True when the clip is read from `start` to `stop`, exactly."""
        return (self.first, self.last) == (start, stop)

    def whole(self) -> Iterator[Sound]:
        """All its samples, in the blocks that its file is read in."""
        at = self.first
        for block in self._blocks:
            yield self._shape(block, at)
            at += block.shape[1]
        yield from self._silence(self.last - at)

    def take(self, first: int, last: int) -> Sound:
        """The samples from `first` to `last`, which must follow those taken before."""
        import numpy as np

        missing = last - first - sum(block.shape[1] for block in self._rest)
        while missing > 0:
            block = next(self._blocks, None)
            if block is None:
                block = np.zeros((self._timeline.channels, missing), dtype=np.float32)
            self._rest.append(block)
            missing -= block.shape[1]
        held = self._rest[0] if len(self._rest) == 1 else np.concatenate(self._rest, axis=1)
        self._rest = [held[:, last - first :]]
        return self._shape(held[:, : last - first], first)

    def _silence(self, samples: int) -> Iterator[Sound]:
        import numpy as np

        while samples > 0:
            length = min(samples, BLOCK)
            yield np.zeros((self._timeline.channels, length), dtype=np.float32)
            samples -= length

    def _shape(self, block: Sound, at: int) -> Sound:
        """The samples, which begin at `at` of the timeline, with the clip's gain and fades."""
        clip = self.clip
        if clip.dc:
            block = block - column(clip.dc)
        if clip.gain_db:
            block = block * linear(clip.gain_db)
        inside = at - clip.at
        block = faded_in(block, inside, clip.fade_in)
        return faded_out(block, clip.samples - inside - block.shape[1], clip.fade_out)


def read_clip(timeline: Timeline, clip: Clip, first: int, last: int) -> Iterator[Sound]:
    """The samples of a clip's file between two places of the timeline; the file is opened when the
    first is asked for."""
    from avsnitt.audio.io.decode.reader import PcmReader

    channels, offset = timeline.channels, clip.start - clip.at
    audible = channels if clip.only is None else 2
    with PcmReader(Path(clip.path), timeline.sample_rate_hz, audible) as reader:
        for block in reader.blocks(first + offset, last + offset):
            yield block if clip.only is None else one_channel(block, clip.only, channels)


def one_channel(block: Sound, only: int, channels: int) -> Sound:
    """One channel of a block, the same in all `channels`."""
    import numpy as np

    return np.repeat(block[only : only + 1], channels, axis=0)


def column(values: tuple[float, ...]) -> Sound:
    """One value for each channel, as an array (channels, 1)."""
    import numpy as np

    return np.array(values, dtype=np.float32)[:, None]


def linear(gain_db: float) -> np.float32:
    """A gain in dB as a factor."""
    import numpy as np

    return np.float32(10 ** (gain_db / 20))


def faded_in(block: Sound, at: int, length: int) -> Sound:
    """A block that begins `at` samples into a fade of `length`, faded."""
    if at >= length:
        return block
    curve = fade(length)[at : at + block.shape[1]]
    shaped = block.copy()
    shaped[:, : len(curve)] *= curve
    return shaped


def faded_out(block: Sound, left: int, length: int) -> Sound:
    """A block that ends `left` samples before the end of a fade of `length`, faded."""
    if left >= length:
        return block
    curve = fade(length)[left : left + block.shape[1]][::-1]
    shaped = block.copy()
    shaped[:, block.shape[1] - len(curve) :] *= curve
    return shaped


@lru_cache(maxsize=8)
def fade(length: int) -> Sound:
    """A raised cosine from 0 to 1; with its mirror image it is 1 at every sample."""
    import numpy as np

    places = (np.arange(length) + 0.5) * (np.pi / length)
    curve: Sound = (0.5 - 0.5 * np.cos(places)).astype(np.float32)
    return curve


def render_made(
    timeline: Timeline,
    gain_db: float = 0.0,
    ceiling_dbtp: float | None = None,
    start: int = 0,
    stop: int | None = None,
    tally: LimiterTally | None = None,
) -> Iterator[Sound]:
    """
    The samples of `render`, turned up by `gain_db`, with true peaks limited to `ceiling_dbtp`;
    without a ceiling nothing is limited. The reports of the limiter between `start` and `stop` are
    added to `tally`. Raises AudioError and OSError as `render` does.
    """
    stop = timeline.samples if stop is None else min(stop, timeline.samples)
    gain = linear(gain_db)
    if ceiling_dbtp is None:
        for block in render(timeline, start, stop):
            yield block * gain if gain_db else block
        return
    limit = 10 ** (ceiling_dbtp / 20) / float(gain)
    rate_hz = timeline.sample_rate_hz
    around = context(rate_hz)
    for window, at in windows(timeline, start, stop, around):
        curve = gain_curve(window, limit, rate_hz)
        inside = slice(max(start - at, 0), min(stop - at, BLOCK))
        made = window[:, around : around + BLOCK][:, inside] * gain
        if curve is not None:
            made *= curve[inside]
            if tally is not None:
                tally.add(find_limited(curve[inside], at + inside.start, rate_hz), rate_hz)
        yield made


def windows(timeline: Timeline, start: int, stop: int, around: int) -> Iterator[tuple[Sound, int]]:
    """
    Blocks that begin on a chunk, with `around` samples more on each side, and the sample where the
    block itself begins. Outside the timeline there is silence. A window is valid until the next:
    all are one piece of memory, because allocating another costs as much as the sums.
    """
    import numpy as np

    first = start - start % CHUNK
    window = np.zeros((timeline.channels, BLOCK + 2 * around), dtype=np.float32)
    source = render(timeline, max(0, first - around), stop + around + CHUNK)
    rest = fill(window, max(0, around - first), source, window[:, :0])
    for at in range(first, stop, BLOCK):
        yield window, at
        window[:, : 2 * around] = window[:, BLOCK:]
        rest = fill(window, 2 * around, source, rest)


def fill(window: Sound, at: int, source: Iterator[Sound], rest: Sound) -> Sound:
    """
    Fill a window from `at` with the rest of one block and the blocks that follow, then silence.
    Returns the rest of the last block, for which there was no room.
    """
    size = window.shape[1]
    block: Sound | None = rest
    while block is not None:
        taken = min(block.shape[1], size - at)
        window[:, at : at + taken] = block[:, :taken]
        at += taken
        if at == size:
            return block[:, taken:]
        block = next(source, None)
    window[:, at:] = 0
    return window[:, :0]
