"""A few colours that go with a cover and can be read on each other (WCAG 2.2, contrast ratio)."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable
from typing import Final

from avsnitt.model.value import Value

Rgb = tuple[int, int, int]

PAPER: Final[Rgb] = (250, 247, 238)
BLACK: Final[Rgb] = (0, 0, 0)
READABLE: Final = 10.0
"""The least contrast of words on their ground; WCAG's strictest level asks for 7."""
CLEAR: Final = 4.5
"""Of words (WCAG 1.4.3)."""
SEEN: Final = 3.0
"""Of shapes (WCAG 1.4.11)."""
DARKEST: Final = 0.04
LIGHTEST_GROUND: Final = 0.17
MOST_SATURATED: Final = 0.65
NO_COLOUR: Final = 24
"""Less difference than this between the channels is a grey."""


class Palette(Value, frozen=True, kw_only=True):
    """`ink` is read on `ground` and on `plate`, `soft` too but less loud; `accent` stands out."""

    ground: Rgb
    plate: Rgb
    ink: Rgb
    soft: Rgb
    accent: Rgb


def palette_of(colours: Iterable[tuple[int, Rgb]]) -> Palette:
    """The colours of a cover, each with how much of it there is, as a dark scene."""
    found = sorted(colours, reverse=True)
    ground = _ground(found)
    plate = mix(ground, BLACK, 0.45)
    return Palette(
        ground=ground,
        plate=plate,
        ink=PAPER,
        soft=mix(PAPER, ground, 0.28),
        accent=_accent(found, ground, plate),
    )


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of the other in the one."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )  # fmt: skip
    return red, green, blue


def contrast(one: Rgb, other: Rgb) -> float:
    """1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ground(found: list[tuple[int, Rgb]]) -> Rgb:
    """The colour there is most of, greys only when there is no other, made dark enough."""
    coloured = [colour for _, colour in found if _chroma(colour) >= NO_COLOUR]
    base = next(iter([*coloured, *(colour for _, colour in found)]), BLACK)
    hue, light, full = colorsys.rgb_to_hls(*(value / 255 for value in base))
    light = min(max(light, DARKEST), LIGHTEST_GROUND)
    full = min(full, MOST_SATURATED)
    ground = _from_hls(hue, light, full)
    while contrast(ground, PAPER) < READABLE:
        light *= 0.9
        ground = _from_hls(hue, light, full)
    return ground


def _accent(found: list[tuple[int, Rgb]], ground: Rgb, plate: Rgb) -> Rgb:
    """The liveliest colour that shows on the ground and can be read on the plate."""
    clear = [
        colour
        for _, colour in found
        if contrast(colour, ground) >= SEEN and contrast(colour, plate) >= CLEAR
    ]
    vivid = max(clear, key=_chroma, default=PAPER)
    return vivid if _chroma(vivid) >= NO_COLOUR else PAPER


def _from_hls(hue: float, light: float, full: float) -> Rgb:
    red, green, blue = (round(value * 255) for value in colorsys.hls_to_rgb(hue, light, full))
    return red, green, blue


def _chroma(colour: Rgb) -> int:
    return max(colour) - min(colour)
