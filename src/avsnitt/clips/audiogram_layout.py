"""
The layout of an audiogram: the place of each part, in whole pixels of a square.

All edges are even: a film has its colours at half the resolution, and a part that is drawn anew
must not share them with its surroundings.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from avsnitt.model.value import Value

UNITS: Final = 1080
"""The square that all measures below are of."""
MARGIN: Final = 72
"""Apps put their own buttons over the outermost part."""


class LayoutBox(NamedTuple):
    """A rectangle in px, from the top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column after the rectangle."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row after the rectangle."""
        return self.y + self.height


class Layout(Value, frozen=True, kw_only=True):
    """
    `bars` holds `bar_count` bars, each `bar_width` wide and `bar_pitch` from the next. `plate` is
    where captions stand, None where there are none. Text sizes are in pixels.
    """

    size: int
    cover: LayoutBox
    titles: LayoutBox
    bars: LayoutBox
    bar_count: int
    bar_width: int
    bar_pitch: int
    plate: LayoutBox | None
    padding: int
    line: LayoutBox
    address: LayoutBox
    radius: int
    title_px: tuple[int, ...]
    show_px: int
    caption_px: int
    speaker_px: int
    address_px: int

    @property
    def bands(self) -> int:
        """The bars mirror each other around the one in the middle."""
        return (self.bar_count + 1) // 2

    @property
    def bar_steps(self) -> int:
        """The number of heights that a bar can have; the least is a dot."""
        return (self.bars.height - self.bar_width) // 2 + 1

    @property
    def caption_width(self) -> int:
        """The width in px that a line of a caption may take; 0 without captions."""
        return self.plate.width - 2 * self.padding if self.plate else 0


def lay_out(size: int, *, captions: bool) -> Layout:
    """The layout of a square of `size` pixels; without captions the bars have their room."""
    width = UNITS - 2 * MARGIN

    def even(units: float) -> int:
        return round(units * size / UNITS / 2) * 2

    def box(x: float, y: float, wide: float, high: float) -> LayoutBox:
        return LayoutBox(even(x), even(y), even(wide), even(high))

    tall = box(MARGIN, 412, width, 176) if captions else box(MARGIN, 476, width, 360)
    bar_width, pitch = even(12), even(22)
    count = (tall.width + pitch - bar_width) // pitch
    count -= 1 - count % 2
    used = count * pitch - (pitch - bar_width)
    x = tall.x + (tall.width - used) // 4 * 2
    return Layout(
        size=size,
        cover=box(MARGIN, MARGIN, 300, 300),
        titles=box(MARGIN + 344, MARGIN, width - 344, 300),
        bars=LayoutBox(x, tall.y, used, tall.height),
        bar_count=count,
        bar_width=bar_width,
        bar_pitch=pitch,
        plate=box(MARGIN, 628, width, 316) if captions else None,
        padding=even(44),
        line=box(MARGIN, 976, width, 6),
        address=box(MARGIN, 998, width, 40),
        radius=even(28),
        title_px=tuple(even(px) for px in (60, 52, 44)),
        show_px=even(34),
        caption_px=even(48),
        speaker_px=even(32),
        address_px=even(28),
    )
