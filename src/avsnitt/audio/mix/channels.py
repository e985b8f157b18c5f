"""Chooses the channels of a recording that are played, and predicts its loudness in them.

Loudness adds the power of the channels (ITU-R BS.1770-4), so a mono file that is played in both
channels measures 3 LU more, and the loudness of a stereo file folded to mono depends on the
correlation of its channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from avsnitt.model.audio import MONO_LU, Analysis, AudioSettings

DEAD_DB: Final = 40.0
"""A channel so far below the other has only noise or crosstalk in it."""
OPPOSED: Final = -0.8
"""Channels of this correlation or less would cancel each other when folded to one."""
DC_LEAST: Final = 0.005
"""A smaller offset, of full scale, costs 0.04 dB of headroom and is left alone."""


def living_channel(analysis: Analysis) -> int | None:
    """The only channel of two that has sound (0 left, 1 right); None when both have, or one is
    all there is."""
    if analysis.channels != 2 or len(analysis.level_dbfs) != 2:
        return None
    left, right = analysis.level_dbfs
    if abs(left - right) < DEAD_DB or not math.isfinite(max(left, right)):
        return None
    return 0 if left > right else 1


def is_opposed(analysis: Analysis) -> bool:
    """True when two channels would cancel each other in mono."""
    return analysis.channels == 2 and analysis.correlation <= OPPOSED


def choose_channels(settings: AudioSettings, recordings: Iterable[Analysis]) -> int:
    """The channels to publish, 1 or 2: as the settings ask, or for "as-recorded" 2 when any
    recording has two channels with sound."""
    if settings.channels != "as-recorded":
        return 1 if settings.channels == "mono" else 2
    return max(
        (1 if living_channel(one) is not None else one.channels for one in recordings), default=1
    )


def only_channel(analysis: Analysis, channels: int) -> int | None:
    """The channel that is played alone when a recording is played in `channels`; None for all."""
    living = living_channel(analysis)
    if living is None and channels == 1 and is_opposed(analysis):
        return 0
    return living


def audible_lufs(analysis: Analysis, channels: int) -> float | None:
    """The loudness in LUFS of a recording played in `channels`; None when it is silent."""
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
    """The offset of each channel as played in `channels`, of full scale; empty when all are below
    DC_LEAST."""
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
    """The loudness in dB of one channel relative to both: 0 or less."""
    powers = _powers(analysis)
    return _db(powers[channel] / sum(powers)) if sum(powers) else 0.0


def _folding_db(analysis: Analysis) -> float:
    """The loudness in dB of both channels folded to one, half of each, relative to both as they
    are."""
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
