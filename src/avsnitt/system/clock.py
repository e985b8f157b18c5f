"""The clock: the only module that reads the time."""

from __future__ import annotations

import datetime as dt
import time


def now() -> dt.datetime:
    """The time now, in UTC."""
    return dt.datetime.now(dt.UTC)


def now_ns() -> int:
    """The time in the unit of file times."""
    return time.time_ns()


def monotonic_s() -> float:
    """Seconds from some moment, never going back."""
    return time.monotonic()


def local_time() -> str:
    """The time of day here, like `14:05:09`."""
    return time.strftime("%H:%M:%S")
