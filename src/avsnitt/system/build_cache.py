"""The build's memory: `.avsnitt/store.sqlite`, safe to delete at any time.

Three tables, and the name of the program that filled them. `seen` has the digest of a file by its
size, time and inode, and saves reading it again; it is never part of a key. `kept` has the results
of steps, by step and key. `made` has the parts that each published file was made from, so that the
reason for making it again can be shown. All writes of a run are one transaction: after a crash the
cache has less than it could have, and never anything wrong.

A key names everything that its value depends on: the texts, the names beside them, the settings,
the words and the templates. So nothing is ever invalidated: what has changed has another key. A
file younger than `load/show.py` trusts is not in `seen`, since it may change again with the same
time. All of it belongs to one version of the program; another one forgets what was read and kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from avsnitt.problems.errors import ContentError, ExternalError, UsageError
from avsnitt.show_files import CACHE_FOLDER
from avsnitt.system.files import Stat, make_folder, remove
from avsnitt.system.snapshot import program_name

VERSION = 2

_TABLES = """
CREATE TABLE program (name TEXT);
CREATE TABLE seen (path TEXT PRIMARY KEY, size INT, mtime INT, inode INT, digest TEXT)
    WITHOUT ROWID;
CREATE TABLE kept (step TEXT, key TEXT, value BLOB, PRIMARY KEY (step, key));
CREATE TABLE made (path TEXT PRIMARY KEY, size INT, mtime INT, inode INT, owner TEXT, parts BLOB)
    WITHOUT ROWID;
"""


class OutputRecord(msgspec.Struct, frozen=True):
    """
    One published file: its Stat when it was written, what it belongs to (an episode's slug, or
    empty), and the digest of each named part that it was made from.
    """

    path: str
    stat: Stat
    owner: str
    parts: Mapping[str, str]


class PackedOutputRecord(NamedTuple):
    """
    An OutputRecord with its parts still packed: most files have not changed, and their parts
    are never read.
    """

    path: str
    stat: Stat
    owner: str
    packed: bytes

    @property
    def parts(self) -> dict[str, str]:
        """The digest of each named part, unpacked."""
        return msgspec.msgpack.decode(self.packed, type=dict[str, str])


class BuildCache:
    """Opened once a run; `close(commit=True)` makes the run's writes last."""

    def __init__(self, folder: str, program: str) -> None:
        make_folder(folder)
        self._program = program
        self._path = f"{folder}/store.sqlite"
        self._database = self._open_intact()
        self._forget_another_program()

    def _open_intact(self) -> sqlite3.Connection:
        """The database in a transaction; one that is damaged is deleted and made anew."""
        database = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        try:
            _begin(database)
        except sqlite3.DatabaseError as error:
            database.close()
            self._delete(error)
            database = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            _begin(database)
        return database

    def _forget_another_program(self) -> None:
        """
        Delete what another version of the program read and made; only the paths of outputs
        are kept.
        """
        row = self._database.execute("SELECT name FROM program").fetchone()
        if row is not None and row[0] == self._program:
            return
        for statement in ("DELETE FROM seen", "DELETE FROM kept", "DELETE FROM program"):
            self._database.execute(statement)
        self._database.execute("UPDATE made SET parts = ?", (msgspec.msgpack.encode({}),))
        self._database.execute("INSERT INTO program VALUES (?)", (self._program,))

    def _delete(self, error: sqlite3.DatabaseError) -> None:
        if isinstance(error, sqlite3.OperationalError):
            raise ExternalError(
                f"{self._path}: {error}", key="store-busy", values={"folder": self._path}
            ) from error
        for ending in ("", "-journal", "-wal", "-shm"):
            remove(self._path + ending)

    def read_seen(self) -> dict[str, tuple[Stat, str]]:
        """The Stat and the digest of each file that was read, by path."""
        rows = self._database.execute("SELECT path, size, mtime, inode, digest FROM seen")
        return {path: ((size, mtime, inode), name) for path, size, mtime, inode, name in rows}

    def write_seen(self, seen: Iterable[tuple[str, Stat, str]]) -> None:
        """Record the Stat and the digest of files that were read."""
        rows = ((path, *stat, name) for path, stat, name in seen)
        self._database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", rows)

    def read_kept(self, step: str) -> dict[str, bytes]:
        """All values of one step, by key."""
        rows = self._database.execute("SELECT key, value FROM kept WHERE step = ?", (step,))
        return dict(rows.fetchall())

    def keep(self, step: str, values: Iterable[tuple[str, bytes]]) -> None:
        """Record values of one step under their keys."""
        rows = ((step, key, value) for key, value in values)
        self._database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def forget(self, step: str, keys: Iterable[str]) -> None:
        """Delete the values of these keys of one step."""
        rows = ((step, key) for key in keys)
        self._database.executemany("DELETE FROM kept WHERE step = ? AND key = ?", rows)

    def read_made(self) -> dict[str, PackedOutputRecord]:
        """The records of all published files, by path."""
        rows = self._database.execute("SELECT path, size, mtime, inode, owner, parts FROM made")
        return {
            path: PackedOutputRecord(path, (size, mtime, inode), owner, parts)
            for path, size, mtime, inode, owner, parts in rows
        }

    def write_made(self, made: Iterable[OutputRecord]) -> None:
        """Record published files, instead of what was recorded of the same paths."""
        encode = msgspec.msgpack.Encoder(order="deterministic").encode
        rows = ((one.path, *one.stat, one.owner, encode(one.parts)) for one in made)
        self._database.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forget_made(self, paths: Iterable[str]) -> None:
        """Delete the records of these published files, not the files."""
        self._database.executemany("DELETE FROM made WHERE path = ?", ((path,) for path in paths))

    def close(self, *, commit: bool) -> None:
        """End the transaction, so that its writes last or are taken back, and close the file."""
        if self._database.in_transaction:
            self._database.execute("COMMIT" if commit else "ROLLBACK")
        self._database.close()


def _begin(database: sqlite3.Connection) -> None:
    """Begin the run's transaction, in which tables of another version are made anew."""
    database.execute("PRAGMA synchronous=OFF")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.execute("BEGIN IMMEDIATE")
    if version != VERSION:
        for name in ("seen", "kept", "made", "program"):
            database.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in _TABLES.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version={VERSION}")


@contextmanager
def open_build_cache(root: str) -> Iterator[BuildCache]:
    """
    The build cache of the show at `root` (an absolute path), as one transaction.

    What was kept lasts when the block ends, also with problems in the show or its use: what has
    been read is true all the same. After any other exception nothing has been kept.

    Raises:
        ExternalError: another run has the cache, or the disk fails it.
    """
    cache = BuildCache(f"{root}/{CACHE_FOLDER}", program_name())
    commit = False
    try:
        yield cache
        commit = True
    except (ContentError, UsageError):
        commit = True
        raise
    finally:
        cache.close(commit=commit)
