"""A cue without a speaker gets the person at the loudest microphone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.support.analyses import analysed

from avsnitt.audio.mix.active_speaker import Microphone, speakers_by_track
from avsnitt.model.show import Cue


def microphone(person, heights, lufs=-20.0, at_ms=0):
    """A microphone with a height of the wave (0 to 127) for each 50 ms."""
    peaks = b"".join(bytes([256 - height if height else 0, height]) for height in heights)
    return Microphone(person=person, analysis=analysed(lufs, peaks=peaks), at_ms=at_ms)


def cue(start_ms, end_ms, speaker=""):
    return Cue(start_ms=start_ms, end_ms=end_ms, text="Hej", speaker=speaker)


def names(cues, *microphones):
    return [one.speaker for one in speakers_by_track(cues, microphones)]


VERA = microphone("Vera", [90] * 20 + [4] * 20)
ALI = microphone("Ali", [5] * 20 + [90] * 20)


def test_each_cue_belongs_to_the_loudest_microphone():
    assert names([cue(0, 900), cue(1_000, 2_000)], VERA, ALI) == ["Vera", "Ali"]


def test_a_speaker_in_the_transcript_is_kept():
    assert names([cue(0, 900, "Okänd")], VERA, ALI) == ["Okänd"]


def test_a_quiet_microphone_is_compared_with_its_own_loudness():
    # Vera's microphone is so quiet that even her voice as it leaks into Ali's is louder.
    quiet = microphone("Vera", [20] * 20 + [1] * 20, lufs=-44.0)
    loud = microphone("Ali", [30] * 20 + [120] * 20, lufs=-14.0)
    assert names([cue(0, 900), cue(1_000, 2_000)], quiet, loud) == ["Vera", "Ali"]


def test_a_microphone_that_began_later_counts_at_its_own_time():
    late = microphone("Ali", [90] * 20, at_ms=1_000)
    assert names([cue(0, 900), cue(1_000, 1_900)], VERA, late) == ["Vera", "Ali"]


def test_a_cue_has_no_speaker_when_the_loudest_is_not_clear():
    same = microphone("Ali", [90] * 40)
    nameless = microphone("", [100] * 40)
    silent = microphone("Ali", [0] * 40, lufs=None)
    assert names([cue(0, 900)], microphone("Vera", [90] * 40), same) == [""]
    assert names([cue(0, 900)], VERA, nameless) == [""]
    assert names([cue(5_000, 6_000)], VERA, ALI) == [""]
    assert names([cue(0, 900)], silent) == [""]
    assert names([cue(0, 900)]) == [""]


@given(
    peaks=st.binary(max_size=50),
    at_ms=st.integers(-5_000, 5_000),
    times=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))),
)
def test_any_cue_and_any_peaks_give_a_known_name_or_none(peaks, at_ms, times):
    one = Microphone(person="Vera", analysis=analysed(peaks=peaks), at_ms=at_ms)
    made = speakers_by_track([cue(*time) for time in times], [one])
    assert {cue.speaker for cue in made} <= {"", "Vera"}
