"""Errors of the disk are distinguished from our own bugs."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from avsnitt.model.message import Message
from avsnitt.system.files import disk_error
from avsnitt.system.locales import read_strings
from avsnitt.system.os_errors import FAULTS, describe_os_error, find_os_error


@pytest.mark.parametrize("number", FAULTS)
def test_every_error_of_the_disk_has_words_in_every_language(number: int) -> None:
    error = find_os_error(OSError(number, "?"))
    assert error
    why = describe_os_error(error)
    assert isinstance(why, Message)
    for language in ("sv", "en"):
        assert all(key in read_strings(language, "problems") for key in why.keys)


def test_a_file_that_we_should_have_made_is_our_bug() -> None:
    assert find_os_error(FileNotFoundError(errno.ENOENT, "?")) is None
    assert find_os_error(RuntimeError()) is None


def test_an_error_of_the_disk_is_found_behind_the_error_that_it_caused() -> None:
    error = PermissionError(errno.EACCES, "?")
    assert find_os_error(disk_error("a", error)) is error


def test_a_database_on_a_full_disk_is_an_error_of_the_disk(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    database.execute("CREATE TABLE some (thing)")
    database.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("INSERT INTO some VALUES (zeroblob(100000))")
    database.close()
    error = find_os_error(caught.value)
    assert error
    assert error.errno == errno.ENOSPC


def test_a_query_that_is_wrong_is_our_bug() -> None:
    database = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as caught:
        database.execute("SELECT")
    database.close()
    assert find_os_error(caught.value) is None
