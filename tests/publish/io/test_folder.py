"""A real folder published to a real folder, and stopped at every moment."""

import os
import signal
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.publish.io.folder import publish_to_folder, read_tree, refuse_target
from avsnitt.publish.plan import MANIFEST_NAME, PART_SUFFIX
from avsnitt.workflow.publish import publish_tree

FILES = {
    "index.html": b"<h1>Hej",
    "feed.xml": b"<rss/>",
    "media/a.mp3": b"sound" * 1000,
    "episodes/a.html": b"<h1>A",
    "style.css": b"h1{}",
}


def write(root, files):
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def read(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != MANIFEST_NAME
    }


def stamps(root):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in root.rglob("*") if p.is_file()}


@pytest.fixture
def public(tmp_path):
    write(tmp_path / "show/public", FILES)
    (tmp_path / "show/site").mkdir()
    (tmp_path / "show/episodes").mkdir()
    return tmp_path / "show/public"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "www"


def test_everything_arrives(public, target):
    seen = []
    report = publish_tree(public, target, progress=lambda done, total: seen.append((done, total)))
    assert read(target) == FILES
    assert report.uploaded == ("media/a.mp3", "style.css", "episodes/a.html", *report.uploaded[3:])
    assert report.uploaded[3:] == ("index.html", "feed.xml")
    assert (report.unchanged, report.deleted, report.kept) == (0, (), ())
    assert report.bytes_uploaded == sum(map(len, FILES.values()))
    assert seen[-1] == (report.bytes_uploaded, report.bytes_uploaded)


def test_identical_files_are_not_even_touched(public, target):
    publish_tree(public, target)
    before = stamps(target)
    report = publish_tree(public, target)
    assert stamps(target) == before
    assert (report.uploaded, report.unchanged, report.bytes_uploaded) == ((), 5, 0)


def test_only_what_changed_is_sent_and_what_went_is_taken_away(public, target):
    publish_tree(public, target)
    before = stamps(target)
    write(public, {"style.css": b"h1{color:red}"})
    (public / "episodes/a.html").unlink()
    report = publish_tree(public, target)
    assert report.uploaded == ("style.css",)
    assert report.deleted == ("episodes/a.html",)
    assert not (target / "episodes").exists()
    assert stamps(target)[target / "media/a.mp3"] == before[target / "media/a.mp3"]


def test_the_manifest_is_the_same_bytes_for_the_same_show(public, target, tmp_path):
    publish_tree(public, target)
    publish_tree(public, tmp_path / "other")
    assert (target / MANIFEST_NAME).read_bytes() == (
        tmp_path / "other" / MANIFEST_NAME
    ).read_bytes()


def test_a_dry_run_says_the_same_and_does_nothing(public, target):
    report = publish_tree(public, target, dry_run=True)
    assert len(report.uploaded) == 5
    assert not target.exists()
    publish_tree(public, target)
    (public / "style.css").unlink()
    before = stamps(target)
    assert publish_tree(public, target, dry_run=True).deleted == ("style.css",)
    assert stamps(target) == before


def test_files_of_others_are_kept(public, target):
    write(target, {"robots.txt": b"theirs", "media/theirs.mp3": b"theirs"})
    publish_tree(public, target)
    (public / "media/a.mp3").unlink()
    publish_tree(public, target)
    assert (target / "robots.txt").read_bytes() == b"theirs"
    assert (target / "media/theirs.mp3").read_bytes() == b"theirs"
    assert not (target / "media/a.mp3").exists()


def test_anothers_file_in_our_place_stops_the_run_before_it_begins(public, target):
    write(target, {"index.html": b"theirs"})
    with pytest.raises(UsageError) as error:
        publish_tree(public, target)
    assert (error.value.key, error.value.values["path"]) == (
        "publish.others-file",
        "index.html",
    )
    assert read(target) == {"index.html": b"theirs"}


def test_the_same_file_already_there_is_taken_for_ours(public, target):
    write(target, {"index.html": FILES["index.html"]})
    before = stamps(target)[target / "index.html"]
    assert publish_tree(public, target).unchanged == 1
    assert stamps(target)[target / "index.html"] == before


def test_a_file_changed_by_another_is_not_deleted(public, target):
    publish_tree(public, target)
    write(target, {"style.css": b"h2{}"})
    (public / "style.css").unlink()
    report = publish_tree(public, target)
    assert (report.deleted, report.kept) == ((), ("style.css",))
    assert (target / "style.css").read_bytes() == b"h2{}"


def test_what_was_lost_or_cut_short_is_sent_again(public, target):
    publish_tree(public, target)
    (target / "index.html").unlink()
    (target / "media/a.mp3").write_bytes(b"")
    assert publish_tree(public, target).uploaded == ("media/a.mp3", "index.html")
    assert read(target) == FILES


def test_a_damaged_manifest_deletes_nothing(public, target):
    publish_tree(public, target)
    (target / MANIFEST_NAME).write_bytes(b"{")
    (public / "style.css").unlink()
    report = publish_tree(public, target)
    assert (report.deleted, report.unchanged) == ((), 4)
    assert (target / "style.css").exists()


class Stopped(Exception):
    """Stands for the moment a run is stopped at."""


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Stopped])
@pytest.mark.parametrize("moment", range(6))
def test_a_run_stopped_at_any_file_leaves_whole_files_and_the_next_goes_on(
    public, target, moment, stop
):
    publish_tree(public, target)
    newer = {path: data + b" newer" for path, data in FILES.items()}
    write(public, newer)
    ticks = iter(range(100))

    def interrupt(_done, _total):
        if next(ticks) == moment:
            raise stop

    if moment < len(FILES):
        with pytest.raises(stop):
            publish_tree(public, target, progress=interrupt)
    for path, data in read(target).items():
        assert data in (FILES[path], newer[path])
    report = publish_tree(public, target)
    assert report.unchanged == min(moment, len(FILES)) if moment < len(FILES) else True
    assert read(target) == newer


def test_a_stopped_first_run_does_not_take_its_own_files_for_anothers(public, target):
    def interrupt(done, _total):
        if done > 5000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_tree(public, target, progress=interrupt)
    write(public, {"media/a.mp3": b"another"})
    (public / "style.css").unlink()
    publish_tree(public, target)
    assert read(target) == read(public)


def test_a_file_turned_back_after_a_stopped_run_is_turned_back_there_too(public, target):
    write(public, {"style.css": b"h1{a}"})
    publish_tree(public, target)
    write(public, {"style.css": b"h1{b}", "index.html": b"<h1>Hoj"})

    def interrupt(done, _total):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish_tree(public, target, progress=interrupt)
    assert (target / "style.css").read_bytes() == b"h1{b}"
    write(public, {"style.css": b"h1{a}", "index.html": FILES["index.html"]})
    publish_tree(public, target)
    assert read(target) == read(public)


KILLED = """
import sys, time
from pathlib import Path
from avsnitt.workflow.publish import publish_tree
def slowly(done, total):
    print(done, flush=True)
    time.sleep(0.05)
publish_tree(Path(sys.argv[1]), Path(sys.argv[2]), progress=slowly)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
@pytest.mark.parametrize("lines", [1, 3, 7])
def test_a_killed_run_leaves_whole_files_and_the_next_finishes(public, target, lines):
    write(public, {"media/b.mp3": b"x" * 5_000_000})
    command = [sys.executable, "-c", KILLED, str(public), str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        for _ in range(lines):
            run.stdout.readline()
        run.send_signal(signal.SIGKILL)
    whole = read(public)
    for path, data in read(target).items():
        assert path.endswith(PART_SUFFIX) or data == whole[path]
    publish_tree(public, target)
    assert read(target) == whole


def test_two_runs_at_once_do_not_mix(public, target):
    if os.name == "nt":
        pytest.skip("no such lock on Windows")
    errors = []

    def again(_done, _total):
        try:
            publish_tree(public, target)
        except ExternalError as error:
            errors.append(error.key)

    publish_tree(public, target, progress=again)
    assert set(errors) == {"publish.busy"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_in_the_target_lead_nowhere(public, target, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_bytes(b"theirs")
    target.mkdir()
    (target / "media").symlink_to(outside)
    with pytest.raises(UsageError) as error:
        publish_tree(public, target)
    assert error.value.key == "publish.linked-folder"
    (target / "media").unlink()
    publish_tree(public, target)
    (target / "index.html").unlink()
    (target / "index.html").symlink_to(outside / "index.html")
    (target / f".style.css{PART_SUFFIX}").symlink_to(outside / "index.html")
    write(public, {"style.css": b"new"})
    publish_tree(public, target)
    assert read(outside) == {"index.html": b"theirs"}
    assert not (target / "index.html").is_symlink()
    assert read(target) == read(public)


def test_links_in_what_was_built_are_not_published(public, target):
    if os.name == "nt":
        pytest.skip("links need rights on Windows")
    (public / "secret").symlink_to("/etc/passwd")
    (public / "round").symlink_to(public)
    publish_tree(public, target)
    assert read(target) == FILES


def test_a_name_that_no_server_holds_is_refused(public, target):
    if os.name == "nt":
        pytest.skip("Windows holds no such name")
    write(public, {"a:b.png": b"x"})
    with pytest.raises(UsageError) as error:
        publish_tree(public, target)
    assert error.value.key == "publish.bad-name"


@pytest.mark.parametrize(
    "place",
    [
        "show",
        "show/site",
        "show/site/deep/er",
        "show/episodes/1-a",
        "show/.avsnitt/x",
        "show/.git",
        "show/public",
        "show/public/www",
        ".",
        "home",
        "home/..",
        "/",
    ],
)
def test_a_target_that_would_hurt_is_refused(public, tmp_path, place):
    (tmp_path / "home").mkdir()
    with pytest.raises(UsageError) as error:
        refuse_target(tmp_path / place, public=public, show=public.parent, home=tmp_path / "home")
    assert error.value.key == "publish.bad-target"


@pytest.mark.parametrize("place", ["www", "home/www", "show/dist", "showing", "show-site/x"])
def test_other_targets_will_do(public, tmp_path, place):
    (tmp_path / "home").mkdir()
    refuse_target(tmp_path / place, public=public, show=public.parent, home=tmp_path / "home")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_a_source_is_refused_too(public, tmp_path):
    (tmp_path / "innocent").symlink_to(public.parent / "site")
    with pytest.raises(UsageError):
        publish_tree(public, tmp_path / "innocent")


def test_a_target_that_is_a_file_and_a_show_not_built_are_distinguished(public, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError) as error:
        publish_tree(public, tmp_path / "file")
    assert error.value.key == "publish.not-a-folder"
    with pytest.raises(UsageError) as error:
        publish_tree(tmp_path / "nowhere", tmp_path / "www")
    assert error.value.key == "publish.not-built"


def test_a_disk_that_refuses_is_reported_as_such(public, target):
    (target / "index.html").mkdir(parents=True)
    with pytest.raises((ExternalError, UsageError)):
        publish_tree(public, target)
    assert (target / "index.html").is_dir()


SMALL = st.dictionaries(
    st.sampled_from(["index.html", "feed.xml", "media/a.mp3", "media/b.mp3", "people/x.html"]),
    st.sampled_from([b"a", b"b", b"cc", b""]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(SMALL, st.integers(0, 6)), min_size=1, max_size=5))
def test_however_runs_are_stopped_the_last_one_wins(tmp_path_factory, runs):
    base = tmp_path_factory.mktemp("runs")
    target = base / "www"
    for number, (files, moment) in enumerate([*runs, (runs[0][0], 99)]):
        public = base / f"{number}/public"
        public.mkdir(parents=True)
        write(public, files)
        ticks = iter(range(100))

        def interrupt(_done, _total, ticks=ticks, moment=moment):
            if next(ticks) == moment:
                raise Stopped

        try:
            publish_to_folder(public, read_tree(public), target, progress=interrupt)
        except Stopped:
            continue
        assert read(target) == read(public)
