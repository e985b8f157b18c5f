"""What servers could answer, whatever it is; the real ones are asked in the workflow's tests."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.served.feed import ask_again, check_feed_answer
from avsnitt.checks.served.files import (
    MOST_OF_ONE_ITEM,
    check_answers,
    newest_items,
    plan_questions,
)
from avsnitt.net.messages import Answer, Response, Silence
from avsnitt.problems.feed_rules import ONLINE

HEAD = """<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:atom="http://www.w3.org/2005/Atom"><channel>"""
ITEM = """<item><guid>ett</guid><link>https://a.example/1</link><pubDate>{date}</pubDate>
<enclosure url="https://a.example/1.mp3" length="{length}" type="audio/mpeg"/>
<itunes:image href="https://a.example/1.jpg"/>
<podcast:chapters url="https://a.example/1.json" type="application/json"/>
<podcast:transcript url="https://a.example/1.vtt" type="{mime}"/></item>"""
TAIL = '<atom:link rel="hub self" href="https://a.example/hub"/></channel></rss>'


def feed_of(*items: str) -> Feed:
    data = "".join((HEAD, *items, TAIL)).encode()
    return Feed(etree.fromstring(data), data)


def item(date: str = "", length: str = "5", mime: str = "text/vtt") -> str:
    return ITEM.format(date=date, length=length, mime=mime)


names = st.sampled_from(
    ("content-type", "content-length", "access-control-allow-origin", "link", "etag", "x")
)
headers = st.dictionaries(names, st.text(max_size=40) | st.just("9" * 500) | st.just("-1"))
answers: st.SearchStrategy[Answer] = st.builds(
    Silence, st.sampled_from(("loop", "too-many", "slow", "private"))
) | st.builds(
    Response,
    status=st.integers(100, 999),
    url=st.text(max_size=30),
    redirects=st.lists(st.text(max_size=9), max_size=6).map(tuple),
    headers=headers,
)


@given(st.data(), st.sampled_from(("5", "-5", "nan", "9" * 400, "")))
def test_whatever_servers_answer_nothing_is_raised(data: st.DataObject, length: str) -> None:
    feed = feed_of(item(length=length))
    questions = plan_questions(feed).questions
    assert {one.kind for one in questions} == {
        "media",
        "image",
        "chapters",
        "transcript",
        "page",
        "hub",
    }
    got = {asked: data.draw(answers) for one in questions for asked in one.asks}
    findings = [*check_answers(feed, questions, got)]
    first, again = data.draw(answers), data.draw(st.none() | answers)
    if isinstance(first, Response):
        ask_again(first)
        findings += check_feed_answer(feed, "https://a.example/feed.xml", first, again)
    assert {finding.code for finding in findings} <= set(ONLINE)


@given(st.lists(st.text(alphabet="Mon, 0123456789 JanFeb:+-GMTZ<>&", max_size=40), max_size=5))
def test_any_dates_have_an_order(dates: list[str]) -> None:
    escaped = [one.replace("&", "&amp;").replace("<", "&lt;") for one in dates]
    feed = feed_of(*(item(date) for date in escaped))
    assert len(newest_items(feed, 3)) == min(3, len(dates))


def test_the_newest_are_those_of_latest_date_and_not_the_first() -> None:
    dates = ("Mon, 05 Oct 2026 07:00:00 +0200", "", "Mon, 05 Oct 2026 06:00:00 GMT", "i höst")
    feed = feed_of(*(item(date) for date in dates))
    order = [feed.items.index(one) for one in newest_items(feed, 4)]
    assert order == [2, 0, 1, 3]


def test_a_hundred_thousand_items_and_hubs_are_planned_at_once() -> None:
    hubs = '<atom:link rel="hub" href="https://h.example/%d"/>'
    images = '<podcast:image href="https://a.example/%d.jpg"/>'
    feed = feed_of(
        *(hubs % number for number in range(100_000)),
        *(images % number for number in range(100_000)),
        *("<item/>" for _ in range(100_000)),
    )
    began = time.process_time()
    plan = plan_questions(feed)
    assert len(plan.questions) < 3 * MOST_OF_ONE_ITEM
    assert (plan.items, plan.of) == (20, 100_000)
    assert time.process_time() - began < 20
