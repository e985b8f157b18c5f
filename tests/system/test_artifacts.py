"""A file in the artifact store is whole or not there, whatever other processes do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import shows

from avsnitt.system.artifacts import (
    FORGOTTEN_AFTER_S,
    LEFT_AFTER_S,
    ArtifactStore,
    await_path,
    token,
)
from avsnitt.system.files import sweep

NAME = "3f2a-mp3-1.mp3"
LONG_AGO_S = 2 * LEFT_AFTER_S


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "show" / ".avsnitt" / "sound")


def write(text: str) -> object:
    return lambda target: target.write_text(text, encoding="utf-8")


def files(store: ArtifactStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir())


def age(path: Path, seconds: float) -> None:
    then_s = time.time() - seconds
    os.utime(path, (then_s, then_s), follow_symlinks=False)


def test_a_file_is_made_once(store: ArtifactStore) -> None:
    first = store.get_or_make(NAME, write("first"))
    second = store.get_or_make(NAME, write("second"))
    assert first == second
    assert second.read_text() == "first"
    assert files(store) == [NAME]


def test_make_gets_a_path_with_the_right_ending(store: ArtifactStore) -> None:
    seen = []

    def make(target: Path) -> None:
        seen.append(target)
        target.write_text("x")

    path = store.get_or_make(NAME, make)
    assert seen[0].suffix == path.suffix
    assert seen[0].parent == path.parent
    assert seen[0].name.startswith(".")


def test_a_failed_make_leaves_nothing(store: ArtifactStore) -> None:
    def make(target: Path) -> None:
        target.write_text("half")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        store.get_or_make(NAME, make)
    assert files(store) == []
    assert not store.has(NAME)


@pytest.mark.parametrize("make", [lambda _: None, lambda target: target.touch()])
def test_no_file_and_an_empty_file_are_no_result(store: ArtifactStore, make: object) -> None:
    with pytest.raises(ValueError, match="nothing was made"):
        store.get_or_make(NAME, make)
    assert files(store) == []


def test_an_empty_file_that_a_power_cut_left_is_made_again(store: ArtifactStore) -> None:
    store.folder.mkdir(parents=True)
    store.path(NAME).touch()
    assert not store.has(NAME)
    assert store.get_or_make(NAME, write("whole")).read_text() == "whole"


def test_of_two_that_make_one_file_the_later_throws_its_copy_away(store: ArtifactStore) -> None:
    def slower(target: Path) -> None:
        target.write_text("slower")
        store.get_or_make(NAME, write("faster"))

    assert store.get_or_make(NAME, slower).read_text() == "faster"
    assert files(store) == [NAME]


def test_many_at_once_see_only_whole_files(store: ArtifactStore) -> None:
    whole = "x" * 500_000
    torn = []

    def work() -> None:
        for number in range(20):
            text = store.get_or_make(f"{number}-a.bin", write(whole)).read_text()
            torn.extend([number] if text != whole else [])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torn == []
    assert len(files(store)) == 20


KILLED = """
import os, signal, sys
from avsnitt.system.artifacts import ArtifactStore
def make(target):
    target.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
ArtifactStore(sys.argv[1]).get_or_make("a-1.mp3", make)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_that_is_killed_leaves_no_file_rather_than_a_part(store: ArtifactStore) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, store.folder], env=shows.environment(), check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert not store.has("a-1.mp3")
    (left,) = store.folder.iterdir()
    sweep(str(store.folder))  # a build's own broom does not know whose it is
    assert store.sweep() == 0, "another run may be making it this very moment"
    age(left, LONG_AGO_S)
    assert store.sweep() == 1
    assert files(store) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", "a", "../a.mp3", "a/b.mp3", "/etc/passwd", ".a.mp3", "a.tar.gz", "a\\b.mp3"),
        *("å.mp3", "a.mp3\n", "a\0.mp3", "x" * 300 + ".mp3", "-a.mp3", "a:b.mp3", "a .mp3"),
    ],
)
def test_a_name_never_leaves_the_artifact_store(store: ArtifactStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        store.path(name)


@given(st.text())
def test_any_text_is_a_name_inside_or_no_name(text: str) -> None:
    store = ArtifactStore("/artifacts")
    try:
        path = store.path(text)
    except ValueError:
        return
    assert path.parent == Path("/artifacts")


def test_a_merge_leaves_files_that_are_there_unchanged(
    store: ArtifactStore, tmp_path: Path
) -> None:
    other = ArtifactStore(tmp_path / "other")
    store.get_or_make("a-1.mp3", write("ours"))
    other.get_or_make("a-1.mp3", write("theirs"))
    other.get_or_make("b-1.mp3", write("theirs"))
    assert store.merge(other.folder) == 1
    assert files(store) == ["a-1.mp3", "b-1.mp3"]
    assert store.path("a-1.mp3").read_text() == "ours"
    assert store.merge(other.folder) == 0
    assert store.merge(store.folder) == 0
    assert store.merge(tmp_path / "nowhere") == 0


@pytest.mark.skipif(os.name == "nt", reason="no links or pipes")
def test_a_merge_takes_ordinary_files_of_our_form_and_nothing_else(
    store: ArtifactStore, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (other / "link-1.mp3").symlink_to(secret)
    (other / "folder-1.mp3").mkdir()
    (other / "empty-1.mp3").touch()
    (other / "note.txt.gz").write_text("x")
    (other / "failed-1.log").write_text("Traceback")
    (other / ".a-1.0.making.mp3").write_text("half")
    os.mkfifo(other / "pipe-1.mp3")
    (other / "good-1.mp3").write_text("good")
    assert store.merge(other) == 1
    assert files(store) == ["good-1.mp3"]


def test_a_file_that_is_not_kept_is_deleted_when_it_is_no_longer_new(store: ArtifactStore) -> None:
    for name in ("needed-1.mp3", "old-1.mp3", "new-1.mp3"):
        store.get_or_make(name, write("x"))
    (store.folder / "READ ME.txt").write_text("not ours")
    for name in ("needed-1.mp3", "old-1.mp3", "READ ME.txt"):
        age(store.folder / name, 2 * FORGOTTEN_AFTER_S)
    assert store.forget({"needed-1.mp3"}) == 1
    assert files(store) == ["READ ME.txt", "needed-1.mp3", "new-1.mp3"]


def test_old_notes_and_probes_are_swept_too(store: ArtifactStore) -> None:
    store.get_or_make(NAME, write("x"))
    for path in (store.note("working"), store.note("probe")):
        path.write_text("1")
        age(path, LONG_AGO_S)
    age(store.path(NAME), LONG_AGO_S)
    assert store.sweep() == 2
    assert files(store) == [NAME]


def test_an_artifact_store_that_is_not_there_is_empty(store: ArtifactStore) -> None:
    assert store.sweep() == 0
    assert store.forget(()) == 0
    assert not store.has(NAME)
    store.discard(NAME)


def test_a_file_of_another_machine_is_waited_for(tmp_path: Path) -> None:
    late = tmp_path / "late"
    threading.Timer(0.3, late.touch).start()
    assert await_path(late, 30.0)
    assert not await_path(tmp_path / "never", 0.1)


def test_tokens_are_new_each_time_and_in_each_process() -> None:
    code = "from avsnitt.system.artifacts import token; print(token())"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env=shows.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert len({token(), token(), other}) == 3
