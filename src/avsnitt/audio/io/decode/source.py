"""Decodes coded audio at places, for all sources of samples.

A place is a sample at the recording's own rate, counted from the first that a player plays. Most
decoders give the same samples wherever they begin, as long as they begin a little early. Those
whose state goes on (the random noise of AAC, the prediction of Opus) are begun anew at every CELL,
from the same early place each time, so that any part of a file is the same however it is cut.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from avsnitt.model.value import Value
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.codec.context import CodecContext

CELL: Final = 441_000
"""A 16th of a segment."""
LOSSLESS: Final = re.compile(r"pcm_(?!mulaw|alaw|vidc)|flac$|alac$|wavpack$|ape$|tta$|mlp$|truehd$")
MUCH: Final = 1 << 62
SKIP_MANUAL: Final = 1 << 29
"""AV_CODEC_FLAG2_SKIP_MANUAL: we remove what is not programme ourselves, by its place."""


class CodedSpan(NamedTuple):
    """
    A packet, or the bytes of some frames (`sizes`), or None for lost audio, and the number of
    samples it should decode to; `cut` of its last samples are not programme.
    """

    at: int
    samples: int
    data: Any
    sizes: tuple[int, ...] = ()
    cut: int = 0


class DecodedSpan(NamedTuple):
    """Decoded audio at its place; without a frame it could not be decoded, and is silence."""

    at: int
    samples: int
    frame: AudioFrame | None


class DecoderSettings(NamedTuple):
    """
    The decoder for a stream. It is begun anew every `cell` samples (0: only where the reading
    begins), and `preroll` samples early.
    """

    decoder: str
    extradata: bytes | None
    rate_hz: int
    layout: str
    cell: int
    preroll: int

    def begin(self) -> CodecContext:
        """A new decoder, in one thread."""
        import av

        context: Any = av.CodecContext.create(self.decoder, "r")
        context.extradata = self.extradata
        context.flags2 |= SKIP_MANUAL
        context.thread_count = 1
        if self.decoder.startswith("pcm_"):
            context.sample_rate = self.rate_hz
            context.layout = self.layout
        return context  # type: ignore[no-any-return]

    def early(self, start: int) -> tuple[int, int]:
        """The places from which samples count, so that `start` is right, and from which packets are
        decoded."""
        first = self.cell_at(start)[0] if self.cell else max(start, 0)
        return first, first - self.preroll

    def cell_at(self, at: int) -> tuple[int, int]:
        """The start and stop of the cell around a place, which one decoder decodes; both 0 without
        cells. A packet that lies in two cells belongs to the later."""
        if not self.cell:
            return 0, 0
        first = max(at, 0) // self.cell * self.cell
        return first, first + self.cell


class StreamInfo(Value, frozen=True, kw_only=True):
    """The facts of a source by its header."""

    codec: str
    rate_hz: int
    channels: int
    declared_ms: int = 0
    video: bool = False
    protected: str = ""

    @property
    def lossless(self) -> bool:
        """True when the codec keeps every sample."""
        return bool(LOSSLESS.match(self.codec))


class SpanSource(Protocol):
    """A recording that can be read from any place."""

    @property
    def stream_info(self) -> StreamInfo:
        """The facts of the recording by its header."""
        ...

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """
        The pieces that cover `start` up to `stop`, in order; there may be more at both ends. When
        the audio goes on, the last piece does not begin before `stop`.
        """
        ...

    def length(self) -> int:
        """The number of samples, counted without decoding all of them."""
        ...


Begin = Callable[[], "CodecContext"]


def decode(
    coded: Iterator[CodedSpan], start: int, stop: int, settings: DecoderSettings
) -> Iterator[DecodedSpan]:
    """
    The decoded pieces from `start` up to the first that does not begin before `stop`. `coded`
    begins at the place that `settings.early` gave.
    """
    first, _ = settings.early(start)
    recent: deque[CodedSpan] = deque()
    until = kept = -1  # where the decoder is begun anew, and from where packets are kept for it
    context: Any = None
    for one in coded:
        at, samples, data, sizes, _ = one
        end = at + samples
        if context or end > first:
            if context is None or end > until > 0:
                cell, until = settings.cell_at(end - 1)
                context = warmed(settings, recent, max(first, cell))
                kept = until - settings.preroll if until else MUCH
            if data is None:
                context = settings.begin()
            if sizes:
                context, pieces = decode_group(context, one, recent, settings)
            else:
                pieces = decode_one(context, one)
            yield from pieces
            if end > stop and pieces and pieces[-1].at >= stop:
                return
        if end > kept or sizes or data is None:
            keep(recent, one, settings.preroll)


def keep(recent: deque[CodedSpan], one: CodedSpan, preroll: int) -> None:
    """Append a span to those that a new decoder would need first, and remove what is too early."""
    if one.data is None:
        recent.clear()
    recent.append(one)
    while recent[0].at + recent[0].samples <= one.at - preroll:
        recent.popleft()


def warmed(settings: DecoderSettings, recent: deque[CodedSpan], first: int) -> CodecContext:
    """A decoder that has decoded the packets just before `first`."""
    context = settings.begin()
    for one in recent:
        if one.at + one.samples > first - settings.preroll:
            decode_one(context, one)
    return context


def decode_one(context: Any, one: CodedSpan) -> list[DecodedSpan]:
    """The decoded pieces of a span; one without a frame when it is lost or broken."""
    import av

    at, samples, data, _, cut = one
    if data is None:
        return [DecodedSpan(at, samples, None)]
    try:
        frames = context.decode(av.Packet(data) if type(data) is bytes else data)
    except (av.error.FFmpegError, ValueError):
        return [DecodedSpan(at, max(0, samples - cut), None)]
    if len(frames) == 1 and not cut:
        return [DecodedSpan(at, frames[0].samples, frames[0])]
    pieces = []
    for frame in frames:
        pieces.append(DecodedSpan(at, max(0, frame.samples - cut), frame))
        at += frame.samples
    return pieces


def decode_group(
    context: CodecContext, one: CodedSpan, recent: deque[CodedSpan], settings: DecoderSettings
) -> tuple[CodecContext, list[DecodedSpan]]:
    """The decoder to go on with, and the decoded pieces of some frames: of all at once, or when one
    is broken, one by one by a new decoder that begins a little earlier."""
    pieces = decode_one(context, one)
    if len(pieces) == len(one.sizes) and all(piece.frame for piece in pieces):
        return context, pieces
    context = settings.begin()
    for before in recent:
        for single in singles(before):
            decode_one(context, single)
    return context, [piece for single in singles(one) for piece in decode_one(context, single)]


def singles(one: CodedSpan) -> Iterator[CodedSpan]:
    """A span for each frame of a span of several."""
    at, begun = one.at, 0
    for size in one.sizes:
        samples = one.samples // len(one.sizes)
        yield CodedSpan(at, samples, one.data[begun : begun + size])
        at, begun = at + samples, begun + size
    if not one.sizes:
        yield one


MOST_HZ: Final = 768_000
LEAST_HZ: Final = 2_000
MOST_CHANNELS: Final = 64


def checked(stream_info: StreamInfo) -> StreamInfo:
    """The same facts. Raises AudioError: SOUND-008 for a rate or channels that no recording has."""
    if (
        not LEAST_HZ <= stream_info.rate_hz <= MOST_HZ
        or not 1 <= stream_info.channels <= MOST_CHANNELS
    ):
        values = {"rate": str(stream_info.rate_hz), "channels": str(stream_info.channels)}
        raise AudioError("SOUND-008", **values)
    return stream_info
