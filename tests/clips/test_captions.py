"""The captions of a clip: the right words at the right time, one page at a time."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from avsnitt.clips.captions import MOST_LINES, Caption, cues_inside, lay_captions
from avsnitt.model.show import Cue

CUES = st.lists(
    st.builds(
        lambda start, length, text, speaker: Cue(
            start_ms=start, end_ms=start + length, text=text, speaker=speaker
        ),
        st.integers(0, 60_000),
        st.integers(0, 9000),
        st.text("abcdeå ö🎉.", max_size=150),
        st.sampled_from(["", "Vera Lind", "Åke"]),
    ),
    max_size=12,
).map(lambda cues: tuple(sorted(cues, key=lambda cue: cue.start_ms)))


def letters(text: str) -> float:
    return float(len(text))


def laid(cues: tuple[Cue, ...], start_ms: int = 0, end_ms: int = 10_000) -> tuple[Caption, ...]:
    return lay_captions(cues_inside(cues, start_ms, end_ms), letters, 24)


def cue(start_ms: int, end_ms: int, text: str, speaker: str = "") -> Cue:
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, speaker=speaker)


@given(CUES, st.integers(0, 30_000), st.integers(1, 30_000))
def test_captions_never_overlap_and_stay_in_the_clip(
    cues: tuple[Cue, ...], start_ms: int, length_ms: int
) -> None:
    captions = laid(cues, start_ms, start_ms + length_ms)
    for one in captions:
        assert 0 <= one.start_ms <= one.end_ms <= length_ms
        assert 0 < len(one.lines) <= MOST_LINES
        assert all(len(line) <= 24 for line in one.lines)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(captions))


def test_times_are_counted_from_where_the_clip_begins() -> None:
    (one,) = laid((cue(61_000, 63_000, "Hej"),), 60_000, 70_000)
    assert (one.start_ms, one.end_ms, one.lines) == (1000, 3000, ("Hej",))


def test_a_cue_that_the_clip_only_touches_is_not_shown() -> None:
    cues = (cue(0, 1200, "Före"), cue(1200, 2600, "Hej"), cue(5900, 7000, "Efter"))
    assert [one.lines for one in laid(cues, 1000, 6000)] == [("Hej",)]


def test_a_name_is_shown_when_it_changes() -> None:
    cues = (
        cue(0, 1000, "Ett", "Vera"),
        cue(1000, 2000, "Två", "Vera"),
        cue(2000, 3000, "Tre", "Åke"),
        cue(3000, 4000, "Fyra", "Vera"),
    )
    assert [one.speaker for one in laid(cues)] == ["Vera", "", "Åke", "Vera"]


def test_a_long_cue_is_turned_page_by_page() -> None:
    text = " ".join(f"ord{number:02}" for number in range(40))
    pages = laid((cue(0, 9000, text, "Vera"),))
    assert len(pages) > 2
    assert " ".join(line for page in pages for line in page.lines) == text
    assert (pages[0].start_ms, pages[-1].end_ms) == (0, 9000)
    assert [page.speaker for page in pages][:2] == ["Vera", ""]
    assert all(one.end_ms == other.start_ms for one, other in pairwise(pages))


def test_words_stay_through_a_short_pause_and_go_in_a_long_one() -> None:
    cues = (cue(0, 1000, "Ett"), cue(1300, 2000, "Två"), cue(4000, 5000, "Tre"))
    assert [(one.start_ms, one.end_ms) for one in laid(cues)] == [
        (0, 1300),
        (1300, 2000),
        (4000, 5000),
    ]


def test_where_two_speak_at_once_the_later_takes_over() -> None:
    cues = (cue(0, 5000, "Länge", "Vera"), cue(2000, 4000, "Nej!", "Åke"))
    assert [(one.start_ms, one.end_ms, one.speaker) for one in laid(cues)] == [
        (0, 2000, "Vera"),
        (2000, 4000, "Åke"),
    ]


def test_two_who_begin_together_are_both_read() -> None:
    cues = (cue(0, 4000, "Ja!", "Vera"), cue(0, 4000, "Nej!", "Åke"))
    assert [(one.start_ms, one.end_ms, one.lines) for one in laid(cues)] == [
        (0, 2000, ("Ja!",)),
        (2000, 4000, ("Nej!",)),
    ]


def test_a_cue_of_nothing_that_can_be_drawn_is_no_caption() -> None:
    assert laid((cue(0, 2000, "🎉 🎉", "Vera"), cue(2000, 4000, "Hej", "Vera"))) == (
        Caption(start_ms=2000, end_ms=4000, lines=("Hej",), speaker="Vera"),
    )
