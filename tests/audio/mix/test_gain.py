"""The gain of a timeline, and the check of the file that was made with it."""

from __future__ import annotations

import pytest
from tests.support.analyses import analysed

from avsnitt.audio.mix.changes import describe_gain, number
from avsnitt.audio.mix.gain import (
    LEFT_ALONE,
    Gain,
    correct_gain,
    limiter_loss,
    meets_spec,
    peak_heights,
    plan_gain,
)
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.model.audio import AudioSettings

PLAIN = AudioSettings()
GAIN = Gain(gain_db=5.0, ceiling_dbtp=-2.0)


def stereo(lufs, peak=-3.0, **facts):
    return analysed(lufs, peak, channels=2, **facts)


@pytest.mark.parametrize(
    ("facts", "settings", "gain_db", "ceiling"),
    [
        (stereo(-26.4), PLAIN, 10.4, -2),
        (stereo(-12.0), PLAIN, -4, -2),
        (analysed(-26.4), PLAIN, 7.4, -2),
        (stereo(-26.4), AudioSettings(loudness_lufs=-23.0, peak_dbtp=-3.0), 3.4, -4),
    ],
)
def test_the_gain_brings_the_loudness_to_the_target(facts, settings, gain_db, ceiling):
    assert plan_gain(facts, settings) == Gain(gain_db=gain_db, ceiling_dbtp=ceiling)


def test_the_loss_of_an_encoder_is_added_to_the_gain():
    assert plan_gain(stereo(-20.0), PLAIN, lost_db=0.43).gain_db == 4.43


def test_a_mono_format_of_a_stereo_timeline_has_its_own_gain():
    alike = stereo(-20.0, correlation=1.0)
    assert plan_gain(alike, PLAIN, channels=1).gain_db == pytest.approx(4, abs=0.02)
    assert plan_gain(stereo(-20.0, correlation=0.0), PLAIN, channels=1).gain_db == 7.02


@pytest.mark.parametrize("lufs", [None, -65.0])
def test_silence_is_not_turned_up(lufs):
    assert plan_gain(stereo(lufs), PLAIN) == LEFT_ALONE
    assert correct_gain(stereo(-30.0), PLAIN, LEFT_ALONE) is None


def test_the_loss_of_the_limiter_is_added_to_the_gain():
    # One 50 ms in ten is at half of full scale, the others at a tenth.
    peaks = bytes([0xC0, 0x40] + [0xF3, 0x0D] * 9) * 100
    loud = plan_gain(stereo(-26.0, peaks=peaks), PLAIN).gain_db
    quiet = plan_gain(stereo(-20.0, peaks=peaks), PLAIN).gain_db
    assert quiet == 4
    assert 10.5 < loud < 13


def test_the_loss_is_0_without_peaks_and_grows_with_the_gain():
    heights = peak_heights(bytes([0x81, 0x7F, 0xF0, 0x10]))
    assert heights == {16 / 128: 1, 127 / 128: 1}
    losses = [limiter_loss(heights, over) for over in (-3, 0, 3, 6, 60)]
    assert losses == sorted(losses)
    assert losses[0] == 0 == limiter_loss({}, 6)


@pytest.mark.parametrize(
    ("lufs", "peak", "expected"),
    [
        (-16.0, -1.4, None),
        (-16.2, -1.0, None),
        (-16.4, -1.4, Gain(gain_db=5.4, ceiling_dbtp=-2.0)),
        (-15.5, -1.4, Gain(gain_db=4.5, ceiling_dbtp=-2.0)),
        (-16.1, -0.6, Gain(gain_db=5.1, ceiling_dbtp=-2.5)),
        (-16.0, 9.0, Gain(gain_db=5.0, ceiling_dbtp=-7.0)),
        (None, None, None),
    ],
)
def test_loudness_and_peaks_are_corrected_at_once(lufs, peak, expected):
    assert correct_gain(stereo(lufs, peak), PLAIN, GAIN) == expected


@pytest.mark.parametrize(
    ("facts", "good"),
    [
        (stereo(-16.0, -1.0), True),
        (stereo(-16.34, -1.04), True),
        (stereo(-15.66, -0.96), True),
        (stereo(-16.4, -3.0), False),
        (stereo(-15.6, -3.0), False),
        (stereo(-16.0, -0.9), False),
        (analysed(-16.0, -3.0), False),
        (analysed(-19.2, -3.0), True),
        (stereo(None, None), False),
    ],
)
def test_a_finished_file_meets_the_spec_within_its_tolerances(facts, good):
    assert meets_spec(facts, PLAIN) == good


def test_gain_and_limiter_are_reported():
    limited = LimiterReport(samples=9, most_db=2.14, places=3, first=1, last=9)
    measured = describe_gain(PLAIN, stereo(-26.4), Gain(gain_db=10.4, ceiling_dbtp=-2.0), limited)
    assert [(change.code, dict(change.values)) for change in measured] == [
        ("raised", {"db": "10.4", "target": "-16"}),
        ("limited", {"n": "3", "peak": "-1", "db": "2.1"}),
    ]


def test_a_gain_that_is_not_audible_is_not_reported():
    gain = Gain(gain_db=0.04, ceiling_dbtp=-2.0)
    assert describe_gain(PLAIN, stereo(-16.0), gain, LimiterReport()) == ()
    (left,) = describe_gain(PLAIN, stereo(None), LEFT_ALONE, LimiterReport())
    assert left.code == "too-quiet"


@pytest.mark.parametrize(
    ("value", "text"), [(10.0, "10"), (-16.04, "-16"), (0.0, "0"), (-0.01, "0"), (100.0, "100")]
)
def test_numbers_have_no_trailing_zeros(value, text):
    assert number(value) == text
