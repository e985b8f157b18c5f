"""The only place that knows what time it is."""

from __future__ import annotations

import datetime as dt
import time


def now() -> dt.datetime:
    """The present time, in UTC."""
    return dt.datetime.now(dt.UTC)


def now_ns() -> int:
    """The time in the unit of file times."""
    return time.time_ns()
