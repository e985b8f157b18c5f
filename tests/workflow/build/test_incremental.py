"""After any change, what an incremental build leaves is what a fresh build would make."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bench.same_tree import assert_same_tree
from tests.support import shows
from tests.support.show_edits import CHANGES, OWN_PAGE

from avsnitt.problems.errors import ContentError
from avsnitt.workflow.build.build import build_show


def build_fresh(root: Path, workplace: Path) -> Path:
    """What the same files become when nothing has been built before. Returns the tree."""
    clone = shows.copy_inputs(root, workplace)
    build_show(str(clone))
    return clone / "public"


@pytest.mark.parametrize("name", CHANGES)
def test_an_incremental_build_equals_a_fresh_one_after(
    name: str, built: Path, tmp_path: Path
) -> None:
    CHANGES[name](built)
    build_show(str(built))
    assert_same_tree(built / "public", build_fresh(built, tmp_path / "fresh"))


def test_a_template_changed_or_taken_away_is_seen(show: Path, tmp_path: Path) -> None:
    template = shows.write(show, "site/templates/page.html", OWN_PAGE)
    build_show(str(show))
    assert b"egen" in (show / "public/about.html").read_bytes()
    shows.edit(show, "site/templates/page.html", "egen", "annan")
    build_show(str(show))
    assert b"annan" in (show / "public/about.html").read_bytes()
    template.unlink()
    build_show(str(show))
    assert_same_tree(show / "public", build_fresh(show, tmp_path / "fresh"))


def test_a_template_that_another_includes_is_seen(show: Path, tmp_path: Path) -> None:
    shows.write(show, "site/templates/page.html", "{% include 'inner.html' %}")
    shows.write(show, "site/templates/inner.html", "ett")
    build_show(str(show))
    shows.write(show, "site/templates/inner.html", "två")
    build_show(str(show))
    assert (show / "public/about.html").read_text(encoding="utf-8") == "två"
    assert_same_tree(show / "public", build_fresh(show, tmp_path / "fresh"))


def test_a_static_file_taken_away_leaves_the_site_too(show: Path, tmp_path: Path) -> None:
    shows.write(show, "site/static/fonts/own.woff2", b"wOF2")
    build_show(str(show))
    assert (show / "public/static/fonts/own.woff2").exists()
    shutil.rmtree(show / "site/static")
    build_show(str(show))
    assert_same_tree(show / "public", build_fresh(show, tmp_path / "fresh"))


def test_a_change_taken_back_takes_everything_back(show: Path, tmp_path: Path) -> None:
    build_show(str(show))
    shutil.copytree(show / "public", tmp_path / "before")
    text = (show / "episodes/002-andra/episode.md").read_text(encoding="utf-8")
    CHANGES["a title"](show)
    build_show(str(show))
    shows.write(show, "episodes/002-andra/episode.md", text)
    build_show(str(show))
    assert_same_tree(show / "public", tmp_path / "before")


def test_files_that_no_build_made_are_left_alone(show: Path) -> None:
    build_show(str(show))
    own = shows.write(show, "public/google123.html", "mine")
    deep = shows.write(show, "public/episodes/mine.txt", "mine too")
    CHANGES["a title"](show)
    build_show(str(show))
    assert own.read_text() == "mine"
    assert deep.read_text() == "mine too"


@settings(
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(names=st.lists(st.sampled_from(list(CHANGES)), min_size=3, max_size=7, unique=True))
def test_any_changes_in_any_order_end_where_a_fresh_build_ends(
    names: list[str], built_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    show = shows.twin(built_once, folder / "show")
    for number, name in enumerate(names):
        before = shows.copy_inputs(show, folder / f"before-{number}")
        try:
            CHANGES[name](show)
            build_show(str(show))
        except (ContentError, AssertionError, FileNotFoundError):
            _take_back(show, before)  # two changes that cannot both be made
    build_show(str(show))
    assert_same_tree(show / "public", build_fresh(show, folder / "fresh"))


def _take_back(show: Path, before: Path) -> None:
    for name in ("site", "episodes"):
        shutil.rmtree(show / name)
    shows.copy_inputs(before, show)
