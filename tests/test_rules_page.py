from __future__ import annotations

from tests.support import rules_page

from avsnitt.problems.feed_rules import RULEBOOK


def test_the_page_of_rules_is_up_to_date() -> None:
    written = rules_page.PAGE.read_text(encoding="utf-8")
    assert written == rules_page.render_page(), "run: python -m tests.support.rules_page"


def test_every_rule_is_on_the_page() -> None:
    page = rules_page.render_page()
    assert [code for code in RULEBOOK if f"| [{code}](" not in page] == []


def test_who_asks_is_known_and_a_source_is_named() -> None:
    words = rules_page.WORDS
    for code, facts in RULEBOOK.items():
        assert facts.asked_by, code
        assert all(f"asked-by.{name}" in words for name in facts.asked_by), code
        assert len(facts.source) > 5, code
