"""Real processes that die, hang or take memory: each fails one task, and the others go on."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from tests.support.odd_tasks import Odd

from avsnitt.model.message import message
from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.problems.media_errors import TaskError
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work.backend import Backend, ExecutorOptions
from avsnitt.work.call import run_for_cluster
from avsnitt.work.executor import SMALL_MS, TaskExecutor, parse_executor
from avsnitt.work.fingerprint import differences, own_fingerprint
from avsnitt.work.task import Task
from avsnitt.work.worker_pool import WorkerPool

POSIX = pytest.mark.skipif(os.name == "nt", reason="no signals")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what Linux can do")
HERE = ("serial", "threads", "auto")


@pytest.fixture(autouse=True)
def _two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVSNITT_JOBS", "2")


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts")


def do(
    executor: TaskExecutor, tasks: Sequence[Task], *, is_all: bool = True
) -> dict[str, TaskError | None]:
    """Have them all done, by name of file."""
    executor.begin(tasks, is_all=is_all)
    ended: dict[str, TaskError | None] = {}
    while len(ended) < len(tasks):
        ended |= {task.file: error for task, error in executor.ended(60.0)}
    return ended


def do_one(store: ArtifactStore, task: Task, **options: object) -> TaskError | None:
    chosen = ExecutorOptions(**{"executor": "processes", **options})  # type: ignore[arg-type]
    with TaskExecutor(store, chosen) as executor:
        return do(executor, [task])[task.file]


@pytest.mark.parametrize("executor", ["processes", *HERE])
def test_every_executor_makes_the_file(store: ArtifactStore, executor: str) -> None:
    assert do_one(store, Odd(name="a"), executor=executor) is None
    assert store.path("odd-a.txt").read_text() == "whole"


@pytest.mark.parametrize("executor", ["processes", *HERE])
def test_an_error_in_a_recording_is_reported_by_every_executor(
    store: ArtifactStore, executor: str
) -> None:
    error = do_one(store, Odd(name="a", how="error"), executor=executor)
    assert error
    assert error.code == "SOUND-001"
    assert error.words == {"reason": message("reason.damaged")}


@POSIX
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("exit", message("how.left")),
        ("kill", message("how.killed")),
        ("crash", message("how.crashed")),
    ],
)
def test_a_process_that_dies_says_how(store: ArtifactStore, how: str, words: str) -> None:
    error = do_one(store, Odd(name="a", how=how))  # type: ignore[arg-type]
    assert error
    assert (error.code, error.values) == ("SOUND-040", {"how": words})


@pytest.mark.parametrize("how", ["hang", "spin"])
def test_a_task_that_hangs_is_stopped(store: ArtifactStore, how: str) -> None:
    error = do_one(store, Odd(name="a", how=how), silence_limit_s=2)  # type: ignore[arg-type]
    assert error
    assert (error.code, error.values) == ("SOUND-041", {"seconds": "2"})


def test_a_task_that_reports_progress_is_not_taken_to_hang(store: ArtifactStore) -> None:
    assert do_one(store, Odd(name="slow", seconds=9), silence_limit_s=6) is None


def test_a_long_task_gets_more_time_without_progress(store: ArtifactStore) -> None:
    hour = Odd(name="hour", how="hang", ms=3_600_000)
    with TaskExecutor(
        store, ExecutorOptions(executor="processes", silence_limit_s=120)
    ) as executor:
        executor.begin([hour], is_all=True)
        ((_, call),) = executor._running.values()
        assert call.silence_limit_s == 360


@LINUX
def test_a_task_that_takes_all_memory_is_stopped(store: ArtifactStore) -> None:
    error = do_one(store, Odd(name="a", how="eat"), memory_bytes=600_000_000)
    assert error
    assert (error.code, error.values) == ("SOUND-042", {"megabytes": "600"})


@LINUX
def test_the_libraries_of_sound_have_room_in_the_memory_that_is_given(store: ArtifactStore) -> None:
    assert do_one(store, Odd(name="a", how="libraries")) is None


@pytest.mark.parametrize("executor", ["processes", "serial"])
def test_a_missing_file_is_reported_by_its_name(store: ArtifactStore, executor: str) -> None:
    error = do_one(store, Odd(name="a", how="disk"), executor=executor)
    assert error
    assert error.code == "SOUND-043"
    assert error.values["what"] == "/nowhere/at/all"


@LINUX
@pytest.mark.parametrize("executor", ["processes", "serial"])
def test_a_full_disk_stops_the_whole_run(store: ArtifactStore, executor: str) -> None:
    with pytest.raises(OSError, match="No space left"):
        do_one(store, Odd(name="a", how="full"), executor=executor)


@pytest.mark.parametrize("executor", ["processes", "serial"])
@pytest.mark.parametrize(("how", "reply"), [("bug", "KeyError"), ("nothing", "nothing was made")])
def test_the_traceback_of_a_bug_is_written_to_a_file(
    store: ArtifactStore, executor: str, how: str, reply: str
) -> None:
    error = do_one(store, Odd(name="a", how=how), executor=executor)  # type: ignore[arg-type]
    assert error
    assert error.code == "SOUND-044"
    assert reply in error.values["error"]
    assert reply in Path(error.values["path"]).read_text(encoding="utf-8")
    assert not store.has("odd-a.txt")


@POSIX
def test_each_failure_concerns_one_task_only(store: ArtifactStore) -> None:
    hows = ("exit", "write", "kill", "crash", "error", "hang", "bug", "disk", "write", "exit")
    tasks = [Odd(name=f"{n}", how=how, seconds=0.3) for n, how in enumerate(hows)]
    with TaskExecutor(store, ExecutorOptions(executor="processes", silence_limit_s=10)) as executor:
        ended = do(executor, tasks)
    assert [error.code if error else "" for error in map(ended.get, _files(tasks))] == [
        *("SOUND-040", "", "SOUND-040", "SOUND-040", "SOUND-001", "SOUND-041"),
        *("SOUND-044", "SOUND-043", "", "SOUND-040"),
    ]
    assert _left_over(store) == []


def _files(tasks: Sequence[Task]) -> list[str]:
    return [task.file for task in tasks]


def _left_over(store: ArtifactStore) -> list[str]:
    return [path.name for path in store.folder.iterdir() if path.name.startswith(".")]


def test_prints_of_libraries_are_not_taken_for_replies(
    store: ArtifactStore, capfd: pytest.CaptureFixture[str]
) -> None:
    assert do_one(store, Odd(name="a", how="print")) is None
    assert capfd.readouterr() == ("", "")


def test_a_process_does_one_task_after_another(store: ArtifactStore, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    tasks = [Odd(name=f"{n}", diary=str(diary)) for n in range(12)]
    with TaskExecutor(store, ExecutorOptions(executor="processes")) as executor:
        do(executor, tasks)
    workers = {line.split()[1] for line in diary.read_text().splitlines()}
    assert 1 <= len(workers) <= 2
    assert str(os.getpid()) not in workers


@pytest.mark.parametrize(("total_ms", "is_here"), [(SMALL_MS, True), (SMALL_MS + 1, False)])
def test_little_work_starts_no_process(
    store: ArtifactStore, tmp_path: Path, total_ms: int, is_here: bool
) -> None:
    diary = tmp_path / "diary"
    do_one(store, Odd(name="a", ms=total_ms, diary=str(diary)), executor="auto")
    assert (diary.read_text().split()[1] == str(os.getpid())) is is_here


def test_little_work_starts_a_process_when_more_is_waiting(
    store: ArtifactStore, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    with TaskExecutor(store, ExecutorOptions()) as executor:
        do(executor, [Odd(name="a", diary=str(diary))], is_all=False)
    assert diary.read_text().split()[1] != str(os.getpid())


def test_a_module_in_the_shows_folder_is_not_taken_for_a_library(
    store: ArtifactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert do_one(store, Odd(name="a")) is None


def test_progress_is_known_while_a_task_runs(store: ArtifactStore) -> None:
    slow = Odd(name="slow", seconds=30, ms=100_000)
    with TaskExecutor(store, ExecutorOptions(executor="processes")) as executor:
        executor.begin([slow], is_all=True)
        assert executor.free_slots == 1
        assert executor.working_ms() == 0
        _wait_until(lambda: executor.working_ms() > 0)
        first_ms = executor.working_ms()
        assert 0 < first_ms < 100_000
        _wait_until(lambda: executor.working_ms() > first_ms)
    assert _left_over(store) == []


def _wait_until(true: object, seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.02)


@POSIX
@pytest.mark.parametrize("executor", ["processes", "threads", "serial"])
def test_no_process_works_on_when_the_executor_is_left(
    store: ArtifactStore, tmp_path: Path, executor: str
) -> None:
    diary = tmp_path / "diary"
    before_s = time.monotonic()
    with (  # noqa: PT012
        pytest.raises(KeyboardInterrupt),
        TaskExecutor(store, ExecutorOptions(executor=executor)) as running,
    ):
        tasks = [Odd(name=f"{n}", seconds=60, diary=str(diary)) for n in range(8)]
        running.begin(tasks, is_all=True)
        _wait_until(diary.exists)
        raise KeyboardInterrupt
    assert time.monotonic() - before_s < 45
    workers = {int(line.split()[1]) for line in diary.read_text().splitlines()} - {os.getpid()}
    assert [pid for pid in workers if _is_alive(pid)] == []
    assert [one.name for one in threading.enumerate() if "avsnitt" in one.name] == []
    assert _left_over(store) == []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_idle_process_that_has_ended_is_replaced() -> None:
    pool = WorkerPool()
    job = (b"not a pickle", "nowhere")
    try:
        assert pool.work(job, 30, lambda _: None).kind == "bug"
        (worker, _) = pool._take()
        pool._free.append(worker)
        worker._process.kill()
        worker._process.wait()
        assert pool.work(job, 30, lambda _: None).kind == "bug"
    finally:
        pool.close()


def test_a_machine_that_can_start_no_process_says_so(
    store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    error = do_one(store, Odd(name="a"))
    assert error
    assert (error.code, error.values) == ("SOUND-040", {"how": message("how.start")})


# Any executor


def backend_of(executor: Executor, places: int = 2) -> Backend:
    return Backend(
        executor=executor,
        places=lambda: places,
        run=run_for_cluster,
        close=executor.shutdown,
        sender=own_fingerprint(),
    )


def pool_of_processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


@POSIX
@pytest.mark.parametrize("executor", [pool_of_processes, lambda: ThreadPoolExecutor(2)])
def test_any_executor_of_concurrent_futures_can_run_tasks(
    store: ArtifactStore, executor: object
) -> None:
    """Also one whose own processes would die of it: the work is done beside them."""
    hows = ("write", "exit", "kill", "write", "bug", "hang")
    tasks = [Odd(name=f"{n}", how=how) for n, how in enumerate(hows)]
    options = ExecutorOptions(silence_limit_s=10)
    with TaskExecutor(store, options, lambda: backend_of(executor())) as running:  # type: ignore[operator]
        ended = do(running, tasks, is_all=False)
    codes = [error.code if error else "" for error in map(ended.get, _files(tasks))]
    assert codes == ["", "SOUND-040", "SOUND-040", "", "SOUND-044", "SOUND-041"]


def test_an_executor_with_another_program_is_refused(store: ArtifactStore) -> None:
    import msgspec

    other = msgspec.structs.replace(own_fingerprint(), av="1.2.3")
    backend = msgspec.structs.replace(backend_of(ThreadPoolExecutor(1)), sender=other)
    with (
        pytest.raises(ExternalError) as caught,
        TaskExecutor(store, ExecutorOptions(), lambda: backend) as executor,
    ):
        do(executor, [Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.skew"
    assert caught.value.values["who"] == f"av {own_fingerprint().av} ≠ 1.2.3"


def test_an_executor_that_breaks_is_reported(store: ArtifactStore) -> None:
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    broken = Backend(
        executor=pool, places=lambda: 1, run=_break, close=lambda: pool.shutdown(wait=False)
    )
    with (
        pytest.raises(ExternalError) as caught,
        TaskExecutor(store, ExecutorOptions(), lambda: broken) as executor,
    ):
        do(executor, [Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.gone"


def _break(*_: object) -> None:
    os._exit(1)


def test_the_same_program_is_the_same_wherever_it_lies() -> None:
    ours = own_fingerprint()
    assert ours.program
    assert ours.av
    assert differences(ours, ours) == []


# Names


@pytest.mark.parametrize(
    "name",
    ["auto", "processes", "threads", "serial", "dask://a.example:8786", "dask://[::1]:8786/"],
)
def test_an_executor_is_known_by_its_name(name: str) -> None:
    assert parse_executor(name) == name


@pytest.mark.parametrize("name", ["", "fork", "dask", "dask://", "dask://a", "tcp://a:1", "DASK"])
def test_any_other_name_is_a_mistake(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_executor(name)
    assert caught.value.exit_code == 2
    assert caught.value.values["names"] == "auto, processes, threads, serial"
