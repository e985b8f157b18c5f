"""A feed's file is judged with what lies beside it, when anything does."""

from __future__ import annotations

import shutil
from pathlib import Path

from avsnitt.workflow.check.any_feed import check_target


def _codes(feed: Path) -> set[str]:
    return {found.code for found in check_target(str(feed)) if found.severity == "error"}


def test_a_feed_in_its_own_tree_misses_a_sound_that_is_gone(
    built_once: Path, tmp_path: Path
) -> None:
    tree = shutil.copytree(built_once / "public", tmp_path / "public")
    before = _codes(tree / "feed.xml")
    assert "MED-004" not in before
    (tree / "media/forsta.mp3").unlink()
    assert _codes(tree / "feed.xml") - before == {"MED-004"}


def test_a_feed_that_was_saved_alone_misses_nothing(built_once: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy(built_once / "public/feed.xml", tmp_path))
    assert "MED-004" not in _codes(alone)
