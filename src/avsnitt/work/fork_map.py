"""`map` over the machine's processors, for short jobs that are many.

A pool from `concurrent.futures` costs 30 ms to import and 40 ms to start, which is a tenth of a
cold build of a thousand episodes; a fork costs 3 ms and hands the children everything that has
been read so far without copying it. Where there is no safe fork, or nothing to gain, this is
plain `map`.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import msgspec

from avsnitt.system.os_errors import find_os_error

Job = TypeVar("Job")
Result = TypeVar("Result")

WORTHWHILE: Final = 48
_MOST_PROCESSES: Final = 8
_MOST_TICKETS: Final = 4096
_INTERRUPTED: Final = 130
_FAULT_BASE: Final = 130
"""An exit code above it is this plus the errno of an error of the disk in a child."""
_LENGTH = struct.Struct("<I")


def usable_processors(most: int = _MOST_PROCESSES) -> int:
    """
    The number of processes that this one may use, at most `most`; `AVSNITT_JOBS` overrides it.
    """
    asked = os.environ.get("AVSNITT_JOBS", "")
    if asked.isdigit() and int(asked) > 0:
        return min(int(asked), 64)
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), most)
    return min(os.cpu_count() or 1, most)


def map_jobs(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    result_type: type[Result],
    *,
    done: Callable[[int], None] = lambda _: None,
    meanwhile: Callable[[], None] = lambda: None,
    least: int = WORTHWHILE // 2,
) -> list[Result]:
    """
    `[work(job) for job in jobs]`, in the order of the jobs, on every processor when it pays.

    `done` is called with the number of jobs that have ended, as far as this process knows.
    `meanwhile` is called in this process once the others have started, and not at all when
    there are none. `least` is the number of jobs that are worth a process. Results travel as
    MessagePack.

    An exception in any process stops all of them and is raised here: the job's own where it was
    in this process; from another one KeyboardInterrupt, OSError for the disk, and RuntimeError
    for anything else.
    """
    processes = min(usable_processors(), len(jobs) // least)
    if processes < 2 or not sys.platform.startswith("linux"):
        results = []
        for count, job in enumerate(jobs, 1):
            results.append(work(job))
            done(count)
        return results
    return _Fork(work, jobs, result_type, processes, done).run(meanwhile)


class _Fork(Generic[Job, Result]):
    """
    Children and this process take runs of jobs from one pipe until it is empty, so that a slow
    job delays no other process; each child sends its results by a pipe of its own.
    """

    def __init__(
        self,
        work: Callable[[Job], Result],
        jobs: Sequence[Job],
        result_type: type[Result],
        processes: int,
        done: Callable[[int], None],
    ) -> None:
        self.work = work
        self.jobs = jobs
        self.processes = processes
        self.done = done
        self.run_length = max(1, min(16, len(jobs) // (processes * 4)))
        while len(jobs) // self.run_length >= _MOST_TICKETS:
            self.run_length *= 2
        self.decoder = msgspec.msgpack.Decoder(list[tuple[int, result_type]])  # type: ignore[valid-type]
        self.encoder = msgspec.msgpack.Encoder()

    def run(self, meanwhile: Callable[[], None]) -> list[Result]:
        draw, fill = os.pipe()
        for start in range(0, len(self.jobs), self.run_length):
            os.write(fill, _LENGTH.pack(start))
        os.close(fill)
        children = [self._spawn(draw) for _ in range(self.processes - 1)]
        try:
            meanwhile()
            pairs = self._draw_all(draw, self.done)
            answers = [_read_all(stream) for _, stream in children]
            statuses = [os.waitpid(pid, 0)[1] for pid, _ in children]
        except BaseException:
            _stop([pid for pid, _ in children])
            raise
        finally:
            os.close(draw)
            for _, stream in children:
                os.close(stream)
        _raise_failures([os.waitstatus_to_exitcode(status) for status in statuses])
        for answer in answers:
            pairs += self.decoder.decode(answer)
        results: list[Result] = [result for _, result in sorted(pairs, key=lambda pair: pair[0])]
        return results

    def _spawn(self, draw: int) -> tuple[int, int]:
        home, out = os.pipe()
        pid = os.fork()
        if pid:
            os.close(out)
            return pid, home
        code = 1
        try:
            os.close(home)
            data = self.encoder.encode(self._draw_all(draw, lambda _: None))
            _write_all(out, data)
            code = 0
        except KeyboardInterrupt:
            code = _INTERRUPTED
        except BaseException as error:  # noqa: BLE001 - the last stop before the process ends
            os_error = find_os_error(error)
            if os_error is None:
                sys.excepthook(*sys.exc_info())
            else:
                code = _FAULT_BASE + (os_error.errno or 0)
        finally:
            os._exit(code)

    def _draw_all(self, draw: int, done: Callable[[int], None]) -> list[tuple[int, Result]]:
        pairs: list[tuple[int, Result]] = []
        while ticket := os.read(draw, _LENGTH.size):
            (start,) = _LENGTH.unpack(ticket)
            for number in range(start, min(start + self.run_length, len(self.jobs))):
                pairs.append((number, self.work(self.jobs[number])))
            done(min(start + self.run_length, len(self.jobs)))
        return pairs


def _raise_failures(codes: list[int]) -> None:
    """
    Raise the gravest error of the children. Ctrl-C reaches every process, and this one may have
    been in code that did not raise KeyboardInterrupt.
    """
    if _INTERRUPTED in codes:
        raise KeyboardInterrupt
    os_errors = [code - _FAULT_BASE for code in codes if code > _FAULT_BASE]
    if os_errors:
        raise OSError(os_errors[0], os.strerror(os_errors[0]))
    if any(codes):
        raise RuntimeError("a worker process died; the lines above say why")


def _read_all(stream: int) -> bytes:
    parts = []
    while part := os.read(stream, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write_all(stream: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(stream, view) :]


def _stop(pids: list[int]) -> None:
    import signal

    for pid in pids:
        try:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue
