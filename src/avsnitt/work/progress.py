"""The type of progress reports from long work."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""
Called with the progress of long work: its name (`read`, `encode`, `make`), how much is done, and of
how much. A name such as `sound.episodes` counts things beside the work that is called `sound`.
"""


def quiet(_name: str, _done: int, _total: int) -> None:
    """Progress for nobody."""
