"""`avsnitt check`: everything that would go wrong, found without writing anything."""

from __future__ import annotations

import os

from avsnitt.adapters.clock import now
from avsnitt.adapters.store import Store
from avsnitt.adapters.unchanged import program_name
from avsnitt.errors import Problem
from avsnitt.workflow.alternates import alternate_sources
from avsnitt.workflow.building import MEMORY
from avsnitt.workflow.loading import load_show
from avsnitt.workflow.pictures import look_at_pictures


def check_show(root: str) -> tuple[Problem, ...]:
    """Every Problem in the show at `root`, sorted by place."""
    root = os.path.realpath(root)
    store = Store(f"{root}/{MEMORY}", program_name())
    try:
        loaded = load_show(root, store, now=now())
        problems = loaded.problems
        if loaded.show is not None:
            _, unfit = look_at_pictures(root, loaded.show, loaded.inputs, store)
            _, refused = alternate_sources(root, loaded.show, loaded.inputs, store)
            problems = (*problems, *unfit, *refused)
    finally:
        store.close(commit=True)
    return tuple(sorted(problems, key=lambda found: (found.where, found.code)))
