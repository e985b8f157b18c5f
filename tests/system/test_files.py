from __future__ import annotations

import os
from pathlib import Path

import pytest

from avsnitt.problems.errors import ExternalError, ProblemError
from avsnitt.problems.problem import Problem
from avsnitt.system.files import list_folder, read_text, sweep, write_bytes


def refused(root: Path, path: str) -> Problem:
    with pytest.raises(ProblemError) as caught:
        read_text(str(root), path)
    return caught.value.problem


def test_a_text_is_read_without_its_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfh\xc3\xa5\r\nb\rc\n")
    assert read_text(str(tmp_path), "a.md") == "hå\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "FILE-002", 0),
        (b" \r\n\t", "FILE-002", 0),
        (b"a\nb\xe5\n", "FILE-001", 2),
        (b"a\nb\n\0", "FILE-001", 3),
        ("hej\n".encode("utf-16"), "FILE-001", 1),
        (b"x" * ((16 << 20) + 1), "FILE-003", 0),
    ],
)
def test_what_is_no_text_is_reported_with_its_line(
    data: bytes, code: str, line: int, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_bytes(data)
    found = refused(tmp_path, "a.md")
    assert (found.code, found.where.path, found.where.line) == (code, "a.md", line)


@pytest.mark.parametrize("path", ["../a.md", "/etc/passwd", "b/../../a.md", "b\\a.md", "a\0.md"])
def test_no_path_leads_out_of_the_show(path: str, tmp_path: Path) -> None:
    assert refused(tmp_path, path).code == "FILE-004"


def test_no_link_leads_out_of_the_show(tmp_path: Path) -> None:
    root = tmp_path / "show"
    (root / "inner").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("x")
    (root / "file.md").symlink_to(tmp_path / "secret.md")
    (root / "folder").symlink_to(tmp_path)
    (root / "inner" / "a.md").write_text("a")
    (root / "own.md").symlink_to(root / "inner" / "a.md")
    assert refused(root, "file.md").code == "FILE-007"
    assert refused(root, "folder/secret.md").code == "FILE-007"
    assert read_text(str(root), "own.md") == "a"


def test_what_is_not_a_file_is_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path, "missing").code == "FILE-005"
    assert refused(tmp_path, "folder").code == "FILE-006"
    assert refused(tmp_path, "pipe").code == "FILE-006"
    assert refused(tmp_path, "folder/../pipe").code == "FILE-004"


def test_a_folder_is_listed_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", ".git", "_draft.md", "#a#", "a.md~", "x.swp", "y.part"):
        (tmp_path / name).write_text("x")
    (tmp_path / "z").mkdir()
    (tmp_path / ".hidden").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nothing")
    files, folders = list_folder(str(tmp_path.parent), tmp_path.name)
    assert [found.path for found in files] == [
        f"{tmp_path.name}/{name}" for name in ("a.md", "b.md")
    ]
    assert folders == [f"{tmp_path.name}/z"]


def test_a_folder_that_is_not_there_is_empty_but_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert list_folder(str(tmp_path), "nothing") == ([], [])
    with pytest.raises(ProblemError) as caught:
        list_folder(str(tmp_path), "file")
    assert (caught.value.problem.code, caught.value.problem.where.path) == ("FILE-006", "file")


def test_a_link_out_is_reported_and_the_rest_is_listed(tmp_path: Path) -> None:
    root = tmp_path / "show"
    (root / "a").mkdir(parents=True)
    (root / "a" / "out").symlink_to("/etc/passwd")
    (root / "a" / "b.md").write_text("x")
    reported: list[Problem] = []
    files, _ = list_folder(str(root), "a", reported.append)
    assert [found.path for found in files] == ["a/b.md"]
    assert [(one.code, one.where.path) for one in reported] == [("FILE-007", "a/out")]
    with pytest.raises(ProblemError):
        list_folder(str(root), "a")


def test_a_file_that_already_holds_the_bytes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    first, written = write_bytes(str(path), b"hej")
    os.utime(path, ns=(1, 1))
    second, again = write_bytes(str(path), b"hej")
    assert (written, again) == (True, False)
    assert (path.stat().st_mtime_ns, second[1], second[2]) == (1, 1, first[2])
    third, changed = write_bytes(str(path), b"hejdo")
    assert (changed, third[0], path.read_bytes()) == (True, 5, b"hejdo")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_a_stop_in_the_middle_leaves_the_old_file_and_nothing_else(
    stop: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"gammalt")

    def interrupted(*_: object) -> None:
        raise stop

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises((KeyboardInterrupt, ExternalError)):
        write_bytes(str(path), b"nytt")
    assert path.read_bytes() == b"gammalt"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_folder_in_the_way_is_the_disks_error(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ExternalError):
        write_bytes(str(tmp_path / "a"), b"x")


def test_what_a_stopped_run_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in (".a.12.tmp", "b/.c.3.tmp", "a.tmp", ".htaccess", "b/c"):
        (tmp_path / name).write_text("x")
    sweep(str(tmp_path))
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert left == [".htaccess", "a.tmp", "b", "b/c"]
