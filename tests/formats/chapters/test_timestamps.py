from __future__ import annotations

import pytest

from avsnitt.formats.chapters.timestamps import render_timestamps
from avsnitt.model.show import Chapter


def _chapters(*starts_ms: int) -> list[Chapter]:
    return [Chapter(start_ms=start, title=f"Del {n}") for n, start in enumerate(starts_ms, 1)]


def test_chapters_become_a_list_of_times() -> None:
    assert render_timestamps(_chapters(0, 61_500, 754_000)) == (
        "00:00 Del 1",
        "01:01 Del 2",
        "12:34 Del 3",
    )


def test_a_long_sound_has_hours_on_every_line() -> None:
    assert render_timestamps(_chapters(0, 61_500, 3_754_000)) == (
        "00:00:00 Del 1",
        "00:01:01 Del 2",
        "01:02:34 Del 3",
    )


def test_a_hidden_chapter_is_not_listed() -> None:
    hidden = Chapter(start_ms=5000, title="Tyst", hidden=True)
    assert len(render_timestamps([*_chapters(0, 1000, 9000), hidden])) == 3


@pytest.mark.parametrize("starts_ms", [(), (0, 1000), (1000, 2000, 3000), (0, 1000, 1500)])
def test_a_list_that_players_would_not_take_is_left_out(starts_ms: tuple[int, ...]) -> None:
    assert render_timestamps(_chapters(*starts_ms)) == ()
