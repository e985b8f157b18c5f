"""What a sound file is, or the Problem that it is not; and the chapters that it brings along."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from avsnitt.adapters.files import Stat
from avsnitt.content.episode import ParsedEpisode
from avsnitt.errors import Problem, Where
from avsnitt.keys import digest
from avsnitt.model import SoundFacts
from avsnitt.problems import problem


class HeardSound(Struct, frozen=True):
    """What one sound file turned out to be; `facts` is None when there is a `problem`."""

    path: str
    stat: Stat
    facts: SoundFacts | None
    problem: Problem | None = None


Read = tuple[str, ParsedEpisode, HeardSound | None]
"""An episode as it was read: the key of its texts, what they say, and its sound."""


def hear_sound(root: str, path: str) -> tuple[SoundFacts | None, Problem | None]:
    """The facts of the sound at `path` in the show at `root`, or why there are none."""
    from avsnitt.adapters.sound import read_sound
    from avsnitt.media.trouble import SoundTrouble

    try:
        return read_sound(Path(root, path)), None
    except SoundTrouble as trouble:
        return None, problem(trouble.code, Where(path), **trouble.words)


def take_marks(read: Read) -> Read:
    """
    The recording's own chapters in an episode that does not say which it has, and a key that
    names them too. One after the end of the sound is passed over: it was left behind when the
    recording was cut, and nobody wrote it into the episode.
    """
    key, parsed, sound = read
    facts = sound.facts if sound else None
    if parsed.episode is None or parsed.says_chapters or facts is None or not facts.chapters:
        return read
    chapters = tuple(one for one in facts.chapters if one.start_ms < facts.duration_ms)
    episode = msgspec.structs.replace(parsed.episode, chapters=chapters)
    own_key = f"{key}-{digest(msgspec.msgpack.encode(chapters))}"
    return own_key, msgspec.structs.replace(parsed, episode=episode), sound
