"""Where the project's own folders are, for tests that read them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
TESTS: Final = PROJECT / "tests"
GOLDEN: Final = TESTS / "golden"
DOCS: Final = PROJECT / "docs"
PACKAGE: Final = PROJECT / "src" / "avsnitt"
