"""Plans the gain of a timeline, and checks the file that was made with it.

Loudness is measured by EBU R 128, and the target is the show's own; Apple asks for -16 LUFS with
peaks of at most -1 dBTP, which suits all others. The gain is the same from beginning to end; only
peaks that would be too high are limited (`limiter`).
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
"""Quieter audio is no talk, and turned up it would be noise."""
BEFORE_LOSSY_DB: Final = 1.0
"""Lossy coding raises peaks by 0.4 to 1.2 dB (measured), so they are limited so much lower."""
LOUDNESS_OFF_LU: Final = 0.2
"""An encoded file that is further than this from the target is made once more."""
OVERSHOOT_DB: Final = 0.1
"""The dB by which the ceiling is lowered further when peaks of the encoded file are above it."""
LOWEST_DB: Final = 6.0
SPEC_LU: Final = 0.3
LOST_SHARE: Final = 0.6
"""
The loudness that a limiter takes, as a share of what turning down each 50 ms by its peak would
take: measured within 0.1 LU on speech that loses up to 1 LU.
"""


class Gain(Value, frozen=True, kw_only=True):
    """The gain of a timeline, and the ceiling of its true peaks; None limits nothing."""

    gain_db: float = 0.0
    ceiling_dbtp: float | None = None


LEFT_ALONE: Final = Gain()


def target_lufs(settings: AudioSettings, channels: int) -> float:
    """The loudness to reach. Mono is made MONO_LU lower: it is then as loud as stereo when it is
    played in both channels."""
    return settings.loudness_lufs - (MONO_LU if channels == 1 else 0.0)


def plan_gain(
    analysis: Analysis, settings: AudioSettings, lost_db: float = 0.0, channels: int | None = None
) -> Gain:
    """
    The gain that brings a measured timeline to the target in a lossy format whose encoder lowers
    the level by `lost_db`; the loss that the limiter is likely to cause is added. `channels` are
    those of the format, when they differ from the measured ones (`timeline.in_channels`).
    LEFT_ALONE for audio that is silent, too short to be measured or too quiet to be a talk.
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
    """The number of peaks (as in Analysis) of each height, from 0 to 1."""
    both = memoryview(peaks).cast("b")
    counted = Counter(max(-low, high) for low, high in zip(both[::2], both[1::2], strict=False))
    return {height / 128: counted[height] for height in sorted(counted)}


def limiter_loss(heights: Mapping[float, int], over_ceiling_db: float) -> float:
    """The LU that a limiter is likely to take when full scale is so far above its ceiling."""
    ceiling = 10 ** (-over_ceiling_db / 20)
    whole = sum(count * height**2 for height, count in heights.items())
    kept = sum(count * min(height, ceiling) ** 2 for height, count in heights.items())
    return -LOST_SHARE * 10 * math.log10(kept / whole) if kept else 0.0


def correct_gain(made: Analysis, settings: AudioSettings, gain: Gain) -> Gain | None:
    """
    A better gain than the one that a file was encoded with, by the measurements of that file;
    None when the file is good. Both loudness and peaks are corrected, since a file is encoded
    only once more.
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
    True when a finished file can be published untouched: within SPEC_LU of the target and without
    a peak above the ceiling, both to one decimal, as meters show them (EBU Tech 3341).
    """
    own, peak = analysis.loudness.integrated_lufs, analysis.loudness.true_peak_dbtp
    if own is None or peak is None:
        return False
    off_lu = round(abs(round(own, 1) - target_lufs(settings, analysis.channels)), 3)
    return off_lu <= SPEC_LU and round(peak, 1) <= settings.peak_dbtp
