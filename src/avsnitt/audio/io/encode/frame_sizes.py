"""The sizes of blocks that encoders are fed with, and the progress of encoding."""

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


def small_blocks(
    blocks: Iterator[Block], rate_hz: int, report_ms: ReportProgress
) -> Iterator[Block]:
    """
    Yield the same samples, so few at a time that memory is flat however long the blocks are.
    Reports how many ms of them have been worked through so far. Raises AudioError (SOUND-001)
    when there was none.
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
