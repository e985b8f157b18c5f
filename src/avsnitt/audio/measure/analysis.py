"""Joins the measurements of pieces of audio into those of the whole.

A slot is 50 ms. Pieces are cut at whole seconds (the last ends where the audio does), so that
slots, steps and seconds fall on the same samples however the audio was cut, and the whole is the
same as if it had been measured in one piece.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from avsnitt.audio.measure.clipping import ROW, clipped_slots, join_slots
from avsnitt.audio.measure.hum import COLUMNS, hum
from avsnitt.audio.measure.loudness import STEPS_PER_SECOND, integrated_lufs, range_lu
from avsnitt.audio.measure.silence import find_pauses
from avsnitt.digests import combine, digest
from avsnitt.model.audio import PEAKS_PER_SECOND, Analysis, Loudness

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

SLOT_MS: Final = 1000 // PEAKS_PER_SECOND
SLOTS_PER_STEP: Final = PEAKS_PER_SECOND // STEPS_PER_SECOND
SILENT_DB: Final = -120.0
"""The level of anything quieter too; 20 dB below the noise of 16 bits."""


class PartAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """
    The measurements of a piece of audio. All bytes are little-endian arrays in order of time.

    `energies` (float32) are the slots' K-weighted mean squares, added up over the channels.
    `peaks` (int8) are pairs, least and greatest. `digests` are 16 bytes for each second's samples.
    `true_peak` and `greatest` (of the samples) are linear. `sums` and `squares` (one a channel)
    and `cross` (both channels multiplied) are over all samples. `flat_tops` are rows of
    `clipping.ROW`, `hum` (float16) of `hum.COLUMNS`.
    `not_numbers` (samples) and `broken_packets` are counted by the reader.
    """

    sample_rate_hz: int
    channels: int
    samples: int
    energies: bytes
    peaks: bytes
    digests: bytes
    true_peak: float
    greatest: float
    sums: tuple[float, ...]
    squares: tuple[float, ...]
    cross: float = 0.0
    flat_tops: bytes = b""
    hum: bytes = b""
    not_numbers: int = 0
    broken_packets: int = 0


def merge_parts(parts: Sequence[PartAnalysis]) -> Analysis:
    """
    The measurements of the whole that pieces in a row make. Raises ValueError for no pieces, for
    pieces of different rates or channels, and for one before the last that ends within a second.
    """
    _check(parts)
    first = parts[0]
    samples = sum(part.samples for part in parts)
    slots = _array(parts, "energies", "<f4").astype("f8")
    duration_ms = (samples * 1000 + first.sample_rate_hz // 2) // first.sample_rate_hz
    pauses = find_pauses(slots, SLOT_MS, duration_ms)
    hum_hz, hum_dbfs = hum(_array(parts, "hum", "<f2").reshape(-1, COLUMNS))
    sums, squares = _totals(parts, "sums"), _totals(parts, "squares")
    return Analysis(
        sample_rate_hz=first.sample_rate_hz,
        channels=first.channels,
        samples=samples,
        digest=_digest(parts),
        loudness=_loudness(_steps(slots, samples, first.sample_rate_hz), parts),
        silence_start_ms=pauses.start_ms,
        silence_end_ms=pauses.end_ms,
        gaps=pauses.gaps,
        clipped=join_slots(clipped_slots(_flat_tops(parts), _greatest(parts)), SLOT_MS),
        dc_offset=tuple(round(total / max(1, samples), 6) for total in sums),
        level_dbfs=tuple(round(_db(total / max(1, samples)), 2) for total in squares),
        correlation=_correlation(samples, sums, squares, math.fsum(part.cross for part in parts)),
        hum_hz=hum_hz,
        hum_dbfs=hum_dbfs,
        not_numbers=sum(part.not_numbers for part in parts),
        broken_packets=sum(part.broken_packets for part in parts),
        peaks=b"".join(part.peaks for part in parts),
    )


def _check(parts: Sequence[PartAnalysis]) -> None:
    if not parts:
        raise ValueError("no pieces")
    if len({(part.sample_rate_hz, part.channels) for part in parts}) > 1:
        raise ValueError("pieces of unlike sound")
    if any(part.samples % part.sample_rate_hz for part in parts[:-1]):
        raise ValueError("a piece before the last ends within a second")


def _array(parts: Sequence[PartAnalysis], field: str, kind: Any) -> NDArray[Any]:
    import numpy as np

    return np.frombuffer(b"".join(getattr(part, field) for part in parts), dtype=kind)


def _totals(parts: Sequence[PartAnalysis], field: str) -> tuple[float, ...]:
    return tuple(map(math.fsum, zip(*(getattr(part, field) for part in parts), strict=True)))


def _digest(parts: Sequence[PartAnalysis]) -> str:
    """The digest of the samples, the same for all files and formats that hold them."""
    kind = f"{parts[0].sample_rate_hz}/{parts[0].channels}"
    return combine({"kind": kind, "pcm": digest(b"".join(part.digests for part in parts))})


def _steps(slots: NDArray[float64], samples: int, rate_hz: int) -> NDArray[float64]:
    """The mean square of each whole step, of which loudness is measured."""
    whole = samples * STEPS_PER_SECOND // rate_hz
    steps: NDArray[float64] = (
        slots[: whole * SLOTS_PER_STEP].reshape(-1, SLOTS_PER_STEP).mean(axis=1)
    )
    return steps


def _loudness(steps: NDArray[float64], parts: Sequence[PartAnalysis]) -> Loudness:
    loudness, peak = integrated_lufs(steps), _db(max(part.true_peak for part in parts) ** 2)
    return Loudness(
        integrated_lufs=None if loudness is None else round(loudness, 3),
        range_lu=round(range_lu(steps), 2),
        true_peak_dbtp=None if peak <= SILENT_DB else round(peak, 3),
    )


def _db(power: float) -> float:
    return max(SILENT_DB, 10 * math.log10(power)) if power > 0 else SILENT_DB


def _flat_tops(parts: Sequence[PartAnalysis]) -> NDArray[Any]:
    """The rows of all pieces, their slots counted from the start of the whole."""
    import numpy as np

    rows = [np.frombuffer(part.flat_tops, dtype=ROW).copy() for part in parts]
    before = 0
    for row, part in zip(rows, parts, strict=True):
        row["slot"] += before
        before += len(part.peaks) // 2
    return np.concatenate(rows)


def _greatest(parts: Sequence[PartAnalysis]) -> float:
    """The greatest level of a sample."""
    return max(part.greatest for part in parts)


def _correlation(
    samples: int, sums: tuple[float, ...], squares: tuple[float, ...], cross: float
) -> float:
    """Pearson's correlation of two channels, which an offset does not change; 0 when one is silent,
    1 for one channel."""
    if len(sums) == 1 or not samples:
        return 1.0
    left, right = (total - part * part / samples for part, total in zip(sums, squares, strict=True))
    if min(left, right) / samples < 10 ** (SILENT_DB / 10):
        return 0.0
    together = (cross - sums[0] * sums[1] / samples) / math.sqrt(left * right)
    return round(max(-1.0, min(1.0, together)), 4)
