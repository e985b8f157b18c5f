from __future__ import annotations

import datetime as dt
import io
from itertools import chain, pairwise

import msgspec
import podcastparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.support.feed_values import ADDRESS, channel, episode, item, show

from avsnitt import routes
from avsnitt.feed.paging import links_bound, page_channel, page_paths, split_pages
from avsnitt.feed.rss_document import render_feed_frame
from avsnitt.feed.rss_item import render_item
from avsnitt.feed.values import LiveItem

FRAME, LINKS = 400, 100
SIZES = st.lists(st.integers(1, 900), max_size=60)
LIMITS = st.integers(1, 8000)
ATOM = "{http://www.w3.org/2005/Atom}link"


def split(sizes: list[int], limit: int) -> tuple[range, ...]:
    return split_pages(sizes, limit_bytes=limit, frame_bytes=FRAME, links_bytes=LINKS)


def size(sizes: list[int], page: range, pages: int) -> int:
    return FRAME + (LINKS if pages > 1 else 0) + sum(sizes[index] for index in page)


@given(SIZES, LIMITS)
def test_every_item_is_on_one_page_and_in_order(sizes: list[int], limit: int) -> None:
    assert list(chain.from_iterable(split(sizes, limit))) == list(range(len(sizes)))


@given(SIZES, LIMITS)
def test_no_page_is_too_large_unless_one_item_is(sizes: list[int], limit: int) -> None:
    first, *older = pages = split(sizes, limit)
    assert len(first) <= 1 or size(sizes, first, len(pages)) <= limit
    for page in older:
        assert len(page) == 1 or size(sizes, page, len(pages)) <= limit / 2
        assert len(page) > 0


@given(SIZES, LIMITS)
def test_no_page_is_smaller_than_it_must_be(sizes: list[int], limit: int) -> None:
    """A page is closed only because the next item has no room in it."""
    first, *older = pages = split(sizes, limit)
    for newer, page in pairwise((first, *older)):
        oldest_of_newer = sizes[newer[-1]]
        assert size(sizes, page, len(pages)) + oldest_of_newer > limit // 2


@given(SIZES.filter(bool), LIMITS)
def test_a_new_item_leaves_every_older_page_as_it_was(sizes: list[int], limit: int) -> None:
    """Counted from the end, where nothing moves: the same items on the same numbered pages."""
    before = [list(page) for page in split(sizes[1:], limit)[1:]]
    after = [[index - 1 for index in page] for page in split(sizes, limit)[1:]]
    assert after[len(after) - len(before) :] == before


@given(SIZES, LIMITS)
def test_a_feed_that_is_small_enough_is_not_paged(sizes: list[int], limit: int) -> None:
    assert (len(split(sizes, FRAME + sum(sizes))), len(split(sizes, 0))) == (1, 1)
    assert (len(split(sizes, limit)) == 1) or FRAME + sum(sizes) > limit


def test_a_feed_without_items_is_a_page() -> None:
    assert split([], 100) == (range(0),)


def test_ten_thousand_items_are_divided_in_one_walk() -> None:
    pages = split([4000] * 10_000, 900_000)
    assert sum(map(len, pages)) == 10_000
    assert [len(page) for page in pages[1:]] == [112] * 88


@pytest.mark.parametrize("feed", ["feed.xml", "feed-sv.xml", "feed.json"])
def test_the_oldest_page_is_number_one(feed: str) -> None:
    stem, ending = feed.split(".")
    assert page_paths(feed, 3) == (feed, f"{stem}-2.{ending}", f"{stem}-1.{ending}")
    assert page_paths(feed, 1) == (feed,)


def pages_of(count: int, limit: int) -> dict[str, bytes]:
    """The documents of a real show's feed, by path."""
    of = show(*(episode(number) for number in range(count, 0, -1)))
    head, rendered = channel(of), [render_item(item(of, one)) for one in of.episodes]
    frame = sum(map(len, render_feed_frame(head)))
    links = links_bound(ADDRESS, routes.FEED)
    sizes = list(map(len, rendered))
    pages = split_pages(sizes, limit_bytes=limit, frame_bytes=frame, links_bytes=links)
    paths = page_paths(routes.FEED, len(pages))
    documents = {}
    for place, page in enumerate(pages):
        newest = of.episodes[page[0]].published
        top, tail = render_feed_frame(page_channel(head, ADDRESS, paths, place, newest))
        documents[paths[place]] = top + b"".join(rendered[index] for index in page) + tail
    return documents


def links(document: bytes) -> dict[str, str]:
    found = {
        one.get("rel", ""): one.get("href", "") for one in etree.fromstring(document).iter(ATOM)
    }
    return {rel: url.removeprefix(f"{ADDRESS}/") for rel, url in found.items()}


def test_the_pages_know_each_other_and_nothing_past_the_ends() -> None:
    documents = pages_of(12, 30_000)
    assert list(documents) == ["feed.xml", "feed-2.xml", "feed-1.xml"]
    ends = {"first": "feed.xml", "last": "feed-1.xml"}
    assert links(documents["feed.xml"]) == {"self": "feed.xml", **ends, "next": "feed-2.xml"}
    middle = {"self": "feed-2.xml", **ends, "previous": "feed.xml", "next": "feed-1.xml"}
    assert links(documents["feed-2.xml"]) == middle
    assert links(documents["feed-1.xml"]) == {
        "self": "feed-1.xml",
        **ends,
        "previous": "feed-2.xml",
    }


def test_the_real_pages_keep_to_the_size_with_all_their_links() -> None:
    documents = pages_of(12, 30_000)
    assert len(documents["feed.xml"]) <= 30_000
    assert all(len(data) <= 15_000 for path, data in documents.items() if path != "feed.xml")


def test_a_page_is_dated_by_its_own_newest_episode() -> None:
    dates = {
        path: etree.fromstring(data).findtext("channel/lastBuildDate")
        for path, data in pages_of(12, 30_000).items()
    }
    assert dates["feed.xml"] == "Mon, 12 Oct 2026 07:00:00 +0200"
    assert len(set(dates.values())) == 3


def test_a_new_episode_changes_the_first_page_alone() -> None:
    """But for the one link that a page gets when its newer neighbour is made."""
    before, after = pages_of(13, 30_000), pages_of(14, 30_000)
    assert list(before) == list(after)
    assert [path for path in before if before[path] != after[path]] == ["feed.xml"]
    for count in range(1, 25):
        before, after = pages_of(count, 30_000), pages_of(count + 1, 30_000)
        older = set(before) - {"feed.xml"}
        newest = f"feed-{len(older)}.xml"
        changed = {path for path in older if before[path] != after[path]}
        assert changed == ({newest} & older if len(after) > len(before) else set())
        for path in changed:
            old, new = links(before[path]), links(after[path])
            assert {rel for rel in new if old[rel] != new[rel]} == {"previous"}
            linked = f"{ADDRESS}/{old['previous']}", f"{ADDRESS}/{new['previous']}"
            text = before[path].decode()
            moved = [f'"{url}" rel="previous"' for url in linked]
            assert text.replace(*moved).encode() == after[path]


def test_podcastparser_finds_every_episode_by_turning_pages() -> None:
    documents = pages_of(12, 30_000)
    path, found = "feed.xml", []
    while path:
        read = podcastparser.parse(f"{ADDRESS}/{path}", io.BytesIO(documents[path]))
        found += [one["guid"] for one in read["episodes"]]
        path = read.get("paged_feed_next", "").removeprefix(f"{ADDRESS}/")
    assert found == [episode(number).guid for number in range(12, 0, -1)]


def test_a_feed_of_one_page_has_no_links_to_pages() -> None:
    (document,) = pages_of(3, 0).values()
    assert links(document) == {"self": "feed.xml"}
    head = page_channel(channel(show()), ADDRESS, ["feed.xml"], 0, dt.datetime.now(dt.UTC))
    assert head.paging is None


def test_what_is_sent_live_is_reported_on_the_first_page_alone() -> None:
    """Or every old page would change as it begins and ends."""
    one = item(show(episode(1)), episode(1))
    live = LiveItem(status="live", start="2026-12-01T19:00:00+01:00", end="", links=(), item=one)
    head = msgspec.structs.replace(channel(show()), live=(live,))
    paths = page_paths(routes.FEED, 3)
    described = [page_channel(head, ADDRESS, paths, place, None).live for place in range(3)]
    assert described == [(live,), (), ()]
