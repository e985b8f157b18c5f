"""Read users' files without trusting them, and write files so that none is left half made."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import shutil
import stat
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from avsnitt.model.message import Message, message
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ExternalError, ProblemError
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.os_errors import describe_os_error

TEXT_LIMIT_BYTES: Final = 16 * 1024 * 1024
_BINARY: Final = getattr(os, "O_BINARY", 0)
"""Windows would otherwise change line ends to its own."""
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
"""Opening a named pipe would otherwise wait for a writer."""
_UNSEEN = ("~", ".swp", ".tmp", ".part", ".crdownload")

_REASONS: Final[tuple[tuple[type[OSError], Message], ...]] = (
    (PermissionError, message("reason.permission")),
    (IsADirectoryError, message("reason.folder")),
    (NotADirectoryError, message("reason.not-a-folder")),
)

Stat = tuple[int, int, int]
"""Size in bytes, modification time in ns, inode: a file with the same three is unchanged."""


class ListedFile(msgspec.Struct, frozen=True):
    """One file of the show. `path` is relative to the show's folder, with forward slashes."""

    path: str
    stat: Stat


def disk_error(path: str, error: OSError) -> ExternalError:
    """The error for a failed disk, with the words on what to do about it."""
    values = {"path": path, "why": describe_os_error(error)}
    raised = ExternalError(f"{path}: {error}", key="disk", values=values)
    raised.__cause__ = error
    return raised


def stat_of(path: str) -> Stat | None:
    """The Stat of a file, or None when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def list_folder(
    root: str, folder: str, complain: Callable[[Problem], None] | None = None
) -> tuple[list[ListedFile], list[str]]:
    """
    The files and the folders in one folder of the show, sorted, without hidden ones and
    editors' leftovers. A folder that is not there is empty.

    Raises ProblemError for a folder that cannot be read, and for a link out of the show; with
    `complain`, such a link's problem is given to it and the link is left out.
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
            files.append(ListedFile(path, (found.st_size, found.st_mtime_ns, found.st_ino)))
    files.sort(key=lambda found: found.path)
    folders.sort()
    return files, folders


def _is_inside(root: str, path: str, complain: Callable[[Problem], None] | None) -> bool:
    try:
        _stay_inside(root, path)
    except ProblemError as found:
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
        raise ProblemError(problem("FILE-006", Where(path), reason=_why(error))) from error


def read_text(root: str, path: str) -> str:
    """
    A text file of the show, as text with `\\n` ends and no byte order mark.

    Raises:
        ProblemError: it leaves the show, is not there, cannot be read, is empty, is larger
            than 16 MB, or is not UTF-8 (with the line of the first bad byte).
    """
    return decode_text(path, read_bytes(root, path, TEXT_LIMIT_BYTES))


def decode_text(path: str, data: bytes) -> str:
    """
    The text of a file, as `read_text` gives it. Raises ProblemError when it is empty or not
    UTF-8.
    """
    if not data.strip():
        raise ProblemError(problem("FILE-002", Where(path)))
    try:
        text = data.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = data.split(b"\n")[line - 1][:200].decode("latin-1").strip()
        where = Where(path, line, 0, shown)
        raise ProblemError(problem("FILE-001", where)) from None
    if "\0" in text:
        raise ProblemError(
            problem("FILE-001", Where(path, text.count("\n", 0, text.index("\0")) + 1))
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_bytes(root: str, path: str, limit_bytes: int) -> bytes:
    """A file of the show, at most `limit_bytes` of it. Raises ProblemError as `read_text`."""
    _stay_inside(root, path)
    return read_listed(root, path, limit_bytes)


def read_listed(root: str, path: str, limit_bytes: int) -> bytes:
    """
    As `read_bytes`, for a path that `list_folder` has given, which is known to stay in the
    show. Raises ProblemError when it is not there, cannot be read or is larger.
    """
    try:
        data = _read_some(f"{root}/{path}", limit_bytes + 1)
    except FileNotFoundError:
        raise ProblemError(problem("FILE-005", Where(path), name=path, near="")) from None
    except OSError as error:
        raise ProblemError(problem("FILE-006", Where(path), reason=_why(error))) from error
    if len(data) > limit_bytes:
        limit = f"{limit_bytes // (1024 * 1024)} MB"
        raise ProblemError(problem("FILE-003", Where(path), limit=limit))
    return data


def read_anywhere(path: str, most_bytes: int) -> bytes:
    """
    A file that the user has named, wherever it is, cut off after `most_bytes`.

    Raises ExternalError when it is not there or cannot be read.
    """
    try:
        return _read_some(path, most_bytes)
    except (OSError, ValueError) as error:
        # A name with a zero byte in it is a ValueError to Python.
        why = describe_os_error(error) if isinstance(error, OSError) else str(error)
        values = {"path": path, "why": why}
        raise ExternalError(f"{path}: {error}", key="reading", values=values) from error


def _why(error: OSError) -> Message:
    if error.errno == errno.EINVAL:
        return message("reason.not-a-file")
    return next(
        (words for kind, words in _REASONS if isinstance(error, kind)), message("reason.disk")
    )


def _read_some(path: str, most_bytes: int) -> bytes:
    handle = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = IsADirectoryError if stat.S_ISDIR(found.st_mode) else OSError
            raise kind(errno.EINVAL, "not an ordinary file")
        size = found.st_size
        data = os.read(handle, min(size + 1, most_bytes))
        while len(data) < min(size, most_bytes):
            more = os.read(handle, most_bytes - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(handle)


def is_inside(path: str) -> bool:
    """
    True when a relative path stays below the folder that it starts in. Links are not looked at.
    """
    parts = path.split("/")
    return not (path.startswith("/") or ".." in parts or "\\" in path or "\0" in path)


def _stay_inside(root: str, path: str) -> None:
    if not is_inside(path):
        raise ProblemError(problem("FILE-004", Where(path), name=path))
    if os.path.realpath(f"{root}/{path}") != f"{root}/{path}":
        inside = os.path.realpath(f"{root}/{path}").startswith(f"{root}{os.sep}")
        if not inside:
            raise ProblemError(problem("FILE-007", Where(path), name=path))


def write_bytes(path: str, data: bytes) -> tuple[Stat, bool]:
    """
    Make a file hold `data`: through a temporary name beside it, then a rename.

    A file that has these bytes is left alone, with its times. Returns its Stat, and True when
    it was written. Raises ExternalError when the disk fails.
    """
    try:
        stat = stat_of(path)
        if stat is not None and stat[0] == len(data) and _read_all(path) == data:
            return stat, False
        return _replace(path, data), True
    except OSError as error:
        raise disk_error(path, error) from error


def _read_all(path: str) -> bytes:
    with open(path, "rb", buffering=0) as stream:
        return stream.read()


def _replace(path: str, data: bytes) -> Stat:
    """Write by system calls alone: to open a file object costs as much as all of them."""
    temporary = temporary_name(path)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
            found = os.fstat(handle)
        finally:
            os.close(handle)
        os.replace(temporary, path)
    except BaseException:
        remove(temporary)
        raise
    return found.st_size, found.st_mtime_ns, found.st_ino


def copy_file(source: str, target: str) -> Stat:
    """
    Copy a file, whole or not at all, and return the copy's Stat; the folder of `target` must
    exist. Raises ExternalError when the disk fails.
    """
    temporary = temporary_name(target)
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    except OSError as error:
        remove(temporary)
        raise disk_error(target, error) from error
    return stat_of(target) or (0, 0, 0)


def integrity_of(path: str) -> str:
    """
    `sha384-...`: the digest of a file as Subresource Integrity writes it (W3C, section 3.1).
    Raises ExternalError when it cannot be read.
    """
    try:
        with open(path, "rb") as stream:
            found = hashlib.file_digest(stream, "sha384")
    except OSError as error:
        raise disk_error(path, error) from error
    return f"sha384-{base64.b64encode(found.digest()).decode()}"


def read_if_there(path: str) -> str | None:
    """
    The text of one of our own files, or None when there is none. Raises ExternalError when it
    cannot be read.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(path, error) from error


def append_text(path: str, text: str) -> None:
    """
    Add to one of our own files, which is made if need be. Raises ExternalError when the disk
    fails.
    """
    try:
        with open(path, "a", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(text)
    except OSError as error:
        raise disk_error(path, error) from error


def temporary_name(path: str) -> str:
    """A name beside `path` that `sweep` recognises."""
    folder, name = os.path.split(path)
    return f"{folder}/.{name}.{os.getpid()}.tmp"


def sweep(folder: str) -> None:
    """Delete the temporary files below a folder that a stopped run has left."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".") and name.endswith((".tmp", ".part")):
                remove(f"{place}/{name}")


def remove(path: str) -> None:
    """Delete a file, if it is there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def remove_if_empty(folder: str) -> bool:
    """Delete a folder when nothing is in it. Returns True when it was."""
    try:
        os.rmdir(folder)
    except OSError:
        return False
    return True


def rename_folder(path: str, new: str) -> None:
    """
    Rename a folder. Raises ExternalError when the disk fails, or when the new name is taken (a
    FileExistsError behind it): nothing is ever replaced.
    """
    try:
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
        os.rename(path, new)
    except OSError as error:
        raise disk_error(path, error) from error


def make_folder(path: str) -> None:
    """
    Make a folder, and those above it, if they are not there. Raises ExternalError when the disk
    fails.
    """
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise disk_error(path, error) from error
