"""The font that comes with the program, for words that are drawn."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from avsnitt.clips.font_coverage import wrap

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from avsnitt.clips.palette import Rgb

Weight = Literal["Regular", "SemiBold"]
FONTS: Final = Path(__file__).parents[2] / "fonts"
LEADING: Final = 1.28
"""From one line to the next, of the size of the letters."""


@lru_cache(maxsize=32)
def font(weight: Weight, px: int) -> FreeTypeFont:
    """The font of audiograms (Inter) at a weight and a size in px."""
    from PIL import ImageFont

    return ImageFont.truetype(FONTS / f"Inter-{weight}.ttf", px)


def text_width(text: str, weight: Weight, px: int) -> float:
    """In pixels."""
    return font(weight, px).getlength(text)


def fit(text: str, weight: Weight, px: int, width: int, most_lines: int) -> tuple[str, ...]:
    """The text in lines, the last with an ellipsis when there is more than room for."""
    lines = wrap(text, lambda piece: text_width(piece, weight, px), width)
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while last and text_width(f"{last}…", weight, px) > width:
        last = last[:-1].rstrip()
    return (*lines[: most_lines - 1], f"{last.rstrip(' ,.;:–—-')}…")


def line_height(px: int) -> int:
    """The distance in px between the lines of a text of a size in px."""
    return round(px * LEADING)


def draw_lines(
    draw: ImageDraw,
    at: tuple[int, int],
    lines: tuple[str, ...],
    weight: Weight,
    px: int,
    colour: Rgb,
) -> int:
    """Draw lines from a corner down; returns where the next would begin."""
    x, y = at
    for line in lines:
        middle = y + line_height(px) // 2
        draw.text((x, middle), line, font=font(weight, px), fill=colour, anchor="lm")
        y += line_height(px)
    return y
