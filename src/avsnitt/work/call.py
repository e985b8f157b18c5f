"""A task on its way to whoever does it: what is sent along, and what comes home.

Everything here is run where the work is: in a thread of ours, in a pool, or on another machine
that has the same program and sees the same artifact store.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work.fingerprint import Fingerprint, differences, own_fingerprint
from avsnitt.work.worker_pool import MEMORY_BYTES, WorkerPool
from avsnitt.work.worker_process import WorkerReply, disk_reply, run_task

SILENCE_LIMIT_S: Final = 120.0
"""How long a task may be silent before it is taken to hang."""
SLOWEST: Final = 10
"""A task that reports nothing until it is done gets the time it takes at this many times real time;
the slowest machine that was measured works at 30."""
_NOTED_EVERY_S: Final = 1.0

_pools: dict[int, WorkerPool] = {}
"""Those of a process that works for others, by how much memory they may have."""
_starting = threading.Lock()


class TaskCall(Struct, frozen=True, kw_only=True):
    """
    A call of one task: the folder of the artifact store that its `file` is made in, the file to
    note progress in (`note`, a path), the memory it may take, and the fingerprint of the
    `sender`; None where that is this process.
    """

    folder: str
    file: str
    note: str
    silence_limit_s: float = SILENCE_LIMIT_S
    memory_bytes: int = MEMORY_BYTES
    sender: Fingerprint | None = None


Do = Callable[[bytes, Path, Callable[[int], None]], WorkerReply]


class _CallFailedError(Exception):
    def __init__(self, reply: WorkerReply) -> None:
        super().__init__(reply.kind)
        self.reply = reply


def run_call(call: TaskCall, task: bytes, do: Do) -> WorkerReply:
    """Make the file, unless it is there, and say how that ended."""

    def make(target: Path) -> None:
        reply = do(task, target, report)
        if reply.kind != "done":
            raise _CallFailedError(reply)

    report = _ProgressFile(Path(call.note))
    try:
        ArtifactStore(call.folder).get_or_make(call.file, make)
    except _CallFailedError as failed:
        return failed.reply
    except OSError as error:
        return disk_reply(error)
    except ValueError as error:
        return WorkerReply("bug", path=str(error), text=str(error))
    finally:
        report.end()
    return WorkerReply("done")


def run_in_worker(pool: WorkerPool, call: TaskCall, task: bytes) -> WorkerReply:
    """Done by a process beside this one, and stopped when it is silent for too long."""

    def do(task: bytes, target: Path, report: Callable[[int], None]) -> WorkerReply:
        return pool.work((task, str(target)), call.silence_limit_s, report)

    return run_call(call, task, do)


def run_in_process(stopped: threading.Event, call: TaskCall, task: bytes) -> WorkerReply:
    """
    Done in this very process, which shares the fate of the work. Once it is `stopped` it ends
    when it next reports its progress.
    """

    def do(task: bytes, target: Path, report: Callable[[int], None]) -> WorkerReply:
        total_ms = 0

        def add(worked_ms: int) -> None:
            nonlocal total_ms
            total_ms += worked_ms
            report(total_ms)
            if stopped.is_set():
                raise InterruptedError

        return run_task(task, target, add)

    return run_call(call, task, do)


def run_for_cluster(call: TaskCall, task: bytes) -> WorkerReply:
    """Done for somebody else, by a process beside this one: what a cluster's worker is asked."""
    if call.sender is not None and call.sender != own_fingerprint():
        return WorkerReply("other", text=", ".join(differences(call.sender, own_fingerprint())))
    with _starting:
        if call.memory_bytes not in _pools:
            _pools[call.memory_bytes] = WorkerPool(call.memory_bytes)
        pool = _pools[call.memory_bytes]
    return run_in_worker(pool, call, task)


class _ProgressFile:
    """The progress of a task, in a file for whoever waits: on a shared disk all can read it."""

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


def read_progress(path: str) -> int:
    """The ms that a task has worked through, as far as is known."""
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
