"""A task on its way to whoever does it: what is sent along, and what comes home.

Everything here is run where the work is: in a thread of ours, in a pool, or on another machine
that has the same program and sees the same depot.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from avsnitt.system.artifacts import Depot
from avsnitt.work.fingerprint import Identity, differences, own_identity
from avsnitt.work.worker_pool import MEMORY_BYTES, Mates
from avsnitt.work.worker_process import Said, of_the_disk, outcome

PATIENCE_S: Final = 120.0
"""How long a task may be silent before it is taken to hang."""
SLOWEST: Final = 10
"""A task that tells nothing until it is done gets the time it takes at this many times real time;
the slowest machine that was measured works at 30."""
_NOTED_EVERY_S: Final = 1.0

_mates: dict[int, Mates] = {}
"""Those of a process that works for others, by how much memory they may have."""
_hiring = threading.Lock()


class Errand(Struct, frozen=True, kw_only=True):
    """
    Where a task's `file` is to be made (`folder` is a depot's), where to note how far it has come
    (`note`, a path), what it may take, and what `sender` is made of; None where that is us.
    """

    folder: str
    file: str
    note: str
    patience_s: float = PATIENCE_S
    memory_bytes: int = MEMORY_BYTES
    sender: Identity | None = None


Do = Callable[[bytes, Path, Callable[[int], None]], Said]


class _Failed(Exception):
    def __init__(self, said: Said) -> None:
        super().__init__(said.kind)
        self.said = said


def run_errand(errand: Errand, task: bytes, do: Do) -> Said:
    """Make the file, unless it is there, and say how that ended."""

    def make(target: Path) -> None:
        said = do(task, target, tell)
        if said.kind != "done":
            raise _Failed(said)

    tell = _Note(Path(errand.note))
    try:
        Depot(errand.folder).get_or_make(errand.file, make)
    except _Failed as failed:
        return failed.said
    except OSError as error:
        return of_the_disk(error)
    except ValueError as error:
        return Said("bug", path=str(error), text=str(error))
    finally:
        tell.end()
    return Said("done")


def run_beside(mates: Mates, errand: Errand, task: bytes) -> Said:
    """Done by a process beside this one, and stopped when it is silent for too long."""

    def do(task: bytes, target: Path, tell: Callable[[int], None]) -> Said:
        return mates.work((task, str(target)), errand.patience_s, tell)

    return run_errand(errand, task, do)


def run_here(stopped: threading.Event, errand: Errand, task: bytes) -> Said:
    """
    Done in this very process, which shares the fate of the work. Once it is `stopped` it ends
    when it next tells how far it has come.
    """

    def do(task: bytes, target: Path, tell: Callable[[int], None]) -> Said:
        total_ms = 0

        def add(worked_ms: int) -> None:
            nonlocal total_ms
            total_ms += worked_ms
            tell(total_ms)
            if stopped.is_set():
                raise InterruptedError

        return outcome(task, target, add)

    return run_errand(errand, task, do)


def run_away(errand: Errand, task: bytes) -> Said:
    """Done for somebody else, by a process beside this one: what a cluster's worker is asked."""
    if errand.sender is not None and errand.sender != own_identity():
        return Said("other", text=", ".join(differences(errand.sender, own_identity())))
    with _hiring:
        if errand.memory_bytes not in _mates:
            _mates[errand.memory_bytes] = Mates(errand.memory_bytes)
        mates = _mates[errand.memory_bytes]
    return run_beside(mates, errand, task)


class _Note:
    """How far the work has come, in a file for whoever waits: on a shared disk all can read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next_s = time.monotonic() + _NOTED_EVERY_S

    def __call__(self, total_ms: int) -> None:
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _NOTED_EVERY_S
            try:
                self._path.write_text(str(total_ms), encoding="ascii")
            except OSError:
                return  # it is only for show; the work itself will say that the disk is full

    def end(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return


def read_note(path: str) -> int:
    """How many ms a task has worked through, as far as is known."""
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
