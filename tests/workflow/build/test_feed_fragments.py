from __future__ import annotations

import json

import msgspec
from tests.support.feed_values import ADDRESS, episode, item, show

from avsnitt.feed.values import AlternateEnclosure, Enclosure, Item
from avsnitt.workflow.build.feed_fragments import JSON, fragment, in_format, make_fragments

OPUS = Enclosure(
    url=f"{ADDRESS}/media/avsnitt-1--liten.opus",
    length_bytes=99,
    mime="audio/ogg",
    duration_ms=62_000,
)
SMALL = AlternateEnclosure(type="audio/ogg", sources=((OPUS.url, ""),), length_bytes=99)
FILM = AlternateEnclosure(type="video/mp4", sources=((f"{ADDRESS}/media/film.mp4", ""),))
MIRROR = AlternateEnclosure(
    type="audio/mpeg", sources=((f"{ADDRESS}/media/avsnitt-1.mp3", ""),), default=True
)


def whole() -> Item:
    made = item(show(episode(1)), episode(1))
    return msgspec.structs.replace(made, alternates=(SMALL, FILM, MIRROR))


def test_an_item_in_another_format_is_the_same_but_for_its_file() -> None:
    other = in_format(whole(), OPUS)
    assert other.enclosure == OPUS
    assert other.alternates == (FILM,)
    same = msgspec.structs.replace(
        other, enclosure=whole().enclosure, alternates=(SMALL, FILM, MIRROR)
    )
    assert same == whole()


def test_its_own_format_is_the_item_itself() -> None:
    assert in_format(whole(), whole().enclosure) == whole()


def test_what_follows_the_time_is_left_out_where_the_time_is_another() -> None:
    longer = msgspec.structs.replace(OPUS, duration_ms=90_000)
    other = in_format(whole(), longer)
    assert (other.chapters, other.chapters_url) == ((), "")
    assert [one.mime for one in other.transcripts] == ["text/plain"]


def test_a_file_whose_length_in_time_is_not_known_has_the_sounds() -> None:
    unmeasured = msgspec.structs.replace(OPUS, duration_ms=0)
    assert in_format(whole(), unmeasured).enclosure.duration_ms == whole().enclosure.duration_ms


def test_there_is_a_fragment_for_each_format_that_is_asked_for_and_there() -> None:
    made = make_fragments(whole(), episode(1), {"opus": OPUS}, ["opus", "mp3", "flac"])
    assert [one.kind for one in made] == [JSON, "mp3", "opus"]
    assert [one.kind for one in make_fragments(whole(), episode(1), {"opus": OPUS})] == [JSON]
    opus = fragment(made, "opus")
    assert opus
    assert OPUS.url.encode() in opus.data
    assert fragment(made, "flac") is None


def test_the_json_has_the_other_forms_beside_the_sound() -> None:
    (json_item,) = make_fragments(whole(), episode(1))
    attachments = json.loads(json_item.data + b"}")["attachments"]
    assert [one["mime_type"] for one in attachments] == ["audio/mpeg", "audio/ogg", "video/mp4"]
    assert [one.get("size_in_bytes") for one in attachments] == [1_234_567, 99, None]
