"""The files in each folder of a show: listed, or known from the last build when nothing moved."""

from __future__ import annotations

from collections.abc import Callable

from avsnitt.problems.problem import Problem
from avsnitt.system.files import ListedFile, Stat, list_folder, stat_of
from avsnitt.system.snapshot import Snapshot


class Listing:
    """
    The folders of the show at `root`. A folder that `snapshot` has found as it was holds what it
    held, and the files in it have been looked at already, the changed ones too.
    """

    def __init__(self, root: str, snapshot: Snapshot | None) -> None:
        self.root = root
        self._stats: dict[str, Stat] = {}
        self._files: dict[str, list[ListedFile]] = {}
        self._folders: dict[str, list[str]] = {}
        if snapshot is not None:
            self._remember(snapshot)

    def look(
        self, folder: str, complain: Callable[[Problem], None]
    ) -> tuple[Stat | None, list[ListedFile], list[str]]:
        """A folder's own Stat, None when it is not there, and the files and folders in it."""
        stat = self._stats.get(folder)
        if stat is not None:
            return stat, self._files.get(folder, []), self._folders.get(folder, [])
        stat = stat_of(f"{self.root}/{folder}")
        return stat, *list_folder(self.root, folder, complain)

    def _remember(self, snapshot: Snapshot) -> None:
        start = len(self.root) + 1
        for place, stat in snapshot.folders.items():
            path = place[start:]
            self._folders.setdefault(path.rpartition("/")[0], []).append(path)
            if place not in snapshot.relist:
                self._stats[path] = stat
        for place, stat in snapshot.files.items():
            if place.startswith(self.root):
                path = place[start:]
                self._files.setdefault(path.rpartition("/")[0], []).append(ListedFile(path, stat))
