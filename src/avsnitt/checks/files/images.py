"""IMG- and CHP-013: rules on covers and other pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.files.facts import ImageFile
from avsnitt.checks.files.run_rules import one_finding_per_file
from avsnitt.model.message import message
from avsnitt.problems.finding import Finding, finding_in_text
from avsnitt.problems.problem import Severity

SIDES_PX: Final = (1400, 3000)
ENDINGS: Final = {"JPEG": ("jpg", "jpeg"), "PNG": ("png",)}
OTHER_PICTURES: Final = frozenset(
    {"gif", "webp", "avif", "heic", "svg", "bmp", "tif", "tiff", "jfif"}
)
DPI: Final = 72
COLOURS: Final = ("srgb", "p3")
"""Parts of the names of colour profiles that are made for screens."""
LARGE_BYTES, HUGE_BYTES = 512_000, 5_000_000
"""Apple has no limit; hosting services advise at most 512 kB."""
RATIO: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*/\s*(\d{1,6}(?:\.\d{1,6})?)")
"""As CSS has it, and podcast:image@aspect-ratio."""
RATIO_SLACK: Final = 0.02
COVERS: Final = ("show", "episode")
MODES: Final = {
    "CMYK": message("linked.picture.cmyk"),
    "L": message("linked.picture.grey"),
    "1": message("linked.picture.grey"),
    "I;16": message("linked.picture.grey"),
    "I": message("linked.picture.grey"),
    "LA": message("linked.picture.grey"),
    "P": message("linked.picture.palette"),
    "PA": message("linked.picture.palette"),
    "YCCK": message("linked.picture.cmyk"),
    "LAB": message("linked.picture.cmyk"),
}


def is_not_a_square(picture: ImageFile) -> Iterator[Finding]:
    """
    IMG-001 for a cover that is no square of 1400 to 3000 pixels; a show's below 3000 is a
    warning (Apple).
    """
    if picture.role not in COVERS or not picture.width:
        return
    least, most = SIDES_PX
    values = {"width": f"{picture.width}", "height": f"{picture.height}"}
    if picture.width != picture.height or not least <= picture.width <= most:
        yield finding_in_text("IMG-001", values)
    elif picture.role == "show" and picture.width < most:
        yield finding_in_text("IMG-001", values, "warning")


def is_no_jpeg_or_png(picture: ImageFile) -> Iterator[Finding]:
    """
    IMG-002 for a cover of another format. Where the name already says so,
    `declared.cover_endings` reports it.
    """
    known = picture.suffix in OTHER_PICTURES
    if picture.role not in COVERS or not picture.size_bytes or known:
        return
    wanted = ENDINGS.get(picture.format)
    if picture.error or wanted is None:
        found = picture.format or message("linked.kind.unknown")
        yield finding_in_text("IMG-002", {"found": found, "what": message("linked.picture.unfit")})
    elif picture.suffix and picture.suffix not in wanted:
        values = {"found": picture.format, "suffix": picture.suffix}
        yield finding_in_text("IMG-002", {"what": message("linked.picture.named"), **values})


@one_finding_per_file
def has_other_colours(picture: ImageFile) -> Iterator[Finding]:
    """IMG-003 for a cover in colours for print, greys or a palette, or with transparency."""
    if picture.role not in COVERS:
        return
    words = MODES.get(picture.mode)
    if words:
        severity: Severity = "error" if words == message("linked.picture.cmyk") else "warning"
        yield finding_in_text("IMG-003", {"what": words}, severity)
    if picture.alpha:
        yield finding_in_text("IMG-003", {"what": message("linked.picture.alpha")})


@one_finding_per_file
def says_odd_things(picture: ImageFile) -> Iterator[Finding]:
    """
    IMG-004 for a cover of another resolution than 72 dpi, progressive, or with a colour profile
    other than sRGB and P3.
    """
    if picture.role not in COVERS:
        return
    if picture.dpi and picture.dpi != DPI:
        yield finding_in_text(
            "IMG-004", {"what": message("linked.picture.dpi"), "dpi": f"{picture.dpi}"}
        )
    if picture.progressive:
        yield finding_in_text("IMG-004", {"what": message("linked.picture.progressive")})
    name = picture.profile.casefold()
    if name and not any(colour in name for colour in COLOURS):
        yield finding_in_text(
            "IMG-004", {"what": message("linked.picture.profile"), "profile": picture.profile}
        )


def is_heavy(picture: ImageFile) -> Iterator[Finding]:
    """IMG-005 for a cover over 512 kB; from 5 MB an error."""
    if picture.role in COVERS and picture.size_bytes > LARGE_BYTES:
        severity: Severity = "error" if picture.size_bytes > HUGE_BYTES else "warning"
        yield finding_in_text("IMG-005", {"size": f"{picture.size_bytes // 1000}"}, severity)


def is_not_as_declared(picture: ImageFile) -> Iterator[Finding]:
    """
    IMG-009 for a file that differs from the width, height or aspect-ratio of its
    `podcast:image`.
    """
    if not picture.width:
        return
    real = f"{picture.width} x {picture.height}"
    pairs = (
        (picture.declared_width, picture.width),
        (picture.declared_height, picture.height),
    )
    for declared, found in pairs:
        if declared is not None and declared != found:
            yield finding_in_text("IMG-009", {"declared": f"{declared}", "real": real})
            return
    ratio = RATIO.fullmatch(picture.declared_ratio.strip())
    if ratio and float(ratio[2]):
        wanted, found_ratio = float(ratio[1]) / float(ratio[2]), picture.width / picture.height
        if abs(wanted - found_ratio) > RATIO_SLACK * found_ratio:
            yield finding_in_text(
                "IMG-009", {"declared": picture.declared_ratio.strip(), "real": real}
            )


@one_finding_per_file
def is_an_odd_chapter_picture(picture: ImageFile) -> Iterator[Finding]:
    """CHP-013 for a chapter's picture that is no square or is over 512 kB."""
    if picture.role != "chapter" or not picture.width:
        return
    if picture.width != picture.height:
        values = {"width": f"{picture.width}", "height": f"{picture.height}"}
        yield finding_in_text("CHP-013", {"what": message("linked.picture.oblong"), **values})
    if picture.size_bytes > LARGE_BYTES:
        values = {"size": f"{picture.size_bytes // 1000}"}
        yield finding_in_text("CHP-013", {"what": message("linked.picture.heavy"), **values})


RULES: Final[tuple[Callable[[ImageFile], Iterator[Finding]], ...]] = (
    is_not_a_square,
    is_no_jpeg_or_png,
    has_other_colours,
    says_odd_things,
    is_heavy,
    is_not_as_declared,
    is_an_odd_chapter_picture,
)
