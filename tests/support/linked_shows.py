"""A show that every rule on linked files lets pass, and the means to break it in one place."""

from __future__ import annotations

import io
import math
import os
import random
import re
import struct
import wave
from collections.abc import Callable
from functools import cache
from pathlib import Path

from lxml import etree
from PIL import Image
from tests.support import shows
from tests.support.small_mp3 import encode_mp3

from avsnitt.audio.containers.id3 import parse_id3_tags
from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.files import declared
from avsnitt.problems.codes import SEVERITIES
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity
from avsnitt.workflow.check.linked_files import check_linked_files, local_locator

ADDRESS = "https://podd.exempel.se/feed.xml"
SECONDS = 20
RATE_HZ = 44_100
MATTER = """\
---
guid: 11111111-1111-4111-8111-111111111111
title: Vågar vi fråga?
status: published
published: 2026-01-05 07:00
summary: Ett första samtal.
people:
  - {id: ake, role: guest}
chapters:
  - {start: "0", title: Välkommen, image: zebra.png}
  - {start: "5", title: Frågan, url: "https://exempel.se/"}
  - {start: "12.5", title: Svaret}
cover_alt: En fråga.
---
Anteckningar.
"""
VTT = """\
WEBVTT

00:00.000 --> 00:09.000
<v Vera Lind>Hej och välkommen.

00:10.000 --> 00:19.500
<v Åke Ö>Tack & hej!
"""
Findings = set[tuple[str, Severity]]
Frames = list[tuple[str, bytes]]


@cache
def speech(seconds: float = SECONDS, rate_hz: int = RATE_HZ, channels: int = 1) -> bytes:
    """Tones, noise and silence by turns, as a WAV."""
    chance = random.Random(1)  # noqa: S311
    samples = bytearray()
    for step in range(int(seconds * rate_hz)):
        kind = step // rate_hz % 4
        value = int(8000 * math.sin(math.tau * 440 * step / rate_hz)) if kind < 2 else 0
        value = chance.randrange(-9000, 9000) if kind == 2 else value
        samples += struct.pack("<h", value) * channels
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(bytes(samples))
    return stream.getvalue()


_RECORDING: list[bytes] = []


def recording(folder: Path) -> bytes:
    """The speech as an MP3 with one bitrate, made once a process."""
    if not _RECORDING:
        source, target = folder / ".speech.wav", folder / ".speech.mp3"
        source.write_bytes(speech())
        encode_mp3(source, target)
        _RECORDING.append(target.read_bytes())
        source.unlink()
        target.unlink()
    return _RECORDING[0]


def picture(
    width: int, height: int = 0, mode: str = "RGB", kind: str = "PNG", **more: object
) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (width, height or width)).save(stream, kind, **more)
    return stream.getvalue()


def noise(side_px: int, rows: int) -> bytes:
    """A picture of which so many rows are what no format makes small."""
    data = random.Random(2).randbytes(side_px * rows * 3)  # noqa: S311
    stream = io.BytesIO()
    Image.frombytes("RGB", (side_px, side_px), data.ljust(side_px**2 * 3, b"\0")).save(
        stream, "PNG"
    )
    return stream.getvalue()


def write_fine_show(root: Path) -> Path:
    """One episode with everything, that breaks no rule."""
    root.mkdir(parents=True, exist_ok=True)
    shows.write(root, "site/show.toml", shows.SETTINGS)
    shows.write(root, "site/cover.png", picture(3000))
    shows.write(root, "site/people/vera.png", shows.png("navy"))
    for name, text in shows.PEOPLE.items():
        shows.write(root, f"site/people/{name}.md", text)
    folder = "episodes/001-forsta"
    shows.write(root, f"{folder}/episode.md", MATTER)
    shows.write(root, f"{folder}/transcript.vtt", VTT)
    shows.write(root, f"{folder}/cover.png", picture(1400))
    shows.write(root, f"{folder}/zebra.png", picture(600))
    shows.write(root, f"{folder}/samtal.mp3", recording(root))
    return root


class Tree:
    """A published tree that may be broken. `show` is where it is published from."""

    def __init__(self, show: Path) -> None:
        self.show = show
        self.folder = show / "public"
        self.feed_file = self.folder / "feed.xml"

    @property
    def feed(self) -> str:
        return self.feed_file.read_text(encoding="utf-8")

    @feed.setter
    def feed(self, text: str) -> None:
        shows.write(self.folder, "feed.xml", text)

    def edit(self, old: str, new: str) -> None:
        assert old in self.feed, f"{old!r} is not in the feed"
        self.feed = self.feed.replace(old, new, 1)

    def swap(self, pattern: str, new: str) -> None:
        changed, count = re.subn(pattern, new, self.feed, count=1)
        assert count, f"{pattern!r} is not in the feed"
        self.feed = changed

    def only(self, pattern: str) -> Path:
        (found,) = sorted(self.folder.glob(pattern))
        return found

    @property
    def sound(self) -> Path:
        return self.only("media/*")

    def put(self, path: Path, data: bytes | str) -> None:
        """Replace a published file; an enclosure's length in the feed goes with it."""
        shows.write(self.folder, path.relative_to(self.folder).as_posix(), data)
        if path == self.sound:
            self.swap(r'(<enclosure [^>]*length=")\d+', rf"\g<1>{path.stat().st_size}")

    def channel(self, xml: str) -> None:
        """Put an element in the channel."""
        self.edit("<item>", f"{xml}<item>")

    def item(self, xml: str) -> None:
        self.edit("</item>", f"{xml}</item>")

    def retag(self, change: Callable[[Frames], Frames], version: int = 3, tags: int = 1) -> None:
        """Write the MP3's tag anew, frame by frame, without any library's ideas of it."""
        data = self.sound.read_bytes()
        (tag,) = parse_id3_tags(data)
        frames = change([(frame.name, frame.body) for frame in tag.frames])
        self.put(self.sound, id3(frames, version) * tags + data[tag.size :])

    def check_one(self) -> tuple[Finding, ...]:
        data = self.feed_file.read_bytes()
        feed = Feed(etree.fromstring(data), data, address=ADDRESS)
        printed = [finding for rule in declared.RULES for finding in rule(feed)]
        locate = local_locator(ADDRESS, os.fspath(self.folder))
        return (*printed, *check_linked_files(feed, locate))

    def findings(self) -> Findings:
        return {(one.code, one.severity or SEVERITIES[one.code]) for one in self.check_one()}


def id3(frames: Frames, version: int = 3) -> bytes:
    """A tag of ID3v2.3 or 2.4."""
    body = b"".join(
        name.encode() + size(len(data), version) + bytes(2) + data for name, data in frames
    )
    return b"ID3" + bytes((version, 0, 0)) + size(len(body), 4) + body


def size(number: int, version: int) -> bytes:
    if version == 3:
        return number.to_bytes(4, "big")
    return bytes((number >> shift & 127) for shift in (21, 14, 7, 0))


def text(words: str) -> bytes:
    return b"\x01\xff\xfe" + words.encode("utf-16-le")
