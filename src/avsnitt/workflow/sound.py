"""The sound of a show's episodes, made without building anything: `avsnitt sound` and `add`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from functools import partial

from avsnitt.model.show import Episode, Show
from avsnitt.problems.errors import ContentError, UsageError
from avsnitt.problems.problem import Problem
from avsnitt.system.build_cache import open_build_cache
from avsnitt.system.files import read_text
from avsnitt.work.progress import Progress, quiet
from avsnitt.work.shards import take_shard
from avsnitt.workflow.load.locate import locate_finding
from avsnitt.workflow.load.show import load_show
from avsnitt.workflow.produce.producer import AudioProducer, recording_problems
from avsnitt.workflow.produce.recipe import RecipeFinder
from avsnitt.workflow.produce.run import ProductionOptions, ProductionReport, merge_artifacts


def make_sounds(
    root: str, options: ProductionOptions, *, progress: Progress = quiet, trial: bool = False
) -> ProductionReport:
    """
    Make the sound of the episodes that are asked for, or of all that have a recording. What is
    published as it was recorded is left alone, unless it is on `trial`.

    An episode with errors stops no other, and its errors are reported with all that was found.
    Raises ContentError where not even the show's settings can be read, UsageError for an
    address that it does not have.
    """
    root = os.path.realpath(root)
    merged = merge_artifacts(root, options.merge)
    with open_build_cache(root) as cache:
        loaded = load_show(root, cache)
        show = loaded.show or loaded.draft
        if show is None:
            raise ContentError(loaded.problems)
        book = RecipeFinder(root, show, loaded.sounds, loaded.inputs, cache)
        wanted = _wanted(show, options)
        recipes = {one.slug: found for one in wanted if (found := book.recipe(one, trial=trial))}
        problems = [locate_finding(one, partial(read_text, root)) for one in book.findings.values()]
        problems += book.problems.values()
        problems += (one for one in loaded.problems if one.severity == "error")
        made, errors = AudioProducer(root, options.executor).produce(recipes, progress)
    changes = [one for slug in made for one in recording_problems(recipes[slug], made[slug])]
    ordered = {slug: made[slug] for slug in recipes if slug in made}
    return ProductionReport(
        made=ordered, problems=_sorted((*problems, *errors, *changes)), merged=merged
    )


def _wanted(show: Show, options: ProductionOptions) -> Iterator[Episode]:
    known = {one.slug: one for one in show.episodes}
    for slug in options.slugs:
        if slug not in known:
            near = ", ".join(difflib.get_close_matches(slug, known, 3, 0.5))
            key = "no-episode-near" if near else "no-episode"
            raise UsageError(slug, key=key, values={"slug": slug, "near": near})
    for slug in take_shard(options.slugs or known, options.shard):
        yield known[slug]


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda found: (found.where, found.code)))
