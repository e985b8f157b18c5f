"""
A task: a piece of long work, small enough to send to another machine, and named by its result.

A task reads files, makes exactly one file in the artifact store, and returns nothing else; what it
found out is in that file. So a result is the same wherever it was made, is found again after a
stop, and can come from many machines that share a disk or merge their artifact stores.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

ReportProgress = Callable[[int], None]
"""Called now and then with the ms of audio worked through since the last call."""


class Task(Struct, frozen=True, kw_only=True):
    """
    One piece of work. A subclass holds what it needs as plain values (it is pickled), and `key`
    names all that its result depends on: content by digest, settings, the version of the step;
    never a path or a time. `slug` is that of the episode it is for.
    """

    ENDING: ClassVar[str] = ""
    """The ending of the result's file, without a dot."""
    slug: str = ""

    @property
    def key(self) -> str:
        """Names the result: letters, digits, `-`."""
        raise NotImplementedError

    @property
    def ending(self) -> str:
        """The ending of the result's file: ENDING, unless it depends on the task."""
        return self.ENDING

    @property
    def cost_ms(self) -> int:
        """The ms of audio that it works through, for the estimate of the time that is left."""
        raise NotImplementedError

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        """
        Make `target`, which no other process sees until it is whole. Raises AudioError for
        a recording that cannot be used, and OSError for the disk.
        """
        raise NotImplementedError

    @property
    def file(self) -> str:
        """The name of the result in the artifact store: key and ending."""
        return f"{self.key}.{self.ending}"
