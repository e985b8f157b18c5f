"""In which sizes and kinds a picture is published for pages: chosen by where pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

Role = Literal["show", "cover", "portrait", "chapter", "notes"]
Kind = Literal["avif", "webp", "jpeg", "card"]

BASE_PX: Final = 1000
"""
The side of the picture that smaller forms are made from, if none is larger; the cover in audio
files is made from it too.
"""
RECIPE: Final = "1"
"""Of the pictures for pages: a new number gives them new addresses, and so makes all anew."""

ENDINGS: Final[dict[Kind, str]] = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "card": "jpg"}
CARD_SIZE: Final = (1200, 630)
"""The size that readers of Open Graph show large: Facebook, "Images in Link Shares", 1.91 to 1."""


class ImageUse(NamedTuple):
    """The longest sides in pixels, and the kinds, the best first."""

    sides: tuple[int, ...]
    kinds: tuple[Kind, ...]


USES: Final[dict[Role, ImageUse]] = {
    "show": ImageUse((300, 600), ("avif", "webp", "jpeg")),
    "cover": ImageUse((300, 600), ("avif", "webp", "jpeg")),
    "portrait": ImageUse((200, 400), ("webp", "jpeg")),
    "chapter": ImageUse((150,), ("jpeg",)),
    "notes": ImageUse((600, 1200), ("webp", "jpeg")),
}
"""
A cover is shown at most 224 CSS pixels wide, a face 128, a chapter's picture 44 and one in the
notes as wide as the text; screens have up to three pixels for one. AVIF costs several times as much
to make as WebP, and pays for what is on every page.
"""


class ImageSize(NamedTuple):
    """One published form of a picture, in pixels."""

    kind: Kind
    width: int
    height: int


def forms_for(roles: Iterable[Role], width: int, height: int) -> tuple[ImageSize, ...]:
    """Every form that a picture needs, each once, whatever the roles it has."""
    found = [form for role in sorted(roles) for form in forms_of(role, width, height)]
    if "show" in roles:
        found.append(ImageSize("card", *CARD_SIZE))
    return tuple(dict.fromkeys(found))


def forms_of(role: Role, width: int, height: int) -> tuple[ImageSize, ...]:
    """
    Kind by kind, each from small to large; never larger than the picture itself. A small picture in
    the notes has none: it is shown as it is, since it is often a drawing.
    """
    sides, kinds = USES[role]
    if role == "notes" and max(width, height) <= sides[0]:
        return ()
    sizes = dict.fromkeys(size_within(width, height, side) for side in sides)
    return tuple(ImageSize(kind, *size) for kind in kinds for size in sizes)


def size_within(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture made to fit a square, or its own size if it fits already."""
    longest = max(width, height)
    if longest <= side:
        return width, height
    return tuple(max(1, (2 * n * side + longest) // (2 * longest)) for n in (width, height))  # type: ignore[return-value]


def base_px(forms: Iterable[ImageSize]) -> int:
    """The longest side of what every form of a picture is made from, whichever are made now."""
    sides = [max(form.width, form.height) for form in forms if form.kind != "card"]
    return max([BASE_PX, *sides])
