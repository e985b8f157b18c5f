"""Two folders, byte for byte: an incremental build must leave what a fresh one would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SHOWN_BYTES = 40
SHOWN_DIFFERENCES = 20


def differences(left: Path, right: Path) -> Iterator[str]:
    """
    Each way in which the files below two folders differ, in the order of their paths.

    Names, kinds and bytes count; times and permissions do not. Empty folders count, since a
    fresh build would not have them. A link is compared by where it points and never followed.
    """
    ours, theirs = _entries(left), _entries(right)
    for name in sorted(ours | theirs):
        if name not in theirs:
            yield f"{name}: only in {left}"
        elif name not in ours:
            yield f"{name}: only in {right}"
        else:
            yield from _compare(name, left / name, right / name)


def assert_same_tree(left: Path, right: Path) -> None:
    """Fail with the differing paths, and where each first differs, unless the trees are equal."""
    found = list(differences(left, right))
    rest = len(found) - SHOWN_DIFFERENCES
    lines = found[:SHOWN_DIFFERENCES] + ([f"... and {rest} more"] if rest > 0 else [])
    assert not found, "the trees differ:\n" + "\n".join(lines)


def _entries(root: Path) -> set[str]:
    """Every file, link and folder below `root`; a missing root is a mistake, not an empty tree."""
    if not root.is_dir():
        raise NotADirectoryError(root)
    return {
        (Path(folder) / name).relative_to(root).as_posix()
        for folder, folders, files in os.walk(root)
        for name in (*folders, *files)
    }


def _compare(name: str, left: Path, right: Path) -> Iterator[str]:
    kinds = _kind(left), _kind(right)
    if kinds[0] != kinds[1]:
        yield f"{name}: {kinds[0]} and {kinds[1]}"
    elif kinds[0] == "link" and left.readlink() != right.readlink():
        yield f"{name}: points to {left.readlink()} and {right.readlink()}"
    elif kinds[0] == "file" and (ours := left.read_bytes()) != (theirs := right.read_bytes()):
        yield f"{name}: {_first_difference(ours, theirs)}"


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "link"
    return "folder" if path.is_dir() else "file"


def _first_difference(left: bytes, right: bytes) -> str:
    pairs = enumerate(zip(left, right, strict=False))
    at = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(left), len(right)))
    shown = slice(at, at + SHOWN_BYTES)
    return f"{len(left)} and {len(right)} bytes, from byte {at}: {left[shown]!r}, {right[shown]!r}"
