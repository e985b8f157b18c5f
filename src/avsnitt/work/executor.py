"""Runs tasks by any executor of `concurrent.futures`, and watches over each of them.

    auto        in this process when there is little work, otherwise `processes`
    processes   in worker processes, one for each processor
    threads     in threads of this process, where it can start no other process
    serial      in this process, one task after the other
    dask://...  in the workers of a Dask cluster (docs/commands.md, `avsnitt sound`)

A task ends in the same way everywhere: its file is in the artifact store, or there is a TaskError.
"""

from __future__ import annotations

import errno
import pickle
import re
from collections.abc import Callable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Future,
    ThreadPoolExecutor,
    wait,
)
from functools import partial
from threading import Event
from typing import Final, Self

import msgspec

from avsnitt.model.message import MessageValue, message
from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.problems.media_errors import TaskError
from avsnitt.system.artifacts import LOG, ArtifactStore
from avsnitt.system.os_errors import describe_os_error
from avsnitt.work.backend import AUTO, Backend, ExecutorOptions, Run
from avsnitt.work.call import SLOWEST, TaskCall, read_progress, run_in_process, run_in_worker
from avsnitt.work.fork_map import usable_processors
from avsnitt.work.task import Task
from avsnitt.work.worker_pool import WorkerPool
from avsnitt.work.worker_process import WorkerReply

SERIAL: Final = "serial"
SMALL_MS: Final = 30_000
"""With `auto`, this much audio in all is worked on in this process: to start another takes as long.
"""
MOST_WORKERS: Final = 64
_DASK: Final = re.compile(r"dask://[\w.:\[\]-]+:\d{1,5}/?")
_FOR_ALL: Final = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""Errors of the disk that would stop every other episode too."""

Ended = tuple[Task, TaskError | None]


class TaskExecutor:
    """
    Runs tasks whose files go to an artifact store. To be used in a `with`: at its end, however
    it is left, no task goes on here.

    No process is started and no cluster connected before there is a task.
    """

    def __init__(
        self,
        store: ArtifactStore,
        options: ExecutorOptions,
        start_backend: Callable[[], Backend] | None = None,
    ) -> None:
        self.store = store
        self._options = options
        self._start_backend = start_backend or (lambda: _start_backend(store, options))
        self._backend: Backend | None = None
        self._running: dict[Future[WorkerReply], tuple[Task, TaskCall]] = {}
        self._ended: list[Ended] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            for future in self._running:
                future.cancel()
            backend.close()
        self._running.clear()

    @property
    def free_slots(self) -> int:
        """The number of tasks that can be begun now."""
        if self._backend is not None:
            return max(0, self._backend.places() - len(self._running))
        return 1 if self._options.executor == SERIAL else usable_processors(MOST_WORKERS)

    def begin(self, tasks: Sequence[Task], *, is_all: bool) -> None:
        """
        Begin these tasks, in this order. `is_all` says that no others are waiting: then
        little work may be done here and now.

        Raises ExternalError when the backend cannot be started or the artifact store is not
        shared, UsageError when Dask is not installed, and OSError when the disk is full.
        """
        little = is_all and sum(task.cost_ms for task in tasks) <= SMALL_MS
        if self._options.executor == AUTO and self._backend is None and little:
            for task in tasks:
                self._end(task, run_in_process(Event(), self._task_call(task), pickle.dumps(task)))
            return
        if self._backend is None:
            self._backend = self._start_backend()
        for task in tasks:
            call = self._task_call(task)
            future = self._backend.executor.submit(self._backend.run, call, pickle.dumps(task))
            self._running[future] = (task, call)

    def _task_call(self, task: Task) -> TaskCall:
        return TaskCall(
            folder=str(self.store.folder.absolute()),
            file=task.file,
            note=str(self.store.note("working").absolute()),
            silence_limit_s=self._patience_s(task),
            memory_bytes=self._options.memory_bytes,
            sender=self._backend.sender if self._backend else None,
        )

    def _patience_s(self, task: Task) -> float:
        return max(self._options.silence_limit_s, task.cost_ms / 1000 / SLOWEST)

    def ended(self, within_s: float) -> list[Ended]:
        """
        The tasks that have ended since the last call; waits for the first for `within_s`.

        Raises:
            OSError: the disk is full or cannot be written to.
            ExternalError: a cluster is gone, has another version, or no shared disk.
        """
        if self._running and not self._ended:
            done, _ = wait(self._running, timeout=within_s, return_when=FIRST_COMPLETED)
            for future in [one for one in self._running if one in done]:
                task, _ = self._running.pop(future)
                self._end(task, _result(future))
        ended, self._ended = self._ended, []
        return ended

    def working_ms(self) -> int:
        """The ms of audio that the running tasks have worked through, as far as is known."""
        running = self._running.values()
        return sum(min(read_progress(call.note), task.cost_ms) for task, call in running)

    def _end(self, task: Task, reply: WorkerReply) -> None:
        if reply.kind == "done" and not self.store.await_file(task.file):
            raise ExternalError(
                f"{task.file} is not here", key="executor.not-shared", values=self._place()
            )
        if reply.kind == "other":
            raise _version_mismatch(reply.text)
        self._ended.append(
            (task, None if reply.kind == "done" else self._external_error(task, reply))
        )

    def _place(self) -> dict[str, str]:
        return {"folder": str(self.store.folder)}

    def _external_error(self, task: Task, reply: WorkerReply) -> TaskError:
        if reply.kind == "disk":
            path = reply.path or str(self.store.path(task.file))
            return disk_task_error(OSError(reply.errno or None, reply.text, path))
        if reply.kind == "error":
            return TaskError(reply.code, **reply.values)
        if reply.kind == "bug":
            return TaskError("SOUND-044", error=reply.path, path=self._log(task, reply))
        endings: dict[str, tuple[str, str, MessageValue]] = {
            "died": ("SOUND-040", "how", message(f"how.{reply.text}")),
            "hung": ("SOUND-041", "seconds", f"{self._patience_s(task):.0f}"),
            "memory": ("SOUND-042", "megabytes", f"{self._options.memory_bytes // 1_000_000}"),
            "lost": ("SOUND-045", "task", task.key),
        }
        code, name, value = endings[reply.kind]
        return TaskError(code, **{name: value})

    def _log(self, task: Task, reply: WorkerReply) -> str:
        """
        Write the traceback for developers to a file in the artifact store, and return its
        path.
        """
        log = self.store.path(f"{task.key}{LOG}")
        log.write_text(reply.text, encoding="utf-8", errors="backslashreplace")
        return str(log)


def _version_mismatch(who: str) -> ExternalError:
    return ExternalError(f"another program: {who}", key="executor.skew", values={"who": who})


def disk_task_error(error: OSError) -> TaskError:
    """
    The TaskError for an error of the disk that concerns one episode. Raises the OSError again
    where it would stop all of them: the disk is full or read-only.
    """
    if error.errno in _FOR_ALL:
        raise error
    return TaskError("SOUND-043", what=str(error.filename), why=describe_os_error(error))


def _result(future: Future[WorkerReply]) -> WorkerReply:
    """The worker's reply, or how the worker ended."""
    try:
        return future.result()
    except (CancelledError, OSError, EOFError) as error:
        raise ExternalError(
            f"the cluster is gone: {error}", key="executor.gone", values={"why": str(error)}
        ) from error
    except (ImportError, AttributeError) as error:
        raise _version_mismatch(str(error)) from error
    except Exception as error:
        # Dask's KilledWorker: several workers in a row died while they ran this task.
        if type(error).__name__ == "KilledWorker":
            return WorkerReply("lost")
        raise ExternalError(
            f"workers died: {error}", key="executor.gone", values={"why": str(error)}
        ) from error


# The executors


def parse_executor(text: str) -> str:
    """An executor's name, unchanged. Raises UsageError for one that does not exist."""
    if text in _BACKENDS or text == AUTO or _DASK.fullmatch(text):
        return text
    names = ", ".join((AUTO, *_BACKENDS))
    values = {"name": text, "names": names}
    raise UsageError(f"no executor {text}", key="executor.no-executor", values=values)


def _start_backend(store: ArtifactStore, options: ExecutorOptions) -> Backend:
    name = "processes" if options.executor == AUTO else options.executor
    if name in _BACKENDS:
        return _BACKENDS[name](options)
    from avsnitt.work.dask import connect_cluster

    return connect_cluster(name, store)


def _start_processes(options: ExecutorOptions) -> Backend:
    """A backend of threads that each send tasks to a worker process of their own."""
    pool = WorkerPool(options.memory_bytes)
    backend = _thread_pool(usable_processors(MOST_WORKERS), partial(run_in_worker, pool))

    def close() -> None:
        pool.close()
        backend.close()

    return msgspec.structs.replace(backend, close=close)


def _thread_pool(places: int, run: Run) -> Backend:
    executor = ThreadPoolExecutor(places, thread_name_prefix="avsnitt")

    def close() -> None:
        executor.shutdown(cancel_futures=True)

    return Backend(executor=executor, places=lambda: places, run=run, close=close)


def _start_threads(places: int) -> Backend:
    """A backend of threads that run the tasks themselves."""
    stopped = Event()
    backend = _thread_pool(places, partial(run_in_process, stopped))

    def close() -> None:
        stopped.set()
        backend.close()

    return msgspec.structs.replace(backend, close=close)


_BACKENDS: Final[dict[str, Callable[[ExecutorOptions], Backend]]] = {
    "processes": _start_processes,
    "threads": lambda _: _start_threads(usable_processors(MOST_WORKERS)),
    SERIAL: lambda _: _start_threads(1),
}
