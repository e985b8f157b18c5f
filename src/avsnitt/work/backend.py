"""
A backend: an executor of `concurrent.futures`, the function that it runs, and how to close it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from msgspec import Struct

from avsnitt.work.call import SILENCE_LIMIT_S, TaskCall
from avsnitt.work.fingerprint import Fingerprint
from avsnitt.work.worker_pool import MEMORY_BYTES
from avsnitt.work.worker_process import WorkerReply

AUTO: Final = "auto"

Run = Callable[[TaskCall, bytes], WorkerReply]


class ExecutorOptions(Struct, frozen=True, kw_only=True):
    """
    `executor` is a name as `work.executor` lists them, `silence_limit_s` the time that a task
    may go without reporting progress, and `memory_bytes` the memory of one worker process where
    it can be limited (not on Windows).
    """

    executor: str = AUTO
    silence_limit_s: float = SILENCE_LIMIT_S
    memory_bytes: int = MEMORY_BYTES


class Backend(Struct, frozen=True, kw_only=True):
    """
    An executor, the number of tasks that it runs at a time, the function that it runs for each,
    and the function that closes it. `sender` is set where the work is done by programs that may
    differ from this one.
    """

    executor: Executor
    places: Callable[[], int]
    run: Run
    close: Callable[[], None]
    sender: Fingerprint | None = None
