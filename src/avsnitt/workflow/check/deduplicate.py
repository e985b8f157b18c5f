"""One thing is reported once: under the code of a check of the content, when that has found it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from avsnitt.problems.problem import Problem
from avsnitt.show_files import SETTINGS_PATH, episode_file


def not_yet_reported(
    found: Iterable[Problem], shown: Iterable[Problem], source_paths: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """
    Yield the problems of `found` that `shown` does not have; `source_paths` has the codes that
    mean the same.

    A problem of an episode counts as reported for each file in its folder, and a problem of any
    episode for the show that they share.
    """
    shown_places = {(one.where.path, one.code) for one in shown}
    shown_places |= {(SETTINGS_PATH, code) for _, code in shown_places}
    for one in found:
        path = one.where.path
        places = (path, episode_file(path.rpartition("/")[0]))
        codes = source_paths.get(one.code, ())
        if not any((place, code) in shown_places for place in places for code in codes):
            yield one
