"""The published copy, read back by programs that share no code with us."""

from __future__ import annotations

import subprocess
from typing import Any

import msgspec
import mutagen
import mutagen.id3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.support.audio_files import (
    CHAPTERS,
    ENCODERS,
    decoded_md5,
    ffmpeg,
    make_plan,
    packets_md5,
    probe,
    publish,
    run,
)

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.audio.io.tags.id3 import PADDING_BYTES, render_id3
from avsnitt.audio.io.tags.write import write_tagged
from avsnitt.audio.tag_plan import clean_line, clean_text
from avsnitt.model.show import Chapter
from avsnitt.problems.media_errors import AudioError

EVERY = pytest.mark.parametrize("ending", list(ENCODERS))


def measured(found: dict[str, Any]) -> dict[str, str]:
    """ffprobe's tags, of the container and of its first stream, in lower case."""
    tags = found["streams"][0].get("tags", {}) | found["format"].get("tags", {})
    return {name.lower(): text for name, text in tags.items()}


@EVERY
def test_ffprobe_reads_the_tags_we_wrote(recordings, cover, tmp_path, ending):
    tags = measured(probe(publish(recordings[ending], tmp_path, cover)))
    assert tags["title"] == "Vågar vi visa frågan – före svaret? 🎙"
    assert tags["artist"] == "Vera Lind, Åke Ö"
    assert tags["album"] == "Öppen kanal"
    assert tags["album_artist" if "album_artist" in tags else "albumartist"] == (
        "Exempelköpings kommun"
    )
    assert tags["genre"] == "Podcast"
    assert tags["track"] == "2"
    assert tags["copyright"] == "2026 Exempelköpings kommun. CC BY 4.0"
    assert tags["date"].startswith("2026-10-05")


@EVERY
def test_mediainfo_reads_the_title_and_finds_the_cover(recordings, cover, tmp_path, ending):
    path = publish(recordings[ending], tmp_path, cover)
    show = "General;%Title%|%Track%|%Album%|%Performer%|%Cover%"
    line = run("mediainfo", f"--Inform={show}", path).strip()
    assert "Vågar vi visa frågan – före svaret? " in line  # MediaInfo loses emoji in UTF-16
    assert "Öppen kanal" in line
    assert line.endswith("Yes")


@EVERY
def test_ffprobe_reads_the_chapters_to_the_millisecond(recordings, tmp_path, ending):
    chapters = probe(publish(recordings[ending], tmp_path))["chapters"]
    assert [c["tags"]["title"] for c in chapters] == [title for title, _, _ in CHAPTERS]
    starts = [float(c["start_time"]) * 1000 for c in chapters]
    assert all(abs(a - b) <= 1 for a, (_, b, _) in zip(starts, CHAPTERS, strict=True))


@pytest.mark.parametrize("ending", ["m4a", "opus", "ogg", "flac"])
def test_mediainfo_lists_the_chapters(recordings, tmp_path, ending):
    text = run("mediainfo", publish(recordings[ending], tmp_path))
    assert text.count("00:00:01.001") == (2 if ending == "m4a" else 1)
    assert "Svaret & <tystnaden> 🎙" in text


def test_mutagen_reads_every_id3_frame(recordings, cover, tmp_path):
    path = publish(recordings["mp3"], tmp_path, cover)
    tags = mutagen.id3.ID3(path, v2_version=3)
    assert tags.version == (2, 3, 0)
    assert tags["TGID"].text == ["6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b"]
    assert tags["WCOP"].url == "https://creativecommons.org/licenses/by/4.0/"
    assert tags["WOAF"].url == "https://podd.exempel.se/episodes/fragan.html"
    assert (tags["TYER"].text, tags["TDAT"].text, tags["TIME"].text) == (
        ["2026"], ["0510"], ["0700"],
    )  # fmt: skip
    assert tags["COMM::swe"].text == ["En mening om avsnittet."]
    assert tags["USLT::swe"].text == "Anteckningar.\n\nMed två stycken & <tecken>."
    assert "PCST" in tags
    assert tags.getall("APIC")[0].data == cover
    assert tags["TLEN"].text == ["3000"]
    assert b"WFED" + bytes((0, 0, 0, 34, 0, 0, 0)) + b"https://podd.exempel.se/feed.xml" in (
        path.read_bytes()
    )


def test_chapters_stand_in_time_order_under_one_table_of_contents(recordings, tmp_path):
    path = publish(recordings["mp3"], tmp_path)
    data = path.read_bytes()
    at = [
        data.index(name) for name in (b"CTOC", b"chp0\0\0\0\0\0", b"chp1\0\0\0\3", b"chp2\0\0\0\7")
    ]
    tags = mutagen.id3.ID3(path, v2_version=3)
    (contents,) = tags.getall("CTOC")
    assert contents.flags == 3
    assert contents.child_element_ids == ["chp0", "chp1", "chp2"]
    assert data.count(b"CHAP") == 3
    assert at == sorted(at)
    links = [chapter.sub_frames.getall("WXXX") for chapter in tags.getall("CHAP")]
    assert [link[0].url for link in links if link] == [
        "https://exempel.se/fr%C3%A5ga",
        "https://exempel.se/svar",
    ]


def test_our_id3_frames_are_the_ones_that_mutagen_itself_would_write(recordings, cover, tmp_path):
    plan = make_plan(chapters=())
    path = tmp_path / "tag.mp3"
    path.write_bytes(render_id3(plan, cover))
    tags = mutagen.id3.ID3(path, v2_version=3)
    again = tmp_path / "again.mp3"
    again.write_bytes(b"")
    tags.delall("WFED")  # mutagen has it as a URL frame
    tags.save(again, v1=0, v2_version=3, padding=lambda _: PADDING_BYTES)
    ours, theirs = frames_of(path.read_bytes()), frames_of(again.read_bytes())
    del ours[b"WFED"]
    assert ours == theirs


def frames_of(tag: bytes) -> dict[bytes, bytes]:
    found, at = {}, 10
    while tag[at : at + 1] not in (b"\0", b""):
        stop = at + 10 + int.from_bytes(tag[at + 4 : at + 8], "big")
        found[tag[at : at + 4]] = tag[at:stop]
        at = stop
    return found


def test_more_than_255_chapters_overflow_no_table(recordings, tmp_path):
    many = tuple(Chapter(start_ms=n * 10, end_ms=n * 10 + 10, title=f"Nr {n}") for n in range(300))
    path = publish(recordings["mp3"], tmp_path, chapters=many)
    tags = mutagen.id3.ID3(path, v2_version=3)
    assert len(tags.getall("CTOC")[0].child_element_ids) == 255
    assert len(probe(path)["chapters"]) == 300
    for ending, count in (("m4a", 300), ("ogg", 99)):
        found = probe(publish(recordings[ending], tmp_path, chapters=many))["chapters"]
        assert len(found) == count
    nero = mutagen.File(publish(recordings["m4a"], tmp_path, chapters=many)).chapters
    assert [len(nero), nero[254].title] == [255, "Nr 254"]


def test_a_long_title_does_not_break_the_list_of_nero(recordings, tmp_path):
    long = Chapter(start_ms=0, end_ms=1500, title="ö" * 200)
    rest = Chapter(start_ms=1500, end_ms=3000, title="Sedan")
    path = publish(recordings["m4a"], tmp_path, chapters=(long, rest))
    data = path.read_bytes()
    chpl = data[data.index(b"chpl") + 4 :]
    assert chpl[8] == 2
    assert chpl[17] <= 127
    assert chpl[18 : 18 + chpl[17]].decode().endswith("ö…")
    assert [c["tags"]["title"] for c in probe(path)["chapters"]][1] == "Sedan"


@EVERY
def test_the_first_chapter_may_start_late(recordings, tmp_path, ending):
    late = (Chapter(start_ms=1200, end_ms=3000, title="Sent"),)
    chapters = probe(publish(recordings[ending], tmp_path, chapters=late))["chapters"]
    found = [(round(float(c["start_time"]) * 1000), c["tags"]["title"]) for c in chapters]
    opening = [(0, make_plan().title)] if ending == "m4a" else []
    assert found == [*opening, (1200, "Sent")]


@EVERY
def test_the_recording_is_not_changed_and_the_audio_is_the_same(
    recordings, cover, tmp_path, ending
):
    source = recordings[ending]
    before = source.read_bytes(), source.stat().st_mtime_ns
    path = publish(source, tmp_path, cover)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
    assert packets_md5(path) == packets_md5(source)
    assert decoded_md5(path) == decoded_md5(source)
    assert read_audio_facts(path).digest == read_audio_facts(source).digest
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@EVERY
def test_the_same_tags_give_the_same_bytes(recordings, cover, tmp_path, ending):
    first = publish(recordings[ending], tmp_path, cover).read_bytes()
    assert publish(recordings[ending], tmp_path, cover).read_bytes() == first


@EVERY
def test_tagging_a_tagged_file_changes_nothing(recordings, cover, tmp_path, ending):
    once = publish(recordings[ending], tmp_path, cover)
    twice = tmp_path / f"twice.{ending}"
    write_tagged(once, twice, make_plan(), cover)
    assert once.read_bytes() == twice.read_bytes()


def test_an_mp4_starts_with_its_index_and_has_no_date(recordings, cover, tmp_path):
    data = publish(recordings["m4a"], tmp_path, cover).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    mvhd = data.index(b"mvhd") + 8
    assert data[mvhd : mvhd + 8] == bytes(8)
    assert b"Lavf" not in data
    assert data[8:12] == b"M4A "


def test_a_fragmented_mp4_becomes_a_plain_one(recordings, tmp_path):
    source = tmp_path / "live.m4a"
    ffmpeg("-i", recordings["m4a"], "-c", "copy", "-movflags", "frag_keyframe+empty_moov", source)
    path = publish(source, tmp_path)
    assert b"moof" not in path.read_bytes()
    assert packets_md5(path) == packets_md5(source)


def test_a_master_is_not_published_as_it_is(speech, tmp_path):
    with pytest.raises(AudioError, match="SOUND-001"):
        publish(speech, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_recording_is_never_its_own_target(recordings, tmp_path):
    source = tmp_path / "samtal.mp3"
    source.write_bytes(recordings["mp3"].read_bytes())
    with pytest.raises(ValueError, match="recording itself"):
        write_tagged(source, source, make_plan(), None)
    assert source.read_bytes() == recordings["mp3"].read_bytes()


ANY_TEXT = st.text(max_size=60)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=ANY_TEXT, notes=ANY_TEXT, names=st.lists(ANY_TEXT, max_size=4))
def test_any_text_is_read_back_from_the_tag(recordings, tmp_path, title, notes, names):
    title, notes = clean_line(title), clean_text(notes)
    chapters = tuple(
        Chapter(start_ms=n * 100, end_ms=n * 100 + 100, title=clean_line(name))
        for n, name in enumerate(names)
    )
    plan = msgspec.structs.replace(make_plan(), title=title, notes=notes, chapters=chapters)
    for ending in ("mp3", "opus", "flac"):
        path = tmp_path / f"any.{ending}"
        write_tagged(recordings[ending], path, plan, None)
        file = mutagen.File(path)
        if ending == "mp3":
            assert (str(file["TIT2"]) if title else "") == title
            assert (str(file["USLT::swe"]) if notes else "") == notes
            inside = [c.sub_frames.getall("TIT2") for c in file.tags.getall("CHAP")]
            assert [str(t[0]) if t else "" for t in inside] == [c.title for c in chapters]
        else:
            assert file.get("title", [""]) == [title]
            assert file.get("comment", [""]) == [notes]
            assert [file[f"CHAPTER{n:03}NAME"][0] for n in range(1, len(chapters) + 1)] == [
                c.title for c in chapters
            ]


def test_a_cut_recording_is_published_up_to_the_cut(recordings, tmp_path):
    source = tmp_path / "cut.m4a"
    ffmpeg("-i", recordings["m4a"], "-c", "copy", "-movflags", "+faststart", source)
    data = source.read_bytes()
    source.write_bytes(data[: len(data) * 2 // 3])
    facts = read_audio_facts(source)
    assert 1000 < facts.duration_ms < 2500
    path = publish(source, tmp_path, chapters=())
    assert abs(read_audio_facts(path).duration_ms - facts.duration_ms) < 60


def test_ffmpeg_reports_no_error_in_our_files(recordings, cover, tmp_path):
    for source in recordings.values():
        path = publish(source, tmp_path, cover)
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0:a", "-f", "null", "-"],
            capture_output=True,
            check=True,
        )
        assert done.stderr == b""


def test_a_large_cover_spans_the_pages_of_an_ogg_file(recordings, tmp_path):
    picture = tmp_path / "noise.jpg"
    Image.effect_noise((500, 500), 90).save(picture, quality=95)
    big = picture.read_bytes()
    assert len(big) > 65_536
    for ending in ("opus", "ogg"):
        path = publish(recordings[ending], tmp_path, big)
        assert packets_md5(path) == packets_md5(recordings[ending])
        assert decoded_md5(path) == decoded_md5(recordings[ending])
        assert [s["codec_type"] for s in probe(path)["streams"]] == ["audio", "video"]
