"""What subscribers would notice, told from two ledgers alone."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.rss_items import FeedItem, FeedItems
from avsnitt.model.message import message
from avsnitt.model.podcast20 import Extras, Txt
from avsnitt.model.publication import GONE, PublicationRecord, PublishedEpisode, PublishedShow
from avsnitt.model.show import Category, Episode, License, Picture, Show
from avsnitt.publish.change_rules import find_refusals, find_stale, proofs
from avsnitt.publish.changes import KINDS, REFUSED, PublicationChange, find_changes
from avsnitt.publish.from_feed import record_of_feed

FEED = "https://podd.exempel.se/feed.xml"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def row(name: str, **changes: object) -> PublishedEpisode:
    day = sum(map(ord, name)) % 28 + 1
    fine = PublishedEpisode(
        slug=name,
        guid=f"guid-{name}",
        title=f"Om {name}",
        published=f"2026-01-{day:02}T07:00:00+01:00",
        enclosure=f"media/{name}.mp3",
        sound=f"sound-{name}",
        duration_ms=2000,
    )
    return msgspec.structs.replace(fine, **changes)


def record(*rows: PublishedEpisode, **head: object) -> PublicationRecord:
    show = PublishedShow(title="Öppen kanal", guid="0f5a", feed=FEED, cover="c1")
    return PublicationRecord(show=msgspec.structs.replace(show, **head), episodes=rows)


def kinds(changes: tuple[PublicationChange, ...]) -> list[str]:
    return [change.kind for change in changes]


A, B, C = row("a"), row("b"), row("c")
OLD = record(A, B, C)


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"guid": "x"}, ["guid"]),
        ({"slug": "x", "enclosure": "media/x.mp3"}, ["address"]),
        ({"enclosure": "media/b.m4a", "sound": "x"}, ["enclosure"]),
        ({"slug": "x", "enclosure": "media/x.m4a", "sound": "x"}, ["address", "enclosure"]),
        ({"sound": "x"}, ["sound"]),
        ({"title": "x"}, ["title"]),
        ({"published": "2026-01-30T07:00:00+01:00"}, ["date", "order"]),
        ({"published": B.published.replace("07:00:00+01:00", "06:00:00+00:00")}, []),
        ({"number": 4}, ["number"]),
        ({"season": 2}, ["number"]),
        ({"duration_ms": 2001}, []),
        ({"enclosure": "", "sound": ""}, []),
    ],
)
def test_each_change_of_an_episode_has_its_name(
    changes: dict[str, object], reported: list[str]
) -> None:
    now = record(A, msgspec.structs.replace(B, **changes), C)
    assert sorted(kinds(find_changes(OLD, now))) == sorted(reported)


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"guid": "x"}, ["show-guid"]),
        ({"feed": "https://x.se/feed.xml"}, ["feed"]),
        ({"title": "x"}, ["show-title"]),
        ({"cover": "c2"}, ["cover"]),
        ({"cover": ""}, []),
    ],
)
def test_each_change_of_the_show_has_its_name(
    changes: dict[str, object], reported: list[str]
) -> None:
    assert kinds(find_changes(OLD, record(A, B, C, **changes))) == reported


def test_a_guid_is_who_an_episode_is_wherever_it_lies() -> None:
    swapped = record(
        msgspec.structs.replace(A, slug="b", enclosure="media/b.mp3"),
        msgspec.structs.replace(B, slug="a", enclosure="media/a.mp3"),
        C,
    )
    assert kinds(find_changes(OLD, swapped)) == ["address", "address"]


def test_another_episode_at_an_old_address_is_new_and_the_old_one_gone() -> None:
    moved = msgspec.structs.replace(C, slug="b", enclosure="media/b.mp3")
    assert sorted(kinds(find_changes(OLD, record(A, moved)))) == ["address", "gone"]


def test_a_move_that_the_episode_shows_of_is_meant() -> None:
    moved = record(A, msgspec.structs.replace(B, slug="x", enclosure="media/x.mp3"), C)
    (change,) = find_changes(OLD, moved, {"x": ("b",)})
    assert not change.is_refused
    (change,) = find_changes(OLD, moved, {"x": ("other",)})
    assert change.is_refused


def test_a_move_to_another_format_is_still_a_lost_file() -> None:
    moved = record(A, msgspec.structs.replace(B, slug="x", enclosure="media/x.opus"), C)
    refused = [one.kind for one in find_changes(OLD, moved, {"x": ("b",)}) if one.is_refused]
    assert refused == ["enclosure"]


def test_a_new_address_for_the_feed_is_meant_when_apps_are_reported() -> None:
    new = "https://x.se/feed.xml"
    (change,) = find_changes(OLD, record(A, B, C, feed=new, new_feed_url=new))
    assert not change.is_refused
    (change,) = find_changes(OLD, record(A, B, C, feed=new, new_feed_url=FEED))
    assert change.is_refused


EPISODES = st.builds(
    row,
    st.sampled_from("abcdef"),
    guid=st.sampled_from(["g1", "g2", "g3", "g4"]),
    sound=st.sampled_from(["s1", "s2"]),
    enclosure=st.sampled_from(["media/a.mp3", "media/a.m4a", ""]),
    title=st.sampled_from(["t1", "t2"]),
    published=st.sampled_from(["", "2026-01-05T07:00:00+01:00", "2026-02-05T07:00:00+01:00"]),
    accepted=st.sampled_from([(), (GONE,), ("g2", "s2")]),
)
LEDGERS = st.lists(
    EPISODES, max_size=4, unique_by=(lambda one: one.slug, lambda one: one.guid)
).map(lambda rows: record(*rows))


@given(LEDGERS, LEDGERS)
def test_every_episode_of_both_is_accounted_for(
    old: PublicationRecord, new: PublicationRecord
) -> None:
    changes = find_changes(old, new)
    gone = sum(change.kind == "gone" for change in changes)
    fresh = sum(change.kind == "new" for change in changes)
    assert len(old.episodes) - gone == len(new.episodes) - fresh
    assert [KINDS.index(one.kind) for one in changes] == sorted(
        KINDS.index(one.kind) for one in changes
    )


@given(LEDGERS)
def test_what_has_not_changed_is_not_noticed(same: PublicationRecord) -> None:
    assert find_changes(same, same) == ()


@given(LEDGERS, LEDGERS)
def test_what_has_been_accepted_is_refused_no_more(
    old: PublicationRecord, new: PublicationRecord
) -> None:
    meant: dict[str, list[str]] = {}
    for change in find_changes(old, new):
        if change.is_refused:
            after = GONE if change.kind == "gone" else change.after
            meant.setdefault(change.was, []).append(after)
    rows = (
        msgspec.structs.replace(one, accepted=(*one.accepted, *meant.get(one.slug, ())))
        for one in old.episodes
    )
    accepting = PublicationRecord(show=old.show, episodes=tuple(rows))
    assert not any(change.is_refused for change in find_changes(accepting, new))


# Stated in the author's own files

LICENSE = License(id="CC-BY-4.0", name="CC BY 4.0")


def show(**changes: object) -> Show:
    fine = Show(
        title="Öppen kanal",
        address="https://podd.exempel.se",
        language="sv",
        description="Ett samtal.",
        guid="0f5a",
        author="Exempelköping",
        license=LICENSE,
        categories=(Category(name="Government"),),
        cover=Picture(path="site/cover.png"),
        episodes=tuple(
            Episode(
                slug=name,
                guid=f"guid-{name}",
                title=name,
                folder=f"episodes/00{number}-{name}",
                language="sv",
                license=LICENSE,
                status="published",
            )
            for number, name in enumerate("abc", 1)
        ),
    )
    return msgspec.structs.replace(fine, **changes)


@pytest.mark.parametrize("kind", sorted(REFUSED - {"gone"}))
def test_everything_that_is_refused_has_a_rule_and_a_place(kind: str) -> None:
    change = PublicationChange(kind=kind, slug="b", title="b", was="b", before="x", after="y")  # type: ignore[arg-type]
    (finding,) = find_refusals(show(), [change])
    assert finding.subject.id in ("site/show.toml", "episodes/002-b/episode.md")
    assert finding.values["before"] == "x"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in REFUSED and kind != "date"])
def test_what_hurts_nobody_is_not_a_problem(kind: str) -> None:
    assert list(find_refusals(show(), [PublicationChange(kind=kind, slug="b")])) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "reasons"),
    [(364, []), (366, [message("lockfile.move-old")]), (4000, [message("lockfile.move-old")])],
)
def test_a_move_is_over_after_a_year(days: int, reasons: list[str]) -> None:
    since = f"{NOW - dt.timedelta(days=days):%Y-%m-%d}"
    old = PublishedShow(title="", guid="", feed=FEED, new_feed_url=FEED, moving_since=since)
    found = list(find_stale(show(new_feed_url=FEED), old, FEED, NOW))
    assert [one.values["reason"] for one in found] == reasons
    assert list(find_stale(show(new_feed_url=FEED), old, FEED, None)) == []


def test_an_address_to_move_to_may_not_be_the_one_moved_from() -> None:
    new = "https://ny.exempel.se/feed.xml"
    before = PublishedShow(title="", guid="", feed=FEED)
    after = PublishedShow(title="", guid="", feed=new, former_feed=FEED)
    for old in (before, after):
        (found,) = find_stale(show(new_feed_url=FEED), old, new, None)
        assert found.code == "CH-025"
    assert list(find_stale(show(new_feed_url=new), before, new, NOW)) == []
    assert list(find_stale(show(new_feed_url=FEED), before, FEED, NOW)) == []


@pytest.mark.parametrize(
    ("hours", "purpose", "reported"),
    [
        (47, "verify", False),
        (49, "verify", True),
        (49, "applepodcastsverify", True),
        (49, "ai-content", False),
    ],
)
def test_a_proof_of_ownership_is_done_after_two_days(
    hours: int, purpose: str, reported: bool
) -> None:
    ours = show(extras=Extras(txt=(Txt(text="K1LL", purpose=purpose),)))
    verify = show(extras=Extras(txt=(Txt(text="K1LL", purpose="verify"),)))
    first = (NOW - dt.timedelta(hours=hours)).isoformat()
    old = PublishedShow(
        title="", guid="", feed=FEED, tokens=tuple((one, first) for one in proofs(verify))
    )
    codes = [one.code for one in find_stale(ours, old, FEED, NOW)]
    assert codes == (["LEDGER-006"] if reported else [])


# A feed from elsewhere


def item(guid: str, title: str, enclosure: str, date: str = A.published) -> FeedItem:
    return FeedItem(guid=guid, title=title, enclosure=enclosure, published=date)


def test_items_are_known_by_guid_then_by_sound_then_by_title() -> None:
    feed = FeedItems(
        title="Öppen kanal",
        items=(
            item("guid-a", "Något annat", "https://x.se/1.mp3"),
            item("old-b", "En annan titel", "https://x.se/media/B.mp3?token=1", B.published),
            item("old-c", " om  C ", "https://x.se/8812.mp3", C.published),
            item("old-d", "Borta", "https://x.se/4.mp3"),
        ),
    )
    now = record(A, B, C)
    found = find_changes(record_of_feed(feed, now), now)
    reported = sorted((one.kind, one.slug, one.before) for one in found)
    assert reported == [
        ("gone", "", "old-d"),
        ("guid", "b", "old-b"),
        ("guid", "c", "old-c"),
        ("title", "a", "Något annat"),
        ("title", "b", "En annan titel"),
        ("title", "c", " om  C "),
    ]


@given(
    st.lists(
        st.builds(
            FeedItem,
            guid=st.sampled_from(["", "guid-a", "x"]),
            title=st.text(max_size=5),
            enclosure=st.one_of(st.text(max_size=9), st.just("https://[/a.mp3")),
            published=st.sampled_from(["", A.published]),
        ),
        max_size=4,
    )
)
def test_any_feed_can_be_compared(items: list[FeedItem]) -> None:
    now = record(A, B, C)
    find_changes(record_of_feed(FeedItems(items=tuple(items)), now), now)
