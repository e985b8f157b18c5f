"""A task: a piece of long work, small enough to send to another machine, named by its inputs.

A task reads files and makes exactly one file in the artifact store; what it found out stands in
that file. So a result is the same wherever it was made, is found again after a stop, and many
machines can share a disk, or copy their stores together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

ReportProgress = Callable[[int], None]
"""Called now and then with the ms of audio worked through so far, of the task's cost."""


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
        """The ms of audio that it works through, for the time that is left."""
        raise NotImplementedError

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        """
        Make `target`, which nobody else sees until it is whole. Raises AudioError for what is
        wrong with the recording, and OSError for the disk.
        """
        raise NotImplementedError

    @property
    def file(self) -> str:
        """The name of the result in the artifact store."""
        return f"{self.key}.{self.ending}"
