"""Pictures as pages show them: one picture in several sizes and kinds, for browsers to choose."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Final

from avsnitt import routes
from avsnitt.formats.html_tags import edit_tags, parse_attributes, tag_pattern
from avsnitt.model.value import Value

NOTES_SIZES: Final = "(min-width: 44rem) 40rem, 92vw"
"""The width of the text, as the theme's style has it."""

_IMAGE: Final = tag_pattern("img")


class ImageFiles(Value, frozen=True, kw_only=True):
    """
    A published picture. `files` are JPEGs with their widths in pixels, from small to large, and
    `better` the same in other kinds, by type, the best first. All are paths from the site's root.
    """

    width: int
    height: int
    files: tuple[tuple[str, int], ...]
    better: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()

    @property
    def path(self) -> str:
        """The largest."""
        return self.files[-1][0]

    @property
    def small(self) -> str:
        """The path of the smallest file."""
        return self.files[0][0]


class SetView(Value, frozen=True, kw_only=True):
    """A picture in another kind, `type` is its MIME type; and in several sizes, as `srcset`."""

    type: str
    srcset: str


class PictureView(Value, frozen=True, kw_only=True):
    """
    A picture ready to print. `width` and `height` are those of `src`, so that nothing jumps on
    loading; `srcset` is empty where there is only one size.
    """

    src: str
    alt: str
    width: int = 0
    height: int = 0
    srcset: str = ""
    sets: tuple[SetView, ...] = ()


def picture_view(root: str, shown: ImageFiles, alt: str) -> PictureView:
    """`root` leads from the page to the site's root."""
    return PictureView(
        src=root + routes.quoted(shown.path),
        alt=alt,
        width=shown.width,
        height=shown.height,
        srcset=_srcset(root, shown.files) if len(shown.files) > 1 else "",
        sets=tuple(SetView(type=kind, srcset=_srcset(root, files)) for kind, files in shown.better),
    )


def _srcset(root: str, files: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{root}{routes.quoted(path)} {width}w" for path, width in files)


def image_in_notes(notes: str, root: str, pictures: Mapping[str, ImageFiles]) -> str:
    """Notes for a page, with each picture in the sizes that it has; `pictures` by its address."""
    if not pictures or "<img" not in notes:
        return notes
    return edit_tags(notes, _IMAGE, lambda tag: _in_notes(tag, root, pictures))


def _in_notes(tag: str, root: str, pictures: Mapping[str, ImageFiles]) -> str:
    written = parse_attributes(tag)
    shown = pictures.get(html.unescape(written.get("src", "")))
    if shown is None:
        return tag
    view = picture_view(root, shown, "")
    choices = f' srcset="{view.srcset}" sizes="{NOTES_SIZES}"' if view.srcset else ""
    image = (
        f'<img src="{view.src}"{choices} alt="{written.get("alt", "")}" width="{view.width}"'
        f' height="{view.height}" loading="lazy" decoding="async">'
    )
    if not view.sets:
        return image
    sources = "".join(
        f'<source type="{one.type}" srcset="{one.srcset}" sizes="{NOTES_SIZES}">'
        for one in view.sets
    )
    return f"<picture>{sources}{image}</picture>"
