"""Every format has the same list of chapters, read back by other programs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.id3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from tests.support.audio_files import make_plan, probe, run

from avsnitt.audio.io.tags.write import write_tagged
from avsnitt.audio.tag_plan import plan_chapters
from avsnitt.formats.chapters.podcast_json import render_chapters_json
from avsnitt.formats.chapters.psc import render_psc
from avsnitt.formats.chapters.published import MOST_PICTURES, published_chapters
from avsnitt.formats.chapters.timestamps import render_timestamps
from avsnitt.images.io.convert import chapter_picture
from avsnitt.model.show import Chapter

ChapterTimes = list[tuple[int, str]]
"""The start of each chapter in ms, and its title."""

DURATION_MS = 3000
CHAPTERS = (
    Chapter(start_ms=0, title="Välkommen", url="https://exempel.se/fråga"),
    Chapter(start_ms=500, title="Dold", hidden=True),
    Chapter(start_ms=1_001, title="Svaret & <tystnaden>"),
    Chapter(start_ms=2_999, title="Tack – och hej då till er som lyssnade ända hit"),
)
LISTS = st.lists(
    st.builds(
        Chapter,
        start_ms=st.integers(0, DURATION_MS + 200),
        title=st.one_of(st.text(max_size=30), st.sampled_from(["", "å" * 63, "=;#\\", "\ufeffx"])),
        hidden=st.booleans(),
        end_ms=st.one_of(st.none(), st.integers(0, DURATION_MS)),
    ),
    max_size=6,
    unique_by=lambda chapter: chapter.start_ms,
)


def listed(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    return published_chapters(
        chapters, DURATION_MS, opening="Inledning", unnamed=lambda number: f"Kapitel {number}"
    )


def shown(chapters: tuple[Chapter, ...]) -> ChapterTimes:
    return [(one.start_ms, one.title) for one in chapters if not one.hidden]


def in_json(chapters: tuple[Chapter, ...]) -> ChapterTimes:
    rows = json.loads(render_chapters_json(chapters))["chapters"]
    return [(round(row["startTime"] * 1000), row["title"]) for row in rows if row.get("toc", True)]


def milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return round((int(hours) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000)


def in_psc(chapters: tuple[Chapter, ...]) -> ChapterTimes:
    root = etree.fromstring(render_psc(chapters).encode())
    return [(milliseconds(str(row.get("start"))), str(row.get("title"))) for row in root]


def in_id3(path: Path) -> ChapterTimes:
    """The chapters in the order of the file, as players show them that ignore the table of
    contents."""
    data, tags = path.read_bytes(), mutagen.id3.ID3(path, v2_version=3)
    frames = sorted(tags.getall("CHAP"), key=lambda one: data.index(f"{one.element_id}\0".encode(),
        data.index(b"CHAP")))  # fmt: skip
    return [(one.start_time, str(one.sub_frames["TIT2"])) for one in frames]


def in_nero(path: Path) -> ChapterTimes:
    chapters = mutagen.File(path).chapters
    return [(round(one.start * 1000), one.title) for one in chapters or ()]


def in_comments(path: Path) -> ChapterTimes:
    tags = mutagen.File(path)
    numbers = sorted(name for name in tags if re.fullmatch(r"chapter\d{3}", name))
    return [(milliseconds(tags[name][0]), tags[f"{name}name"][0]) for name in numbers]


def in_ffprobe(path: Path) -> ChapterTimes:
    return [
        (round(float(one["start_time"]) * 1000), one.get("tags", {}).get("title", ""))
        for one in probe(path)["chapters"]
    ]


def in_mediainfo(path: Path) -> list[ChapterTimes]:
    """One list of chapters; two for an MP4."""
    tracks = json.loads(run("mediainfo", "--Output=JSON", path))["media"]["track"]
    return [
        [
            (milliseconds("{}:{}:{}.{}".format(*name.strip("_").split("_"))), title)
            for name, title in track["extra"].items()
            if re.fullmatch(r"_\d\d_\d\d_\d\d_\d\d\d", name)
        ]
        for track in tracks
        if track["@type"] == "Menu"
    ]


CARRIERS: dict[str, Callable[[Path], ChapterTimes]] = {
    "mp3": in_id3,
    "m4a": in_nero,
    "opus": in_comments,
    "ogg": in_comments,
    "flac": in_comments,
}


def publish(source: Path, folder: Path, chapters: tuple[Chapter, ...], **files: bytes) -> Path:
    target = folder / f"published{source.suffix}"
    plan = make_plan(chapters=plan_chapters(chapters, DURATION_MS))
    write_tagged(source, target, plan, None, None, files)
    return target


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(LISTS)
def test_every_format_has_the_same_list(recordings, tmp_path, drawn) -> None:
    chapters = listed(tuple(drawn))
    expected = shown(chapters)
    assert in_json(chapters) == expected
    assert in_psc(chapters) == expected
    for ending, read in CARRIERS.items():
        assert (ending, read(publish(recordings[ending], tmp_path, chapters))) == (ending, expected)
    lines = [line.split(" ", 1) for line in render_timestamps(chapters)]
    assert not lines or lines == [[f"00:{ms // 1000:02}", title] for ms, title in expected]


@pytest.mark.parametrize("ending", CARRIERS)
def test_ffprobe_and_mutagen_read_the_same_titles_and_times(recordings, tmp_path, ending) -> None:
    chapters = listed(CHAPTERS)
    path = publish(recordings[ending], tmp_path, chapters)
    assert in_ffprobe(path) == CARRIERS[ending](path) == shown(chapters)


@pytest.mark.parametrize("ending", ["m4a", "opus", "ogg", "flac"])
def test_mediainfo_reads_the_same_titles_and_times(recordings, tmp_path, ending) -> None:
    """MediaInfo 23 does not read ID3's chapters; an MP4 has two lists, both whole."""
    chapters = listed(CHAPTERS)
    found = in_mediainfo(publish(recordings[ending], tmp_path, chapters))
    assert found == [shown(chapters)] * (2 if ending == "m4a" else 1)


def test_a_list_that_begins_late_begins_at_one_time_in_all_formats(recordings, tmp_path) -> None:
    chapters = listed((Chapter(start_ms=1200, title="Sent"),))
    assert shown(chapters) == [(0, "Inledning"), (1200, "Sent")]
    for ending in CARRIERS:
        path = publish(recordings[ending], tmp_path, chapters)
        assert in_ffprobe(path) == shown(chapters)


def noise(folder: Path, name: str) -> Path:
    path = folder / name
    Image.effect_noise((900, 1200), 120).convert("RGB").save(path)
    return path


def test_a_chapter_of_an_mp3_has_its_picture_and_its_link(recordings, tmp_path) -> None:
    picture = chapter_picture(noise(tmp_path, "a.png"))
    pictured = (
        Chapter(start_ms=0, title="A", image="a.png", url="https://exempel.se/å"),
        Chapter(start_ms=500, title="B", image="https://exempel.se/b.png"),
        Chapter(start_ms=900, title="C", image="a.png"),
    )
    path = publish(recordings["mp3"], tmp_path, listed(pictured), **{"a.png": picture})
    tags = mutagen.id3.ID3(path, v2_version=3)
    frames = sorted(tags.getall("CHAP"), key=lambda one: one.start_time)
    inside = [[name.partition(":")[0] for name in one.sub_frames] for one in frames]
    assert inside == [["TIT2", "WXXX", "APIC"], ["TIT2"], ["TIT2", "APIC"]]
    (found,) = frames[0].sub_frames.getall("APIC")
    assert (found.data, found.mime) == (picture, "image/jpeg")
    assert frames[0].sub_frames["WXXX:chapter url"].url == "https://exempel.se/%C3%A5"
    assert tags.getall("APIC") == []
    assert in_ffprobe(path) == [(0, "A"), (500, "B"), (900, "C")]
    assert run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-") == ""


def test_a_chapter_picture_is_made_small_and_has_no_metadata(tmp_path) -> None:
    data = chapter_picture(noise(tmp_path, "a.png"))
    assert len(data) <= 30_000
    (tmp_path / "small.jpg").write_bytes(data)
    with Image.open(tmp_path / "small.jpg") as small:
        assert (small.format, max(small.size) <= 300) == ("JPEG", True)
        assert dict(small.getexif()) == {}
    plain = tmp_path / "plain.png"
    Image.new("RGB", (900, 900), "teal").save(plain)
    with Image.open(io.BytesIO(chapter_picture(plain))) as small:
        assert small.size == (300, 300)


def test_no_more_than_the_most_pictures_are_planned() -> None:
    many = tuple(Chapter(start_ms=n, title=f"{n}", image="a.png") for n in range(40))
    assert sum(bool(one.image) for one in plan_chapters(many, DURATION_MS)) == MOST_PICTURES
