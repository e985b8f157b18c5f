"""A real Dask cluster on this machine: a scheduler and two workers, each a program of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.support import shows
from tests.support.odd_tasks import Odd
from tests.support.paths import PROJECT

import avsnitt
from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.problems.media_errors import TaskError
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work import dask as cluster
from avsnitt.work.backend import ExecutorOptions
from avsnitt.work.dask import check_workers
from avsnitt.work.executor import TaskExecutor
from avsnitt.work.fingerprint import own_fingerprint
from avsnitt.work.scheduler import run_pipelines

PACKAGE = Path(avsnitt.__file__).parent
PATIENT_S = 90

if os.name == "nt":
    pytest.skip("stops programs as POSIX does", allow_module_level=True)
if not shutil.which("dask", path=Path(sys.executable).parent):
    if os.environ.get("CI") == "true":
        pytest.fail("distributed is not installed")
    pytest.skip("distributed is not installed", allow_module_level=True)


class Cluster:
    """Programs of Dask's, in a folder of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.file = folder / "scheduler.json"
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self, what: str, *arguments: str, source: Path = PACKAGE.parent) -> None:
        path = os.pathsep.join(map(str, (source, PROJECT)))
        log = (self.folder / f"{what}-{len(self.programs)}.log").open("wb")
        self.programs.append(
            subprocess.Popen(
                [
                    *(sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard"),
                    *("--scheduler-file", str(self.file), *arguments),
                ],
                env=shows.environment(PYTHONPATH=path, **self.settings),
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        )
        log.close()

    def start_worker(self, source: Path = PACKAGE.parent, *, nanny: str = "--no-nanny") -> None:
        """A nanny starts its worker anew when it is lost; without one it is sooner up and down."""
        own = str(self.folder / f"worker-{len(self.programs)}")
        arguments = ("--nthreads", "1", "--host", "127.0.0.1", "--local-directory", own, nanny)
        self.start("worker", *arguments, source=source)

    @property
    def address(self) -> str:
        end_s = time.monotonic() + PATIENT_S
        while not self.file.exists():
            assert time.monotonic() < end_s, "no scheduler"
            time.sleep(0.1)
        found: str = json.loads(self.file.read_text())["address"]
        return found.replace("tcp://", "dask://")

    def wait_for_workers(self, count: int) -> None:
        import distributed

        with distributed.Client(scheduler_file=str(self.file), set_as_default=False) as client:
            client.wait_for_workers(count, timeout=PATIENT_S)

    def stop(self) -> None:
        """At once: asked kindly, a worker first looks for its scheduler for half a minute."""
        for program in self.programs:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
        for program in self.programs:
            program.wait()


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Cluster]:
    found = Cluster(folder, **settings)
    try:
        found.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("dask")) as found:
        for _ in range(2):
            found.start_worker()
        found.wait_for_workers(2)
        yield found


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts")


def making(*tasks: Odd):  # type: ignore[no-untyped-def]
    files = yield tasks
    return tuple(path.read_text() for path in files)


def options(dask: Cluster, **others: object) -> ExecutorOptions:
    return ExecutorOptions(executor=dask.address, **others)  # type: ignore[arg-type]


def test_a_clusters_workers_make_the_files(
    dask: Cluster, store: ArtifactStore, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    tasks = [Odd(name=f"{n}", text=f"{n}", seconds=0.2, diary=str(diary)) for n in range(12)]
    with TaskExecutor(store, options(dask)) as executor:
        made = run_pipelines(
            {"one": making(*tasks[:8]), "two": making(*tasks[8:])}, executor, store
        )
    assert made == {"one": tuple("01234567"), "two": ("8", "9", "10", "11")}
    assert len({line.split()[1] for line in diary.read_text().splitlines()}) == 2


def test_a_task_that_dies_hangs_or_takes_memory_in_a_cluster_fails_alone(
    dask: Cluster, store: ArtifactStore
) -> None:
    hows = ("write", "exit", "kill", "hang", "eat", "error", "bug", "write")
    makings = {f"{n}": making(Odd(name=f"{n}", how=how)) for n, how in enumerate(hows)}
    with TaskExecutor(
        store, options(dask, silence_limit_s=15, memory_bytes=600_000_000)
    ) as executor:
        made = run_pipelines(makings, executor, store)
    codes = [one.code if isinstance(one, TaskError) else one for one in made.values()]
    assert codes == [
        *(("whole",), "SOUND-040", "SOUND-040", "SOUND-041", "SOUND-042"),
        *("SOUND-001", "SOUND-044", ("whole",)),
    ]


def test_ctrl_c_begins_no_more_tasks_in_a_cluster(dask: Cluster, tmp_path: Path) -> None:
    path = os.pathsep.join(map(str, (PACKAGE.parent, PROJECT)))
    diary = tmp_path / "diary"
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.support.odd_tasks_program", "sound"),
            *("--executor", dask.address),
        ],
        env=shows.environment(PYTHONPATH=path, ODD_SECONDS="3", ODD_DIARY=str(diary)),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end_s = time.monotonic() + PATIENT_S
    while not diary.exists():
        assert time.monotonic() < end_s, "it was never begun"
        time.sleep(0.1)
    os.killpg(program.pid, signal.SIGINT)
    _, err = program.communicate(timeout=PATIENT_S)
    assert program.returncode == 130
    assert err.strip() == "Stopped. Nothing is lost: the next run goes on from here."
    time.sleep(4)  # what was begun is finished, and nothing else is begun
    assert len(diary.read_text().splitlines()) <= 4


def test_the_progress_of_a_cluster_is_seen_here(dask: Cluster, store: ArtifactStore) -> None:
    seen_ms = set()

    def progress(name: str, done: int, _total: int) -> None:
        if name == "sound":
            seen_ms.add(done)

    with TaskExecutor(store, options(dask)) as executor:
        tasks = [Odd(name=f"{n}", seconds=6, ms=60_000) for n in range(2)]
        run_pipelines({"one": making(*tasks)}, executor, store, progress)
    assert [ms for ms in seen_ms if 0 < ms < 60_000]
    assert max(seen_ms) == 120_000


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the worker by /proc")
@pytest.mark.parametrize(("losses", "code"), [("3", ""), ("0", "SOUND-045")])
def test_a_worker_that_is_lost_is_replaced_as_often_as_the_cluster_likes(
    tmp_path: Path, store: ArtifactStore, losses: str, code: str
) -> None:
    diary = tmp_path / "diary"
    with running(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=losses) as dask:
        dask.start_worker(nanny="--nanny")
        dask.wait_for_workers(1)
        with TaskExecutor(store, options(dask)) as executor:
            executor.begin([Odd(name="a", seconds=5, diary=str(diary))], is_all=False)
            end_s = time.monotonic() + PATIENT_S
            while not diary.exists():
                assert time.monotonic() < end_s, "it was never begun"
                time.sleep(0.1)
            worker = int(diary.read_text().split()[1])
            os.kill(_parent_of(worker), signal.SIGKILL)
            ((_, error),) = executor.ended(3 * PATIENT_S)
    assert (error.code if error else "") == code
    assert store.has("odd-a.txt") is not bool(code)


def _parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_cluster_that_is_stopped_in_the_middle_is_reported(
    tmp_path: Path, store: ArtifactStore
) -> None:
    with running(tmp_path) as dask:
        dask.start_worker()
        dask.wait_for_workers(1)
        with (  # noqa: PT012
            pytest.raises(ExternalError) as caught,
            TaskExecutor(store, options(dask)) as executor,
        ):
            executor.begin([Odd(name="slow", seconds=300)], is_all=False)
            dask.stop()
            end_s = time.monotonic() + 3 * PATIENT_S
            while time.monotonic() < end_s:
                executor.ended(1.0)
    assert caught.value.key == "executor.gone"


def test_a_worker_with_another_version_of_us_is_refused_by_name(
    tmp_path: Path, store: ArtifactStore
) -> None:
    other = tmp_path / "src"
    shutil.copytree(PACKAGE, other / "avsnitt", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "avsnitt" / "model/audio.py").open("a", encoding="utf-8") as source:
        source.write("\n# a worker that was not restarted\n")
    with running(tmp_path) as dask:
        dask.start_worker()
        dask.start_worker(other)
        dask.wait_for_workers(2)
        with (
            pytest.raises(ExternalError) as caught,
            TaskExecutor(store, options(dask)) as executor,
        ):
            executor.begin([Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.skew"
    who = caught.value.values["who"]
    assert who.startswith("tcp://127.0.0.1:")
    assert "program " in who
    assert own_fingerprint().program[:8] in who
    assert ";" not in who, "the other worker is like us"


def test_a_worker_that_does_not_have_us_is_refused(tmp_path: Path, store: ArtifactStore) -> None:
    (tmp_path / "empty" / "avsnitt").mkdir(parents=True)
    (tmp_path / "empty" / "avsnitt" / "__init__.py").touch()
    with running(tmp_path) as dask:
        dask.start_worker(tmp_path / "empty")
        dask.wait_for_workers(1)
        with (
            pytest.raises(ExternalError) as caught,
            TaskExecutor(store, options(dask)) as executor,
        ):
            executor.begin([Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.skew"
    assert "avsnitt" in caught.value.values["who"]


def test_workers_that_see_another_disk_are_refused(store: ArtifactStore) -> None:
    inspections = {"tcp://a:1": (own_fingerprint(), True), "tcp://b:2": (own_fingerprint(), False)}
    with pytest.raises(ExternalError) as caught:
        check_workers(inspections, own_fingerprint(), store)
    assert caught.value.key == "executor.blind"
    assert caught.value.values["who"] == "tcp://b:2"


def test_of_many_workers_that_differ_some_are_named(store: ArtifactStore) -> None:
    inspections = {
        f"tcp://a:{n}": ModuleNotFoundError("No module named 'avsnitt'") for n in range(300)
    }
    with pytest.raises(ExternalError) as caught:
        check_workers(inspections, own_fingerprint(), store)
    assert caught.value.values["who"].endswith("; … + 295")


def test_nobody_at_the_address_is_reported(
    store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"dask://127.0.0.1:{free.getsockname()[1]}"
    with (
        pytest.raises(ExternalError) as caught,
        TaskExecutor(store, ExecutorOptions(executor=address)) as executor,
    ):
        executor.begin([Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.no-cluster"


def test_a_cluster_without_workers_is_reported(
    tmp_path: Path, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_WORKERS_S", 1)
    with (
        running(tmp_path) as dask,
        pytest.raises(ExternalError) as caught,
        TaskExecutor(store, options(dask)) as executor,
    ):
        executor.begin([Odd(name="a")], is_all=False)
    assert caught.value.key == "executor.no-workers"


def test_without_dask_the_line_for_pip_is_reported(
    store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError) as caught,
        TaskExecutor(store, ExecutorOptions(executor="dask://127.0.0.1:8786")) as executor,
    ):
        executor.begin([Odd(name="a")], is_all=False)
    assert caught.value.values["pip"] == 'pip install "avsnitt[dask]"'
