"""Reads MP3 and ADTS by their frames, from any place, without a demuxer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from avsnitt.audio.containers.frame_index import (
    FrameIndex,
    LengthAt,
    adts_length,
    index_adts,
    index_mp3,
    mp3_length,
    spans,
)
from avsnitt.audio.containers.reader import Data, as_ms, let_go
from avsnitt.audio.io.decode.facts import audio_bytes
from avsnitt.audio.io.decode.source import (
    CELL,
    MUCH,
    CodedSpan,
    DecodedSpan,
    DecoderSettings,
    StreamInfo,
    checked,
    decode,
)
from avsnitt.problems.media_errors import AudioError

Stamp = tuple[str, int, int]
"""A file as it is now: path, size in bytes, time of modification in ns."""
PROBED: Final = 3
"""The groups that are decoded to find the rate and channels that a decoder gives."""
MP3_PREROLL: Final = 20 * 1152
"""
A frame borrows at most 511 bytes from those before it, and overlaps with one (ISO/IEC 11172-3,
2.4.3.4); 20 hold them at the lowest bitrate.
"""
AAC_PREROLL: Final = 48_000
"""Parameters of spectral band replication come once in half a second (ISO/IEC 14496-3, 4.6.18)."""


AAC_CELL: Final = CELL


class FrameFile:
    """A SpanSource for MP3, or ADTS (`kind` "aac"). Raises AudioError as `found_index` does."""

    def __init__(self, stamp: Stamp, kind: str) -> None:
        self.path = Path(stamp[0])
        self.length_at = LENGTHS[kind]
        self.index, channels = found_index(stamp, kind)
        self.settings = decoder_settings(self.index, kind)
        declared_ms = as_ms(self.index.declared, self.index.rate_hz)
        stream_info = StreamInfo(
            codec=kind, rate_hz=self.index.rate_hz, channels=channels, declared_ms=declared_ms
        )
        self.stream_info = checked(stream_info)

    def pieces(self, start: int, stop: int) -> Iterator[DecodedSpan]:
        """The decoded pieces, as SpanSource has them, without what is not programme at the end."""
        end = self.index.samples
        _, early = self.settings.early(start)
        with audio_bytes(self.path) as data:
            coded = coded_frames(data, self.index, early, self.length_at)
            for piece in decode(coded, start, stop, self.settings):
                if piece.at >= end:
                    return
                over = piece.at + piece.samples - end
                yield piece._replace(samples=piece.samples - over) if over > 0 else piece

    def length(self) -> int:
        """The number of samples by the index of frames."""
        return self.index.samples


LENGTHS: Final = {"mp3": mp3_length, "aac": adts_length}
INDEXES: Final = {"mp3": index_mp3, "aac": index_adts}


def decoder_settings(index: FrameIndex, kind: str) -> DecoderSettings:
    """The settings for MP3, or AAC (`kind` "aac")."""
    if kind == "mp3":
        return DecoderSettings("mp3float", None, index.rate_hz, "", 0, MP3_PREROLL)
    return DecoderSettings("aac", None, index.rate_hz, "", AAC_CELL, AAC_PREROLL)


@lru_cache(maxsize=8)
def found_index(stamp: Stamp, kind: str) -> tuple[FrameIndex, int]:
    """
    The index of a file as it was at that time, and its channels when decoded. For AAC both come
    from the decoder: spectral band replication doubles rate and frame, and parametric stereo makes
    two channels of one. Raises AudioError: SOUND-001 without a frame, SOUND-009 when none can be
    decoded.
    """
    with audio_bytes(Path(stamp[0])) as data:
        index = INDEXES[kind](data)
        if kind == "mp3":
            return index, index.channels
        coded = islice(coded_frames(data, index, -MUCH, adts_length), PROBED)
        pieces = list(decode(coded, 0, MUCH, decoder_settings(index, kind)))
    frame = next((piece.frame for piece in reversed(pieces) if piece.frame), None)
    if frame is None:
        raise AudioError("SOUND-009", codec=kind)
    samples = frame.samples * index.frames
    rate_hz = frame.sample_rate
    first_frame_index = index._replace(
        rate_hz=rate_hz, samples_a_frame=frame.samples, samples=samples
    )
    return first_frame_index, frame.layout.nb_channels


def coded_frames(
    data: Data, index: FrameIndex, early: int, length_at: LengthAt
) -> Iterator[CodedSpan]:
    """The frames from the group that holds the place `early` on, a group at a time."""
    each = index.samples_a_frame
    groups = index.groups(max(0, early + index.skip) // each)
    held = None
    for group in groups:
        at = group.first * each - index.skip
        if group.start < 0:
            yield CodedSpan(at, group.frames * each, None)
            continue
        held = let_go(data, group.start if held is None else held, group.start)
        found = spans(data, group, length_at)
        sizes = tuple(stop - start for start, stop in found)
        yield CodedSpan(at, group.frames * each, data[found[0][0] : found[-1][1]], sizes)
