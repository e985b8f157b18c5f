"""`avsnitt check`: everything that would go wrong, found without writing anything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

from avsnitt.checks.show.paged_feeds import feeds_in_pages
from avsnitt.model.show import Show
from avsnitt.problems.feed_rules import FEED_RULES_REPORTED_BY, FILE_RULES_REPORTED_BY
from avsnitt.problems.problem import Problem
from avsnitt.system.build_cache import BuildCache, open_build_cache
from avsnitt.system.clock import now
from avsnitt.system.files import read_text
from avsnitt.workflow.build.alternates import alternate_sources
from avsnitt.workflow.build.build import PAGED
from avsnitt.workflow.build.images import plan_images
from avsnitt.workflow.check.built_feed import check_built_feed, check_published_feed
from avsnitt.workflow.check.deduplicate import not_yet_reported
from avsnitt.workflow.check.source_files import SourceFiles, check_sources
from avsnitt.workflow.load.locate import locate_finding
from avsnitt.workflow.load.show import Loaded, load_show
from avsnitt.workflow.produce.producer import AudioProducer, recording_problems
from avsnitt.workflow.produce.recipe import RecipeFinder


def check_show(root: str) -> tuple[Problem, ...]:
    """Every Problem in the show at `root`, sorted by place."""
    root = os.path.realpath(root)
    at = now()
    with open_build_cache(root) as cache:
        loaded = load_show(root, cache, now=at)
        problems = loaded.problems
        if loaded.show is not None:
            images, unfit = plan_images(root, loaded.show, loaded.inputs, cache)
            forms, refused = alternate_sources(root, loaded.show, loaded.inputs, cache)
            problems = (*problems, *unfit, *refused, *_audio_problems(root, loaded, cache))
            if not any(found.severity == "error" for found in problems):
                read = partial(read_text, root)
                findings = check_built_feed(root, loaded, images, cache, now=at, read=read)
                problems += tuple(not_yet_reported(findings, problems, FEED_RULES_REPORTED_BY))
                own = SourceFiles(root, loaded.show, loaded.sounds, loaded.inputs, forms)
                found = check_sources(own, cache)
                problems += tuple(not_yet_reported(found, problems, FILE_RULES_REPORTED_BY))
            problems = (*problems, *_page_problems(root, loaded.show, cache))
    return tuple(sorted(problems, key=lambda found: (found.where, found.code)))


def _audio_problems(root: str, loaded: Loaded, cache: BuildCache) -> Iterator[Problem]:
    """
    Return the problems that were found in recordings when audio was made; measuring takes too
    long for a check. Those of an intro or a track are found here and now.
    """
    if loaded.show is None:
        return
    book = RecipeFinder(root, loaded.show, loaded.sounds, loaded.inputs, cache)
    producer = AudioProducer(root)
    for episode in loaded.show.episodes:
        recipe = book.recipe(episode)
        made = producer.find(recipe) if recipe else None
        if recipe and made:
            yield from recording_problems(recipe, made)
    for finding in book.findings.values():
        yield locate_finding(finding, lambda path: read_text(root, path))
    yield from book.problems.values()


def _page_problems(root: str, show: Show, cache: BuildCache) -> Iterator[Problem]:
    """
    Return the problems of feeds that the last build had to page; none when nothing has been
    built.
    """
    paged = {feed: int(count) for feed, count in cache.read_kept(PAGED).items()}
    for finding in feeds_in_pages(show, paged):
        yield locate_finding(finding, lambda path: read_text(root, path))


def check_published(root: str) -> tuple[Problem, ...]:
    """
    Return the problems that the servers' answers show about the show at `root`; none for a show
    with errors. Raises ExternalError when there is no answer.
    """
    root = os.path.realpath(root)
    with open_build_cache(root) as cache:
        show = load_show(root, cache).show
    return check_published_feed(show, partial(read_text, root)) if show else ()
