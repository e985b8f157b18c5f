"""The program as a whole: help, languages, unknown commands, and how quickly it starts."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Avsnitt
from tests.support import shows

from avsnitt.cli.main import COMMANDS, OTHER_COMMANDS

HEAVY = ("jinja2", "lxml", "feedgen", "mutagen", "av", "PIL", "numpy", "nh3", "pyromark", "ryaml")


def run_program(at: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        shows.program(*arguments),
        cwd=at,
        env=shows.environment(**environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("command", [(), *((name,) for name in (*COMMANDS, *OTHER_COMMANDS))])
def test_every_command_explains_itself(
    command: tuple[str, ...], language: str, avsnitt: Avsnitt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVSNITT_LANG", language)
    for flag in ("--help", "-h"):
        result = avsnitt(*command, flag)
        assert (result.code, result.err) == (0, "")
        assert "avsnitt" in result.out
        assert max(map(len, result.out.splitlines())) <= 96
    swedish = any(sign in result.out for sign in "åäö")
    assert swedish == (language == "sv")


def test_the_commands_stand_in_the_order_one_meets_them(avsnitt: Avsnitt) -> None:
    result = avsnitt("--help")
    places = [result.out.index(f"\n  {name} ") for name in (*COMMANDS, *OTHER_COMMANDS)]
    assert places == sorted(places)


def test_the_version_is_reported(avsnitt: Avsnitt) -> None:
    assert avsnitt("--version").out.startswith("avsnitt, version ")


@pytest.mark.parametrize(
    ("word", "near"), [("biuld", "build"), ("publsh", "publish"), ("serv", "serve")]
)
def test_an_unknown_command_offers_what_is_near(word: str, near: str, avsnitt: Avsnitt) -> None:
    result = avsnitt(word)
    assert (result.code, result.out) == (2, "")
    assert f"Did you mean {near}?" in result.err


def test_an_unknown_command_like_no_other_points_to_the_list(avsnitt: Avsnitt) -> None:
    result = avsnitt("xyzzy")
    assert result.code == 2
    assert "avsnitt --help" in result.err


@pytest.mark.parametrize("arguments", [("plan",), ("build", "--nope"), ("serve", "--port", "x")])
def test_a_command_used_wrongly_is_a_usage_error(
    arguments: tuple[str, ...], avsnitt: Avsnitt
) -> None:
    result = avsnitt(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err


def test_a_swedish_show_is_spoken_to_in_swedish(show: Path) -> None:
    assert "Gjort:" in run_program(show, "build", LANG="en_GB.UTF-8").stderr
    assert "Made:" in run_program(show, "build", AVSNITT_LANG="en").stderr
    assert "Gjort:" in run_program(show, "build").stderr


def test_an_english_show_is_spoken_to_in_english(show: Path) -> None:
    shows.edit(show, "site/show.toml", 'language = "sv"', 'language = "en-GB"')
    assert "Made:" in run_program(show, "build", LANG="sv_SE.UTF-8").stderr


def test_names_that_a_terminal_would_obey_are_made_visible(show: Path) -> None:
    shows.write(show, "episodes/005-x\x1b[31mröd/episode.md", "---\ntitle: x\n---\n")
    result = run_program(show, "check")
    assert result.returncode == 1
    assert "\x1b" not in result.stderr
    assert "\\x1b[31m" in result.stderr


def test_a_reader_who_leaves_early_is_no_error(show: Path) -> None:
    shows.edit(show, "site/show.toml", "Government", "Nope")
    process = subprocess.Popen(
        shows.program("check", "--json"),
        cwd=show,
        env=shows.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    with process.stderr as stream:
        assert b"Traceback" not in stream.read()
    assert process.wait(30) in (0, 1)


# Starting up


def imported(at: Path, *arguments: str) -> set[str]:
    """The packages a command imports, by their first name."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "avsnitt", *arguments],
        cwd=at,
        env=shows.environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    rows = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {row.rpartition("|")[2].strip().partition(".")[0] for row in rows}


@pytest.mark.parametrize("command", [("--help",), ("build", "--help"), ("check", "--help")])
def test_help_imports_nothing_heavy(command: tuple[str, ...], tmp_path: Path) -> None:
    assert imported(tmp_path, *command).isdisjoint(HEAVY)


def test_nothing_to_do_is_found_without_the_command_line(show: Path) -> None:
    time.sleep(0.05)
    run_program(show, "build")
    found = imported(show, "build")
    assert "avsnitt" in found
    assert found.isdisjoint({*HEAVY, "msgspec", "click", "json", "sqlite3"})


def test_plan_imports_nothing_heavy(show: Path) -> None:
    assert imported(show, "plan", "En fråga?").isdisjoint({*HEAVY} - {"ryaml"})
