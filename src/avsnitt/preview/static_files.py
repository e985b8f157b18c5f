"""
Open the files that the preview serves: regular files that truly lie under the root, and no other.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final

import msgspec

from avsnitt.preview import http_ranges
from avsnitt.routes import HOME, mime_type

_UNKNOWN_TYPE: Final = "application/octet-stream"


class OpenFile(msgspec.Struct, frozen=True):
    """An open file to send, its type, its size, and the validators of its state."""

    file: BinaryIO
    mime: str
    size_bytes: int
    state: http_ranges.Validators


def open_file(root: Path, target: str) -> OpenFile | None:
    """The regular file a parsed target names, if it truly lies under the (real) root."""
    inside = f"{target}{HOME}" if target == "" or target.endswith("/") else target
    try:
        path = Path(os.path.realpath(root / inside))
        # Checked before it is opened: opening a named pipe would wait for a writer.
        if not path.is_relative_to(root) or not S_ISREG(path.stat().st_mode):
            return None
        file = path.open("rb")
    except (OSError, ValueError):
        return None
    return _describe(file, path.relative_to(root).as_posix())


def _describe(file: BinaryIO, path: str) -> OpenFile:
    """
    The facts on the open file itself, since a build may put another in its place at any moment.
    """
    facts = os.fstat(file.fileno())
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}-{facts.st_ino:x}"'
    mime = mime_type(path) or _UNKNOWN_TYPE
    return OpenFile(file, mime, facts.st_size, http_ranges.Validators(etag, int(facts.st_mtime)))
