"""A master in no published format becomes an MP3, once, and is remembered by its content."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from avsnitt.adapters.files import make_folder
from avsnitt.adapters.store import Store
from avsnitt.errors import Problem, Where
from avsnitt.media.trouble import SoundTrouble
from avsnitt.model import Show, SoundFacts
from avsnitt.problems import problem
from avsnitt.workflow.hearing import hear_sound
from avsnitt.workflow.making import SoundSource
from avsnitt.workflow.reporting import Progress

MASTERS: Final = ("wav", "aiff", "other")
FOLDER: Final = ".avsnitt/sound"
ENCODING: Final = "mp3-1"
"""What the encoded files are, and which version of making them: a part of their names."""


def sound_sources(
    root: str,
    show: Show,
    sounds: Mapping[str, SoundFacts],
    store: Store,
    progress: Progress,
) -> tuple[dict[str, SoundSource], tuple[Problem, ...]]:
    """
    Where each published episode's sound is to be read from, by slug.

    What must be encoded is encoded into the build's memory, which outlives it: a run that was
    stopped goes on where it was.
    """
    folder = f"{root}/{FOLDER}"
    kept = {
        name: msgspec.json.decode(data, type=SoundFacts)
        for name, data in store.read_kept("encoded").items()
    }
    sources: dict[str, SoundSource] = {}
    problems: list[Problem] = []
    for episode in show.episodes:
        facts = sounds.get(episode.slug)
        if facts is None or not episode.is_out:
            continue
        path = f"{root}/{episode.sound}"
        if facts.format not in MASTERS:
            sources[episode.slug] = SoundSource(path, facts)
            continue
        name = f"{facts.digest}-{ENCODING}.mp3"
        heard = kept.get(name) if os.path.exists(f"{folder}/{name}") else None
        if heard is None:
            heard, trouble = _encode(path, f"{folder}/{name}", episode.sound, progress)
            if heard is None:
                problems += [trouble] if trouble else []
                continue
            store.keep("encoded", [(name, msgspec.json.encode(heard))])
        sources[episode.slug] = SoundSource(f"{folder}/{name}", heard)
    return sources, tuple(problems)


def _encode(
    source: str, target: str, shown: str, progress: Progress
) -> tuple[SoundFacts | None, Problem | None]:
    from avsnitt.adapters.encode import encode_mp3

    folder, _, name = target.rpartition("/")
    make_folder(folder)
    if not os.path.exists(target):
        try:
            encode_mp3(
                Path(source), Path(target), progress=lambda done, of: progress("encode", done, of)
            )
        except SoundTrouble as trouble:
            return None, problem(trouble.code, Where(shown), **trouble.words)
    return hear_sound(folder, name)
