"""`build` and `check`: what they say, where they say it, and how they end."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Avsnitt
from tests.support import shows

from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.workflow.build import build

ESCAPE = "\x1b["


def break_show(show: Path) -> None:
    shows.edit(show, "episodes/002-andra/episode.md", "summary:", "sumary:")


# build


def test_a_build_says_three_lines_and_one_name(avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("build", at=show)
    assert result.code == 0
    assert result.out == f"{show}/public/index.html\n"
    made, worth, where = result.err.splitlines()
    assert re.fullmatch(r"Gjort: 3 avsnitt, 11 sidor \(\d+ filer nya eller ändrade\)", made)
    assert worth == "Värt att rätta: 3 varningar. Kör: avsnitt check"
    assert where == f"Finns här: {show}/public/index.html"


def test_a_build_explains_why_each_file_was_made_again(avsnitt: Avsnitt, built: Path) -> None:
    shows.edit(built, "episodes/002-andra/episode.md", "Mer om svar.", "Mera.")
    (built / "public/archive.html").unlink()
    result = avsnitt("build", "--explain", at=built)
    assert "media/andra.mp3: taggarna" in result.err
    assert "archive.html: fanns inte" in result.err
    assert "tredje" not in result.err
    again = avsnitt("build", "--explain", at=built)
    assert again.err.splitlines()[0] == "Inget gjordes om."


def test_an_explanation_has_words_for_every_reason(avsnitt: Avsnitt, show: Path) -> None:
    avsnitt("build", at=show)
    shows.edit(show, "site/show.toml", "Öppen kanal", "Öppnare kanal")
    shows.edit(show, "episodes/002-andra/episode.md", "Vem svarar?", "Vem då?")
    shows.edit(show, "episodes/001-forsta/episode.md", "status: published", "status: planned")
    shows.edit(show, "site/people/ake.md", "Jag är gäst.", "Gäst.")
    shows.edit(show, "site/pages/about.md", "Vi frågar.", "Vi svarar.")
    shows.write(show, "site/cover.png", shows.png("plum"))
    shows.write(show, "site/static/plain.css", "p{}")
    result = avsnitt("build", "--explain", at=show)
    rows = [line.partition(": ")[2] for line in result.err.splitlines()[:-3]]
    assert len(rows) > 15
    assert [row for row in rows if re.search(r"[a-z]_[a-z]|\b(bio|body|show|entries)\b", row)] == []


def test_a_build_shows_a_program_what_it_did(avsnitt: Avsnitt, built: Path) -> None:
    shows.edit(built, "episodes/002-andra/episode.md", "Mer om svar.", "Mera.")
    result = avsnitt("build", "--json", at=built)
    facts = json.loads(result.out)
    assert result.err == ""
    reported_files = ["episodes/andra.html", "feed.json", "feed.xml", "media/andra.mp3"]
    assert facts["changed"] == reported_files
    assert facts["folder"] == f"{built}/public"
    assert (facts["episodes"], facts["removed"]) == (3, [])
    assert facts["reasons"]["media/andra.mp3"] == ["tags"]


def test_a_broken_show_is_reported_and_nothing_is_written(avsnitt: Avsnitt, show: Path) -> None:
    break_show(show)
    result = avsnitt("build", at=show)
    assert (result.code, result.out) == (1, "")
    assert "episodes/002-andra/episode.md:6" in result.err
    assert "summary" in result.err
    assert "Inget skrevs" in result.err
    assert not (show / "public").exists()


def test_a_broken_show_is_asked_to_programs_too(avsnitt: Avsnitt, show: Path) -> None:
    break_show(show)
    result = avsnitt("build", "--json", at=show)
    assert result.code == 1
    assert [one["code"] for one in json.loads(result.out) if one["severity"] == "error"] == [
        "MATTER-003"
    ]


def test_a_broken_template_is_the_authors_to_mend(avsnitt: Avsnitt, show: Path) -> None:
    shows.write(show, "site/templates/page.html", "a\nb {{ page.nosuch }}\n")
    result = avsnitt("build", at=show)
    assert result.code == 1
    assert "page.html" in result.err
    assert "rad 2" in result.err


def test_a_disk_that_does_not_take_it_is_not_our_bug(avsnitt: Avsnitt, show: Path) -> None:
    shows.write(show, "public", "a file, not a folder")
    result = avsnitt("build", at=show)
    assert result.code == 3
    assert "public" in result.err
    assert (show / "public").read_text() == "a file, not a folder"


def test_our_own_bug_is_confessed_and_the_traceback_kept_off_the_screen(
    avsnitt: Avsnitt, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError("vår egen miss")

    monkeypatch.setattr(build, "load_show", stumble)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = avsnitt("build", at=show)
    assert result.code == 4
    assert "Traceback" not in result.err
    (log,) = tmp_path.glob("avsnitt-*.log")
    assert str(log) in result.err
    assert "vår egen miss" in log.read_text(encoding="utf-8")


FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_not_our_bug(
    avsnitt: Avsnitt, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object, **__: object) -> None:
        raise FULL

    monkeypatch.setattr("avsnitt.audio.io.tags.write.write_tagged", fill)
    result = avsnitt("build", at=show)
    assert result.code == 3
    assert "disken är full" in result.err
    assert "Traceback" not in result.err


def test_an_interrupted_build_ends_with_130(
    avsnitt: Avsnitt, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "plan_images", interrupt)
    result = avsnitt("build", at=show)
    assert result.code == 130
    assert "Inget är förlorat" in result.err


def test_a_show_with_templates_of_its_own_does_not_spoil_the_next_without(
    avsnitt: Avsnitt, show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "templates"))
    shows.write(show, "site/templates/page.html", '{% extends "plain/page.html" %}')
    assert avsnitt("build", at=show).code == 0
    shutil.rmtree(show / "site/templates")
    assert avsnitt("build", at=show).code == 0


def _on_a_terminal(show: Path, *arguments: str, **environ: str) -> str:
    """What a command writes when both streams are one terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        shows.program(*arguments),
        cwd=show,
        env=shows.environment(TERM="xterm", **environ),
        stdout=follower,
        stderr=follower,
        stdin=follower,
    )
    os.close(follower)
    parts = []
    try:
        while part := os.read(leader, 4096):
            parts.append(part)
    except OSError:
        pass  # the last writer has closed it
    process.wait(60)
    os.close(leader)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_colours_are_for_terminals_that_want_them(show: Path) -> None:
    break_show(show)
    assert ESCAPE in _on_a_terminal(show, "check")
    assert ESCAPE not in _on_a_terminal(show, "check", NO_COLOR="1")


def test_an_unchanged_show_looks_the_same_on_a_terminal(show: Path) -> None:
    first = _on_a_terminal(show, "build").splitlines()
    second = _on_a_terminal(show, "build").splitlines()
    assert len(first) == len(second) == 3
    assert first[1:] == second[1:]


# check


def test_a_sound_show_is_said_to_be_so(avsnitt: Avsnitt, tmp_path: Path) -> None:
    avsnitt("init", "show", "--address", "https://podd.exempel.se")
    result = avsnitt("check", at=tmp_path / "show")
    assert result == (0, "", "Checked everything and found nothing to mend.\n")


def test_warnings_do_not_fail_a_check_and_errors_do(avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("check", at=show)
    assert (result.code, result.out) == (0, "")
    assert "[EPISODE-004]" in result.err
    break_show(show)
    assert avsnitt("check", at=show).code == 1


def test_a_check_writes_nothing_but_its_memory(avsnitt: Avsnitt, show: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in show.rglob("*")}
    avsnitt("check", at=show)
    after = {path: path.stat().st_mtime_ns for path in show.rglob("*")}
    assert {path for path in after if ".avsnitt" not in path.parts} == set(before)
    assert all(after[path] == before[path] for path in before)


def test_findings_are_for_programs_with_place_reason_and_cure(avsnitt: Avsnitt, show: Path) -> None:
    break_show(show)
    result = avsnitt("check", "--json", at=show)
    (found,) = (one for one in json.loads(result.out) if one["severity"] == "error")
    assert (found["code"], found["path"], found["line"]) == (
        "MATTER-003",
        "episodes/002-andra/episode.md",
        6,
    )
    assert found["text"] == "sumary: Ett andra samtal."
    assert all(found[key] for key in ("message", "why", "cure"))
    assert result.err == ""


def test_many_look_alikes_are_one_finding_unless_all_are_asked_for(
    avsnitt: Avsnitt, tmp_path: Path
) -> None:
    show = shows.write_many(tmp_path / "show", 6)
    for path in show.glob("episodes/*/transcript.*"):
        path.unlink()
    short, whole = avsnitt("check", at=show).err, avsnitt("check", "--all", at=show).err
    assert short.count("episode.md") == 3
    assert whole.count("episode.md") == 6
    assert short.count("[EPISODE-004]") == whole.count("[EPISODE-004]") == 1


ONLY_OF_A_PROBLEM = {
    *("MATTER-003", "MATTER-004", "MATTER-005", "SHOW-005", "PODCAST-005", "SOUND-002")
}
"""What to do about these depends on what was written, and is told with the problem alone."""


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_code_can_be_explained(
    language: str, avsnitt: Avsnitt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVSNITT_LANG", language)
    for code in SEVERITIES:
        result = avsnitt("check", "--explain", code.lower())
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith(f"{code}: ")
        lines = 3 + 2 * (code in RULEBOOK)
        assert lines - (code in ONLY_OF_A_PROBLEM) == result.out.count("\n")
        assert "{" not in result.out


def test_a_code_that_is_none_is_a_usage_error(avsnitt: Avsnitt) -> None:
    result = avsnitt("check", "--explain", "NOPE-1")
    assert result.code == 2
    assert "NOPE-1" in result.err
