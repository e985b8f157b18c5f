"""Whether anything at all has changed since the last build: a walk of `stat` and nothing more.

This is read before the command line is even parsed, so it imports only what Python has loaded
already. What it finds unchanged is answered in a tenth of the time that importing the rest
would take; anything else, a damaged file included, means a real build.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from avsnitt.adapters.files import Stat

FILE = ".avsnitt/unchanged"
_MAGIC = "avsnitt unchanged 1"
_ENVIRONMENT = ("AVSNITT_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")
_PROGRAM_ENDINGS = (".py", ".html", ".css", ".js", ".json", ".svg")


def read_unchanged(root: str) -> str | None:
    """What the last build said of an unchanged show, when it is unchanged; else None."""
    try:
        with open(f"{root}/{FILE}", encoding="utf-8", errors="surrogateescape") as stream:
            text = stream.read()
        head, _, body = text.partition("\n\n")
        magic, reader, said = head.split("\n", 2)
        if (magic, reader) != (_MAGIC, _reader()):
            return None
        stat = os.stat
        for line in body.splitlines():
            size, mtime, inode, path = line.split(" ", 3)
            found = stat(path)
            if found.st_mtime_ns != int(mtime) or found.st_ino != int(inode):
                return None
            if size != "-" and found.st_size != int(size):
                return None
    except (OSError, ValueError):
        return None
    return said


def write_unchanged(
    root: str,
    files: Iterable[tuple[str, Stat]],
    folders: Iterable[tuple[str, Stat]],
    said: str,
) -> None:
    """
    Remember how everything stands, and what to say when it still does.

    Paths are absolute. Of a folder only the names in it matter, not its size. Where a path has
    a line break nothing is remembered.
    """
    from avsnitt.adapters.files import remove, write_bytes

    rows = [f"{size} {mtime} {inode} {path}" for path, (size, mtime, inode) in files]
    rows += [f"- {mtime} {inode} {path}" for path, (_, mtime, inode) in folders]
    rows += [f"{size} {mtime} {inode} {path}" for path, (size, mtime, inode) in program_files()]
    if any("\n" in row or "\r" in row for row in rows):
        remove(f"{root}/{FILE}")
        return
    head = "\n".join((_MAGIC, _reader(), said.strip().replace("\n\n", "\n")))
    text = head + "\n\n" + "\n".join(rows) + "\n"
    write_bytes(f"{root}/{FILE}", text.encode(errors="surrogateescape"))


def forget_unchanged(root: str) -> None:
    from avsnitt.adapters.files import remove

    remove(f"{root}/{FILE}")


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
    """Names this very program: what another has made is made again."""
    from avsnitt.keys import digest

    rows = [f"{path}\0{size}\0{mtime}" for path, (size, mtime, _) in program_files()]
    return digest("\n".join((sys.version, *rows)).encode(errors="surrogateescape"))


def _reader() -> str:
    """What the words depend on besides the show: who reads, and in which language."""
    spoken = "|".join(os.environ.get(name, "") for name in _ENVIRONMENT)
    return f"{sys.version_info[:3]} {spoken}".replace("\n", " ")
