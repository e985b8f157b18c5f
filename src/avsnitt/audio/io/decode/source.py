"""The common part of all readers of samples: coded audio at places, and its decoding.

A place is a sample at the recording's own rate, counted from the first that a player plays. Most
decoders give the same samples wherever they begin, as long as they begin a little early. Those that
carry chance or echoes along (AAC's noise, Opus) are begun anew at every CELL, from the same early
place each time, so that any part of a file comes out the same however it is cut.
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
"""AV_CODEC_FLAG2_SKIP_MANUAL: what is not programme is taken away here, by its place."""


class CodedSpan(NamedTuple):
    """
    A packet, or the bytes of some frames (`sizes`), or None for what is lost, and how many samples
    it should decode to; `cut` of its last are not programme.
    """

    at: int
    samples: int
    data: Any
    sizes: tuple[int, ...] = ()
    cut: int = 0


class DecodedSpan(NamedTuple):
    """Decoded sound at its place; without a frame it could not be decoded, and is silence."""

    at: int
    samples: int
    frame: AudioFrame | None


class DecoderSettings(NamedTuple):
    """
    The settings to decode a stream with: the decoder, begun anew every `cell` samples (0: only
    where the reading begins), and how many samples early.
    """

    decoder: str
    extradata: bytes | None
    rate_hz: int
    layout: str
    cell: int
    preroll: int

    def begin(self) -> CodecContext:
        """Open a decoder."""
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
        """
        The place where decoding begins to give `start`, and the place from which packets
        are fed.
        """
        first = self.cell_at(start)[0] if self.cell else max(start, 0)
        return first, first - self.preroll

    def cell_at(self, at: int) -> tuple[int, int]:
        """From where to where one decoder goes on; the packet across belongs to the later."""
        if not self.cell:
            return 0, 0
        first = max(at, 0) // self.cell * self.cell
        return first, first + self.cell


class StreamInfo(Value, frozen=True, kw_only=True):
    """The facts of a source before it is read through."""

    codec: str
    rate_hz: int
    channels: int
    declared_ms: int = 0
    video: bool = False
    protected: str = ""

    @property
    def lossless(self) -> bool:
        """True for PCM and other codecs without loss."""
        return bool(LOSSLESS.match(self.codec))


class SpanSource(Protocol):
    """A recording that can be read from any place."""

    @property
    def stream_info(self) -> StreamInfo:
        """The facts of the source."""

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """
        Yield decoded spans that cover `start` up to `stop`, in order; more at both ends is
        allowed. When the audio goes on, at least one span that does not begin before `stop`
        comes last.
        """
        ...

    def length(self) -> int:
        """The number of samples, counted without decoding."""
        ...


Begin = Callable[[], "CodecContext"]


def decode(
    coded: Iterator[CodedSpan], start: int, stop: int, manner: DecoderSettings
) -> Iterator[DecodedSpan]:
    """
    Decode what comes from the place that `manner.early` gave, and give what follows `start`, up to
    the first piece that does not begin before `stop`.
    """
    first, _ = manner.early(start)
    recent: deque[CodedSpan] = deque()
    until = kept = -1  # where the decoder is begun anew, and from where packets are kept for it
    context: Any = None
    for one in coded:
        at, samples, data, sizes, _ = one
        end = at + samples
        if context or end > first:
            if context is None or end > until > 0:
                cell, until = manner.cell_at(end - 1)
                context = warmed(manner, recent, max(first, cell))
                kept = until - manner.preroll if until else MUCH
            if data is None:
                context = manner.begin()
            if sizes:
                context, pieces = decode_group(context, one, recent, manner)
            else:
                pieces = decode_one(context, one)
            yield from pieces
            if end > stop and pieces and pieces[-1].at >= stop:
                return
        if end > kept or sizes or data is None:
            keep(recent, one, manner.preroll)


def keep(recent: deque[CodedSpan], one: CodedSpan, preroll: int) -> None:
    """Remember what a new decoder would have to hear, and forget what is too early for it."""
    if one.data is None:
        recent.clear()
    recent.append(one)
    while recent[0].at + recent[0].samples <= one.at - preroll:
        recent.popleft()


def warmed(manner: DecoderSettings, recent: deque[CodedSpan], first: int) -> CodecContext:
    """A decoder that has heard what comes just before `first`."""
    context = manner.begin()
    for one in recent:
        if one.at + one.samples > first - manner.preroll:
            decode_one(context, one)
    return context


def decode_one(context: Any, one: CodedSpan) -> list[DecodedSpan]:
    """Decode one coded span; what cannot be decoded becomes a span without samples."""
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
    context: CodecContext, one: CodedSpan, recent: deque[CodedSpan], manner: DecoderSettings
) -> tuple[CodecContext, list[DecodedSpan]]:
    """Some frames at once; when one of them is broken, one by one from a little earlier."""
    pieces = decode_one(context, one)
    if len(pieces) == len(one.sizes) and all(piece.frame for piece in pieces):
        return context, pieces
    context = manner.begin()
    for before in recent:
        for single in singles(before):
            decode_one(context, single)
    return context, [piece for single in singles(one) for piece in decode_one(context, single)]


def singles(one: CodedSpan) -> Iterator[CodedSpan]:
    """Split a coded span of several frames into single frames."""
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
    """
    Return the facts. Raises AudioError (SOUND-008) for rates and channels that no recording
    has.
    """
    if (
        not LEAST_HZ <= stream_info.rate_hz <= MOST_HZ
        or not 1 <= stream_info.channels <= MOST_CHANNELS
    ):
        values = {"rate": str(stream_info.rate_hz), "channels": str(stream_info.channels)}
        raise AudioError("SOUND-008", **values)
    return stream_info
