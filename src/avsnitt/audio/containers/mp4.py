"""Finds the audio in an MP4 file by its table of samples (ISO/IEC 14496-12).

Sections without a name are of that standard. Sizes and counts are only trusted as far as there
are bytes for them.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

from avsnitt.audio.containers.reader import AudioLayout, Data, Span, as_ms
from avsnitt.problems.media_errors import AudioError

MAX_MOOV_BYTES: Final = 64 << 20
MAX_TRACKS: Final = 64
MAX_BOXES: Final = 200_000
"""In a row: a fragmented live recording has about two a second."""
PROTECTED: Final = frozenset({b"drms", b"enca", b"encv", b"drmi"})
AAC: Final = b"mp4a"
AAC_OBJECT: Final = 0x40
MPEG2_AAC: Final = frozenset({0x66, 0x67, 0x68})
CONFIGURATION: Final = re.compile(rb"\x05(?:\x80{3})?[\x02-\x40](..)", re.DOTALL)
"""The descriptor with AAC's own configuration (ISO/IEC 14496-1, 7.2.6.7)."""
VIDEO: Final = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"av01", b"vp09", b"mp4v"})
"""Pictures of chapters are a video track too (jpeg, png); they do not make a film."""


class Mp4Box(NamedTuple):
    """A box (4.2): its kind, and the first byte of its content and the one after the last."""

    kind: bytes
    start: int
    stop: int


class Mp4Track(NamedTuple):
    """`handler` is soun, vide, text ...; `entry` is the kind of the first sample entry,
    `description` its bytes; `edit` is the length that the edit list plays, in `timescale`;
    `table` has the boxes of the sample table by kind."""

    handler: bytes
    entry: bytes
    description: bytes
    timescale: int
    edit: int
    table: dict[bytes, bytes]


def boxes(data: Data, start: int, stop: int) -> Iterator[Mp4Box]:
    """The boxes in a row from `start` to `stop`; the last may be cut short."""
    at = start
    for _ in range(MAX_BOXES):
        if at + 8 > stop:
            return
        size, kind, body = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = stop - at
        if size < body - at:
            return
        yield Mp4Box(kind, body, min(at + size, stop))
        at += size


def inside(data: bytes, box: Mp4Box) -> dict[bytes, Mp4Box]:
    """The first box of each kind directly in `box`."""
    found: dict[bytes, Mp4Box] = {}
    for child in boxes(data, box.start, box.stop):
        found.setdefault(child.kind, child)
    return found


def parse_mp4(data: Data) -> AudioLayout:
    """
    The measurements of an MP4 file by its table of samples. Audio other than AAC is "other", to
    be encoded; a file without a table of samples (fragmented) is left to a demuxer. Raises
    AudioError: SOUND-001 or SOUND-007 when there is no audio, SOUND-004 when it is protected,
    SOUND-006 when it was never finished.
    """
    tracks = parse_tracks(data)
    for track in tracks:
        if track.entry in PROTECTED:
            raise AudioError("SOUND-004", scheme=track.entry.decode())
    sound = next((track for track in tracks if track.handler == b"soun"), None)
    video = any(track.handler == b"vide" and track.entry in VIDEO for track in tracks)
    if sound is None:
        raise AudioError("SOUND-007") if video else AudioError("SOUND-001", reason="no-sound")
    if not is_aac(sound):
        return AudioLayout(format="other", indexed=False)
    sizes = sample_sizes(sound)
    if not sizes:
        return AudioLayout(format="m4a", video=video, indexed=False)
    return measure(data, sound, sizes, video=video)


def parse_movie(data: Data) -> bytes:
    """The content of the first moov box; empty when there is none, or one of more than
    MAX_MOOV_BYTES."""
    box = next((box for box in boxes(data, 0, len(data)) if box.kind == b"moov"), None)
    return data[box.start : box.stop] if box and box.stop - box.start <= MAX_MOOV_BYTES else b""


def check_finished(data: Data) -> None:
    """Raises AudioError: SOUND-006 for media without moov, which recorders write last (8.2.1)."""
    kinds = {box.kind for box in boxes(data, 0, len(data))}
    if b"mdat" in kinds and not kinds & {b"moov", b"moof"}:
        raise AudioError("SOUND-006")


def parse_tracks(data: Data) -> list[Mp4Track]:
    """
    The tracks in the order of the file. Raises AudioError: SOUND-001 without a moov box,
    SOUND-006 when the file was never finished.
    """
    check_finished(data)
    moov = parse_movie(data)
    if not moov:
        raise AudioError("SOUND-001", reason="damaged")
    rate = movie_timescale(moov)
    return [track for kid in track_boxes(moov) if (track := parse_track(moov, kid, rate))]


def track_boxes(moov: bytes) -> list[Mp4Box]:
    """The first MAX_TRACKS boxes of tracks in the content of a moov box."""
    return [kid for kid in boxes(moov, 0, len(moov)) if kid.kind == b"trak"][:MAX_TRACKS]


def find_inside(data: bytes, *path: bytes, box: Mp4Box | None = None) -> Mp4Box | None:
    """The first box at the end of a path of kinds, which begins in `box` or with the outermost
    boxes; None when there is none."""
    at = box or Mp4Box(b"", 0, len(data))
    for kind in path:
        found = inside(data, at).get(kind)
        if found is None:
            return None
        at = found
    return at


def movie_timescale(moov: bytes) -> int:
    """The units a second of the movie's own times; 0 without a movie header (8.2.2)."""
    mvhd = find_inside(moov, b"mvhd")
    if mvhd is None:
        return 0
    # Version 1 has dates of 64 bits in front of it.
    at = mvhd.start + (20 if moov[mvhd.start : mvhd.start + 1] == b"\1" else 12)
    return int.from_bytes(moov[at : at + 4], "big")


def parse_track(moov: bytes, trak: Mp4Box, movie_rate: int) -> Mp4Track | None:
    """One track, or None when it lacks what every track has."""
    kids = inside(moov, trak)
    if b"mdia" not in kids:
        return None
    media = inside(moov, kids[b"mdia"])
    if not {b"mdhd", b"hdlr", b"minf"} <= media.keys():
        return None
    table = inside(moov, media[b"minf"]).get(b"stbl")
    if table is None:
        return None
    tables = {kind: moov[box.start : box.stop] for kind, box in inside(moov, table).items()}
    header, handler = media[b"mdhd"], media[b"hdlr"]
    at = header.start + (20 if moov[header.start : header.start + 1] == b"\1" else 12)
    timescale = int.from_bytes(moov[at : at + 4], "big")
    entries = tables.get(b"stsd", b"")
    return Mp4Track(
        handler=moov[handler.start + 8 : handler.start + 12],
        entry=entries[12:16],
        description=entries[8 : 8 + int.from_bytes(entries[8:12], "big")],
        timescale=timescale,
        edit=edited(moov, trak, movie_rate, timescale),
        table=tables,
    )


def edits(moov: bytes, trak: Mp4Box) -> Iterator[tuple[int, bool]]:
    """Each row of a track's edit list (8.6.6): its length in the movie's timescale, and True when
    nothing of the media is shown."""
    elst = find_inside(moov, b"edts", b"elst", box=trak)
    if elst is None:
        return
    wide = moov[elst.start : elst.start + 1] == b"\1"
    width, step = (8, 20) if wide else (4, 12)
    nothing = b"\xff" * width
    for at in range(elst.start + 8, elst.stop - step + 1, step):
        length = int.from_bytes(moov[at : at + width], "big")
        yield length, moov[at + width : at + 2 * width] == nothing


def edited(moov: bytes, trak: Mp4Box, movie_rate: int, timescale: int) -> int:
    """The length of media that the edit list plays, in `timescale`; 0 without an edit list."""
    played = sum(length for length, empty in edits(moov, trak) if not empty)
    return played * timescale // movie_rate if movie_rate else 0


def is_aac(track: Mp4Track) -> bool:
    """True when the sample entry is AAC: `mp4a` also carries MP3, ALAC has an entry of its own."""
    if track.entry != AAC:
        return False
    esds = track.description.find(b"esds")
    at = track.description.find(b"\x04", esds + 8) if esds > 0 else -1
    config = track.description[at + 1 : at + 6].lstrip(b"\x80")
    return at > 0 and len(config) > 1 and (config[1] == AAC_OBJECT or config[1] in MPEG2_AAC)


def aac_channels(track: Mp4Track) -> int:
    """
    The channels by AAC's own configuration, since the sample entry may have 2 for any number
    (ISO/IEC 14496-14, 5.6); 0 when there is none. A configuration of 7 is eight channels.
    """
    esds = track.description.find(b"esds")
    found = CONFIGURATION.search(track.description, esds) if esds > 0 else None
    if found is None:
        return 0
    bits = int.from_bytes(found[1], "big")
    channels = bits >> 3 & 15 if bits >> 7 & 15 != 15 else 0
    return {7: 8}.get(channels, channels)


def numbers(body: bytes, start: int, count: int, code: str = "I") -> array[int]:
    """Up to `count` big-endian integers from `start`, as many as there are bytes for."""
    values = array(code)
    width = values.itemsize
    values.frombytes(body[start : start + min(count, (len(body) - start) // width) * width])
    if sys.byteorder == "little":
        values.byteswap()
    return values


def sample_sizes(track: Mp4Track) -> array[int]:
    """The bytes of each sample (8.7.3); empty in a fragmented file, or where all have one size."""
    body = track.table.get(b"stsz", b"")
    if len(body) < 12 or any(body[4:8]):
        return array("I")
    return numbers(body, 12, int.from_bytes(body[8:12], "big"))


def chunk_starts(track: Mp4Track) -> array[int]:
    """The place of each chunk in the file, in 32 or 64 bits (8.7.5)."""
    for kind, code in ((b"stco", "I"), (b"co64", "Q")):
        body = track.table.get(kind, b"")
        if len(body) >= 8:
            return numbers(body, 8, int.from_bytes(body[4:8], "big"), code)
    return array("I")


def samples_in_chunks(track: Mp4Track, chunks: int) -> Iterator[int]:
    """The number of samples in each chunk (8.7.4)."""
    body = track.table.get(b"stsc", b"")
    rows = numbers(body, 8, 3 * int.from_bytes(body[4:8], "big")) if len(body) >= 8 else array("I")
    for row in range(0, len(rows) - 2, 3):
        first, count = rows[row], rows[row + 1]
        after = rows[row + 3] if row + 5 < len(rows) else chunks + 1
        for _ in range(first, min(after, chunks + 1)):
            yield count


def find_samples(data: Data, track: Mp4Track, sizes: array[int]) -> tuple[list[Span], int]:
    """The stretches of samples, neighbours joined, and the number of samples that are all there."""
    ends = array("Q", accumulate(sizes, initial=0))
    starts = chunk_starts(track)
    spans: list[Span] = []
    taken = 0
    for start, count in zip(starts, samples_in_chunks(track, len(starts)), strict=False):
        after = min(taken + count, len(sizes))
        stop = start + ends[after] - ends[taken]
        if stop > len(data):
            while after > taken and start + ends[after] - ends[taken] > len(data):
                after -= 1
            stop = start + ends[after] - ends[taken]
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], stop)
        elif stop > start:
            spans.append((start, stop))
        if after < min(taken + count, len(sizes)):
            return spans, after
        taken = after
    return spans, taken


def rescale(track: Mp4Track, samples: int) -> int:
    """The length of the first `samples` samples in the track's timescale (8.6.1.2)."""
    body = track.table.get(b"stts", b"")
    rows = numbers(body, 8, 2 * int.from_bytes(body[4:8], "big")) if len(body) >= 8 else array("I")
    total = 0
    for row in range(0, len(rows) - 1, 2):
        count = min(rows[row], samples)
        total += count * rows[row + 1]
        samples -= count
    return total


def measure(data: Data, sound: Mp4Track, sizes: array[int], *, video: bool) -> AudioLayout:
    """The measurements of a track of AAC by the samples that are in the file. Raises AudioError:
    SOUND-001 when there are none."""
    spans, there = find_samples(data, sound, sizes)
    length = rescale(sound, there)
    if sound.edit:
        length = min(length, sound.edit)
    if not length or not sound.timescale:
        raise AudioError("SOUND-001", reason="no-sound")
    return AudioLayout(
        format="m4a",
        duration_ms=as_ms(length, sound.timescale),
        sample_rate_hz=int.from_bytes(sound.description[32:34], "big") or sound.timescale,
        channels=aac_channels(sound) or int.from_bytes(sound.description[24:26], "big"),
        frames=tuple(spans),
        video=video,
    )
