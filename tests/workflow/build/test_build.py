"""What a build promises whatever is in it: nothing lost, nothing touched, nothing by chance."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from tests.bench.same_tree import assert_same_tree
from tests.support import shows

from avsnitt.problems.errors import ContentError, ExternalError
from avsnitt.system.build_cache import BuildCache, OutputRecord
from avsnitt.system.snapshot import program_name
from avsnitt.workflow.build.build import build_show

Look = dict[str, tuple[int, int, int, int]]


def look(*folders: Path) -> Look:
    """How every file and folder stands: inode, times and mode."""
    found = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            stat = path.lstat()
            found[str(path)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size, stat.st_mode)
    return found


def build_in_subprocess(root: Path, *arguments: str, **environ: str) -> str:
    done = subprocess.run(
        shows.program("build", *arguments),
        cwd=root,
        env=shows.environment(**environ),
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return done.stderr


# Nothing to do


def test_a_build_with_nothing_to_do_touches_no_published_file(built: Path) -> None:
    before = look(built / "public", built / "site", built / "episodes")
    report, _ = build_show(str(built))
    assert look(built / "public", built / "site", built / "episodes") == before
    assert (report.changed, report.removed, dict(report.reasons)) == ((), (), {})


def test_a_build_with_nothing_to_do_is_answered_without_opening_the_memory(show: Path) -> None:
    time.sleep(0.05)
    printed = build_in_subprocess(show)
    assert "nya eller ändrade" in printed
    before = look(show)
    again = build_in_subprocess(show)
    assert look(show) == before
    assert again.splitlines()[0] == "Gjort: 3 avsnitt, 11 sidor (inget har ändrats sedan sist)"
    assert again.splitlines()[1:] == printed.splitlines()[1:]


@pytest.mark.parametrize(
    "path",
    [
        "episodes/002-andra/episode.md",
        "episodes/002-andra/samtal.mp3",
        "site/people/ake.md",
        "public/index.html",
        "public/media/andra.mp3",
        "public/static/plain.css",
    ],
)
def test_a_file_that_was_only_touched_is_looked_at_again_and_nothing_more(
    path: str, show: Path
) -> None:
    time.sleep(0.05)
    build_in_subprocess(show)
    (show / path).touch()
    touched = (show / path).read_bytes()
    before = look(show / "public/episodes", show / "public/media/forsta.mp3")
    assert "nya eller ändrade" not in build_in_subprocess(show).replace("1 fil ", "")
    assert look(show / "public/episodes", show / "public/media/forsta.mp3") == before
    assert (show / path).read_bytes() == touched


@pytest.mark.parametrize(
    "folder", ["episodes/005-x", "site/templates", "site/static", "site/pages"]
)
def test_a_new_file_in_any_folder_is_seen_at_once(folder: str, show: Path) -> None:
    time.sleep(0.05)
    build_in_subprocess(show)
    name = "about.md" if folder == "site/pages" else "x.html"
    page = "---\ntitle: Ny\n---\nNy.\n" if folder == "site/pages" else "x"
    if folder == "episodes/005-x":
        name, page = "episode.md", shows.EPISODES["004-fraga"].replace("4444", "5555")
    shows.write(show, f"{folder}/{name}", page)
    build_show(str(show))
    assert (show / ".avsnitt").exists()
    assert_same_tree(show / "public", _fresh(show))


def _fresh(show: Path) -> Path:
    clone = shows.copy_inputs(show, show.parent / "fresh")
    build_show(str(clone))
    return clone / "public"


# What shows what


def test_a_new_title_is_written_where_the_title_is_shown_and_nowhere_else(built: Path) -> None:
    shows.edit(built, "episodes/002-andra/episode.md", "Vem svarar?", "Vem svarar nu?")
    report, _ = build_show(str(built))
    assert report.changed == (
        "archive.html",
        "chapters/andra.json",
        "episodes/andra.html",
        "episodes/forsta.html",  # its neighbours link to it by its title
        "episodes/tredje.html",
        "feed.json",
        "feed.xml",
        "index.html",
        "media/andra.mp3",
        "people/vera.html",
        "transcripts/andra.html",
    )
    assert report.reasons["media/andra.mp3"] == ("tags",)
    assert report.reasons["transcripts/andra.html"] == ("title",)
    assert set(report.reasons) == set(report.changed)


def test_a_new_note_changes_its_page_its_tag_and_its_item(built: Path) -> None:
    shows.edit(built, "episodes/002-andra/episode.md", "Mer om svar.", "Mera om svar.")
    report, _ = build_show(str(built))
    assert report.changed == (
        "episodes/andra.html",
        "feed.json",
        "feed.xml",
        "media/andra.mp3",
    )


def test_a_new_transcript_changes_no_sound(built: Path) -> None:
    shows.edit(built, "episodes/001-forsta/transcript.vtt", "Tack", "Tackar")
    report, _ = build_show(str(built))
    assert report.changed == (
        "episodes/forsta.html",
        "transcripts/forsta.html",
        "transcripts/forsta.json",
        "transcripts/forsta.srt",
        "transcripts/forsta.txt",
        "transcripts/forsta.vtt",
    )


def test_a_new_style_changes_one_file(built: Path) -> None:
    shows.write(built, "site/static/plain.css", "p{color:red}")
    report, _ = build_show(str(built))
    assert report.changed == ("static/plain.css",)


# Same input, same bytes


def test_the_same_show_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    one = shows.write_many(tmp_path / "one", 60)
    other = shows.copy_inputs(one, tmp_path / "långt bort, åt ett annat håll 🎙")
    for path in other.rglob("*"):
        os.utime(path, (1, 1))
    build_in_subprocess(one, TZ="Pacific/Apia", LC_ALL="sv_SE.UTF-8", PYTHONHASHSEED="1")
    build_in_subprocess(
        other,
        TZ="America/New_York",
        LC_ALL="C",
        PYTHONHASHSEED="2",
        AVSNITT_JOBS="1",
        AVSNITT_LANG="en",
        XDG_CACHE_HOME=str(tmp_path / "empty"),
        SOURCE_DATE_EPOCH="0",
    )
    assert_same_tree(one / "public", other / "public")
    third = shows.copy_inputs(one, tmp_path / "third")
    build_in_subprocess(third, AVSNITT_JOBS="3", PYTHONHASHSEED="3")
    assert_same_tree(one / "public", third / "public")


def test_a_path_with_spaces_letters_and_signs_is_a_path(tmp_path: Path) -> None:
    show = shows.write_show(tmp_path / "Mitt poddprogram – å ä ö 🎙 'x' \"y\" %20 #?")
    build_in_subprocess(show)
    assert_same_tree(show / "public", _fresh(shows.write_show(tmp_path / "plain")))
    time.sleep(0.05)
    os.utime(show / "site/show.toml", ns=(1, 1))
    build_in_subprocess(show)
    assert "inget har ändrats" in build_in_subprocess(show)


# What is the author's


def test_the_author_files_are_only_read(tmp_path: Path) -> None:
    show = shows.write_show(tmp_path / "show")
    shows.write(show, "episodes/002-andra/samtal.wav", shows.wav(330))
    (show / "episodes/002-andra/samtal.mp3").unlink()
    for path in show.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    kept = {path: path.read_bytes() for path in show.rglob("*") if path.is_file()}
    before = look(show / "site", show / "episodes")
    build_show(str(show))
    build_show(str(show))
    assert look(show / "site", show / "episodes") == before
    assert {path: path.read_bytes() for path in kept} == kept
    for path in (show / "site", show / "episodes"):
        for folder in [path, *(one for one in path.rglob("*") if one.is_dir())]:
            folder.chmod(0o755)


def test_one_broken_episode_stops_the_writing_and_every_problem_is_reported(
    built: Path,
) -> None:
    before = look(built / "public")
    shows.edit(built, "episodes/001-forsta/episode.md", "title:", "titel:")
    shows.edit(built, "episodes/002-andra/episode.md", "Mer", "Andra")
    shows.write(built, "episodes/003-tredje/samtal.mp3", b"not sound")
    shows.edit(built, "site/people/ake.md", "name:", "namn:")
    with pytest.raises(ContentError) as error:
        build_show(str(built))
    found = {(one.where.path, one.code) for one in error.value.problems}
    assert {
        ("episodes/001-forsta/episode.md", "MATTER-003"),
        ("episodes/003-tredje/samtal.mp3", "SOUND-001"),
        ("site/people/ake.md", "MATTER-003"),
    } <= found
    assert look(built / "public") == before


def test_a_broken_picture_stops_the_writing(built: Path) -> None:
    before = look(built / "public")
    shows.write(built, "episodes/001-forsta/bild.png", b"not a picture")
    shows.edit(built, "episodes/002-andra/episode.md", "Mer", "Andra")
    with pytest.raises(ContentError) as error:
        build_show(str(built))
    assert [one.code for one in error.value.problems if one.severity == "error"] == ["PICTURE-001"]
    assert look(built / "public") == before


def test_a_first_build_with_errors_writes_no_tree(show: Path) -> None:
    shows.edit(show, "site/show.toml", "Government", "Goverment")
    with pytest.raises(ContentError):
        build_show(str(show))
    assert not (show / "public").exists()


def test_the_output_folder_is_never_a_link_out_of_the_show(show: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (show / "public").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExternalError):
        build_show(str(show))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_in_the_output_is_never_a_link_out_of_the_show(
    built: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(built / "public/media")
    (built / "public/media").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ExternalError):
        build_show(str(built))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_memory_from_elsewhere_cannot_take_away_other_files(built: Path) -> None:
    store = BuildCache(f"{built}/.avsnitt", program_name())
    paths = ["../site/show.toml", f"{built}/site/cover.png", "episodes/../../site/cover.png"]
    store.write_made(OutputRecord(path, (0, 0, 0), "", {}) for path in paths)
    store.close(commit=True)
    shows.write(built, ".avsnitt/unfinished", "file ../site/people/vera.md\nepisode ../../site/x\n")
    kept = look(built / "site")
    report, _ = build_show(str(built))
    assert report.removed == ()
    assert look(built / "site") == kept


def test_an_episode_without_chapters_is_tagged_and_published(show: Path) -> None:
    build_show(str(show))
    assert (show / "public/media/tredje.mp3").exists()
    assert not (show / "public/chapters/tredje.json").exists()


def test_what_is_said_before_an_episode_is_out_is_nowhere_in_what_is_published(
    show: Path,
) -> None:
    folder = next((show / "episodes").glob("001-*"))
    shows.edit(show, f"episodes/{folder.name}/episode.md", "status: published", "status: recorded")
    shows.write(
        show,
        f"episodes/{folder.name}/transcript.vtt",
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Vera Lind>Hemligheten är ute.\n",
    )
    build_show(str(show))
    published = [path for path in (show / "public").rglob("*") if path.is_file()]
    assert [path for path in published if "Hemligheten är ute".encode() in path.read_bytes()] == []
    slug = folder.name.removeprefix("001-")
    assert [path.name for path in published if path.stem == slug] == [f"{slug}.html"]
