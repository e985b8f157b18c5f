"""Nothing in an audiogram lies over anything else, or at the very edge."""

from __future__ import annotations

from itertools import combinations

import pytest

from avsnitt.clips.audiogram_layout import LayoutBox, lay_out


def boxes(size: int, *, captions: bool) -> list[LayoutBox]:
    layout = lay_out(size, captions=captions)
    found = [layout.cover, layout.titles, layout.bars, layout.line, layout.address]
    return [*found, layout.plate] if layout.plate else found


@pytest.mark.parametrize("captions", [True, False])
@pytest.mark.parametrize("size", [720, 1080])
def test_no_part_touches_another_or_the_edge(size: int, captions: bool) -> None:
    found = boxes(size, captions=captions)
    for one in found:
        assert all(value % 2 == 0 for value in one)
        assert min(one.x, one.y) >= size // 27
        assert one.right <= size - size // 20
        assert one.bottom <= size - size // 27
    for one, other in combinations(found, 2):
        aside = one.right <= other.x or other.right <= one.x
        assert aside or one.bottom <= other.y or other.bottom <= one.y


@pytest.mark.parametrize("size", [720, 1080])
def test_the_bars_have_one_in_the_middle_and_fill_their_place(size: int) -> None:
    layout = lay_out(size, captions=True)
    used = (layout.bar_count - 1) * layout.bar_pitch + layout.bar_width
    assert layout.bar_count == 2 * layout.bands - 1
    assert layout.bars.width == used
    assert abs(layout.bars.x + used / 2 - size / 2) <= 2
    assert (layout.bar_steps - 1) * 2 + layout.bar_width <= layout.bars.height


def test_without_captions_the_bars_have_their_room() -> None:
    alone, beside = lay_out(1080, captions=False), lay_out(1080, captions=True)
    assert alone.plate is None
    assert alone.bars.height > 2 * beside.bars.height
