"""Decides how much sound is turned up, and whether what came of it is good.

EBU R 128 is measured, and the target is the show's own; -16 LUFS with peaks of at most -1 dBTP is
what Apple asks for and suits all others. The gain is the same from beginning to end, and
only peaks that would come out too high are held down (`limiter`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

from avsnitt.audio.mix.channels import audible_lufs
from avsnitt.model.audio import MONO_LU, Analysis, AudioSettings
from avsnitt.model.value import Value

LEAST_LUFS: Final = -60.0
"""What is quieter than this is no talk, and turned up it would be noise."""
BEFORE_LOSSY_DB: Final = 1.0
"""Lossy coding raises peaks by 0.4 to 1.2 dB (measured), so they are held so much lower."""
LOUDNESS_OFF_LU: Final = 0.2
"""An encoded file that is further than this from the target is made once more."""
OVERSHOOT_DB: Final = 0.1
"""When peaks came out too high, the ceiling is lowered by as much and this."""
LOWEST_DB: Final = 6.0
SPEC_LU: Final = 0.3
LOST_SHARE: Final = 0.6
"""
What a limiter takes from the loudness, of what it would if each 50 ms were turned down as its peak
is: measured within 0.1 LU on speech that loses up to 1 LU.
"""


class Gain(Value, frozen=True, kw_only=True):
    """The gain of a timeline in dB, and the ceiling of its peaks in dBTP; None limits nothing."""

    gain_db: float = 0.0
    ceiling_dbtp: float | None = None


LEFT_ALONE: Final = Gain()


def target_lufs(settings: AudioSettings, channels: int) -> float:
    """Mono is made MONO_LU lower: it sounds as loud as stereo then, played by one ear or two."""
    return settings.loudness_lufs - (MONO_LU if channels == 1 else 0.0)


def plan_gain(
    analysis: Analysis, settings: AudioSettings, lost_db: float = 0.0, channels: int | None = None
) -> Gain:
    """
    The gain that brings a measured timeline to the target in a lossy form whose encoder lowers
    the level by `lost_db`; what the limiter is likely to take is made up for too. `channels`
    are the form's, if others than were measured (`timeline.in_channels`). LEFT_ALONE for a
    timeline that is silent, too short to be measured or too quiet to be a talk.
    """
    channels = channels or analysis.channels
    as_measured = channels == analysis.channels
    own = analysis.loudness.integrated_lufs if as_measured else audible_lufs(analysis, channels)
    if own is None or own < LEAST_LUFS:
        return LEFT_ALONE
    ceiling_dbtp = settings.peak_dbtp - BEFORE_LOSSY_DB
    plain_db = target_lufs(settings, channels) - own + lost_db
    heights = peak_heights(analysis.peaks)
    gain_db = plain_db
    for _ in range(3):
        gain_db = plain_db + limiter_loss(heights, gain_db - ceiling_dbtp)
    return Gain(gain_db=round(gain_db, 2), ceiling_dbtp=ceiling_dbtp)


def peak_heights(peaks: bytes) -> Mapping[float, int]:
    """The distribution of the peaks (as in Analysis) by height, each height a share of 1."""
    both = memoryview(peaks).cast("b")
    counted = Counter(max(-low, high) for low, high in zip(both[::2], both[1::2], strict=False))
    return {height / 128: counted[height] for height in sorted(counted)}


def limiter_loss(heights: Mapping[float, int], over_ceiling_db: float) -> float:
    """The LU that are likely to be lost when full scale is so much above a limiter's ceiling."""
    ceiling = 10 ** (-over_ceiling_db / 20)
    whole = sum(count * height**2 for height, count in heights.items())
    kept = sum(count * min(height, ceiling) ** 2 for height, count in heights.items())
    return -LOST_SHARE * 10 * math.log10(kept / whole) if kept else 0.0


def correct_gain(made: Analysis, settings: AudioSettings, gain: Gain) -> Gain | None:
    """
    A better gain than the one that a file was encoded with, by what that file measures; None when
    the file is good. Loudness and peaks are mended at once, for a file is made only once more.
    """
    own, peak = made.loudness.integrated_lufs, made.loudness.true_peak_dbtp
    if gain.ceiling_dbtp is None or own is None:
        return None
    off_lu = target_lufs(settings, made.channels) - own
    over_db = (peak if peak is not None else settings.peak_dbtp) - settings.peak_dbtp
    if abs(off_lu) <= LOUDNESS_OFF_LU and over_db <= 0:
        return None
    ceiling = gain.ceiling_dbtp - (over_db + OVERSHOOT_DB if over_db > 0 else 0.0)
    return Gain(
        gain_db=round(gain.gain_db + off_lu, 2),
        ceiling_dbtp=max(round(ceiling, 2), settings.peak_dbtp - LOWEST_DB),
    )


def meets_spec(analysis: Analysis, settings: AudioSettings) -> bool:
    """
    True when a finished file can be published untouched: within SPEC_LU of the target and no
    peak above the ceiling, both to one decimal, as EBU Tech 3341 has meters show them.
    """
    own, peak = analysis.loudness.integrated_lufs, analysis.loudness.true_peak_dbtp
    if own is None or peak is None:
        return False
    off_lu = round(abs(round(own, 1) - target_lufs(settings, analysis.channels)), 3)
    return off_lu <= SPEC_LU and round(peak, 1) <= settings.peak_dbtp
