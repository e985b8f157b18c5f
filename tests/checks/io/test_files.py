"""What is in a file, told without reading it all, and whatever is wrong with it."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest
from tests.support.audio_files import ffmpeg
from tests.support.audio_files import probe as ffprobe
from tests.support.linked_shows import id3, noise, picture, speech, text

from avsnitt.audio.containers.id3 import chapter_frames, contents_frames, parse_id3_tags, text_of
from avsnitt.audio.containers.probe import probe
from avsnitt.checks.files.chapters import CARRIED_RULES
from avsnitt.checks.files.run_rules import run_rules
from avsnitt.checks.io.files import mapped, probe_file, read_head, read_image
from avsnitt.checks.io.tags import READERS, read_tags

SECONDS = 60
FORMS = {
    "mp3": ("-c:a", "libmp3lame", "-b:a", "96k"),
    "vbr.mp3": ("-c:a", "libmp3lame", "-q:a", "4"),
    "bare.mp3": ("-c:a", "libmp3lame", "-b:a", "96k", "-write_xing", "0", "-id3v2_version", "0"),
    "m4a": ("-c:a", "aac", "-b:a", "96k"),
    "fast.m4a": ("-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"),
    "opus": ("-c:a", "libopus", "-b:a", "64k"),
    "ogg": ("-c:a", "libvorbis"),
    "flac": ("-c:a", "flac"),
}
META = """\
;FFMETADATA1
title=Vågar vi fråga?
album=Öppen kanal
artist=Vera Lind
genre=Podcast
date=2026-01-05
[CHAPTER]
TIMEBASE=1/1000
START=0
END=20000
title=Välkommen
[CHAPTER]
TIMEBASE=1/1000
START=20000
END=60000
title={title}
"""


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sounds")
    source, meta = folder / "speech.wav", folder / "meta.txt"
    source.write_bytes(speech(SECONDS))
    meta.write_text(META.format(title="Frågan"), encoding="utf-8")
    for name, options in FORMS.items():
        target = folder / f"samtal.{name}"
        ffmpeg(
            "-i", source, "-i", meta, "-map_metadata", "1", "-map_chapters", "1", *options, target
        )
    return {name: folder / f"samtal.{name}" for name in FORMS}


@pytest.mark.parametrize("name", FORMS)
def test_a_probe_agrees_with_ffprobe(sounds: dict[str, Path], name: str) -> None:
    seen, size = probe_file(os.fspath(sounds[name]))
    extra = ffprobe(sounds[name])
    stream = extra["streams"][0]
    assert size == sounds[name].stat().st_size
    assert seen.duration_ms == pytest.approx(float(extra["format"]["duration"]) * 1000, abs=60)
    assert (seen.sample_rate_hz, seen.channels) == (int(stream["sample_rate"]), stream["channels"])
    assert seen.bitrate_bps == pytest.approx(int(extra["format"]["bit_rate"]), rel=0.06)
    assert seen.flaws == ()
    assert seen.index_last is (name == "m4a")
    assert seen.variable is (name == "vbr.mp3")
    assert seen.described is (name in ("mp3", "vbr.mp3"))


@pytest.mark.parametrize("name", FORMS)
def test_a_file_that_was_cut_off_is_seen_to_be(sounds: dict[str, Path], name: str) -> None:
    data = sounds[name].read_bytes()
    for share in (0.503, 0.9):
        assert "cut" in probe(data[: int(len(data) * share)]).flaws


@pytest.mark.parametrize("name", FORMS)
def test_only_some_of_a_long_file_is_read(sounds: dict[str, Path], name: str) -> None:
    class Counted(bytes):
        """Counts the bytes that are taken out of it a piece at a time."""

        taken = 0

        def __getitem__(self, key: object) -> object:  # type: ignore[override]
            found = super().__getitem__(key)  # type: ignore[call-overload]
            Counted.taken += len(found) if isinstance(found, bytes) else 1
            return found

    Counted.taken = 0
    data = Counted(sounds[name].read_bytes())
    probe(data)
    assert 0 < Counted.taken < 800_000


@pytest.mark.parametrize("name", [name for name in FORMS if name != "bare.mp3"])
def test_tags_and_chapters_are_read_from_what_others_wrote(
    sounds: dict[str, Path], name: str
) -> None:
    path = os.fspath(sounds[name])
    found = read_tags(path, probe_file(path)[0].kind)
    assert found is not None
    texts = found.texts
    assert (texts.title, texts.album) == ("Vågar vi fråga?", "Öppen kanal")
    assert (texts.artist, texts.genre, texts.date) == ("Vera Lind", "Podcast", "2026-01-05")
    assert found.chapters or name in ("ogg", "flac"), "ffmpeg writes no chapters in these"
    for listed in found.chapters:
        rows = [(one.start_ms, one.title) for one in listed.chapters]
        assert rows == [(0, "Välkommen"), (20_000, "Frågan")], listed.carrier


def test_an_mp4_has_both_its_lists_read(sounds: dict[str, Path]) -> None:
    found = read_tags(os.fspath(sounds["m4a"]), "mp4")
    assert found
    assert [one.carrier for one in found.chapters] == ["nero", "quicktime"]


def test_words_that_the_sound_does_not_name_are_no_chapters(
    sounds: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "a.m4a"
    whole = sounds["m4a"].read_bytes()
    path.write_bytes(whole.replace(b"\0\0\0\x0cchap", b"\0\0\0\x0cfree"))
    found = read_tags(os.fspath(path), "mp4")
    assert found
    assert path.read_bytes() != whole
    assert [one.carrier for one in found.chapters] == ["nero"]


def test_a_title_that_antennapod_cannot_count_is_reported(tmp_path: Path) -> None:
    (tmp_path / "speech.wav").write_bytes(speech(4))
    (tmp_path / "meta.txt").write_text(META.format(title="å" * 70), encoding="utf-8")
    ffmpeg(
        "-i", tmp_path / "speech.wav", "-i", tmp_path / "meta.txt", "-map_metadata", "1",
        "-map_chapters", "1", "-c:a", "aac", tmp_path / "a.m4a",
    )  # fmt: skip
    found = read_tags(os.fspath(tmp_path / "a.m4a"), "mp4")
    assert found
    assert [one.code for one in run_rules(CARRIED_RULES, found)] == ["CHP-010"]


# ID3, byte by byte


def test_mutagens_frames_are_found_as_they_stand(tmp_path: Path) -> None:
    import mutagen.id3 as m

    path = tmp_path / "a.mp3"
    path.write_bytes(b"\xff\xfb" + bytes(10))
    for version in (3, 4):
        tag = m.ID3()
        tag.add(m.TIT2(encoding=1, text=["Vågar vi?"]))
        tag.add(m.CTOC(element_id="toc", flags=3, child_element_ids=["a", "b"], sub_frames=[]))
        for name, start_ms in (("a", 0), ("b", 5000)):
            title = m.TIT2(encoding=3 if version == 4 else 1, text=[f"Kapitel {name}"])
            tag.add(m.CHAP(element_id=name, start_time=start_ms, end_time=9, sub_frames=[title]))
        tag.save(path, v2_version=version)
        (read,) = parse_id3_tags(path.read_bytes())
        assert read.version == version
        assert text_of(read.first("TIT2")) == "Vågar vi?"
        marks = sorted(chapter_frames(read))
        assert [(one.element, one.start_ms, one.title) for one in marks] == [
            ("a", 0, "Kapitel a"),
            ("b", 5000, "Kapitel b"),
        ]
        (contents,) = contents_frames(read)
        assert (contents.top, contents.ordered, contents.children) == (True, True, ("a", "b"))


def test_a_compressed_frame_is_never_decompressed() -> None:
    import zlib

    packed = zlib.compress(bytes(10_000_000))
    frame = b"TIT2" + len(packed).to_bytes(4, "big") + b"\0\x80" + packed
    head = b"ID3\3\0\0" + bytes(((len(frame) >> shift) & 127) for shift in (21, 14, 7, 0))
    (read,) = parse_id3_tags(head + frame + b"\xff\xfb")
    assert [(one.name, one.body) for one in read.frames] == [("TIT2", b"")]


def test_tags_at_the_end_are_found(tmp_path: Path, sounds: dict[str, Path]) -> None:
    import mutagen.apev2

    path = tmp_path / "a.mp3"
    path.write_bytes(id3([("TIT2", text("Ny"))]) + sounds["bare.mp3"].read_bytes())
    ape = mutagen.apev2.APEv2()
    ape["Title"], ape["Artist"] = "Gammal", "Någon"
    ape.save(path)
    with path.open("ab") as stream:
        stream.write(b"TAG" + "Äldst".encode("latin-1").ljust(125, b"\0"))
    found = read_tags(os.fspath(path), "mp3")
    assert found
    assert found.id3
    assert found.id3.ape == ("Gammal", "Någon", "")
    assert found.id3.old == ("Äldst", "", "")


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def test_a_file_with_a_million_tags_is_not_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    ilst = box(b"ilst", box(b"free", b"") * 1_000_000)
    path.write_bytes(
        box(b"ftyp", b"M4A ")
        + box(b"moov", box(b"udta", box(b"meta", bytes(4) + ilst)))
        + box(b"mdat", b"")
    )
    found = read_tags(os.fspath(path), "mp4")
    assert found
    assert found.texts.title == ""
    comments = bytes(4) + (1_000_000).to_bytes(4, "little") + b"\2\0\0\0a=" * 1_000_000
    block = b"\x84" + len(comments).to_bytes(3, "big") + comments
    path.write_bytes(b"fLaC" + block)
    assert read_tags(os.fspath(path), "flac")


# Pictures


@pytest.mark.parametrize(
    ("kind", "mode", "alpha"),
    [("PNG", "RGBA", True), ("PNG", "P", False), ("PNG", "L", False), ("JPEG", "CMYK", False)],
)
def test_a_pictures_header_is_read(tmp_path: Path, kind: str, mode: str, *, alpha: bool) -> None:
    path = tmp_path / "a"
    path.write_bytes(picture(30, 20, mode, kind))
    seen = read_image(os.fspath(path))
    assert (seen.format, seen.mode, seen.alpha) == (kind, mode, alpha)
    assert (seen.width, seen.height, seen.error) == (30, 20, None)


def test_a_picture_says_its_dots_and_its_colours(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = tmp_path / "a.jpg"
    path.write_bytes(
        picture(30, kind="JPEG", dpi=(300, 300), icc_profile=profile, progressive=True)
    )
    seen = read_image(os.fspath(path))
    assert (seen.dpi, seen.progressive) == (300, True)
    assert "sRGB" in seen.profile


def test_a_picture_that_would_fill_the_memory_is_not_opened(tmp_path: Path) -> None:
    bomb = bytearray(picture(10))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    path = tmp_path / "a.png"
    path.write_bytes(bomb)
    assert read_image(os.fspath(path)).error


# What is not a file


def test_a_file_that_cannot_be_read_gives_empty_facts(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        assert probe_file(os.fspath(path))[1] == 0
        assert read_head(os.fspath(path)) == b""
        assert read_image(os.fspath(path)).error
        assert read_tags(os.fspath(path), "mp3") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp3")
    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(probe_file(os.fspath(tmp_path / "a.mp3"))[1]), daemon=True
    )
    thread.start()
    thread.join(5)
    assert found == [0]


# Anything at all


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The same file with some of it changed, taken out or cut off."""
    body = bytearray(data)
    for _ in range(chance.randrange(1, 20)):
        at = chance.randrange(min(len(body), chance.choice((64, 2048, len(body)))))
        what = chance.randrange(4)
        if what == 0:
            body[at] = chance.randrange(256)
        elif what == 1:
            body[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"))
        elif what == 2:
            del body[at : at + chance.randrange(1, 40)]
        else:
            body[at:at] = chance.randbytes(chance.randrange(1, 40))
        if len(body) < 8:
            break
    return bytes(body[: chance.randrange(1, len(body) + 1)] if chance.random() < 0.3 else body)


@pytest.mark.parametrize("name", FORMS)
def test_no_damage_to_an_audio_file_raises_anything(
    sounds: dict[str, Path], tmp_path: Path, name: str
) -> None:
    chance = random.Random(name)  # noqa: S311
    whole = sounds[name].read_bytes()
    data = whole[:40_000] + whole[-80_000:]
    path = tmp_path / "damaged"
    for _ in range(150):
        path.write_bytes(damaged(data, chance))
        seen, _ = probe_file(os.fspath(path))
        assert seen.duration_ms >= 0
        for kind in {seen.kind, *READERS}:
            found = read_tags(os.fspath(path), kind)
            if found:
                list(run_rules(CARRIED_RULES, found))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_no_damage_to_a_picture_raises_anything(tmp_path: Path, kind: str) -> None:
    from PIL import Image

    chance = random.Random(kind)  # noqa: S311
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(64, kind=kind, exif=exif.tobytes(), dpi=(72, 72))
    path = tmp_path / "damaged"
    for _ in range(400):
        body = damaged(data, chance)
        path.write_bytes(body)
        read_image(os.fspath(path))
        path.write_bytes(id3([("APIC", b"\0image/png\0\3\0" + body)]))
        read_tags(os.fspath(path), "mp3")


def test_a_small_file_is_read_and_a_large_one_mapped(tmp_path: Path) -> None:
    for size in (0, 10, 64 << 10, (64 << 10) + 1):
        path = tmp_path / f"{size}"
        path.write_bytes(noise(1, 1)[:1] * size)
        with mapped(os.fspath(path)) as data:
            assert len(data) == size
