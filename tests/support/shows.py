"""Small real shows, for tests that build: a few episodes with everything an episode can have."""

from __future__ import annotations

import io
import math
import os
import shutil
import struct
import sys
import wave
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.support.small_mp3 import encode_mp3

import avsnitt

SOURCE = Path(avsnitt.__file__).parent.parent
RATE_HZ = 22_050

SETTINGS = """\
title = "Öppen kanal"
subtitle = "Ett samtal"
address = "https://podd.exempel.se"
language = "sv"
description = "Ett samtal om att fråga först."
guid = "0f5a3a3e-5f0b-5c0e-9a5e-6c1f0f6d1a2b"
author = "Exempelköping"
license = "CC-BY-4.0"
categories = ["Government"]
cover_alt = "En pratbubbla."
hosts = [{ id = "vera", speaks_as = "i tjänsten" }]
"""

VTT = """\
WEBVTT

00:00.000 --> 00:00.900
<v Vera Lind>Hej och välkommen.

00:01.000 --> 00:01.900
<v Åke Ö>Tack & hej!
"""

SRT = """\
1
00:00:00,000 --> 00:00:01,000
Vera Lind: Hej igen.
"""

EPISODES = {
    "001-forsta": """\
---
guid: 11111111-1111-4111-8111-111111111111
title: Vågar vi fråga?
status: published
published: 2026-01-05 07:00
summary: Ett första samtal.
people:
  - {id: ake, role: guest}
chapters:
  - {start: "0", title: Välkommen}
  - {start: "1.5", title: Frågan, url: "https://exempel.se/", image: bild.png}
cover_alt: En fråga.
---
Anteckningar med *kursiv* text.

![En bild](bild.png)
""",
    "002-andra": """\
---
guid: 22222222-2222-4222-8222-222222222222
title: Vem svarar?
status: published
published: 2026-02-05 07:00
summary: Ett andra samtal.
---
Mer om svar.
""",
    "003-tredje": """\
---
guid: 33333333-3333-4333-8333-333333333333
title: Vad mäter vi?
status: followed-up
published: 2026-03-05 07:00
summary: Ett tredje samtal.
corrections:
  - {date: 2026-03-09, at: "1", was: "74", now: "47"}
---
Siffror.
""",
    "004-fraga": """\
---
guid: 44444444-4444-4444-8444-444444444444
title: Vad vet vi inte?
status: planned
asks:
  - {id: hjalp, text: Hur gör ni?}
---
En öppen fråga.
""",
}

PEOPLE = {
    "vera": "---\nname: Vera Lind\npicture: vera.png\npicture_alt: Vera.\n---\nJag heter Vera.\n",
    "ake": "---\nname: Åke Ö\n---\nJag är gäst.\n",
}

PSC = """\
<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">
<psc:chapter start="00:00:00.000" title="Början"/>
<psc:chapter start="00:00:01.500" title="Mer" href="https://exempel.se/mer"/>
</psc:chapters>
"""

CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Början"}]}\n'


@cache
def wav(tone_hz: int = 440, seconds: float = 2.0) -> bytes:
    """A tone as a mono WAV."""
    steps = range(int(RATE_HZ * seconds))
    samples = (int(6000 * math.sin(math.tau * tone_hz * step / RATE_HZ)) for step in steps)
    data = b"".join(struct.pack("<h", sample) for sample in samples)
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(data)
    return stream.getvalue()


_MP3: dict[int, bytes] = {}


def mp3(folder: Path, tone_hz: int = 440) -> bytes:
    """A tone as an MP3, made once a process."""
    if tone_hz not in _MP3:
        source, target = folder / f".{tone_hz}.wav", folder / f".{tone_hz}.mp3"
        source.write_bytes(wav(tone_hz))
        encode_mp3(source, target)
        _MP3[tone_hz] = target.read_bytes()
        source.unlink()
        target.unlink()
    return _MP3[tone_hz]


def marked_wav(*titles: str) -> bytes:
    """A WAV with a named marker every half second."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)

    rows, names = struct.pack("<I", len(titles)), b"adtl"
    for number, title in enumerate(titles):
        sample = number * RATE_HZ // 2
        rows += struct.pack("<II4sIII", number, sample, b"data", 0, 0, sample)
        names += chunk(b"labl", struct.pack("<I", number) + title.encode() + b"\0")
    data = wav(330) + chunk(b"cue ", rows) + chunk(b"LIST", names)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def marked(sound: bytes, *titles: str) -> bytes:
    """An MP3 with a chapter every half second, before its frames."""
    from mutagen import id3

    tags = id3.ID3()
    for number, title in enumerate(titles):
        inside = [id3.TIT2(encoding=3, text=[title])]
        times = {"start_time": number * 500, "end_time": number * 500 + 500}
        tags.add(id3.CHAP(element_id=f"c{number}", sub_frames=inside, **times))
    stream = io.BytesIO()
    tags.save(stream, v1=0)
    return stream.getvalue() + sound


@cache
def png(colour: str = "teal", side_px: int = 64) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (side_px, side_px), colour).save(stream, "PNG")
    return stream.getvalue()


def write(root: Path, path: str, content: str | bytes) -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # it may be one file with a twin's
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    return target


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace some text that must be there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    write(root, path, text.replace(old, new))


def write_show(root: Path, *, settings: str = SETTINGS) -> Path:
    """Four episodes, two people, a page; three of the episodes have sound. Returns `root`."""
    root.mkdir(parents=True, exist_ok=True)
    write(root, "site/show.toml", settings)
    write(root, "site/cover.png", png("teal"))
    write(root, "site/people/vera.png", png("navy"))
    for name, text in PEOPLE.items():
        write(root, f"site/people/{name}.md", text)
    write(root, "site/pages/about.md", "---\ntitle: Om oss\n---\nVi frågar.\n")
    for folder, text in EPISODES.items():
        write(root, f"episodes/{folder}/episode.md", text)
    for folder, tone_hz in (("001-forsta", 440), ("002-andra", 550), ("003-tredje", 660)):
        write(root, f"episodes/{folder}/samtal.mp3", mp3(root, tone_hz))
    write(root, "episodes/001-forsta/cover.png", png("maroon"))
    write(root, "episodes/001-forsta/bild.png", png("olive"))
    write(root, "episodes/001-forsta/transcript.vtt", VTT)
    write(root, "episodes/002-andra/transcript.srt", SRT)
    write(root, "episodes/002-andra/chapters.json", CHAPTERS)
    return root


def write_many(root: Path, count: int) -> Path:
    """A show of that many published episodes, each with sound and little else."""
    write_show(root)
    shutil.rmtree(root / "episodes")
    sounds = [mp3(root, tone_hz) for tone_hz in (440, 550)]
    for number in range(1, count + 1):
        folder = f"episodes/{number:03}-nummer-{number}"
        text = EPISODES["002-andra"].replace("22222222", f"{number:08}")
        text = text.replace("Vem svarar?", f"Fråga {number}?")
        text = text.replace("2026-02-05 07:00", f"2026-{number % 12 + 1:02}-{number % 27 + 1:02}")
        write(root, f"{folder}/episode.md", text)
        write(root, f"{folder}/samtal.mp3", sounds[number % 2])
        write(root, f"{folder}/transcript.vtt", VTT)
        if number % 4 == 1:
            write(root, f"{folder}/transcript.en.txt", "Hello.\n")
    return root


def twin(root: Path, target: Path) -> Path:
    """A built show once more, with the same files: inodes and times are kept by hard links."""
    shutil.copytree(root, target, copy_function=os.link)
    memory = target / ".avsnitt/store.sqlite"
    memory.unlink()
    shutil.copyfile(root / ".avsnitt/store.sqlite", memory)
    return target


def copy_inputs(root: Path, target: Path) -> Path:
    """The show again as if cloned: what its author wrote, and nothing that was built."""
    for name in ("site", "episodes"):
        shutil.copytree(root / name, target / name)
    return target


def environment(**changes: str) -> dict[str, str]:
    """For a subprocess: this source tree, and no language but what is asked for."""
    kept = ("PATH", "HOME", "XDG_CACHE_HOME", "SYSTEMROOT", "TMPDIR")
    environ: Mapping[str, str] = {name: os.environ[name] for name in kept if name in os.environ}
    return {**environ, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1", **changes}


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "avsnitt", *arguments]
