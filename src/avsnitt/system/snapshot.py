"""
The changes since the last build, found by a walk of `stat` alone.

This is run before the command line is parsed, so it imports only what Python has loaded already.
Where nothing has changed, that is known in a tenth of the time that importing the rest would take;
where something has, a build looks only at what changed. Without the file of the last build, or with
a damaged one, a build looks at everything.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from avsnitt.system.files import Stat

FILE = ".avsnitt/unchanged"
"""In `show_files.CACHE_FOLDER`, which is not imported here."""
_MAGIC = "avsnitt unchanged 1"
_ENVIRONMENT = ("AVSNITT_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
_PROGRAM_ENDINGS = (".py", ".html", ".css", ".js", ".json", ".svg")


class Snapshot:
    """
    The state of all files now, compared with the last build's. Paths are absolute.

    `files` has each file that is still there with its Stat; `changed` are those that are not as
    they were, `relist` the folders in which something came, went or was renamed. `report` is
    what the last build printed, None when it was printed for another reader (see `_reader`).
    """

    __slots__ = ("changed", "files", "folders", "relist", "report")

    def __init__(self, report: str | None) -> None:
        self.report = report
        self.files: dict[str, Stat] = {}
        self.folders: dict[str, Stat] = {}
        self.changed: set[str] = set()
        self.relist: set[str] = set()

    @property
    def is_unchanged(self) -> bool:
        """True when no file and no folder has changed."""
        return not self.changed and not self.relist


def read_snapshot(root: str) -> Snapshot | None:
    """
    Compare all files with those of the last build; None when that recorded nothing that can be
    trusted, or when the program itself has changed.
    """
    try:
        with open(f"{root}/{FILE}", encoding="utf-8", errors="surrogateescape") as stream:
            text = stream.read()
        head, _, body = text.partition("\n\n")
        magic, reader, report = head.split("\n", 2)
        if magic != _MAGIC:
            return None
        snapshot = Snapshot(report if reader == _reader() else None)
        program = f"{os.path.dirname(os.path.dirname(__file__))}/"
        for line in body.splitlines():
            size, mtime, inode, path = line.split(" ", 3)
            _compare(snapshot, path, size, int(mtime), int(inode))
    except (OSError, ValueError):
        return None
    if "/.." in body or any(path.startswith(program) for path in snapshot.changed):
        return None
    return snapshot


def _compare(snapshot: Snapshot, path: str, size: str, mtime: int, inode: int) -> None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        (snapshot.relist if size == "-" else snapshot.changed).add(path)
        return
    stat = (found.st_size, found.st_mtime_ns, found.st_ino)
    same = stat[1:] == (mtime, inode)
    if size == "-":
        snapshot.folders[path] = stat
        if not same:
            snapshot.relist.add(path)
    else:
        snapshot.files[path] = stat
        if not same or found.st_size != int(size):
            snapshot.changed.add(path)


def write_snapshot(
    root: str,
    files: Iterable[tuple[str, Stat]],
    folders: Iterable[tuple[str, Stat]],
    report: str,
) -> None:
    """
    Record the state of all files, and the report to print when nothing has changed.

    Paths are absolute. Of a folder only the names in it matter, not its size. Where a path has
    a line break nothing is recorded. Raises ExternalError when the disk fails.
    """
    from avsnitt.system.files import remove, write_bytes

    rows = [f"{size} {mtime} {inode} {path}" for path, (size, mtime, inode) in files]
    rows += [f"- {mtime} {inode} {path}" for path, (_, mtime, inode) in folders]
    rows += [f"{size} {mtime} {inode} {path}" for path, (size, mtime, inode) in program_files()]
    if any("\n" in row or "\r" in row for row in rows):
        remove(f"{root}/{FILE}")
        return
    head = "\n".join((_MAGIC, _reader(), report.strip().replace("\n\n", "\n")))
    text = head + "\n\n" + "\n".join(rows) + "\n"
    write_bytes(f"{root}/{FILE}", text.encode(errors="surrogateescape"))


def forget_snapshot(root: str) -> None:
    """Delete the snapshot, and the temporary files of a run that was stopped while it wrote one."""
    from avsnitt.system.files import remove

    remove(f"{root}/{FILE}")
    folder, _, name = f"{root}/{FILE}".rpartition("/")
    if os.path.isdir(folder):
        for entry in sorted(os.listdir(folder)):
            if entry.startswith(f".{name}.") and entry.endswith(".tmp"):
                remove(f"{folder}/{entry}")


def program_files() -> list[tuple[str, Stat]]:
    """Every file this program is made of, sorted by path."""
    found = []
    for folder, folders, names in os.walk(os.path.dirname(os.path.dirname(__file__))):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            if name.endswith(_PROGRAM_ENDINGS):
                path = f"{folder}/{name}"
                stat = os.stat(path)
                found.append((path, (stat.st_size, stat.st_mtime_ns, stat.st_ino)))
    return found


def program_name() -> str:
    """A digest of this very program's files: what another version made is made again."""
    from avsnitt.digests import digest

    rows = [f"{path}\0{size}\0{mtime}" for path, (size, mtime, _) in program_files()]
    return digest("\n".join((sys.version, *rows)).encode(errors="surrogateescape"))


def _reader() -> str:
    """
    The settings besides the show on which printed words depend: Python's version and the
    languages in the environment.
    """
    spoken = "|".join(os.environ.get(name, "") for name in _ENVIRONMENT)
    return f"{sys.version_info[:3]} {spoken}".replace("\n", " ")
