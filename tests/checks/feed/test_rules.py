from __future__ import annotations

from types import ModuleType

import pytest
from tests.checks.feed.broken_feeds import BROKEN, Broken
from tests.checks.feed.fine_feed import ADDRESS, FEED, NOW, check_one

from avsnitt.checks.check_feed import parse_feed
from avsnitt.checks.feed import channel, document, item_texts, items
from avsnitt.cli.output.problems import say
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.feed_rules import FEED as FACTS
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Where
from avsnitt.system.locales import read_strings
from avsnitt.workflow.load.locate import problem_of

ELSEWHERE = {"XML-011", "NET-007"}
"""Rules that have tests of their own, since they need a large feed or several."""


def weight(finding: Finding) -> str:
    return finding.severity or RULEBOOK[finding.code].severity


def test_a_fine_feed_breaks_no_rule_at_all() -> None:
    assert check_one(FEED) == ()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.code} {one.what}")
def test_each_broken_feed_breaks_one_rule_only(broken: Broken) -> None:
    found = {(finding.code, weight(finding)) for finding in check_one(broken.feed)}
    assert found == {(broken.code, broken.severity)}


def test_every_rule_is_broken_by_some_feed() -> None:
    assert set(FACTS) - {broken.code for broken in BROKEN} == ELSEWHERE


@pytest.mark.parametrize("family", [document, channel, items, item_texts])
def test_every_function_of_a_table_finds_something(family: ModuleType) -> None:
    feeds = [
        parse_feed(broken.feed.encode(), now=NOW, address=ADDRESS)[0]
        for broken in BROKEN
        if isinstance(broken.feed, str)
    ]
    idle = {
        rule
        for rule in family.RULES
        if not any(next(rule(feed), None) for feed in feeds if feed is not None)
    }
    assert idle <= {document.size}


def test_the_gravest_finding_of_each_rule_is_as_grave_as_the_rulebook_says() -> None:
    order = ("info", "warning", "error")
    gravest: dict[str, str] = {}
    for broken in BROKEN:
        known = gravest.setdefault(broken.code, broken.severity)
        gravest[broken.code] = max(known, broken.severity, key=order.index)
    assert gravest == {code: FACTS[code].severity for code in gravest}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.code} {one.what}")
def test_each_finding_is_reported_in_a_whole_sentence(broken: Broken, language: str) -> None:
    words = read_strings(language, "cli", *PROBLEM_DOMAINS)
    for finding in check_one(broken.feed):
        sentence = say(problem_of(finding, Where("feed.xml")), words)
        assert sentence.endswith((".", "?"))
        assert "@feed." not in sentence
        assert "{" not in sentence
        assert '""' not in sentence


def test_a_finding_shows_its_line_and_its_item() -> None:
    (finding,) = check_one(FEED.replace("<itunes:episode>2<", "<itunes:episode>x<"))
    assert FEED.split("\n")[finding.place.line - 1].strip().startswith("<itunes:episode>2")
    assert (finding.subject.kind, finding.subject.id[-2:], finding.place.element) == (
        "item",
        "02",
        "itunes:episode",
    )
