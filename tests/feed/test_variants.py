from __future__ import annotations

import pytest
from tests.support.feed_values import ADDRESS, channel, episode, show

from avsnitt.feed.values import Channel
from avsnitt.feed.variants import assemble_extra_channel, speaks
from avsnitt.model.show import ExtraFeed

GUID = "3f1f7a0e-8f8f-5d0a-9a57-0c4b1a3a8e11"


def head(of: object = None, **changes: object) -> Channel:
    whole = show(**(of or {}))  # type: ignore[arg-type]
    extra = ExtraFeed(**{"name": "en", "guid": GUID, **changes})  # type: ignore[arg-type]
    return assemble_extra_channel(whole, extra, channel(whole))


def test_an_extra_feed_is_a_show_of_its_own_to_directories() -> None:
    made = head(language="en", title="Open channel", description="Talks.")
    assert (made.guid, made.self_url) == (GUID, f"{ADDRESS}/feed-en.xml")
    assert (made.title, made.description, made.language) == ("Open channel", "Talks.", "en")


def test_what_it_does_not_say_is_the_shows() -> None:
    made, own = head(), channel(show())
    assert (made.title, made.description, made.language) == (
        own.title,
        own.description,
        own.language,
    )
    assert made.image == own.image


def test_a_demonstration_says_so_in_every_feed() -> None:
    made = head({"demonstration": "På låtsas."}, description="Talks.")
    assert made.description == "Talks.\n\nPå låtsas."


def test_a_feed_of_films_says_that_it_is_films() -> None:
    assert head(format="mp4").medium == "video"
    assert head(format="opus").medium == channel(show()).medium


def test_what_is_only_heard_of_a_show_of_films_is_a_podcast() -> None:
    assert head({"medium": "video"}, format="m4a").medium == "podcast"
    assert head({"medium": "film"}, language="en").medium == "film"
    assert head({"medium": "audiobook"}, format="mp4").medium == "audiobook"


def test_what_is_sent_live_is_in_the_podcast_feed_alone() -> None:
    assert (head().live, head().trailers) == ((), ())


def test_it_moves_beside_the_podcast_feed() -> None:
    assert head({"new_feed_url": "https://ny.se/p/feed.xml"}).new_feed_url == (
        "https://ny.se/p/feed-en.xml"
    )
    assert head({"new_feed_url": "https://ny.se/annat"}).new_feed_url == ""
    assert head().new_feed_url == ""


@pytest.mark.parametrize(
    ("spoken", "wanted", "described"),
    [
        ("en", "en", True),
        ("en-GB", "en", True),
        ("EN-gb", "en-GB", True),
        ("en", "en-GB", False),
        ("eng", "en", False),
        ("sv", "", True),
    ],
)
def test_a_language_takes_its_regions(spoken: str, wanted: str, described: bool) -> None:
    assert speaks(episode(1, language=spoken), wanted) is described
