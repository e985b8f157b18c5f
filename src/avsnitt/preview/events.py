"""The messages of the preview to the open pages: server-sent events, in one queue for each page."""

from __future__ import annotations

import json
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PAGES_MAX: Final = 100
WAITING_MAX: Final = 64
REMEMBERED: Final = 200

Messages = Callable[[float], Iterator[bytes]]


class ReloadEvents:
    """
    The queues of all open pages. Safe from any thread. `generation` names the newest build and
    differs between runs, so that a page left open overnight learns that it is old.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._count = 0
        self._lock = threading.Lock()
        self._pages: set[queue.Queue[bytes | None]] = set()
        self._history: deque[tuple[str, tuple[str, ...]]] = deque(maxlen=REMEMBERED)
        self._problems = ""
        self._closed = False

    @property
    def generation(self) -> str:
        """The name of the newest build: the run, and the number of builds in it."""
        return f"{self._run}-{self._count}"

    def reload(self, paths: tuple[str, ...]) -> None:
        """Send that a build has changed the files at `paths`; problems shown before are over."""
        with self._lock:
            self._history.append((self.generation, paths))
            self._count += 1
            self._problems = ""
            self._send(_event("reload", generation=self.generation, paths=paths))

    def problems(self, text: str) -> None:
        """Send plain text to show over every page; empty removes it."""
        with self._lock:
            self._problems = text
            self._send(_event("problems", text=text))

    def close(self) -> None:
        """End every page's messages, and accept no more pages."""
        with self._lock:
            self._closed = True
            self._send(None)

    @contextmanager
    def subscribe(self, since: str) -> Iterator[Messages | None]:
        """
        The messages from now on, after a first one with the present state; None when there
        are too many open pages. `since` is the generation that the page shows.
        """
        waiting: queue.Queue[bytes | None] = queue.Queue(WAITING_MAX)
        with self._lock:
            full = self._closed or len(self._pages) >= PAGES_MAX
            if not full:
                self._pages.add(waiting)
                waiting.put(self._state(since))
        try:
            yield None if full else lambda heartbeat_s: _drain(waiting, heartbeat_s)
        finally:
            with self._lock:
                self._pages.discard(waiting)

    def _state(self, since: str) -> bytes:
        return _event(
            "state",
            generation=self.generation,
            paths=self._changed_since(since),
            problems=self._problems,
        )

    def _changed_since(self, since: str) -> list[str] | None:
        """Every path changed after a generation; None when that one is not remembered."""
        generations = [generation for generation, _ in self._history]
        if since == self.generation:
            return []
        if since not in generations:
            return None
        missed = list(self._history)[generations.index(since) :]
        return sorted({path for _, paths in missed for path in paths})

    def _send(self, message: bytes | None) -> None:
        for waiting in tuple(self._pages):
            try:
                waiting.put_nowait(message)
            except queue.Full:
                # The page does not read: end its messages. It reconnects with its generation.
                self._pages.discard(waiting)
                _end(waiting)


def _end(waiting: queue.Queue[bytes | None]) -> None:
    waiting.get_nowait()
    waiting.put_nowait(None)


def _drain(waiting: queue.Queue[bytes | None], heartbeat_s: float) -> Iterator[bytes]:
    while True:
        try:
            message = waiting.get(timeout=heartbeat_s)
        except queue.Empty:
            # A comment: writing it fails when the page has been closed.
            message = b":\n\n"
        if message is None:
            return
        yield message


def _event(name: str, **data: object) -> bytes:
    """One event; JSON keeps its data on one line whatever it holds."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
