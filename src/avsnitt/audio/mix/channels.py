"""
The channels of a recording that are played, and its loudness through those.

Loudness adds the power of the channels (ITU-R BS.1770-4), so a mono file that is played in both
channels measures 3 LU more, and what a stereo file measures when folded depends on how alike its
channels are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from avsnitt.model.audio import MONO_LU, Analysis, AudioSettings

DEAD_DB: Final = 40.0
"""A channel so far under the other has only noise or crosstalk in it."""
OPPOSED: Final = -0.8
"""Channels that go against each other like this would be gone when folded to one."""
DC_LEAST: Final = 0.005
"""Less than this from the middle costs 0.04 dB of headroom and is left alone."""


def living_channel(analysis: Analysis) -> int | None:
    """The one channel that has sound, when the other of two has none."""
    if analysis.channels != 2 or len(analysis.level_dbfs) != 2:
        return None
    left, right = analysis.level_dbfs
    if abs(left - right) < DEAD_DB or not math.isfinite(max(left, right)):
        return None
    return 0 if left > right else 1


def is_opposed(analysis: Analysis) -> bool:
    """True when two channels are each other's opposite, so that their sum would be silent."""
    return analysis.channels == 2 and analysis.correlation <= OPPOSED


def choose_channels(settings: AudioSettings, recordings: Iterable[Analysis]) -> int:
    """As asked for; as recorded is stereo when any recording has two channels with sound."""
    if settings.channels != "as-recorded":
        return 1 if settings.channels == "mono" else 2
    return max(
        (1 if living_channel(one) is not None else one.channels for one in recordings), default=1
    )


def only_channel(analysis: Analysis, channels: int) -> int | None:
    """The channel that is to be heard alone when a recording is played in `channels`, if any."""
    living = living_channel(analysis)
    if living is None and channels == 1 and is_opposed(analysis):
        return 0
    return living


def audible_lufs(analysis: Analysis, channels: int) -> float | None:
    """
    The loudness of a recording in LUFS when it is played in `channels`; None when it is silent.
    """
    own = analysis.loudness.integrated_lufs
    if own is None:
        return None
    doubled = MONO_LU if channels == 2 else 0.0
    if analysis.channels == 1:
        return own + doubled
    only = only_channel(analysis, channels)
    if only is not None:
        return own + doubled + _share_db(analysis, only)
    return own if channels == 2 else own + _folding_db(analysis)


def dc_to_remove(analysis: Analysis, channels: int) -> tuple[float, ...]:
    """The DC offset of each channel as played in `channels`; empty when it is small enough."""
    offsets = analysis.dc_offset
    if len(offsets) != analysis.channels or max(map(abs, offsets)) < DC_LEAST:
        return ()
    only = only_channel(analysis, channels)
    if only is not None:
        offsets = (offsets[only],)
    elif channels == 1:
        offsets = (sum(offsets) / len(offsets),)
    return offsets if len(offsets) == channels else offsets * channels


def _share_db(analysis: Analysis, channel: int) -> float:
    """The level in dB by which one channel measures lower than both."""
    powers = _powers(analysis)
    return _db(powers[channel] / sum(powers)) if sum(powers) else 0.0


def _folding_db(analysis: Analysis) -> float:
    """
    The level in dB by which half of each channel, added to one, measures lower than both as
    they are.
    """
    powers = _powers(analysis)
    if len(powers) != 2 or not sum(powers):
        return 0.0
    left, right = powers
    folded = (left + right + 2 * analysis.correlation * math.sqrt(left * right)) / 4
    return _db(folded / (left + right))


def _powers(analysis: Analysis) -> tuple[float, ...]:
    return tuple(10 ** (level / 10) for level in analysis.level_dbfs)


def _db(share: float) -> float:
    return 10 * math.log10(max(share, 1e-6))
