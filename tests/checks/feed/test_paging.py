from __future__ import annotations

import pytest
from tests.checks.feed.fine_feed import FEED, FIRST, HEAD, SECOND, TAIL, check_one

from avsnitt.checks.check_feed import parse_feed
from avsnitt.checks.feed.paging import check_paging
from avsnitt.checks.feed.tree import Feed
from avsnitt.model.message import message

BASE = "https://podd.exempel.se"
SELF = '<atom:link href="https://podd.exempel.se/feed.xml" rel="self" type="application/rss+xml"/>'


def page(name: str, item: str, **links: str) -> str:
    """A page of the feed; a link's name is its relation."""
    others = "".join(
        f'<atom:link rel="{relation}" href="{BASE}/{target}.xml"/>'
        for relation, target in links.items()
    )
    head = HEAD.replace(SELF, SELF.replace("feed.xml", f"{name}.xml") + others)
    return f"{head}{item}{TAIL}"


def findings(**pages: str) -> set[tuple[str, str]]:
    """What is wrong, judged from `one` on: the key of its words, and what they name."""
    known = {f"{BASE}/{name}.xml": page for name, page in pages.items()}

    def read(url: str) -> Feed | None:
        return parse_feed(known[url].encode())[0] if url in known else None

    first = read(f"{BASE}/one.xml")
    assert first is not None
    found = check_paging(first, read)
    assert {finding.code for finding in found} <= {"NET-007"}
    return {(finding.values["what"], finding.values["name"]) for finding in found}


ONE = page("one", SECOND, next="two", first="one", last="two")
TWO = page("two", FIRST, previous="one", first="one", last="two")


def test_pages_that_point_at_each_other_are_fine() -> None:
    assert findings(one=ONE, two=TWO) == set()
    assert check_one(ONE, address="") == check_one(TWO, address="") == ()


def test_the_common_name_of_the_page_before_is_known_too() -> None:
    assert findings(one=ONE, two=page("two", FIRST, prev="one")) == set()


def test_a_feed_without_pages_is_not_checked_as_one() -> None:
    assert findings(one=FEED) == set()


def test_the_other_pages_are_not_reported_missing_where_none_can_be_read() -> None:
    assert findings(one=ONE) == set()


@pytest.mark.parametrize(
    ("what", "name", "pages"),
    [
        ("page-missing", "next", {"one": ONE, "two": page("two", FIRST, next="three")}),
        ("page-missing", "last", {"one": page("one", SECOND, next="two", last="x"), "two": TWO}),
        ("page-loop", "next", {"one": ONE, "two": page("two", FIRST, next="one")}),
        ("page-loop", "next", {"one": page("one", SECOND, next="one")}),
        ("page-back", "previous", {"one": ONE, "two": page("two", FIRST, previous="three")}),
        (
            *("page-last", "last"),
            {"one": ONE, "two": page("two", FIRST, next="three"), "three": page("three", "")},
        ),
        (
            *("page-repeats", "0b6ea7b4-7b60-4c2e-9b9c-000000000002"),
            {"one": ONE, "two": page("two", SECOND + FIRST, previous="one")},
        ),
    ],
)
def test_a_fault_between_pages_is_reported(what: str, name: str, pages: dict[str, str]) -> None:
    assert findings(**pages) == {(message(f"feed.{what}"), name)}


def test_a_page_that_is_no_feed_is_as_good_as_missing() -> None:
    pages = {"one": ONE, "two": page("two", FIRST, next="three"), "three": "<html/>"}
    assert findings(**pages) == {(message("feed.page-missing"), "next")}
