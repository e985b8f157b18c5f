"""When audio is cut or joined, all times that an author wrote move with it."""

from __future__ import annotations

import datetime as dt

from avsnitt.audio.mix.retime import retime_episode
from avsnitt.model.audio import TimeShift
from avsnitt.model.podcast20 import Extras, Soundbite, ValueTag, ValueTimeSplit
from avsnitt.model.show import Chapter, Correction, Cue, Episode, License, Source, Transcript

CUT = (TimeShift(5000, 20_000, -5000), TimeShift(30_000, 60_000, -15_000))
"""Five seconds are cut at the start, and ten after 20 s."""


def episode(**values: object) -> Episode:
    common = {"slug": "a", "guid": "a", "title": "A", "folder": "f", "language": "sv"}
    return Episode(license=License(id="CC0-1.0", name="CC0"), **common, **values)  # type: ignore[arg-type]


def test_nothing_moves_where_nothing_was_cut() -> None:
    one = episode(chapters=(Chapter(start_ms=3),))
    assert retime_episode(one, ()) is one


def test_chapters_move_and_of_two_at_one_time_the_later_is_kept() -> None:
    chapters = (
        Chapter(start_ms=0, title="Tystnad"),
        Chapter(start_ms=4000, title="Hej"),
        Chapter(start_ms=10_000, title="Frågan", end_ms=25_000),
        Chapter(start_ms=40_000, title="Svaret"),
    )
    moved = retime_episode(episode(chapters=chapters), CUT).chapters
    assert [(one.start_ms, one.title) for one in moved] == [
        (0, "Hej"),
        (5000, "Frågan"),
        (25_000, "Svaret"),
    ]
    assert moved[1].end_ms == 15_000


def test_cues_that_were_cut_are_left_out() -> None:
    cues = (
        Cue(start_ms=1000, end_ms=3000, text="Harkel"),
        Cue(start_ms=6000, end_ms=8000, text="Hej"),
        Cue(start_ms=21_000, end_ms=29_000, text="Paus"),
    )
    one = episode(transcripts=(Transcript(language="sv", cues=cues),))
    (transcript,) = retime_episode(one, CUT).transcripts
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in transcript.cues] == [
        (1000, 3000, "Hej")
    ]


def test_words_without_times_stay_as_they_are() -> None:
    words = Transcript(language="sv", cues=(Cue(start_ms=0, end_ms=0, text="Hej"),), timed=False)
    assert retime_episode(episode(transcripts=(words,)), CUT).transcripts == (words,)


def test_corrections_sources_soundbites_and_splits_move() -> None:
    split = ValueTimeSplit(start_ms=35_000, duration_ms=5000)
    one = episode(
        corrections=(Correction(date=dt.date(2026, 1, 1), was="a", now="b", at_ms=31_000),),
        sources=(
            Source(title="x", url="https://x"),
            Source(title="y", url="https://y", at_ms=6000),
        ),
        soundbites=(
            Soundbite(start_ms=15_000, duration_ms=20_000),
            Soundbite(start_ms=21_000, duration_ms=5000),
        ),
        extras=Extras(value=(ValueTag(type="lightning", method="keysend", time_splits=(split,)),)),
    )
    moved = retime_episode(one, CUT)
    assert moved.corrections[0].at_ms == 16_000
    assert [source.at_ms for source in moved.sources] == [None, 1000]
    assert moved.soundbites == (Soundbite(start_ms=10_000, duration_ms=10_000),)
    (value,) = moved.extras.value
    assert value.time_splits == (ValueTimeSplit(start_ms=20_000, duration_ms=5000),)
