"""What a sound file is, or the Problem that it is not."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from avsnitt.adapters.files import Stat
from avsnitt.errors import Problem, Where
from avsnitt.model import SoundFacts
from avsnitt.problems import problem


class HeardSound(Struct, frozen=True):
    """What one sound file turned out to be; `facts` is None when there is a `problem`."""

    path: str
    stat: Stat
    facts: SoundFacts | None
    problem: Problem | None = None


def hear_sound(root: str, path: str) -> tuple[SoundFacts | None, Problem | None]:
    """The facts of the sound at `path` in the show at `root`, or why there are none."""
    from avsnitt.adapters.sound import read_sound
    from avsnitt.media.trouble import SoundTrouble

    try:
        return read_sound(Path(root, path)), None
    except SoundTrouble as trouble:
        return None, problem(trouble.code, Where(path), **trouble.words)
