"""The sound of a show's episodes as one piece of work: whose turn it is, who does it, and where.

Below `working.py`, which runs the makings, and what the makings themselves ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from avsnitt.model.audio import MadeAudio
from avsnitt.problems.errors import UsageError
from avsnitt.problems.media_errors import TaskError
from avsnitt.problems.problem import Problem
from avsnitt.system.artifacts import ARTIFACTS_FOLDER, ArtifactStore
from avsnitt.system.disk import exists, is_folder
from avsnitt.work.backend import ExecutorOptions
from avsnitt.work.executor import TaskExecutor
from avsnitt.work.progress import Progress, quiet
from avsnitt.work.scheduler import Pipeline, Result, run_pipelines
from avsnitt.work.shards import Shard


class ProductionOptions(Struct, frozen=True, kw_only=True):
    """
    The extent of a run: the episodes (none: all that have recordings), the executor, this run's
    share, and the folders of other machines that have done some already.
    """

    slugs: tuple[str, ...] = ()
    executor: ExecutorOptions = ExecutorOptions()
    shard: Shard = Shard()
    merge: tuple[str, ...] = ()


class ProductionReport(Struct, frozen=True, kw_only=True):
    """The results of a run, by slug; `merged` files were fetched from other machines."""

    made: Mapping[str, MadeAudio]
    problems: tuple[Problem, ...] = ()
    merged: int = 0


def run_audio_pipelines(
    root: str,
    makings: Mapping[str, Pipeline[Result]],
    options: ExecutorOptions,
    progress: Progress = quiet,
    *,
    expected_ms: Mapping[str, int] | None = None,
) -> dict[str, Result | TaskError]:
    """
    Run the makings of the show at `root` into its artifact store. Raises as `run_pipelines` does,
    and what cannot be started raises UsageError or ExternalError.
    """
    store = ArtifactStore(Path(root, ARTIFACTS_FOLDER))
    with TaskExecutor(store, options) as executor:
        return run_pipelines(makings, executor, store, progress, expected_ms=expected_ms)


def merge_artifacts(root: str, others: tuple[str, ...]) -> int:
    """
    Fetch what other machines have made: from their artifact stores, or their shows' folders. Says
    how many files that was.

    Raises:
        UsageError: one of them is neither.
    """
    store = ArtifactStore(Path(root, ARTIFACTS_FOLDER))
    return sum(store.merge(_artifact_store_in(Path(root, other))) for other in others)


def _artifact_store_in(folder: Path) -> Path:
    inner = folder / ARTIFACTS_FOLDER
    found = inner if is_folder(inner) else folder
    if not is_folder(found) or (found is folder and exists(folder / "site")):
        values = {"folder": str(folder)}
        raise UsageError(f"no artifacts in {folder}", key="sound.no-artifacts", values=values)
    return found
