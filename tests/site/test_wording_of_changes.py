"""What was done to the sound is told in plain words, in both languages."""

from __future__ import annotations

import pytest

from avsnitt.audio.mix.changes import describe_gain, describe_untouched
from avsnitt.audio.mix.gain import LEFT_ALONE, Gain
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.audio.mix.plan import plan_mix
from avsnitt.model.audio import Analysis, AudioChange, AudioSettings, Interval, Loudness, MixSource
from avsnitt.site.wording import spell_change, spell_number
from avsnitt.system.locales import read_strings

SPACE, MINUS = "\u00a0", "\u2212"

RAISED = AudioChange("raised", {"db": "10.4", "target": "-16"})
LIMITED = {"peak": "-1", "db": "2.1"}


def show(change, language="sv"):
    return spell_change(change, read_strings(language, "sound")).replace(SPACE, " ")


def test_numbers_are_spelt_as_the_language_does():
    assert show(RAISED) == f"Höjt 10,4 dB till {MINUS}16 LUFS"
    assert show(RAISED, "en") == f"Raised 10.4 dB to {MINUS}16 LUFS"
    assert spell_number("-1.5", "sv") == f"{MINUS}1,5"


@pytest.mark.parametrize(("n", "places"), [("1", "1 ställe"), ("3", "3 ställen")])
def test_places_are_counted(n, places):
    shown = show(AudioChange("limited", {"n": n, **LIMITED}))
    assert shown == f"Toppar över {MINUS}1 dBTP dämpades på {places}, som mest 2,1 dB"


def test_a_name_that_looks_like_a_number_stays_a_name():
    assert show(AudioChange("silent-track", {"name": "1.5"})).startswith("1.5: ")


def test_a_name_with_braces_is_only_a_name():
    assert "{db}" in show(AudioChange("levelled-up", {"name": "{db}", "db": "2"}))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_number_and_its_unit_stay_on_one_line(language):
    strings = read_strings(language, "sound")
    shown = spell_change(RAISED, strings) + spell_change(
        AudioChange("limited", {"n": "2", **LIMITED}), strings
    )
    assert all(f"{SPACE}{unit}" in shown for unit in ("dB", "LUFS", "dBTP"))
    assert not any(f" {unit}" in shown for unit in ("dB", "LUFS", "dBTP"))


# Every change that a plan can make

CODES = {
    *("mixed", "silent-track", "levelled-up", "levelled-down", "asked-up", "asked-down"),
    *("only-left", "only-right", "opposed", "dc", "to-mono", "to-stereo"),
    *("trimmed-start", "trimmed-end", "gaps", "intro", "intro-faded", "outro", "outro-faded"),
    *("raised", "lowered", "limited", "too-quiet", "untouched"),
}


def facts(lufs, **more):
    more = {"channels": 1, "level_dbfs": (-20.0,)} | more
    more["dc_offset"] = (0.02,) * more["channels"]
    loudness = Loudness(integrated_lufs=lufs, range_lu=5, true_peak_dbtp=-3)
    return Analysis(
        sample_rate_hz=48_000, samples=60 * 48_000, digest="d", loudness=loudness, **more
    )


def sources(*analyses, gain_db=1.5):
    return [
        MixSource(path="/a", digest="a", analysis=one, name=f"spår {number}", gain_db=gain_db)
        for number, one in enumerate(analyses)
    ]


def everything():
    """The changes of plans that between them do all that there is to do."""
    gaps = (Interval(20_000, 30_000),)
    quiet = {"silence_start_ms": 9_000, "silence_end_ms": 9_000, "gaps": gaps}
    dead = [{"channels": 2, "level_dbfs": levels} for levels in ((-20.0, -99.0), (-99.0, -20.0))]
    opposed = {"channels": 2, "correlation": -1.0, "level_dbfs": (-20.0, -20.0)}
    end = sources(facts(-14.0))[0]
    tracks = sources(facts(-20.0, **quiet), facts(-30.0, **quiet), facts(None))
    cut = AudioSettings(trim=True, longest_gap_ms=1_000, crossfade_ms=0)
    plans = [
        plan_mix(cut, tracks, end, end),
        plan_mix(AudioSettings(channels="mono"), sources(facts(-20.0, **opposed)), end, end),
        plan_mix(AudioSettings(channels="stereo"), sources(facts(-20.0), gain_db=-2)),
        *(plan_mix(AudioSettings(), sources(facts(-20.0, **one))) for one in dead),
    ]
    limited = LimiterReport(samples=9, most_db=2, places=2, first=1, last=9)
    for gain in (Gain(gain_db=4, ceiling_dbtp=-2), Gain(gain_db=-4, ceiling_dbtp=-2), LEFT_ALONE):
        yield from describe_gain(AudioSettings(), facts(-20.0), gain, limited)
    yield describe_untouched(facts(-16.0))
    for plan in plans:
        yield from plan.changes


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_change_has_words(language):
    changes = list(everything())
    shown = [show(change, language) for change in changes]
    assert not [text for text in shown if "{" in text or "}" in text]
    codes = {change.code for change in changes}
    assert codes == CODES
