"""The published MP4 of a film: its pictures and the made sound, in one file that begins at once."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from avsnitt.audio.io.decode.container import open_media, packets
from avsnitt.digests import combine
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.io.frames import copied
from avsnitt.video.io.hls import COPY_COST, with_progress
from avsnitt.video.io.probe import picture_stream
from avsnitt.work.task import ReportProgress, Task

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet

STEP: Final = "film-mp4-2"
OPTIONS: Final = {
    "movflags": "+faststart",
    "fflags": "+bitexact",
    "empty_hdlr_name": "1",
    "write_tmcd": "0",
    "brand": "isom",
}


class Mp4Task(Task, frozen=True, kw_only=True):
    """
    Copies the H.264 of `pictures` (the recording, or what was encoded of it) and the AAC of
    `sound` into one MP4, with nothing else that either carried. `pictures_key` and `sound_key`
    name what those files hold. Pictures begin at `picture_at_ms` from the start of the sound.
    """

    ENDING: ClassVar[str] = "mp4"
    pictures: str
    pictures_key: str
    sound: str
    sound_key: str
    duration_ms: int
    picture_at_ms: int = 0

    @property
    def key(self) -> str:
        parts = {
            "pictures": self.pictures_key,
            "sound": self.sound_key,
            "at": str(self.picture_at_ms),
        }
        return f"{combine(parts)}-{STEP}"

    @property
    def cost_ms(self) -> int:
        return self.duration_ms // COPY_COST

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        import av

        try:
            with (
                open_media(Path(self.pictures)) as film,
                open_media(Path(self.sound)) as sound,
                av.open(str(target), "w", format="mp4", options=OPTIONS) as out,
            ):
                stream = picture_stream(film)
                pictures = out.add_stream_from_template(stream, opaque=True)
                voice = out.add_stream_from_template(sound.streams.audio[0], opaque=True)
                for copy in (pictures, voice):
                    copy.metadata.clear()
                both = merge(
                    copied(film, stream, pictures, max(self.picture_at_ms, 0)),
                    whole_sound(sound, voice, max(-self.picture_at_ms, 0)),
                    key=decoding_time,
                )
                for packet in with_progress(both, report_progress, COPY_COST):
                    out.mux(packet)
        except (av.error.FFmpegError, IndexError) as error:
            raise AudioError("VIDEO-003", reason="film-damaged") from error


def whole_sound(src: InputContainer, copy: Any, at_ms: int) -> Iterator[Packet[Any]]:
    """All of the sound: a player of whole files knows what it is not to play."""
    stream = src.streams.audio[0]
    shift = round(at_ms / (stream.time_base or 1) / 1000)
    for packet in packets(src, [stream], with_pictures=True):
        packet.pts = packet.dts = (packet.pts or 0) + shift
        packet.stream = copy
        yield packet


def decoding_time(packet: Packet[Any]) -> float:
    """The time in seconds at which a packet is decoded."""
    return float((packet.dts or 0) * packet.time_base)
