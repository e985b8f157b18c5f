"""
Notice changes of the show's files, by looking at them again and again.

Looking works everywhere: on a network disk, in a container and in a synchronised folder, where the
system's own notices do not arrive, and with nothing to install. Files that changed lately are
looked at often, the rest as often as a tenth of one processor's time allows.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from avsnitt.show_files import OUTPUT_FOLDER

INTERVAL_S: Final = 0.3
SETTLE_S: Final = 0.05
SETTLE_ROUNDS: Final = 40
SHARE_OF_TIME: Final = 0.1
HOT_MAX: Final = 64

OUTPUTS: Final = frozenset({OUTPUT_FOLDER})
"""Folders that a build writes; skipped only directly under a watched folder."""

# Hidden files, and what editors, offices and browsers keep beside a file while it is written. Vim
# tests with a file named 4913 if it may write to a folder.
_PASSING_STARTS: Final = (".", "~$", "#")
_PASSING_ENDS: Final = ("~", ".tmp", ".temp", ".swp", ".swx", ".part", ".crdownload", ".download")
_PASSING_NAMES: Final = frozenset({"4913", "__pycache__", "node_modules"})

State = tuple[int, int, int]
Snapshot = dict[str, State]


def watch(
    paths: Iterable[Path],
    *,
    interval: float = INTERVAL_S,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[frozenset[Path]]:
    """
    The files that were added, changed or removed, each time some were; never ends.

    `paths` are folders or files, there or not yet; links to folders are not followed. `interval`
    is in seconds, and a large show is looked through more seldom than that. Looking begins when
    `watch` is called, not when the first change is asked for, so nothing in between is missed.
    """
    roots = tuple(os.fspath(path) for path in paths)
    return _changes(roots, scan(roots), interval, sleep)


def _changes(
    roots: tuple[str, ...], known: Snapshot, interval: float, sleep: Callable[[float], None]
) -> Iterator[frozenset[Path]]:
    hot: dict[str, None] = {}
    cost_s = 0.0
    while True:
        _wait_for_a_sign(known, hot, max(interval, cost_s / SHARE_OF_TIME), interval, sleep)
        started = time.thread_time()
        seen = scan(roots)
        cost_s = time.thread_time() - started
        if seen == known:
            continue
        seen = _settle(roots, seen, sleep)
        changed = _differences(known, seen)
        known = seen
        hot = _hottest((*sorted(changed), *hot))
        if changed:
            yield frozenset(Path(path) for path in changed)


def _wait_for_a_sign(
    known: Snapshot,
    hot: Iterable[str],
    until_s: float,
    interval: float,
    sleep: Callable[[float], None],
) -> None:
    """
    Wait until a file that changed lately has changed again, or until it is time to look at all.
    """
    waited = 0.0
    while waited < until_s:
        sleep(interval)
        waited += interval
        if any(_state(path) != known.get(path) for path in hot):
            return


def _hottest(paths: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(list(dict.fromkeys(paths))[:HOT_MAX])


def _settle(roots: tuple[str, ...], seen: Snapshot, sleep: Callable[[float], None]) -> Snapshot:
    """
    Wait until nothing changes any more: many files saved at once are one change, and a file
    half written is not ready.
    """
    for _ in range(SETTLE_ROUNDS):
        sleep(SETTLE_S)
        again = scan(roots)
        if again == seen:
            break
        seen = again
    return seen


def _differences(before: Snapshot, after: Snapshot) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def scan(roots: Iterable[str]) -> Snapshot:
    """Every watched file and its state."""
    found: Snapshot = {}
    for root in roots:
        state = _state(root)
        if state is not None and not os.path.isdir(root):  # noqa: PTH112 - one call, no object
            found[root] = state
        else:
            _scan(root, OUTPUTS, found)
    return found


def _scan(folder: str, skipped: frozenset[str], found: Snapshot) -> None:
    """Add the files of a folder. A folder that disappears while it is read counts as empty."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name in skipped or _is_passing(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                _scan(entry.path, frozenset(), found)
            elif entry.is_file():
                found[entry.path] = _facts(entry.stat())
        except OSError:
            continue


def _is_passing(name: str) -> bool:
    return (
        name.startswith(_PASSING_STARTS) or name.endswith(_PASSING_ENDS) or name in _PASSING_NAMES
    )


def _state(path: str) -> State | None:
    try:
        return _facts(os.stat(path))  # noqa: PTH116 - called for many files
    except OSError:
        return None


def _facts(facts: os.stat_result) -> State:
    """
    The state, with the inode: some editors put another file in place and keep the old one's
    time.
    """
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
