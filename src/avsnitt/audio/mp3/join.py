"""Joins pieces of one recording, each encoded to MP3 by an encoder of its own, to one stream.

A frame's data begin up to 511 bytes before it, in space that the frames before it did not need:
the bit reservoir (ISO/IEC 11172-3, 2.4.2.7, `main_data_begin`). A piece can therefore not be put
behind another at any frame. Two neighbours overlap, and often their encoders make the same frames
there; joined at such a frame, the stream is what one encoder would have made. Otherwise they are
joined at a frame for which the first piece has left as much room as the second one needs, and
whose window fits the one before it, so that the aliasing of the overlapping transforms cancels.
Then the bytes that the frame needs are put into that room. Where no frame has the room, the frame
in front of it is made longer, by a higher bitrate in its header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from avsnitt.audio.containers.mp3 import frame_lengths
from avsnitt.audio.mp3.segments import (
    LEAD,
    SETTLE,
    TAIL,
    UNSURE,
    frame_count,
    segment_count,
    segment_range,
)
from avsnitt.model.audio import FRAME_SAMPLES, SEGMENT_SAMPLES
from avsnitt.problems.errors import ExternalError

Data = bytes | bytearray | memoryview
MPEG_1_LAYER_3: Final = 0b1111101
"""A header's second byte but for its last bit: sync, version and layer."""
ALIKE: Final = 8
"""Frames in a row that are not the same by chance."""
GRANULE_BITS: Final = 59
"""The bits of side information of one channel in one granule (ISO/IEC 11172-3, 2.4.1.7)."""
SWITCH_BIT: Final = 33
"""The bit of it where the window begins: `window_switching_flag`, two of kind, one of mixed."""
LONG_AT_START: Final = (0, 1)
LONG_AT_END: Final = (0, 3)
"""Kinds of window whose first or second half is long: normal 0, start 1, short 2, stop 3."""


class JoinError(ExternalError):
    """
    Piece number `part` (from 0) cannot be joined: it is cut short, of another format, or no MP3
    at all. It has to be encoded again.
    """

    def __init__(self, part: int, why: str) -> None:
        super().__init__(f"piece {part} of an MP3 cannot be joined: {why}")
        self.part, self.why = part, why

    def __reduce__(self) -> tuple[type[JoinError], tuple[int, str]]:
        """The pickled form: the error may come from another process."""
        return JoinError, (self.part, self.why)


class Seam(NamedTuple):
    """
    The place where two pieces are joined. `frame` is the first of the second piece, by its number
    in the whole, and `borrowed` the bytes of its data that stand before it. `header` is the third
    byte of the header of the frame in front of it, when that is made `longer`, in bytes.
    """

    frame: int
    borrowed: bytes
    longer: int = 0
    header: int = 0


class Mp3Segment:
    """The frames of one piece. They are counted in the whole, from `first`."""

    __slots__ = ("data", "first", "starts")

    def __init__(self, data: Data, first: int, starts: list[int]) -> None:
        self.data, self.first, self.starts = data, first, starts

    @property
    def stop(self) -> int:
        """The number of the frame after the last, counted in the whole."""
        return self.first + len(self.starts) - 1

    def at(self, frame: int) -> int:
        """The byte where a frame begins; for the frame after the last, the end of the bytes."""
        return self.starts[frame - self.first]

    def frame(self, frame: int) -> Data:
        """The bytes of a frame."""
        return self.data[self.at(frame) : self.at(frame + 1)]

    def sound_at(self, frame: int) -> int:
        """The byte where a frame's main data may stand: after header and side information."""
        start = self.at(frame)
        return start + side_bytes(self.data[start : start + 4])


def is_mono(header: Data) -> bool:
    """True when a frame has one channel, by its first four bytes."""
    return header[3] >> 6 == 3


def side_bytes(header: Data) -> int:
    """The bytes of a frame's header, checksum and side information together."""
    checksum = 0 if header[1] & 1 else 2
    return 4 + checksum + (17 if is_mono(header) else 32)


class Side:
    """The side information of one frame (ISO/IEC 11172-3, 2.4.1.7)."""

    __slots__ = ("begin", "bits", "channels")

    def __init__(self, frame: Data) -> None:
        self.channels = 1 if is_mono(frame) else 2
        size = side_bytes(frame)
        length = 17 if self.channels == 1 else 32
        self.bits = int.from_bytes(frame[size - length : size], "big") << 256 - length * 8
        self.begin = self.take(0, 9)
        """`main_data_begin`: the bytes before the frame in which its data begin."""

    def take(self, at: int, count: int) -> int:
        """The number in `count` bits from bit `at`."""
        return self.bits >> 256 - at - count & (1 << count) - 1

    def windows(self, granule: int) -> list[int]:
        """
        The kind of window of each channel, -1 for one that is mixed. A granule without window
        switching has the normal kind.
        """
        head = 18 if self.channels == 1 else 20
        kinds = []
        for channel in range(self.channels):
            at = head + (granule * self.channels + channel) * GRANULE_BITS + SWITCH_BIT
            switched, kind, mixed = self.take(at, 1), self.take(at + 1, 2), self.take(at + 3, 1)
            kinds.append((-1 if mixed else kind) if switched else 0)
        return kinds


def parse_segment(data: Data, part: int, first: int, frames: int) -> Mp3Segment:
    """
    The frames of piece `part`, the first of which has number `first` in the whole. Raises
    JoinError unless there are `frames` frames, all of one format and bitrate, and nothing else.
    """
    if len(data) < 4 or data[0] != 0xFF or data[1] >> 1 != MPEG_1_LAYER_3:
        raise JoinError(part, "it does not begin with a frame")
    lengths = lengths_like(bytes(data[:3]))
    mono, starts, at = is_mono(data), [0], 0
    while at < len(data):
        length = lengths.get(bytes(data[at : at + 3]))
        if not length or at + length > len(data) or (data[at + 3] >> 6 == 3) != mono:
            raise JoinError(part, f"there is no whole frame at byte {at}")
        at += length
        starts.append(at)
    if len(starts) - 1 != frames:
        raise JoinError(part, f"it has {len(starts) - 1} frames instead of {frames}")
    return Mp3Segment(data, first, starts)


def lengths_like(head: bytes) -> dict[bytes, int]:
    """The bytes of a frame by its first three, for frames like this one, padded and not."""
    known = frame_lengths(head[1], head[2] >> 2 & 3)
    both = (head[:2] + bytes((head[2] & ~2 | padded << 1,)) for padded in (0, 1))
    return {one: known[one] for one in both if one in known}


def find_seam(before: Mp3Segment, after: Mp3Segment, frames: range, part: int) -> Seam:
    """
    The seam between two pieces, at one of `frames`: where they become the same, or else at the
    first frame that fits, or else at one that a longer frame makes fit. Raises JoinError as
    `longer_seam` does.
    """
    chosen = first_alike(before, after, frames)
    if chosen is None:
        chosen = next((one for one in frames if not lacking(before, after, one)), None)
    if chosen is None:
        return longer_seam(before, after, frames, part)
    return Seam(chosen, borrow(after, chosen))


def first_alike(before: Mp3Segment, after: Mp3Segment, frames: range) -> int | None:
    """
    The first frame from which on both pieces have the same bytes, as in the frame before it;
    None when fewer than ALIKE are the same, so that their encoders may be in different states.
    """
    stop = frames.stop
    while stop > frames.start and before.frame(stop - 1) == after.frame(stop - 1):
        stop -= 1
    return stop + 1 if stop + ALIKE < frames.stop else None


def lacking(before: Mp3Segment, after: Mp3Segment, frame: int) -> int:
    """The bytes of room that `before` lacks for a frame of `after`; more than any frame may need
    when the windows do not fit."""
    side = Side(after.frame(frame))
    if not windows_meet(Side(before.frame(frame - 1)), side):
        return 1 << 9
    return max(0, side.begin - Side(before.frame(frame)).begin)


def windows_meet(before: Side, after: Side) -> bool:
    """True when the overlapping halves of windows are both long, or both short, in each channel."""
    return all(
        -1 not in (last, first) and (last in LONG_AT_END) == (first in LONG_AT_START)
        for last, first in zip(before.windows(1), after.windows(0), strict=True)
    )


def longer_seam(before: Mp3Segment, after: Mp3Segment, frames: range, part: int) -> Seam:
    """The seam at the frame that lacks least room, with the frame in front made longer by it.
    Raises JoinError when no bitrate is high enough."""
    frame = min(frames, key=lambda one: lacking(before, after, one))
    lack = lacking(before, after, frame)
    header = bytes(before.frame(frame - 1)[:4])
    lengths = frame_lengths(header[1], header[2] >> 2 & 3)
    for bitrate in range(header[2] >> 4, 15):
        third = bitrate << 4 | header[2] & 0x0F
        longer = lengths[header[:2] + bytes((third,))] - len(before.frame(frame - 1))
        if longer >= lack:
            return Seam(frame, borrow(after, frame), longer, third)
    raise JoinError(part, "it has nothing in common with the one before it")


def borrow(piece: Mp3Segment, frame: int) -> bytes:
    """The bytes before a frame that hold the beginning of its data, from the frames before it."""
    need = Side(piece.frame(frame)).begin
    found = b""
    while len(found) < need and frame > piece.first:
        frame -= 1
        found = bytes(piece.data[piece.sound_at(frame) : piece.at(frame + 1)]) + found
    return found[-need:] if need else b""


def up_to_seam(piece: Mp3Segment, start: int, seam: Seam) -> bytearray:
    """The bytes of a piece from frame `start` to a seam, with what the next piece borrows written
    into the room that its last frames left."""
    offset = piece.at(start)
    data = bytearray(piece.data[offset : piece.at(seam.frame)])
    if seam.longer:
        data[piece.at(seam.frame - 1) - offset + 2] = seam.header
        data += bytes(seam.longer)
    left, end = seam.borrowed, len(data)
    for frame in range(seam.frame - 1, start - 1, -1):
        room = min(len(left), end - piece.sound_at(frame) + offset)
        data[end - room : end] = left[len(left) - room :]
        left = left[: len(left) - room]
        if not left:
            break
        end = piece.at(frame) - offset
    return data


def join_segments(
    pieces: Iterable[Data], samples: int, piece_samples: int = SEGMENT_SAMPLES
) -> Iterator[Data]:
    """
    The frames of the whole, which has `samples` samples, piece by piece. Each piece is encoded
    from its `segment_range`; two of them are held at a time. Raises JoinError for a piece that is
    not as expected, or is missing.
    """
    last: Mp3Segment | None = None
    start = part = 0
    for part, data in enumerate(pieces):
        piece = expected_segment(data, part, samples, piece_samples)
        if last:
            if not alike(last, piece):
                raise JoinError(part, "it is of another format than the one before it")
            seam = find_seam(last, piece, overlap(part, piece_samples), part)
            yield up_to_seam(last, start, seam)
            start = seam.frame
        last = piece
    if last is None or part + 1 != segment_count(samples, piece_samples):
        raise JoinError(part, "the ones after it are missing")
    yield last.data[last.at(start) :]


def expected_segment(data: Data, part: int, samples: int, piece_samples: int) -> Mp3Segment:
    """The frames of piece `part`. Raises JoinError when there are too many pieces, or it has other
    frames than expected."""
    if part >= segment_count(samples, piece_samples):
        raise JoinError(part, "there is no place for it")
    start, stop = segment_range(part, samples, piece_samples)
    return parse_segment(data, part, start // FRAME_SAMPLES, frame_count(stop - start))


def alike(one: Mp3Segment, other: Mp3Segment) -> bool:
    """True when two pieces have one rate, bitrate and number of channels."""
    head = bytes(other.data[:3])
    return head in lengths_like(bytes(one.data[:3])) and is_mono(one.data) == is_mono(other.data)


def overlap(part: int, piece_samples: int) -> range:
    """The frames that a piece may begin with: those that neither its own beginning nor the end of
    the one before has changed."""
    place = part * piece_samples // FRAME_SAMPLES
    return range(place - LEAD + SETTLE, place + TAIL - UNSURE + 1)
