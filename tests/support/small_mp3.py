"""Makes an MP3 of a master recording with PyAV. Loudness is left as it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.io.decode.container import open_audio, packets
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

Progress = Callable[[int, int], None]
"""Told how many ms are done, of how many; the second is 0 when nobody knows."""

MONO_SHARE: Final = (3, 4)
"""Mono at 96 kbit/s sounds like stereo at 128."""
MUXER: Final = {"write_xing": "1", "write_id3v1": "0", "id3v2_version": "0", "fflags": "+bitexact"}
REPORT_MS: Final = 1000
NUMBERS: Final = count()


def encode_mp3(
    source: Path, target: Path, *, bitrate_bps: int = 128_000, progress: Progress | None = None
) -> None:
    """
    Decode the first sound stream of `source` and write it as MP3 with an Info header and no
    tags. `bitrate_bps` is for stereo. `target` appears whole or not at all. Raises
    AudioError (SOUND-001) when nothing could be decoded.
    """
    import av

    part = target.parent / f".{os.getpid()}-{next(NUMBERS)}.mp3.part"
    try:
        with (
            open_audio(source) as src,
            av.open(str(part), "w", format="mp3", options=dict(MUXER)) as out,
        ):
            run(src, out, bitrate_bps, progress or (lambda _done, _total: None))
        part.replace(target)
    except av.error.FFmpegError as error:
        raise AudioError("SOUND-001", reason="damaged") from error
    finally:
        part.unlink(missing_ok=True)


def run(src: InputContainer, out: OutputContainer, bitrate_bps: int, progress: Progress) -> None:
    from av import AudioResampler

    context = src.streams.audio[0].codec_context
    rate_hz = 44_100 if context.sample_rate % 11_025 == 0 else 48_000
    mono = context.channels == 1
    layout = "mono" if mono else "stereo"
    stream = out.add_stream("libmp3lame", rate=rate_hz, layout=layout)
    stream.bit_rate = bitrate_bps * MONO_SHARE[0] // MONO_SHARE[1] if mono else bitrate_bps
    resampler = AudioResampler(format="s16p", layout=layout, rate=rate_hz)
    total_ms = (src.duration or 0) // 1000
    samples = reported = 0
    for frame in resampled(src, resampler):
        frame.pts = samples
        samples += frame.samples
        out.mux(stream.encode(frame))
        if (done := samples * 1000 // rate_hz) >= reported + REPORT_MS:
            progress(done, total_ms)
            reported = done
    if not samples:
        raise AudioError("SOUND-001", reason="no-sound")
    out.mux(stream.encode(None))
    progress(samples * 1000 // rate_hz, samples * 1000 // rate_hz)


def resampled(src: InputContainer, resampler: Any) -> Iterator[Any]:
    for frame in decoded(src):
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def decoded(src: InputContainer) -> Iterator[Any]:
    """Every frame that can be decoded; a broken packet is passed over, as players do."""
    import av

    stream = src.streams.audio[0]
    for packet in packets(src, [stream]):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue
    try:
        yield from stream.codec_context.decode(None)
    except (av.error.InvalidDataError, av.error.EOFError):
        return
