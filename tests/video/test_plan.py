"""What is copied, what is encoded, and how large."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.video.plan import (
    VideoFacts,
    fitted,
    ladder,
    lengths_differ,
    made_rate,
    shown_size,
    why_anew,
    why_anew_in_pieces,
)

GOOD = VideoFacts(
    codec="h264",
    pixels="yuv420p",
    width=1920,
    height=1080,
    duration_ms=60_000,
    sound_ms=60_000,
    longest_key_ms=5000,
    bitrate_bps=4_000_000,
)


def but(**changes: object) -> VideoFacts:
    return msgspec.structs.replace(GOOD, **changes)


def test_what_everybody_can_play_is_copied():
    assert why_anew(GOOD) == why_anew_in_pieces(GOOD) == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"codec": "vp9"}, "codec"),
        ({"framed": False}, "codec"),
        ({"pixels": "yuv420p10le"}, "depth"),
        ({"pixels": "yuv422p"}, "depth"),
        ({"interlaced": True}, "interlaced"),
        ({"width": 3840, "height": 2160}, "size"),
        ({"width": 1440, "height": 1440}, "size"),
        ({"bitrate_bps": 50_000_000}, "weight"),
        ({"cut": True}, "cut"),
        ({"opens": False}, "cut"),
        ({"ordered": False}, "times"),
        ({"picture_at_ms": 900}, "offset"),
        ({"picture_at_ms": -900}, "offset"),
    ],
)
def test_what_some_cannot_play_is_encoded(changes, reason):
    assert why_anew(but(**changes)) == why_anew_in_pieces(but(**changes)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"turned": 90}, "turned"),
        ({"pixel_shape": (4, 3)}, "pixels"),
        ({"longest_key_ms": 30_000}, "keys"),
    ],
)
def test_what_only_pieces_cannot_have_is_still_copied_whole(changes, reason):
    assert why_anew(but(**changes)) == ""
    assert why_anew_in_pieces(but(**changes)) == reason


def test_a_film_is_never_made_larger():
    assert [one[:2] for one in ladder(but(width=640, height=360))] == [(640, 360)]
    assert [one[:2] for one in ladder(GOOD)] == [(1920, 1080), (640, 360)]
    assert [one[:2] for one in ladder(but(width=3840, height=2160))] == [(1920, 1080), (640, 360)]


def test_a_film_on_its_side_is_stood_up():
    film = but(width=1280, height=720, turned=90)
    assert shown_size(film) == (720, 1280)
    assert [one[:2] for one in ladder(film)] == [(720, 1280), (360, 640)]


def test_pixels_become_square():
    assert shown_size(but(width=720, height=576, pixel_shape=(64, 45))) == (1024, 576)
    assert shown_size(but(width=720, height=480, pixel_shape=(8, 9))) == (720, 540)


@pytest.mark.parametrize(
    ("reported", "made"),
    [
        ((25, 1), Fraction(25)),
        ((30_000, 1001), Fraction(30_000, 1001)),
        ((29_830, 1000), Fraction(30_000, 1001)),
        ((50, 1), Fraction(25)),
        ((60, 1), Fraction(30)),
        ((1, 10), Fraction(10)),
        ((240, 1), Fraction(30)),
        ((0, 0), Fraction(10)),
    ],
)
def test_pictures_come_at_an_even_and_usual_rate(reported, made):
    assert made_rate(but(rate=reported)) == made


def test_it_is_shown_when_pictures_and_sound_end_apart():
    assert not lengths_differ(but(duration_ms=61_500))
    assert lengths_differ(but(duration_ms=63_000))
    assert lengths_differ(but(sound_ms=70_000))


@given(st.fractions(1, 10_000), st.fractions(1, 10_000))
def test_every_size_is_even_and_fits(width, height):
    fit = fitted((width, height), 1920, 1080)
    assert all(side % 2 == 0 and side >= 2 for side in fit)
    assert max(fit) <= max(1920, 2)
    assert min(fit) <= 1080
    assert max(fit) <= max(2, 2 * round(max(width, height) / 2))
