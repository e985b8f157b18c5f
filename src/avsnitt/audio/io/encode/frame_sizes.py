"""Splits samples into small blocks for all encoders, and reports progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from avsnitt.problems.media_errors import AudioError
from avsnitt.work.task import ReportProgress

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Block = NDArray[float32]
    """Samples from -1 to 1, of shape (channels, samples)."""

AT_ONCE: Final = 1 << 16
"""Samples of each channel that are encoded at a time."""


def small_blocks(
    blocks: Iterator[Block], rate_hz: int, report_ms: ReportProgress
) -> Iterator[Block]:
    """
    The same samples, at most AT_ONCE at a time, so that memory does not grow with the length of
    blocks. `report_ms` is called with the ms that are done after each block. Raises AudioError:
    SOUND-001 when there are no samples.
    """
    done = 0
    for block in blocks:
        for start in range(0, block.shape[1], AT_ONCE):
            piece = block[:, start : start + AT_ONCE]
            yield piece
            done += piece.shape[1]
        report_ms(done * 1000 // rate_hz)
    if not done:
        raise AudioError("SOUND-001", reason="no-sound")
