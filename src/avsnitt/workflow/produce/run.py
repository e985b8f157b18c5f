"""The sound of a show's episodes as one piece of work: whose turn it is, who does it, and where.

Below `working.py`, which runs the makings, and what the makings themselves ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from avsnitt.model.audio import MadeSound
from avsnitt.problems.errors import UsageTrouble
from avsnitt.problems.media_errors import WorkTrouble
from avsnitt.problems.problem import Problem
from avsnitt.system.artifacts import FOLDER, Depot
from avsnitt.work.backend import CrewOptions
from avsnitt.work.executor import Crew
from avsnitt.work.progress import Progress, quiet
from avsnitt.work.scheduler import Making, Result, run_makings
from avsnitt.work.shards import Shard


class SoundOptions(Struct, frozen=True, kw_only=True):
    """
    What is asked of a run: the episodes (none: all that have recordings), who does the work, this
    run's share of it, and the folders of other machines that have done some already.
    """

    slugs: tuple[str, ...] = ()
    crew: CrewOptions = CrewOptions()
    shard: Shard = Shard()
    merge: tuple[str, ...] = ()


class SoundReport(Struct, frozen=True, kw_only=True):
    """What a run came to, by slug; `merged` files were fetched from other machines."""

    made: Mapping[str, MadeSound]
    problems: tuple[Problem, ...] = ()
    merged: int = 0


def work_through(
    root: str,
    makings: Mapping[str, Making[Result]],
    options: CrewOptions,
    progress: Progress = quiet,
    *,
    expected_ms: Mapping[str, int] | None = None,
) -> dict[str, Result | WorkTrouble]:
    """
    Run the makings of the show at `root` into its depot. Raises as `run_makings` does, and what
    cannot be hired raises UsageTrouble or EnvironmentTrouble.
    """
    depot = Depot(Path(root, FOLDER))
    with Crew(depot, options) as crew:
        return run_makings(makings, crew, depot, progress, expected_ms=expected_ms)


def merge_depots(root: str, others: tuple[str, ...]) -> int:
    """
    Fetch what other machines have made: from their depots, or their shows' folders. Says how many
    files that was.

    Raises:
        UsageTrouble: one of them is neither.
    """
    depot = Depot(Path(root, FOLDER))
    return sum(depot.merge(_depot_in(Path(root, other))) for other in others)


def _depot_in(folder: Path) -> Path:
    inner = folder / FOLDER
    found = inner if inner.is_dir() else folder
    if not found.is_dir() or (found is folder and (folder / "site").exists()):
        values = {"folder": str(folder)}
        raise UsageTrouble(f"no depot in {folder}", key="sound.no-depot", values=values)
    return found
