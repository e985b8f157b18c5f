"""The smallest show without a problem, and ways to spoil it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import avsnitt

STARTER = Path(avsnitt.__file__).parent / "starter" / "sv"

Content = str | bytes | None | Callable[[Path], None]
"""What a file is to hold; None: it is not there; a function makes it itself."""

TOML = """\
title = "Öppen kanal"
address = "https://podd.exempel.se"
language = "sv"
description = "Ett samtal."
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
author = "Exempelköping"
categories = ["Government"]
cover = "cover.png"
cover_alt = "En bubbla."
hosts = [{ id = "vera" }]
"""
EPISODE = """\
---
guid: 6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b
title: Vågar vi fråga?
status: published
published: 2026-01-05 07:00
summary: Ett samtal.
sound: samtal.mp3
---
Anteckningar.
"""
PERSON = "---\nname: Vera Lind\n---\nJag heter Vera.\n"


def vtt(cue: str = "<v Vera Lind>Hej.", end: str = "00:29.500") -> str:
    """A transcript of one cue, that goes on as long as the sound does."""
    return f"WEBVTT\n\n00:00.000 --> {end}\n{cue}\n"


FOLDER = "episodes/001-fragan"
MATTER = f"{FOLDER}/episode.md"
SHOW = "site/show.toml"


@cache
def sound() -> bytes:
    """Half a minute of speech."""
    return (STARTER / "episodes/001-valkommen/sound.mp3").read_bytes()


@cache
def cover() -> bytes:
    return (STARTER / "site/cover.png").read_bytes()


def files() -> dict[str, Content]:
    return {
        SHOW: TOML,
        "site/cover.png": cover(),
        "site/people/vera.md": PERSON,
        MATTER: EPISODE,
        f"{FOLDER}/samtal.mp3": sound(),
        f"{FOLDER}/transcript.vtt": vtt(),
    }


def write_show(root: Path, changes: Mapping[str, Content]) -> None:
    """A little show at `root`, with some files changed."""
    for name, content in {**files(), **changes}.items():
        path = root / name
        if content is None:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)


def toml(*, without: str = "", **changes: object) -> str:
    """The show's settings with some lines replaced or added; values as JSON, which is TOML too."""
    return _changed(TOML, " = ", without, changes)


def episode(*, without: str = "", body: str = "", **changes: object) -> str:
    """The episode with some keys replaced or added; values as JSON, which is YAML too."""
    head, _, rest = EPISODE.removesuffix("Anteckningar.\n").rpartition("---\n")
    return _changed(head, ": ", without, changes) + "---\n" + (body or "Anteckningar.") + rest


def _changed(text: str, mark: str, without: str, changes: Mapping[str, object]) -> str:
    lines = [line for line in text.splitlines() if line.partition(mark)[0] not in without.split()]
    for key, value in changes.items():
        line = f"{key}{mark}{json.dumps(value, ensure_ascii=False)}"
        at = next((n for n, old in enumerate(lines) if old.startswith(key + mark)), len(lines))
        lines[at : at + 1] = [line]
    return "\n".join(lines) + "\n"


def other(slug: str = "svaret", guid: str = "en-annan", **changes: object) -> dict[str, Content]:
    """A second episode, without sound of its own to hear, unless it is published."""
    text = episode(without="sound published status", guid=guid, **changes)
    return {f"episodes/{slug}/episode.md": text}
