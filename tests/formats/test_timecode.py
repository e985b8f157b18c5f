from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.formats.timecode import (
    LONGEST_MS,
    parse_time,
    render_npt,
    render_srt_time,
    render_vtt_time,
)

TIMES = st.integers(min_value=0, max_value=LONGEST_MS)


@pytest.mark.parametrize(
    ("written", "expected_ms"),
    [
        ("0", 0),
        ("90", 90_000),
        ("12:30", 750_000),
        ("90:00", 5_400_000),
        ("01:02:03", 3_723_000),
        ("1:02:03.5", 3_723_500),
        ("00:05,25", 5_250),
        (" 7.125 ", 7_125),
        (90, 90_000),
        (1.25, 1_250),
        (0.1 + 0.2, 300),
    ],
)
def test_a_time_is_read_as_a_person_means_it(written: str | float, expected_ms: int) -> None:
    assert parse_time(written) == expected_ms


@pytest.mark.parametrize(
    "written",
    [
        *("", "soon", "1:2", "1:60", "1:60:00", "1:00:60", "-5", "1:2:3:4", "1.2345", "١٢:٣٠"),
        *(":30", "30:", "9" * 9, "9" * 5000, -1, 10**400, 1e300, math.nan, math.inf, True, 1.23456),
    ],
)
def test_what_is_not_a_time_is_refused_with_a_reason(written: str | float) -> None:
    with pytest.raises(ValueError, match=r"[a-z]+ [a-z]+"):
        parse_time(written)


@given(TIMES)
def test_every_rendered_time_reads_back_to_the_same_millisecond(time_ms: int) -> None:
    for render in (render_npt, render_vtt_time, render_srt_time):
        assert parse_time(render(time_ms)) == time_ms


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_no_value_does_more_than_raise_value_error(value: str | float) -> None:
    try:
        assert 0 <= parse_time(value) <= LONGEST_MS
    except ValueError as reason:
        assert str(reason)  # noqa: PT017
