"""A subscriber is never hurt by accident: every refusal, and every way to say that it is meant."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import podcastparser
import pytest
from tests.bench.same_tree import assert_same_tree
from tests.cli.conftest import Avsnitt
from tests.support import shows
from tests.support.audio_files import ffmpeg

LEDGER = "site/published.lock"
FIRST = "episodes/001-forsta/episode.md"
SECOND = "episodes/002-andra/episode.md"
RENAMED = "episodes/002-ny/episode.md"
SHOW = "site/show.toml"
TALK = "episodes/002-andra/samtal.mp3"

Change = Callable[[Path], object]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "www"


@pytest.fixture
def published(avsnitt: Avsnitt, built: Path, target: Path) -> Path:
    result = avsnitt("publish", str(target), at=built)
    assert result.code == 0, result.err
    return built


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(show: Path) -> dict[str, dict[str, Any]]:
    lines = (show / LEDGER).read_text(encoding="utf-8").splitlines()[2:]
    return {value["slug"]: value for value in map(json.loads, lines)}


def _edit(path: str, old: str, new: str) -> Change:
    return lambda show: shows.edit(show, path, old, new)


def _rename(show: Path) -> None:
    (show / "episodes/002-andra").rename(show / "episodes/002-ny")


def _remove(show: Path) -> None:
    shutil.rmtree(show / "episodes/002-andra")


def _other_sound(show: Path) -> None:
    shows.write(show, TALK, shows.mp3(show, 880))


def _other_format(show: Path) -> None:
    ffmpeg("-i", show / TALK, "-c:a", "aac", show / "episodes/002-andra/samtal.m4a")
    (show / TALK).unlink()


class Refusal(NamedTuple):
    """A change, what is told of it and where, and how one says that it is meant."""

    change: Change
    code: str
    place: str
    printed: str
    meant: tuple[str, ...] = ("accept", "andra")


PLANNED = _edit(SECOND, "status: published", "status: planned")
REFUSALS = {
    "another guid": Refusal(
        _edit(SECOND, "22222222-2222", "22222222-9999"), "IT-004", f"{SECOND}:2", "22222222-9999"
    ),
    "an episode lost": Refusal(_remove, "IT-004", f"{LEDGER}:3", "”Vem svarar?”"),
    "an episode taken back": Refusal(PLANNED, "IT-004", f"{SECOND}:4", "status är nu planned"),
    "other sound": Refusal(_other_sound, "MED-012", SECOND, "”andra”"),
    "another format": Refusal(_other_format, "LEDGER-003", SECOND, "media/andra.m4a"),
    "a folder renamed": Refusal(
        _rename, "LEDGER-002", RENAMED, "avsnitt move andra ny", ("move", "andra", "ny")
    ),
    "another show": Refusal(
        _edit(SHOW, "0f5a3a3e", "1f5a3a3e"), "CH-016", f"{SHOW}:6", "1f5a3a3e", ("accept", "--show")
    ),
    "another address": Refusal(
        _edit(SHOW, "podd.exempel", "ny.exempel"),
        "NET-009",
        f"{SHOW}:3",
        "https://ny.exempel.se/feed.xml",
        ("accept", "--show"),
    ),
}


# What is refused


@pytest.mark.parametrize("name", REFUSALS)
def test_what_would_hurt_is_refused_before_anything_is_written(
    name: str, avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    refusal = REFUSALS[name]
    before = tree(published / "public"), tree(target), (published / LEDGER).read_bytes()
    refusal.change(published)
    for command in (("build",), ("publish", str(target)), ("check",)):
        result = avsnitt(*command, at=published)
        assert result.code == 1
        assert f"[{refusal.code}]" in result.err
        assert refusal.place in result.err
        assert refusal.printed in result.err
        assert "avsnitt " + " ".join(refusal.meant) in result.err
    after = tree(published / "public"), tree(target), (published / LEDGER).read_bytes()
    assert after == before


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_meant_is_said_once_and_goes_out(
    name: str, avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    refusal = REFUSALS[name]
    refusal.change(published)
    assert avsnitt("diff", at=published).code == 1
    result = avsnitt(*refusal.meant, at=published)
    assert result.code == 0, result.err
    result = avsnitt("diff", at=published)
    assert result.code == 0, result.err
    assert "ingenting" not in result.err  # it is still what subscribers will notice
    result = avsnitt("publish", str(target), at=published)
    assert result.code == 0, result.err
    assert "accepted" not in (published / LEDGER).read_text(encoding="utf-8")
    assert "ingenting" in avsnitt("diff", at=published).err
    assert avsnitt("build", at=published).code == 0


def test_a_change_that_is_meant_is_that_one_and_no_other(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SECOND, "22222222-2222", "22222222-9999")
    avsnitt("accept", "andra", at=published)
    assert avsnitt("build", at=published).code == 0
    shows.edit(published, SECOND, "22222222-9999", "22222222-8888")
    assert "[IT-004]" in avsnitt("build", at=published).err


def test_a_change_taken_back_is_no_change(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SECOND, "22222222-2222", "22222222-9999")
    assert avsnitt("build", at=published).code == 1
    shows.edit(published, SECOND, "22222222-9999", "22222222-2222")
    assert avsnitt("build", at=published).code == 0


def test_two_folders_that_swap_names_are_reported_by_their_guids(
    avsnitt: Avsnitt, published: Path
) -> None:
    episodes = published / "episodes"
    (episodes / "001-forsta").rename(episodes / "x")
    (episodes / "002-andra").rename(episodes / "001-forsta")
    (episodes / "x").rename(episodes / "002-andra")
    facts = json.loads(avsnitt("diff", "--json", at=published).out)
    kinds = sorted((one["kind"], one["before"]) for one in facts["changes"])
    assert ("address", "andra") in kinds
    assert ("address", "forsta") in kinds
    assert "guid" not in dict(kinds)


def test_a_new_tag_or_title_is_no_new_sound(
    avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    source, retagged = published / TALK, published / "retagged.mp3"
    ffmpeg("-i", source, "-c", "copy", "-metadata", "title=Något helt annat", retagged)
    assert retagged.read_bytes() != source.read_bytes()
    retagged.replace(source)
    shows.edit(published, SECOND, "Vem svarar?", "Vem svarar nu?")
    result = avsnitt("publish", str(target), at=published)
    assert result.code == 0, result.err
    assert "nytt ljud" not in result.err
    assert "1 avsnitt får ny titel" in result.err
    assert rows(published)["andra"]["title"] == "Vem svarar nu?"


def test_a_master_is_known_by_its_own_sound(avsnitt: Avsnitt, show: Path, target: Path) -> None:
    (show / TALK).unlink()
    shows.write(show, "episodes/002-andra/samtal.wav", shows.wav(330))
    assert avsnitt("publish", str(target), at=show).code == 0
    assert rows(show)["andra"]["enclosure"] == "media/andra.mp3"
    assert (target / "media/andra.mp3").exists()
    assert "ingenting" in avsnitt("diff", at=show).err
    shows.write(show, "episodes/002-andra/samtal.wav", shows.wav(340))
    assert "[MED-012]" in avsnitt("build", at=show).err


def test_another_date_is_worth_a_warning_and_no_more(
    avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    shows.edit(published, FIRST, "2026-01-05", "2026-02-25")
    result = avsnitt("check", "--json", at=published)
    assert result.code == 0
    (warning,) = [one for one in json.loads(result.out) if one["code"] == "LEDGER-004"]
    assert (warning["severity"], warning["path"], warning["line"]) == ("warning", FIRST, 5)
    result = avsnitt("diff", at=published)
    assert result.code == 0
    assert "1 avsnitt får ett annat datum" in result.err
    assert "i en annan ordning" in result.err
    assert avsnitt("publish", str(target), at=published).code == 0
    assert "LEDGER-004" not in avsnitt("check", at=published).err


def test_the_same_moment_in_another_zone_is_the_same_date(
    avsnitt: Avsnitt, published: Path
) -> None:
    shows.edit(published, SECOND, "2026-02-05 07:00", "2026-02-05 06:00Z")
    assert "ingenting" in avsnitt("diff", at=published).err


def test_all_that_is_refused_is_reported_at_once(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SECOND, "22222222-2222", "22222222-9999")
    shows.edit(published, SHOW, "podd.exempel", "ny.exempel")
    shows.write(published, "episodes/001-forsta/samtal.mp3", shows.mp3(published, 880))
    result = avsnitt("build", at=published)
    for code in ("IT-004", "NET-009", "MED-012"):
        assert f"[{code}]" in result.err


def test_an_episode_that_cannot_be_read_is_not_called_lost(
    avsnitt: Avsnitt, published: Path
) -> None:
    shows.edit(published, SECOND, "title: ", "title: [")
    result = avsnitt("build", at=published)
    assert result.code == 1
    assert "MATTER-" in result.err
    assert "IT-004" not in result.err


def test_english_readers_get_english_words(
    avsnitt: Avsnitt, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVSNITT_LANG", "en")
    for folder, number in (("001-forsta", 1), ("002-andra", 2), ("003-tredje", 3)):
        old = str(number) * 8
        shows.edit(published, f"episodes/{folder}/episode.md", f"guid: {old}", "guid: 99999999")
    result = avsnitt("diff", at=published)
    assert "3 episodes would look new once more" in result.err
    assert "Apps know an episode by its guid" in avsnitt("build", at=published).err


# What is written


def test_the_first_publish_says_that_there_is_something_to_keep(
    avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    assert "Inget är publicerat än. 3 avsnitt går ut." in avsnitt("diff", at=show).err
    result = avsnitt("publish", str(target), at=show)
    assert "Lägg den i Git" in result.err
    assert "Lägg den i Git" not in avsnitt("publish", str(target), at=show).err
    assert set(rows(show)) == {"andra", "forsta", "tredje"}
    assert "ingenting" in avsnitt("publish", str(target), at=show).err


def test_the_lock_file_holds_what_the_feed_does(published: Path, target: Path) -> None:
    with (target / "feed.xml").open("rb") as stream:
        feed = podcastparser.parse("https://podd.exempel.se/feed.xml", stream)
    in_feed = {(one["guid"], one["title"], one["enclosures"][0]["url"]) for one in feed["episodes"]}
    base = "https://podd.exempel.se"
    assert in_feed == {
        (row["guid"], row["title"], f"{base}/{row['enclosure']}")
        for row in rows(published).values()
    }


def test_a_lock_file_that_was_left_behind_is_asked_for(
    avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    (published / LEDGER).unlink()
    result = avsnitt("publish", "--dry-run", str(target), at=published)
    assert result.code == 0
    assert "hämta den ur Git" in result.err


@pytest.mark.parametrize("option", ["--dry-run", "--preview"])
def test_a_plan_and_a_rehearsal_are_not_remembered(
    option: str, avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    assert avsnitt("publish", option, str(target), at=show).code == 0
    assert not (show / LEDGER).exists()
    avsnitt("publish", str(target), at=show)
    before = (show / LEDGER).read_bytes()
    shows.edit(show, SECOND, "Vem svarar?", "Vem svarar nu?")
    assert avsnitt("publish", option, str(target), at=show).code == 0
    assert (show / LEDGER).read_bytes() == before


def test_a_show_at_an_example_can_be_changed_at_will(
    avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    shows.edit(show, SHOW, "podd.exempel.se", "podd.example")
    result = avsnitt("publish", str(target), at=show)
    assert result.code == 0
    assert "räknas som ett prov" in result.err
    assert not (show / LEDGER).exists()


def test_nothing_is_remembered_that_did_not_arrive(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    shows.write(tmp_path, "file", "a file")
    assert avsnitt("publish", str(tmp_path / "file/below"), at=show).code in (2, 3)
    assert not (show / LEDGER).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("turn", range(3))
def test_a_publish_stopped_anywhere_is_mended_by_the_next(
    turn: int, avsnitt: Avsnitt, built: Path, target: Path
) -> None:
    process = subprocess.Popen(
        shows.program("publish", str(target)),
        cwd=built,
        env=shows.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    watched = (target, target / "feed.xml", built / LEDGER)[turn]
    while not watched.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    _, printed = process.communicate(timeout=30)
    assert b"Traceback" not in printed
    assert (built / LEDGER).exists() <= (target / "feed.xml").exists()
    assert avsnitt("publish", str(target), at=built).code == 0
    assert set(rows(built)) == {"andra", "forsta", "tredje"}
    assert list(built.rglob("*.tmp")) == []
    assert "ingenting" in avsnitt("diff", at=built).err


def test_a_lock_file_in_git_says_what_went_out(
    avsnitt: Avsnitt, tmp_path: Path, target: Path
) -> None:
    if not shutil.which("git"):
        pytest.skip("git is missing")
    assert avsnitt("init", "show", "--address", "https://podd.exempel.se").code == 0
    show = tmp_path / "show"
    subprocess.run(["git", "init", "-q", str(show)], check=True)
    assert avsnitt("publish", str(target), at=show).code == 0
    result = subprocess.run(
        ["git", "status", "--short", "--untracked-files=all"],
        cwd=show,
        capture_output=True,
        check=True,
    )
    assert b"site/published.lock" in result.stdout


# A lock file that cannot be trusted


@pytest.mark.parametrize(
    ("change", "line", "printed"),
    [
        (('"version":1', '"version":2'), 1, "nyare version"),
        (('"slug":"forsta"', '"slug":forsta'), 4, "ändrats efteråt"),
        (('{"slug":"forsta"', '<<<<<<< HEAD\n{"slug":"forsta"'), 4, "båda"),
        (('"slug":"forsta"', '"slug":"andra"'), 4, "samma adress"),
    ],
)
def test_a_damaged_lock_file_is_pointed_at_and_never_passed_over(
    change: tuple[str, str],
    line: int,
    printed: str,
    avsnitt: Avsnitt,
    published: Path,
    target: Path,
) -> None:
    shows.edit(published, LEDGER, *change)
    before = (published / LEDGER).read_bytes()
    for command in (("build",), ("diff",), ("accept", "--all"), ("publish", str(target))):
        result = avsnitt(*command, at=published)
        assert result.code == 1
        assert f"{LEDGER}:{line}" in result.err
        assert printed in result.err
    assert (published / LEDGER).read_bytes() == before


@pytest.mark.parametrize("content", ["", "\n\n", "inte json\n", "\0"])
def test_an_empty_or_foreign_lock_file_stops_the_build(
    content: str, avsnitt: Avsnitt, published: Path
) -> None:
    shows.write(published, LEDGER, content)
    result = avsnitt("build", at=published)
    assert result.code == 1
    assert LEDGER in result.err
    assert "Traceback" not in result.err


# diff


def test_what_is_new_and_what_changed_is_said_in_words(avsnitt: Avsnitt, published: Path) -> None:
    text = shows.EPISODES["002-andra"].replace("22222222", "55555555").replace("2026-02", "2026-04")
    shows.write(published, "episodes/005-ny/episode.md", text.replace("Vem svarar?", "Och nu?"))
    shows.write(published, "episodes/005-ny/samtal.mp3", shows.mp3(published, 770))
    shows.edit(published, FIRST, "Vågar vi fråga?", "Vågar du fråga?")
    shows.edit(published, SHOW, "Öppen kanal", "Öppnare kanal")
    shows.write(published, "site/cover.png", shows.png("plum"))
    result = avsnitt("diff", at=published)
    assert result.code == 0
    for words in (
        "1 nytt avsnitt",
        "Och nu? (ny)",
        "1 avsnitt får ny titel",
        "Vågar vi fråga? → Vågar du fråga?",
        "från ”Öppen kanal” till ”Öppnare kanal”",
        "nytt omslag",
    ):
        assert words in result.err
    assert "!" not in result.err.replace("?!", "")


def test_many_episodes_are_counted_and_a_few_are_named(
    avsnitt: Avsnitt, tmp_path: Path, target: Path
) -> None:
    show = shows.write_many(tmp_path / "many", 8)
    avsnitt("publish", str(target), at=show)
    for number in range(1, 9):
        shows.edit(show, f"episodes/{number:03}-nummer-{number}/episode.md", "guid: 0", "guid: 9")
    result = avsnitt("diff", at=show)
    assert "8 avsnitt ser nya ut en gång till" in result.err
    assert "… och 3 till" in result.err
    assert "nummer-8" not in result.err
    assert "nummer-8" in avsnitt("diff", "--all", at=show).err


def test_programs_can_read_what_would_be_noticed(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SECOND, "22222222-2222", "22222222-9999")
    result = avsnitt("diff", "--json", at=published)
    assert result.code == 1
    facts = json.loads(result.out)
    assert (facts["published"], facts["refused"]) == (True, True)
    (change,) = facts["changes"]
    assert (change["kind"], change["slug"], change["refused"]) == ("guid", "andra", True)


def test_a_show_with_errors_has_them_reported(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SHOW, "Government", "Nope")
    result = avsnitt("diff", at=published)
    assert result.code == 1
    assert "SHOW-009" in result.err


# diff FEED


@pytest.fixture
def elsewhere(published: Path, target: Path, tmp_path: Path) -> Path:
    """The show's feed as another host would have it: its own guids and addresses."""
    feed = (target / "feed.xml").read_text(encoding="utf-8")
    feed = feed.replace("22222222-2222-4222-8222-222222222222", "https://host.example/?p=2")
    feed = feed.replace("https://podd.exempel.se", "https://host.example")
    (published / LEDGER).unlink()
    return shows.write(tmp_path, "old.xml", feed)


def test_a_move_in_shows_who_would_get_everything_once_more(
    avsnitt: Avsnitt, published: Path, elsewhere: Path
) -> None:
    result = avsnitt("diff", str(elsewhere), at=published)
    assert result.code == 1
    assert "1 avsnitt ser nytt ut en gång till" in result.err
    assert "Vem svarar? (andra): https://host.example/?p=2" in result.err
    assert "Skriv in det gamla flödets guid" in result.err
    shows.edit(
        published, SECOND, "22222222-2222-4222-8222-222222222222", '"https://host.example/?p=2"'
    )
    result = avsnitt("diff", str(elsewhere), at=published)
    assert (result.code, "ingenting" in result.err) == (0, True), result.err


def test_an_item_is_known_by_its_title_where_all_else_differs(
    avsnitt: Avsnitt, published: Path, elsewhere: Path
) -> None:
    shows.edit(elsewhere.parent, "old.xml", "andra.mp3", "x8812.mp3?token=1")
    facts = json.loads(avsnitt("diff", "--json", str(elsewhere), at=published).out)
    assert [(one["kind"], one["slug"]) for one in facts["changes"]] == [("guid", "andra")]


def test_an_item_that_the_show_does_not_have_would_disappear(
    avsnitt: Avsnitt, published: Path, elsewhere: Path
) -> None:
    shutil.rmtree(published / "episodes/003-tredje")
    result = avsnitt("diff", str(elsewhere), at=published)
    assert "1 avsnitt försvinner" in result.err
    assert "Vad mäter vi?" in result.err


@pytest.mark.parametrize(
    ("name", "code", "printed"),
    [
        ("nothing.xml", 2, "nothing.xml"),
        ("https://host.example/feed.xml", 2, "curl"),
        ("site/show.toml", 2, "rad 1"),
        ("public/index.html", 2, "inget poddflöde"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(
    name: str, code: int, printed: str, avsnitt: Avsnitt, published: Path
) -> None:
    result = avsnitt("diff", name, at=published)
    assert result.code == code
    assert printed in result.err


# move


def test_an_episode_moves_and_its_old_page_leads_on(
    avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    number_and_rest = (published / SECOND).read_text(encoding="utf-8")
    result = avsnitt("move", "andra", "vem-svarar", at=published)
    assert (result.code, result.out) == (0, "episodes/002-vem-svarar\n")
    text = (published / "episodes/002-vem-svarar/episode.md").read_text(encoding="utf-8")
    assert text == number_and_rest.replace("\n---\nMer", "\nformerly: [andra]\n---\nMer")
    result = avsnitt("publish", str(target), at=published)
    assert result.code == 0, result.err
    assert "1 avsnitt får en ny adress" in result.err
    old = (target / "episodes/andra.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=vem-svarar.html">' in old
    assert '<a href="vem-svarar.html">Vem svarar?</a>' in old
    assert '<link rel="canonical" href="https://podd.exempel.se/episodes/vem-svarar.html">' in old
    assert rows(published)["vem-svarar"]["guid"].startswith("22222222")
    assert (target / "media/vem-svarar.mp3").exists()


def test_an_episode_that_moves_back_has_one_old_address(
    avsnitt: Avsnitt, published: Path, target: Path
) -> None:
    avsnitt("move", "andra", "ny", at=published)
    avsnitt("publish", str(target), at=published)
    assert avsnitt("move", "ny", "andra", at=published).code == 0
    assert "formerly: [ny]" in (published / SECOND).read_text(encoding="utf-8")
    result = avsnitt("publish", str(target), at=published)
    assert result.code == 0, result.err
    assert "vem" not in (target / "episodes/ny.html").read_text(encoding="utf-8")
    assert "url=andra.html" in (target / "episodes/ny.html").read_text(encoding="utf-8")


def test_a_move_that_was_stopped_halfway_goes_on(avsnitt: Avsnitt, published: Path) -> None:
    _rename(published)
    assert avsnitt("build", at=published).code == 1
    assert avsnitt("move", "andra", "ny", at=published).code == 0
    assert avsnitt("build", at=published).code == 0


def test_a_plan_to_move_moves_nothing(avsnitt: Avsnitt, published: Path) -> None:
    before = tree(published / "episodes"), tree(published / "site")
    result = avsnitt("move", "--dry-run", "andra", "ny", at=published)
    assert result.code == 0
    assert "Inget skrevs" in result.err
    assert (tree(published / "episodes"), tree(published / "site")) == before


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [
        ("ingen", "ny", "inget avsnitt"),
        ("andra", "forsta", "001-forsta har redan"),
        ("andra", "andra", "har redan adressen"),
        ("andra", "Ny Adress", "ny-adress"),
        ("andra", "../ut", "små bokstäver"),
        ("ingen", "forsta", "inget avsnitt"),
    ],
)
def test_a_move_that_cannot_be_made_changes_nothing(
    old: str, new: str, printed: str, avsnitt: Avsnitt, published: Path
) -> None:
    before = tree(published / "episodes")
    result = avsnitt("move", old, new, at=published)
    assert result.code == 2
    assert printed in result.err
    assert tree(published / "episodes") == before


def test_an_old_address_belongs_to_one_episode(avsnitt: Avsnitt, published: Path) -> None:
    shows.edit(published, SECOND, "status:", "formerly: [forsta]\nstatus:")
    result = avsnitt("build", at=published)
    assert result.code == 1
    assert "[LEDGER-005]" in result.err
    assert f"{SECOND}:4" in result.err


@pytest.mark.parametrize("slug", ["../ut", "a/b", "Å", ""])
def test_an_old_address_cannot_lead_out_of_the_site(
    slug: str, avsnitt: Avsnitt, show: Path
) -> None:
    shows.edit(show, SECOND, "status:", f'formerly: ["{slug}"]\nstatus:')
    result = avsnitt("build", at=show)
    assert result.code == 1
    assert "MATTER-004" in result.err


def test_line_ends_and_comments_of_an_episode_stay_as_they_are(
    avsnitt: Avsnitt, published: Path
) -> None:
    text = (published / SECOND).read_text(encoding="utf-8")
    text = text.replace("status:", "# min egen rad\nformerly:\n  - gammal\n  - äldre\nstatus:")
    text = text.replace("äldre", "aldre").replace("\n", "\r\n")
    shows.write(published, SECOND, text)
    assert avsnitt("move", "andra", "ny", at=published).code == 0
    moved = (published / RENAMED).read_bytes().decode()
    assert "\r\n# min egen rad\r\nformerly: [gammal, aldre, andra]\r\nstatus:" in moved
    assert moved.count("\n") == moved.count("\r\n")


# accept


def test_a_plan_to_accept_accepts_nothing(avsnitt: Avsnitt, published: Path) -> None:
    _other_sound(published)
    before = (published / LEDGER).read_bytes()
    result = avsnitt("accept", "--dry-run", "andra", at=published)
    assert result.code == 0
    assert "den som har laddat ner det behåller det gamla" in result.err
    assert (published / LEDGER).read_bytes() == before


def test_everything_can_be_accepted_at_once(avsnitt: Avsnitt, published: Path) -> None:
    _other_sound(published)
    shutil.rmtree(published / "episodes/003-tredje")
    shows.edit(published, SHOW, "0f5a3a3e", "1f5a3a3e")
    result = avsnitt("accept", "--all", "--json", at=published)
    assert result.code == 0
    kinds = {change["kind"] for change in json.loads(result.out)}
    assert kinds == {"sound", "gone", "show-guid"}
    assert avsnitt("build", at=published).code == 0


def test_one_that_is_accepted_leaves_the_others_refused(avsnitt: Avsnitt, published: Path) -> None:
    _other_sound(published)
    shutil.rmtree(published / "episodes/003-tredje")
    assert avsnitt("accept", "tredje", at=published).code == 0
    result = avsnitt("build", at=published)
    assert result.code == 1
    assert "MED-012" in result.err
    assert "IT-004" not in result.err


@pytest.mark.parametrize(
    ("arguments", "printed"), [((), "--all"), (("ingen",), "ingen"), (("forsta",), "forsta")]
)
def test_only_what_is_waiting_can_be_accepted(
    arguments: tuple[str, ...], printed: str, avsnitt: Avsnitt, published: Path
) -> None:
    _other_sound(published)
    result = avsnitt("accept", *arguments, at=published)
    assert result.code == 2
    assert printed in result.err


def test_before_anything_is_published_there_is_nothing_to_accept(
    avsnitt: Avsnitt, show: Path
) -> None:
    result = avsnitt("accept", "--all", at=show)
    assert result.code == 2
    assert "inget är publicerat än" in result.err


# A move of the whole feed


def test_a_feed_moves_as_the_documentation_says(
    avsnitt: Avsnitt, published: Path, target: Path, tmp_path: Path
) -> None:
    new_feed = "https://ny.exempel.se/feed.xml"
    shows.edit(published, SHOW, "hosts =", f'new_feed_url = "{new_feed}"\nhosts =')
    assert avsnitt("publish", str(target), at=published).code == 0
    assert f"<itunes:new-feed-url>{new_feed}<" in (target / "feed.xml").read_text(encoding="utf-8")
    shows.edit(published, SHOW, "podd.exempel.se", "ny.exempel.se")
    result = avsnitt("diff", at=published)
    assert result.code == 0
    assert f"flödet flyttar från https://podd.exempel.se/feed.xml till {new_feed}" in result.err
    assert result.err.count("\n") == 2, "and nothing else is noticed"
    assert avsnitt("publish", str(tmp_path / "new"), at=published).code == 0
    head = json.loads((published / LEDGER).read_text(encoding="utf-8").splitlines()[1])
    assert head["feed"] == new_feed
    assert head["former_feed"] == "https://podd.exempel.se/feed.xml"
    assert "CH-025" not in avsnitt("check", at=published).err


def test_a_new_address_that_is_the_old_one_is_reported(
    avsnitt: Avsnitt, published: Path, tmp_path: Path
) -> None:
    old = "https://podd.exempel.se/feed.xml"
    shows.edit(published, SHOW, "podd.exempel.se", "ny.exempel.se")
    avsnitt("accept", "--show", at=published)
    shows.edit(published, SHOW, "hosts =", f'new_feed_url = "{old}"\nhosts =')
    for _ in range(2):
        result = avsnitt("check", at=published)
        assert result.code == 0
        assert "[CH-025]" in result.err
        assert f"{SHOW}:11" in result.err
        assert avsnitt("publish", str(tmp_path / "new"), at=published).code == 0


# The build


def test_a_build_with_nothing_to_do_notices_that_the_lock_file_changed(
    published: Path, target: Path
) -> None:
    def build() -> tuple[int, str]:
        done = subprocess.run(
            shows.program("build"),
            cwd=published,
            env=shows.environment(),
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stderr.decode()

    time.sleep(0.05)
    assert build()[0] == 0
    assert (published / ".avsnitt/unchanged").exists()
    shows.edit(published, LEDGER, '"guid":"2', '"guid":"7')
    code, printed = build()
    assert (code, "IT-004" in printed) == (1, True), printed


def test_the_lock_file_changes_nothing_in_what_is_built(
    avsnitt: Avsnitt, show: Path, target: Path
) -> None:
    avsnitt("build", at=show)
    shutil.copytree(show / "public", target.parent / "before")
    avsnitt("publish", str(target), at=show)
    result = avsnitt("build", "--json", at=show)
    assert json.loads(result.out)["changed"] == []
    assert_same_tree(show / "public", target.parent / "before")
