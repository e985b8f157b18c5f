"""The layout of pieces, and the joining of bytes that may be no pieces at all."""

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from avsnitt.audio.mp3.join import JoinError, join_segments
from avsnitt.audio.mp3.segments import (
    DELAY,
    LEAST_SAMPLES,
    TAIL,
    frame_count,
    padding,
    segment_count,
    segment_range,
)
from avsnitt.model.audio import FRAME_SAMPLES, SEGMENT_SAMPLES

HEADS = (b"\xff\xfb\x90\x44", b"\xff\xfb\x94\x44", b"\xff\xfb\x54\xc4", b"\xff\xfa\x94\x44")
LENGTHS = (417, 384, 192, 384)
LENGTHS_OF = dict(zip(HEADS, LENGTHS, strict=True))
PIECES = st.integers(3, 200).map(lambda times: times * 49 * FRAME_SAMPLES)


def test_a_piece_is_a_segment_long_and_overlaps_its_neighbours():
    assert segment_count(3 * SEGMENT_SAMPLES) == 3
    assert segment_range(0, SEGMENT_SAMPLES) == (0, SEGMENT_SAMPLES)
    assert segment_range(1, 3 * SEGMENT_SAMPLES) == (
        SEGMENT_SAMPLES - 98 * 1152,
        2 * SEGMENT_SAMPLES + 49 * 1152,
    )


@given(samples=st.integers(1, 8 * 3600 * 48_000), piece=PIECES)
def test_pieces_cover_the_whole_and_overlap_by_lead_and_tail(samples, piece):
    count = segment_count(samples, piece)
    assume(count < 500)
    ranges = [segment_range(index, samples, piece) for index in range(count)]
    assert (ranges[0][0], ranges[-1][1]) == (0, samples)
    assert all(start % FRAME_SAMPLES == 0 and start < stop <= samples for start, stop in ranges)
    for (_, stop), (start, _) in pairwise(ranges):
        assert stop - start == LEAST_SAMPLES
    assert ranges[-1][1] - ranges[-1][0] > min(samples - 1, TAIL * FRAME_SAMPLES)
    last, stop = ranges[-1]
    assert last // FRAME_SAMPLES + frame_count(stop - last) == frame_count(samples)


@given(st.integers(1, 10**10))
def test_the_padding_fits_its_field_of_12_bits_and_is_enough_for_decoders(samples):
    assert 529 < padding(samples) < 1 << 12
    assert (padding(samples) + DELAY + samples) % FRAME_SAMPLES == 0


@pytest.mark.parametrize("piece", [0, -1, 1152, 49 * 1152, LEAST_SAMPLES + 1, 1152 * 150])
def test_pieces_that_would_not_fit_each_other_are_refused(piece):
    with pytest.raises(ValueError, match="cannot be joined"):
        segment_count(10**9, piece)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_piece_beyond_the_last(index):
    with pytest.raises(IndexError):
        segment_range(index, 3 * SEGMENT_SAMPLES)


@given(st.lists(st.binary(max_size=2000), max_size=3), st.integers(1, 3 * LEAST_SAMPLES))
def test_bytes_that_are_no_pieces_are_reported(data, samples):
    with pytest.raises(JoinError):
        b"".join(join_segments(data, samples, LEAST_SAMPLES))


@given(st.integers(0), st.sampled_from(HEADS), st.sampled_from(HEADS))
def test_frames_with_any_content_are_joined_or_reported(seed, one, other):
    """The headers are right; side information and data are random."""
    chance = np.random.default_rng(seed)
    samples = 2 * LEAST_SAMPLES
    pieces = []
    for part, head in enumerate((one, other)):
        start, stop = segment_range(part, samples, LEAST_SAMPLES)
        length = LENGTHS_OF[head] - 4
        frames = frame_count(stop - start)
        pieces.append(b"".join(head + chance.bytes(length) for _ in range(frames)))
    if one != other:
        with pytest.raises(JoinError, match="another format"):
            b"".join(join_segments(pieces, samples, LEAST_SAMPLES))
        return
    whole = b"".join(join_segments(pieces, samples, LEAST_SAMPLES))
    longer = len(whole) - frame_count(samples) * LENGTHS_OF[one]
    assert 0 <= longer <= 1440


def test_an_error_in_a_piece_can_come_from_another_process():
    error = pickle.loads(pickle.dumps(JoinError(7, "it is gone")))  # noqa: S301
    assert (error.part, str(error)) == (7, str(JoinError(7, "it is gone")))
