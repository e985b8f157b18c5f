"""`docs/images/sample-show.webp` from the sample show: `make images` takes it anew.

The show is built in a temporary folder, and Chromium opens its start page as on a computer and an
episode as on a telephone. Windows, scale and colours are fixed, so what differs from one machine to
another is the typefaces that are installed.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tests.browser.conftest import SWITCHES
from tests.support.paths import DOCS, PROJECT

from avsnitt.workflow.build.build import build_show

PICTURE: Final = DOCS / "images" / "sample-show.webp"
MOST_BYTES: Final = 200_000
HEIGHT: Final = 900
PAGES: Final = (("index.html", 1080, ""), ("episodes/den-daliga-siffran.html", 390, "audio"))
"""What is seen, from the left: a page, its window's width in CSS pixels, and what to scroll to."""
ABOVE: Final = 48
"""CSS pixels left above what is scrolled to."""
MARGIN: Final = 24
BACKGROUND: Final = (226, 224, 219)
QUALITY: Final = 82


def main() -> int:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        sys.stderr.write("Chromium is not installed.\n")
        return 3
    with tempfile.TemporaryDirectory() as name:
        shots = take_shots(build_sample_show(Path(name)), path)
    PICTURE.parent.mkdir(exist_ok=True)
    join_shots(shots).save(PICTURE, "WEBP", quality=QUALITY, method=6)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(PROJECT)}: {size} bytes")
    return int(size > MOST_BYTES)


def build_sample_show(root: Path) -> Path:
    """The folder of the built site."""
    for part in ("site", "episodes"):
        shutil.copytree(PROJECT / part, root / part)
    build_show(str(root))
    return root / "public"


def take_shots(site: Path, chromium: str) -> list[Image.Image]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        shots = [_shot(browser, site / page, width, first) for page, width, first in PAGES]
        browser.close()
    return shots


def _shot(browser: Any, page: Path, width: int, first: str) -> Image.Image:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        device_scale_factor=1,
        color_scheme="light",
        reduced_motion="reduce",
        locale="sv-SE",
    )
    tab = context.new_page()
    tab.goto(page.as_uri(), wait_until="networkidle")
    if first:
        top = tab.locator(first).first.bounding_box()["y"]
        tab.evaluate("y => scrollTo(0, y)", top - ABOVE)
    shot = Image.open(io.BytesIO(tab.screenshot(animations="disabled")))
    context.close()
    return shot.convert("RGB")


def join_shots(shots: list[Image.Image]) -> Image.Image:
    """Side by side, with a margin around each."""
    width = MARGIN + sum(shot.width + MARGIN for shot in shots)
    whole = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), BACKGROUND)
    left = MARGIN
    for shot in shots:
        whole.paste(shot, (left, MARGIN))
        left += shot.width + MARGIN
    return whole


if __name__ == "__main__":
    sys.exit(main())
