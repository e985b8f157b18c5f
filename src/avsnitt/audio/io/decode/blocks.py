"""Makes blocks of float samples from decoded frames: joined, mixed, at one rate.

The samples are the same wherever a reading begins: each is converted by itself, except for the
change of rate, which begins well before, at a place that both rates share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.io.decode.source import DecodedSpan, SpanSource
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from numpy import ndarray

    Block = ndarray[Any, Any]

FULL_SCALE: Final = {"flt": 1.0, "u8": 128.0, "s16": 32768.0, "s32": 2147483648.0}
MANY: Final = 8
"""PyAV counts planes up to an empty one, and behind eight there is none: such a frame is made
packed first."""
NOWHERE: Final = re.compile(r"\d+ channels.*")
"""FFmpeg's name for channels without positions, which it would guess."""
MOST_HOLE_S: Final = 3600
"""A file whose clock leaps further is damaged, or made to let us write silence for hours."""
RESAMPLER_PREROLL: Final = 4096
"""Samples of the source: more than any of swr's filters reaches (FFmpeg, swr `filter_size` 32)."""


class DecodeErrors:
    """
    Counts the errors in a stretch of the source: `places` that could not be decoded, and values
    that are not numbers. What is read around the stretch, to start the decoder, is not counted.
    """

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop
        self.places = self.not_numbers = 0

    def note(self, piece: DecodedSpan) -> None:
        """Count a piece without a frame, which is a place that could not be decoded."""
        if piece.frame is None and self.start <= piece.at < self.stop:
            self.places += 1

    def clean(self, block: Block, at: int) -> Block:
        """The block (channels, samples), which begins at `at`, with 0 for what is no number."""
        import numpy as np

        with np.errstate(all="ignore"):
            if np.isfinite(np.add.reduce(block, axis=None)):
                return block
        wrong = ~np.isfinite(block)
        inside = slice(max(0, self.start - at), max(0, self.stop - at))
        self.not_numbers += int(wrong[:, inside].sum())
        cleaned: Block = np.where(wrong, np.float32(0), block)
        return cleaned


class Joined:
    """Collects frames in a row, until they are a block."""

    def __init__(self, channels: int, rate_hz: int, tally: DecodeErrors, at: int) -> None:
        self.channels, self.rate_hz, self.tally, self.at = channels, rate_hz, tally, at
        self.kind: tuple[str, str] | None = None
        self.fifo: Any = None
        self.waiting = 0

    def add(self, piece: DecodedSpan) -> tuple[Block | None, bool]:
        """
        Take a whole frame where the last one ended. Returns the collected block when the frame
        has another format or layout, and True when the frame was taken.
        """
        frame: Any = piece.frame
        if frame is None or piece.samples != frame.samples or frame.sample_rate != self.rate_hz:
            return None, False
        kind = frame.format.name, frame.layout.name
        out = self.renew(kind) if kind != self.kind else None
        frame.pts = None
        self.fifo.write(frame)
        self.waiting += piece.samples
        return out, True

    def renew(self, kind: tuple[str, str]) -> Block | None:
        """The block so far; what follows is collected for frames of another format or layout."""
        from av import AudioFifo

        out = self.flush()
        self.kind, self.fifo = kind, AudioFifo()
        return out

    def flush(self) -> Block | None:
        """The block so far; None when nothing is collected."""
        if not self.waiting:
            return None
        frame = self.fifo.read(0)
        self.waiting = 0
        return self.shaped(frame, 0, frame.samples)

    def flushed(self) -> Iterator[Block]:
        """The block so far, if there is one."""
        block = self.flush()
        if block is not None:
            yield block

    def silence(self, samples: int) -> Iterator[Block]:
        """So many samples of silence, in blocks of at most a second."""
        import numpy as np

        while samples > 0:
            now = min(samples, self.rate_hz)
            self.at += now
            samples -= now
            yield np.zeros((self.channels, now), np.float32)

    def shaped(self, frame: Any, start: int, stop: int) -> Block:
        """A part of a frame, from sample `start` to `stop`, as a block in our channels."""
        block = self.tally.clean(as_floats(frame)[:, start:stop], self.at)
        self.at += stop - start
        return mixed(block, self.channels, frame.layout.name)


def as_floats(frame: Any) -> Block:
    """The samples of a frame as float32 (channels, samples), full scale from -1 to 1."""
    import numpy as np

    kind = frame.format.packed.name
    if kind not in FULL_SCALE or frame.layout.nb_channels >= MANY:
        frame, kind = converted(frame), "flt"
    array = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, frame.layout.nb_channels).T
    floats: Block = np.require(array, np.float32, ["C", "O", "W"])
    if kind == "u8":
        floats -= np.float32(128)
    if kind != "flt":
        floats *= np.float32(1 / FULL_SCALE[kind])
    return floats


def converted(frame: Any) -> Any:
    """The same frame as floats in one plane, for doubles, 64-bit integers and many channels."""
    import av

    frame.pts = None
    layout, rate_hz = frame.layout.name, frame.sample_rate
    return av.AudioResampler(format="flt", layout=layout, rate=rate_hz).resample(frame)[0]


def mixed(block: Block, channels: int, layout: str) -> Block:
    """The block in 1 or 2 channels: mono is the mean of both, stereo of mono the same twice; more
    than two are mixed to stereo first."""
    import numpy as np

    have = len(block)
    if have > 2:
        block = folded(block, layout)
        have = 2
    if have == channels:
        return block
    if channels == 1:
        mean = block[0] * np.float32(0.5)
        mean += block[1] * np.float32(0.5)
        one: Block = mean[np.newaxis]
        return one
    both: Block = np.repeat(block, 2, axis=0)
    return both


def folded(block: Block, layout: str) -> Block:
    """Stereo of more channels, summed in one order so that each sample is the same in any block."""
    import numpy as np

    stereo = np.zeros((2, block.shape[1]), np.float32)
    for side, shares in enumerate(fold(layout, len(block))):
        for share, channel in zip(shares, block, strict=True):
            if share:
                stereo[side] += channel * np.float32(share)
    return stereo


@lru_cache(maxsize=32)
def fold(layout: str, channels: int) -> tuple[tuple[float, ...], ...]:
    """
    The shares of the channels in the left and in the right: FFmpeg's own matrix, measured with
    one impulse a channel. Channels without positions, as a field recorder's, have equal shares.
    """
    import av
    import numpy as np

    if NOWHERE.fullmatch(layout):
        return ((1 / channels,) * channels,) * 2
    impulses = np.eye(channels, dtype=np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(impulses, "flt", layout)
    frame.sample_rate = 48_000
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
    rows = resampler.resample(frame)[0].to_ndarray()
    return tuple(tuple(float(share) for share in row) for row in rows)


def joined(
    source: SpanSource, channels: int, start: int, stop: int, tally: DecodeErrors
) -> Iterator[Block]:
    """The samples between two places, in blocks of about a second, at the source's own rate."""
    second = source.stream_info.rate_hz
    join = Joined(channels, second, tally, start)
    at = start
    for piece in source.pieces(start, stop):
        begins, ends = piece.at, piece.at + piece.samples
        taken = False
        if begins == at and ends <= stop:
            block, taken = join.add(piece)
            if block is not None:
                yield block
        if not taken or join.waiting >= second:
            yield from join.flushed()
        if not taken:
            yield from odd(join, piece, at, stop)
            tally.note(piece)
        at = max(at, min(ends, stop))
    yield from join.flushed()


def odd(join: Joined, piece: DecodedSpan, at: int, stop: int) -> Iterator[Block]:
    """A piece that is no whole frame where the last ended: silence for a hole before it, and the
    part of it before `stop`. Raises AudioError: SOUND-001 for a hole of more than MOST_HOLE_S."""
    low, high = max(piece.at, at), min(piece.at + piece.samples, stop)
    if low - at > MOST_HOLE_S * join.rate_hz:
        raise AudioError("SOUND-001", reason="damaged")
    yield from join.silence(min(low, stop) - at)
    if high <= low:
        return
    if piece.frame is None or piece.frame.sample_rate != join.rate_hz:
        yield from join.silence(high - low)
    else:
        yield join.shaped(piece.frame, low - piece.at, high - piece.at)


def resampled(
    source: SpanSource, rate_hz: int, channels: int, start: int, stop: int, tally: DecodeErrors
) -> Iterator[Block]:
    """The samples between two places at another rate; both are counted at that rate. Raises
    AudioError as `odd` does."""
    have = source.stream_info.rate_hz
    divisor = gcd(have, rate_hz)
    ours, theirs = rate_hz // divisor, have // divisor
    units = max(0, start // ours - -(-RESAMPLER_PREROLL // theirs) - 1)
    at = units * ours
    first, last = units * theirs, -(-stop * theirs // ours) + 2 * RESAMPLER_PREROLL + theirs
    for block in changed(joined(source, channels, first, last, tally), have, rate_hz, channels):
        low, high = max(0, start - at), min(block.shape[1], stop - at)
        at += block.shape[1]
        if high > low:
            yield block[:, low:high]
        if at >= stop:
            return


def changed(blocks: Iterator[Block], have: int, rate_hz: int, channels: int) -> Iterator[Block]:
    """The blocks at another rate, from one resampler that begins with the first of them."""
    import av

    layout = "mono" if channels == 1 else "stereo"
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate_hz)
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate = have
        for out in resampler.resample(frame):
            yield out.to_ndarray()
    for out in resampler.resample(None):
        yield out.to_ndarray()
