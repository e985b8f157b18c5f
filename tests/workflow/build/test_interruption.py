"""A build that was stopped at any moment loses nothing and leaves nothing behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.bench.same_tree import assert_same_tree
from tests.support import shows

from avsnitt.workflow.build.build import build_show

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")

EPISODES = 60


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shows.write_many(tmp_path_factory.mktemp("many") / "show", EPISODES)


@pytest.fixture(scope="module")
def fresh(many: Path) -> tuple[Path, float]:
    """What it should become, and how many seconds the making of it takes."""
    clone = shows.copy_inputs(many, many.parent / "fresh")
    started = time.monotonic()
    process = _start(clone)
    process.communicate(timeout=60)
    assert process.returncode == 0
    return clone / "public", time.monotonic() - started


def _start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        shows.program("build"),
        cwd=root,
        env=shows.environment(AVSNITT_JOBS="2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def _stop(root: Path, after_s: float, how: signal.Signals) -> tuple[int, str]:
    """Start a build, signal its whole process group as a terminal does, and wait for its end."""
    before = _mark(root)
    process = _start(root)
    deadline = time.monotonic() + 30
    while _mark(root) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(after_s)
    if process.poll() is None:
        os.killpg(process.pid, how)
    _, printed = process.communicate(timeout=30)
    return process.returncode, printed


def _mark(root: Path) -> int:
    """Changes when a run begins to write."""
    mark = root / ".avsnitt/unfinished"
    return mark.stat().st_mtime_ns if mark.exists() else 0


def _leftovers(root: Path) -> list[Path]:
    endings = (".tmp", ".part", ".temp")
    return [path for path in root.rglob("*") if path.name.endswith(endings)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("turn", range(3))
def test_a_build_stopped_at_any_moment_is_finished_by_the_next(
    how: signal.Signals, turn: int, many: Path, fresh: tuple[Path, float], tmp_path: Path
) -> None:
    tree, takes_s = fresh
    show = shows.copy_inputs(many, tmp_path / "show")
    chance = random.Random(f"{how} {turn}")  # noqa: S311 - not a secret
    for _ in range(2):
        code, printed = _stop(show, chance.uniform(0, takes_s * 0.4), how)
        assert "Traceback" not in printed
        # The first milliseconds are the interpreter's own: it has no answer to a signal yet.
        assert code in (0, -how, 130 if how == signal.SIGINT else -signal.SIGKILL)
    build_show(str(show))
    assert _leftovers(show) == []
    assert_same_tree(show / "public", tree)


def test_an_episode_that_left_after_a_stopped_build_leaves_no_page(
    many: Path, tmp_path: Path
) -> None:
    """What a stopped build wrote is known as its own by the next, whatever has changed since."""
    show = shows.copy_inputs(many, tmp_path / "show")
    shows.write(show, "site/pages/about.md", "---\ntitle: Om\n---\nOm.\n")
    process = _start(show)
    deadline = time.monotonic() + 30
    page = show / "public/episodes/nummer-1.html"
    while not page.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    mine = shows.write(show, "public/mine.html", "mine")
    if not page.exists() or (show / "public/feed.xml").exists():
        pytest.skip("the machine was too quick or too slow to be stopped in between")
    for number in range(1, 50):
        old = show / f"episodes/{number:03}-nummer-{number}"
        old.rename(show / f"episodes/{number:03}-ny-{number}")
    build_show(str(show))
    assert mine.read_text() == "mine"
    mine.unlink()
    clone = shows.copy_inputs(show, tmp_path / "clone")
    build_show(str(clone))
    assert_same_tree(show / "public", clone / "public")


def test_what_an_encoder_left_half_made_is_taken_away_a_day_later(show: Path) -> None:
    """Not before: another machine may be at it."""
    shows.write(show, "episodes/002-andra/samtal.wav", shows.wav(330))
    (show / "episodes/002-andra/samtal.mp3").unlink()
    fresh = shows.write(show, ".avsnitt/sound/.1234.ab.making.mp3", b"half")
    old = shows.write(show, ".avsnitt/sound/.5678.cd.making.mp3", b"half")
    os.utime(old, (1, 1))
    build_show(str(show))
    assert fresh.exists()
    assert not old.exists()
    assert (show / "public/media/andra.mp3").exists()


def test_what_a_build_stopped_in_its_very_last_write_left_is_taken_away(show: Path) -> None:
    build_show(str(show))
    shows.write(show, ".avsnitt/.unchanged.1234.tmp", b"half")
    build_show(str(show))
    assert _leftovers(show) == []


def test_two_builds_at_once_are_one_after_the_other(many: Path, tmp_path: Path) -> None:
    show = shows.copy_inputs(many, tmp_path / "show")
    both = [_start(show), _start(show)]
    for process in both:
        _, printed = process.communicate(timeout=60)
        assert process.returncode == 0, printed
    clone = shows.copy_inputs(show, tmp_path / "clone")
    build_show(str(clone))
    assert _leftovers(show) == []
    assert_same_tree(show / "public", clone / "public")
