"""Reads the packets of a container's first audio stream, for all sources that read by packets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.containers.mp4 import PROTECTED
from avsnitt.audio.io.decode.container import is_video, open_audio
from avsnitt.audio.io.decode.source import CELL, DecoderSettings, StreamInfo, checked
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

Stamp = tuple[str, int, int]
"""A file as it is now: path, size in bytes, time of modification in ns."""
PREROLL: Final = {"aac": 8 * 2048, "opus": 24_000, "vorbis": 4 * 8192, "alac": 0, "flac": 0}
"""
In samples. AAC overlaps with one frame (ISO/IEC 14496-3, 4.6.11), Opus asks for 80 ms (RFC 7845,
4.6), Vorbis for one block.
"""
SLOW_START: Final = 96_000
"""In samples, for AAC in its newer profiles, whose parameters are not in each packet."""
CELLS: Final = {"aac": CELL, "opus": CELL, "vorbis": CELL}


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, Any]]:
    """The container and its first audio stream, to be decoded in this thread. Raises AudioError as
    `open_audio` does."""
    with open_audio(path) as container:
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        yield container, stream


def coming(container: InputContainer, stream: Any) -> Iterator[Packet[Any]]:
    """The packets that hold something; a damaged file ends where no packet can be read."""
    import av

    demuxed = container.demux(stream)
    while True:
        try:
            packet = next(demuxed)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.size:
            yield packet


def with_cuts(packets: Iterator[Packet[Any]]) -> Iterator[tuple[Packet[Any], int]]:
    """Each packet, and the samples to cut from its end, which only the last has."""
    before: Packet[Any] | None = None
    for packet in packets:
        if before is not None:
            yield before, 0
        before = packet
    if before is not None:
        yield before, trims(before)[1]


def stamp_of(packet: Packet[Any]) -> int | None:
    """The time stamp of a packet in ticks: of presentation, else of decoding; None without."""
    return packet.dts if packet.pts is None else packet.pts


def trims(packet: Packet[Any]) -> tuple[int, int]:
    """The samples of a packet that are not programme, at its start and its end
    (AV_PKT_DATA_SKIP_SAMPLES)."""
    if not packet.has_sidedata("skip_samples"):
        return 0, 0
    body = bytes(packet.get_sidedata("skip_samples"))
    return int.from_bytes(body[:4], "little"), int.from_bytes(body[4:8], "little")


def family(container: InputContainer) -> str:
    """The first of FFmpeg's names for a container's format."""
    return container.format.name.partition(",")[0]


def stream_info_of(container: InputContainer, stream: Any) -> StreamInfo:
    """The facts of a stream by its header. Raises AudioError: SOUND-008 for a rate or channels that
    no recording has, SOUND-009 when there is no decoder."""
    context = stream.codec_context
    codec = context.codec.name if context and context.codec else ""
    if not codec:
        raise AudioError("SOUND-009", codec=context.name if context else "?")
    tags = (one.codec_context.codec_tag for one in container.streams if one.codec_context)
    locked = (tag for tag in tags if tag.encode("latin-1", "replace") in PROTECTED)
    length = stream.duration * stream.time_base if stream.duration else 0
    stream_info = StreamInfo(
        codec=codec,
        rate_hz=context.sample_rate,
        channels=context.channels,
        declared_ms=round(length * 1000),
        video=any(is_video(one) for one in container.streams.video),
        protected=next(locked, ""),
    )
    return checked(stream_info)


def settings_of(stream: Any, codec: str) -> DecoderSettings:
    """The settings that decode a stream, with the preroll of its codec."""
    context = stream.codec_context
    early = PREROLL.get(codec, 0)
    if codec == "aac" and context.profile != "LC":
        early = SLOW_START
    layout = context.layout.name
    return DecoderSettings(
        codec, context.extradata, context.sample_rate, layout, CELLS.get(codec, 0), early
    )


def seek(container: InputContainer, stream: Any, ticks: int) -> Iterator[Packet[Any]]:
    """The packets from where FFmpeg goes for a stamp; empty when it cannot."""
    import av

    try:
        container.seek(ticks, stream=stream)
    except av.error.FFmpegError:
        return
    yield from coming(container, stream)
