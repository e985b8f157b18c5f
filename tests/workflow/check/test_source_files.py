"""What an author recorded and wrote, judged where it lies, before there is any feed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support import shows
from tests.support.audio_files import ffmpeg
from tests.support.linked_shows import SECONDS, noise, picture, speech, write_fine_show

from avsnitt.cli.output.problems import say
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.feed_rules import FILE_RULES_REPORTED_BY
from avsnitt.problems.problem import Problem
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.locales import read_strings
from avsnitt.system.snapshot import program_name
from avsnitt.workflow.build.alternates import alternate_sources
from avsnitt.workflow.build.images import plan_images
from avsnitt.workflow.check.deduplicate import not_yet_reported
from avsnitt.workflow.check.source_files import MENDED, SourceFiles, check_sources
from avsnitt.workflow.load.show import load_show

WORDS = read_strings("en", "cli", *PROBLEM_DOMAINS)
FOLDER = "episodes/001-forsta"
MATTER = f"{FOLDER}/episode.md"
Break = Callable[[Path], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_fine_show(tmp_path / "show")


def check(root: Path) -> tuple[Problem, ...]:
    """As `check` does it: what the checks of content say, and then the files."""
    real = os.path.realpath(root)
    store = BuildCache(f"{real}/.avsnitt", program_name())
    loaded = load_show(real, store)
    assert loaded.show is not None, loaded.problems
    _, unfit = plan_images(real, loaded.show, loaded.inputs, store)
    forms, refused = alternate_sources(real, loaded.show, loaded.inputs, store)
    reported = (*loaded.problems, *unfit, *refused)
    sources = SourceFiles(real, loaded.show, loaded.sounds, loaded.inputs, forms)
    found = check_sources(sources, store)
    store.close(commit=True)
    return (*reported, *not_yet_reported(found, reported, FILE_RULES_REPORTED_BY))


def record(root: Path, *options: str, name: str = "samtal.mp3", **how: int) -> None:
    for old in (root / FOLDER).glob("samtal.*"):
        old.unlink()
    source = root / "speech.wav"
    source.write_bytes(speech(SECONDS, **how))
    ffmpeg("-i", source, *options, root / FOLDER / name)


def cut_off(root: Path) -> None:
    path = root / FOLDER / "samtal.mp3"
    path.write_bytes(path.read_bytes()[:-8000])


def chapters_file(root: Path, *rows: str) -> None:
    fields = (root / MATTER).read_text(encoding="utf-8")
    start, stop = fields.index("chapters:"), fields.index("cover_alt:")
    shows.write(root, MATTER, fields[:start] + fields[stop:])
    body = ",\n".join(rows)
    shows.write(
        root,
        f"{FOLDER}/chapters.json",
        f'{{"version": "1.2.0", "chapters": [\n{body}\n]}}',
    )


ONE_LINK = '{"startTime": 9, "title": "C", "url": "http://exempel.se/"}'
ROW = '{{"startTime": {}, "title": "{}"}}'
LONG = "Ett samtal om att fråga först och svara sedan, och om allt som hände däremellan, " * 2

BREAKS: dict[str, tuple[str, str, int, Break]] = {
    "a low sample rate": (
        "MED-005",
        f"{FOLDER}/samtal.mp3",
        0,
        lambda root: record(root, "-ar", "22050", "-b:a", "64k"),
    ),
    "a bitrate that nobody hears": (
        "MED-006", f"{FOLDER}/samtal.mp3", 0, lambda root: record(root, "-b:a", "192k")
    ),
    "a variable bitrate that is not told": (
        "MED-008",
        f"{FOLDER}/samtal.mp3",
        0,
        lambda root: record(root, "-q:a", "0", "-write_xing", "0"),
    ),
    "a recording that was cut off": ("MED-010", f"{FOLDER}/samtal.mp3", 0, cut_off),
    "a show cover that could be larger": (
        "IMG-001", "site/cover.png", 0, lambda root: _put(root, "site/cover.png", picture(2000))
    ),
    "a cover that can be seen through": (
        "PICTURE-006",
        f"{FOLDER}/cover.png",
        0,
        lambda root: _put(root, f"{FOLDER}/cover.png", picture(1400, mode="RGBA")),
    ),
    "a cover for a printer": (
        "IMG-004",
        f"{FOLDER}/cover.png",
        0,
        lambda root: _put(root, f"{FOLDER}/cover.png", picture(1400, dpi=(300, 300))),
    ),
    "a heavy cover": (
        "IMG-005",
        f"{FOLDER}/cover.png",
        0,
        lambda root: _put(root, f"{FOLDER}/cover.png", noise(1400, 150)),
    ),
    "two chapters in one second": (
        "CHAPTER-006",
        MATTER,
        13,
        lambda root: shows.edit(
            root, MATTER, "cover_alt", '  - {start: "12.9", title: Slutet}\ncover_alt'
        ),
    ),
    "two chapters alone": (
        "CHP-004",
        MATTER,
        9,
        lambda root: shows.edit(root, MATTER, '  - {start: "12.5", title: Svaret}\n', ""),
    ),
    "a title that goes on": (
        "CHP-005",
        MATTER,
        12,
        lambda root: shows.edit(root, MATTER, "Svaret", f'"{LONG[:60]}"'),
    ),
    "a chapter that overlaps the next": (
        "CHP-006",
        MATTER,
        11,
        lambda root: shows.edit(root, MATTER, "title: Frågan", 'title: Frågan, end: "14"'),
    ),
    "a link that anybody may read along": (
        "CHP-007",
        f"{FOLDER}/chapters.json",
        4,
        lambda root: chapters_file(
            root,
            ROW.format(0, "A"),
            ROW.format(5, "B"),
            ONE_LINK,
        ),
    ),
    "an oblong chapter picture": (
        "CHP-013",
        f"{FOLDER}/zebra.png",
        0,
        lambda root: _put(root, f"{FOLDER}/zebra.png", picture(800, 450)),
    ),
    "a transcript that names nobody": (
        "TRN-004",
        f"{FOLDER}/transcript.vtt",
        0,
        lambda root: _names_nobody(root),  # noqa: PLW0108 - it comes later
    ),
    "a transcript that stops early": (
        "TRN-011",
        f"{FOLDER}/transcript.vtt",
        0,
        lambda root: shows.edit(
            root, f"{FOLDER}/transcript.vtt", "00:10.000 --> 00:19.500", "00:09.500 --> 00:12.000"
        ),
    ),
}  # fmt: skip


def _put(root: Path, path: str, data: bytes) -> None:
    shows.write(root, path, data)


def _names_nobody(root: Path) -> None:
    for name in ("Vera Lind", "Åke Ö"):
        shows.edit(root, f"{FOLDER}/transcript.vtt", f"<v {name}>", "")


def test_a_fine_show_is_met_with_silence(root: Path) -> None:
    assert check(root) == ()


@pytest.mark.parametrize("name", BREAKS)
def test_each_slip_is_shown_where_it_was_made(root: Path, name: str) -> None:
    code, path, line, change = BREAKS[name]
    change(root)
    found = [(one.code, one.where.path, one.where.line) for one in check(root)]
    assert found == [(code, path, line)]


def test_a_line_is_shown_as_it_stands(root: Path) -> None:
    BREAKS["a link that anybody may read along"][3](root)
    (found,) = check(root)
    assert found.where.text == ONE_LINK


def test_a_title_too_long_for_an_mp4_is_reported_for_an_mp4_only(root: Path) -> None:
    shows.edit(root, MATTER, "title: Svaret", f'title: "{LONG}"')
    assert [one.code for one in check(root)] == ["CHP-005"]
    record(root, "-c:a", "aac", "-b:a", "96k", name="samtal.m4a")
    assert sorted(one.code for one in check(root)) == ["CHAPTER-005"]


def test_what_content_has_reported_is_not_reported_again(root: Path) -> None:
    _put(root, f"{FOLDER}/cover.png", picture(1000))
    assert [one.code for one in check(root)] == ["PICTURE-003"]


def test_a_chapters_file_is_reported_once_too(root: Path) -> None:
    rows = (ROW.format(*row) for row in ((0, "A"), (5, "B"), (5.5, "C"), (9, "D")))
    chapters_file(root, *rows)
    assert [one.code for one in check(root)] == ["CHAPTER-006"]


def test_a_low_rate_and_a_low_bitrate_are_one_odd_file(root: Path) -> None:
    record(root, "-ar", "22050", "-b:a", "32k")
    (found,) = check(root)
    assert say(found, WORDS) == "samtal.mp3 has 22050 Hz. samtal.mp3 has 32 kbit/s."


def test_what_is_remembered_is_forgotten_when_a_file_changes(root: Path) -> None:
    assert check(root) == check(root) == ()
    _put(root, f"{FOLDER}/zebra.png", picture(800, 450))
    assert [one.code for one in check(root)] == ["CHP-013"]
    assert [one.code for one in check(root)] == ["CHP-013"]
    _put(root, f"{FOLDER}/zebra.png", picture(600))
    assert check(root) == ()


def test_a_form_that_is_only_copied_is_not_checked_as_sound(root: Path) -> None:
    _put(root, f"{FOLDER}/manus.pdf", b"%PDF-1.7 " + bytes(9000))
    shows.edit(root, MATTER, "cover_alt", "alternates:\n  - {file: manus.pdf}\ncover_alt")
    assert [one.code for one in check(root)] == ["PODCAST-009"]


def test_another_form_is_checked_as_the_sound_is(root: Path) -> None:
    source = root / "speech.wav"
    source.write_bytes(speech(SECONDS))
    ffmpeg("-i", source, "-b:a", "32k", root / FOLDER / "liten.mp3")
    source.unlink()
    shows.edit(
        root,
        MATTER,
        "cover_alt",
        "sound: samtal.mp3\nalternates:\n  - {file: liten.mp3}\ncover_alt",
    )
    found = [(one.code, one.where.path) for one in check(root)]
    assert found == [("MED-005", f"{FOLDER}/liten.mp3")]


def test_a_master_is_checked_once_it_has_been_encoded(root: Path) -> None:
    record(root, name="samtal.wav", rate_hz=22_050)
    assert check(root) == ()


def test_what_a_build_mends_is_not_reported(root: Path) -> None:
    """Tags of all kinds, rubbish around the sound, a short time, a first chapter that is late."""
    shows.edit(root, MATTER, '"0"', '"2"')
    shows.edit(root, f"{FOLDER}/transcript.vtt", "00:10.000", "00:10.00")
    path = root / FOLDER / "samtal.mp3"
    path.write_bytes(b"rubbish " * 512 + path.read_bytes() + b"rubbish " * 1024)
    assert check(root) == ()


def test_files_that_have_gone_are_passed_over(root: Path) -> None:
    real = os.path.realpath(root)
    store = BuildCache(f"{real}/.avsnitt", program_name())
    loaded = load_show(real, store)
    for path in (
        f"{FOLDER}/samtal.mp3",
        f"{FOLDER}/cover.png",
        f"{FOLDER}/zebra.png",
    ):
        (root / path).unlink()
    assert loaded.show
    assert check_sources(SourceFiles(real, loaded.show, loaded.sounds), store) == ()
    store.close(commit=False)


def test_what_is_mended_has_codes_that_are() -> None:
    assert set(SEVERITIES) >= MENDED
