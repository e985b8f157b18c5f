"""Tasks that do what real ones must not: die, hang, take all memory, or only take their time."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Literal

from avsnitt.problems.media_errors import AudioError
from avsnitt.work.task import ReportProgress, Task

How = Literal[
    *("write", "exit", "kill", "crash", "hang", "spin", "eat", "error", "disk", "full", "bug"),
    *("nothing", "print", "read", "stretch", "libraries"),
]


class Odd(Task, frozen=True, kw_only=True):
    """
    Takes `seconds` in ten steps, and then does as `how` says. `text` is what it writes, or what it
    reads. It notes each time that it is done in `diary`, where there is one.
    """

    name: str
    how: How = "write"
    seconds: float = 0.0
    ms: int = 1000
    text: str = "whole"
    diary: str = ""

    @property
    def key(self) -> str:
        return f"odd-{self.name}"

    @property
    def ending(self) -> str:
        return "txt"

    @property
    def cost_ms(self) -> int:
        return self.ms

    def work(self, target: Path, report: ReportProgress) -> None:
        if self.diary:
            with Path(self.diary).open("a", encoding="utf-8") as stream:
                stream.write(f"{self.name} {os.getpid()}\n")
        target.write_text("half", encoding="utf-8")
        for _ in range(10):
            time.sleep(self.seconds / 10)
            report(self.ms // 10)
        if self.how in _DEEDS:
            _DEEDS[self.how](self, target)
        else:
            target.write_text(self.text, encoding="utf-8")


def _kill(_task: Odd, _target: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crash(_task: Odd, _target: Path) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang(_task: Odd, _target: Path) -> None:
    time.sleep(3600)


def _spin(_task: Odd, _target: Path) -> None:
    while True:
        pass


def _eat(_task: Odd, _target: Path) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(50_000_000))


def _error(_task: Odd, _target: Path) -> None:
    raise AudioError("SOUND-001", reason="damaged")


def _disk(_task: Odd, _target: Path) -> None:
    Path("/nowhere/at/all").read_bytes()


def _full(_task: Odd, _target: Path) -> None:
    Path("/dev/full").write_text("x", encoding="utf-8")


def _bug(_task: Odd, _target: Path) -> None:
    raise KeyError("Å, a bug")


def _nothing(_task: Odd, target: Path) -> None:
    target.unlink()


def _print(_task: Odd, target: Path) -> None:
    os.write(1, b'{"kind":"bug"}\n' * 1000)
    os.write(2, b"noise\n")
    target.write_text("whole", encoding="utf-8")


def _read(task: Odd, target: Path) -> None:
    target.write_text("+".join(Path(path).read_text() for path in task.text.split("|")))


def _stretch(task: Odd, target: Path) -> None:
    """A second's worth of a processor, in many small steps of arithmetic."""
    total = 0
    for number in range(int(task.text)):
        total = (total * 31 + number) % 1_000_003
    target.write_text(str(total), encoding="utf-8")


def _libraries(_task: Odd, target: Path) -> None:
    import av
    import lameenc
    import numpy as np

    room = np.ones((2, 20_000_000), dtype=np.float32)  # as much as any work on sound may hold
    assert av and lameenc.Encoder()  # noqa: PT018
    assert os.environ["OMP_NUM_THREADS"] == "1"
    target.write_text(str(room.sum() + (room @ room.T).sum()))


_DEEDS = {
    "libraries": _libraries,
    "exit": lambda _task, _target: os._exit(7),
    "kill": _kill,
    "crash": _crash,
    "hang": _hang,
    "spin": _spin,
    "eat": _eat,
    "error": _error,
    "disk": _disk,
    "full": _full,
    "bug": _bug,
    "nothing": _nothing,
    "print": _print,
    "read": _read,
    "stretch": _stretch,
}
