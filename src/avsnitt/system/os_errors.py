"""The errors of the disk, as distinct from our own bugs."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

from avsnitt.model.message import MessageValue, message

FAULTS: Final = {
    errno.ENOSPC: "reason.full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "reason.full",
    errno.EFBIG: "reason.large",
    errno.EACCES: "reason.no-right",
    errno.EPERM: "reason.no-right",
    errno.EROFS: "reason.read-only",
    errno.EIO: "reason.disk",
    errno.EMFILE: "reason.many-open",
    errno.ENFILE: "reason.many-open",
}
"""By errno, the words in `locale/<language>/problems.json`."""

# SQLite's result codes (sqlite.org/rescode.html): PERM, READONLY, IOERR, FULL, CANTOPEN.
_OF_SQLITE: Final = {
    3: errno.EACCES,
    8: errno.EROFS,
    10: errno.EIO,
    13: errno.ENOSPC,
    14: errno.EACCES,
}


def find_os_error(error: BaseException | None) -> OSError | None:
    """The disk's error behind an exception, or None when the disk is not the cause."""
    if isinstance(error, OSError):
        return error if error.errno in FAULTS else None
    if "sqlite3" in sys.modules:
        import sqlite3

        if isinstance(error, sqlite3.Error):
            number = _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
            return OSError(number, os.strerror(number)) if number else None
    return find_os_error(error.__cause__) if error is not None else None


def describe_os_error(error: OSError) -> MessageValue:
    """The reason, as a message where there is one, otherwise in the words of the system."""
    reason = FAULTS.get(error.errno or 0)
    return message(reason) if reason else error.strerror or str(error)
