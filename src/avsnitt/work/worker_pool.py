"""
Worker processes beside this one, so that a crash in one is the failure of one task only.

A recording may be made to do harm, and decoders are written in C: work on one may end a process,
never end, or take all memory. Each worker process runs one task at a time, watched by a thread of
this process on the same machine. So whichever executor brought the task there (threads, a pool, a
cluster) only sees that this task failed.

Workers are started anew and not forked: a fork would copy locks that other threads hold.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, cast

import msgspec

from avsnitt.work.worker_process import LENGTH, Job, WorkerReply

MEMORY_BYTES: Final = 2_000_000_000
"""Ten times what any work on audio may need; video needs the most."""
_ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
"""Each process is one processor's worth of work; libraries would each take all processors."""
_STILL_SOUND: Final = ("done", "error", "disk")
_TICK_S: Final = 1.0
_CRASHES: Final = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")

_decode = msgspec.json.Decoder(WorkerReply).decode


class WorkerPool:
    """
    The worker processes of this process. One is started when there is a task and none is free.
    """

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._memory_bytes = memory_bytes
        self._free: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def work(self, job: Job, patience_s: float, report: Callable[[int], None]) -> WorkerReply:
        """
        Run one task and return how it ended. The worker is stopped when it reports nothing
        for `patience_s`. `report` is called now and then with the ms of audio worked
        through in all.
        """
        reply = WorkerReply("unbegun")
        # A worker that was idle may have ended in the moment that the task was sent to it.
        while reply.kind == "unbegun":
            worker, is_new = self._take()
            if worker is None:
                return reply
            reply = worker.work(job, patience_s, report)
            self._give_back(worker, reply)
            if is_new and reply.kind == "unbegun":
                return WorkerReply("died", text="start")
        return reply

    def _take(self) -> tuple[_Worker | None, bool]:
        with self._lock:
            if self._closed:
                return None, False
            if self._free:
                return self._free.pop(), False
            worker = _Worker(self._memory_bytes)
            self._all.add(worker)
            return worker, True

    def _give_back(self, worker: _Worker, reply: WorkerReply) -> None:
        with self._lock:
            if reply.kind in _STILL_SOUND and not self._closed:
                self._free.append(worker)
                return
            self._all.discard(worker)
        worker.stop()

    def close(self) -> None:
        """Stop them at once, whatever they do."""
        with self._lock:
            self._closed = True
            pool, self._all, self._free = self._all, set(), []
        for worker in pool:
            worker.stop()


class _Worker:
    def __init__(self, memory_bytes: int) -> None:
        code = f"from avsnitt.work.worker_process import main; main({memory_bytes})"
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            # -P: a file numpy.py in the show's folder is not numpy.
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._reply: queue.SimpleQueue[WorkerReply | None] = queue.SimpleQueue()
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)
        self._stopping = threading.Lock()
        self._reader = threading.Thread(target=_read, args=(self._out, self._reply), daemon=True)
        self._reader.start()

    def work(self, job: Job, patience_s: float, report: Callable[[int], None]) -> WorkerReply:
        data = pickle.dumps(job)
        try:
            self._in.write(LENGTH.pack(len(data)) + data)
            self._in.flush()
        except OSError:
            return WorkerReply("unbegun")
        begun, silent_s = False, 0.0
        # Counted in turns and not by a clock: a laptop that has slept is not a job that hangs.
        while silent_s < patience_s:
            try:
                reply = self._reply.get(timeout=_TICK_S)
            except queue.Empty:
                silent_s += _TICK_S
                continue
            if reply is None:
                return WorkerReply("died", text=self._how()) if begun else WorkerReply("unbegun")
            begun, silent_s = True, 0.0
            if reply.kind == "ms":
                report(reply.ms)
            elif reply.kind != "begun":
                return reply
        return WorkerReply("hung")

    def _how(self) -> str:
        code = self._process.wait()
        name = signal.Signals(-code).name if -code in set(signal.Signals) else ""
        if name in _CRASHES or code > 0xC0000000:
            return "crashed"
        return "killed" if name else "left"

    def stop(self) -> None:
        """Stop the process and all that it has started itself. Safe to call twice."""
        with self._stopping:
            if self._process.returncode is None:
                self._kill()
            self._process.wait()
            self._reader.join(_TICK_S)
            for stream in (self._in, self._out):
                with suppress(OSError):  # half a job may be left in it
                    stream.close()

    def _kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (AttributeError, ProcessLookupError, PermissionError):
            self._process.kill()


def _read(stream: IO[bytes], reply: queue.SimpleQueue[WorkerReply | None]) -> None:
    for line in stream:
        try:
            reply.put(_decode(line))
        except msgspec.DecodeError:
            break  # it died in the middle of a line
    reply.put(None)


def _environment() -> dict[str, str]:
    """
    The worker's environment: it imports from the same folders as this process, except for the
    working folder, and its libraries use one thread.
    """
    folders = [folder for folder in sys.path if Path(folder).is_absolute()]
    one_thread = dict.fromkeys(_ONE_THREAD, "1")
    return {**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(folders)}
