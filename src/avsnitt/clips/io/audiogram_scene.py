"""Draws an audiogram: what stands still once, what moves as small pieces to lay over it.

All is drawn as RGB by Pillow, turned to the planes of a film (YUV 4:2:0, BT.709) once, and from
then on only copied.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from avsnitt.clips.audiogram_layout import Layout, LayoutBox
from avsnitt.clips.font_coverage import drawable
from avsnitt.clips.io.text import draw_lines, fit, line_height
from avsnitt.clips.palette import Palette, mix, palette_of
from avsnitt.images.io.convert import open_turned, shrink
from avsnitt.model.value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from avsnitt.clips.captions import Caption

    Bytes = NDArray[np.uint8]

FINER: Final = 4
"""Parts with round corners are drawn so many times larger and then shrunk."""
COLOURS: Final = 16
SAMPLE_PX: Final = 96
TITLE_LINES: Final = 4


class StillContent(Value, frozen=True, kw_only=True):
    """The parts of an audiogram that stand still. `cover` is the path of a JPEG or PNG."""

    cover: str
    show: str
    title: str
    address: str = ""


class Planes(NamedTuple):
    """A piece of a film: light at full size, the two colours at half."""

    y: Bytes
    u: Bytes
    v: Bytes


class Scene:
    """
    One audiogram. `canvas` is the frame as it stands: `show_caption`, `show_bars` and
    `show_progress` change it. Raises ImageError for a cover that cannot be used.
    """

    def __init__(self, content: StillContent, layout: Layout) -> None:
        import numpy as np

        self.layout = layout
        cover = _cover(Path(content.cover), layout.cover.width)
        self.palette = _palette(cover)
        still = _still(content, layout, self.palette, cover)
        size = layout.size
        self.canvas: Bytes = np.empty((size * 3 // 2, size), np.uint8)
        _lay(self._planes(), LayoutBox(0, 0, size, size), to_planes(still))
        self.sheet = to_planes(_bar_sheet(layout, self.palette))
        self.plates: dict[tuple[str, ...], Planes] = {}
        self.spot = to_planes(_plain(2, layout.line.height, self.palette.accent))

    def show_caption(self, caption: Caption | None) -> None:
        """Words on the plate, or a plate without."""
        plate = self.layout.plate
        if plate is None:
            return
        key = (caption.speaker, *caption.lines) if caption else ()
        if key not in self.plates:
            self.plates = {key: to_planes(_plate(self.layout, plate, self.palette, caption))}
        _lay(self._planes(), plate, self.plates[key])

    def show_bars(self, heights: Any) -> None:
        """`heights` are 0 to 1, one a band; the bars mirror them around the middle."""
        import numpy as np

        layout = self.layout
        steps = np.rint(heights * (layout.bar_steps - 1)).astype(np.intp)
        order = np.abs(np.arange(layout.bar_count) - layout.bar_count // 2)
        chosen = steps[order]
        for plane, sheet, scale in zip(self._planes(), self.sheet, (1, 2, 2), strict=True):
            width, pitch = layout.bar_width // scale, layout.bar_pitch // scale
            box = layout.bars
            top, left = box.y // scale, box.x // scale
            cells = sheet.reshape(sheet.shape[0], -1, width)[:, chosen]
            for number in range(layout.bar_count):
                x = left + number * pitch
                plane[top : top + box.height // scale, x : x + width] = cells[:, number]

    def show_progress(self, share: float) -> None:
        """Draw how much of the clip has been played, 0 to 1."""
        line = self.layout.line
        width = min(round(line.width * share / 2) * 2, line.width)
        for plane, spot, scale in zip(self._planes(), self.spot, (1, 2, 2), strict=True):
            rows = slice(line.y // scale, line.bottom // scale)
            plane[rows, line.x // scale : (line.x + width) // scale] = spot[:, :1]

    def _planes(self) -> Planes:
        size, half = self.layout.size, self.layout.size // 2
        y = self.canvas[:size]
        colours = self.canvas[size:].reshape(2, half, half)
        return Planes(y, colours[0], colours[1])


def to_planes(image: Image) -> Planes:
    """A picture of even sides as a film has it: BT.709, limited range."""
    import numpy as np
    from av import VideoFrame
    from av.video.reformatter import ColorRange, Colorspace

    frame = VideoFrame.from_ndarray(np.asarray(image.convert("RGB")), format="rgb24")
    turned = frame.reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
    )
    width, height = image.size
    found: Bytes = turned.to_ndarray().view(np.uint8)
    colours = found[height:].reshape(2, height // 2, width // 2)
    return Planes(found[:height], colours[0], colours[1])


def _lay(canvas: Planes, box: LayoutBox, piece: Planes) -> None:
    for plane, part, scale in zip(canvas, piece, (1, 2, 2), strict=True):
        top, left = box.y // scale, box.x // scale
        plane[top : top + part.shape[0], left : left + part.shape[1]] = part


# What stands still


def _cover(path: Path, size: int) -> Image:
    """The middle of the cover, as a square."""
    from PIL import ImageOps
    from PIL.Image import Resampling

    with open_turned(path) as (image, turned):
        small = shrink(image, turned, size * 2)
    return ImageOps.fit(small, (size, size), Resampling.LANCZOS)


def _palette(cover: Image) -> Palette:
    from PIL.Image import Quantize, Resampling

    small = cover.resize((SAMPLE_PX, SAMPLE_PX), Resampling.NEAREST)  # no colour that is not there
    few = small.quantize(COLOURS, method=Quantize.MAXCOVERAGE)
    table = few.getpalette() or []
    counted = few.getcolors() or []
    return palette_of(
        (count, (table[3 * place], table[3 * place + 1], table[3 * place + 2]))
        for count, place in counted
        if isinstance(place, int)
    )


def _still(content: StillContent, layout: Layout, palette: Palette, cover: Image) -> Image:
    from PIL import ImageDraw

    image = _plain(layout.size, layout.size, palette.ground)
    image.paste(cover, (layout.cover.x, layout.cover.y), _rounded(layout.cover, layout.radius))
    draw = ImageDraw.Draw(image)
    _draw_titles(draw, content, layout, palette)
    box = layout.line
    rest = mix(palette.ground, palette.ink, 0.22)
    draw.rectangle((box.x, box.y, box.right - 1, box.bottom - 1), fill=rest)
    address = fit(drawable(content.address), "Regular", layout.address_px, layout.address.width, 1)
    draw_lines(
        draw,
        (layout.address.x, layout.address.y),
        address,
        "Regular",
        layout.address_px,
        palette.soft,
    )
    return image


def _draw_titles(draw: Any, content: StillContent, layout: Layout, palette: Palette) -> None:
    """The show and the clip beside the cover, in the middle of its height."""
    box = layout.titles
    show = fit(drawable(content.show), "Regular", layout.show_px, box.width, 2)
    title, px = _title(drawable(content.title), layout)
    gap = layout.show_px // 2
    height = len(show) * line_height(layout.show_px) + gap + len(title) * line_height(px)
    y = box.y + max((box.height - height) // 2, 0)
    y = draw_lines(draw, (box.x, y), show, "Regular", layout.show_px, palette.soft)
    draw_lines(draw, (box.x, y + gap), title, "SemiBold", px, palette.ink)


def _title(text: str, layout: Layout) -> tuple[tuple[str, ...], int]:
    """As large as it can be and still be read in whole; then cut."""
    for px in layout.title_px:
        most = (layout.titles.height - 2 * layout.show_px) // line_height(px)
        lines = fit(text, "SemiBold", px, layout.titles.width, min(most, TITLE_LINES))
        if not any(line.endswith("…") for line in lines):
            break
    return lines, px


# What moves


def _bar_sheet(layout: Layout, palette: Palette) -> Image:
    """Every height that a bar can have, side by side, the least first."""
    from PIL import ImageDraw

    width, height, count = layout.bar_width, layout.bars.height, layout.bar_steps
    sheet = _plain(width * count * FINER, height * FINER, palette.ground)
    draw = ImageDraw.Draw(sheet)
    middle, radius = height * FINER // 2, width * FINER // 2
    for step in range(count):
        half = radius + step * FINER
        left = step * width * FINER
        box = (left, middle - half, left + width * FINER - 1, middle + half - 1)
        draw.rounded_rectangle(box, radius, fill=palette.accent)
    return sheet.reduce(FINER)


def _plate(layout: Layout, box: LayoutBox, palette: Palette, caption: Caption | None) -> Image:
    from PIL import ImageDraw

    image = _plain(box.width, box.height, palette.ground)
    image.paste(palette.plate, (0, 0, *image.size), _rounded(box, layout.radius))
    if caption is None:
        return image
    draw = ImageDraw.Draw(image)
    speaker = fit(caption.speaker, "SemiBold", layout.speaker_px, layout.caption_width, 1)
    high = len(caption.lines) * line_height(layout.caption_px)
    high += len(speaker) * line_height(layout.speaker_px)
    y = (box.height - high) // 2
    y = draw_lines(
        draw, (layout.padding, y), speaker, "SemiBold", layout.speaker_px, palette.accent
    )
    draw_lines(draw, (layout.padding, y), caption.lines, "SemiBold", layout.caption_px, palette.ink)
    return image


def _rounded(box: LayoutBox, radius: int) -> Image:
    from PIL import Image, ImageDraw

    mask = Image.new("L", (box.width * FINER, box.height * FINER))
    whole = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(whole, radius * FINER, fill=255)
    return mask.reduce(FINER)


def _plain(width: int, height: int, colour: tuple[int, int, int]) -> Image:
    from PIL import Image

    return Image.new("RGB", (width, height), colour)
