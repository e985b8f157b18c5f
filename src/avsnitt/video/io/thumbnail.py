"""A still of a film, to show before it is played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from avsnitt.audio.io.decode.container import open_media, packets
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.io.frames import graph_of, upright
from avsnitt.video.io.probe import decoded, picture_stream
from avsnitt.video.plan import VideoFacts, fitted, shown_size
from avsnitt.video.thumbnail_choice import score
from avsnitt.work.task import ReportProgress, Task

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image

STEP: Final = "film-still-1"
LONG_SIDE, SHORT_SIDE = 1280, 720
QUALITY: Final = 82
PLACES: Final = tuple(number / 20 for number in range(1, 20, 2))
"""
The places of the frames that are scored, as shares of the film: ten, without the ends, which are
titles and black.
"""
PASSED: Final = 400
"""Pictures decoded from one place to find another, where a film can only be begun at its start."""
EVERY: Final = 50
SMALL: Final = (320, 180)


class ThumbnailTask(Task, frozen=True, kw_only=True):
    """The best of a few pictures, upright, as a JPEG of 1280 x 720 pixels at most."""

    ENDING: ClassVar[str] = "jpg"
    source: str
    digest: str
    film: VideoFacts

    @property
    def key(self) -> str:
        return f"{self.digest}-{STEP}"

    @property
    def cost_ms(self) -> int:
        return 1000

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        import av

        try:
            with open_media(Path(self.source)) as container:
                stream = picture_stream(container)
                stream.codec_context.thread_count = 1
                frame = best_frame(container, stream, self.film)
                save_still(still(stream, frame, self.film), target)
        except av.error.FFmpegError as error:
            raise AudioError("VIDEO-003", reason="film-damaged") from error
        report_progress(self.cost_ms)


def best_frame(container: InputContainer, stream: VideoStream, film: VideoFacts) -> VideoFrame:
    """
    The frame with the highest score, the first of several; any frame where all are blank.
    Raises AudioError when none can be decoded.
    """
    best: VideoFrame | None = None
    most = -1.0
    for frame in candidates(container, stream, film):
        worth = score(frame.reformat(*SMALL, format="gray", interpolation="AREA").to_ndarray())
        if worth > most:
            best, most = frame, worth
    if best is None:
        raise AudioError("VIDEO-003", reason="film-damaged")
    return best


def candidates(
    container: InputContainer, stream: VideoStream, film: VideoFacts
) -> Iterator[VideoFrame]:
    """
    Key pictures from all of the film. Where there are too few of them, those that come after the
    first too, now and then one.
    """
    seen: set[int] = set()
    for place in PLACES:
        at_ms = film.sound_at_ms + film.picture_at_ms + round(film.duration_ms * place)
        frame = key_frame(container, stream, at_ms)
        if frame is not None and frame.pts is not None and frame.pts not in seen:
            seen.add(frame.pts)
            yield frame
    if len(seen) < len(PLACES) // 2:
        yield from first_frames(container, stream)


def key_frame(container: InputContainer, stream: VideoStream, at_ms: int) -> VideoFrame | None:
    """The last picture before a time that decoding can begin with."""
    seek(container, stream, at_ms)
    stream.codec_context.skip_frame = "NONKEY"
    for packet in packets(container, [stream], with_pictures=True):
        if not packet.is_keyframe:
            continue
        for frame in decoded(packet):
            return frame
        return next(drained(stream), None)
    return None


def first_frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield some of the first frames of a film, at even distances."""
    seek(container, stream, 0)
    stream.codec_context.skip_frame = "DEFAULT"
    number = 0
    for packet in packets(container, [stream], with_pictures=True):
        for frame in decoded(packet):
            if number % EVERY == EVERY - 1:
                yield frame
            number += 1
        if number >= PASSED:
            return


def seek(container: InputContainer, stream: VideoStream, at_ms: int) -> None:
    """
    Seek to the last picture at or before a time that decoding can begin with; the start if the
    container cannot seek.
    """
    import av

    place = round(at_ms / 1000 / float(stream.time_base or 1))
    try:
        container.seek(place, stream=stream, backward=True)
    except av.error.FFmpegError:
        container.seek(0)
    stream.codec_context.flush_buffers()


def drained(stream: VideoStream) -> Iterator[VideoFrame]:
    """
    Yield the frames that the decoder still holds, since it does not know that no more packets
    come.
    """
    import av

    try:
        yield from stream.codec_context.decode(None)
    except (av.error.InvalidDataError, av.error.EOFError):
        return


def still(stream: VideoStream, frame: VideoFrame, film: VideoFacts) -> Image:
    """Turn a frame upright, scale it to the size of a still, and return it as an RGB image."""
    size = fitted(shown_size(film), LONG_SIDE, SHORT_SIDE)
    graph = graph_of(stream, [*upright(film, *size), ("format", "rgb24")])
    graph.vpush(frame)
    image: Image = graph.vpull().to_image()  # type: ignore[no-untyped-call]
    return image


def save_still(image: Image, target: Path) -> None:
    """Save a still as a JPEG without metadata."""
    image.info = {}
    image.save(target, format="JPEG", quality=QUALITY, progressive=True, optimize=True)
