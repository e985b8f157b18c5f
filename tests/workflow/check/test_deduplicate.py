"""What two checks know is told by one of them."""

from __future__ import annotations

import pytest

from avsnitt.problems.codes import problem
from avsnitt.problems.feed_rules import FEED_RULES_REPORTED_BY, FILE_RULES_REPORTED_BY
from avsnitt.problems.problem import Where
from avsnitt.workflow.check.deduplicate import not_yet_reported

TABLES = {**FEED_RULES_REPORTED_BY, **FILE_RULES_REPORTED_BY}
FIRST, SECOND = "episodes/001-a", "episodes/002-b"


@pytest.mark.parametrize(
    ("code", "path", "by", "place", "silent"),
    [
        ("IT-026", f"{FIRST}/episode.md", "EPISODE-004", f"{FIRST}/episode.md", True),
        ("IT-026", f"{FIRST}/episode.md", "EPISODE-004", f"{SECOND}/episode.md", False),
        ("IT-026", f"{FIRST}/episode.md", "EPISODE-006", f"{FIRST}/episode.md", False),
        ("CHP-003", f"{FIRST}/chapters.json", "CHAPTER-006", f"{FIRST}/episode.md", True),
        ("CHP-003", f"{FIRST}/chapters.json", "CHAPTER-006", f"{SECOND}/episode.md", False),
        ("IMG-001", f"{FIRST}/cover.png", "PICTURE-003", f"{FIRST}/cover.png", True),
        ("IMG-001", "site/cover.png", "PICTURE-003", f"{FIRST}/cover.png", False),
        ("P20-006", "site/show.toml", "EPISODE-011", f"{FIRST}/episode.md", True),
        ("P20-020", f"{FIRST}/episode.md", "P20-020", f"{FIRST}/episode.md", False),
    ],
)
def test_what_has_been_reported_for_a_file_or_its_episode_is_not_reported_again(
    code: str, path: str, by: str, place: str, silent: bool
) -> None:
    found = problem(code, Where(path))
    left = list(not_yet_reported([found], [problem(by, Where(place))], TABLES))
    assert left == ([] if silent else [found])
