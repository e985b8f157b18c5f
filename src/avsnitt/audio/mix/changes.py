"""Describes what is done to an episode's audio, as AudioChanges.

Their words are in `locale/*/sound.json`, `change.<code>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from avsnitt.audio.mix import channels as ch
from avsnitt.audio.mix.gain import Gain, target_lufs
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.model.audio import Analysis, AudioChange, AudioSettings, Interval, MixSource

AUDIBLE_DB: Final = 0.1
"""A smaller change of level is not audible, and is left out."""
ONLY: Final = ("only-left", "only-right")


def number(value: float, decimals: int = 1) -> str:
    """The number for readers: without trailing zeros, with a decimal point, never `-0`."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def describe_sources(
    settings: AudioSettings, sources: Sequence[MixSource], channels: int
) -> Iterable[AudioChange]:
    """The changes to channels when these sources are mixed in `channels`: several tracks, one
    channel used alone, an offset removed, mono or stereo made."""
    if len(sources) > 1:
        names = ", ".join(one.name for one in sources)
        yield AudioChange("mixed", {"n": str(len(sources)), "names": names})
    for one in sources:
        only = ch.only_channel(one.analysis, channels)
        if only is not None:
            living = ch.living_channel(one.analysis) is not None
            yield AudioChange(ONLY[only] if living else "opposed", {"name": one.name})
        if dc := ch.dc_to_remove(one.analysis, channels):
            yield AudioChange("dc", {"name": one.name, "percent": number(max(map(abs, dc)) * 100)})
    recorded = max(one.analysis.channels for one in sources)
    if settings.channels != "as-recorded" and recorded != channels:
        yield AudioChange(f"to-{settings.channels}")


def describe_gains(sources: Sequence[MixSource], gains: Sequence[float]) -> Iterable[AudioChange]:
    """The changes of level by `gains` (dB, one a source): for equal voices, and as the author
    asked. A silent track beside others is named."""
    for one, gain in zip(sources, gains, strict=True):
        if len(sources) > 1 and one.is_silent:
            yield AudioChange("silent-track", {"name": one.name})
        for kind, gain_db in (("levelled", gain - one.gain_db), ("asked", one.gain_db)):
            if abs(gain_db) >= AUDIBLE_DB:
                way = "up" if gain_db > 0 else "down"
                yield AudioChange(f"{kind}-{way}", {"name": one.name, "db": number(abs(gain_db))})


def describe_cuts(
    settings: AudioSettings, whole: Interval, span: Interval, cuts: Sequence[Interval]
) -> Iterable[AudioChange]:
    """The changes of length: the ends of `whole` outside `span`, and the gaps that `cuts` shorten,
    as one."""
    at_ends = (("start", span.start_ms - whole.start_ms), ("end", whole.end_ms - span.end_ms))
    for end, cut_ms in at_ends:
        if cut_ms:
            yield AudioChange(f"trimmed-{end}", {"seconds": number(cut_ms / 1000)})
    if cuts:
        cut_ms = sum(cut.end_ms - cut.start_ms for cut in cuts)
        values = {
            "longest": number(settings.longest_gap_ms / 1000),
            "seconds": number(cut_ms / 1000),
        }
        yield AudioChange("gaps", {"n": str(len(cuts)), **values})


def describe_ends(
    settings: AudioSettings, intro: MixSource | None, outro: MixSource | None
) -> Iterable[AudioChange]:
    """The intro and the outro that are joined on, with or without a crossfade."""
    faded = "-faded" if settings.crossfade_ms else ""
    for kind, source in (("intro", intro), ("outro", outro)):
        if source:
            seconds = number(settings.crossfade_ms / 1000)
            yield AudioChange(f"{kind}{faded}", {"name": source.name, "seconds": seconds})


def describe_gain(
    settings: AudioSettings, analysis: Analysis, gain: Gain, limited: LimiterReport
) -> tuple[AudioChange, ...]:
    """The changes by a gain to the timeline that `analysis` measured, and by its limiter."""
    if gain.ceiling_dbtp is None:
        return (AudioChange("too-quiet"),)
    changes = []
    own = analysis.loudness.integrated_lufs
    if abs(gain.gain_db) >= AUDIBLE_DB and own is not None:
        target = number(target_lufs(settings, analysis.channels))
        way = "raised" if gain.gain_db > 0 else "lowered"
        changes.append(AudioChange(way, {"db": number(abs(gain.gain_db)), "target": target}))
    if limited.places:
        values = {"peak": number(settings.peak_dbtp), "db": number(limited.most_db)}
        changes.append(AudioChange("limited", {"n": str(limited.places), **values}))
    return tuple(changes)


def describe_untouched(analysis: Analysis) -> AudioChange:
    """The report of a finished file that is published as it is, with its loudness and peak."""
    loudness = analysis.loudness
    return AudioChange(
        "untouched",
        {
            "lufs": number(loudness.integrated_lufs or 0.0),
            "peak": number(loudness.true_peak_dbtp or 0.0),
        },
    )
