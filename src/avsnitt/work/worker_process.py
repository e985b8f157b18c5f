"""
The program of a worker process of `worker_pool`: it runs one task after another.

Tasks come as pickles on stdin, each after its length, and replies are lines of JSON on stdout. The
process starts one thread only, which waits for the end of stdin: when the process that started this
one is gone, this one ends. Ctrl-C at a keyboard is left to the process that started it.
"""

from __future__ import annotations

import errno
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from avsnitt.model.message import MessageValue

IDLE_S: Final = 60.0
"""A process without a task for this long ends; to start another takes little time."""
REPORTED_EVERY_S: Final = 0.2
LENGTH: Final = struct.Struct("<Q")

Job = tuple[bytes, str]
"""The pickle of a Task, and the path to make."""


class WorkerReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One line to the process that sent the task. `kind` is `begun`, `ms` (in `ms`), or how the
    task ended: `done`, `error` (`code` and `values` of an AudioError), `memory`, `disk`
    (`errno`, `path`), `bug` (`path`: in a line, `text`: the whole). The process that sent the
    task adds `hung`, `died` (`text`: `start`, `crashed`, `killed` or `left`), `unbegun`, and
    `other` (`text`: how another machine differs).
    """

    kind: str
    ms: int = 0
    code: str = ""
    values: dict[str, MessageValue] = {}
    errno: int = 0
    path: str = ""
    text: str = ""


def main(memory_bytes: int) -> None:
    """Run tasks from stdin until it ends or no task comes for `IDLE_S`; never returns a value."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _keep_for_answers()
    limit_memory(memory_bytes)
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    threading.Thread(target=_read_tasks, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        try:
            job = jobs.get(timeout=IDLE_S)
        except queue.Empty:
            return
        if job is None:
            return
        _do(job, answers)


def _keep_for_answers() -> BinaryIO:
    """
    Our own handle to stdout. Prints of libraries then go nowhere: they would be taken for
    replies.
    """
    own = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return own


def limit_memory(most_bytes: int) -> None:
    """
    Limit the memory of this process, so that a task that takes too much fails before the
    machine does, and write no core dump of a gigabyte. Windows, and a system with a lower limit
    of its own, are left as they are.
    """
    try:
        import resource
    except ImportError:
        return
    for name, most in (("RLIMIT_CORE", 0), ("RLIMIT_DATA", most_bytes)):
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (wanted, hard))
        except (OSError, ValueError):
            continue


def _read_tasks(stream: BinaryIO, jobs: queue.SimpleQueue[Job | None]) -> None:
    """
    Queue the tasks from stdin. At its end, end the process, whatever it does: nobody waits for
    it.
    """
    while head := stream.read(LENGTH.size):
        data = stream.read(LENGTH.unpack(head)[0])
        jobs.put(pickle.loads(data))  # noqa: S301 - from the one who started this process
    os._exit(0)


def _do(job: Job, answers: BinaryIO) -> None:
    pickled, target = job
    declared_ms = next_s = 0.0

    def say(reply: WorkerReply) -> None:
        answers.write(msgspec.json.encode(reply) + b"\n")

    def report(worked_ms: int) -> None:
        nonlocal declared_ms, next_s
        declared_ms += worked_ms
        if time.monotonic() >= next_s:
            next_s = time.monotonic() + REPORTED_EVERY_S
            say(WorkerReply("ms", ms=int(declared_ms)))

    say(WorkerReply("begun"))
    say(run_task(pickled, Path(target), report))


def run_task(pickled: bytes, target: Path, report: Callable[[int], None]) -> WorkerReply:
    """Run the task and return how it ended, whatever happened short of the end of the process."""
    from avsnitt.problems.media_errors import MediaError

    try:
        task = pickle.loads(pickled)  # noqa: S301 - from the one who gives us work
        task.work(target, report)
    except MediaError as error:
        return WorkerReply("error", code=error.code, values=error.values)
    except MemoryError:
        return WorkerReply("memory")
    except OSError as error:
        return disk_reply(error)
    except Exception as error:  # noqa: BLE001 - the last stop before the process is silent
        text = "".join(traceback.format_exception(error))
        return WorkerReply("bug", path=f"{type(error).__name__}: {error}", text=text)
    return WorkerReply("done")


def disk_reply(error: OSError) -> WorkerReply:
    """The reply for an OSError: `memory` where memory ran out, otherwise `disk`."""
    if error.errno == errno.ENOMEM:
        return WorkerReply("memory")
    return WorkerReply(
        "disk",
        errno=error.errno or 0,
        path=str(error.filename or ""),
        text=error.strerror or str(error),
    )
