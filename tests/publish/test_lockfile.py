from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.findings import reason_of
from tests.support.strategies import ANYTHING

from avsnitt.model.publication import GONE, PublicationRecord, PublishedEpisode, PublishedShow
from avsnitt.publish.lockfile import find_row, parse_lock_file, render_lock_file

SHOW = PublishedShow(title="Öppen kanal", guid="0f5a", feed="https://podd.exempel.se/feed.xml")


def row(name: str, **changes: object) -> PublishedEpisode:
    fine = PublishedEpisode(
        slug=name,
        guid=f"guid-{name}",
        title="Vågar vi fråga?",
        published="2026-01-05T07:00:00+01:00",
        enclosure=f"media/{name}.mp3",
        sound="04b3",
        duration_ms=2000,
    )
    return msgspec.structs.replace(fine, **changes)


LEDGER = PublicationRecord(show=SHOW, episodes=(row("andra"), row("forsta"), row("tredje")))
TEXT = render_lock_file(LEDGER)

WRITABLE = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))
MOMENTS = st.datetimes(timezones=st.builds(dt.timezone, OFFSETS)).map(dt.datetime.isoformat)
NUMBERS = st.one_of(st.none(), st.integers(0, 2**53))
EPISODES = st.builds(
    PublishedEpisode,
    slug=NAMES,
    guid=NAMES,
    title=WRITABLE,
    published=MOMENTS,
    enclosure=WRITABLE,
    sound=WRITABLE,
    duration_ms=st.integers(0, 2**53),
    number=NUMBERS,
    season=NUMBERS,
    accepted=st.lists(WRITABLE, max_size=2).map(tuple),
)
LEDGERS = st.builds(
    lambda show, episodes: PublicationRecord(
        show=show, episodes=tuple(sorted(episodes, key=lambda one: one.slug))
    ),
    st.builds(
        PublishedShow,
        title=WRITABLE,
        guid=WRITABLE,
        feed=WRITABLE,
        cover=WRITABLE,
        moving_since=st.dates().map(str),
        tokens=st.lists(st.tuples(WRITABLE, MOMENTS), max_size=2).map(tuple),
        accepted=st.lists(WRITABLE, max_size=2).map(tuple),
    ),
    st.lists(EPISODES, max_size=5, unique_by=(lambda one: one.slug, lambda one: one.guid)),
)


@given(LEDGERS)
def test_what_is_written_is_read_back(record: PublicationRecord) -> None:
    assert parse_lock_file(render_lock_file(record)) == (record, ())


@given(LEDGERS)
def test_every_line_is_a_json_value_of_its_own(record: PublicationRecord) -> None:
    lines = render_lock_file(record).split("\n")
    assert lines.pop() == ""
    values = [json.loads(line) for line in lines]
    assert values[0]["version"] == 1
    assert [value["slug"] for value in values[2:]] == [one.slug for one in record.episodes]


@given(ANYTHING)
def test_any_text_is_read_or_has_its_mistake_reported(text: str) -> None:
    record, findings = parse_lock_file(text)
    assert (record is None) == bool(findings)


@given(st.lists(st.sampled_from([*TEXT.split("\n"), "{", "", "<<<<<<< ours"]), max_size=8))
def test_any_lines_are_read_or_have_a_mistake_with_its_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    record, findings = parse_lock_file(text)
    assert (record is None) == bool(findings)
    for found in findings:
        assert found.place.text == (lines or [""])[found.place.line - 1]


def test_a_row_that_was_edited_by_hand_is_pointed_at() -> None:
    _, (found,) = parse_lock_file(TEXT.replace('"slug":"forsta"', '"slug":forsta'))
    assert (found.place.line, reason_of(found)) == (4, "damaged")
    assert "forsta" in found.place.text


@pytest.mark.parametrize(
    "published", ["i går", "2026-01-05T07:00:00", "", "2026-13-05T07:00:00+01:00"]
)
def test_a_moment_that_is_none_is_pointed_at(published: str) -> None:
    episodes = (row("andra"), row("forsta", published=published))
    _, (found,) = parse_lock_file(render_lock_file(PublicationRecord(show=SHOW, episodes=episodes)))
    assert (found.place.line, reason_of(found)) == (4, "damaged")


@pytest.mark.parametrize("key", ["sort_of", "enclosure2", "GUID"])
def test_a_key_that_nobody_wrote_is_not_passed_over(key: str) -> None:
    _, (found,) = parse_lock_file(TEXT.replace('"title":"Vågar', f'"{key}":1,"title":"Vågar', 1))
    assert (found.place.line, reason_of(found)) == (3, "damaged")


@pytest.mark.parametrize(
    ("version", "error"), [("2", "newer"), ("99", "newer"), ("0", "damaged"), ('"1"', "damaged")]
)
def test_another_version_is_distinguished_from_damage(version: str, error: str) -> None:
    _, (found,) = parse_lock_file(TEXT.replace('"version":1', f'"version":{version}'))
    assert (found.place.line, reason_of(found)) == (1, error)


def test_a_newer_lock_file_of_another_shape_is_still_only_newer() -> None:
    text = '{"version":3,"made_of":"binary"}\nsomething else altogether\n'
    _, (found,) = parse_lock_file(text)
    assert reason_of(found) == "newer"


@pytest.mark.parametrize("change", [{"slug": "andra"}, {"guid": "guid-andra"}])
def test_an_episode_that_stands_twice_is_pointed_at(change: dict[str, str]) -> None:
    twin = row("fjarde", **change)
    text = (
        TEXT
        + render_lock_file(PublicationRecord(show=SHOW, episodes=(twin,))).split("\n")[2]
        + "\n"
    )
    _, (found,) = parse_lock_file(text)
    assert (found.place.line, reason_of(found)) == (6, "twice")


@pytest.mark.parametrize("line", [1, 2, 3, 5])
def test_a_merge_that_git_left_to_us_is_reported_as_one(line: int) -> None:
    lines = TEXT.split("\n")
    lines[line - 1 : line] = ["<<<<<<< HEAD", lines[line - 1], "=======", "{}", ">>>>>>> gren"]
    _, (found,) = parse_lock_file("\n".join(lines))
    assert (found.place.line, reason_of(found)) == (line, "conflict")


def test_json_in_a_thousand_brackets_is_only_damage() -> None:
    _, (found,) = parse_lock_file(TEXT.replace('"04b3"', "[" * 100_000, 1))
    assert reason_of(found) == "damaged"


def test_an_episode_is_found_by_its_whole_address() -> None:
    number, line = find_row(TEXT, "forsta")
    assert (number, json.loads(line)["guid"]) == (4, "guid-forsta")
    assert find_row(TEXT, "forst") == (0, "")


def test_branches_that_publish_different_episodes_merge_by_themselves(tmp_path: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is missing")
    base, ours, theirs = (tmp_path / name for name in ("base", "ours", "theirs"))
    episodes = LEDGER.episodes
    base.write_text(TEXT, encoding="utf-8")
    mine = (row("aldrig"), *episodes)
    ours.write_text(render_lock_file(PublicationRecord(show=SHOW, episodes=mine)), encoding="utf-8")
    other = (*episodes[:2], row("tredje", accepted=(GONE,)), row("zebra"))
    theirs.write_text(
        render_lock_file(PublicationRecord(show=SHOW, episodes=other)), encoding="utf-8"
    )
    merged = subprocess.run(
        ["git", "merge-file", "-p", ours, base, theirs], capture_output=True, check=True
    )
    record, _ = parse_lock_file(merged.stdout.decode())
    assert record
    assert record.episodes == (row("aldrig"), *other)
