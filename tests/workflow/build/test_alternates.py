"""The same episode in other forms: published, tagged, counted, and left alone when not moved."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import mutagen
import pytest
from lxml import etree
from tests.support import shows
from tests.support.small_mp3 import encode_mp3

from avsnitt.workflow.build.build import build_show

NS = "{https://podcastindex.org/namespace/1.0}"
FIRST = "episodes/001-forsta"
SECRET = "Hemma hos Vera"


def with_alternates(root: Path, text: str, **files: bytes) -> Path:
    shows.edit(root, f"{FIRST}/episode.md", "people:", f"sound: samtal.mp3\n{text}\npeople:")
    for name, data in files.items():
        shows.write(root, f"{FIRST}/{name.replace('_', '.')}", data)
    return root


def forms(root: Path) -> list[Any]:
    channel = etree.fromstring((root / "public/feed.xml").read_bytes())[0]
    item = next(one for one in channel.iter("item") if one.findtext("guid")[:1] == "1")
    return list(item.findall(f"{NS}alternateEnclosure"))


def film(folder: Path) -> bytes:
    """Two seconds of a grey picture and a tone, with what a phone writes into a film."""
    if shutil.which("ffmpeg") is None:
        assert os.environ.get("CI") != "true", "ffmpeg is needed"
        pytest.skip("needs ffmpeg")
    target = folder / "film.mp4"
    sources = ("-f", "lavfi", "-i", "color=gray:s=64x36:d=2", "-f", "lavfi", "-i", "sine=d=2")
    metadata = ("-metadata", f"comment={SECRET}", "-metadata", "location=+59.2+15.2/")
    subprocess.run(
        ["ffmpeg", "-v", "error", *sources, *metadata, "-shortest", str(target)], check=True
    )
    return target.read_bytes()


def long_mp3(folder: Path) -> bytes:
    source, target = folder / "long.wav", folder / "long.mp3"
    source.write_bytes(shows.wav(440, 9.0))
    encode_mp3(source, target)
    return target.read_bytes()


def test_a_film_is_published_with_our_tags_and_without_the_phones(
    show: Path, tmp_path: Path
) -> None:
    data = film(tmp_path)
    assert SECRET.encode() in data
    assert b"loci" in data
    with_alternates(show, "alternates: [{file: film.mp4, height: 36, title: Film}]", film_mp4=data)
    build_show(str(show))
    published = (show / "public/media/forsta--film.mp4").read_bytes()
    assert SECRET.encode() not in published
    assert b"loci" not in published
    assert mutagen.File(show / "public/media/forsta--film.mp4")["\xa9nam"] == ["Vågar vi fråga?"]
    (found,) = forms(show)
    assert (found.get("type"), found.get("height")) == ("video/mp4", "36")
    assert int(found.get("length")) == len(published)
    assert int(found.get("bitrate")) > 1000


def test_the_checksum_is_of_the_bytes_that_are_published(show: Path) -> None:
    text = "alternates: [{file: liten.mp3}, {file: blad.pdf, rel: manus}]"
    with_alternates(show, text, liten_mp3=shows.mp3(show, 770), blad_pdf=b"%PDF ett blad")
    build_show(str(show))
    for found, name in zip(forms(show), ("liten.mp3", "blad.pdf"), strict=True):
        data = (show / f"public/media/forsta--{name}").read_bytes()
        proof = base64.b64encode(hashlib.sha384(data).digest()).decode()
        integrity = found.find(f"{NS}integrity")
        assert dict(integrity.attrib) == {"type": "sri", "value": f"sha384-{proof}"}
        assert found.get("length") == str(len(data))
    assert (show / "public/media/forsta--blad.pdf").read_bytes() == b"%PDF ett blad"


def test_chapters_follow_where_they_fit_and_the_language_is_its_own(
    show: Path, tmp_path: Path
) -> None:
    text = "alternates: [{file: same.mp3, lang: en}, {file: long.mp3}]"
    with_alternates(show, text, same_mp3=shows.mp3(show, 770), long_mp3=long_mp3(tmp_path))
    build_show(str(show))
    same = mutagen.File(show / "public/media/forsta--same.mp3").tags
    longer = mutagen.File(show / "public/media/forsta--long.mp3").tags
    assert (len(same.getall("CHAP")), same["TLAN"].text) == (2, ["eng"])
    assert (len(longer.getall("CHAP")), longer["TLAN"].text) == (0, ["swe"])


def test_a_film_whose_pictures_change_is_published_again(show: Path, tmp_path: Path) -> None:
    """As another form, and as the episode itself."""
    data = film(tmp_path)
    with_alternates(show, "alternates: [{file: film.mp4}]", film_mp4=data)
    (show / "episodes/002-andra/samtal.mp3").unlink()
    shows.write(show, "episodes/002-andra/film.mp4", data)
    finished = "making: {finished: true}\nstatus:"
    shows.edit(show, "episodes/002-andra/episode.md", "status:", finished)
    build_show(str(show))
    published = [show / "public/media" / name for name in ("forsta--film.mp4", "andra.mp4")]
    before = [path.read_bytes() for path in published]
    at = data.index(b"mdat") + 200
    other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    for folder in (FIRST, "episodes/002-andra"):
        shows.write(show, f"{folder}/film.mp4", other)
    build_show(str(show))
    assert [path.read_bytes() == old for path, old in zip(published, before, strict=True)] == [
        False,
        False,
    ]


def test_a_form_that_did_not_change_is_left_alone(show: Path) -> None:
    with_alternates(show, "alternates: [{file: blad.pdf}]", blad_pdf=b"%PDF ett blad")
    build_show(str(show))
    before = (show / "public/media/forsta--blad.pdf").stat()
    shows.edit(show, f"{FIRST}/episode.md", "Vågar vi fråga?", "Vågar vi?")
    report, _ = build_show(str(show))
    assert "media/forsta.mp3" in report.changed
    assert "media/forsta--blad.pdf" not in report.changed
    assert (show / "public/media/forsta--blad.pdf").stat().st_mtime_ns == before.st_mtime_ns


def test_nothing_of_another_form_is_published_before_the_episode_is(show: Path) -> None:
    with_alternates(show, "alternates: [{file: blad.pdf}]", blad_pdf=b"%PDF ett blad")
    shows.edit(show, f"{FIRST}/episode.md", "status: published", "status: recorded")
    build_show(str(show))
    assert list((show / "public/media").glob("forsta*")) == []


def test_a_stopped_run_leaves_no_form_behind(show: Path) -> None:
    """What it noted before it wrote is taken away when nobody wants it."""
    with_alternates(show, "alternates: [{file: blad.pdf}]", blad_pdf=b"%PDF ett blad")
    build_show(str(show))
    shows.write(show, ".avsnitt/unfinished", "file media/forsta--blad.pdf\n")
    (show / ".avsnitt/store.sqlite").unlink()
    shows.edit(show, f"{FIRST}/episode.md", "alternates: [{file: blad.pdf}]\n", "")
    build_show(str(show))
    assert not (show / "public/media/forsta--blad.pdf").exists()
