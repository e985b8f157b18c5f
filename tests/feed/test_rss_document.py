from __future__ import annotations

import datetime as dt
import email.utils
import io
import locale
from typing import Any

import feedparser
import msgspec
import podcastparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.support.feed_values import HARD, whole

from avsnitt.feed.namespaces.rss import render_date
from avsnitt.feed.rss_document import render_feed, render_feed_frame
from avsnitt.feed.rss_item import render_item
from avsnitt.feed.values import (
    AlternateEnclosure,
    Channel,
    Enclosure,
    Item,
    ItemPerson,
    LiveItem,
    Trailer,
    TranscriptLink,
)
from avsnitt.formats.plain_text import clean_line, clean_text
from avsnitt.model.podcast20 import (
    Chat,
    ContentLink,
    Extras,
    Funding,
    Location,
    PodcastImage,
    RemoteItem,
    SocialInteract,
    Soundbite,
    Txt,
    UpdateFrequency,
    ValueRecipient,
    ValueTag,
    ValueTimeSplit,
)
from avsnitt.model.show import Category, Chapter, License

NS = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
}

CHANNEL_ELEMENTS = [
    *("title", "description", "link", "language", "copyright", "generator", "lastBuildDate"),
    *("atom:link[@rel='self'][@type='application/rss+xml']", "itunes:category[@text]"),
    *("itunes:explicit", "itunes:image[@href]", "itunes:author", "itunes:type", "image/url"),
    *("podcast:locked[@owner]", "podcast:guid", "podcast:funding[@url]", "podcast:person[@href]"),
    "podcast:license[@url]",
]
"""Required and recommended by PSP-1 and Apple, and what of Podcasting 2.0 we promise."""

ITEM_ELEMENTS = [
    *("title", "link", "pubDate", "description", "content:encoded", "guid[@isPermaLink='false']"),
    *("enclosure[@url][@length][@type]", "itunes:duration", "itunes:image[@href]"),
    *("itunes:explicit", "itunes:title", "itunes:episode", "itunes:season", "itunes:episodeType"),
    *("podcast:transcript[@url][@type]", "podcast:chapters[@url][@type]", "podcast:season"),
    *("podcast:episode", "podcast:license[@url]", "podcast:person[@role][@group]"),
    "psc:chapters/psc:chapter[@start][@title]",
]


def _joined(channel: Channel, items: tuple[Item, ...]) -> bytes:
    head, tail = render_feed_frame(channel)
    return head + b"".join(map(render_item, items)) + tail


def _read(document: bytes) -> Any:
    return etree.fromstring(document)[0]


def _texts(parent: Any, path: str) -> list[str]:
    return [element.text or "" for element in parent.findall(path, NS)]


def test_the_fragments_joined_are_what_feedgen_writes_for_the_whole() -> None:
    channel, items = whole()
    assert _joined(channel, items) == render_feed(channel, items)
    assert _joined(channel, ()) == render_feed(channel, ())


def test_the_same_show_gives_the_same_bytes_in_any_locale() -> None:
    first = _joined(*whole())
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("sv_SE.UTF-8", "C.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert _joined(*whole()) == first
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_the_document_is_declared_rss_with_every_prefix_on_the_root() -> None:
    document = _joined(*whole())
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<rss xmlns:itunes=")
    assert document.count(b"xmlns") == len(NS)
    root = etree.fromstring(document)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    assert root.nsmap == NS
    assert b"<ns0" not in document


@pytest.mark.parametrize("path", CHANNEL_ELEMENTS)
def test_the_head_has_every_element_that_is_asked_for(path: str) -> None:
    found = _read(_joined(*whole())).findall(path, NS)
    assert found
    assert len(found) == 1 or path.split("[", maxsplit=1)[0] in {
        "itunes:category",
        "podcast:person",
    }


@pytest.mark.parametrize("path", ITEM_ELEMENTS)
def test_an_item_has_every_element_that_is_asked_for(path: str) -> None:
    for item in _read(_joined(*whole())).findall("item"):
        assert item.findall(path, NS)


def test_the_head_comes_before_the_items_and_the_synopsis_before_the_whole() -> None:
    channel = _read(_joined(*whole()))
    tags = [element.tag for element in channel]
    assert tags[-3:] == ["item"] * 3
    assert "item" not in tags[:-3]
    for item in channel.findall("item"):
        inner = [element.tag for element in item]
        assert inner.index("description") < inner.index(f"{{{NS['content']}}}encoded")


def test_nothing_that_should_stand_alone_stands_twice() -> None:
    many = {"transcript", "person", "category", "funding"}
    channel = _read(_joined(*whole()))
    for parent in (channel, *channel.findall("item")):
        tags = [element.tag for element in parent if element.tag != "item"]
        single = [tag for tag in tags if etree.QName(tag).localname not in many]
        assert len(single) == len(set(single))


def test_the_values_are_spelt_as_the_directories_want_them() -> None:
    channel = _read(_joined(*whole()))
    item = channel.find("item")
    assert _texts(channel, "itunes:explicit") == _texts(item, "itunes:explicit") == ["false"]
    assert _texts(item, "itunes:duration") == ["62"]
    assert _texts(item, "pubDate") == ["Sat, 03 Oct 2026 07:00:00 +0200"]
    assert _texts(channel, "lastBuildDate") == ["Sat, 03 Oct 2026 07:00:00 +0200"]
    assert _texts(channel, "podcast:locked") == ["yes"]
    assert _texts(item, "podcast:license") == ["CC-BY-4.0"]
    assert channel.find("atom:link", NS).get("href") == "https://podd.exempel.se/feed.xml"
    categories = channel.findall("itunes:category", NS)
    assert [found.get("text") for found in categories] == ["Society & Culture", "Government"]
    assert [found.get("text") for found in categories[0]] == ["Philosophy"]
    transcripts = [
        (found.get("type"), found.get("rel")) for found in item.findall("podcast:transcript", NS)
    ]
    assert transcripts == [
        ("text/vtt", "captions"),
        ("application/x-subrip", "captions"),
        ("application/json", None),
        ("text/html", None),
        ("text/plain", None),
    ]
    assert item.find("podcast:chapters", NS).get("type") == "application/json+chapters"


def test_inline_chapters_show_the_visible_list() -> None:
    item = _read(_joined(*whole())).find("item")
    rows = item.findall("psc:chapters/psc:chapter", NS)
    assert [(row.get("start"), row.get("title")) for row in rows] == [
        ("00:00:00.000", "Välkommen"),
        ("00:01:00.500", HARD),
        ("00:02:00.000", "Slut"),
    ]
    assert rows[1].get("href") == "https://exempel.se/?a=1&b=2"
    assert rows[0].get("image") == "https://podd.exempel.se/pictures/a-1.png"


def test_what_is_not_set_is_not_written() -> None:
    channel, items = whole()
    document = _joined(channel, items)
    for name in (b"new-feed-url", b"complete", b"block", b"itunes:owner", b"itunes:summary"):
        assert name not in document
    described = msgspec.structs.replace(
        channel, new_feed_url="https://ny.se/feed.xml", complete=True, block=True, locked=False
    )
    head = _read(_joined(described, ()))
    assert _texts(head, "itunes:new-feed-url") == ["https://ny.se/feed.xml"]
    assert _texts(head, "itunes:complete") == _texts(head, "itunes:block") == ["Yes"]
    assert (_texts(head, "podcast:block"), _texts(head, "podcast:locked")) == (["yes"], ["no"])


def test_a_licence_of_ones_own_needs_an_address() -> None:
    _, (item, *_rest) = whole()
    for license, expected in [
        (License(id="CC0-1.0", name="CC0", url="https://cc.org/0"), ["CC0-1.0"]),
        (License(id="egen", name="Egen"), []),
        (License(id="arr", name="Alla rättigheter"), ["ARR"]),
    ]:
        changed = msgspec.structs.replace(item, license=license)
        assert _texts(_read(_joined(whole()[0], (changed,))), "item/podcast:license") == expected


def test_feedparser_reads_every_letter_back() -> None:
    channel, items = whole()
    read = feedparser.parse(_joined(channel, items), sanitize_html=False)
    assert not read.bozo
    assert read.feed.title == channel.title
    assert read.feed.subtitle == channel.description
    assert read.feed.author == channel.author
    assert read.feed.language == "sv"
    for entry, item in zip(read.entries, items, strict=True):
        assert entry.title == item.title
        assert entry.id == item.guid
        assert entry.link == item.link
        assert entry.content[0].value == item.content_html
        assert entry.summary == item.description_html
        assert entry.enclosures[0].length == str(item.enclosure.length_bytes)
        assert entry.itunes_duration == "62"


def test_podcastparser_reads_every_letter_back() -> None:
    """It knows the podcast namespace by an older address, so of that it reads nothing."""
    channel, items = whole()
    read = podcastparser.parse(
        "https://podd.exempel.se/feed.xml", io.BytesIO(_joined(channel, items))
    )
    assert read["title"] == " ".join(channel.title.split())
    assert read["cover_url"] == channel.image
    assert read["language"] == "sv"
    for episode, item in zip(read["episodes"], items, strict=True):
        assert episode["title"] == item.title
        assert episode["guid"] == item.guid
        assert episode["link"] == item.link
        assert episode["description_html"] == item.content_html
        assert episode["total_time"] == 62
        assert episode["number"] == item.number
        assert episode["explicit"] is False
        assert episode["enclosures"][0]["file_size"] == item.enclosure.length_bytes
        assert [chapter["start"] for chapter in episode["chapters"]] == [0, 60, 120]
        assert episode["chapters"][1]["title"] == HARD
        assert episode["published"] == item.published.timestamp()


WRITING = st.text(st.characters(codec=None), max_size=40)
FILLED = WRITING.filter(lambda text: bool(clean_line(text)))
MOMENTS = st.datetimes(
    min_value=dt.datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-3, minutes=-30))]),
)
LICENSES = st.builds(License, id=FILLED, name=FILLED, url=WRITING)
PEOPLE = st.lists(
    st.builds(ItemPerson, name=FILLED, role=WRITING, href=WRITING, img=WRITING), max_size=2
).map(tuple)


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


TIMES_MS = st.integers(0, 10**8)
REMOTES = st.builds(RemoteItem, feed_guid=FILLED, feed_url=WRITING, title=WRITING)
RECIPIENTS = some(
    st.builds(
        ValueRecipient,
        type=FILLED,
        address=FILLED,
        split=st.integers(1, 100),
        name=WRITING,
        fee=st.booleans(),
    )
)
EXTRAS = st.just(Extras()) | st.builds(
    Extras,
    funding=some(st.builds(Funding, url=FILLED, text=WRITING)),
    locations=some(
        st.builds(Location, name=WRITING, rel=st.sampled_from(["subject", "creator"]), geo=WRITING)
    ),
    value=some(
        st.builds(
            ValueTag,
            type=FILLED,
            method=FILLED,
            suggested=WRITING,
            recipients=RECIPIENTS,
            time_splits=some(
                st.builds(
                    ValueTimeSplit,
                    start_ms=TIMES_MS,
                    duration_ms=TIMES_MS,
                    recipients=RECIPIENTS,
                    remote=st.none() | REMOTES,
                )
            ),
        )
    ),
    social=some(
        st.builds(
            SocialInteract, protocol=FILLED, uri=WRITING, priority=st.none() | st.integers(0, 9)
        )
    ),
    chat=st.none() | st.builds(Chat, server=FILLED, protocol=FILLED, space=WRITING),
    txt=some(st.builds(Txt, text=WRITING, purpose=WRITING)),
    images=some(
        st.builds(
            PodcastImage,
            file=FILLED,
            alt=WRITING,
            purpose=WRITING,
            width=st.none() | st.integers(1, 9000),
        )
    ),
)
ALTERNATES = some(
    st.builds(
        AlternateEnclosure,
        type=FILLED,
        sources=some(st.tuples(FILLED, WRITING)),
        length_bytes=st.none() | st.integers(0, 2**40),
        title=WRITING,
        default=st.booleans(),
        integrity=WRITING,
    )
)
ITEMS = st.builds(
    Item,
    guid=FILLED,
    title=WRITING,
    link=FILLED,
    published=MOMENTS,
    description_html=WRITING,
    content_html=WRITING,
    enclosure=st.builds(
        Enclosure,
        url=FILLED,
        length_bytes=st.integers(0, 2**40),
        mime=FILLED,
        duration_ms=st.integers(0, 10**9),
    ),
    image=WRITING,
    type=st.sampled_from(["full", "trailer", "bonus"]),
    explicit=st.booleans(),
    license=LICENSES,
    number=st.none() | st.integers(0, 9999),
    season=st.none() | st.integers(0, 99),
    chapters_url=WRITING,
    chapters=st.lists(
        st.builds(
            Chapter,
            start_ms=st.integers(0, 10**8),
            title=WRITING,
            url=WRITING,
            hidden=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    transcripts=st.lists(
        st.builds(TranscriptLink, url=FILLED, mime=FILLED, language=WRITING), max_size=2
    ).map(tuple),
    people=PEOPLE,
    season_name=WRITING,
    display_number=WRITING,
    block=st.booleans(),
    soundbites=some(st.builds(Soundbite, start_ms=TIMES_MS, duration_ms=TIMES_MS, title=WRITING)),
    alternates=ALTERNATES,
    extras=EXTRAS,
)
CHANNELS = st.builds(
    Channel,
    title=WRITING,
    link=FILLED,
    self_url=FILLED,
    description=WRITING,
    language=FILLED,
    author=WRITING,
    guid=FILLED,
    image=FILLED,
    categories=st.lists(st.builds(Category, name=FILLED, sub=WRITING), max_size=2).map(tuple),
    explicit=st.booleans(),
    type=st.sampled_from(["episodic", "serial"]),
    license=LICENSES,
    updated=MOMENTS,
    copyright=WRITING,
    locked_owner=WRITING,
    extras=EXTRAS,
    blocked_on=st.lists(FILLED, max_size=2).map(tuple),
    medium=WRITING,
    podping=st.booleans(),
    publisher=st.none() | REMOTES,
    podroll=some(REMOTES),
    remote_items=some(REMOTES),
    update_frequency=st.none() | st.builds(UpdateFrequency, text=WRITING, rrule=WRITING),
    trailers=some(
        st.builds(
            Trailer,
            title=WRITING,
            url=FILLED,
            published=MOMENTS,
            length_bytes=st.integers(0, 2**40),
            mime=FILLED,
        )
    ),
    live=some(
        st.builds(
            LiveItem,
            status=st.sampled_from(["pending", "live", "ended"]),
            start=FILLED,
            end=WRITING,
            links=some(st.builds(ContentLink, href=FILLED, text=WRITING)),
            item=ITEMS,
        ),
        1,
    ),
    people=PEOPLE,
    new_feed_url=WRITING,
    complete=st.booleans(),
    block=st.booleans(),
)


@settings(max_examples=60)
@given(CHANNELS, st.lists(ITEMS, max_size=2).map(tuple))
def test_any_text_at_all_gives_a_feed_that_reads_back(
    channel: Channel, items: tuple[Item, ...]
) -> None:
    document = _joined(channel, items)
    assert document == render_feed(channel, items)
    read = _read(document)
    assert _texts(read, "title") == [clean_line(channel.title) or clean_line(channel.guid)]
    assert read.find("atom:link", NS).get("href") == clean_line(channel.self_url)
    for element, item in zip(read.findall("item"), items, strict=True):
        title = clean_line(item.title) or clean_line(item.guid)
        description = clean_text(item.description_html) or title
        assert _texts(element, "guid") == [clean_line(item.guid)]
        assert _texts(element, "title") == [title]
        assert _texts(element, "description") == [description]
        assert _texts(element, "content:encoded") == [clean_text(item.content_html) or description]
        assert element.find("enclosure").get("url") == clean_line(item.enclosure.url)
        assert _texts(element, "podcast:person") == [
            clean_line(person.name) for person in item.people
        ]


@given(MOMENTS)
def test_a_date_is_read_as_the_same_moment(moment: dt.datetime) -> None:
    whole_second = moment.replace(microsecond=0)
    written = render_date(whole_second)
    assert email.utils.parsedate_to_datetime(written) == whole_second
    assert written == email.utils.format_datetime(whole_second)
