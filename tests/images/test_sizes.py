"""Which sizes a picture is published in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.images.sizes import USES, ImageSize, base_px, forms_for, forms_of, size_within

SIDES = st.integers(1, 20_000)


def test_a_cover_comes_in_two_sizes_of_three_kinds():
    assert forms_of("cover", 3000, 3000) == tuple(
        ImageSize(kind, side, side) for kind in ("avif", "webp", "jpeg") for side in (300, 600)
    )


def test_a_photo_in_the_notes_keeps_its_proportions():
    sizes = [(form.width, form.height) for form in forms_of("notes", 3024, 4032)]
    assert sizes == [(450, 600), (900, 1200)] * 2


def test_nothing_is_blown_up():
    assert {form[1:] for form in forms_of("cover", 400, 400)} == {(300, 300), (400, 400)}
    assert {form[1:] for form in forms_of("portrait", 64, 48)} == {(64, 48)}


def test_a_small_drawing_in_the_notes_is_shown_as_it_is():
    assert forms_of("notes", 600, 300) == ()


def test_a_picture_of_two_uses_has_the_forms_of_both_each_once():
    forms = forms_for({"notes", "cover"}, 3000, 3000)
    assert len(forms) == len(set(forms)) == 8
    assert set(forms) == {*forms_of("notes", 3000, 3000), *forms_of("cover", 3000, 3000)}


def test_the_shows_cover_has_a_card_and_no_other_has():
    cards = [form for form in forms_for({"show"}, 3000, 3000) if form.kind == "card"]
    assert cards == [ImageSize("card", 1200, 630)]
    assert not [form for form in forms_for({"cover"}, 3000, 3000) if form.kind == "card"]


def test_all_forms_of_a_picture_are_made_from_the_same():
    assert base_px(forms_for({"show"}, 3000, 3000)) == 1000
    assert base_px(forms_for({"show", "notes"}, 3000, 3000)) == 1200


@given(width=SIDES, height=SIDES, side=SIDES)
def test_a_size_fits_and_is_no_larger_than_the_picture(width, height, side):
    inside = size_within(width, height, side)
    assert 1 <= inside[0] <= min(width, side)
    assert 1 <= inside[1] <= min(height, side)
    assert max(inside) == min(side, max(width, height))


@pytest.mark.parametrize("role", USES)
@given(width=SIDES, height=SIDES)
def test_the_last_form_is_the_largest_jpeg(role, width, height):
    forms = forms_of(role, width, height)
    if forms:
        assert forms[-1].kind == "jpeg"
        assert forms[-1].width == max(form.width for form in forms)
