"""PICTURE-003 to -009: rules on covers, and on other pictures that the feed shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

from avsnitt.checks.files.images import ENDINGS, HUGE_BYTES, MODES, SIDES_PX
from avsnitt.model.message import MessageValue, message
from avsnitt.model.value import Value
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Problem, Where

CMYK: Final = message("linked.picture.cmyk")


class SourceImage(Value, frozen=True, kw_only=True):
    """
    A picture as its author made it, at `path`: its size in pixels as it is looked at, `mode` as
    Pillow calls it, and how the camera was held (EXIF orientation, 1 to 8).
    """

    path: str
    format: str
    width: int
    height: int
    mode: str
    see_through: bool
    orientation: int
    size_bytes: int


Rule = Callable[[SourceImage], Iterator[Problem]]


def is_not_a_square(one: SourceImage) -> Iterator[Problem]:
    """Apple, Artwork requirements: a square of 1400 to 3000 pixels."""
    least, most = SIDES_PX
    if one.width != one.height or not least <= one.width <= most:
        yield _problem(one, "PICTURE-003", size=f"{one.width} x {one.height}")


def has_colours_for_print(one: SourceImage) -> Iterator[Problem]:
    """Apple, Artwork requirements: RGB."""
    if MODES.get(one.mode) == CMYK:
        yield _problem(one, "PICTURE-004")


def has_few_colours(one: SourceImage) -> Iterator[Problem]:
    """PICTURE-005 for a picture in greys or with a palette, where Apple asks for RGB."""
    words = MODES.get(one.mode)
    if words and words != CMYK:
        yield _problem(one, "PICTURE-005", what=words, file=one.path.rpartition("/")[2])


def is_see_through(one: SourceImage) -> Iterator[Problem]:
    """Apple, Artwork requirements: no alpha channel."""
    if one.see_through:
        yield _problem(one, "PICTURE-006")


def is_named_as_another(one: SourceImage) -> Iterator[Problem]:
    """PICTURE-007 for a file name with the ending of another format."""
    suffix = one.path.rpartition(".")[2].lower()
    if suffix not in ENDINGS[one.format]:
        yield _problem(one, "PICTURE-007", suffix=suffix, found=one.format)


def lies_down(one: SourceImage) -> Iterator[Problem]:
    """
    PICTURE-008 for a picture that is turned by its EXIF orientation, which not every program
    obeys.
    """
    if one.orientation != 1:
        yield _problem(one, "PICTURE-008")


def is_heavy(one: SourceImage) -> Iterator[Problem]:
    """PICTURE-009 for a file over 5 MB."""
    if one.size_bytes > HUGE_BYTES:
        values = {"size": _megabytes(one.size_bytes), "limit": _megabytes(HUGE_BYTES)}
        yield _problem(one, "PICTURE-009", **values)


COVER_RULES: Final[tuple[Rule, ...]] = (
    is_not_a_square,
    has_colours_for_print,
    has_few_colours,
    is_see_through,
    is_named_as_another,
    lies_down,
    is_heavy,
)
IMAGE_RULES: Final[tuple[Rule, ...]] = (
    has_colours_for_print,
    is_named_as_another,
    lies_down,
    is_heavy,
)
"""`podcast:image` may have any proportions and be seen through (podcast-namespace, image)."""

RULES: Final[dict[Literal["cover", "image"], tuple[Rule, ...]]] = {
    "cover": COVER_RULES,
    "image": IMAGE_RULES,
}


def check_image(one: SourceImage, kind: Literal["cover", "image"]) -> Iterable[Problem]:
    """The problems of one picture, by the rules of its kind."""
    for rule in RULES[kind]:
        yield from rule(one)


def _problem(one: SourceImage, code: str, **values: MessageValue) -> Problem:
    return problem(code, Where(one.path), **values)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.1f}".removesuffix(".0")
