from __future__ import annotations

from tests.support import problems_page


def test_the_page_of_problems_is_up_to_date() -> None:
    written = problems_page.PAGE.read_text(encoding="utf-8")
    assert written == problems_page.render_page(), "run: python -m tests.support.problems_page"
