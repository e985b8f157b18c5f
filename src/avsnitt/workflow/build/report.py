"""The report of a build: its progress, and its result."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from avsnitt.model.show import AudioFacts, Show
from avsnitt.problems.problem import Problem
from avsnitt.system.files import Stat


class BuildReport(Struct, frozen=True):
    """
    The result of a build. Paths are relative to `folder`; `reasons` has, for each path that was
    made again, the names of the parts that differed. `show` and `sounds` are its inputs.
    """

    folder: str
    episodes: int
    pages: int
    files: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    problems: tuple[Problem, ...]
    reasons: Mapping[str, tuple[str, ...]]
    language: str
    show: Show
    sounds: Mapping[str, AudioFacts]


class SnapshotRecord(Struct, frozen=True):
    """Everything a build looked at and left behind, by absolute path, and how it stood."""

    files: tuple[tuple[str, Stat], ...]
    folders: tuple[tuple[str, Stat], ...]
