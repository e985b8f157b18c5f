"""What a published picture consists of, part by part, read without any of our own code."""

from __future__ import annotations

import io
import re

from PIL import Image

PARTS: dict[str, frozenset[str]] = {
    "JPEG": frozenset(
        "APP0 APP2 APP14 DQT DHT DRI SOF0 SOF1 SOF2 SOS EOI".split()
    ),  # ISO 10918-1, table B.1
    "PNG": frozenset("IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP pHYs".split()),
    "WEBP": frozenset({"VP8 ", "VP8L"}),
    "AVIF": frozenset({"ftyp", "meta", "mdat"}),
}
"""All that may be there; an `Exif` item of AVIF would be named in its `meta`."""
PRIVATE = {"exif", "xmp", "comment", "photoshop"}
MARKERS = {0xC4: "DHT", 0xDB: "DQT", 0xDD: "DRI", 0xDA: "SOS", 0xD9: "EOI", 0xFE: "COM"}


def scan(data: bytes) -> tuple[str, set[str]]:
    """The format, and the names of the parts; what lies outside all of them is called `after`."""
    with Image.open(io.BytesIO(data)) as image:
        kind = str(image.format)
        image.load()
        reported = {f"info {name}" for name in PRIVATE & image.info.keys()}
        reported |= {f"exif {tag}" for tag in image.getexif()}
    parts = {"JPEG": jpeg, "PNG": png, "WEBP": webp, "AVIF": boxes}[kind](data)
    return kind, parts | reported


def jpeg(data: bytes) -> set[str]:
    found, at = set(), 2
    while True:
        assert data[at] == 0xFF
        marker = data[at + 1]
        name = MARKERS.get(marker) or (f"APP{marker - 0xE0}" if 0xE0 <= marker < 0xF0 else "")
        found.add(name or (f"SOF{marker - 0xC0}" if 0xC0 <= marker < 0xD0 else f"{marker:x}"))
        if name == "EOI":
            return found | ({"after"} if data[at + 2 :] else set())
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if name == "APP0":
            assert length == 16, "a thumbnail"
        at += 2 + length
        if name == "SOS":
            end = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL).search(data, at)
            assert end is not None
            at = end.start()


def png(data: bytes) -> set[str]:
    found, at = set(), 8
    while at < len(data):
        name = data[at + 4 : at + 8].decode("latin-1")
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        found.add(name if "IEND" not in found else "after")
    return found


def webp(data: bytes) -> set[str]:
    found, at = set(), 12
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found.add(data[at : at + 4].decode("latin-1"))
        at += 8 + size + size % 2
    return found


def boxes(data: bytes) -> set[str]:
    found, at = set(), 0
    while at < len(data):
        found.add(data[at + 4 : at + 8].decode("latin-1"))
        size = int.from_bytes(data[at : at + 4], "big")
        if found == {"ftyp", "meta"}:
            names = re.findall(rb"infe\x02.{3}.{4}(.{4})", data[at : at + size], re.DOTALL)
            found |= {name.decode("latin-1") for name in names if name != b"av01"}
        at += size
    return found


def excess(data: bytes) -> set[str]:
    """The parts that a picture should not have."""
    kind, parts = scan(data)
    return parts - PARTS[kind]
