"""Reads the chapters of an MP4 file: Nero's list, and QuickTime's track of text.

Nero's is `moov/udta/chpl`, in no standard; its times are in units of 100 ns. QuickTime's is a text
track that the audio track names in `tref/chap` (QuickTime File Format, "Chapter lists").
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Final

from avsnitt.audio.containers.markers import MOST_MARKS, as_text, tidy_marks
from avsnitt.audio.containers.mp4 import (
    MAX_TRACKS,
    Mp4Box,
    Mp4Track,
    chunk_starts,
    edits,
    find_inside,
    movie_timescale,
    numbers,
    parse_movie,
    parse_track,
    samples_in_chunks,
    track_boxes,
)
from avsnitt.audio.containers.reader import Data, as_ms
from avsnitt.model.show import Chapter

TEXT: Final = frozenset({b"text", b"sbtl"})
NERO_UNITS_A_MS: Final = 10_000
MOST_TEXT_BYTES: Final = 4_000


def mp4_chapters(data: Data) -> tuple[Chapter, ...]:
    """The longer of the two lists, since some programs write only one; of two as long, QuickTime's,
    whose titles are whole where Nero's may be cut."""
    moov = parse_movie(data)
    if b"chpl" not in moov and b"chap" not in moov:
        return ()
    nero = tidy_marks(nero_list(moov))
    quicktime = tidy_marks(quicktime_list(data, moov))
    return quicktime if len(quicktime) >= len(nero) else nero


def nero_list(moov: bytes) -> Iterator[Chapter]:
    """The chapters of Nero's list in its order, up to a title that is cut short."""
    chpl = find_inside(moov, b"udta", b"chpl")
    if chpl is None:
        return
    body = moov[chpl.start : chpl.stop]
    # Version 1 has four reserved bytes in front of the count.
    at = 9 if body[:1] == b"\1" else 5
    for _ in range(body[at - 1] if len(body) >= at else 0):
        size = body[at + 8] if at + 8 < len(body) else 0
        title = body[at + 9 : at + 9 + size]
        if at + 9 + size > len(body):
            return
        start_ms = int.from_bytes(body[at : at + 8], "big") // NERO_UNITS_A_MS
        yield Chapter(start_ms=start_ms, title=as_text(title, "latin-1"))
        at += 9 + size


def quicktime_list(data: Data, moov: bytes) -> Iterator[Chapter]:
    """The samples of the text track that the audio names, at the times when they are shown."""
    kids = track_boxes(moov)
    named = {number for kid in kids for number in named_tracks(moov, kid)}
    movie_rate = movie_timescale(moov)
    for kid in kids:
        if track_number(moov, kid) not in named:
            continue
        track = parse_track(moov, kid, movie_rate)
        if track and track.handler in TEXT and track.timescale:
            late_ms = as_ms(empty_edits(moov, kid), movie_rate)
            starts = sample_starts(track)
            for start, (at, size) in zip(starts, sample_places(track), strict=False):
                sample = data[at : at + min(size, MOST_TEXT_BYTES)]
                start_ms = late_ms + as_ms(start, track.timescale)
                yield Chapter(start_ms=start_ms, title=sample_text(sample))
            return


def named_tracks(moov: bytes, trak: Mp4Box) -> array[int]:
    """The numbers of the tracks that a track names as its chapters."""
    chap = find_inside(moov, b"tref", b"chap", box=trak)
    if chap is None:
        return array("I")
    return numbers(moov[chap.start : chap.stop], 0, MAX_TRACKS)


def track_number(moov: bytes, trak: Mp4Box) -> int:
    """The number of a track (track_ID, 8.3.2); 0 without a track header."""
    tkhd = find_inside(moov, b"tkhd", box=trak)
    if tkhd is None:
        return 0
    at = tkhd.start + (20 if moov[tkhd.start : tkhd.start + 1] == b"\1" else 12)
    return int.from_bytes(moov[at : min(at + 4, tkhd.stop)], "big")


def empty_edits(moov: bytes, trak: Mp4Box) -> int:
    """The length before the first sample when nothing is shown, in the movie's timescale."""
    return sum(length for length, _ in takewhile(lambda edit: edit[1], edits(moov, trak)))


def sample_starts(track: Mp4Track) -> Iterator[int]:
    """The start of each sample in the track's timescale, up to MOST_MARKS of them."""
    body = track.table.get(b"stts", b"")
    rows = numbers(body, 8, 2 * MOST_MARKS) if len(body) >= 8 else array("I")
    start = given = 0
    for row in range(0, len(rows) - 1, 2):
        for _ in range(min(rows[row], MOST_MARKS - given)):
            yield start
            start += rows[row + 1]
            given += 1


def sample_places(track: Mp4Track) -> Iterator[tuple[int, int]]:
    """The place of each sample in the file, and its size in bytes."""
    sizes = iter(text_sizes(track))
    starts = chunk_starts(track)[:MOST_MARKS]
    for start, count in zip(starts, samples_in_chunks(track, len(starts)), strict=False):
        at = start
        for size in islice(sizes, min(count, MOST_MARKS)):
            yield at, size
            at += size


def text_sizes(track: Mp4Track) -> array[int]:
    """The bytes of each sample, up to MOST_MARKS of them; they may all have one size (8.7.3)."""
    body = track.table.get(b"stsz", b"")
    if len(body) < 12:
        return array("I")
    count = min(int.from_bytes(body[8:12], "big"), MOST_MARKS)
    same = int.from_bytes(body[4:8], "big")
    return array("I", [same] * count) if same else numbers(body, 12, count)


def sample_text(sample: bytes) -> str:
    """The text of a sample: its length in two bytes, then UTF-8, or UTF-16 behind a byte order
    mark; what is neither is Mac Roman."""
    words = sample[2 : 2 + int.from_bytes(sample[:2], "big")]
    if words[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return words.decode("utf-16", "replace")
    return as_text(words, "mac-roman")
