"""A worker process, the other side of `worker_pool.py`: it runs one task after another.

It is spoken to in pickles on stdin, each after its length, and answers in lines of JSON. It
starts no threads but one, which waits for the end of stdin: when whoever started this is gone,
so is this. A keyboard's Ctrl-C is for the one who started it.
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
"""A process that nobody has had work for in so long goes home; another is soon started."""
REPORT_EVERY_S: Final = 0.2
LENGTH: Final = struct.Struct("<Q")

Job = tuple[bytes, str]
"""The pickle of a Task, and the path to make."""


class WorkerReply(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One line to the one who gave the work. `kind` is `begun`, `ms` (in `ms`), or how it ended:
    `done`, `error` (`code` and `values` of a AudioError), `memory`, `disk` (`errno`, `path`)
    `bug` (`path`: in a line, `text`: the whole). The one that gives the work adds `hung`, `died`
    (`text`: `start`, `crashed`, `killed` or `left`), `unbegun`, and `other` (`text`: how another
    machine differs).
    """

    kind: str
    ms: int = 0
    code: str = ""
    values: dict[str, MessageValue] = {}
    errno: int = 0
    path: str = ""
    text: str = ""


def main(memory_bytes: int) -> None:
    """
    Run the worker: read tasks from stdin, answer each on stdout, and stop when nothing comes
    for a while. `memory_bytes` is the most it may take.
    """
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
    Keep stdout for answers: what libraries print must not be taken for one, nor reach a screen.
    """
    own = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return own


def limit_memory(most_bytes: int) -> None:
    """
    Let memory run out here, where it is one job's failure, before it does for the machine. And
    leave no core dump of a gigabyte behind. Windows, and a system with a lower limit of its own,
    are left as they are.
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
    """At the end of stdin nobody wants the work any more, however far it has come."""
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
            next_s = time.monotonic() + REPORT_EVERY_S
            say(WorkerReply("ms", ms=int(declared_ms)))

    say(WorkerReply("begun"))
    say(run_task(pickled, Path(target), report))


def run_task(pickled: bytes, target: Path, report: Callable[[int], None]) -> WorkerReply:
    """Do the work and say how it ended, whatever happened short of the process's own end."""
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
    """The reply for an error of the disk or a lack of memory."""
    if error.errno == errno.ENOMEM:
        return WorkerReply("memory")
    return WorkerReply(
        "disk",
        errno=error.errno or 0,
        path=str(error.filename or ""),
        text=error.strerror or str(error),
    )
