from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.chapters.published import published_chapters
from avsnitt.formats.plain_text import clean_line
from avsnitt.model.show import Chapter

CHAPTERS = st.lists(
    st.builds(
        Chapter,
        start_ms=st.integers(-10, 5000),
        title=st.text(max_size=20),
        end_ms=st.one_of(st.none(), st.integers(-10, 9000)),
        hidden=st.booleans(),
    ),
    max_size=8,
)


def listed(*chapters: Chapter, duration_ms: int = 4000) -> tuple[Chapter, ...]:
    return published_chapters(
        chapters, duration_ms, opening="Inledning", unnamed=lambda number: f"Kapitel {number}"
    )


def test_a_list_that_needs_nothing_is_left_alone() -> None:
    chapters = (
        Chapter(start_ms=0, title="A", end_ms=900, url="https://e.se/", image="a.png"),
        Chapter(start_ms=500, hidden=True),
        Chapter(start_ms=1000, title="B"),
    )
    assert listed(*chapters) == chapters


def test_a_list_that_begins_late_gets_an_opening() -> None:
    late = Chapter(start_ms=1200, title="Frågan")
    assert listed(late) == (Chapter(start_ms=0, title="Inledning"), late)
    hidden = Chapter(start_ms=0, title="Dold", hidden=True)
    assert listed(hidden, late) == listed(late)
    assert listed(hidden) == (hidden,)
    silent = Chapter(start_ms=900, hidden=True)
    assert [one.title for one in listed(silent, late)] == ["Inledning", "", "Frågan"]
    assert listed() == ()


def test_a_list_that_begins_in_the_first_second_begins_at_once() -> None:
    hidden = Chapter(start_ms=20, title="Dold", hidden=True)
    found = listed(hidden, Chapter(start_ms=999, title="A", end_ms=1100))
    assert found == (Chapter(start_ms=0, title="A", end_ms=1100), hidden)


def test_chapters_without_a_title_are_numbered_among_those_that_are_shown() -> None:
    found = listed(
        Chapter(start_ms=0, title="\ufeff "),
        Chapter(start_ms=10, hidden=True),
        Chapter(start_ms=20, title="B"),
        Chapter(start_ms=30),
    )
    assert [one.title for one in found] == ["Kapitel 1", "", "B", "Kapitel 3"]


def test_a_chapter_ends_where_the_next_one_begins_or_the_sound_does() -> None:
    found = listed(
        Chapter(start_ms=0, end_ms=2000, title="A"),
        Chapter(start_ms=500, end_ms=4500, title="dold", hidden=True),
        Chapter(start_ms=1000, end_ms=9000, title="B"),
    )
    assert [one.end_ms for one in found] == [1000, 1000, 4000]


@given(CHAPTERS, st.integers(1, 5000))
def test_any_list_comes_out_in_order_inside_the_sound_and_named(
    chapters: list[Chapter], duration_ms: int
) -> None:
    found = listed(*chapters, duration_ms=duration_ms)
    starts = [one.start_ms for one in found]
    assert starts == sorted(starts)
    assert all(0 <= start < duration_ms for start in starts)
    times = [one.start_ms for one in found if not one.hidden]
    assert not {one.start_ms for one in found if one.hidden} & set(times)
    assert all(one.end_ms is None or one.start_ms < one.end_ms <= duration_ms for one in found)
    shown = [one for one in found if not one.hidden]
    assert all(one.title and one.title == clean_line(one.title) for one in shown)
    assert not shown or shown[0].start_ms == 0
    assert listed(*found, duration_ms=duration_ms) == found
