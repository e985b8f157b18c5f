"""Colours from any cover, in which words can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.clips.palette import contrast, palette_of

VALUE = st.integers(0, 255)
COLOURS = st.lists(st.tuples(st.integers(1, 9999), st.tuples(VALUE, VALUE, VALUE)), max_size=16)


@given(COLOURS)
def test_words_can_be_read_whatever_the_cover(
    colours: list[tuple[int, tuple[int, int, int]]],
) -> None:
    found = palette_of(colours)
    assert contrast(found.ink, found.ground) >= 10
    assert contrast(found.ink, found.plate) >= 10
    assert contrast(found.soft, found.ground) >= 4.5
    assert contrast(found.accent, found.ground) >= 3
    assert contrast(found.accent, found.plate) >= 4.5


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


def test_the_ground_is_the_covers_own_colour_and_the_bars_its_liveliest() -> None:
    found = palette_of([(5000, (32, 112, 120)), (3000, (255, 245, 230)), (200, (255, 107, 74))])
    red, green, blue = found.ground
    assert red < green <= blue
    assert found.accent == (255, 107, 74)


def test_a_grey_cover_gives_a_grey_scene() -> None:
    found = palette_of([(5000, (200, 200, 200)), (100, (10, 10, 10))])
    assert len(set(found.ground)) == 1
    assert found.accent == found.ink
