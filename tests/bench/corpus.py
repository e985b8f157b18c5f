"""Writes one show of N episodes twice: as Avsnitt reads it, and as Hugo does.

    python -m tests.bench.corpus FOLDER N     makes FOLDER/avsnitt and FOLDER/hugo

The same words, people, chapters, links and sound in both; only the files' form differs. Made in
a process of its own, so that what it took does not count as the memory of what is measured.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tests.bench import notes, sound
from tests.bench.notes import Notes

HERE = Path(__file__).parent
COVER_PIXELS = 1400

SHOW_TOML = """\
title = "Öppen kanal"
subtitle = "Ett webbpratprogram om sociala medier i det offentliga"
address = "https://podd.exempel.se"
language = "sv"
description = "Två kommunikatörer frågar, lyssnar & rättar sig."
guid = "c1a8bb50-7d4e-5f9a-8f3c-3f0f4f6f2a10"
author = "Exempelköpings kommun"
license = "CC-BY-4.0"
categories = ["Government"]
cover = "cover.png"
cover_alt = "Cirklar som vidgar sig."
timezone = "Europe/Stockholm"
contact = "mailto:podd@exempel.se"
hosts = [{ id = "vera" }, { id = "amina" }]
"""
BIO = "Jag heter {name} och pratar om **sociala medier** till vardags.\n"
ABOUT = "Vi gör det här *tillsammans*. Skriv till oss!\n"


def avsnitt_note(number: int) -> str:
    """Where Avsnitt reads the notes of an episode, from the show's folder."""
    made = notes.episode(number)
    return f"episodes/{number:05d}-{made.slug}/episode.md"


def hugo_note(number: int) -> str:
    """Where Hugo reads them."""
    return f"content/episodes/{notes.episode(number).slug}.md"


def write(folder: Path, count: int) -> None:
    """Make both shows in `folder`, which must not hold them yet."""
    avsnitt, hugo = folder / "avsnitt", folder / "hugo"
    _write_avsnitt_show(avsnitt)
    _write_hugo_show(hugo)
    frames = sound.frames()
    for number in range(1, count + 1):
        made = notes.episode(number)
        recording = sound.recording(frames, number)
        _write_avsnitt_episode(avsnitt, made, recording)
        _write_hugo_episode(hugo, made, recording)


def _put(path: Path, data: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def _put_cover(path: Path) -> None:
    from PIL import Image, ImageDraw

    picture = Image.radial_gradient("L").resize((COVER_PIXELS, COVER_PIXELS)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for ring in range(100, 700, 60):
        pen.circle((700, 700), ring, outline=(ring // 3, 90, 200 - ring // 4), width=24)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


def _people(name_key: str, work_key: str) -> dict[str, str]:
    """The file of each person; the two generators call a name and a profession differently."""
    return {
        who: _front_matter([f"{name_key}: {name}", f"{work_key}: {work}"], BIO.format(name=name))
        for who, (name, work) in notes.PEOPLE.items()
    }


def _front_matter(fields: list[str], body: str) -> str:
    return "\n".join(["---", *fields, "---", ""]) + body


def _text(value: str) -> str:
    """A string as YAML: JSON's form is also YAML's."""
    return json.dumps(value, ensure_ascii=False)


def _sources(made: Notes) -> list[str]:
    return [
        "sources:",
        *(
            f'  - {{title: {_text(link.title)}, url: "{link.url}", at: "00:{link.at_s:02d}"}}'
            for link in made.links
        ),
    ]


# Avsnitt


def _write_avsnitt_show(show: Path) -> None:
    _put(show / "site/show.toml", SHOW_TOML)
    _put_cover(show / "site/cover.png")
    _put(show / "site/pages/om.md", _front_matter(["title: Om oss"], ABOUT))
    for who, text in _people("name", "title").items():
        _put(show / f"site/people/{who}.md", text)


def _write_avsnitt_episode(show: Path, made: Notes, recording: bytes) -> None:
    folder = (show / avsnitt_note(made.number)).parent
    _put(folder / "episode.md", _front_matter(_avsnitt_fields(made), made.body))
    _put(folder / "samtal.mp3", recording)
    if made.has_transcript:
        _put(folder / "transcript.vtt", notes.transcript(made))


def _avsnitt_fields(made: Notes) -> list[str]:
    return [
        f"guid: {made.guid}",
        f"title: {_text(made.title)}",
        "status: published",
        f"published: {made.published:%Y-%m-%dT%H:%M:%SZ}",
        f"summary: {_text(made.summary)}",
        "people:",
        f"  - {{id: {notes.GUEST}, role: guest}}",
        "chapters:",
        *(
            f'  - {{start: "00:{at_s:02d}", title: {_text(title)}}}'
            for at_s, title in notes.chapters()
        ),
        *_sources(made),
    ]


# Hugo


def _write_hugo_show(site: Path) -> None:
    shutil.copytree(HERE / "hugo", site)
    _put_cover(site / "static/cover.png")
    _put(site / "content/om.md", _front_matter(["title: Om oss"], ABOUT))
    _put(site / "content/episodes/_index.md", _front_matter(["title: Alla avsnitt"], ""))
    for who, text in _people("title", "work").items():
        _put(site / f"content/people/{who}.md", text)


def _write_hugo_episode(site: Path, made: Notes, recording: bytes) -> None:
    _put(
        site / hugo_note(made.number),
        _front_matter(_hugo_fields(made, len(recording)), made.body),
    )
    _put(site / f"static/media/{made.slug}.mp3", recording)
    if made.has_transcript:
        _put(site / f"static/transcripts/{made.slug}.vtt", notes.transcript(made))


def _hugo_fields(made: Notes, length_bytes: int) -> list[str]:
    """Length and duration are given, as podcast themes ask: Hugo need not open the sound."""
    return [
        f"guid: {made.guid}",
        f"title: {_text(made.title)}",
        f"date: {made.published:%Y-%m-%dT%H:%M:%SZ}",
        f"number: {made.number}",
        f"summary: {_text(made.summary)}",
        f"sound: media/{made.slug}.mp3",
        f"length: {length_bytes}",
        f"duration: {sound.SECONDS}",
        *([f"transcript: transcripts/{made.slug}.vtt"] if made.has_transcript else ()),
        "cast:",
        *(f"  - {{id: {who}, role: host}}" for who in notes.HOSTS),
        f"  - {{id: {notes.GUEST}, role: guest}}",
        "chapters:",
        *(
            f'  - {{start: "00:00:{at_s:02d}.000", title: {_text(title)}}}'
            for at_s, title in notes.chapters()
        ),
        *_sources(made),
    ]


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
