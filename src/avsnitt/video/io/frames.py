"""A film's pictures on their way into a new file: copied, or decoded, scaled and encoded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.io.decode.container import packets
from avsnitt.video.h264 import without_greeting, without_strangers
from avsnitt.video.io.probe import decoded
from avsnitt.video.plan import KEY_MS, LEFT_ON_MS, EncodingSize, VideoFacts, made_rate

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.filter import Graph
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

SCALING: Final = "bicubic+accurate_rnd+bitexact"
"""The same on every processor."""
ENCODER: Final = "libx264"
PRESET: Final = "veryfast"
CRF: Final = 23
"""x264's own middle way; `most_bps` holds it where a film is restless."""
REPEATABLE: Final = "mbtree=0"
"""
With macroblock trees the bytes of some sizes (720 by 720, 1072 by 480) depend on memory that
x264's assembly reads and never set (core 165): they differ with MALLOC_PERTURB_.
"""
WAITING: Final = 64
"""More pictures than H.264 can hold back (A.3.1)."""
TURNS: Final = {
    90: (("transpose", "cclock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "clock"),),
}
"""By how many degrees anticlockwise the pictures are to be turned."""


# Copied


def copied(
    container: InputContainer, stream: VideoStream, template: VideoStream, at_ms: int
) -> Iterator[Packet[Any]]:
    """
    The pictures of `stream` for `template`, the first of them shown at `at_ms`. What their camera
    or encoder said of itself is taken away.
    """
    first: int | None = None
    lead = _ticks(at_ms, stream.time_base)
    for packet in _dated(packets(container, [stream], with_pictures=True)):
        first = packet.pts if first is None else first
        shift = lead - (first or 0)
        clean = _cleaned(packet)
        clean.pts = (packet.pts or 0) + shift
        clean.dts = (packet.dts or 0) + shift
        clean.stream = template
        yield clean


def _cleaned(packet: Packet[Any]) -> Packet[Any]:
    from av.packet import Packet as new_packet

    data = without_strangers(memoryview(packet))
    if data is None:
        return packet
    clean: Packet[Any] = new_packet(data)
    clean.time_base, clean.duration = packet.time_base, packet.duration
    clean.is_keyframe = packet.is_keyframe
    return clean


def _dated(packets: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    """
    Each with the time when it is decoded: what a container leaves out at the start is counted
    backwards from the first that it has.
    """
    waiting: list[Packet[Any]] = []
    for packet in packets:
        waiting.append(packet)
        if packet.dts is not None or len(waiting) > WAITING:
            break
    if waiting and waiting[-1].dts is None:
        waiting[-1].dts = waiting[-1].pts
    for before, after in zip(waiting[-2::-1], waiting[:0:-1], strict=True):
        before.dts = (after.dts or 0) - max(before.duration or 0, 1)
    yield from waiting
    yield from packets


def _ticks(ms: int, time_base: Fraction | None) -> int:
    return round(Fraction(ms, 1000) / time_base) if time_base else 0


# Encoded


def add_encoder(out: OutputContainer, film: VideoFacts, made: EncodingSize) -> VideoStream:
    """
    A stream of H.264 that can be begun with every two seconds, at the same places in every size.
    One thread, since what x264 makes depends on how many there are.
    """
    rate = made_rate(film)
    every = str(round(rate * KEY_MS / 1000))
    options = {
        "preset": PRESET,
        "crf": str(CRF),
        "maxrate": str(made.most_bps),
        "bufsize": str(2 * made.most_bps),
        "g": every,
        "keyint_min": every,
        "sc_threshold": "0",
        "threads": "1",
        "x264-params": REPEATABLE,
    }
    stream: VideoStream = out.add_stream(ENCODER, rate=rate, options=options)
    stream.width, stream.height = made.width, made.height
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = 1
    return stream


def encoded(
    container: InputContainer,
    stream: VideoStream,
    target: VideoStream,
    film: VideoFacts,
    made: EncodingSize,
    at_ms: int,
) -> Iterator[Packet[Any]]:
    """
    The pictures of `stream` as H.264, from where the sound begins, at an even rate. The first is
    shown at `at_ms`.
    """
    first = True
    for frame in _made_frames(container, stream, film, made):
        if first and frame is not None:
            _take_colours(frame, target)
        for packet in target.encode(frame):
            yield _placed(_ungreeted(packet) if first else packet, made_rate(film), at_ms)
            first = False


def _placed(packet: Packet[Any], rate: Fraction, at_ms: int) -> Packet[Any]:
    """Later by `at_ms`, which is seldom a whole number of pictures; all numbers stay whole."""
    each, late = 1000 * rate.denominator, at_ms * rate.numerator
    packet.time_base = Fraction(1, 1000 * rate.numerator)
    packet.pts = (packet.pts or 0) * each + late
    packet.dts = (packet.dts or 0) * each + late
    packet.duration = each
    return packet


def _take_colours(frame: VideoFrame, target: VideoStream) -> None:
    """Copy the meaning of the colour values, so that a screen that can show it does."""
    context = target.codec_context
    if context.is_open:
        return
    for name in ("color_range", "color_primaries", "color_trc", "colorspace"):
        setattr(context, name, getattr(frame, name))


def _ungreeted(packet: Packet[Any]) -> Packet[Any]:
    from av.packet import Packet as new_packet

    clean: Packet[Any] = new_packet(without_greeting(bytes(packet)))
    clean.time_base, clean.duration = packet.time_base, packet.duration
    clean.pts, clean.dts, clean.stream = packet.pts, packet.dts, packet.stream
    clean.is_keyframe = packet.is_keyframe
    return clean


def _made_frames(
    container: InputContainer, stream: VideoStream, film: VideoFacts, made: EncodingSize
) -> Iterator[VideoFrame | None]:
    from av.video.frame import PictureType

    graph = _graph(stream, film, made)
    most = made_rate(film) * (film.sound_ms + LEFT_ON_MS) / 1000
    for frame in _frames(container, stream):
        graph.vpush(frame)
        for done in _pulled(graph):
            if (done.pts or 0) > most:
                yield None
                return
            # What it was in the source would otherwise be what it must be here.
            done.pict_type = PictureType.NONE
            yield done
    yield None


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame | None]:
    """Every picture that can be decoded, and None for the end."""
    import av

    stream.codec_context.thread_count = 1
    for packet in packets(container, [stream], with_pictures=True):
        yield from decoded(packet)
    with suppress(av.error.InvalidDataError, av.error.EOFError):
        yield from stream.codec_context.decode(None)
    yield None


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    import av

    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _graph(stream: VideoStream, film: VideoFacts, made: EncodingSize) -> Graph:
    """
    The rate first, since what is dropped need not be scaled. `fps` begins at the start of the
    sound: with the first picture until it is there, and without what came before.
    """
    start = Fraction(film.sound_at_ms, 1000)
    rate = made_rate(film)
    steps = [
        ("setpts", f"PTS-{start.numerator}/{start.denominator}/TB"),
        *((("bwdif", "mode=send_frame:deint=interlaced"),) if film.interlaced else ()),
        ("fps", f"fps={rate.numerator}/{rate.denominator}:start_time=0"),
        *upright(film, made.width, made.height, ":out_range=tv"),
        ("format", "yuv420p"),
        ("setsar", "1"),
    ]
    return graph_of(stream, steps)


def upright(film: VideoFacts, width: int, height: int, options: str = "") -> list[tuple[str, str]]:
    """The filters that turn a picture upright in a size, with square pixels."""
    lying = (height, width) if film.turned % 180 else (width, height)
    scale = f"{lying[0]}:{lying[1]}:flags={SCALING}{options}"
    return [("scale", scale), *TURNS.get(film.turned, ())]


def graph_of(stream: VideoStream, steps: list[tuple[str, str]]) -> Graph:
    """Connect filters in a row from a stream's frames to a sink, on one thread."""
    from av.filter import Graph as new_graph

    graph: Graph = new_graph()
    graph.threads = 1
    nodes = [graph.add_buffer(template=stream)]
    nodes += [graph.add(name, args) if args else graph.add(name) for name, args in steps]
    nodes.append(graph.add("buffersink"))
    graph.link_nodes(*nodes).configure()
    return graph
