from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.support.feed_values import ADDRESS, HARD, show

from avsnitt.feed.opml import render_opml
from avsnitt.formats.plain_text import clean_line
from avsnitt.model.show import NetworkShow

LUNCH = NetworkShow(
    title="Lunch", feed_url="https://lunch.se/feed.xml", site_url="https://lunch.se/", language="sv"
)
WRITING = st.text(st.characters(codec=None), max_size=30)


def outlines(*network: NetworkShow, **changes: object) -> list[dict[str, str]]:
    root = etree.fromstring(render_opml(show(network=network, **changes)))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    return [dict(one.attrib) for one in root.iterfind("body/outline")]


def test_this_show_comes_first_and_then_the_network() -> None:
    own, other = outlines(LUNCH)
    assert own == {
        "type": "rss",
        "text": f"Öppen kanal {HARD}",
        "title": f"Öppen kanal {HARD}",
        "xmlUrl": f"{ADDRESS}/feed.xml",
        "htmlUrl": f"{ADDRESS}/",
        "language": "sv",
    }
    assert (other["text"], other["xmlUrl"]) == ("Lunch", "https://lunch.se/feed.xml")


def test_a_show_that_is_named_twice_is_listed_once() -> None:
    itself = NetworkShow(title="Samma", feed_url=f"{ADDRESS}/feed.xml")
    titles = [one["text"] for one in outlines(itself, LUNCH, LUNCH)]
    assert titles == [f"Öppen kanal {HARD}", "Lunch"]


def test_what_is_not_known_is_left_out() -> None:
    bare = NetworkShow(title="", feed_url="https://x.se/f")
    assert outlines(bare)[1] == {
        "type": "rss",
        "text": "https://x.se/f",
        "title": "https://x.se/f",
        "xmlUrl": "https://x.se/f",
    }


@given(
    title=WRITING,
    others=st.lists(st.builds(NetworkShow, title=WRITING, feed_url=WRITING, language=WRITING)),
)
def test_no_text_breaks_it(title: str, others: list[NetworkShow]) -> None:
    found = outlines(*others, title=title)
    wanted = dict.fromkeys(one.feed_url for one in others)
    assert [one.get("xmlUrl", "") for one in found[1:]] == list(map(clean_line, wanted))
