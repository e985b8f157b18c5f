"""The disk: reads what users wrote with suspicion, and writes so that nothing is half made."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from avsnitt.errors import EnvironmentTrouble, Problem, ProblemFound, Where
from avsnitt.problems import problem

TEXT_LIMIT_BYTES: Final = 16 * 1024 * 1024
_UNSEEN = ("~", ".swp", ".tmp", ".part", ".crdownload")

_REASONS: Final[tuple[tuple[type[OSError], str], ...]] = (
    (PermissionError, "@reason.permission"),
    (IsADirectoryError, "@reason.folder"),
    (NotADirectoryError, "@reason.not-a-folder"),
)

Stat = tuple[int, int, int]
"""Size in bytes, modification time in ns, inode: what tells that a file is as it was."""


class Found(msgspec.Struct, frozen=True):
    """One file of the show. `path` is relative to the show's folder, with forward slashes."""

    path: str
    stat: Stat


def disk_trouble(path: str, error: OSError) -> EnvironmentTrouble:
    """What the disk did, with the words that say what to do about it."""
    why = error.strerror or str(error)
    return EnvironmentTrouble(f"{path}: {why}", key="disk", values={"path": path, "why": why})


def stat_of(path: str) -> Stat | None:
    """The Stat of a file, or None when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def list_folder(
    root: str, folder: str, complain: Callable[[Problem], None] | None = None
) -> tuple[list[Found], list[str]]:
    """
    The files and the folders in one folder of the show, sorted, hidden ones and editors'
    leftovers aside. A folder that is not there is empty. A link out of the show raises
    ProblemFound, or is left out when there is someone to `complain` to.
    """
    files, folders = [], []
    for entry in _scan(root, folder):
        name = entry.name
        if name.startswith((".", "_", "#")) or name.endswith(_UNSEEN):
            continue
        path = f"{folder}/{name}"
        if entry.is_symlink() and not _is_inside(root, path, complain):
            continue
        if entry.is_dir():
            folders.append(path)
        elif entry.is_file():
            found = entry.stat()
            files.append(Found(path, (found.st_size, found.st_mtime_ns, found.st_ino)))
    files.sort(key=lambda found: found.path)
    folders.sort()
    return files, folders


def _is_inside(root: str, path: str, complain: Callable[[Problem], None] | None) -> bool:
    try:
        _stay_inside(root, path)
    except ProblemFound as found:
        if complain is None:
            raise
        complain(found.problem)
        return False
    return True


def _scan(root: str, path: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(f"{root}/{path}") as entries:
            yield from entries
    except FileNotFoundError:
        return
    except OSError as error:
        raise ProblemFound(problem("FILE-006", Where(path), reason=_why(error))) from error


def read_text(root: str, path: str) -> str:
    """
    A text file of the show, as text with `\\n` ends and no byte order mark.

    Raises:
        ProblemFound: it leaves the show, is not there, cannot be read, is empty, is larger
            than 16 MB, or is not UTF-8 (with the line of the first bad byte).
    """
    return decode_text(path, read_bytes(root, path, TEXT_LIMIT_BYTES))


def decode_text(path: str, data: bytes) -> str:
    """See `read_text`."""
    if not data.strip():
        raise ProblemFound(problem("FILE-002", Where(path)))
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = data.split(b"\n")[line - 1][:200].decode("latin-1").strip()
        where = Where(path, line, 0, shown)
        raise ProblemFound(problem("FILE-001", where)) from None
    if "\0" in text:
        raise ProblemFound(
            problem("FILE-001", Where(path, text.count("\n", 0, text.index("\0")) + 1))
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_bytes(root: str, path: str, limit_bytes: int) -> bytes:
    """A file of the show, at most `limit_bytes` of it. Raises ProblemFound as `read_text`."""
    _stay_inside(root, path)
    return read_listed(root, path, limit_bytes)


def read_listed(root: str, path: str, limit_bytes: int) -> bytes:
    """The same for a path that `list_folder` has given, which is known to stay in the show."""
    try:
        with open(f"{root}/{path}", "rb", buffering=0, opener=_open_at_once) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise ProblemFound(problem("FILE-006", Where(path), reason="@reason.not-a-file"))
            data = stream.read(min(found.st_size, limit_bytes) + 1)
    except FileNotFoundError:
        raise ProblemFound(problem("FILE-005", Where(path), name=path, near="")) from None
    except OSError as error:
        raise ProblemFound(problem("FILE-006", Where(path), reason=_why(error))) from error
    if len(data) > limit_bytes:
        limit = f"{limit_bytes // (1024 * 1024)} MB"
        raise ProblemFound(problem("FILE-003", Where(path), limit=limit))
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Never waits for someone to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _why(error: OSError) -> str:
    return next((words for kind, words in _REASONS if isinstance(error, kind)), "@reason.disk")


def _stay_inside(root: str, path: str) -> None:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise ProblemFound(problem("FILE-004", Where(path), name=path))
    if os.path.realpath(f"{root}/{path}") != f"{root}/{path}":
        inside = os.path.realpath(f"{root}/{path}").startswith(f"{root}{os.sep}")
        if not inside:
            raise ProblemFound(problem("FILE-007", Where(path), name=path))


def write_bytes(path: str, data: bytes) -> tuple[Stat, bool]:
    """
    Make a file hold `data`: through a temporary name beside it, then a rename.

    A file that already does is left alone, its times with it. Returns its Stat and whether it
    was written.
    """
    try:
        with open(path, "rb") as stream:
            found = os.fstat(stream.fileno())
            if found.st_size == len(data) and stream.read() == data:
                return (found.st_size, found.st_mtime_ns, found.st_ino), False
    except FileNotFoundError:
        pass
    except OSError as error:
        raise disk_trouble(path, error) from error
    temporary = temporary_name(path)
    try:
        with open(temporary, "wb", buffering=0) as stream:
            stream.write(data)
            found = os.fstat(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        remove(temporary)
        raise disk_trouble(path, error) from error
    except BaseException:
        remove(temporary)
        raise
    return (found.st_size, found.st_mtime_ns, found.st_ino), True


def temporary_name(path: str) -> str:
    """A name beside `path` that `sweep` knows for what it is."""
    folder, name = os.path.split(path)
    return f"{folder}/.{name}.{os.getpid()}.tmp"


def sweep(folder: str) -> None:
    """Take away what a run that was stopped left half written below a folder."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".") and name.endswith(".tmp"):
                remove(f"{place}/{name}")


def remove(path: str) -> None:
    """Take a file away, if it is there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def make_folder(path: str) -> None:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise disk_trouble(path, error) from error
