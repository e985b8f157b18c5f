"""
The positions and lengths of fragments in a fragmented MP4, and its codec (ISO/IEC 14496-12, 8.8).
"""

from __future__ import annotations

from typing import Final

from avsnitt.audio.containers.mp4 import (
    Mp4Box,
    aac_channels,
    boxes,
    find_inside,
    inside,
    numbers,
    parse_track,
    track_boxes,
)
from avsnitt.audio.containers.reader import Data
from avsnitt.model.value import Value
from avsnitt.video.h264 import codec_name

MOST_MOOV_BYTES: Final = 1 << 20
MOST_MOOF_BYTES: Final = 16 << 20
AAC_LC: Final = "mp4a.40.2"
"""AAC of low complexity, which is all that we make (RFC 6381, 3.3)."""

FIRST_SAMPLE_FLAGS: Final = 0x4
DATA_OFFSET: Final = 0x1
ROW_FIELDS: Final = (0x100, 0x200, 0x400, 0x800)
"""Duration, size, flags and composition time of a sample, where each sample has its own."""
TFHD_FIELDS: Final = ((0x1, 8), (0x2, 4))
TFHD_DURATION: Final = 0x8


class Fragment(Value, frozen=True):
    """Bytes of the file, and how long they last in the rendition's own time."""

    start: int
    length: int
    ticks: int


class Rendition(Value, frozen=True, kw_only=True):
    """
    One film or one sound in pieces that can be fetched one by one. `head_bytes` is how much of
    the file's beginning must be read before any piece; `ticks` in a second are `timescale`.
    Width and height are as it is shown; of sound they are 0. `samples` are pictures or frames.
    """

    codec: str
    head_bytes: int
    timescale: int
    samples: int
    pieces: tuple[Fragment, ...]
    width: int = 0
    height: int = 0
    channels: int = 0

    @property
    def ticks(self) -> int:
        """The length of all fragments together, in the rendition's time scale."""
        return sum(piece.ticks for piece in self.pieces)


def parse_rendition(data: Data) -> Rendition:
    """Read a file of ours with one track. Raises ValueError when it is not such a file."""
    pieces: list[Fragment] = []
    head: bytes = b""
    head_bytes = samples = ticks = 0
    begin = 0
    for box in boxes(data, 0, len(data)):
        if box.kind == b"moov" and box.stop - box.start <= MOST_MOOV_BYTES:
            head, head_bytes = data[box.start : box.stop], box.stop
        elif box.kind == b"moof" and box.stop - box.start <= MOST_MOOF_BYTES:
            begin = box.start - 8
            count, ticks = parse_fragment(data[box.start : box.stop], default_ticks(head))
            samples += count
        elif box.kind == b"mdat" and begin:
            pieces.append(Fragment(begin, box.stop - begin, ticks))
            begin = 0
    if not head or not pieces:
        raise ValueError("no pieces")
    return described(head, head_bytes, samples, tuple(pieces))


def described(
    head: bytes, head_bytes: int, samples: int, pieces: tuple[Fragment, ...]
) -> Rendition:
    """
    Describe a rendition from its header and its fragments. Raises ValueError when there is no
    track to play.
    """
    track = next((parse_track(head, box, 0) for box in track_boxes(head)), None)
    if track is None or not track.timescale:
        raise ValueError("no track")
    avcc = track.description.find(b"avcC")
    film = avcc > 0
    width, height = shown_size(head) if film else (0, 0)
    return Rendition(
        codec=codec_name(track.description[avcc + 4 :]) if film else AAC_LC,
        head_bytes=head_bytes,
        timescale=track.timescale,
        samples=samples,
        pieces=pieces,
        width=width,
        height=height,
        channels=0 if film else aac_channels(track),
    )


def shown_size(head: bytes) -> tuple[int, int]:
    """
    The width and height in the track header (8.3.2): 16.16 numbers in its last 8 bytes. Raises
    ValueError when it is absent.
    """
    tkhd = find_inside(head, b"trak", b"tkhd")
    if tkhd is None:
        raise ValueError("no track header")
    width, height = numbers(head[tkhd.stop - 8 : tkhd.stop], 0, 2)
    return width + 0x8000 >> 16, height + 0x8000 >> 16


def default_ticks(head: bytes) -> int:
    """The length of a sample where nothing else is given (trex, 8.8.3)."""
    trex = find_inside(head, b"mvex", b"trex")
    return int.from_bytes(head[trex.start + 12 : trex.start + 16], "big") if trex else 0


def parse_fragment(moof: bytes, default: int) -> tuple[int, int]:
    """
    Return the number of samples of one fragment, and their length together. Raises ValueError
    when it is damaged.
    """
    traf = find_inside(moof, b"traf")
    if traf is None:
        raise ValueError("no track in a fragment")
    tfhd = inside(moof, traf).get(b"tfhd")
    each = fragment_ticks(moof, tfhd, default) if tfhd else default
    runs = [run(moof, box, each) for box in boxes(moof, traf.start, traf.stop) if is_run(box)]
    return sum(count for count, _ in runs), sum(ticks for _, ticks in runs)


def is_run(box: Mp4Box) -> bool:
    """True for a box that lists the samples of a fragment (trun, 8.8.8)."""
    return box.kind == b"trun"


def fragment_ticks(moof: bytes, tfhd: Mp4Box, default: int) -> int:
    """The default of this fragment (8.8.7)."""
    flags = int.from_bytes(moof[tfhd.start + 1 : tfhd.start + 4], "big")
    if not flags & TFHD_DURATION:
        return default
    at = tfhd.start + 8 + sum(size for flag, size in TFHD_FIELDS if flags & flag)
    return int.from_bytes(moof[at : at + 4], "big")


def run(moof: bytes, box: Mp4Box, each: int) -> tuple[int, int]:
    """Samples and ticks of one run (8.8.8)."""
    flags = int.from_bytes(moof[box.start + 1 : box.start + 4], "big")
    count = int.from_bytes(moof[box.start + 4 : box.start + 8], "big")
    if not flags & ROW_FIELDS[0]:
        return count, count * each
    at = box.start + 8 + 4 * bool(flags & DATA_OFFSET) + 4 * bool(flags & FIRST_SAMPLE_FLAGS)
    width = sum(1 for field in ROW_FIELDS if flags & field)
    rows = numbers(moof[: box.stop], at, count * width)
    return count, sum(rows[::width])
