"""Feeds read back by parsers from npm that nobody here made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = Path(__file__).parent / "node"
NAMES: Final = ("feedsmith", "partytime", "rss-parser")


def read_feed(name: str, feed: Path) -> dict[str, Any]:
    """What the parser called `name` makes of a feed file."""
    node = shutil.which("node")
    if not node or not (HERE / "node_modules").is_dir():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("node or the parsers in tests/clients/node are missing")
    done = subprocess.run(
        [node or "", HERE / "read_feed.mjs", name, feed],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
