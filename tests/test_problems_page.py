from __future__ import annotations

import runpy

from tests.support.paths import PROJECT

ROOT = PROJECT


def test_the_page_of_problems_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "tests" / "support" / "problems_page.py"))
    written = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert written == page["render_page"](), "run: python -m tests.support.problems_page"
