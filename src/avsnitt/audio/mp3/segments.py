"""The division of long audio into segments, each encoded to MP3 by an encoder of its own.

The pieces follow from the length alone, so that the result is the same whoever encodes them.
Each begins so much before its place that its encoder has forgotten where it began, and ends so
much after it that it can be joined to the next where the two agree (`join.py`).
"""

from __future__ import annotations

from typing import Final

from avsnitt.model.audio import FRAME_SAMPLES, SEGMENT_SAMPLES

PERIOD: Final = 49
"""
At 44.1 kHz some frames are a byte longer, in a pattern that is repeated every so many frames at
any bitrate: 144,000 x kbit/s / 44,100 is 160/49 bytes a kbit/s. Pieces that begin on it have
frames of the same lengths.
"""
LEAD: Final = 2 * PERIOD
"""So many frames a piece is encoded before its place: 2.4 s at 48 kHz."""
SETTLE: Final = PERIOD
"""So many of them pass before a frame is used. Psychoacoustics and reservoir agree by then."""
TAIL: Final = PERIOD
"""So many frames a piece goes on after its place."""
UNSURE: Final = 3
"""So many frames at the end of a piece are coloured by the silence that comes after it."""
LEAST_SAMPLES: Final = (LEAD + TAIL) * FRAME_SAMPLES
DELAY: Final = 576
"""How much later LAME's sound comes, in samples, besides what decoders add themselves (529)."""


def frame_count(samples: int) -> int:
    """
    The number of frames that LAME makes of so many samples: enough for them, for its own delay,
    and for at least 576 more, which a decoder needs to let the last of them out.
    """
    return -(-samples // FRAME_SAMPLES) + 1


def padding(samples: int) -> int:
    """The samples of a whole stream that come after the audio, decoder's delay left aside."""
    return frame_count(samples) * FRAME_SAMPLES - DELAY - samples


def segment_count(samples: int, piece_samples: int = SEGMENT_SAMPLES) -> int:
    """
    The number of segments. The last is as long as the others or shorter, and takes a rest with
    it that would be too short to be joined.
    """
    check_segment(piece_samples)
    return max(1, -(-(samples - TAIL * FRAME_SAMPLES) // piece_samples))


def segment_range(
    index: int, samples: int, piece_samples: int = SEGMENT_SAMPLES
) -> tuple[int, int]:
    """
    The samples of the whole that segment `index` is encoded from: the first, and the one after
    the last. They overlap the neighbours' and never leave the whole. The first segment begins
    with sample 0 and every segment on a frame of the whole; `samples` is the length of the
    whole. Raises IndexError for a segment that does not exist.
    """
    count = segment_count(samples, piece_samples)
    if not 0 <= index < count:
        raise IndexError(f"piece {index} of {count}")
    start = max(0, index * piece_samples - LEAD * FRAME_SAMPLES)
    last = index == count - 1
    return start, samples if last else (index + 1) * piece_samples + TAIL * FRAME_SAMPLES


def check_segment(piece_samples: int) -> None:
    """Raises ValueError for a length in samples that segments cannot be joined at."""
    if piece_samples % (PERIOD * FRAME_SAMPLES) or piece_samples < LEAST_SAMPLES:
        raise ValueError(f"pieces of {piece_samples} samples cannot be joined")
