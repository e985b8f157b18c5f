"""Which parts are cut out, and what they are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.clips.selection import (
    ClipRange,
    ClipRequest,
    choose_parts,
    clip_mark,
    clip_name,
    find_episode,
    is_clip_of,
    spell_moment,
)
from avsnitt.formats.timecode import parse_time
from avsnitt.model.podcast20 import Soundbite
from avsnitt.model.show import Episode, License
from avsnitt.problems.errors import UsageError

HOUR_MS = 3_600_000
EPISODE = Episode(
    slug="vem-svarar",
    guid="guid-1",
    title="Vem svarar?",
    folder="episodes/001-vem-svarar",
    language="sv",
    license=License(id="CC-BY-4.0", name="CC BY 4.0"),
    soundbites=(
        Soundbite(start_ms=1000, duration_ms=15_000, title="Först"),
        Soundbite(start_ms=30_500, duration_ms=20_000),
    ),
)


def parts(duration_ms: int = HOUR_MS, **asked: object) -> tuple[ClipRange, ...]:
    return choose_parts(ClipRequest(slug="vem-svarar", **asked), EPISODE, duration_ms)  # type: ignore[arg-type]


def test_two_times_are_one_part() -> None:
    assert parts(start_ms=1, end_ms=3) == (ClipRange(start_ms=1, end_ms=3),)


def test_without_times_there_are_the_soundbites() -> None:
    first, second = (
        ClipRange(start_ms=1000, end_ms=16_000, title="Först"),
        ClipRange(start_ms=30_500, end_ms=50_500),
    )
    assert parts() == (first, second)
    assert parts(soundbite=2) == (second,)
    assert parts(soundbite=1, title="Mitt") == (
        ClipRange(start_ms=1000, end_ms=16_000, title="Mitt"),
    )


WRONG = {
    "clip.backwards": {"start_ms": 3, "end_ms": 3},
    "clip.beyond": {"start_ms": 3, "end_ms": HOUR_MS + 1},
    "clip.too-long": {"start_ms": 0, "end_ms": 600_001, "film": True},
    "clip.both-times": {"end_ms": 3},
    "clip.either": {"start_ms": 0, "soundbite": 1},
    "clip.no-such-soundbite": {"soundbite": 3},
}


@pytest.mark.parametrize("key", WRONG)
def test_what_cannot_be_cut_is_reported_by_its_own_words(key: str) -> None:
    with pytest.raises(UsageError) as values:
        parts(**WRONG[key])
    assert values.value.key == key


def test_ten_minutes_of_film_and_an_hour_of_sound_are_not_too_long() -> None:
    assert parts(start_ms=0, end_ms=600_000, film=True)
    assert parts(start_ms=0, end_ms=HOUR_MS)


def test_an_address_that_is_nearly_right_is_helped_on() -> None:
    assert find_episode("vem-svarar", [EPISODE]) is EPISODE
    with pytest.raises(UsageError) as values:
        find_episode("vem-svarade", [EPISODE])
    assert (values.value.key, values.value.values["near"]) == ("clip.near-episode", "vem-svarar")
    with pytest.raises(UsageError) as values:
        find_episode("xyz", [EPISODE])
    assert values.value.key == "clip.no-episode"


TIMES = st.integers(0, 100 * HOUR_MS)


@given(TIMES)
def test_a_moment_is_reported_as_it_can_be_asked_for(at_ms: int) -> None:
    assert parse_time(spell_moment(at_ms)) == at_ms


@given(TIMES, TIMES, TIMES, TIMES)
def test_two_parts_never_share_a_name_or_an_identity(a: int, b: int, c: int, d: int) -> None:
    one, other = ClipRange(start_ms=a, end_ms=b), ClipRange(start_ms=c, end_ms=d)
    same = one == other
    assert (clip_name("x", one) == clip_name("x", other)) == same
    assert (clip_mark("guid", one) == clip_mark("guid", other)) == same


def test_a_name_can_stand_on_any_disk() -> None:
    assert clip_name("vem", ClipRange(start_ms=60_600, end_ms=80_000)) == "vem-1m00.6s-1m20s"
    assert clip_name("vem", ClipRange(start_ms=0, end_ms=HOUR_MS + 5)) == "vem-0m00s-1h00m00.005s"


def test_a_clip_is_known_as_its_own_episodes() -> None:
    mark = clip_mark("guid-1", ClipRange(start_ms=60_600, end_ms=80_000))
    assert mark == "guid-1#t=60.6,80"
    assert is_clip_of(mark, "guid-1")
    assert not is_clip_of(mark, "guid-2")
    assert not is_clip_of("guid-1", "guid-1")
    assert not is_clip_of("", "guid-1")
