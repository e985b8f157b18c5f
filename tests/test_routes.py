from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from avsnitt import routes

NAMES = st.from_regex(r"[A-Za-zå. _-]{1,12}\.(mp3|mp4|m4b|PDF)", fullmatch=True)


@example("aa.mp3", "aa.mp4", "mp3")
@given(NAMES, NAMES, st.sampled_from(["mp3", "m4a", "pdf"]))
def test_two_files_of_an_episode_are_never_published_at_one_address(
    one: str, other: str, extension: str
) -> None:
    first = routes.alternate("fragan", one, extension)
    second = routes.alternate("fragan", other, extension)
    assert (first == second) == (one == other)
    assert re.fullmatch(r"media/fragan--[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+", first)


def test_a_plain_name_stands_as_it_is() -> None:
    assert routes.alternate("fragan", "film.mp4", "mp4") == "media/fragan--film.mp4"


def test_what_an_address_is_of_is_reported_by_its_ending() -> None:
    assert routes.media_type("https://x.se/a/b.M3U8?c=d.mp3#e") == "application/x-mpegURL"
    assert routes.media_type("film.mp4") == "video/mp4"
    assert routes.media_type("https://x.se/live") == ""
    assert routes.media_type("") == ""
