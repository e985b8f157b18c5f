"""Cuts and joins, and the new time of each moment of the recording."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.audio.mix.timeline import (
    CUT_FADE_MS,
    common,
    cut_clip,
    end_of,
    fade_end,
    fade_start,
    in_channels,
    in_samples,
    keep,
    move_time,
    moved_by,
    shorten,
)
from avsnitt.model.audio import Clip, Interval, Timeline, TimeShift

RATE = 48_000


@st.composite
def stretches(draw, most=60_000):
    """Some stretches in order that do not touch."""
    edges = sorted(draw(st.sets(st.integers(0, most), max_size=16)))
    return tuple(Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


def inside(stretch_list, time_ms):
    return any(one.start_ms <= time_ms < one.end_ms for one in stretch_list)


@given(lists=st.lists(stretches(300), min_size=1, max_size=4))
def test_common_stretches_are_in_all_lists(lists):
    found = common(lists)
    for time_ms in range(301):
        assert inside(found, time_ms) == all(inside(one, time_ms) for one in lists)


def test_a_long_gap_is_cut_in_its_middle():
    assert shorten([Interval(3_000, 9_000)], 1_500) == (Interval(3_750, 8_250),)


def test_a_gap_slightly_over_the_limit_is_left():
    assert shorten([Interval(3_000, 4_505)], 1_500) == ()


@given(gaps=stretches(), longest_ms=st.integers(0, 5_000))
def test_each_gap_keeps_what_is_asked_within_two_grid_steps(gaps, longest_ms):
    cuts = shorten(gaps, longest_ms)
    for cut in cuts:
        gap = next(one for one in gaps if one.start_ms <= cut.start_ms <= one.end_ms)
        left = (cut.start_ms - gap.start_ms) + (gap.end_ms - cut.end_ms)
        assert longest_ms <= left < longest_ms + 20
        assert cut.start_ms % 10 == cut.end_ms % 10 == 0


def test_both_sides_of_a_cut_overlap():
    clip = Clip(path="a", digest="a", start=0, samples=10 * RATE)
    pieces = cut_clip(clip, (Interval(0, 4_000), Interval(6_000, 10_000)), RATE)
    fade = in_samples(CUT_FADE_MS, RATE)
    first, second = pieces
    assert (first.start, first.at, first.samples) == (0, 0, 4 * RATE + fade // 2)
    assert (second.start, second.at) == (6 * RATE - fade // 2, 4 * RATE - fade // 2)
    assert (first.fade_in, first.fade_out) == (0, fade)
    assert (second.fade_in, second.fade_out) == (fade, 0)
    assert first.at + first.samples - second.at == fade
    assert end_of(pieces) == 8 * RATE


def test_a_recording_without_cuts_is_one_unchanged_clip():
    clip = Clip(path="a", digest="a", start=0, samples=10 * RATE - 17)
    assert cut_clip(clip, (Interval(0, 10_000),), RATE) == (clip,)


def test_a_microphone_that_began_later_keeps_its_time():
    clip = Clip(path="b", digest="b", start=0, samples=4 * RATE, at=5 * RATE)
    pieces = cut_clip(clip, (Interval(1_000, 6_000), Interval(8_000, 20_000)), RATE)
    assert [piece.at for piece in pieces] == [4 * RATE, 5 * RATE - 240]
    assert [piece.start for piece in pieces] == [0, 3 * RATE - 240]


def test_only_the_ends_of_a_talk_are_faded():
    clips = (
        Clip(path="a", digest="a", start=0, samples=900),
        Clip(path="b", digest="b", start=0, samples=500, at=400),
        Clip(path="c", digest="c", start=0, samples=100, at=200),
    )
    faded = fade_end(fade_start(clips, 50), 200)
    assert [(clip.fade_in, clip.fade_out) for clip in faded] == [(50, 200), (0, 200), (0, 0)]


@given(cuts=stretches(), rate=st.sampled_from([44_100, 48_000]), offset=st.integers(0, 900))
def test_audio_and_times_move_by_the_same(cuts, rate, offset):
    """Each moment that was kept is at its moved time in the clip that has it."""
    grid = tuple(
        Interval(cut.start_ms * 10, cut.end_ms * 10)
        for cut in cuts
        if cut.end_ms - cut.start_ms > 1
    )
    whole = Interval(0, 600_000)
    kept = keep(0, 600_000, grid)
    moved = moved_by(kept, offset * 10, whole)
    clip = Clip(path="a", digest="a", start=0, samples=600 * rate)
    for piece, stretch in zip(cut_clip(clip, kept, rate), kept, strict=True):
        time_ms = (stretch.start_ms + stretch.end_ms) // 20 * 10
        at = piece.at + in_samples(time_ms, rate) - piece.start
        assert at == in_samples(move_time(moved, time_ms) - offset * 10, rate)


@given(cuts=stretches(), times=st.lists(st.integers(-1_000, 70_000), min_size=2))
def test_a_later_time_never_becomes_an_earlier_one(cuts, times):
    moved = moved_by(keep(500, 60_000, cuts), 0, Interval(0, 60_000))
    places = [move_time(moved, time_ms) for time_ms in sorted(times)]
    assert all(before <= after for before, after in pairwise(places))
    assert all(0 <= place <= 60_000 for place in places)


def test_a_time_that_was_cut_becomes_the_time_of_the_cut():
    moved = (TimeShift(1_000, 5_000, -1_000), TimeShift(8_000, 9_000, -4_000))
    expected = {
        0: 0,
        1_000: 0,
        4_999: 3_999,
        5_000: 4_000,
        6_500: 4_000,
        8_000: 4_000,
        9_999: 5_000,
    }
    assert {time_ms: move_time(moved, time_ms) for time_ms in expected} == expected


@pytest.mark.parametrize("time_ms", [-5, 0, 7, 10**9])
def test_no_time_moves_without_cuts(time_ms):
    whole = Interval(0, 60_000)
    assert moved_by((whole,), 0, whole) == ()
    assert move_time((), time_ms) == time_ms


@pytest.mark.parametrize(("dc", "mono"), [((), ()), ((0.02, 0.04), (0.03,)), ((0.1,), (0.1,))])
def test_a_mono_format_removes_the_mean_of_the_offsets(dc, mono):
    clip = Clip(path="a", digest="a", start=0, samples=9, dc=dc)
    folded = in_channels(Timeline(sample_rate_hz=RATE, channels=2, clips=(clip,)), 1)
    assert (folded.channels, folded.clips[0].dc) == (1, pytest.approx(mono))
    assert len(in_channels(folded, 2).clips[0].dc) == 2 * len(mono)
