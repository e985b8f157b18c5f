"""Many episodes' sound at once: each piece once, and each failure its own episode's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest
from tests.support import shows
from tests.support.odd_tasks import Odd
from tests.support.paths import PROJECT

from avsnitt.problems.media_errors import AudioError, TaskError
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work.backend import ExecutorOptions
from avsnitt.work.executor import TaskExecutor
from avsnitt.work.progress import quiet
from avsnitt.work.scheduler import Pipeline, run_pipelines
from avsnitt.work.shards import Shard, take_shard
from avsnitt.work.task import Task

Texts = tuple[str, ...]


@pytest.fixture(autouse=True)
def _two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVSNITT_JOBS", "2")


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "artifacts")


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    return tmp_path / "diary"


def making(*batches: Sequence[Task]) -> Pipeline[Texts]:
    """Yields the batches and returns what all their files say."""
    texts: list[str] = []
    for batch in batches:
        files = yield batch
        texts += [path.read_text() for path in files]
    return tuple(texts)


def run(
    store: ArtifactStore,
    makings: dict[str, Pipeline[Texts]],
    executor: str = "threads",
    expected_ms: dict[str, int] | None = None,
    progress: Callable[[str, int, int], None] = quiet,
) -> dict[str, Texts | TaskError]:
    with TaskExecutor(store, ExecutorOptions(executor=executor, silence_limit_s=10)) as running:
        return run_pipelines(makings, running, store, progress, expected_ms=expected_ms)


def codes(made: dict[str, Texts | TaskError]) -> dict[str, object]:
    return {slug: one.code if isinstance(one, TaskError) else one for slug, one in made.items()}


def done(diary: Path) -> list[str]:
    lines = diary.read_text().splitlines() if diary.exists() else []
    return [line.split()[0] for line in lines]


@pytest.mark.parametrize("executor", ["auto", "serial", "threads", "processes"])
def test_files_come_in_the_order_of_the_tasks_and_results_in_that_of_the_episodes(
    store: ArtifactStore, executor: str
) -> None:
    makings = {
        slug: making([Odd(name=f"{slug}{n}", text=f"{slug}{n}") for n in range(5)])
        for slug in ("c", "a", "b")
    }
    made = run(store, makings, executor)
    assert list(made) == ["c", "a", "b"]
    assert made == {slug: tuple(f"{slug}{n}" for n in range(5)) for slug in "cab"}


def test_a_later_batch_can_read_what_an_earlier_one_made(store: ArtifactStore) -> None:
    def joined() -> Pipeline[str]:
        parts = yield [Odd(name=f"{n}", text=f"{n}") for n in range(3)]
        (whole,) = yield [Odd(name="whole", how="read", text="|".join(map(str, parts)))]
        return whole.read_text()

    with TaskExecutor(store, ExecutorOptions(executor="processes")) as executor:
        assert run_pipelines({"a": joined()}, executor, store) == {"a": "0+1+2"}


def test_what_is_in_the_artifact_store_is_not_made_again(store: ArtifactStore, diary: Path) -> None:
    tasks = [Odd(name=f"{n}", diary=str(diary)) for n in range(4)]
    run(store, {"a": making(tasks[:3])})
    run(store, {"a": making(tasks)})
    assert sorted(done(diary)) == ["0", "1", "2", "3"]


def test_a_file_that_two_pipelines_want_is_made_once(store: ArtifactStore, diary: Path) -> None:
    shared = Odd(name="shared", seconds=0.3, diary=str(diary))
    makings = {slug: making([shared, Odd(name=slug)], [shared]) for slug in "abc"}
    made = run(store, makings)
    assert done(diary) == ["shared"]
    assert set(made.values()) == {("whole",) * 3}


def test_the_same_task_twice_in_a_batch_is_made_once(store: ArtifactStore, diary: Path) -> None:
    one = Odd(name="one", diary=str(diary))
    assert run(store, {"a": making([one, one])}) == {"a": ("whole", "whole")}
    assert done(diary) == ["one"]


def test_empty_batches_and_no_episodes_are_fine(store: ArtifactStore) -> None:
    assert run(store, {}) == {}
    assert run(store, {"a": making([], [], [Odd(name="a")], [])}) == {"a": ("whole",)}
    assert run(store, {"a": making()}) == {"a": ()}


def test_a_failed_task_fails_its_own_episode_only(store: ArtifactStore) -> None:
    hows = ("write", "exit", "error", "hang", "write", "bug", "disk")
    makings = {f"{n}": making([Odd(name=f"{n}", how=how)]) for n, how in enumerate(hows)}
    found = codes(run(store, makings, "processes"))
    assert list(found.values()) == [
        *(("whole",), "SOUND-040", "SOUND-001", "SOUND-041"),
        *(("whole",), "SOUND-044", "SOUND-043"),
    ]


def test_a_failed_task_of_two_episodes_fails_both_and_is_tried_once(
    store: ArtifactStore, diary: Path
) -> None:
    bad = Odd(name="bad", how="error", diary=str(diary))
    later = making([Odd(name="good", seconds=0.5)], [bad])
    found = codes(run(store, {"a": making([bad]), "b": making([bad]), "c": later}))
    assert found == dict.fromkeys("abc", "SOUND-001")
    assert done(diary) == ["bad"]


def test_the_first_error_in_the_batch_is_shown_whoever_was_faster(store: ArtifactStore) -> None:
    slow = Odd(name="slow", how="bug", seconds=0.6)
    fast = Odd(name="fast", how="error")
    assert codes(run(store, {"a": making([slow, fast])})) == {"a": "SOUND-044"}
    assert codes(run(store, {"a": making([fast, slow])})) == {"a": "SOUND-001"}


def test_tasks_after_an_error_in_a_batch_are_not_begun(store: ArtifactStore, diary: Path) -> None:
    batch = [Odd(name="bad", how="error")]
    batch += [Odd(name=f"{n}", seconds=0.2, diary=str(diary)) for n in range(50)]
    assert codes(run(store, {"a": making(batch)})) == {"a": "SOUND-001"}
    assert len(done(diary)) < 5


def test_a_file_that_one_pipeline_gives_up_is_made_for_another(store: ArtifactStore) -> None:
    bad, good = Odd(name="bad", how="error"), Odd(name="good")
    first = making([bad, good])
    second = making([Odd(name="slow", seconds=0.4), good])
    assert codes(run(store, {"a": first, "b": second})) == {
        "a": "SOUND-001",
        "b": ("whole", "whole"),
    }


def test_a_pipeline_may_catch_the_error_of_a_task(store: ArtifactStore) -> None:
    def stubborn() -> Pipeline[str]:
        try:
            yield [Odd(name="bad", how="error")]
        except TaskError as error:
            (path,) = yield [Odd(name="instead", text=f"without {error.code}")]
            return path.read_text()
        return ""

    with TaskExecutor(store, ExecutorOptions()) as executor:
        assert run_pipelines({"a": stubborn()}, executor, store) == {"a": "without SOUND-001"}


def test_an_error_in_a_pipeline_itself_is_reported_like_any_other(store: ArtifactStore) -> None:
    def reported() -> Pipeline[Texts]:
        yield [Odd(name="a")]
        raise AudioError("SOUND-004", scheme="drms")

    def lost() -> Pipeline[Texts]:
        yield from ()
        Path("/nowhere/at/all").read_bytes()
        return ()

    made = run(store, {"a": reported(), "b": lost(), "c": making([Odd(name="c")])})
    assert codes(made) == {"a": "SOUND-004", "b": "SOUND-043", "c": ("whole",)}
    assert isinstance(made["a"], TaskError)
    assert made["a"].values == {"scheme": "drms"}


def test_a_bug_in_a_pipeline_is_raised_and_closes_the_others(store: ArtifactStore) -> None:
    closed = []

    def waiting() -> Pipeline[Texts]:
        try:
            yield [Odd(name="slow", seconds=1)]
        finally:
            closed.append("waiting")
        return ()

    def wrong() -> Pipeline[Texts]:
        yield [Odd(name="quick")]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(store, {"a": waiting(), "b": wrong()})
    assert closed == ["waiting"]


def test_the_longest_goes_first_and_what_is_begun_is_finished(
    store: ArtifactStore, diary: Path
) -> None:
    def three(slug: str) -> Pipeline[Texts]:
        return making(*([Odd(name=f"{slug}{n}", diary=str(diary))] for n in range(3)))

    expected_ms = {"short": 1000, "long": 9000, "middle": 5000}
    run(store, {slug: three(slug) for slug in expected_ms}, "serial", expected_ms)
    assert done(diary) == [f"{slug}{n}" for slug in ("long", "middle", "short") for n in range(3)]


def test_an_episode_is_not_started_before_there_is_room_for_it(store: ArtifactStore) -> None:
    started = []

    def noted(slug: str) -> Pipeline[Texts]:
        started.append((slug, len(list(store.folder.glob("odd-*")))))
        yield [Odd(name=slug)]
        return ()

    run(store, {f"{n}": noted(f"{n}") for n in range(5)}, "serial")
    assert started[-1] >= ("4", 2)


def test_progress_counts_what_is_left_and_not_what_was_found(store: ArtifactStore) -> None:
    tasks = {slug: [Odd(name=f"{slug}{n}", ms=10_000) for n in range(3)] for slug in "ab"}
    run(store, {"a": making(tasks["a"])})
    reported: dict[str, list[tuple[int, int]]] = {"sound": [], "sound.episodes": []}
    run(
        store,
        {slug: making(batch) for slug, batch in tasks.items()},
        expected_ms={"a": 30_000, "b": 60_000},
        progress=lambda name, *counts: reported[name].append(counts),
    )
    dones, totals = zip(*reported["sound"], strict=True)
    assert list(dones) == sorted(dones)
    assert set(totals) <= {90_000, 60_000, 30_000}
    assert reported["sound"][-1] == (30_000, 30_000)
    assert reported["sound.episodes"][0] == (0, 2)
    assert reported["sound.episodes"][-1] == (2, 2)


def test_progress_reaches_its_end_also_past_a_failure(store: ArtifactStore) -> None:
    batch = [Odd(name="bad", how="error"), *(Odd(name=f"{n}", seconds=0.1) for n in range(20))]
    last: dict[str, tuple[int, int]] = {}
    makings = {"a": making(batch), "b": making([Odd(name="b", seconds=0.5)])}
    run(store, makings, progress=lambda name, *counts: last.update({name: counts}))
    done_ms, total_ms = last["sound"]
    assert done_ms == total_ms


def test_waiting_costs_no_processor(store: ArtifactStore) -> None:
    before_s = time.process_time()
    run(store, {"a": making([Odd(name="a", seconds=3)])}, "processes")
    assert time.process_time() - before_s < 1


def test_what_a_stopped_run_left_half_made_is_swept(store: ArtifactStore) -> None:
    store.folder.mkdir(parents=True)
    left = store.folder / ".odd-a.0-1-2.making.txt"
    left.write_text("half")
    os.utime(left, (0, 0))
    run(store, {"a": making([Odd(name="a")])})
    assert [path.name for path in store.folder.iterdir()] == ["odd-a.txt"]


# Two runs


TOGETHER = """
import sys
from pathlib import Path
from tests.support.odd_tasks import Odd
from avsnitt.work.executor import TaskExecutor, ExecutorOptions
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work.scheduler import run_pipelines

def making(slug):
    files = yield [Odd(name=f"{slug}{n}", text=f"{slug}{n}", seconds=0.1) for n in range(4)]
    return "".join(path.read_text() for path in files)

folder, *slugs = sys.argv[1:]
depot = ArtifactStore(folder)
with TaskExecutor(depot, ExecutorOptions(executor="processes")) as executor:
    made = run_pipelines({slug: making(slug) for slug in slugs}, executor, depot)
print(*made.values())
"""


def start(folder: Path, *slugs: str) -> subprocess.Popen[str]:
    path = os.pathsep.join((shows.environment()["PYTHONPATH"], str(PROJECT)))
    return subprocess.Popen(
        [sys.executable, "-c", TOGETHER, str(folder), *slugs],
        env=shows.environment(PYTHONPATH=path, AVSNITT_JOBS="2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reply(program: subprocess.Popen[str]) -> str:
    out, err = program.communicate(timeout=120)
    assert err == ""
    return out


def test_two_runs_at_once_on_one_artifact_store_agree(store: ArtifactStore) -> None:
    runs = [start(store.folder, *"abcd"), start(store.folder, *"dcba")]
    outs = [reply(one).split() for one in runs]
    assert outs[0] == outs[1][::-1] == [f"{s}0{s}1{s}2{s}3" for s in "abcd"]
    names = sorted(path.name for path in store.folder.iterdir())
    assert names == sorted(f"odd-{slug}{n}.txt" for slug in "abcd" for n in range(4))


def test_shards_that_are_merged_are_a_whole_run(tmp_path: Path) -> None:
    slugs = [f"episode-{n}" for n in range(7)]
    reply(start(tmp_path / "whole", *slugs))
    for number in (1, 2, 3):
        share = take_shard(slugs, Shard(number, 3))
        reply(start(tmp_path / f"share-{number}", *share))
    merged = ArtifactStore(tmp_path / "merged")
    assert sum(merged.merge(tmp_path / f"share-{number}") for number in (1, 2, 3)) == 28
    trees = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("whole", "merged")
    ]
    assert trees[0] == trees[1]
    makings = {"episode-0": _no_work_left()}
    assert run(merged, makings) == {"episode-0": ("episode-00",)}


def _no_work_left() -> Generator[Sequence[Task], Sequence[Path], Texts]:
    return making([Odd(name="episode-00", how="bug")])
