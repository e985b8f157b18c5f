"""Where an episode's chapters come from, and that they are the same wherever they go."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import mutagen.id3
import pytest
from lxml import etree
from tests.bench.same_tree import assert_same_tree
from tests.support import shows

from avsnitt.workflow.build.build import build_show

SECOND, THIRD = "episodes/002-andra", "episodes/003-tredje"
PSC = "{http://podlove.org/simple-chapters}"
ReportMs = list[tuple[float, str]]


def in_json(show: Path, slug: str) -> ReportMs:
    path = show / f"public/chapters/{slug}.json"
    if not path.exists():
        return []
    rows = json.loads(path.read_bytes())["chapters"]
    return [(row["startTime"], row["title"]) for row in rows]


def in_feed(show: Path, slug: str) -> ReportMs:
    feed = etree.parse(show / "public/feed.xml")
    item = next(one for one in feed.iter("item") if f"/{slug}.html" in str(one.findtext("link")))
    return [
        (float(str(row.get("start")).rpartition(":")[2]), str(row.get("title")))
        for row in item.iter(f"{PSC}chapter")
    ]


def in_sound(show: Path, slug: str) -> ReportMs:
    tags = mutagen.id3.ID3(show / f"public/media/{slug}.mp3", v2_version=3)
    rows = sorted(tags.getall("CHAP"), key=lambda one: one.start_time)
    return [(row.start_time / 1000, str(row.sub_frames["TIT2"])) for row in rows]


def reported(show: Path, slug: str = "tredje") -> ReportMs:
    """What every carrier says."""
    found = in_json(show, slug)
    assert in_feed(show, slug) == in_sound(show, slug) == found
    page = (show / f"public/episodes/{slug}.html").read_text(encoding="utf-8")
    assert all(f"<span>{title}</span>" in page for _, title in found)
    return found


def build(show: Path) -> None:
    time.sleep(0.05)  # what is younger may change again, and is not remembered
    build_show(str(show))


def mark(show: Path, *titles: str) -> None:
    shows.write(show, f"{THIRD}/samtal.mp3", shows.marked(shows.mp3(show, 660), *titles))


def test_the_recordings_own_chapters_are_used_when_nothing_else_is_said(show: Path) -> None:
    mark(show, "Början", "Mitten", "", "Slutet", "Efter slutet")
    build(show)
    assert reported(show) == [(0, "Början"), (0.5, "Mitten"), (1.5, "Slutet")]


def test_markers_in_a_master_become_chapters_of_what_it_is_encoded_to(show: Path) -> None:
    (show / f"{THIRD}/samtal.mp3").unlink()
    shows.write(show, f"{THIRD}/samtal.wav", shows.marked_wav("Början", "Mitten"))
    build(show)
    assert reported(show) == [(0, "Början"), (0.5, "Mitten")]


def test_what_the_author_wrote_stands_before_what_the_recording_has(show: Path) -> None:
    mark(show, "Ur inspelningen")
    shows.write(show, f"{THIRD}/chapters.psc", shows.PSC)
    build(show)
    assert reported(show) == [(0, "Början"), (1.5, "Mer")]
    shows.edit(show, f"{THIRD}/episode.md", "status:", "chapters: [{start: 0, title: S}]\nstatus:")
    build(show)
    assert reported(show) == [(0, "S")]
    shows.edit(show, f"{THIRD}/episode.md", "[{start: 0, title: S}]", "[]")
    build(show)
    assert reported(show) == []


def test_chapters_without_a_title_and_a_late_beginning_are_the_same_everywhere(show: Path) -> None:
    shows.write(show, f"{THIRD}/labels.txt", "1.25\t1.25\t\n1,75\t1,8\tFrågan\n")
    build(show)
    assert reported(show) == [(0, "Inledning"), (1.25, "Kapitel 1"), (1.75, "Frågan")]
    shows.edit(show, f"{THIRD}/episode.md", "status:", "language: en\nstatus:")
    build(show)
    assert reported(show) == [(0, "Opening"), (1.25, "Chapter 1"), (1.75, "Frågan")]


def test_hidden_chapters_are_in_the_json_alone(show: Path) -> None:
    rows = "[{start: 0, title: A}, {start: 1, title: B, hidden: true}]"
    shows.edit(show, f"{THIRD}/episode.md", "status:", f"chapters: {rows}\nstatus:")
    build(show)
    assert in_json(show, "tredje") == [(0, "A"), (1, "B")]
    assert in_feed(show, "tredje") == in_sound(show, "tredje") == [(0, "A")]
    assert ">B<" not in (show / "public/episodes/tredje.html").read_text(encoding="utf-8")


CHANGES = {
    "markers": lambda show, word: mark(show, "Början", word),
    "Podlove": lambda show, word: shows.write(
        show, f"{THIRD}/chapters.psc", shows.PSC.replace("Mer", word)
    ),
    "labels": lambda show, word: shows.write(
        show, f"{THIRD}/labels.txt", f"0\t0\tBörjan\n1\t1\t{word}\n"
    ),
    "lines": lambda show, word: shows.write(
        show, f"{THIRD}/chapters.txt", f"00:00 Början\n00:01 {word}\n"
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_chapters_that_change_are_seen_wherever_they_are(
    name: str, show: Path, tmp_path: Path
) -> None:
    for number, word in enumerate(("Frågan", "Svaret")):
        CHANGES[name](show, word)
        build(show)
        assert reported(show)[1][1] == word
        fresh = shows.copy_inputs(show, tmp_path / f"fresh-{number}")
        build_show(str(fresh))
        assert_same_tree(show / "public", fresh / "public")


def test_a_new_name_on_a_marker_leaves_the_files_of_other_episodes_alone(show: Path) -> None:
    mark(show, "Början")
    build(show)
    before = (show / "public/media/andra.mp3").stat().st_mtime_ns
    mark(show, "Slutet")
    time.sleep(0.05)
    report, _ = build_show(str(show))
    assert "media/andra.mp3" not in report.changed
    assert {"chapters/tredje.json", "feed.xml", "media/tredje.mp3"} <= set(report.changed)
    assert (show / "public/media/andra.mp3").stat().st_mtime_ns == before


def test_another_picture_of_a_chapter_is_put_into_the_sound(show: Path, tmp_path: Path) -> None:
    build(show)
    tags = mutagen.id3.ID3(show / "public/media/forsta.mp3")
    (before,) = [one.sub_frames.getall("APIC") for one in tags.getall("CHAP") if one.start_time]
    shows.write(show, "episodes/001-forsta/bild.png", shows.png("plum", 400))
    build(show)
    tags = mutagen.id3.ID3(show / "public/media/forsta.mp3")
    (after,) = [one.sub_frames.getall("APIC") for one in tags.getall("CHAP") if one.start_time]
    assert before[0].data != after[0].data
    assert len(after[0].data) <= 30_000
    shutil.rmtree(show / "public")
    shutil.rmtree(show / ".avsnitt")
    build_show(str(show))
    again = mutagen.id3.ID3(show / "public/media/forsta.mp3")
    assert [one.sub_frames.getall("APIC") for one in again.getall("CHAP") if one.start_time] == [
        after
    ]
