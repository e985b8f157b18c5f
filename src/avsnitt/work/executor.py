"""Who does the work: any executor of `concurrent.futures`, with somebody that looks after each job.

    auto        here when it is little, otherwise `processes`
    processes   a process a processor, beside this one
    threads     in this process, where none can be started beside it
    serial      in this process, one job after the other
    dask://...  the workers of a Dask cluster (docs/commands.md, `avsnitt sound`)

What becomes of a task is the same everywhere: its file is in the depot, or there is a WorkTrouble.
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

from avsnitt.problems.errors import EnvironmentTrouble, UsageTrouble
from avsnitt.problems.media_errors import WorkTrouble
from avsnitt.system.artifacts import LOG, Depot
from avsnitt.system.os_errors import spell_fault
from avsnitt.work.backend import AUTO, CrewOptions, Run, Staff
from avsnitt.work.call import SLOWEST, Errand, read_note, run_beside, run_here
from avsnitt.work.fork_map import usable_processors
from avsnitt.work.task import Task
from avsnitt.work.worker_pool import Mates
from avsnitt.work.worker_process import Said

SERIAL: Final = "serial"
SMALL_MS: Final = 30_000
"""So much sound in all is worked on here: it takes as long as it would to start a process."""
MOST_PLACES: Final = 64
_DASK: Final = re.compile(r"dask://[\w.:\[\]-]+:\d{1,5}/?")
_FOR_ALL: Final = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""What the disk answers that no other episode would fare better by."""

Ended = tuple[Task, WorkTrouble | None]


class Crew:
    """
    Does tasks into a depot. To be used in a `with`: however it is left, nobody works on here.

    Not before there is work is anybody hired, and a cluster asked whether it is like us.
    """

    def __init__(
        self, depot: Depot, options: CrewOptions, hire: Callable[[], Staff] | None = None
    ) -> None:
        self.depot = depot
        self._options = options
        self._hire = hire or (lambda: _hire(depot, options))
        self._staff: Staff | None = None
        self._running: dict[Future[Said], tuple[Task, Errand]] = {}
        self._ended: list[Ended] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        staff, self._staff = self._staff, None
        if staff is not None:
            for future in self._running:
                future.cancel()
            staff.close()
        self._running.clear()

    @property
    def free_places(self) -> int:
        """How many more tasks can be begun at once."""
        if self._staff is not None:
            return max(0, self._staff.places() - len(self._running))
        return 1 if self._options.executor == SERIAL else usable_processors(MOST_PLACES)

    def begin(self, tasks: Sequence[Task], *, is_all: bool) -> None:
        """
        Begin with these, in this order. `is_all` says that no others are waiting: then little
        work may be done here and now.
        """
        little = is_all and sum(task.cost_ms for task in tasks) <= SMALL_MS
        if self._options.executor == AUTO and self._staff is None and little:
            for task in tasks:
                self._end(task, run_here(Event(), self._errand(task), pickle.dumps(task)))
            return
        if self._staff is None:
            self._staff = self._hire()
        for task in tasks:
            errand = self._errand(task)
            future = self._staff.executor.submit(self._staff.run, errand, pickle.dumps(task))
            self._running[future] = (task, errand)

    def _errand(self, task: Task) -> Errand:
        return Errand(
            folder=str(self.depot.folder.absolute()),
            file=task.file,
            note=str(self.depot.note("working").absolute()),
            patience_s=self._patience_s(task),
            memory_bytes=self._options.memory_bytes,
            sender=self._staff.sender if self._staff else None,
        )

    def _patience_s(self, task: Task) -> float:
        return max(self._options.patience_s, task.cost_ms / 1000 / SLOWEST)

    def ended(self, within_s: float) -> list[Ended]:
        """
        Those that have ended since it was last asked; waits for the first for `within_s`.

        Raises:
            OSError: the disk is full or cannot be written to.
            EnvironmentTrouble: a cluster is gone, has another version, or no shared disk.
        """
        if self._running and not self._ended:
            done, _ = wait(self._running, timeout=within_s, return_when=FIRST_COMPLETED)
            for future in [one for one in self._running if one in done]:
                task, _ = self._running.pop(future)
                self._end(task, _result(future))
        ended, self._ended = self._ended, []
        return ended

    def working_ms(self) -> int:
        """How much of what is running has been done, as far as is known."""
        running = self._running.values()
        return sum(min(read_note(errand.note), task.cost_ms) for task, errand in running)

    def _end(self, task: Task, said: Said) -> None:
        if said.kind == "done" and not self.depot.await_file(task.file):
            raise EnvironmentTrouble(
                f"{task.file} is not here", key="crew.not-shared", values=self._place()
            )
        if said.kind == "other":
            raise _skew(said.text)
        self._ended.append((task, None if said.kind == "done" else self._trouble(task, said)))

    def _place(self) -> dict[str, str]:
        return {"folder": str(self.depot.folder)}

    def _trouble(self, task: Task, said: Said) -> WorkTrouble:
        if said.kind == "disk":
            path = said.path or str(self.depot.path(task.file))
            return trouble_of_disk(OSError(said.errno or None, said.text, path))
        if said.kind == "trouble":
            return WorkTrouble(said.code, **said.values)
        if said.kind == "bug":
            return WorkTrouble("SOUND-044", error=said.path, path=self._log(task, said))
        code, name, value = {
            "died": ("SOUND-040", "how", said.text),
            "hung": ("SOUND-041", "seconds", f"{self._patience_s(task):.0f}"),
            "memory": ("SOUND-042", "megabytes", f"{self._options.memory_bytes // 1_000_000}"),
            "lost": ("SOUND-045", "task", task.key),
        }[said.kind]
        return WorkTrouble(code, **{name: value})

    def _log(self, task: Task, said: Said) -> str:
        """What a developer needs goes to a file, beside what was made of the sound."""
        log = self.depot.path(f"{task.key}{LOG}")
        log.write_text(said.text, encoding="utf-8", errors="backslashreplace")
        return str(log)


def _skew(who: str) -> EnvironmentTrouble:
    return EnvironmentTrouble(f"another program: {who}", key="crew.skew", values={"who": who})


def trouble_of_disk(error: OSError) -> WorkTrouble:
    """What the disk did to one episode; what it would do to all of them is raised again."""
    if error.errno in _FOR_ALL:
        raise error
    return WorkTrouble("SOUND-043", what=str(error.filename), why=spell_fault(error))


def _result(future: Future[Said]) -> Said:
    """What came home, or what became of the one who should have brought it."""
    try:
        return future.result()
    except (CancelledError, OSError, EOFError) as error:
        raise EnvironmentTrouble(
            f"the cluster is gone: {error}", key="crew.gone", values={"why": str(error)}
        ) from error
    except (ImportError, AttributeError) as error:
        raise _skew(str(error)) from error
    except Exception as error:
        # A cluster has given up on it, after workers were lost again and again while they had it.
        if type(error).__name__ == "KilledWorker":
            return Said("lost")
        raise EnvironmentTrouble(
            f"workers died: {error}", key="crew.gone", values={"why": str(error)}
        ) from error


# Who there is to hire


def parse_executor(text: str) -> str:
    """An executor's name as it was given, or UsageTrouble."""
    if text in _STAFF or text == AUTO or _DASK.fullmatch(text):
        return text
    names = ", ".join((AUTO, *_STAFF))
    values = {"name": text, "names": names}
    raise UsageTrouble(f"no executor {text}", key="crew.no-executor", values=values)


def _hire(depot: Depot, options: CrewOptions) -> Staff:
    name = "processes" if options.executor == AUTO else options.executor
    if name in _STAFF:
        return _STAFF[name](options)
    from avsnitt.work.dask import hire_cluster

    return hire_cluster(name, depot)


def _hire_processes(options: CrewOptions) -> Staff:
    """Threads of ours that each look after a process of its own."""
    mates = Mates(options.memory_bytes)
    staff = _pool(usable_processors(MOST_PLACES), partial(run_beside, mates))

    def close() -> None:
        mates.close()
        staff.close()

    return msgspec.structs.replace(staff, close=close)


def _pool(places: int, run: Run) -> Staff:
    executor = ThreadPoolExecutor(places, thread_name_prefix="avsnitt")

    def close() -> None:
        executor.shutdown(cancel_futures=True)

    return Staff(executor=executor, places=lambda: places, run=run, close=close)


def _here(places: int) -> Staff:
    """Threads that work themselves."""
    stopped = Event()
    staff = _pool(places, partial(run_here, stopped))

    def close() -> None:
        stopped.set()
        staff.close()

    return msgspec.structs.replace(staff, close=close)


_STAFF: Final[dict[str, Callable[[CrewOptions], Staff]]] = {
    "processes": _hire_processes,
    "threads": lambda _: _here(usable_processors(MOST_PLACES)),
    SERIAL: lambda _: _here(1),
}
