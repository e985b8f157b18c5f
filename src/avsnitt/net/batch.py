"""Ask many servers at once, and each of them for little at a time."""

from __future__ import annotations

import queue
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Final

from avsnitt.net.client import ask
from avsnitt.net.messages import Answer, Request, origin_of

AT_ONCE: Final = 8
AT_ONCE_FROM_ONE: Final = 2

Advance = Callable[[int, int], None]


def ask_all(
    asks: Iterable[Request],
    *,
    trusted: frozenset[str] = frozenset(),
    advance: Advance | None = None,
) -> dict[Request, Answer]:
    """
    Every answer by its request; equal requests are sent once.

    `advance` is called with how many are answered and how many there are. The threads are
    daemons so that Ctrl-C ends the program at once, and not when the slowest server has
    answered. Raises any error in a thread other than a missing answer, which is a `Silence`.
    """
    wanted = tuple(dict.fromkeys(asks))
    line = _Line(wanted)
    done: queue.SimpleQueue[tuple[Request, Answer | BaseException]] = queue.SimpleQueue()
    for number in range(min(AT_ONCE, len(wanted))):
        arguments = (line, done, trusted)
        threading.Thread(target=_work, args=arguments, daemon=True, name=f"ask-{number}").start()
    answers: dict[Request, Answer] = {}
    try:
        while len(answers) < len(wanted):
            asked, answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            answers[asked] = answer
            if advance:
                advance(len(answers), len(wanted))
    finally:
        line.close()
    return {asked: answers[asked] for asked in wanted}


def _work(
    line: _Line,
    done: queue.SimpleQueue[tuple[Request, Answer | BaseException]],
    trusted: frozenset[str],
) -> None:
    while (asked := line.take()) is not None:
        try:
            done.put((asked, ask(asked, trusted=trusted)))
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            done.put((asked, error))
        finally:
            line.give_back(asked)


class _Line:
    """
    The requests that are left, in a queue for each server, so that a slow server delays no
    other.
    """

    def __init__(self, asks: Iterable[Request]) -> None:
        self._queues: dict[str, deque[Request]] = {}
        self._busy = Counter[str]()
        self._changed = threading.Condition()
        for one in asks:
            self._queues.setdefault(origin_of(one.url), deque()).append(one)

    def take(self) -> Request | None:
        """
        The next request that its server has room for; waits for one, and is None when none
        is left.
        """
        with self._changed:
            while self._queues:
                for origin, waiting in self._queues.items():
                    if self._busy[origin] < AT_ONCE_FROM_ONE:
                        self._busy[origin] += 1
                        return self._next(origin, waiting)
                self._changed.wait()
            return None

    def _next(self, origin: str, waiting: deque[Request]) -> Request:
        """The first request of a server, whose queue then moves behind the others."""
        asked = waiting.popleft()
        del self._queues[origin]
        if waiting:
            self._queues[origin] = waiting
        return asked

    def give_back(self, asked: Request) -> None:
        with self._changed:
            self._busy[origin_of(asked.url)] -= 1
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._queues.clear()
            self._changed.notify_all()
