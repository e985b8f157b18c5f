"""Describes what is done to an episode's audio, as Changes.

Their words are in `locale/*/sound.json`, `change.<code>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from avsnitt.audio.mix import channels as ch
from avsnitt.audio.mix.gain import Gain, target_lufs
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.model.audio import Analysis, AudioChange, AudioSettings, Interval, MixSource

LEAST_CHANGE_DB: Final = 0.1
"""Less than this is inaudible, and is not described."""
ONLY: Final = ("only-left", "only-right")


def number(value: float, decimals: int = 1) -> str:
    """As people write it: no needless decimals, a decimal point, never `-0`."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def describe_sources(
    settings: AudioSettings, sources: Sequence[MixSource], channels: int
) -> Iterable[AudioChange]:
    """Yield changes in the choice of channels and tracks."""
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
    """Yield the gains of tracks, those that the author asked for and those that levelling made."""
    for one, gain in zip(sources, gains, strict=True):
        if len(sources) > 1 and one.is_silent:
            yield AudioChange("silent-track", {"name": one.name})
        for kind, gain_db in (("levelled", gain - one.gain_db), ("asked", one.gain_db)):
            if abs(gain_db) >= LEAST_CHANGE_DB:
                way = "up" if gain_db > 0 else "down"
                yield AudioChange(f"{kind}-{way}", {"name": one.name, "db": number(abs(gain_db))})


def describe_cuts(
    settings: AudioSettings, whole: Interval, span: Interval, cuts: Sequence[Interval]
) -> Iterable[AudioChange]:
    """Yield the cuts at the ends and in long silences, with seconds."""
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
    """Yield the intro and the outro that were added."""
    faded = "-faded" if settings.crossfade_ms else ""
    for kind, source in (("intro", intro), ("outro", outro)):
        if source:
            seconds = number(settings.crossfade_ms / 1000)
            yield AudioChange(f"{kind}{faded}", {"name": source.name, "seconds": seconds})


def describe_gain(
    settings: AudioSettings, analysis: Analysis, gain: Gain, limited: LimiterReport
) -> tuple[AudioChange, ...]:
    """
    Yield the effect of a gain on the timeline that `analysis` measured, and of its limiter in
    all.
    """
    if gain.ceiling_dbtp is None:
        return (AudioChange("too-quiet"),)
    changes = []
    own = analysis.loudness.integrated_lufs
    if abs(gain.gain_db) >= LEAST_CHANGE_DB and own is not None:
        target = number(target_lufs(settings, analysis.channels))
        way = "raised" if gain.gain_db > 0 else "lowered"
        changes.append(AudioChange(way, {"db": number(abs(gain.gain_db)), "target": target}))
    if limited.places:
        values = {"peak": number(settings.peak_dbtp), "db": number(limited.most_db)}
        changes.append(AudioChange("limited", {"n": str(limited.places), **values}))
    return tuple(changes)


def describe_untouched(analysis: Analysis) -> AudioChange:
    """A finished file that meets the spec as it is."""
    loudness = analysis.loudness
    return AudioChange(
        "untouched",
        {
            "lufs": number(loudness.integrated_lufs or 0.0),
            "peak": number(loudness.true_peak_dbtp or 0.0),
        },
    )
