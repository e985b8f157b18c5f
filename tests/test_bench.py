"""The benchmark judges a build, so its own measures are held to account here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.bench import budgets, corpus, measure, notes, sound
from tests.bench.budgets import Peak, Results, Run
from tests.bench.measure import Cost
from tests.bench.same_tree import assert_same_tree, differences

SPEND = "bytearray(80 * 1024 * 1024); sum(i * i for i in range(1_500_000))"
SPEND_IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SPEND}'])"


def test_equal_trees_have_no_differences(tmp_path: Path) -> None:
    for side in ("left", "right"):
        (tmp_path / side / "media").mkdir(parents=True)
        (tmp_path / side / "media/a.mp3").write_bytes(b"same")
    assert_same_tree(tmp_path / "left", tmp_path / "right")


def test_every_kind_of_difference_between_trees_is_named(tmp_path: Path) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    for side in (left, right):
        side.mkdir()
        (side / "same").write_text("same")
        (side / "changed").write_text(f"it is {side.name}")
    (left / "gone").write_text("")
    (right / "new").mkdir()
    (left / "kind").mkdir()
    (right / "kind").write_text("")
    (left / "link").symlink_to("same")
    (right / "link").symlink_to("changed")
    named = [line.split(":")[0] for line in differences(left, right)]
    assert named == ["changed", "gone", "kind", "link", "new"]
    with pytest.raises(AssertionError, match="from byte 6: b'left', b'right'"):
        assert_same_tree(left, right)


def test_a_tree_that_is_not_there_is_not_an_empty_tree(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        assert_same_tree(tmp_path / "missing", tmp_path / "missing")


def test_the_same_show_is_written_every_time(tmp_path: Path) -> None:
    corpus.write(tmp_path / "once", 10)
    corpus.write(tmp_path / "again", 10)
    assert_same_tree(tmp_path / "once", tmp_path / "again")


def test_no_two_episodes_share_words_or_sound() -> None:
    numbers = range(1, 1001)
    frames = sound.frames()
    assert len({notes.episode(number).body for number in numbers}) == len(numbers)
    assert len({notes.episode(number).slug for number in numbers}) == len(numbers)
    first = frames[0][:2]
    audio = {sound.recording(frames, number).partition(first)[2] for number in numbers}
    assert len(audio) == len(numbers)


def test_what_a_child_process_spends_is_counted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SPEND_IN_A_CHILD]
    cost = measure.cost(command, tmp_path)
    assert cost.wall_s > 0
    assert cost.cpu_s > 0.02
    assert measure.peak_mib(command, tmp_path) > 0.8 * 80


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(measure.Failed, match=r"exit 1\n.*no such thing"):
        measure.cost([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def _results(ours_s: float, theirs_s: float, count: int = 1000, ours_mib: float = 1) -> Results:
    runs = [
        Run(count, work, name, turn, Cost(wall_s, wall_s, 1))
        for work in budgets.WALL_BUDGETS
        for name, wall_s in ((budgets.OURS, ours_s), (budgets.THEIRS, theirs_s))
        for turn in range(3)
    ]
    return Results(runs, [Peak(count, budgets.OURS, ours_mib), Peak(count, budgets.THEIRS, 2)])


def _broken(results: Results) -> list[str]:
    return [row.what for row in budgets.rows(results) if row.is_broken]


def test_a_build_slower_than_its_budget_breaks_it() -> None:
    assert _broken(_results(0.05, 1)) == []
    assert _broken(_results(0.1, 1)) == ["no-op"]
    assert _broken(_results(0.2, 1)) == ["no-op", "title edited", "notes edited"]
    assert _broken(_results(1.1, 1))[0] == "cold"
    assert _broken(_results(0.05, 1, ours_mib=3)) == ["cold, peak memory"]


def test_small_shows_are_shown_and_not_checked() -> None:
    assert _broken(_results(2, 1, count=100, ours_mib=9)) == []


def test_time_an_episode_may_grow_only_a_little_with_the_show() -> None:
    small = _results(0.04, 1)
    assert _broken(Results([*small.runs, *_results(0.5, 10, 10_000).runs], ())) == []
    grown = Results([*small.runs, *_results(0.6, 10, 10_000).runs], ())
    assert _broken(grown) == ["cold, an episode, over 1,000"]
