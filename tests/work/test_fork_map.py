"""`map` over processes: the same results in the same order, and an error in one is raised."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

import pytest

from avsnitt.work.fork_map import map_jobs, usable_processors

JOBS = list(range(500))

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it is map")


@pytest.fixture(autouse=True)
def _three_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVSNITT_JOBS", "3")


def test_answers_come_in_the_order_of_the_jobs() -> None:
    assert map_jobs(lambda job: f"{job}", JOBS, str) == [f"{job}" for job in JOBS]


def test_the_work_is_shared() -> None:
    parent = os.getpid()

    def work(job: int) -> int:
        return sum(range(20_000)) and os.getpid()

    assert len({*map_jobs(work, JOBS, int)} - {parent}) >= 1


def test_results_larger_than_a_pipe_do_not_block() -> None:
    answers = map_jobs(lambda _: "x" * 20_000, JOBS, str)
    assert sum(map(len, answers)) == 20_000 * len(JOBS)


@pytest.mark.parametrize("jobs", [[], [1], JOBS[:40]])
def test_few_jobs_are_done_here(jobs: list[int]) -> None:
    answers = map_jobs(lambda _: os.getpid(), jobs, int)
    assert answers == [os.getpid()] * len(jobs)


def test_an_error_in_any_process_is_raised_and_leaves_no_process() -> None:
    def work(job: int) -> int:
        if job == 250:
            raise ValueError(job)
        return job

    before = _children()
    with pytest.raises((ValueError, RuntimeError)):
        map_jobs(work, JOBS, int)
    assert _children() <= before


def _children() -> set[str]:
    """The processes that this one has started; other tests' may still be there."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if fields[1] == str(os.getpid()):
            found.add(stat.parent.name)
    return found


def test_a_full_disk_in_a_worker_is_a_full_disk(capfd: pytest.CaptureFixture[str]) -> None:
    parent = os.getpid()

    def work(job: int) -> int:
        if os.getpid() != parent:
            raise OSError(errno.ENOSPC, "full")
        time.sleep(0.001)
        return job

    with pytest.raises(OSError, match="space left") as caught:
        map_jobs(work, JOBS, int)
    assert caught.value.errno == errno.ENOSPC
    assert "Traceback" not in capfd.readouterr().err


def test_an_interrupt_that_only_a_worker_got_is_raised_here() -> None:
    parent = os.getpid()

    def work(job: int) -> int:
        if os.getpid() != parent:
            raise KeyboardInterrupt
        return sum(range(5_000)) and job

    with pytest.raises(KeyboardInterrupt):
        map_jobs(work, JOBS, int)


@pytest.mark.parametrize("asked", ["0", "-1", "many", ""])
def test_a_number_of_processes_that_is_no_number_is_ignored(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVSNITT_JOBS", asked)
    assert 1 <= usable_processors() <= 8
