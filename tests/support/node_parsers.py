"""Feeds read back by parsers from npm that nobody here made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from tests.support.paths import TESTS

HERE: Final = TESTS / "clients" / "node"
NAMES: Final = ("feedsmith", "partytime", "rss-parser")


def require_node() -> None:
    """Skip on a user's machine, fail where everything must be there."""
    if not shutil.which("node") or not (HERE / "node_modules").is_dir():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("node or the parsers in tests/clients/node are missing")


def read_feed(name: str, feed: Path) -> dict[str, Any]:
    """What the parser called `name` makes of a feed file."""
    return _run("read_feed.mjs", name, feed)


def read_waveform(file: Path) -> dict[str, Any]:
    """What the BBC's own library makes of a waveform file, JSON or `.dat`."""
    return _run("read_waveform.mjs", file)


def _run(script: str, *arguments: str | Path) -> dict[str, Any]:
    require_node()
    done = subprocess.run(
        ["node", HERE / script, *arguments],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
