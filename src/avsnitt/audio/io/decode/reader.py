"""Reads the samples of any part of any recording, exactly, in blocks of about a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from avsnitt.audio.containers.declared_length import Claims, parse_claims
from avsnitt.audio.containers.mp4 import check_finished
from avsnitt.audio.containers.reader import Data, as_ms
from avsnitt.audio.containers.sniff import sniff
from avsnitt.audio.io.decode.blocks import DecodeErrors, joined, resampled
from avsnitt.audio.io.decode.facts import audio_bytes
from avsnitt.audio.io.decode.source import SpanSource
from avsnitt.formats.timecode import LONGEST_MS
from avsnitt.model.audio import PcmFacts
from avsnitt.model.show import AudioFormat
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from numpy import ndarray

FOREVER: Final = 1 << 60
FAMILIES: Final = ((11_025, 44_100),)
"""Audio whose rate is a multiple of the first is worked on at the second."""
STUDIO_HZ: Final = 48_000
BOXES: Final = re.compile(rb".{4}(ftyp|mdat|wide|skip|free)", re.DOTALL)
"""The first bytes of MP4 and QuickTime."""
ADTS: Final = (b"\xff\xf0", b"\xff\xf1", b"\xff\xf8", b"\xff\xf9")


def working_rate(rate_hz: int) -> int:
    """The rate at which audio of another rate is worked on: 44,100 or 48,000 Hz."""
    return next((whole for part, whole in FAMILIES if rate_hz % part == 0), STUDIO_HZ)


class PcmReader:
    """
    The samples of a file at `rate_hz` in `channels` (1 or 2): float32, a row a channel, -1 to 1.

    Sample 0 is the first that a gapless player plays. Of stereo, mono is the mean; mono becomes
    the same in both; more than two channels are mixed to stereo as FFmpeg does it, with equal
    shares when they have no positions. A packet that cannot be decoded is silence, so that later
    ones keep their places, and values that are no numbers are 0: `broken_packets` and
    `not_numbers` count both in all that was read.
    Raises AudioError (SOUND-001, SOUND-004, SOUND-006 to SOUND-009) and OSError.
    """

    def __init__(self, path: Path, rate_hz: int, channels: int) -> None:
        self.path = path
        self.rate_hz = rate_hz
        self.channels = channels
        self.broken_packets = 0
        self.not_numbers = 0
        with as_audio_error():
            self.source = find_source(path)
        if self.source.stream_info.protected:
            raise AudioError("SOUND-004", scheme=self.source.stream_info.protected)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing stays open between two readings."""

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[ndarray]:
        """
        The samples from `start` up to `stop` (None: the end), in blocks of about a second.
        However a file is cut into ranges, they are the same bits. Fewer come only at its end.
        """
        last = FOREVER if stop is None else stop
        if last <= start:
            return
        have = self.source.stream_info.rate_hz
        tally = DecodeErrors(-(-start * have // self.rate_hz), -(-last * have // self.rate_hz))
        with as_audio_error():
            if have == self.rate_hz:
                yield from joined(self.source, self.channels, start, last, tally)
            else:
                yield from resampled(self.source, self.rate_hz, self.channels, start, last, tally)
        self.broken_packets += tally.places
        self.not_numbers += tally.not_numbers


def pcm_facts(path: Path) -> PcmFacts:
    """
    The facts of a recording, counted packet by packet and not decoded. Protected audio is no
    error here: `protected` has its scheme. Raises AudioError (SOUND-001, SOUND-005 to SOUND-009)
    and OSError.
    """
    with as_audio_error():
        source = find_source(path)
        with audio_bytes(path) as data:
            claims = parse_claims(data, sniff(data))
        stream_info = source.stream_info
        duration_ms = as_ms(source.length(), stream_info.rate_hz)
    if duration_ms > LONGEST_MS:
        raise AudioError("SOUND-001", reason="damaged")
    if duration_ms <= 0 and not stream_info.protected:
        raise AudioError("SOUND-005")
    return PcmFacts(
        codec=stream_info.codec,
        source_rate_hz=stream_info.rate_hz,
        source_channels=stream_info.channels,
        rate_hz=working_rate(stream_info.rate_hz),
        duration_ms=duration_ms,
        declared_ms=declared_ms(claims, stream_info.declared_ms),
        video=stream_info.video,
        lossless=stream_info.lossless,
        protected=stream_info.protected,
        ended=claims.ended,
    )


def declared_ms(claims: Claims, found: int) -> int:
    """The length that the file claims, by our parser of its format, else as FFmpeg found it."""
    return found if claims.declared_ms is None else claims.declared_ms


@contextmanager
def as_audio_error() -> Iterator[None]:
    """Raises AudioError: SOUND-001 for errors that FFmpeg or Python raise on a damaged file."""
    import av

    try:
        yield
    except (av.error.FFmpegError, ValueError, ArithmeticError, LookupError) as error:
        raise AudioError("SOUND-001", reason="damaged") from error


def find_source(path: Path) -> SpanSource:
    """The source for a file, by its content and not its name. Raises AudioError as the source does,
    SOUND-006 for an MP4 that was never finished, and OSError."""
    with audio_bytes(path) as data:
        kind = sniff(data)
        plain = frames_of(data, kind)
        if BOXES.match(data):
            check_finished(data)
    stat = path.stat()
    stamp = str(path.absolute()), stat.st_size, stat.st_mtime_ns
    if plain:
        from avsnitt.audio.io.decode.by_frame import FrameFile

        return FrameFile(stamp, plain)
    from avsnitt.audio.io.decode.by_timestamp import packet_file

    return packet_file(stamp)


def frames_of(data: Data, kind: AudioFormat) -> str:
    """`mp3` or `aac` for a file that is nothing but frames; else empty."""
    if kind == "mp3":
        return "mp3"
    return "aac" if kind == "other" and data[:2] in ADTS else ""
