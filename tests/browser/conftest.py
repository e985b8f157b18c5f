"""A real Chromium, the whole site on disk, and axe-core; each may be missing at home, not in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.paths import PROJECT

HERE = Path(__file__).parent
ROOT = PROJECT
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE_PLACES = (HERE / "node_modules", ROOT / "node_modules")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def missing(what: str) -> None:
    """Skip on a user's machine, fail where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Any]:
    path = next(
        (p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), ""
    )
    if not path:
        missing("Chromium")
    driver = request.getfixturevalue("driver")
    browser = driver.chromium.launch(executable_path=shutil.which(path), args=list(SWITCHES))
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a file in a fresh window; `options` are the browser context's."""
    contexts = []

    def opened(path: Path, fragment: str = "", **options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.errors = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text))
        page.goto(path.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """A function from an open page to its violations, each with the places it is found at."""
    script = next((p / "axe-core/axe.min.js" for p in AXE_PLACES if p.is_dir()), None)
    if script is None or not script.is_file():
        missing("axe-core (npm ci --prefix tests/browser)")
    assert script
    source = script.read_text("utf-8")

    def violations(page: Any) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run(document, {preload: false, runOnly: {type: 'tag', values: tags}})",
            AXE_TAGS,
        )
        return [
            f"{row['id']}: {[node['target'] for node in row['nodes']]}"
            for row in found["violations"]
        ]

    return violations
