"""`avsnitt sound`, as a program of its own with processes of its own."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support import shows
from tests.support.paths import PROJECT

ARTIFACTS = ".avsnitt/sound"
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and terminals are POSIX's")


@pytest.fixture
def show(tmp_path: Path) -> Path:
    (tmp_path / "show" / "site").mkdir(parents=True)
    (tmp_path / "show" / "site" / "show.toml").write_text('language = "sv"\n')
    return tmp_path / "show"


def environment(**changes: str) -> dict[str, str]:
    path = os.pathsep.join((shows.environment()["PYTHONPATH"], str(PROJECT)))
    return shows.environment(PYTHONPATH=path, AVSNITT_JOBS="2", **changes)


def start(
    show: Path, *arguments: str, stderr: int = subprocess.PIPE, **changes: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.odd_tasks_program", "sound", *arguments],
        cwd=show,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def run(show: Path, *arguments: str, **changes: str) -> tuple[int, str, str]:
    program = start(show, *arguments, **changes)
    out, err = program.communicate(timeout=120)
    return program.returncode, out, err


def made(show: Path) -> list[str]:
    return sorted(path.name for path in (show / ARTIFACTS).glob("odd-*.txt"))


def names(slugs: str) -> list[str]:
    return [f"odd-{slug}{number}.txt" for slug in slugs for number in range(4)]


def test_the_sound_of_every_episode_is_made(show: Path) -> None:
    code, out, err = run(show)
    assert code == 0
    assert out.split() == list("abcdef")
    assert err.endswith("Ljudet till 6 avsnitt är klart.\n")
    assert err.count("Höjt 3,2\u00a0dB till −16\u00a0LUFS") == 6
    assert made(show) == names("abcdef")


def test_only_those_that_are_named(show: Path) -> None:
    code, out, _ = run(show, "e", "b", "--executor", "threads", AVSNITT_LANG="en")
    assert (code, out.split()) == (0, ["b", "e"])
    assert made(show) == names("be")


def test_shards_are_merged_on_one_machine(show: Path, tmp_path: Path) -> None:
    others = []
    for number in (1, 2, 3):
        other = tmp_path / f"machine-{number}"
        other.mkdir()
        assert run(other, "--shard", f"{number}/3")[0] == 0
        others.append(other)
    assert [made(other) for other in others] == [names("ad"), names("be"), names("cf")]
    arguments = ["--merge", str(others[0]), "--merge", str(others[1] / ARTIFACTS)]
    code, _, err = run(show, *arguments, "--merge", str(others[2]), ODD_HOW="bug")
    assert code == 0
    assert err.startswith("Hämtade 24 färdiga bitar.\n")
    assert err.endswith("Ljudet till 6 avsnitt är klart.\n")
    assert made(show) == names("abcdef")


@POSIX
def test_one_that_dies_is_reported_and_the_others_are_made(show: Path) -> None:
    code, out, err = run(show, ODD_HOW="kill")
    assert code == 1
    assert out.split() == list("abdef")
    assert "[SOUND-040]" in err
    assert "episodes/c/talk.wav" in err
    assert "Processen som arbetade med ljudet stoppades utifrån." in err
    assert "Traceback" not in err


def test_a_program_gets_json(show: Path) -> None:
    code, out, err = run(show, "--json", "a", "c", ODD_HOW="error", AVSNITT_LANG="en")
    assert (code, err) == (1, "")
    result = json.loads(out)
    assert result["made"] == {
        "a": {
            "duration_ms": 2000,
            "recorded": {"integrated_lufs": -16.0, "range_lu": 3.0, "true_peak_dbtp": None},
            "forms": [
                {
                    "form": "mp3",
                    "file": "odd-a2.txt",
                    "duration_ms": 2000,
                    "bitrate_bps": 128000,
                    "integrated_lufs": -16.0,
                    "range_lu": 3.0,
                    "true_peak_dbtp": None,
                }
            ],
            "changes": [{"code": "raised", "db": "3.2", "target": "-16"}],
        }
    }
    assert result["merged"] == 0
    assert [one["code"] for one in result["problems"]] == ["SOUND-001"]


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("--executor", "fork"), "det finns inget sätt att köra som heter ”fork”"),
        (("--shard", "9/8"), "”9/8” är ingen andel"),
        (("--merge", "/nowhere"), "det finns inget ljud som Avsnitt har gjort i /nowhere"),
        (("--merge", "."), "det finns inget ljud som Avsnitt har gjort i"),
    ],
)
def test_what_is_not_meant_is_reported(
    show: Path, arguments: tuple[str, ...], printed: str
) -> None:
    code, out, err = run(show, *arguments)
    assert (code, out) == (2, "")
    assert printed in err
    assert "Gör så här:" in err


def test_a_cluster_that_is_not_there_is_the_environments(show: Path) -> None:
    pytest.importorskip("distributed")
    code, _, err = run(show, "--executor", "dask://127.0.0.1:9")
    assert code == 3
    assert "ingen Dask-schemaläggare svarar på dask://127.0.0.1:9" in err


@POSIX
@pytest.mark.parametrize("executor", ["processes", "serial"])
def test_ctrl_c_is_quiet_and_the_next_run_goes_on(
    show: Path, tmp_path: Path, executor: str
) -> None:
    diary = tmp_path / "diary"
    changes = {"ODD_SECONDS": "0.5", "ODD_DIARY": str(diary)}
    program = start(show, "--executor", executor, **changes)
    _wait_until(lambda: len(made(show)) >= 3)
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=60)
    assert program.returncode == 130
    assert out == ""
    assert err.strip() == "Avbrutet. Inget är förlorat: nästa körning fortsätter härifrån."
    finished = made(show)
    assert 3 <= len(finished) < 24
    assert [path.name for path in (show / ARTIFACTS).iterdir() if path.name[0] == "."] == []
    _nobody_works(diary)
    diary.unlink()
    assert run(show, "--executor", executor, **changes)[0] == 0
    again = {f"odd-{line.split()[0]}.txt" for line in diary.read_text().splitlines()}
    assert again.isdisjoint(finished)
    assert made(show) == names("abcdef")


@POSIX
def test_processes_end_when_the_one_that_started_them_is_killed(show: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    program = start(show, ODD_SECONDS="60", ODD_DIARY=str(diary))
    _wait_until(diary.exists)
    program.kill()
    program.communicate(timeout=60)
    _nobody_works(diary)


def _nobody_works(diary: Path) -> None:
    workers = {int(line.split()[1]) for line in diary.read_text().splitlines()}
    _wait_until(lambda: not [pid for pid in workers if _is_alive(pid)], 30)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _wait_until(true: object, seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.02)


@POSIX
def test_a_terminal_is_shown_how_many_are_done_and_how_long_is_left(show: Path) -> None:
    reader, writer = pty.openpty()
    program = start(show, stderr=writer, ODD_SECONDS="0.6", TERM="xterm", COLUMNS="120")
    os.close(writer)
    shown = b""
    while program.poll() is None or select.select([reader], [], [], 0.2)[0]:
        try:
            if select.select([reader], [], [], 0.2)[0]:
                shown += os.read(reader, 65536)
        except OSError:
            break  # nobody holds the other end any more
    os.close(reader)
    program.communicate(timeout=60)
    lines = [line for line in shown.decode().split("\r\x1b[2K") if "Gör ljudet" in line]
    pattern = (
        r"Gör ljudet \[[#.]{20}\] \d+ %, \d av 6 avsnitt, \d+ (sekunder|sekund|minuter) kvar, "
        "går bra att avbryta"
    )
    assert [line for line in lines if re.match(pattern, line)]
    assert "Ljudet till 6 avsnitt är klart." in shown.decode()
