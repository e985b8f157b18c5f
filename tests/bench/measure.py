"""What one run of a program costs, children included.

Time and processor come from the kernel's account of the finished process (`wait4`). Peak memory
has a run of its own, since looking at a process's memory map slows it down.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
LOOK_EVERY_S = 0.005
MAXRSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
MIB = 1024 * 1024


class Cost(NamedTuple):
    """`cpu_s` sums all processes; `largest_mib` is the resident peak of the largest of them."""

    wall_s: float
    cpu_s: float
    largest_mib: float


class Failed(RuntimeError):
    """A measured program did not exit with 0; the message ends with what it said."""


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run to the end and say what it took, after what earlier runs wrote has reached the disk."""
    os.sync()
    started = time.perf_counter()
    process = _start(command, folder)
    usage = _finish(process, command, folder)
    return Cost(
        wall_s=time.perf_counter() - started,
        cpu_s=usage.ru_utime + usage.ru_stime,
        largest_mib=_largest_mib(usage),
    )


def peak_mib(command: Sequence[str], folder: Path) -> float:
    """
    The most memory that a program and its children held at one time, in MiB.

    On Linux the sum of their proportional set sizes (PSS: a page shared by two counts half in
    each), sampled every few milliseconds, and never less than the resident peak of the largest
    process, which no sample can miss. Elsewhere only that.
    """
    process = _start(command, folder)
    sampled = 0
    while _is_running(process.pid):
        sampled = max(sampled, sum(map(_pss_bytes, _family(process.pid))))
        time.sleep(LOOK_EVERY_S)
    usage = _finish(process, command, folder)
    return max(sampled / MIB, _largest_mib(usage))


def _start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    with _complaints(folder).open("wb") as complaints:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )


def _complaints(folder: Path) -> Path:
    """Beside the show: a pipe that nobody empties would stop a talkative program."""
    return folder.with_name(f"{folder.name}.stderr")


def _finish(
    process: subprocess.Popen[bytes], command: Sequence[str], folder: Path
) -> resource.struct_rusage:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        reported = _complaints(folder).read_text(errors="replace")
        raise Failed(f"{' '.join(command)}: exit {process.returncode}\n{reported}")
    return usage


def _largest_mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * MAXRSS_UNIT_BYTES / MIB


def _is_running(pid: int) -> bool:
    """Whether the child has not ended, without reaping it: its account is read later."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in PROC.glob(f"{pid}/task/*/children"):
        for child in _read(children).split():
            yield from _family(int(child))


def _pss_bytes(pid: int) -> int:
    for line in _read(PROC / f"{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    """Empty when the process is gone, as it may be at any moment."""
    try:
        return path.read_text()
    except OSError:
        return ""
