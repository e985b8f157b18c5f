"""One thing is told once: under the code of a check of the content, when that has told of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from avsnitt.problems.problem import Problem
from avsnitt.show_files import SETTINGS_PATH, episode_file


def not_yet_reported(
    found: Iterable[Problem], told: Iterable[Problem], told_by: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """
    What is `found` and not `told` already, where `told_by` has the codes that tell of the same.

    What was told of an episode is told of each file in its folder, and what was told of any
    episode is told of the show that they share.
    """
    said = {(one.where.path, one.code) for one in told}
    said |= {(SETTINGS_PATH, code) for _, code in said}
    for one in found:
        path = one.where.path
        places = (path, episode_file(path.rpartition("/")[0]))
        codes = told_by.get(one.code, ())
        if not any((place, code) in said for place in places for code in codes):
            yield one
