"""The function by which long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""
Called with the name of the work (`read`, `encode`, `make`), the amount done, and the total. A name
such as `sound.episodes` counts things beside the work that is called `sound`.
"""


def quiet(_name: str, _done: int, _total: int) -> None:
    """Report to nobody."""
