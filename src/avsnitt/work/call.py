"""
One task on its way to a worker: what is sent with it, and how it is run there.

All functions here run where the work is done: in a thread of this process, in a pool, or on another
machine that has the same program and sees the same artifact store.
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
"""The time without progress after which a task is taken to hang."""
SLOWEST: Final = 10
"""A task that reports nothing until it is done gets the time that it takes at this many times real
time; the slowest machine that was measured works at 30."""
_NOTED_EVERY_S: Final = 1.0

_pools: dict[int, WorkerPool] = {}
"""The worker pools of a process that runs tasks of a cluster, by their limit of memory in bytes."""
_starting = threading.Lock()


class TaskCall(Struct, frozen=True, kw_only=True):
    """
    The data sent with a task: the `folder` of the artifact store and the name of the `file` to
    make, the path (`note`) of the file for progress, the limits, and the fingerprint of the
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
    """Make the task's file by `do`, unless it is in the store, and return how that ended."""

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
    """
    Run the task in a worker process beside this one, which is stopped when it reports no
    progress for too long.
    """

    def do(task: bytes, target: Path, report: Callable[[int], None]) -> WorkerReply:
        return pool.work((task, str(target)), call.silence_limit_s, report)

    return run_call(call, task, do)


def run_in_process(stopped: threading.Event, call: TaskCall, task: bytes) -> WorkerReply:
    """
    Run the task in this process, which a crash of the task would end. Once `stopped` is set,
    the task ends when it next reports progress.
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
    """
    Run the task of another machine in a worker process beside this one. A Dask worker calls
    this function.
    """
    if call.sender is not None and call.sender != own_fingerprint():
        return WorkerReply("other", text=", ".join(differences(call.sender, own_fingerprint())))
    with _starting:
        if call.memory_bytes not in _pools:
            _pools[call.memory_bytes] = WorkerPool(call.memory_bytes)
        pool = _pools[call.memory_bytes]
    return run_in_worker(pool, call, task)


class _ProgressFile:
    """
    The progress of a task in ms, written at most once a second to a file that the waiting
    process reads, also over a shared disk.
    """

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
                return  # progress is only shown; the task itself will report a full disk

    def end(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return


def read_progress(path: str) -> int:
    """The ms of audio that a task has worked through; 0 where that is not known."""
    try:
        return int(Path(path).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
