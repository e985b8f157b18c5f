"""Opens audio with PyAV, restricted: no playlists, no network, no file but the one asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.containers.markers import is_name, tidy_marks
from avsnitt.audio.containers.reader import AudioLayout
from avsnitt.digests import DIGEST_BYTES
from avsnitt.model.show import AudioFacts, Chapter
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

FENCE: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": (
        "aac,ac3,aiff,amr,ape,asf,au,avi,caf,flac,matroska,webm,matroska\\,webm,mov,mp4,m4a,3gp,"
        "3g2,mj2,mov\\,mp4\\,m4a\\,3gp\\,3g2\\,mj2,mp3,mpeg,mpegts,ogg,w64,wav,wv"
    ),
}
"""HLS and concat lists name other files and addresses, so they are not among the formats."""
PLAIN: Final = (b"RIFF", b"RF64", b"FORM")
PLAIN_PROBE_BYTES: Final = "65536"
STILLS: Final = frozenset({"mjpeg", "png", "gif", "bmp", "webp", "jpegls", "mjpegb", "tiff"})
"""Codecs of covers and chapter pictures, which are streams of video too."""
FEW_PICTURES_A_SECOND: Final = 5


@contextmanager
def open_audio(path: Path) -> Iterator[InputContainer]:
    """The container, when it has an audio stream. Raises AudioError: SOUND-007 for a film without
    audio, SOUND-001 for any other file without."""
    with open_media(path) as container:
        if not container.streams.audio:
            if any(is_video(stream) for stream in container.streams.video):
                raise AudioError("SOUND-007")
            raise AudioError("SOUND-001", reason="no-sound")
        yield container


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """The container, whatever is in it. Raises AudioError: SOUND-001 for a file that is none."""
    import av

    av.logging.set_level(None)
    lenient: dict[str, Any] = {} if _major(av.__version__) >= 19 else {"metadata_errors": "replace"}
    try:
        options = {**FENCE, **_probing(path)}
        container = av.open(str(path.absolute()), "r", options=options, **lenient)
    except av.error.FFmpegError as error:
        raise AudioError("SOUND-001", reason="damaged") from error
    with container:
        yield container


def _probing(path: Path) -> dict[str, str]:
    """Options for probing: for plain samples the header is enough, so that FFmpeg need not read its
    usual five megabytes."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError:
        return {}
    return {"probesize": PLAIN_PROBE_BYTES} if head in PLAIN else {}


def is_video(stream: Any) -> bool:
    """True for a stream of video that is not a cover or the pictures of chapters."""
    from av.stream import Disposition

    if stream.disposition & Disposition.attached_pic:
        return False
    rate = stream.average_rate or 0
    if stream.codec_context is None:
        return True
    return stream.codec_context.name not in STILLS or rate >= FEW_PICTURES_A_SECOND


def _major(version: str) -> int:
    """The first number of a version: PyAV 19 has no `metadata_errors`, and always reads metadata
    that is not UTF-8 as it is."""
    return int(version.partition(".")[0])


def packets(
    container: InputContainer, streams: Sequence[Any], *, with_pictures: bool = False
) -> Iterator[Packet[Any]]:
    """
    The packets that have a time of decoding, up to the end or to where the file is cut off.

    With `with_pictures`, those that hold something and have a time of presentation, since the
    first pictures in Matroska have no time of decoding.
    """
    import av

    demuxed = container.demux(*streams)
    while True:
        try:
            packet = next(demuxed)
        except (StopIteration, av.error.InvalidDataError, av.error.EOFError):
            return
        timed = packet.size and packet.pts is not None if with_pictures else packet.dts is not None
        if timed:
            yield packet


def read_packets(
    path: Path, measured: AudioLayout, chapters: tuple[Chapter, ...] = ()
) -> AudioFacts:
    """
    The facts of a file that only a demuxer can parse: every packet is read, none decoded. Without
    `chapters` it has those of its container. The pictures of a film are part of its digest.
    Raises AudioError: SOUND-001 when its packets have no length, and as `open_audio` does.
    """
    state = blake2b(measured.format.encode(), digest_size=DIGEST_BYTES)
    size = ticks = 0
    with open_audio(path) as container:
        stream = container.streams.audio[0]
        films = [one for one in container.streams.video if is_video(one)]
        for packet in packets(container, [stream, *films], with_pictures=True):
            state.update(packet)
            if packet.stream.index == stream.index:
                size += packet.size
                ticks += packet.duration or 0
        duration_ms = round(ticks * stream.time_base * 1000) if stream.time_base else 0
        if not duration_ms:
            raise AudioError("SOUND-001", reason="no-sound")
        return AudioFacts(
            format=measured.format,
            duration_ms=duration_ms,
            digest=state.hexdigest(),
            sample_rate_hz=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            bitrate_bps=size * 8000 // duration_ms,
            video=measured.video,
            chapters=chapters or container_chapters(container),
        )


def container_chapters(container: InputContainer) -> tuple[Chapter, ...]:
    """The named chapters that FFmpeg finds: of Matroska and QuickTime, and of an ID3 tag in WAV."""
    return tidy_marks(
        Chapter(
            start_ms=round(one["start"] * one["time_base"] * 1000),
            title=one["metadata"].get("title", ""),
        )
        for one in container.chapters()
        if one["time_base"] and is_name(one["metadata"].get("title", ""))
    )
