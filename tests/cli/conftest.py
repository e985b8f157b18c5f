from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from avsnitt.cli.main import run


class CommandResult(NamedTuple):
    code: int
    out: str
    err: str


Avsnitt = Callable[..., CommandResult]


@pytest.fixture
def avsnitt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Avsnitt:
    """Run a command in a folder: `avsnitt("build", at=folder)`."""

    def command(*arguments: str, at: Path = tmp_path) -> CommandResult:
        monkeypatch.chdir(at)
        capfd.readouterr()
        code = run(arguments)
        return CommandResult(code, *capfd.readouterr())

    return command
