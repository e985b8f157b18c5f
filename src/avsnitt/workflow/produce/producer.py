"""The production of the audio of many episodes: by an executor, with what has been made before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from avsnitt.audio.measure.file_damage import damage_problems
from avsnitt.audio.measure.findings import audio_problems
from avsnitt.model.audio import MadeAudio
from avsnitt.problems.codes import problem, problem_of
from avsnitt.problems.media_errors import TaskError
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.artifacts import ARTIFACTS_FOLDER, ArtifactStore
from avsnitt.system.disk import read_file
from avsnitt.work.progress import Progress
from avsnitt.workflow.produce.recipe import Recipe

if TYPE_CHECKING:
    from avsnitt.work.backend import ExecutorOptions

EXPECTED: Final = 5
"""The number of times that an episode's whole length is worked through."""


class AudioProducer:
    """Produces audio by recipes, with an executor, and finds what has been made before."""

    def __init__(self, root: str, options: ExecutorOptions | None = None) -> None:
        self.root = root
        self.options = options
        self.store = ArtifactStore(Path(root, ARTIFACTS_FOLDER))

    def produce(
        self, recipes: Mapping[str, Recipe], progress: Progress
    ) -> tuple[dict[str, MadeAudio], tuple[Problem, ...]]:
        """
        Return the result of each recipe, by slug; a recipe that cannot be made is a Problem
        alone.
        """
        made = {slug: one for slug, recipe in recipes.items() if (one := self.find(recipe))}
        missing = {slug: recipe for slug, recipe in recipes.items() if slug not in made}
        if not missing:
            return made, ()
        from avsnitt.work.backend import ExecutorOptions
        from avsnitt.workflow.produce.pipeline import AudioPipeline
        from avsnitt.workflow.produce.run import run_audio_pipelines

        makings = {slug: AudioPipeline(one, self.store).make() for slug, one in missing.items()}
        expected = {slug: EXPECTED * _length_ms(one) for slug, one in missing.items()}
        results = run_audio_pipelines(
            self.root, makings, self.options or ExecutorOptions(), progress, expected_ms=expected
        )
        problems = []
        for slug, result in results.items():
            if isinstance(result, TaskError):
                problems.append(task_problem(missing[slug], result))
            else:
                made[slug] = result
        return made, tuple(problems)

    def find(self, recipe: Recipe) -> MadeAudio | None:
        """Return what was made by this recipe before, if all of it is there."""
        as_made, as_finished = recipe.records
        names = (as_made, as_finished) if recipe.passing_form else (as_made,)
        return next((made for name in names if (made := self._read(name))), None)

    def forget_others(self, recipes: Iterable[Recipe]) -> None:
        """Take away what none of these recipes came to, unless somebody made it just now."""
        keep: set[str] = set()
        for recipe in recipes:
            for record in recipe.records:
                if made := self._read(record):
                    keep.update((record, *files_of(made)))
        self.store.forget(keep)

    def _read(self, file: str) -> MadeAudio | None:
        if not self.store.has(file):
            return None
        try:
            found = msgspec.json.decode(read_file(self.store.path(file)), type=MadeAudio)
            return found if all(map(self.store.has, files_of(found))) else None
        except (ValueError, OSError):
            # Another version's, or a stranger's that names no file of an artifact store.
            return None


def files_of(made: MadeAudio) -> Iterator[str]:
    """The published files of some made audio, by their names in the artifact store."""
    film = made.film
    names = [*(form.file for form in made.forms), made.waveform, made.voices]
    if film is not None:
        names += (film.thumbnail, film.mp4, *film.pictures, film.sound)
    return (name for name in names if name)


def task_problem(recipe: Recipe, error: TaskError) -> Problem:
    """The Problem of a task that failed, at its episode's recording."""
    return problem(error.code, Where(recipe.tracks[0].shown), **error.words)


def recording_problems(recipe: Recipe, made: MadeAudio) -> Iterator[Problem]:
    """The problems of the recordings that some audio was made of."""
    for one, measured in zip(recipe.tracks, made.measured, strict=True):
        where = Where(one.shown)
        yield from damage_problems(measured.facts, measured.analysis, where)
        yield from audio_problems(measured.analysis, where)
    if made.film is not None:
        from avsnitt.video.plan import video_findings

        where = Where(recipe.tracks[0].shown)
        yield from (problem_of(one, where) for one in video_findings(made.film.notes))


def _length_ms(recipe: Recipe) -> int:
    return max(one.at_ms + one.facts.duration_ms for one in recipe.tracks)
