"""Private data of editors and phones in a recording is not in its published copy."""

from __future__ import annotations

from pathlib import Path

import mutagen
import mutagen.flac
import mutagen.id3
import pytest
from tests.support.audio_files import PLACE, SECRET, ffmpeg, packets_md5, probe, publish

from avsnitt.audio.containers.mp3 import parse_mpeg
from avsnitt.audio.io.decode.facts import read_audio_facts


def dirty_mp3(source: Path, target: Path) -> None:
    """An MP3 with private data of editors and phones in every place that holds a tag."""
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.PRIV(owner="editor", data=SECRET.encode()))
    tags.add(mutagen.id3.GEOB(encoding=0, mime="x", filename="C:/u/x", desc="", data=b"x" * 9))
    tags.add(mutagen.id3.TXXX(encoding=3, desc="password", text=[SECRET]))
    tags.add(mutagen.id3.TXXX(encoding=3, desc="location", text=[PLACE]))
    head = target.with_suffix(".tag")
    head.write_bytes(b"")
    tags.save(head, v1=0)
    one = head.read_bytes()
    frames = source.read_bytes()[read_frames_start(source) :]
    half = len(frames) // 2
    ape = ape_tag(SECRET)
    lyrics = b"LYRICSBEGIN" + SECRET.encode() + b"%06dLYRICS200" % (11 + len(SECRET))
    id3v1 = (b"TAG" + SECRET.encode()).ljust(128, b"\0")
    target.write_bytes(one + one + frames[:half] + one + frames[half:] + one + ape + lyrics + id3v1)


def read_frames_start(source: Path) -> int:
    return parse_mpeg(source.read_bytes()).frames[0][0]


def ape_tag(value: str) -> bytes:
    item = len(value).to_bytes(4, "little") + bytes(4) + b"Password\0" + value.encode()
    footer = (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little")
    footer += (1).to_bytes(4, "little")
    return (
        b"APETAGEX" + footer + b"\0\0\0\xa0" + bytes(8) + item
        + b"APETAGEX" + footer + b"\0\0\0\x80" + bytes(8)
    )  # fmt: skip


def assert_clean(path: Path) -> None:
    data = path.read_bytes()
    for secret in (SECRET.encode(), SECRET.encode("utf-16-le"), PLACE.encode(), b"C:/u/x"):
        assert secret not in data


def test_no_private_data_is_copied_from_an_mp3(recordings, tmp_path):
    source = tmp_path / "dirty.mp3"
    dirty_mp3(recordings["mp3"], source)
    path = publish(source, tmp_path)
    assert_clean(path)
    assert (
        abs(read_audio_facts(path).duration_ms - read_audio_facts(recordings["mp3"]).duration_ms)
        < 80
    )


def test_no_private_data_is_copied_from_an_mp4(recordings, tmp_path):
    source = tmp_path / "dirty.m4a"
    ffmpeg(
        "-i", recordings["m4a"], "-c", "copy", "-metadata", f"location={PLACE}",
        "-metadata", f"comment={SECRET}", "-metadata:s:a", f"handler_name={SECRET}",
        "-metadata", "creation_time=2026-01-01T00:00:00Z", "-movflags", "use_metadata_tags",
        source,
    )  # fmt: skip
    uuid = b"uuid" + bytes(range(16)) + SECRET.encode()
    with source.open("ab") as file:
        file.write((len(uuid) + 4).to_bytes(4, "big") + uuid)
        file.write((12 + len(SECRET)).to_bytes(4, "big") + b"free" + SECRET.encode() + bytes(4))
    assert SECRET.encode() in source.read_bytes()
    assert PLACE.encode() in source.read_bytes()
    assert_clean(publish(source, tmp_path))


@pytest.mark.parametrize("ending", ["opus", "ogg", "flac"])
def test_no_private_data_is_copied_from_xiph_comments(recordings, tmp_path, ending):
    source = tmp_path / f"dirty.{ending}"
    source.write_bytes(recordings[ending].read_bytes())
    file = mutagen.File(source)
    file["PASSWORD"] = SECRET
    file["LOCATION"] = PLACE
    if ending == "flac":
        hidden = mutagen.flac.Picture()
        hidden.data = SECRET.encode()
        file.add_picture(hidden)
        file.metadata_blocks.append(mutagen.flac.MetadataBlock(SECRET.encode()))
        file.metadata_blocks[-1].code = 2
    file.save(padding=lambda _: 5000)
    if ending == "flac":
        tags = mutagen.id3.ID3()
        tags.add(mutagen.id3.TXXX(encoding=3, desc="password", text=[SECRET]))
        tags.save(source)
    assert SECRET.encode() in source.read_bytes()
    path = publish(source, tmp_path)
    assert_clean(path)
    assert packets_md5(path) == packets_md5(recordings[ending])


def test_bytes_behind_opus_comments_are_not_copied(recordings, tmp_path):
    source = tmp_path / "dirty.opus"
    source.write_bytes(recordings["opus"].read_bytes())
    file = mutagen.File(source)
    file.tags._pad_data = b"\x01" + SECRET.encode()
    file.save()
    assert SECRET.encode() in source.read_bytes()
    assert_clean(publish(source, tmp_path))


def test_two_opus_recordings_in_a_chain_both_lose_their_comments(recordings, tmp_path):
    one, two = tmp_path / "one.opus", tmp_path / "two.opus"
    for path, secret in ((one, SECRET), (two, PLACE)):
        ffmpeg("-i", recordings["mp3"], "-c:a", "libopus", "-serial_offset", str(len(secret)), path)
        file = mutagen.File(path)
        file["PASSWORD"] = secret
        file.save()
    chain = tmp_path / "chain.opus"
    chain.write_bytes(one.read_bytes() + two.read_bytes())
    assert abs(read_audio_facts(chain).duration_ms - 6000) <= 30
    path = publish(chain, tmp_path, chapters=())
    assert_clean(path)
    assert read_audio_facts(path) == read_audio_facts(chain)


def test_a_film_keeps_its_pictures(recordings, tmp_path):
    source = tmp_path / "film.mp4"
    ffmpeg(
        "-f", "lavfi", "-i", "testsrc=s=64x48:r=5:d=3", "-i", recordings["m4a"], "-map", "0:v",
        "-map", "1:a", "-c:a", "copy", "-metadata", f"location={PLACE}", source,
    )  # fmt: skip
    path = publish(source, tmp_path)
    assert [s["codec_type"] for s in probe(path)["streams"]] == ["audio", "video", "data"]
    assert packets_md5(path) == packets_md5(source)
    assert_clean(path)
