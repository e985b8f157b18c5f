"""`avsnitt check`: everything that would go wrong, found without writing anything."""

from __future__ import annotations

import os
from functools import partial

from avsnitt.adapters.clock import now
from avsnitt.adapters.files import read_text
from avsnitt.adapters.store import Store
from avsnitt.adapters.unchanged import program_name
from avsnitt.errors import Problem
from avsnitt.workflow.building import MEMORY
from avsnitt.workflow.loading import load_show
from avsnitt.workflow.own_feed import judge_own_feed, judge_published
from avsnitt.workflow.pictures import look_at_pictures


def check_show(root: str) -> tuple[Problem, ...]:
    """Every Problem in the show at `root`, sorted by place."""
    root = os.path.realpath(root)
    at = now()
    store = Store(f"{root}/{MEMORY}", program_name())
    try:
        loaded = load_show(root, store, now=at)
        problems = loaded.problems
        if loaded.show is not None:
            gallery, unfit = look_at_pictures(root, loaded.show, loaded.inputs, store)
            problems = (*problems, *unfit)
            if not any(found.severity == "error" for found in problems):
                read = partial(read_text, root)
                problems += judge_own_feed(root, loaded, gallery, store, now=at, read=read)
    finally:
        store.close(commit=True)
    return tuple(sorted(problems, key=lambda found: (found.where, found.code)))


def check_published(root: str) -> tuple[Problem, ...]:
    """
    What the servers answer about the show at `root` where it has been published; nothing for a
    show with errors. Raises EnvironmentTrouble where there is no answer.
    """
    root = os.path.realpath(root)
    store = Store(f"{root}/{MEMORY}", program_name())
    try:
        show = load_show(root, store).show
    finally:
        store.close(commit=True)
    return judge_published(show, partial(read_text, root)) if show else ()
