"""A whole show in, and all that it becomes, byte for byte.

`make golden` rewrites what it becomes; read the diff, for it is what the users get. Text is kept in
full. Of what other programs take part in making, `manifest.txt` keeps what is ours to promise:

- `bytes`: a digest of a file that is ours to the last byte (a picture with its metadata taken out);
- `tag` and `sound`: digests of an MP3's ID3 frames but for the cover, and of all after the tag; of
  other sound, the digest of its frames only; `film` of what an MP4 shows and plays;
- `picture`: format and size only, since encoders differ from version to version. The embedded
  cover is one, so a length or a checksum is held to the file it names and not to a value, and the
  size that a page shows is a star;
- `theme`: a copy of the theme's own file, whose changes need no second reader.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.support import shows

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.site.io.templates import THEME_FOLDER
from avsnitt.workflow.build.build import build_show

GOLDEN = Path(__file__).parent
SHOWS = sorted(path.parent.name for path in GOLDEN.glob("*/in"))
TEXTS = (".html", ".xml", ".json", ".vtt", ".srt", ".txt", ".css", ".js", ".svg", ".opml", ".ics")
REWRITE = os.environ.get("GOLDEN") == "rewrite"
SHOWN_SIZE = re.compile(rb"(\(MP3, )[^)]*\)")
MEDIA = rb'="[^"]*/media/([^"]+)"'
LENGTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"(?P<before><enclosure url" + MEDIA + rb' length=")(?P<length>\d+)',
        rb"(?P<before><podcast:trailer url" + MEDIA + rb'[^>]* length=")(?P<length>\d+)',
        rb'(?P<before>"url":"[^"]*/media/([^"]+)","mime_type":"[^"]+","size_in_bytes":)(?P<length>\d+)',
    )
)
ALTERNATE = re.compile(
    rb'(<podcast:alternateEnclosure [^>]*length=")(\d+)("[^>]*>\s*<podcast:source uri'
    + MEDIA
    + rb'[^>]*>)((?:\s*<podcast:source [^>]*>)*\s*<podcast:integrity type="sri" value=")?([^"]*)'
)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def id3_parts(data: bytes) -> tuple[bytes, bytes]:
    """The frames of an ID3v2.3 tag without its pictures, and what comes after the tag."""
    assert data[:5] == b"ID3\x03\x00"
    end = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    at, kept = 10, b""
    while at < end and data[at] != 0:
        size = 10 + int.from_bytes(data[at + 4 : at + 8])
        if data[at : at + 4] == b"CHAP":  # its picture comes last, and counts in its size
            kept += b"CHAP" + data[at + 10 : at + size].partition(b"APIC")[0]
        elif data[at : at + 4] != b"APIC":
            kept += data[at : at + size]
        at += size
    return kept, data[end:]


def describe(tree: Path, path: Path) -> str:
    """One line about a file that is not kept in full."""
    name = path.relative_to(tree).as_posix()
    theme = THEME_FOLDER / name
    if theme.is_file() and theme.read_bytes() == path.read_bytes():
        return f"{name}: theme"
    if path.suffix == ".mp3":
        tag, sound = id3_parts(path.read_bytes())
        return f"{name}: tag {digest(tag)}, sound {digest(sound)}"
    if path.suffix == ".mp4":
        return f"{name}: film {digest(film(path.read_bytes()))}"
    if path.suffix in (".opus", ".m4a"):
        return f"{name}: sound {read_audio_facts(path).digest}"
    if path.suffix in (".jpg", ".webp", ".avif"):
        with Image.open(path) as image:
            return f"{name}: picture {image.format} {image.width} x {image.height}"
    return f"{name}: bytes {digest(path.read_bytes())}"


def film(data: bytes) -> bytes:
    """The pictures and the sound of an MP4: its one `mdat`."""
    at = 0
    while data[at + 4 : at + 8] != b"mdat":
        at += int.from_bytes(data[at : at + 4], "big")
    return data[at + 8 : at + int.from_bytes(data[at : at + 4], "big")]


def is_text(tree: Path, path: Path) -> bool:
    theme = THEME_FOLDER / path.relative_to(tree)
    return path.suffix in TEXTS and not theme.is_file()


def with_lengths_checked(tree: Path, data: bytes) -> bytes:
    """The feed with a star for each length and checksum of a file, once they are known right."""

    def length(found: re.Match[bytes]) -> bytes:
        name = found[2].decode()
        assert int(found["length"]) == (tree / "media" / name).stat().st_size, name
        return found["before"] + b"*"

    def alternate(found: re.Match[bytes]) -> bytes:
        before, size, middle, name, integrity, value = found.groups()
        path = tree / "media" / name.decode()
        assert int(size) == path.stat().st_size, name
        if not integrity:
            return before + b"*" + middle + value
        proof = base64.b64encode(hashlib.sha384(path.read_bytes()).digest())
        assert value == b"sha384-" + proof, name
        return before + b"*" + middle + integrity + b"*"

    for pattern in LENGTHS:
        data = pattern.sub(length, data)
    return ALTERNATE.sub(alternate, data)


def golden_form(tree: Path) -> dict[str, bytes]:
    """What is kept of a tree: its texts by their paths, and the manifest."""
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    texts = {
        f"out/{path.relative_to(tree).as_posix()}": SHOWN_SIZE.sub(rb"\1*)", path.read_bytes())
        for path in files
        if is_text(tree, path)
    }
    texts |= {
        path: with_lengths_checked(tree, data)
        for path, data in texts.items()
        if re.fullmatch(r"out/feed[^/]*\.(xml|json)", path)
    }
    rows = [describe(tree, path) for path in files if not is_text(tree, path)]
    return texts | {"manifest.txt": "".join(f"{row}\n" for row in rows).encode()}


@pytest.mark.parametrize("name", SHOWS)
def test_a_whole_show_becomes_what_it_did_before(name: str, tmp_path: Path) -> None:
    home = GOLDEN / name
    show = shows.copy_inputs(home / "in", tmp_path / "show")
    build_show(str(show))
    found = golden_form(show / "public")
    if REWRITE:
        shutil.rmtree(home / "out", ignore_errors=True)
        for path, data in found.items():
            shows.write(home, path, data)
    kept = {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in [home / "manifest.txt", *(home / "out").rglob("*")]
        if path.is_file()
    }
    assert sorted(found) == sorted(kept)
    for path, data in found.items():
        assert data == kept[path], f"{path} differs: see make golden"
