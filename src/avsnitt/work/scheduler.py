"""Runs the pipelines of many episodes at once; each is a generator that yields tasks.

A pipeline yields some tasks, and is resumed with their files in the same order once all are there.
A file that is in the artifact store is not made again, and one that two pipelines want is made
once. The longest episode goes first and its tasks before all others', so that the long ones are not
left for the end and what has been begun is soon done. A task that cannot be done is an error of the
pipelines that wanted it, and of no other.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Final, Generic, TypeVar

from avsnitt.problems.media_errors import MediaError, TaskError
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.work.executor import TaskExecutor, disk_task_error
from avsnitt.work.progress import Progress, quiet
from avsnitt.work.task import Task

Result = TypeVar("Result")
Pipeline = Generator[Sequence[Task], Sequence[Path], Result]
"""Yields tasks, gets their files, and returns what was made. Where a task could not be done, the
first error in the order of the tasks is raised at its yield, and may be caught."""

NAME: Final = "sound"
"""The name of the work in progress, counted in ms of audio; `<name>.episodes` counts those done."""
_LOOKS_EVERY_S: Final = 0.5
_order = itertools.count()


def run_pipelines(
    pipelines: Mapping[str, Pipeline[Result]],
    executor: TaskExecutor,
    store: ArtifactStore,
    progress: Progress = quiet,
    *,
    expected_ms: Mapping[str, int] | None = None,
) -> dict[str, Result | TaskError]:
    """
    Run all pipelines, and return the result of each, in the order of `pipelines`.

    `expected_ms` is the audio that each will work through in all its steps, where it is known:
    it decides which goes first, and how much time is reported to be left.

    Raises OSError when the disk is full, and ExternalError when the backend is gone.
    """
    store.sweep()
    run = _Scheduler(pipelines, executor, store, progress, expected_ms or {})
    try:
        return run.to_the_end()
    finally:
        run.close()


class _PipelineRun(Generic[Result]):
    """One pipeline, the batch that it waits for, and the errors by place in that batch."""

    def __init__(self, pipeline: Pipeline[Result], expected_ms: int) -> None:
        self.pipeline = pipeline
        self.rank = 0
        self.expected_ms = expected_ms
        self.wanted_ms = 0
        self.free_ms = 0
        self.batch: tuple[Task, ...] | None = None
        self.missing: set[str] = set()
        self.errors: dict[int, TaskError] = {}

    def drop(self, file: str) -> None:
        """Take a task that is no longer wanted out of the total."""
        self.wanted_ms -= next(task.cost_ms for task in self.batch or () if task.file == file)

    @property
    def total_ms(self) -> int:
        """The ms of audio to work through in all, without what the artifact store had already."""
        return max(self.expected_ms, self.wanted_ms) - self.free_ms

    def resume(self, store: ArtifactStore) -> Sequence[Task]:
        """The next batch, once nothing is missing of the last."""
        if self.batch is None:
            return next(self.pipeline)
        if self.errors:
            return self.pipeline.throw(self.errors[min(self.errors)])
        return self.pipeline.send([store.path(task.file) for task in self.batch])


class _Scheduler(Generic[Result]):
    def __init__(
        self,
        pipelines: Mapping[str, Pipeline[Result]],
        executor: TaskExecutor,
        store: ArtifactStore,
        progress: Progress,
        expected_ms: Mapping[str, int],
    ) -> None:
        self.executor = executor
        self.store = store
        self.progress = progress
        self.jobs = {
            slug: _PipelineRun(one, expected_ms.get(slug, 0)) for slug, one in pipelines.items()
        }
        self.unstarted = deque(sorted(self.jobs, key=lambda slug: -self.jobs[slug].expected_ms))
        self.results: dict[str, Result | TaskError] = {}
        self.wanted: dict[str, list[str]] = {}
        self.ready: list[tuple[int, int, int, Task]] = []
        self.running: set[str] = set()
        self.errors: dict[str, TaskError] = {}
        self.worked_ms = 0

    def to_the_end(self) -> dict[str, Result | TaskError]:
        self.report()
        while self.unstarted or self.wanted:
            tasks = self.choose()
            if tasks:
                self.executor.begin(tasks, is_all=not self.ready and not self.unstarted)
            if self.running:
                for task, error in self.executor.ended(_LOOKS_EVERY_S):
                    self.take_in(task, error)
            self.report()
        return {slug: self.results[slug] for slug in self.jobs}

    def close(self) -> None:
        for job in self.jobs.values():
            job.pipeline.close()

    def report(self) -> None:
        if self.progress is quiet:
            return
        self.progress(f"{NAME}.episodes", len(self.results), len(self.jobs))
        total_ms = sum(job.total_ms for job in self.jobs.values())
        self.progress(NAME, self.worked_ms + self.executor.working_ms(), total_ms)

    def choose(self) -> list[Task]:
        """
        The tasks that there is room for now. The next episode is started when those before
        it leave room.
        """
        chosen: list[Task] = []
        room = self.executor.free_slots
        while len(chosen) < room:
            if self.ready:
                task = heapq.heappop(self.ready)[-1]
                if task.file in self.wanted and task.file not in self.running:
                    self.running.add(task.file)
                    chosen.append(task)
            elif self.unstarted:
                slug = self.unstarted.popleft()
                self.jobs[slug].rank = len(self.jobs) - len(self.unstarted)
                self.resume(slug)
            else:
                break
        return chosen

    def resume(self, slug: str) -> None:
        """Resume the pipeline for as long as no file is missing."""
        job = self.jobs[slug]
        while not job.missing:
            try:
                batch = tuple(job.resume(self.store))
            except StopIteration as end:
                self.end(slug, end.value)
                return
            except MediaError as error:
                self.end(slug, TaskError(error.code, **error.values))
                return
            except OSError as error:
                self.end(slug, disk_task_error(error))
                return
            self.want(slug, batch)

    def end(self, slug: str, result: Result | TaskError) -> None:
        self.results[slug] = result
        self.jobs[slug].expected_ms = 0

    def want(self, slug: str, batch: tuple[Task, ...]) -> None:
        job = self.jobs[slug]
        job.batch, job.errors = batch, {}
        for place, task in enumerate(batch):
            if task.file in self.errors:
                job.errors[place] = self.errors[task.file]
                return  # see `stop_waiting`
            if task.file in job.missing:
                continue
            if self.store.has(task.file):
                job.wanted_ms += task.cost_ms
                job.free_ms += task.cost_ms
                continue
            if task.file not in self.wanted and task.file not in self.running:
                job.wanted_ms += task.cost_ms
                heapq.heappush(self.ready, (job.rank, -task.cost_ms, next(_order), task))
            self.wanted.setdefault(task.file, []).append(slug)
            job.missing.add(task.file)

    def take_in(self, task: Task, error: TaskError | None) -> None:
        self.running.discard(task.file)
        self.worked_ms += task.cost_ms
        if error is not None:
            self.errors[task.file] = error
        for slug in self.wanted.pop(task.file, ()):
            self.jobs[slug].missing.discard(task.file)
            if error is not None:
                self.stop_waiting(slug, task.file, error)
            self.resume(slug)

    def stop_waiting(self, slug: str, file: str, error: TaskError) -> None:
        """
        After an error in a batch, stop waiting for the tasks that come later in it, and
        wait for those that come before: so the error that is reported does not depend on
        which worker was faster.
        """
        job = self.jobs[slug]
        files = [task.file for task in job.batch or ()]
        job.errors[files.index(file)] = error
        for later in job.missing.difference(files[: min(job.errors)]):
            job.missing.discard(later)
            self.wanted[later].remove(slug)
            if not self.wanted[later]:
                del self.wanted[later]
                if later not in self.running:
                    job.drop(later)
