from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.invalid.broken_shows import BROKEN, WARNED, Broken, ReportMs
from tests.support.little_show import FOLDER, MATTER, write_show

from avsnitt.cli.main import run
from avsnitt.cli.output.problems import say, words
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import RULEBOOK
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import read_strings

IN_A_TERMINAL = (
    "a YAML bomb",
    "a text with NUL bytes",
    "half a cover",
    "no show",
    "many mistakes in many files",
)
NEEDS_A_LOCKED_FILE = {"SOUND-004"}
AUDIO_CODES = {f"SOUND-{n:03}" for n in range(20, 29)}  # tests/audio/measure/test_findings.py
TASK_CODES = {f"SOUND-{number:03}" for number in range(40, 46)}
"""tests/work/test_executor.py and test_cluster.py: processes that die, hang and eat memory."""
FILM_CODES = {f"VIDEO-{number:03}" for number in range(1, 4)}  # tests/video/io/test_probe.py
RECORDING_CODES = {f"SOUND-{number:03}" for number in range(5, 16)}
REPORTED_AFTER_A_BUILD = {"FEED-001"}  # tests/workflow/build/test_feeds.py has the show
"""Tested where the sound is read: tests/audio/io/decode/test_facts.py and test_pcm_damage.py."""


def named(table: dict[str, Broken]) -> list[Any]:
    return [pytest.param(*broken, id=name) for name, broken in table.items()]


def ask(command: str, root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    capsys.readouterr()
    before = Path.cwd()
    os.chdir(root)
    try:
        code = run([command, "--json"])
    finally:
        os.chdir(before)
    return code, json.loads(capsys.readouterr().out)


def places(found: Any) -> list[ReportMs]:
    return [(one["code"], one["path"], one["line"]) for one in found]


def test_the_little_show_itself_has_no_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_show(tmp_path, {})
    assert ask("check", tmp_path, capsys) == (0, [])
    code, report = ask("build", tmp_path, capsys)
    assert (code, report["episodes"], report["problems"]) == (0, 1, 0)


@pytest.mark.parametrize(("changes", "reported"), named(BROKEN))
def test_a_broken_show_says_just_what_is_broken_and_writes_nothing(
    changes: Any, reported: list[ReportMs], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_show(tmp_path, changes)
    code, found = ask("build", tmp_path, capsys)
    assert (code, places(found)) == (1, reported)
    assert not (tmp_path / "public").exists()
    code, found = ask("check", tmp_path, capsys)
    assert (code, places(found)) == (1, reported)


@pytest.mark.parametrize(("changes", "reported"), named(WARNED))
def test_what_is_only_worth_fixing_is_said_and_stops_nothing(
    changes: Any, reported: list[ReportMs], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_show(tmp_path, changes)
    code, found = ask("check", tmp_path, capsys)
    assert (code, places(found)) == (0, reported)
    code, _ = ask("build", tmp_path, capsys)
    assert code == 0


def test_every_code_has_a_show_that_is_broken_that_way() -> None:
    reported = {
        code for table in (BROKEN, WARNED) for _, codes in table.values() for code, *_ in codes
    }
    unreported = (
        set(SEVERITIES) - set(RULEBOOK) - reported - NEEDS_A_LOCKED_FILE - REPORTED_AFTER_A_BUILD
    )
    unreported -= AUDIO_CODES | RECORDING_CODES | TASK_CODES | FILM_CODES
    assert unreported - {"SOUND-003"} == set()


def test_an_opus_file_is_published_with_a_warning_about_apple(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import av
    from av.audio.resampler import AudioResampler
    from tests.support.little_show import episode, sound

    write_show(tmp_path, {MATTER: episode(sound="samtal.opus")})
    target = tmp_path / FOLDER / "samtal.opus"
    (tmp_path / FOLDER / "samtal.mp3").write_bytes(sound())
    with (
        av.open(str(tmp_path / FOLDER / "samtal.mp3")) as source,
        av.open(str(target), "w", format="ogg") as sink,
    ):
        stream = sink.add_stream("libopus", rate=48000)
        resampler = AudioResampler("flt", "stereo", 48000)
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                for packet in stream.encode(part):
                    sink.mux(packet)
        for packet in stream.encode(None):
            sink.mux(packet)
    code, found = ask("check", tmp_path, capsys)
    assert (code, places(found)) == (0, [("SOUND-003", MATTER, 7)])


NOBODY = 65_534


@contextmanager
def not_as_root(folder: Path) -> Iterator[None]:
    """Root may read everything, and is nobody for a while in a folder of nobody's."""
    if os.geteuid():
        yield
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, not_as_root(Path(folder)):
        show = Path(folder, "show")
        write_show(show, {})
        (show / MATTER).chmod(0)
        code, found = ask("build", show, capsys)
    assert (code, places(found)) == (1, [("FILE-006", MATTER, 0)])


@pytest.mark.parametrize("name", IN_A_TERMINAL)
def test_the_program_itself_ends_with_one_and_never_with_a_traceback(
    name: str, tmp_path: Path
) -> None:
    changes, reported = BROKEN[name]
    write_show(tmp_path, changes)
    done = subprocess.run(
        [sys.executable, "-m", "avsnitt", "build"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(code in done.stderr for code, *_ in reported)
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("changes", "reported"), named(BROKEN | WARNED))
def test_what_is_said_reads_well(
    language: str,
    changes: Any,
    reported: list[ReportMs],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8" if language == "sv" else "en_GB.UTF-8")
    write_show(tmp_path, changes)
    _, found = ask("check", tmp_path, capsys)
    assert found
    for one in found:
        for sentence in (one["message"], one["why"], one["cure"]):
            holes = re.findall(
                r'\{|\}|(?<!\w)@[a-z]|“”|””|""|\(\)| [.,:;](?![a-z])| {2}|: ?\.$|\.\.$|!$', sentence
            )
            assert (sentence, holes) == (sentence, [])
            assert sentence


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("code", SEVERITIES)
def test_every_code_has_words_in_both_languages(code: str, language: str) -> None:
    strings = read_strings(language, "cli", *PROBLEM_DOMAINS)
    bare = Problem(code=code, severity=SEVERITIES[code], where=Where("x"))
    assert say(bare, strings)
    assert words(bare, "", strings, n=1) != words(bare, ".why", strings)
    assert words(bare, "", strings, n=2)
    assert words(bare, ".cure", strings)
