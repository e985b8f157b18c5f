"""Divides long audio into segments (pieces), each encoded to MP3 by an encoder of its own.

The pieces follow from the length alone, so that the result is the same on any number of workers.
Each begins so much before its place that where its encoder began has no effect any more, and ends
so much after it that it can be joined to the next where both have the same frames (`join.py`).
"""

from __future__ import annotations

from typing import Final

from avsnitt.model.audio import FRAME_SAMPLES, SEGMENT_SAMPLES

PERIOD: Final = 49
"""
Frames until the pattern is repeated in which some are a byte longer at 44.1 kHz, at any bitrate:
144,000 x kbit/s / 44,100 is 160/49 bytes a kbit/s. Pieces that begin with the pattern have frames
of the same lengths.
"""
LEAD: Final = 2 * PERIOD
"""Frames that are encoded before a piece's place: 2.4 s at 48 kHz."""
SETTLE: Final = PERIOD
"""Frames of LEAD before one may be used: then the psychoacoustic model and the bit reservoir are
as in the piece before."""
TAIL: Final = PERIOD
"""Frames that are encoded after a piece's place."""
UNSURE: Final = 3
"""Frames at the end of a piece that the silence after it has changed."""
LEAST_SAMPLES: Final = (LEAD + TAIL) * FRAME_SAMPLES
DELAY: Final = 576
"""LAME's delay in samples, besides the decoder's own (529)."""


def frame_count(samples: int) -> int:
    """
    The number of frames that LAME makes of so many samples: enough for them, for its own delay,
    and for at least 576 more, without which a decoder does not give the last of them.
    """
    return -(-samples // FRAME_SAMPLES) + 1


def padding(samples: int) -> int:
    """The samples of a whole stream after the audio, without the decoder's delay."""
    return frame_count(samples) * FRAME_SAMPLES - DELAY - samples


def segment_count(samples: int, piece_samples: int = SEGMENT_SAMPLES) -> int:
    """
    The number of pieces. The last is as long as the others or shorter; a rest that would be too
    short to be joined belongs to the one before. Raises ValueError as `check_segment` does.
    """
    check_segment(piece_samples)
    return max(1, -(-(samples - TAIL * FRAME_SAMPLES) // piece_samples))


def segment_range(
    index: int, samples: int, piece_samples: int = SEGMENT_SAMPLES
) -> tuple[int, int]:
    """
    The samples of the whole that piece `index` is encoded from: the first, and the one after the
    last. They overlap those of its neighbours. The first piece begins with sample 0 and every
    piece on a frame of the whole, which has `samples` samples. Raises IndexError when there is no
    such piece.
    """
    count = segment_count(samples, piece_samples)
    if not 0 <= index < count:
        raise IndexError(f"piece {index} of {count}")
    start = max(0, index * piece_samples - LEAD * FRAME_SAMPLES)
    last = index == count - 1
    return start, samples if last else (index + 1) * piece_samples + TAIL * FRAME_SAMPLES


def check_segment(piece_samples: int) -> None:
    """Raises ValueError for a length of pieces that is no multiple of PERIOD frames, or is less
    than their overlap."""
    if piece_samples % (PERIOD * FRAME_SAMPLES) or piece_samples < LEAST_SAMPLES:
        raise ValueError(f"pieces of {piece_samples} samples cannot be joined")
