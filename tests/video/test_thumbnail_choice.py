"""The still that is shown says something."""

from __future__ import annotations

import numpy as np
import pytest

from avsnitt.video.thumbnail_choice import score

SHARP = (np.indices((90, 160)).sum(axis=0) // 8 % 2 * 160 + 40).astype(np.uint8)


@pytest.mark.parametrize("grey", [0, 10, 128, 250, 255])
def test_an_empty_screen_is_worth_nothing(grey):
    assert score(np.full((90, 160), grey, np.uint8)) == 0


def test_a_blurred_picture_is_worth_less_than_a_sharp_one():
    blurred = SHARP.astype(float)
    for _ in range(6):
        blurred = (blurred + np.roll(blurred, 1, 0) + np.roll(blurred, 1, 1)) / 3
    assert 0 < score(blurred.astype(np.uint8)) < score(SHARP)


def test_a_dark_picture_is_worth_less_than_a_light_one():
    assert 0 < score((SHARP // 4 + 10).astype(np.uint8)) < score(SHARP)


def test_a_picture_of_two_pixels_is_worth_nothing():
    assert score(np.array([[0, 255]], np.uint8)) == 0
