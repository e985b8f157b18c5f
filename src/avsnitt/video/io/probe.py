"""Looks at films with PyAV: what they are, without decoding more than one picture."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from avsnitt.audio.containers.mp4 import PROTECTED
from avsnitt.audio.io.decode.container import is_video, open_audio, packets
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.h264 import begins, is_avcc
from avsnitt.video.plan import MOST_PIXELS, VideoFacts
from avsnitt.work.task import ReportProgress, Task

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

LOOK: Final = "film-look-1"
"""The step and its version: a part of the results' names."""
PROGRESSIVE: Final = (0, 1)
"""Unknown, and known to be so (FFmpeg's AVFieldOrder)."""
TRIES: Final = 500
"""Packets in which one picture must be found that can be decoded."""


class ProbeVideoTask(Task, frozen=True, kw_only=True):
    """Reads a film through without decoding it; the result is a VideoFacts as JSON."""

    ENDING: ClassVar[str] = "json"
    source: str
    digest: str
    duration_ms: int

    @property
    def key(self) -> str:
        return f"{self.digest}-{LOOK}"

    @property
    def cost_ms(self) -> int:
        """It is some hundred times as fast as encoding."""
        return self.duration_ms // 100

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        target.write_bytes(msgspec.json.encode(probe_video(Path(self.source))))
        report_progress(self.cost_ms)


def read_video_facts(path: Path) -> VideoFacts:
    """Read the result of a ProbeVideoTask."""
    return msgspec.json.decode(path.read_bytes(), type=VideoFacts)


def probe_video(path: Path) -> VideoFacts:
    """
    Demux all of a film and decode one picture. Raises AudioError: SOUND-001 without sound,
    SOUND-004 for protected pictures, VIDEO-003 (`reason`: no-picture, damaged, large).
    """
    with open_audio(path) as container:
        stream = picture_stream(container)
        return _VideoProbe(container, stream).run()


def picture_stream(container: InputContainer) -> VideoStream:
    """
    The largest film of a recording, the first of several. Raises AudioError (VIDEO-003) without
    one.
    """
    films = [stream for stream in container.streams.video if is_video(stream)]
    if not films:
        raise AudioError("VIDEO-003", reason="film-none")
    if any(stream.codec_context is None for stream in films):
        raise AudioError("VIDEO-003", reason="film-damaged")
    stream = max(films, key=lambda one: (one.width * one.height, -one.index))
    if (tag := stream.codec_context.codec_tag.encode("latin-1", "replace")) in PROTECTED:
        raise AudioError("SOUND-004", scheme=tag.decode("latin-1"))
    if not 0 < stream.width * stream.height <= MOST_PIXELS:
        reason = "film-large" if stream.width else "film-damaged"
        raise AudioError("VIDEO-003", reason=reason)
    return stream


class _VideoProbe:
    """
    The facts that are gathered on the way through a film; times in the stream's own ticks until
    the end.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self.container = container
        self.stream = stream
        self.sound = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        self.framed = is_avcc(stream.codec_context.extradata or b"")
        self.checked = stream.codec_context.name == "h264" and self.framed
        self.first: VideoFrame | None = None
        self.tries = 0
        self.keys: list[int] = []
        self.start: int | None = None
        self.end = self.size = 0
        self.cut = False
        self.opens: bool | None = None
        self.ordered = True
        self.last: int | None = None
        self.sound_start: int | None = None
        self.sound_end = 0

    def run(self) -> VideoFacts:
        for packet in packets(self.container, [self.stream, self.sound], with_pictures=True):
            if packet.stream.index == self.sound.index:
                self.note(packet)
            else:
                self.see(packet)
        return self.facts()

    def note(self, packet: Packet[Any]) -> None:
        """Note a packet. Those before zero are what the decoder needs to get going."""
        if self.sound_start is None and not packet.is_discard:
            self.sound_start = max(packet.pts or 0, 0)
        self.sound_end = max(self.sound_end, (packet.pts or 0) + (packet.duration or 0))

    def see(self, packet: Packet[Any]) -> None:
        at = packet.pts or 0
        self.order(packet)
        is_key = packet.is_keyframe and (not self.checked or begins(memoryview(packet)))
        self.opens = is_key if self.opens is None else self.opens
        self.size += packet.size
        if self.first is None and self.tries < TRIES:
            self.tries += 1
            self.first = next(decoded(packet), None)
        if packet.is_discard:
            self.cut = True
            return
        if is_key:
            self.keys.append(at)
        self.start = at if self.start is None else min(self.start, at)
        self.end = max(self.end, at + (packet.duration or 0))

    def order(self, packet: Packet[Any]) -> None:
        if packet.dts is None:
            return
        late = packet.pts is not None and packet.dts > packet.pts
        if late or (self.last is not None and packet.dts <= self.last):
            self.ordered = False
        self.last = packet.dts

    def facts(self) -> VideoFacts:
        if self.first is None or self.start is None:
            raise AudioError("VIDEO-003", reason="film-damaged")
        stream, first = self.stream, self.first
        duration_ms = self.ms(self.end - self.start)
        shape = stream.sample_aspect_ratio
        rate = stream.average_rate or stream.guessed_rate
        return VideoFacts(
            codec=stream.codec_context.name,
            pixels=first.format.name,
            width=first.width,
            height=first.height,
            pixel_shape=(shape.numerator, shape.denominator) if shape else (1, 1),
            turned=round(first.rotation / 90) * 90 % 360,
            rate=(rate.numerator, rate.denominator) if rate else (25, 1),
            duration_ms=duration_ms,
            sound_ms=self.sound_ms(self.sound_end - (self.sound_start or 0)),
            sound_at_ms=self.sound_ms(self.sound_start or 0),
            picture_at_ms=self.ms(self.start) - self.sound_ms(self.sound_start or 0),
            longest_key_ms=self.longest_key_ms(),
            bitrate_bps=self.size * 8000 // max(duration_ms, 1),
            interlaced=stream.codec_context.field_order not in PROGRESSIVE
            or first.interlaced_frame,
            cut=self.cut,
            opens=bool(self.opens),
            framed=self.framed,
            ordered=self.ordered,
        )

    def ms(self, ticks: int) -> int:
        return round(ticks * (self.stream.time_base or 0) * 1000)

    def sound_ms(self, ticks: int) -> int:
        return round(ticks * (self.sound.time_base or 0) * 1000)

    def longest_key_ms(self) -> int:
        places = sorted([*self.keys, self.end])
        gaps = (after - before for before, after in itertools.pairwise(places))
        return self.ms(max(gaps, default=self.end))


def decoded(packet: Packet[Any]) -> Iterator[VideoFrame]:
    """The pictures of a packet; one that is broken gives none, as players do."""
    import av

    try:
        yield from packet.decode()
    except (av.error.InvalidDataError, av.error.EOFError):
        return
