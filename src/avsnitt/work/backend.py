"""The backend of tasks: an executor of `concurrent.futures`, and how it is started and stopped."""

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
    `executor` is as `work.executor` lists them, `silence_limit_s` how long a task may be silent
    and `memory_bytes` how much it may ask for where that can be held (not on Windows).
    """

    executor: str = AUTO
    silence_limit_s: float = SILENCE_LIMIT_S
    memory_bytes: int = MEMORY_BYTES


class Backend(Struct, frozen=True, kw_only=True):
    """
    Some executor, how many jobs it does at a time, what it is asked to run, and how it is let go.
    `sender` is set where the work is done by programs that may differ from this one.
    """

    executor: Executor
    places: Callable[[], int]
    run: Run
    close: Callable[[], None]
    sender: Fingerprint | None = None
