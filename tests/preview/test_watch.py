"""Real files, changed by another thread while the watcher looks."""

import os
import threading
from itertools import count

import pytest

from avsnitt.preview import watch as module
from avsnitt.preview.watch import watch


@pytest.fixture
def show(tmp_path):
    for folder in ("site", "episodes/1-a", "episodes/2-b", "public", ".avsnitt", ".git"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "site/show.toml").write_text("title = 'A'")
    (tmp_path / "episodes/1-a/episode.md").write_text("ett")
    (tmp_path / "episodes/2-b/episode.md").write_text("två", encoding="utf-8")
    return tmp_path


def next_change(changes, *writes):
    """The next change that the watcher yields; the writes are made while it looks."""
    timer = threading.Timer(0.05, lambda: [write() for write in writes])
    timer.start()
    try:
        return next(changes)
    finally:
        timer.join()


def test_a_written_an_added_and_a_removed_file_are_noticed(show):
    changes = watch([show], interval=0.02)
    episode, added = show / "episodes/1-a/episode.md", show / "episodes/3-c/episode.md"
    assert next_change(changes, lambda: episode.write_text("ettan")) == {episode}
    assert next_change(changes, added.parent.mkdir, lambda: added.write_text("tre")) == {added}
    assert next_change(changes, added.unlink) == {added}


def test_a_change_before_the_first_next_is_not_missed(show):
    changes = watch([show], interval=0.02)
    (show / "site/show.toml").write_text("title = 'B!'")
    assert next(changes) == {show / "site/show.toml"}


def test_many_files_saved_together_are_one_change(show):
    changes = watch([show], interval=0.02)
    files = [show / f"site/{number}.md" for number in range(50)]
    assert next_change(changes, *(lambda file=file: file.write_text("x") for file in files)) == set(
        files
    )


def test_a_save_by_rename_is_noticed_though_time_and_size_are_the_same(show):
    episode = show / "episodes/1-a/episode.md"
    other = show / "episodes/1-a/episode.md.tmp"
    other.write_text("TTE")
    facts = episode.stat()
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    changes = watch([show], interval=0.02)
    assert next_change(changes, lambda: other.replace(episode)) == {episode}


@pytest.mark.parametrize(
    "passing",
    [
        "public/index.html",
        ".avsnitt/memo",
        ".git/index",
        "episodes/1-a/.episode.md.swp",
        "episodes/1-a/episode.md~",
        "episodes/1-a/#episode.md#",
        "episodes/1-a/4913",
        "episodes/1-a/~$notes.docx",
        "episodes/1-a/samtal.mp3.crdownload",
        "episodes/1-a/.DS_Store",
        "site/.#show.toml",
    ],
)
def test_a_temporary_file_is_not_a_change(show, passing):
    changes = watch([show], interval=0.02)
    real = show / "site/show.toml"
    (show / passing).write_text("x")
    assert next_change(changes, lambda: real.write_text("title = 'C'")) == {real}


def test_a_folder_named_public_further_down_is_watched(show):
    inner = show / "site/public/x.md"
    inner.parent.mkdir()
    changes = watch([show], interval=0.02)
    assert next_change(changes, lambda: inner.write_text("x")) == {inner}


def test_single_files_and_what_is_not_there_yet_can_be_watched(show):
    later, toml = show / "later", show / "site/show.toml"
    changes = watch([later, toml], interval=0.02)
    assert next_change(changes, lambda: toml.write_text("t = 1")) == {toml}
    assert next_change(changes, later.mkdir, lambda: (later / "x").write_text("x")) == {later / "x"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_in_a_circle_and_links_to_nothing_do_no_harm(show):
    (show / "site/round").symlink_to(show)
    (show / "site/broken").symlink_to(show / "nowhere")
    changes = watch([show], interval=0.02)
    real = show / "site/show.toml"
    assert next_change(changes, lambda: real.write_text("title = 'D'")) == {real}


def test_a_large_show_is_looked_through_more_seldom(show, monkeypatch):
    passes, waits = count(), []
    moments = count(step=2)
    monkeypatch.setattr(module.time, "thread_time", lambda: next(moments))
    original = module.scan
    monkeypatch.setattr(module, "scan", lambda roots: (next(passes), original(roots))[1])

    def sleep(seconds):
        waits.append(seconds)
        if len(waits) > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(watch([show], interval=1, sleep=sleep))
    assert next(passes) <= 12
