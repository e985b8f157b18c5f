"""Broken shows: what was spoilt, and exactly what must be said about it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from little_show import (
    EPISODE,
    FOLDER,
    MATTER,
    PERSON,
    SHOW,
    Content,
    cover,
    episode,
    other,
    sound,
    toml,
)

Told = tuple[str, str, int]
Broken = tuple[Mapping[str, Content], list[Told]]

SOUND = f"{FOLDER}/samtal.mp3"
COVER = "site/cover.png"
VTT = f"{FOLDER}/transcript.vtt"
SRT = f"{FOLDER}/transcript.srt"
JSON = f"{FOLDER}/chapters.json"
VERA = "site/people/vera.md"
SECOND = "episodes/svaret/episode.md"


def link_to(target: str) -> Content:
    return lambda path: path.symlink_to(target)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def picture(width: int, height: int, form: str = "PNG") -> Content:
    def draw(path: Path) -> None:
        from PIL import Image

        Image.new("1" if form == "PNG" else "RGB", (width, height)).save(path, format=form)

    return draw


def matter(*lines: str) -> str:
    return "---\nguid: g\ntitle: Fråga\n" + "".join(f"{line}\n" for line in lines) + "---\n"


def says(code: str, line: int, path: str = MATTER) -> list[Told]:
    return [(code, path, line)]


BOMB = ["a: &a [x, x]"] + [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcde", "bcdef", strict=True)]

BROKEN: dict[str, Broken] = {
    # Files
    "a file that is not UTF-8": (
        {MATTER: EPISODE.replace("fråga", "fr\xe5ga").encode("latin-1")},
        says("FILE-001", 3),
    ),
    "a text with NUL bytes": ({MATTER: EPISODE.replace("fråga", "\0")}, says("FILE-001", 3)),
    "a file in UTF-16": ({VERA: PERSON.encode("utf-16")}, says("FILE-001", 1, VERA)),
    "an empty file": ({MATTER: b""}, says("FILE-002", 0)),
    "a file of blank lines": ({MATTER: "\n \n"}, says("FILE-002", 0)),
    "an empty show.toml": ({SHOW: ""}, says("FILE-002", 0, SHOW)),
    "an empty transcript": ({VTT: ""}, says("FILE-002", 0, VTT)),
    "a text of 17 MB": ({MATTER: EPISODE + "x" * (17 << 20)}, says("FILE-003", 0)),
    "notes of 1 MB": ({MATTER: EPISODE + "& " * (1 << 19)}, says("FILE-003", 0)),
    "huge front matter": (
        {MATTER: episode(summary="x" * (65 << 10))},
        says("FILE-003", 1),
    ),
    "a huge show.toml": ({SHOW: toml() + "#" * (65 << 10)}, says("FILE-003", 0, SHOW)),
    "a sound above the show": ({MATTER: episode(sound="../../etc/passwd")}, says("FILE-004", 7)),
    "a sound at the root": ({MATTER: episode(sound="/etc/passwd")}, says("FILE-004", 7)),
    "a sound with a backslash": ({MATTER: episode(sound="..\\x.mp3")}, says("FILE-004", 7)),
    "a cover above its folder": ({SHOW: toml(cover="../cover.png")}, says("FILE-004", 8, SHOW)),
    "a portrait above its folder": (
        {VERA: "---\nname: Vera\npicture: ../cover.png\npicture_alt: x\n---\n"},
        says("FILE-004", 3, VERA),
    ),
    "chapters above the show": ({MATTER: episode(chapters="../c.json")}, says("FILE-004", 8)),
    "a sound that is misspelt": ({MATTER: episode(sound="samtalet.mp3")}, says("FILE-005", 7)),
    "a portrait that is not there": (
        {VERA: "---\nname: Vera\npicture: vera.png\npicture_alt: x\n---\n"},
        says("FILE-005", 3, VERA),
    ),
    "a folder named episode.md": ({MATTER: folder}, says("FILE-006", 0)),
    "a folder named show.toml": ({SHOW: folder}, says("SHOW-001", 0, SHOW)),
    "a folder named vera.md": ({VERA: folder}, says("SHOW-004", 10, SHOW)),
    "a pipe named episode.md": ({MATTER: pipe}, says("FILE-006", 0)),
    "an episode without its file": ({MATTER: None}, says("FILE-005", 0)),
    "a file named episodes": (
        {MATTER: None, SOUND: None, VTT: None, "episodes": "x"},
        says("FILE-006", 0, "episodes"),
    ),
    "a link out of the show": (
        {SOUND: link_to("/etc/passwd")},
        [("FILE-005", MATTER, 7), ("FILE-007", SOUND, 0)],
    ),
    "a text that is a link out": ({MATTER: link_to("/etc/hosts")}, says("FILE-007", 0)),
    "a settings file that is a link out": (
        {SHOW: link_to("/etc/hosts")},
        says("FILE-007", 0, SHOW),
    ),
    # Front matter
    "no front matter": ({MATTER: "Bara text.\n"}, says("MATTER-001", 1)),
    "front matter without an end": ({MATTER: "---\ntitle: x\n"}, says("MATTER-001", 1)),
    "a missing quote": ({MATTER: matter('summary: "x')}, says("MATTER-002", 4)),
    "a colon in a title": ({MATTER: matter("summary: a: b")}, says("MATTER-002", 4)),
    "a tab": ({MATTER: matter("people:", "\t- id: vera")}, says("MATTER-002", 5)),
    "a key twice": ({MATTER: matter("number: 1", "season: 1", "number: 2")}, says("MATTER-002", 6)),
    "a key twice in a later person": (
        {MATTER: matter("people:", "- id: a", "  role: x", "- id: b", "  role: x", "  role: y")},
        says("MATTER-002", 9),
    ),
    "a control character in quotes": ({MATTER: matter(r'summary: "\0"')}, says("MATTER-002", 4)),
    "a list for front matter": ({MATTER: "---\n- a\n---\n"}, says("MATTER-002", 2)),
    "TOML that does not parse": ({SHOW: toml() + "x = \n"}, says("MATTER-002", 11, SHOW)),
    "TOML with a key twice": ({SHOW: toml() + 'title = "x"\n'}, says("MATTER-002", 11, SHOW)),
    "TOML with a number without end": (
        {SHOW: toml() + f"x = {'9' * 5000}\n"},
        says("MATTER-002", 11, SHOW),
    ),
    "a control character in TOML": (
        {SHOW: toml().replace("Ett samtal.", "Ett\\u0000")},
        says("MATTER-002", 4, SHOW),
    ),
    "an unknown key": ({MATTER: episode(titel="x")}, says("MATTER-003", 8)),
    "an unknown key without a value": ({MATTER: matter("titel:")}, says("MATTER-003", 4)),
    "an unknown key of a host": (
        {SHOW: toml(without="hosts") + '[[hosts]]\nid = "vera"\ntitle = "x"\n'},
        says("MATTER-003", 12, SHOW),
    ),
    "a title of 8,000 letters": ({MATTER: episode(title="å" * 8000)}, says("MATTER-004", 3)),
    "a number for a title": ({MATTER: episode(title=1984)}, says("MATTER-004", 3)),
    "a number that is too large": ({MATTER: episode(number=70_000)}, says("MATTER-004", 8)),
    "a status there is not": ({MATTER: episode(status="klar")}, says("MATTER-004", 4)),
    "a date that is none": ({MATTER: episode(published="2026-13-01")}, says("MATTER-004", 5)),
    "the first year": ({MATTER: episode(published="0001-01-01")}, says("MATTER-004", 5)),
    "a language that is none": ({MATTER: episode(language='"><b>')}, says("MATTER-004", 8)),
    "a time that is none": (
        {MATTER: episode(chapters=[{"start": "1:99", "title": "x"}])},
        says("MATTER-004", 8),
    ),
    "an address that is code": ({SHOW: toml(contact="javascript:x")}, says("MATTER-004", 11, SHOW)),
    "no categories": ({SHOW: toml(categories=[])}, says("MATTER-004", 7, SHOW)),
    "a time zone there is not": (
        {SHOW: toml(timezone="Mars/Olympus")},
        says("MATTER-004", 11, SHOW),
    ),
    "a licence there is not": ({SHOW: toml(license="min")}, says("MATTER-004", 11, SHOW)),
    "a description that is too long": (
        {SHOW: toml(description="å" * 2001)},
        says("MATTER-004", 4, SHOW),
    ),
    "a missing key": ({MATTER: episode(without="guid")}, says("MATTER-005", 2)),
    "a missing key in show.toml": ({SHOW: toml(without="guid")}, says("MATTER-005", 0, SHOW)),
    "a YAML bomb": ({MATTER: matter(*BOMB)}, says("MATTER-006", 4)),
    "a tag": ({MATTER: matter("summary: !!python/object x")}, says("MATTER-006", 4)),
    "a starred word": ({MATTER: matter("summary: *fet* text")}, says("MATTER-006", 4)),
    "a thousand brackets": ({MATTER: matter("unknowns: " + "[" * 1000)}, says("MATTER-007", 4)),
    "forty lists in each other": (
        {MATTER: matter("unknowns: " + "[" * 40 + "]" * 40)},
        says("MATTER-007", 2),
    ),
    # The show
    "no show": ({SHOW: None}, says("SHOW-001", 0, SHOW)),
    "an address used twice": (
        other("002-fragan", status="planned"),
        says("SHOW-002", 0, "episodes/002-fragan/episode.md"),
    ),
    "a guid used twice": (
        other(guid="6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b", status="planned"),
        says("SHOW-003", 2, SECOND),
    ),
    "an unknown person": ({MATTER: episode(people=[{"id": "ver"}])}, says("SHOW-004", 8)),
    "an unknown host": ({VERA: None}, says("SHOW-004", 10, SHOW)),
    "a person above the show": ({MATTER: episode(people=[{"id": "../x"}])}, says("SHOW-004", 8)),
    "a folder that is no address": (
        {"episodes/2-Å Ä/episode.md": episode(guid="g", status="planned", without="sound")},
        says("SHOW-005", 0, "episodes/2-Å Ä"),
    ),
    "a number used twice": (
        other("001-svaret", status="planned"),
        says("SHOW-006", 2, "episodes/001-svaret/episode.md"),
    ),
    "no cover": ({COVER: None}, says("SHOW-008", 8, SHOW)),
    "a category that is not Apple's": (
        {SHOW: toml(categories=["Goverment"])},
        says("SHOW-009", 7, SHOW),
    ),
    "a page with a taken name": (
        {"site/pages/index.md": "---\ntitle: x\n---\n"},
        says("SHOW-011", 0, "site/pages/index.md"),
    ),
    # Episodes
    "no sound": ({SOUND: None, MATTER: episode(without="sound")}, says("EPISODE-001", 4)),
    "several sounds": (
        {f"{FOLDER}/b.mp3": sound(), MATTER: episode(without="sound")},
        says("EPISODE-002", 2),
    ),
    "no date": ({MATTER: episode(without="published")}, says("EPISODE-003", 4)),
    "a cover without words": ({f"{FOLDER}/cover.png": cover()}, says("EPISODE-005", 2)),
    # Chapters and transcripts
    "chapters that are not JSON": ({JSON: '{\n"chapters": [}'}, says("CHAPTER-001", 2, JSON)),
    "chapters without a start": (
        {JSON: '{"chapters":\n[{"title": "x"}]}'},
        says("CHAPTER-001", 2, JSON),
    ),
    "a number in JSON without end": (
        {JSON: '{"chapters": [{"startTime": ' + "9" * 5000 + "}]}"},
        says("CHAPTER-001", 0, JSON),
    ),
    "chapters out of order": (
        {MATTER: matter("chapters:", '- start: "00:02"', '- start: "00:01"')},
        says("CHAPTER-002", 6),
    ),
    "a chapter after the end": (
        {MATTER: episode(chapters=[{"start": "10:00:00", "title": "x"}])},
        says("CHAPTER-003", 8),
    ),
    "VTT with a broken time": (
        {VTT: "WEBVTT\n\n00:00.000 --> snart\nHej.\n"},
        says("TRANSCRIPT-001", 3, VTT),
    ),
    "SRT with a broken time": (
        {VTT: None, SRT: "1\n00:00:00,000 --> 00:00:01,000\nHej.\n\n2\nsnart --> sen\nHej.\n"},
        says("TRANSCRIPT-001", 6, SRT),
    ),
    "a transcript of another kind": (
        {f"{FOLDER}/t.docx": "x", MATTER: episode(transcript="t.docx")},
        says("TRANSCRIPT-003", 8),
    ),
    # Sound and pictures
    "an empty sound": ({SOUND: b""}, says("SOUND-001", 0, SOUND)),
    "a web page for a sound": ({SOUND: "<!DOCTYPE html>"}, says("SOUND-001", 0, SOUND)),
    "a sound cut to pieces": ({SOUND: b"\0" * 4000}, says("SOUND-001", 0, SOUND)),
    "a sound with another's name": (
        {f"{FOLDER}/samtal.wav": sound(), MATTER: episode(sound="samtal.wav")},
        says("SOUND-002", 0, f"{FOLDER}/samtal.wav"),
    ),
    "a text for a cover": ({COVER: "hej"}, says("PICTURE-001", 0, COVER)),
    "an empty cover": ({COVER: b""}, says("PICTURE-001", 0, COVER)),
    "half a cover": ({COVER: cover()[:2000]}, says("PICTURE-001", 0, COVER)),
    "a cover in another format": ({COVER: picture(20, 20, "GIF")}, says("PICTURE-001", 0, COVER)),
    "a cover of 49 million pixels": ({COVER: picture(7000, 7000)}, says("PICTURE-002", 0, COVER)),
    # Several at once
    "many mistakes in many files": (
        {
            SHOW: toml(categories=["Goverment"], licens="x"),
            MATTER: episode(status="klar", titel="x", number=0),
            VERA: "Vera.\n",
        },
        [
            ("MATTER-004", MATTER, 4),
            ("MATTER-003", MATTER, 8),
            ("MATTER-004", MATTER, 9),
            ("MATTER-001", VERA, 1),
            ("MATTER-003", SHOW, 11),
        ],
    ),
    "mistakes in three files": (
        {
            MATTER: episode(titel="x", number=0),
            VERA: "---\nname: Vera\npicture: x.png\n---\n",
            SECOND: "---\ntitle: x\n---\n",
        },
        [
            ("MATTER-003", MATTER, 8),
            ("MATTER-004", MATTER, 9),
            ("MATTER-005", SECOND, 2),
            ("EPISODE-005", VERA, 3),
            ("FILE-005", VERA, 3),
        ],
    ),
}
"""By what was spoilt: the changed files, and each problem's code, path and line."""

WARNED: dict[str, Broken] = {
    "nothing published": ({MATTER: episode(status="recorded")}, says("SHOW-007", 0, SHOW)),
    "an example for an address": (
        {SHOW: toml(address="https://podd.example")},
        says("SHOW-012", 2, SHOW),
    ),
    "no transcript": ({VTT: None}, says("EPISODE-004", 0)),
    "nobody": (
        {SHOW: toml(without="hosts"), VTT: "WEBVTT\n\n00:00.000 --> 00:01.000\nHej.\n"},
        says("EPISODE-006", 0),
    ),
    "a number in the title": ({MATTER: episode(title="Avsnitt 2: ja")}, says("EPISODE-007", 3)),
    "a date ahead": ({MATTER: episode(published="2999-01-01")}, says("EPISODE-008", 5)),
    "nothing to read": (
        {MATTER: episode(without="summary").replace("Anteckningar.", "")},
        says("EPISODE-010", 0),
    ),
    "a role of one's own": (
        {MATTER: episode(people=[{"id": "vera", "role": "chef"}])},
        # She is the show's host, and no host in the episode.
        [*says("EPISODE-011", 8), *says("IT-029", 8)],
    ),
    "a transcript that is too long": (
        {VTT: "WEBVTT\n\n00:00.000 --> 99:00:00.000\nHej.\n"},
        says("TRANSCRIPT-002", 0),
    ),
    "an unknown speaker": (
        {VTT: "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Bo>Hej.\n"},
        says("TRANSCRIPT-004", 2),
    ),
    "a small cover": ({COVER: picture(300, 200)}, says("PICTURE-003", 0, COVER)),
}
"""The same for what `check` warns about, and `build` builds all the same."""
