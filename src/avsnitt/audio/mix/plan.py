"""Plans the timeline of an episode: voices levelled, silence cut, intro and outro joined.

The plan follows from the measurements of the recording. The gain of the whole is planned in `gain`,
when that timeline has been measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from avsnitt.audio.mix import channels as ch
from avsnitt.audio.mix import timeline as tl
from avsnitt.audio.mix.changes import describe_cuts, describe_ends, describe_gains, describe_sources
from avsnitt.model.audio import (
    Analysis,
    AudioChange,
    AudioSettings,
    Clip,
    Interval,
    MixSource,
    Timeline,
    TimeShift,
)
from avsnitt.model.value import Value

LEFT_MS: Final = 500
"""The silence that is left at each end."""
WORTH_MS: Final = 200
"""Less silence than this is not cut."""
LEVEL_DB: Final = 12.0
"""A voice is turned up or down by at most this to be as loud as the others."""


class MixPlan(Value, frozen=True, kw_only=True):
    """The timeline to render, how times in the recording move in it, and what is changed."""

    timeline: Timeline
    moved: tuple[TimeShift, ...] = ()
    changes: tuple[AudioChange, ...] = ()

    def is_as_recorded(self, source: MixSource) -> bool:
        """True when the plan plays one source as it is, so that its measurements hold for the
        timeline."""
        own = source.analysis
        plain = Clip(path=source.path, digest=source.digest, start=0, samples=own.samples)
        as_it_is = (own.sample_rate_hz, own.channels, (plain,))
        laid_out = self.timeline
        return as_it_is == (laid_out.sample_rate_hz, laid_out.channels, laid_out.clips)


# The layout


def plan_mix(
    settings: AudioSettings,
    sources: Sequence[MixSource],
    intro: MixSource | None = None,
    outro: MixSource | None = None,
    mix: Analysis | None = None,
) -> MixPlan:
    """
    The plan for the recording, or all its microphones together, by the settings. The sample rate
    is the first source's. `mix` has the measurements of several microphones together, levelled and
    uncut, when they are known; otherwise an intro is made as loud as the loudest voice.
    """
    rate_hz = sources[0].analysis.sample_rate_hz
    channels = ch.choose_channels(settings, (one.analysis for one in sources))
    gains = voice_gains(settings, sources, channels)
    first_ms = min(0, *(one.at_ms for one in sources))
    clips = [
        _clip(one, rate_hz, channels, gain, one.at_ms - first_ms)
        for one, gain in zip(sources, gains, strict=True)
    ]
    whole = Interval(0, -(-tl.end_of(clips) * 1000 // rate_hz))
    silences = [_silences(one, one.at_ms - first_ms, whole) for one in sources if not one.is_silent]
    talk_span = trimmed(silences, whole) if settings.trim else whole
    cuts = long_gaps(settings, silences, whole, talk_span)
    kept = tl.keep(talk_span.start_ms, talk_span.end_ms, cuts)
    talk = _cut(clips, kept, whole, rate_hz)
    level = talk_lufs(sources, gains, channels, mix)
    joined, offset_ms = join_ends(settings, talk, (intro, outro), (rate_hz, channels, level))
    return MixPlan(
        timeline=Timeline(sample_rate_hz=rate_hz, channels=channels, clips=joined),
        moved=tl.moved_by(kept, offset_ms, whole),
        changes=(
            *describe_sources(settings, sources, channels),
            *describe_gains(sources, gains),
            *describe_cuts(settings, whole, talk_span, cuts),
            *describe_ends(settings, intro, outro),
        ),
    )


def _clip(source: MixSource, rate_hz: int, channels: int, gain_db: float, at_ms: int) -> Clip:
    own = source.analysis
    return Clip(
        path=source.path,
        digest=source.digest,
        start=0,
        samples=own.samples * rate_hz // own.sample_rate_hz,
        at=tl.in_samples(at_ms, rate_hz),
        gain_db=gain_db,
        only=ch.only_channel(own, channels),
        dc=ch.dc_to_remove(own, channels),
    )


def _cut(
    clips: Iterable[Clip], kept: Sequence[Interval], whole: Interval, rate_hz: int
) -> tuple[Clip, ...]:
    talk = tuple(piece for clip in clips for piece in tl.cut_clip(clip, kept, rate_hz))
    fade = tl.in_samples(tl.CUT_FADE_MS, rate_hz)
    if kept[0].start_ms > whole.start_ms:
        talk = tl.fade_start(talk, fade)
    if kept[-1].end_ms < whole.end_ms:
        talk = tl.fade_end(talk, fade)
    return talk


# Silence


def _silences(source: MixSource, at_ms: int, whole: Interval) -> tuple[Interval, ...]:
    """The silences of one microphone in the recording's time, the first and last at its ends."""
    own = source.analysis
    end_ms = at_ms + own.duration_ms
    return (
        Interval(whole.start_ms, at_ms + own.silence_start_ms),
        *(Interval(gap.start_ms + at_ms, gap.end_ms + at_ms) for gap in own.gaps),
        Interval(end_ms - own.silence_end_ms, whole.end_ms),
    )


def trimmed(silences: Sequence[Sequence[Interval]], whole: Interval) -> Interval:
    """The stretch that is left when silence is cut at both ends but for LEFT_MS; `whole` when all
    microphones are silent."""
    start_ms = min((one[0].end_ms for one in silences), default=0) - LEFT_MS
    end_ms = max((one[-1].start_ms for one in silences), default=whole.end_ms) + LEFT_MS
    if start_ms + LEFT_MS >= end_ms - LEFT_MS:  # nobody speaks
        return whole
    return Interval(
        tl.grid_down(start_ms) if start_ms >= WORTH_MS else whole.start_ms,
        tl.grid_up(end_ms) if whole.end_ms - end_ms >= WORTH_MS else whole.end_ms,
    )


def long_gaps(
    settings: AudioSettings, silences: Sequence[Sequence[Interval]], whole: Interval, span: Interval
) -> tuple[Interval, ...]:
    """The cuts that shorten gaps in which all microphones are silent; none at the ends."""
    longest_ms = settings.longest_gap_ms
    if longest_ms <= 0:
        return ()
    gaps = (
        gap
        for gap in tl.common(silences)
        if gap.start_ms > whole.start_ms
        and gap.end_ms < whole.end_ms
        and gap.end_ms - gap.start_ms > longest_ms
    )
    cuts = tl.shorten(gaps, longest_ms)
    return tuple(cut for cut in cuts if cut.start_ms > span.start_ms and cut.end_ms < span.end_ms)


# Levels


def voice_gains(
    settings: AudioSettings, sources: Sequence[MixSource], channels: int
) -> tuple[float, ...]:
    """
    The gain of each source in dB. Several microphones are brought to the level halfway between
    the loudest and the quietest, by at most LEVEL_DB each; a silent one has only its own gain.
    """
    levels = [ch.audible_lufs(one.analysis, channels) for one in sources]
    known = [level for level in levels if level is not None]
    if not settings.level_voices or len(sources) < 2 or not known:
        return tuple(one.gain_db for one in sources)
    middle = (max(known) + min(known)) / 2
    return tuple(
        one.gain_db if level is None else round(one.gain_db + _within(middle - level), 2)
        for one, level in zip(sources, levels, strict=True)
    )


def _within(gain_db: float) -> float:
    return min(max(gain_db, -LEVEL_DB), LEVEL_DB)


def talk_lufs(
    sources: Sequence[MixSource], gains: Sequence[float], channels: int, mix: Analysis | None
) -> float | None:
    """The loudness of the talk in LUFS: that of its mix, else of its loudest voice; None when it is
    silent."""
    if mix is not None:
        return ch.audible_lufs(mix, channels)
    levels = [
        level + gain
        for one, gain in zip(sources, gains, strict=True)
        if (level := ch.audible_lufs(one.analysis, channels)) is not None
    ]
    return max(levels, default=None)


# Intro and outro


def join_ends(
    settings: AudioSettings,
    talk: tuple[Clip, ...],
    ends: tuple[MixSource | None, MixSource | None],
    shape: tuple[int, int, float | None],
) -> tuple[tuple[Clip, ...], int]:
    """
    The clips of the talk with those of `ends` (intro and outro), and the ms at which the talk
    begins. `shape` is the sample rate, the channels and the loudness of the talk.
    """
    rate_hz, channels, level = shape
    intro, outro = (one and _end_clip(one, rate_hz, channels, level) for one in ends)
    wanted = tl.in_samples(settings.crossfade_ms, rate_hz)
    offset_ms = 0
    first: tuple[Clip, ...] = ()
    if intro:
        offset_ms, length = _place_talk(intro, talk, wanted, rate_hz)
        first = tl.fade_end((intro,), length)
        talk = tl.place(tl.fade_start(talk, length), tl.in_samples(offset_ms, rate_hz))
    if outro:
        length = min(wanted, outro.samples, tl.end_of(talk) - tl.in_samples(offset_ms, rate_hz))
        at = tl.end_of(talk) - length
        talk = (*tl.fade_end(talk, length), *tl.place(tl.fade_start((outro,), length), at))
    return (*first, *talk), offset_ms


def _end_clip(source: MixSource, rate_hz: int, channels: int, level: float | None) -> Clip:
    own = ch.audible_lufs(source.analysis, channels)
    levelled = round(level - own, 2) if own is not None and level is not None else 0.0
    return _clip(source, rate_hz, channels, levelled, 0)


def _place_talk(intro: Clip, talk: Sequence[Clip], wanted: int, rate_hz: int) -> tuple[int, int]:
    """The ms at which the talk begins, on the grid, and the samples it shares with the intro."""
    length = min(wanted, intro.samples, tl.end_of(talk))
    earliest_ms = (intro.samples - length) * 1000 / rate_hz
    offset_ms = tl.grid_down(int(earliest_ms)) if length else tl.grid_up(-int(-earliest_ms // 1))
    return offset_ms, max(0, intro.samples - tl.in_samples(offset_ms, rate_hz))
