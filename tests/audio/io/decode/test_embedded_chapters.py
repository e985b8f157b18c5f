"""The chapters in a recording, as FFmpeg and mutagen write them, and as ffprobe reads them."""

from __future__ import annotations

from pathlib import Path

import mutagen
import mutagen.id3
import pytest
from tests.support.audio_files import ffmpeg, make_plan, probe
from tests.support.chaptered_audio import cue_chunks, mark_aiff, mark_by_ffmpeg, mark_wave

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.audio.io.tags.write import write_tagged
from avsnitt.model.show import Chapter

MARKS = ((0, "Välkommen"), (1_001, "Frågan & svaret 🎙"), (1_400, "爱"))


def found(path: Path) -> list[tuple[int, str]]:
    return [(one.start_ms, one.title) for one in read_audio_facts(path).chapters]


def probed(path: Path) -> list[tuple[int, str]]:
    return [
        (round(float(one["start_time"]) * 1000), one.get("tags", {}).get("title", ""))
        for one in probe(path)["chapters"]
    ]


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("mp3", ("-id3v2_version", "3")),
        ("mp3", ("-id3v2_version", "4")),
        ("m4a", ()),
        ("m4a", ("-movflags", "disable_chpl")),
        ("opus", ()),
    ],
)
def test_chapters_that_ffmpeg_wrote_are_found(recordings, tmp_path, ending, options):
    path = mark_by_ffmpeg(recordings[ending], tmp_path / f"a.{ending}", MARKS, *options)
    assert found(path) == list(MARKS)


@pytest.mark.parametrize("ending", ["opus", "ogg", "flac"])
@pytest.mark.parametrize("first", [0, 1])
def test_chapters_in_comments_are_found_from_whatever_number(recordings, tmp_path, ending, first):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(recordings[ending].read_bytes())
    file = mutagen.File(path)
    for number, (at_ms, name) in enumerate(MARKS, first):
        file[f"chapter{number:03}"] = f"00:00:0{at_ms / 1000:.3f}"
        file[f"CHAPTER{number:03}NAME"] = name
        file[f"CHAPTER{number:03}URL"] = f"https://e.se/{number}"
    file["CHAPTER007"] = "snart"
    file.save()
    assert found(path) == list(MARKS)
    assert read_audio_facts(path).chapters[2].url == f"https://e.se/{first + 2}"


@pytest.mark.parametrize("ending", ["mkv", "mov"])
def test_chapters_that_only_a_demuxer_knows_are_found(recordings, tmp_path, ending):
    path = mark_by_ffmpeg(recordings["m4a"], tmp_path / f"a.{ending}", MARKS)
    assert found(path) == list(MARKS)


def test_nero_chapters_without_a_track_are_found(recordings, tmp_path):
    path = mark_by_ffmpeg(recordings["m4a"], tmp_path / "a.m4a", MARKS)
    path.write_bytes(path.read_bytes().replace(b"chap", b"free"))
    assert found(path) == list(MARKS)


def test_chapters_that_we_wrote_are_found_again(recordings, tmp_path):
    chapters = make_plan().chapters
    for ending, source in recordings.items():
        path = tmp_path / f"published.{ending}"
        write_tagged(source, path, make_plan(), None)
        assert found(path) == [(one.start_ms, one.title) for one in chapters]
        links = [one.url for one in read_audio_facts(path).chapters]
        assert links == ([one.url for one in chapters] if ending != "m4a" else [""] * 3)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [1, 3])
def test_chapters_that_mutagen_wrote_are_found_with_their_links(
    recordings, tmp_path, version, encoding
):
    path = tmp_path / "a.mp3"
    path.write_bytes(recordings["mp3"].read_bytes())
    tags = mutagen.id3.ID3()
    for number, (at_ms, name) in enumerate(MARKS):
        inside = [
            mutagen.id3.TIT2(encoding=encoding, text=[name]),
            mutagen.id3.APIC(encoding=0, mime="image/png", type=0, desc="", data=b"CHAP" * 90),
            mutagen.id3.WXXX(encoding=encoding, desc="länk", url=f"https://e.se/{number}"),
        ]
        tags.add(
            mutagen.id3.CHAP(
                element_id=f"c{number}", start_time=at_ms, end_time=at_ms + 1, sub_frames=inside
            )
        )
    tags.save(path, v2_version=version, v1=0)
    assert found(path) == list(MARKS)
    assert [one.url for one in read_audio_facts(path).chapters] == [
        f"https://e.se/{number}" for number in range(3)
    ]


@pytest.mark.parametrize("region", [False, True])
def test_named_markers_in_a_wav_are_found_as_ffprobe_finds_them(speech, tmp_path, region):
    path = mark_wave(speech, tmp_path / "a.wav", MARKS, region=region)
    assert found(path) == list(MARKS)
    assert [at_ms for at_ms, _ in probed(path)] == [at_ms for at_ms, _ in MARKS]
    if not region:  # for ffprobe the name ends the list
        assert probed(path) == list(MARKS)


@pytest.mark.parametrize("magic", [b"RF64", b"BW64"])
def test_markers_behind_64_bit_sizes_are_found(speech, tmp_path, magic):
    path = tmp_path / "a.wav"
    ffmpeg("-i", speech, "-c", "copy", "-rf64", "always", path)
    data = path.read_bytes()
    assert data[:4] == b"RF64"
    at = data.index(b"data") + 4
    large = data[:at] + b"\xff" * 4 + data[at + 4 :] + cue_chunks(MARKS, 48_000)
    path.write_bytes(magic + large[4:])
    assert found(path) == list(MARKS)


def test_a_marker_without_a_name_or_with_a_number_for_one_is_no_chapter(speech, tmp_path):
    path = mark_wave(speech, tmp_path / "a.wav", ((0, "A"), (500, ""), (1000, "02"), (1500, "B")))
    assert found(path) == [(0, "A"), (1500, "B")]


def test_named_markers_in_an_aiff_are_found(speech, tmp_path):
    source = tmp_path / "a.aiff"
    ffmpeg("-i", speech, source)
    assert found(mark_aiff(source, source, MARKS)) == list(MARKS)


def test_chapters_in_the_id3_tag_of_a_wav_are_found(speech, recordings, tmp_path):
    from mutagen.wave import WAVE

    path = tmp_path / "a.wav"
    path.write_bytes(speech.read_bytes())
    wave = WAVE(path)
    wave.add_tags()
    for number, (at_ms, name) in enumerate(MARKS):
        inside = [mutagen.id3.TIT2(encoding=3, text=[name])]
        wave.tags.add(
            mutagen.id3.CHAP(
                element_id=f"c{number}", start_time=at_ms, end_time=at_ms + 1, sub_frames=inside
            )
        )
    wave.save()
    assert found(path) == list(MARKS)


def test_a_recording_without_chapters_has_none(recordings, speech):
    assert [read_audio_facts(path).chapters for path in (*recordings.values(), speech)] == [()] * 6


def test_markers_do_not_change_the_digest(speech, tmp_path):
    marked = read_audio_facts(mark_wave(speech, tmp_path / "a.wav", MARKS))
    assert marked.digest == read_audio_facts(speech).digest
    assert marked.chapters != ()


def test_no_more_than_a_thousand_chapters_are_read(recordings, tmp_path):
    many = tuple((n, f"Nr {n}") for n in range(1_200))
    path = mark_by_ffmpeg(recordings["mp3"], tmp_path / "a.mp3", many)
    assert len(found(path)) == 1_000
    assert read_audio_facts(path).chapters[0] == Chapter(start_ms=0, title="Nr 0")
