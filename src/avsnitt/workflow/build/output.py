"""The output of a build: each path is written once, and only when its parts have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from avsnitt.problems.errors import ExternalError
from avsnitt.system.build_cache import BuildCache, OutputRecord
from avsnitt.system.files import (
    Stat,
    is_inside,
    make_folder,
    remove,
    remove_if_empty,
    stat_of,
    write_bytes,
)
from avsnitt.system.snapshot import Snapshot
from avsnitt.workflow.build.journal import BuildJournal


class Output:
    """
    The published tree. `want` says that a path belongs to it and makes it if need be; `finish`
    takes away what was made by an earlier build and is wanted no more. Files that no build made
    are never touched.
    """

    def __init__(
        self,
        folder: str,
        cache: BuildCache,
        journal: BuildJournal,
        strays: Iterable[str] = (),
        *,
        snapshot: Snapshot | None = None,
    ) -> None:
        """
        `strays` may be there, made by a run that was stopped before it could remember; what
        `snapshot` has found as it was need not be looked at again.
        """
        self._intact = snapshot.files.keys() - snapshot.changed if snapshot else frozenset[str]()
        self.folder = folder
        self.journal = journal
        self._cache = cache
        self._strays = strays
        self._before = cache.read_made()
        self._wanted: set[str] = set()
        self._fresh: list[OutputRecord] = []
        self._folders: set[str] = set()
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.removed: list[str] = []
        self.changed: list[str] = []

    def is_current(self, path: str, parts: Mapping[str, str]) -> bool:
        """True when the file is there as it was written, and would be made of the same parts."""
        before = self._before.get(path)
        return (
            before is not None
            and before.parts == parts
            and stat_of(f"{self.folder}/{path}") == before.stat
        )

    def stands(self, path: str) -> bool:
        """True when an earlier build's file is there just as it was written."""
        before = self._before.get(path)
        if before is None:
            return False
        place = f"{self.folder}/{path}"
        return place in self._intact or stat_of(place) == before.stat

    def keep(self, paths: Iterable[str]) -> None:
        """Say that these belong to the tree as they are."""
        self._wanted.update(paths)

    def want(
        self, path: str, parts: Mapping[str, str], make: Callable[[], bytes], owner: str = ""
    ) -> None:
        """
        Keep the file at `path`; call `make` for its bytes and write them when its parts
        have changed.
        """
        self._wanted.add(path)
        if not self.is_current(path, parts):
            self.journal.note_files([path])
            stat, changed = self.write(path, make())
            self.record(OutputRecord(path, stat, owner, parts), changed=changed)

    def write(self, path: str, data: bytes) -> tuple[Stat, bool]:
        """Write bytes to `path`. Returns the file's stat, and whether its bytes changed."""
        self.make_folder_of(path)
        return write_bytes(f"{self.folder}/{path}", data)

    def make_folder_of(self, path: str) -> None:
        """
        Make the folder of a path. Raises ExternalError when it leads out of the output
        through a link.
        """
        place = f"{self.folder}/{path}".rpartition("/")[0]
        if place not in self._folders:
            if os.path.realpath(place) != place:
                raise ExternalError(
                    f"{place}: a link", key="output-folder", values={"folder": place}
                )
            make_folder(place)
            self._folders.add(place)

    def record(self, made: OutputRecord, *, changed: bool) -> None:
        """Take note of a file that was written, here or by a worker."""
        self._wanted.add(made.path)
        self._fresh.append(made)
        self.reasons[made.path] = self._reason(made)
        if changed:
            self.changed.append(made.path)

    def _reason(self, made: OutputRecord) -> tuple[str, ...]:
        before = self._before.get(made.path)
        if before is None:
            return ("new",)
        names = sorted({*before.parts, *made.parts})
        differing = tuple(name for name in names if before.parts.get(name) != made.parts.get(name))
        return differing or ("missing",)

    def finish(self) -> None:
        """
        Delete the files of earlier builds that this one did not want, and record what it
        wrote.
        """
        strays = [path for path in self._strays if os.path.lexists(f"{self.folder}/{path}")]
        known = {*self._before, *strays}
        gone = sorted(path for path in known - self._wanted if is_inside(path))
        for path in gone:
            remove(f"{self.folder}/{path}")
        self._leave_no_empty_folder(gone)
        self.removed = gone
        self._cache.forget_made(set(self._before) - self._wanted)
        self._cache.write_made(self._fresh)

    def _leave_no_empty_folder(self, gone: Iterable[str]) -> None:
        """A fresh build has none, and this one may have made some for nothing."""
        places = {f"{self.folder}/{path}".rpartition("/")[0] for path in gone} | self._folders
        while places := {place for place in places if len(place) > len(self.folder)}:
            places = {place.rpartition("/")[0] for place in places if remove_if_empty(place)}

    def stats(self) -> list[tuple[str, Stat]]:
        """Every path in the tree with its Stat, sorted."""
        now = {path: self._before[path].stat for path in self._wanted if path in self._before}
        now.update((made.path, made.stat) for made in self._fresh)
        return sorted(now.items())
