"""The shape of the sound on an episode's page: calm, small, and no hindrance to anybody."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from tests.support import site_values

from avsnitt.model.audio import Analysis, Loudness
from avsnitt.model.show import Chapter
from avsnitt.site.waveform import HEIGHT, WaveformView, waveform_view

LOUDNESS = Loudness(integrated_lufs=-16.0, range_lu=4.0, true_peak_dbtp=-1.0)
CHAPTERS = (
    Chapter(start_ms=0, title="Välkommen"),
    Chapter(start_ms=15_000, title="Frågan"),
    Chapter(start_ms=20_000, title="Dold", hidden=True),
    Chapter(start_ms=99_000, title="Efter slutet"),
)


def analysed(peaks: bytes) -> Analysis:
    samples = len(peaks) // 2 * 2400
    return Analysis(
        sample_rate_hz=48_000, channels=1, samples=samples, digest="d", loudness=LOUDNESS,
        peaks=peaks,
    )  # fmt: skip


def drawn(analysis: Analysis, *chapters: Chapter) -> WaveformView:
    view = waveform_view(analysis, chapters)
    assert view is not None
    return view


def bars(view: WaveformView) -> list[tuple[int, int, int]]:
    found = re.findall(r"M(\d+) (\d+)v(\d+)", view.bars)
    return [(int(x), int(y), int(length)) for x, y, length in found]


@given(st.binary(max_size=4000))
def test_whatever_the_peaks_the_drawing_stays_inside_itself(peaks: bytes) -> None:
    view = waveform_view(analysed(peaks))
    if len(peaks) < 2:
        assert view is None
        return
    assert view is not None
    assert "".join(f"M{x} {y}v{length}" for x, y, length in bars(view)) == view.bars
    for x, y, length in bars(view):
        assert 0 < x < view.width
        assert y >= 2
        assert y + length <= HEIGHT - 2


def test_a_loud_half_stands_taller_than_a_soft_one() -> None:
    view = drawn(analysed(bytes((250, 6)) * 400 + bytes((156, 100)) * 400))
    lengths = [length for _, _, length in bars(view)]
    assert max(lengths[:80]) < min(lengths[80:]) / 3
    assert max(lengths) == HEIGHT - 4


def test_silence_is_a_row_of_dots() -> None:
    assert {length for _, _, length in bars(drawn(analysed(bytes(2000))))} == {0}


def test_an_hour_is_no_larger_on_the_page_than_a_minute() -> None:
    for seconds in (1, 60, 3600):
        view = drawn(site_values.talk(seconds), *CHAPTERS)
        assert len(view.bars) + len(view.marks) < 3000


def test_chapters_are_marked_where_they_begin_and_the_hidden_are_not() -> None:
    assert drawn(site_values.talk(60), *CHAPTERS).marks == f"M200 0v{HEIGHT}"
    assert drawn(site_values.talk(60)).marks == ""


def test_the_page_of_an_episode_shows_it_without_script_or_style() -> None:
    page = site_values.page_with_waveform(site_values.talk(60))
    start = page.index('<svg class="waveform"')
    svg = page[start : page.index("</svg>", start) + 6]
    assert len(svg) < 6000
    found = ET.fromstring(svg)
    assert found.get("aria-hidden") == "true"
    assert found.get("stroke") == "currentColor"
    assert found.get("data-peaks", "").startswith("../media/")
    assert found.get("data-peaks", "").endswith(".waveform.json")
    assert [child.get("class") for child in found] == ["bars", "marks"]
    assert not re.search(r"style=|<script|on[a-z]+=", svg)


def test_a_page_of_sound_that_was_never_analysed_has_none() -> None:
    assert "waveform" not in site_values.page_with_waveform(None)
