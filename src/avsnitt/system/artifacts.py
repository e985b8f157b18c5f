"""
The store of finished artifacts, each named by all that it was made of.

A file in the store is whole or not there: it is made under a temporary name beside its own and
renamed last. Its name says all that it depends on, so every process that makes it makes the same
bytes, and many runs, on one disk or on several that are merged later, can share a store without
asking each other. It may be emptied at any time; then the work is done again.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Container, Iterator
from functools import cache
from pathlib import Path
from typing import Final, Literal

from avsnitt.show_files import CACHE_FOLDER

ARTIFACTS_FOLDER: Final = f"{CACHE_FOLDER}/sound"
"""Relative to the show's folder."""
FORGOTTEN_AFTER_S: Final = 3600.0
"""A younger file may have been made by another run just now, for a show that this run did not read.
"""
LEFT_AFTER_S: Final = 24 * 3600.0
"""A temporary file this old was left by a run that has ended."""
SEEN_WITHIN_S: Final = 60.0
"""A file that another machine has made shows itself within this time: NFS remembers for up to a
minute that a file was not there (nfs(5), acdirmax)."""

LOG: Final = ".log"
"""The ending of the traceback of a task that failed, which is no result."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,199}\.[a-z0-9]{1,8}", re.IGNORECASE)
_LEFT: Final = re.compile(r"\.[\w.-]+\.(making\.[a-z0-9]{1,8}|working|probe)", re.IGNORECASE)
_OPEN: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_NO_SURPRISES: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_counter = itertools.count()


class ArtifactStore:
    """One folder, made when the first file is. Names are `letters, digits and -` `.` `ending`."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def path(self, file: str) -> Path:
        """
        The path that a file has, or would have, in the store. Raises ValueError for what
        cannot be a name here.
        """
        if not _NAME.fullmatch(file):
            raise ValueError(f"not a name in an artifact store: {file!r}")
        return self.folder / file

    def has(self, file: str) -> bool:
        """True when the file is there and not empty: a power cut may leave an empty file."""
        try:
            found = self.path(file).lstat()
        except OSError:
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size > 0

    def get_or_make(self, file: str, make: Callable[[Path], None]) -> Path:
        """
        The file, made by `make` if it is not there; `make` is given a path to write to,
        with the right ending. Of two processes that make the same file, the later throws
        its copy away.

        Raises whatever `make` raises, and then nothing is left; ValueError when it made
        nothing.
        """
        path = self.path(file)
        if self.has(file):
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self._temporary(path)
        try:
            make(temporary)
            if not temporary.is_file() or not temporary.stat().st_size:
                raise ValueError(f"nothing was made: {file}")
            self._put(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)
        return path

    def _temporary(self, path: Path) -> Path:
        return path.with_name(f".{path.stem}.{token()}.making{path.suffix}")

    def _put(self, temporary: Path, file: str) -> None:
        if self.has(file):
            return
        try:
            temporary.replace(self.path(file))
        except PermissionError:
            # Windows does so when the other copy is in place and being read.
            if not self.has(file):
                raise

    def discard(self, file: str) -> None:
        """Delete a file whose content is not what its name says."""
        self.path(file).unlink(missing_ok=True)

    def await_file(self, file: str, within_s: float = SEEN_WITHIN_S) -> bool:
        """True when a file that another machine has made is here, or comes within `within_s`."""
        return await_path(self.path(file), within_s)

    def merge(self, other: Path | str) -> int:
        """
        Copy the files that are missing here from another store, and return how many. Only
        ordinary files with names of a store's are copied, and no link is followed.
        """
        copied = 0
        for name in _names(Path(other)):
            if _NAME.fullmatch(name) and not name.endswith(LOG) and not self.has(name):
                copied += self._copy(Path(other, name))
        return copied

    def _copy(self, source: Path) -> bool:
        handle = _open_ordinary(source)
        if handle is None:
            return False
        with os.fdopen(handle, "rb") as stream:

            def copy(target: Path) -> None:
                with target.open("wb") as out:
                    shutil.copyfileobj(stream, out, 1 << 20)

            self.get_or_make(source.name, copy)
        return True

    def forget(self, keep: Container[str], *, older_than_s: float = FORGOTTEN_AFTER_S) -> int:
        """
        Delete the finished files that are not in `keep`, unless they are new, and return
        how many. Files with names of another form are left alone.
        """
        names = (name for name in _names(self.folder) if _NAME.fullmatch(name))
        return self._remove((name for name in names if name not in keep), older_than_s)

    def sweep(self, *, older_than_s: float = LEFT_AFTER_S) -> int:
        """Delete what stopped runs left half made, and return how many files that was."""
        names = (name for name in _names(self.folder) if _LEFT.fullmatch(name))
        return self._remove(names, older_than_s)

    def _remove(self, names: Iterator[str], older_than_s: float) -> int:
        removed, now_s = 0, None
        for name in names:
            try:
                made_s = Path(self.folder, name).lstat().st_mtime
                now_s = self._now_s() if now_s is None else now_s
                if now_s - made_s >= older_than_s:
                    Path(self.folder, name).unlink()
                    removed += 1
            except FileNotFoundError:
                continue  # another run takes away the same
        return removed

    def _now_s(self) -> float:
        """The time of the disk's own clock: a file server's may differ from this machine's."""
        probe = self.note("probe")
        try:
            probe.touch()
            return probe.stat().st_mtime
        finally:
            probe.unlink(missing_ok=True)

    def note(self, kind: Literal["working", "probe"]) -> Path:
        """A path of this process's own for a temporary file, which `sweep` recognises."""
        return self.folder / f".{token()}.{kind}"


def _open_ordinary(path: Path) -> int | None:
    """
    An open handle of a file that is not empty; None for a link, a folder, a pipe and the like.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    handle = os.open(path, _OPEN | _NO_SURPRISES)
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode) and found.st_size:
        return handle
    os.close(handle)
    return None


def await_path(path: Path, within_s: float) -> bool:
    """True when a path exists, or comes within `within_s`."""
    pause_s = 0.01
    while not path.exists():
        if within_s <= 0:
            return False
        _names(path.parent)  # reading the folder makes NFS ask its server again
        time.sleep(pause_s)
        within_s -= pause_s
        pause_s = min(pause_s * 2, 1.0)
    return True


def token() -> str:
    """A part of a name that no other process on any machine uses."""
    return f"{_life()}-{os.getpid()}-{next(_counter)}"


@cache
def _life() -> str:
    """A random part: many containers on one disk may have one host name and each be process 1."""
    return os.urandom(4).hex()


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return []
