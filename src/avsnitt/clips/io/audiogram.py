"""Makes the film of a clip: a scene drawn frame by frame, and its sound (H.264 and AAC in MP4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from avsnitt.clips.audiogram_layout import Layout
from avsnitt.clips.captions import Caption
from avsnitt.clips.io.audio import LAYOUTS, Cut, cut_blocks, sound_frames
from avsnitt.clips.io.audiogram_scene import Scene, StillContent
from avsnitt.clips.spectrum_bars import FRAMES_PER_SECOND, bar_heights
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.io.frames import REPEATABLE

if TYPE_CHECKING:
    from av.container import OutputContainer

MUXER: Final = {"movflags": "+faststart", "fflags": "+bitexact", "brand": "isom"}
H264: Final = {
    "preset": "veryfast",
    "crf": "20",
    "flags": "+bitexact",
    # The bytes depend on how many share the work, so it is the same on every machine.
    "threads": "2",
    # So little moves that looking far ahead only costs memory: six bytes a pixel for each frame.
    "x264-params": f"rc-lookahead=4:bframes=1:sync-lookahead=0:lookahead-threads=1:{REPEATABLE}",
}
BT709: Final = 1
LIMITED: Final = 1
STEREO_BPS: Final = 128_000
MONO_BPS: Final = 80_000


class AudiogramContent(NamedTuple):
    """The content of an audiogram: all that stands still, the layout, and the captions in time."""

    still: StillContent
    layout: Layout
    captions: Sequence[Caption]


def write_audiogram(
    cut: Cut, film: AudiogramContent, part: Path, report_ms: Callable[[int], None]
) -> None:
    """
    The film at `part`, without tags; `report_ms` is called with each ms that is done. Raises
    AudioError for sound that cannot be read, and ImageError for a cover that cannot be used.
    """
    import av

    layout = film.layout
    scene = Scene(film.still, layout)
    frames = -(-(cut.stop - cut.start) * FRAMES_PER_SECOND // cut.rate_hz)
    heights = bar_heights(cut_blocks(cut, mono=True), cut.rate_hz, layout.bands, frames)
    try:
        with av.open(str(part), "w", format="mp4", options=dict(MUXER)) as out:
            pictures = _film_stream(out, layout.size)
            sound = _sound_stream(out, cut)
            packets = _sound_packets(sound, cut)
            for number, canvas in enumerate(_canvases(scene, heights, film.captions)):
                frame = av.VideoFrame.from_ndarray(canvas, format="yuv420p")
                frame.pts = number
                out.mux(pictures.encode(frame))
                _mux_until(out, packets, (number + 1) / FRAMES_PER_SECOND)
                report_ms((number + 1) * 1000 // FRAMES_PER_SECOND)
            out.mux(pictures.encode(None))
            _mux_until(out, packets, float("inf"))
    except av.error.FFmpegError as error:
        raise AudioError("SOUND-001", reason="damaged") from error


def _canvases(scene: Scene, heights: Any, captions: Sequence[Caption]) -> Iterator[Any]:
    """Each frame in turn, in the same memory."""
    waiting = list(reversed(captions))
    scene.show_caption(None)
    shown: Caption | None = None
    for number, levels in enumerate(heights):
        at_ms = number * 1000 // FRAMES_PER_SECOND
        while waiting and waiting[-1].end_ms <= at_ms:
            waiting.pop()
        wanted = waiting[-1] if waiting and waiting[-1].start_ms <= at_ms else None
        if wanted != shown:
            scene.show_caption(wanted)
            shown = wanted
        scene.show_bars(levels)
        scene.show_progress((number + 1) / len(heights))
        yield scene.canvas


def _film_stream(out: OutputContainer, size: int) -> Any:
    stream: Any = out.add_stream("libx264", rate=FRAMES_PER_SECOND, options=dict(H264))
    stream.width = stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.thread_type = "FRAME"  # slices would cost quality
    context.color_range = LIMITED
    context.colorspace = context.color_primaries = context.color_trc = BT709
    return stream


def _sound_stream(out: OutputContainer, cut: Cut) -> Any:
    stream: Any = out.add_stream(
        "aac", rate=cut.rate_hz, layout=LAYOUTS[cut.channels], options={"flags": "+bitexact"}
    )
    stream.bit_rate = MONO_BPS if cut.channels == 1 else STEREO_BPS
    return stream


def _sound_packets(stream: Any, cut: Cut) -> Iterator[Any]:
    for frame in sound_frames(cut):
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _mux_until(out: OutputContainer, packets: Iterator[Any], until_s: float) -> None:
    """Sound up to a time, so that the two lie side by side in the file."""
    for packet in packets:
        out.mux(packet)
        if packet.pts is not None and packet.pts * packet.time_base >= until_s:
            return
