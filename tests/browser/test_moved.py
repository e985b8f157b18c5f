"""An old address in a real browser: it leads on, and those whose browser does not follow can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support import shows

from avsnitt.workflow.build.build import build_show

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]


@pytest.fixture
def moved(show: Path) -> Path:
    shows.edit(show, "episodes/002-andra/episode.md", "status:", "formerly: [forr]\nstatus:")
    build_show(str(show))
    return show / "public/episodes/forr.html"


def test_an_old_address_leads_on_from_a_disk_too(moved: Path, open_page: Opener) -> None:
    page = open_page(moved, java_script_enabled=False)
    page.wait_for_url("**/andra.html")
    assert page.locator("h1").inner_text() == "Vem svarar?"
    assert page.errors == []


def test_the_page_at_an_old_address_can_be_read_by_all(
    moved: Path, open_page: Opener, axe: Any
) -> None:
    text = moved.read_text(encoding="utf-8").splitlines()
    stays = moved.with_name("stays.html")
    stays.write_text("\n".join(line for line in text if "refresh" not in line), encoding="utf-8")
    page = open_page(stays)
    assert axe(page) == []
    page.get_by_role("link").click()
    page.wait_for_url("**/andra.html")
