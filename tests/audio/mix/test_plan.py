"""The timeline that the settings ask for, and the changes that are reported."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.analyses import analysed, source

from avsnitt.audio.mix.plan import plan_mix
from avsnitt.audio.mix.timeline import move_time
from avsnitt.model.audio import AudioSettings, Interval, TimeShift

RATE = 48_000
PLAIN = AudioSettings()


def measured(plan):
    return {change.code: dict(change.values) for change in plan.changes}


def test_a_recording_without_settings_is_played_as_it_is():
    recording = source()
    plan = plan_mix(PLAIN, [recording])
    assert plan.is_as_recorded(recording)
    assert (plan.moved, plan.changes) == ((), ())


@pytest.mark.parametrize(
    "facts",
    [
        {"silence_start_ms": 5_000, "silence_end_ms": 8_000},
        {"gaps": (Interval(20_000, 29_000),)},
    ],
)
def test_silence_is_left_unless_the_settings_cut_it(facts):
    recording = source(analysis=analysed(**facts))
    assert plan_mix(PLAIN, [recording]).is_as_recorded(recording)


# Silence at the ends


def test_silence_at_the_ends_is_cut_but_for_half_a_second():
    facts = analysed(silence_start_ms=5_004, silence_end_ms=8_007)
    plan = plan_mix(AudioSettings(trim=True), [source(analysis=facts)])
    (clip,) = plan.timeline.clips
    assert (clip.start, clip.samples) == (4_500 * 48, (52_500 - 4_500) * 48)
    assert (clip.fade_in, clip.fade_out) == (480, 480)
    assert measured(plan) == {
        "trimmed-start": {"seconds": "4.5"},
        "trimmed-end": {"seconds": "7.5"},
    }
    assert move_time(plan.moved, 5_004) == 504


@pytest.mark.parametrize("silence_ms", [0, 400, 690])
def test_a_short_breath_at_the_ends_is_not_cut(silence_ms):
    facts = analysed(silence_start_ms=silence_ms, silence_end_ms=silence_ms)
    recording = source(analysis=facts)
    assert plan_mix(AudioSettings(trim=True), [recording]).is_as_recorded(recording)


def test_a_recording_that_is_all_silence_is_not_cut():
    facts = analysed(None, silence_start_ms=60_000, silence_end_ms=60_000)
    recording = source(analysis=facts)
    settings = AudioSettings(trim=True, longest_gap_ms=1_000)
    assert plan_mix(settings, [recording]).is_as_recorded(recording)


def test_a_talk_begins_with_the_first_voice_and_ends_with_the_last():
    early = source("a.wav", analysed(silence_start_ms=3_000, silence_end_ms=30_000), at_ms=2_000)
    late = source("b.wav", analysed(silence_start_ms=9_000, silence_end_ms=4_000))
    plan = plan_mix(AudioSettings(trim=True), [early, late])
    assert move_time(plan.moved, 5_000) == 500
    # The first microphone is on for 62 s, and the last word comes at 56 s.
    assert plan.timeline.samples == (56_500 - 4_500) * 48


# Long gaps


def test_a_long_gap_is_shortened_and_the_rest_comes_earlier():
    facts = analysed(gaps=(Interval(20_000, 29_000), Interval(40_000, 41_000)))
    plan = plan_mix(AudioSettings(longest_gap_ms=2_000), [source(analysis=facts)])
    assert plan.moved == (TimeShift(0, 21_000, 0), TimeShift(28_000, 60_000, -7_000))
    assert plan.timeline.samples == 53_000 * 48
    assert measured(plan) == {"gaps": {"n": "1", "longest": "2", "seconds": "7"}}


def test_a_gap_is_only_cut_where_all_microphones_are_silent():
    one = source("a.wav", analysed(gaps=(Interval(10_000, 30_000),)))
    other = source("b.wav", analysed(gaps=(Interval(20_000, 50_000),)))
    plan = plan_mix(AudioSettings(longest_gap_ms=2_000), [one, other])
    assert plan.moved == (TimeShift(0, 21_000, 0), TimeShift(29_000, 60_000, -8_000))


def test_silence_at_the_ends_is_no_gap():
    facts = analysed(silence_start_ms=9_000, silence_end_ms=9_000)
    recording = source(analysis=facts)
    assert plan_mix(AudioSettings(longest_gap_ms=1_000), [recording]).is_as_recorded(recording)


def test_a_silent_microphone_does_not_change_the_gaps():
    off = source("b.wav", analysed(None, samples=10 * RATE))
    on = source("a.wav", analysed(gaps=(Interval(20_000, 30_000),)))
    plan = plan_mix(AudioSettings(longest_gap_ms=2_000), [on, off])
    assert measured(plan)["gaps"]["seconds"] == "8"


# Voices


def gains(plan):
    return [clip.gain_db for clip in plan.timeline.clips]


def test_voices_are_brought_to_the_level_halfway_between_them():
    tracks = [source("Vera", analysed(-30.0)), source("Ali", analysed(-18.0))]
    plan = plan_mix(PLAIN, tracks)
    assert gains(plan) == [6, -6]
    assert measured(plan) == {
        "mixed": {"n": "2", "names": "Vera, Ali"},
        "levelled-up": {"name": "Vera", "db": "6"},
        "levelled-down": {"name": "Ali", "db": "6"},
    }


def test_no_voice_is_turned_more_than_twelve_decibels():
    tracks = [source("a", analysed(-50.0)), source("b", analysed(-14.0))]
    assert gains(plan_mix(PLAIN, tracks)) == [12, -12]


def test_a_gain_that_the_author_asks_for_is_added():
    tracks = [source("a", analysed(-20.0), gain_db=-3.0), source("b", analysed(-20.0))]
    plan = plan_mix(PLAIN, tracks)
    assert gains(plan) == [-3, 0]
    assert measured(plan)["asked-down"] == {"name": "a", "db": "3"}


def test_voices_keep_their_levels_when_the_settings_say_so():
    tracks = [source("a", analysed(-30.0)), source("b", analysed(-20.0))]
    assert gains(plan_mix(AudioSettings(level_voices=False), tracks)) == [0, 0]


def test_a_silent_microphone_has_no_gain_and_is_reported():
    tracks = [source("a", analysed(None)), source("b", analysed(-20.0))]
    plan = plan_mix(PLAIN, tracks)
    assert gains(plan) == [0, 0]
    assert measured(plan)["silent-track"] == {"name": "a"}


def test_a_mono_voice_beside_stereo_counts_as_played_in_both_channels():
    stereo = analysed(-20.0, channels=2, correlation=0.5)
    plan = plan_mix(PLAIN, [source("a", analysed(-23.0)), source("b", stereo)])
    assert plan.timeline.channels == 2
    assert gains(plan) == [0, 0]


def test_a_track_of_another_rate_gets_the_rate_of_the_first():
    tracks = [
        source("a", analysed(sample_rate_hz=44_100)),
        source("b", analysed(samples=30 * RATE), at_ms=10_000),
    ]
    timeline = plan_mix(PLAIN, tracks).timeline
    assert timeline.sample_rate_hz == 44_100
    assert [(clip.at, clip.samples) for clip in timeline.clips] == [
        (0, 60 * 44_100),
        (441_000, 30 * 44_100),
    ]


# Channels


def test_one_dead_channel_makes_mono_of_the_other():
    facts = analysed(channels=2, level_dbfs=(-110.0, -20.0))
    plan = plan_mix(PLAIN, [source(analysis=facts)])
    assert (plan.timeline.channels, plan.timeline.clips[0].only) == (1, 1)
    assert measured(plan) == {"only-right": {"name": "samtal.wav"}}


def test_dc_is_removed_and_reported():
    facts = analysed(dc_offset=(0.012,))
    plan = plan_mix(PLAIN, [source(analysis=facts)])
    assert plan.timeline.clips[0].dc == (0.012,)
    assert measured(plan) == {"dc": {"name": "samtal.wav", "percent": "1.2"}}


def test_stereo_becomes_mono_when_the_settings_say_so():
    facts = analysed(channels=2, correlation=1.0)
    plan = plan_mix(AudioSettings(channels="mono"), [source(analysis=facts)])
    assert plan.timeline.channels == 1
    assert measured(plan) == {"to-mono": {}}
    assert measured(plan_mix(AudioSettings(channels="stereo"), [source()])) == {"to-stereo": {}}


# Intro and outro


def ends(seconds=4, lufs=-14.0):
    return source("vinjett.wav", analysed(lufs, samples=seconds * RATE))


def test_an_intro_overlaps_the_talk_and_is_as_loud():
    plan = plan_mix(PLAIN, [source()], intro=ends())
    first, talk = plan.timeline.clips
    assert (first.gain_db, first.at, first.fade_out) == (-6, 0, RATE)
    assert (talk.at, talk.fade_in) == (3 * RATE, RATE)
    assert plan.moved == (TimeShift(0, 60_000, 3_000),)
    assert measured(plan) == {"intro-faded": {"name": "vinjett.wav", "seconds": "1"}}


def test_an_outro_overlaps_the_end_of_the_talk():
    plan = plan_mix(PLAIN, [source()], outro=ends())
    talk, last = plan.timeline.clips
    assert (talk.fade_out, last.at, last.fade_in) == (RATE, 59 * RATE, RATE)
    assert plan.moved == ()
    assert plan.timeline.samples == 63 * RATE


def test_without_a_crossfade_they_follow_each_other():
    plan = plan_mix(AudioSettings(crossfade_ms=0), [source()], intro=ends(), outro=ends())
    assert [(clip.at, clip.fade_in, clip.fade_out) for clip in plan.timeline.clips] == [
        (0, 0, 0),
        (4 * RATE, 0, 0),
        (64 * RATE, 0, 0),
    ]
    assert list(measured(plan)) == ["intro", "outro"]


@pytest.mark.parametrize("samples", [100, 4_801, 191_999])
@pytest.mark.parametrize("crossfade_ms", [0, 3, 1_000, 600_000])
def test_a_talk_begins_on_a_whole_millisecond_whatever_the_intro(samples, crossfade_ms):
    intro = source("i.wav", analysed(samples=samples))
    plan = plan_mix(
        AudioSettings(crossfade_ms=crossfade_ms, longest_gap_ms=1_000),
        [source(analysis=analysed(gaps=(Interval(20_000, 29_000),)))],
        intro=intro,
        outro=intro,
    )
    talk = plan.timeline.clips[1]
    assert talk.at == move_time(plan.moved, 0) * 48
    assert 0 <= talk.fade_in == min(plan.timeline.clips[0].fade_out, talk.samples)
    assert abs(talk.at + talk.fade_in - samples) <= 480


def test_an_intro_is_as_loud_as_the_mix_when_that_is_measured():
    tracks = [source("a", analysed(-20.0)), source("b", analysed(-20.0))]
    plan = plan_mix(PLAIN, tracks, intro=ends(), mix=analysed(-18.5))
    assert plan.timeline.clips[0].gain_db == -4.5


# Whatever was measured


@st.composite
def measured_sources(draw):
    made = []
    for number in range(draw(st.integers(1, 3))):
        edges = sorted(draw(st.sets(st.integers(0, 70_000), max_size=8)))
        facts = analysed(
            draw(st.sampled_from([None, -60.0, -20.0, 3.0])),
            channels=draw(st.integers(1, 2)),
            sample_rate_hz=draw(st.sampled_from([44_100, 48_000])),
            samples=draw(st.integers(1, 60 * RATE)),
            silence_start_ms=draw(st.integers(0, 60_000)),
            silence_end_ms=draw(st.integers(0, 60_000)),
            gaps=tuple(Interval(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)),
            correlation=draw(st.floats(-1, 1)),
        )
        made.append(source(f"{number}.wav", facts, at_ms=draw(st.integers(-9_000, 9_000))))
    return made


@given(
    sources=measured_sources(),
    end=st.none() | measured_sources().map(lambda made: replace(made[0], path="/show/end.wav")),
    asked=st.builds(
        AudioSettings,
        trim=st.booleans(),
        longest_gap_ms=st.integers(0, 3_000),
        crossfade_ms=st.integers(0, 5_000),
        channels=st.sampled_from(["as-recorded", "mono", "stereo"]),
    ),
)
@settings(max_examples=60, deadline=None)
def test_any_measurements_give_a_plan_that_can_be_played(sources, end, asked):
    plan = plan_mix(asked, sources, end, end)
    rate = plan.timeline.sample_rate_hz
    lengths = {
        one.path: one.analysis.samples * rate // one.analysis.sample_rate_hz
        for one in [*sources, *([end] if end else [])]
    }
    for clip in plan.timeline.clips:
        assert clip.at >= 0
        assert clip.samples >= 0
        assert 0 <= clip.start <= clip.start + clip.samples <= lengths[clip.path]
        assert 0 <= max(clip.fade_in, clip.fade_out) <= clip.samples
    places = [move_time(plan.moved, time_ms) for time_ms in range(0, 80_000, 997)]
    assert places == sorted(places)
