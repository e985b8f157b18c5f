"""Plain reads, writes and questions for files that the program made itself or was pointed at.

What an author wrote is read through `files.py`, which keeps to the show and limits sizes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def exists(path: str | Path) -> bool:
    """True when something is at a path, links followed."""
    return os.path.exists(path)


def is_folder(path: str | Path) -> bool:
    """True when a folder is at a path, links followed."""
    return os.path.isdir(path)


def read_file(path: str | Path) -> bytes:
    """The bytes of a file. Raises OSError when it cannot be read."""
    with open(path, "rb") as stream:
        return stream.read()


def write_file(path: str | Path, data: bytes) -> None:
    """Write a file in place. Raises OSError when the disk refuses."""
    with open(path, "wb") as stream:
        stream.write(data)


def read_head(path: str, most_bytes: int) -> str:
    """The beginning of a text; empty when the file cannot be read."""
    try:
        with open(path, "rb") as stream:
            return stream.read(most_bytes).decode(errors="replace")
    except OSError:
        return ""


def visible_names(folder: str | Path) -> list[str]:
    """The names in a folder that do not begin with a dot, sorted."""
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def files_below(folder: Path) -> list[Path]:
    """All files in a folder and those below it, sorted by path."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def copy_bytes(source: str, target: str) -> None:
    """Copy the bytes of a file. Raises OSError when the disk refuses."""
    import shutil

    shutil.copyfile(source, target)


def write_log(text: str) -> str:
    """Write a log to a new file among the system's temporary files, and return its path."""
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", prefix="avsnitt-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(text)
    return log.name
