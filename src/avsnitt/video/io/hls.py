"""Films and their sound in pieces for HTTP Live Streaming: fragmented MP4, one file a rendition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from avsnitt.audio.io.decode.container import open_media, packets
from avsnitt.audio.io.decode.facts import audio_bytes
from avsnitt.digests import combine
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.fragmented_mp4 import Rendition, parse_rendition
from avsnitt.video.io.frames import add_encoder, copied, encoded
from avsnitt.video.io.probe import picture_stream
from avsnitt.video.plan import PIECE_MS, START_MS, EncodingSize, VideoFacts
from avsnitt.work.task import ReportProgress, Task

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet

PICTURES: Final = "film-pieces-2"
SOUND: Final = "film-sound-1"
"""The steps and their versions: a part of the results' names."""
IN_PIECES: Final = {
    "fflags": "+bitexact",
    "empty_hdlr_name": "1",
    "avoid_negative_ts": "disabled",
    "use_editlist": "0",
    "write_tmcd": "0",
}
FLAGS: Final = "+empty_moov+default_base_moof+frag_discont+skip_trailer"
NEARLY: Final = 200
"""A key picture this many ms before its time ends a piece; the next one would be late."""
REPORT_EVERY_MS: Final = 1000
COPY_COST: Final = 100
"""Copying is some hundred times as fast as encoding."""


class VideoRenditionTask(Task, frozen=True, kw_only=True):
    """
    One rendition of a film's pictures; the result is a fragmented MP4 with one track. Without
    `made` they are copied, and the pieces end at their own key pictures.
    """

    ENDING: ClassVar[str] = "mp4"
    source: str
    digest: str
    film: VideoFacts
    made: EncodingSize | None = None

    @property
    def key(self) -> str:
        how = "-".join(map(str, self.made)) if self.made else "copy"
        return f"{self.digest}-{PICTURES}-{how}"

    @property
    def cost_ms(self) -> int:
        whole = self.film.duration_ms
        return whole if self.made else whole // COPY_COST

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        import av

        options = IN_PIECES | {
            "movflags": f"{FLAGS}+frag_keyframe",
            "min_frag_duration": str((PIECE_MS - NEARLY) * 1000),
        }
        try:
            with (
                open_media(Path(self.source)) as src,
                av.open(str(target), "w", format="mp4", options=options) as out,
            ):
                share = 1 if self.made else COPY_COST
                for packet in with_progress(self.packets(src, out), report_progress, share):
                    out.mux(packet)
        except av.error.FFmpegError as error:
            raise AudioError("VIDEO-003", reason="film-damaged") from error

    def packets(self, src: InputContainer, out: OutputContainer) -> Iterator[Packet[Any]]:
        """The packets of the pictures, copied, or encoded in the size `made`."""
        stream = picture_stream(src)
        if self.made:
            target = add_encoder(out, self.film, self.made)
            return encoded(src, stream, target, self.film, self.made, START_MS)
        copy = out.add_stream_from_template(stream, opaque=True)
        copy.metadata.clear()
        return copied(src, stream, copy, START_MS + max(self.film.picture_at_ms, 0))


class AudioRenditionTask(Task, frozen=True, kw_only=True):
    """
    The made sound (AAC in M4A) in pieces, beginning at `at_ms`. What only gets the decoder going
    is left out, so that sound and pictures need no edit list to meet; players of pieces differ on
    those. `sound_key` names what the file at `sound` holds.
    """

    ENDING: ClassVar[str] = "mp4"
    sound: str
    sound_key: str
    duration_ms: int
    at_ms: int = 0

    @property
    def key(self) -> str:
        return f"{combine({'sound': self.sound_key, 'at': str(self.at_ms)})}-{SOUND}"

    @property
    def cost_ms(self) -> int:
        return self.duration_ms // COPY_COST

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        import av

        options = IN_PIECES | {"movflags": FLAGS, "frag_duration": str(PIECE_MS * 1000)}
        try:
            with (
                open_media(Path(self.sound)) as src,
                av.open(str(target), "w", format="mp4", options=options) as out,
            ):
                stream = src.streams.audio[0]
                copy = out.add_stream_from_template(stream, opaque=True)
                copy.metadata.clear()
                for packet in with_progress(
                    sound_packets(src, copy, self.at_ms), report_progress, COPY_COST
                ):
                    out.mux(packet)
        except (av.error.FFmpegError, IndexError) as error:
            raise AudioError("SOUND-001", reason="damaged") from error


def sound_packets(src: InputContainer, copy: Any, at_ms: int) -> Iterator[Packet[Any]]:
    """Yield the audio packets of a film, from `at_ms` on."""
    stream = src.streams.audio[0]
    rate = 1 / (stream.time_base or 1)
    shift: int | None = None
    for packet in packets(src, [stream], with_pictures=True):
        start = packet.pts or 0
        if start + (packet.duration or 0) <= 0:
            continue
        if shift is None:
            shift = round((START_MS + at_ms) * rate / 1000) + max(-start, 0)
        packet.pts = packet.dts = start + shift
        packet.stream = copy
        yield packet


def with_progress(
    packets: Iterator[Packet[Any]], report_progress: ReportProgress, share: int
) -> Iterator[Packet[Any]]:
    """The same packets, with their progress reported now and then."""
    done = 0
    for packet in packets:
        if packet.dts is not None and packet.time_base:
            now = int(packet.dts * packet.time_base * 1000) // share
            if now >= done + REPORT_EVERY_MS:
                report_progress(now - done)
                done = now
        yield packet


def read_rendition(path: Path) -> Rendition:
    """Read the positions of a rendition's fragments. Raises AudioError for a file that is none."""
    with audio_bytes(path) as data:
        return parse_rendition(data)
