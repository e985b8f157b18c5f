"""The facts and chapters of an audio file, or the Problem with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from avsnitt.content.episode import ParsedEpisode
from avsnitt.digests import digest
from avsnitt.model.show import AudioFacts, Episode
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.files import Stat


class ProbedAudio(Struct, frozen=True):
    """
    The facts of one recording; `facts` is None when there is a `problem`. It is a row of the
    build cache, which holds for as long as the file has the same `stat`.
    """

    path: str
    stat: Stat
    facts: AudioFacts | None
    problem: Problem | None = None


ReadResult = tuple[str, ParsedEpisode, ProbedAudio | None]
"""An episode as it was read: the key of its texts, what they say, and its sound."""


def probe_audio(root: str, path: str) -> tuple[AudioFacts | None, Problem | None]:
    """The facts of the sound at `path` in the show at `root`, or why there are none."""
    from avsnitt.audio.io.decode.facts import read_audio_facts
    from avsnitt.problems.media_errors import AudioError

    try:
        return read_audio_facts(Path(root, path)), None
    except AudioError as error:
        return None, problem(error.code, Where(path), **error.words)


def audio_stat(episode: Episode, stats: Mapping[str, Stat]) -> Stat | None:
    """The stat of an episode's recording; of several tracks, all of them together."""
    paths = [track.path for track in episode.tracks] or [episode.sound]
    if not all(path in stats for path in paths):
        return None
    size, mtime, inode = (sum(parts) for parts in zip(*map(stats.__getitem__, paths), strict=True))
    return size, mtime, inode


def probe_episode(root: str, episode: Episode, stats: Mapping[str, Stat]) -> ProbedAudio | None:
    """
    The facts of an episode's recording, or of all of its tracks together; None when a file is
    missing.
    """
    stat = audio_stat(episode, stats)
    if stat is None:
        return None
    if not episode.tracks:
        return ProbedAudio(episode.sound, stat, *probe_audio(root, episode.sound))
    probed = [probe_audio(root, track.path) for track in episode.tracks]
    error = next((wrong for _, wrong in probed if wrong), None)
    facts = [one for one, _ in probed if one]
    return ProbedAudio(episode.sound, stat, None if error else _mix(episode, facts), error)


def _mix(episode: Episode, facts: Sequence[AudioFacts]) -> AudioFacts:
    """Tracks as one recording, as long as it takes until the last has ended."""
    pairs = list(zip(episode.tracks, facts, strict=True))
    shape = [[one.digest, track.at_ms, track.gain_db] for track, one in pairs]
    return AudioFacts(
        format="other",
        duration_ms=max(track.at_ms + one.duration_ms for track, one in pairs),
        digest=digest(msgspec.json.encode(shape)),
        sample_rate_hz=facts[0].sample_rate_hz,
        channels=max(one.channels for one in facts),
    )


def use_embedded_chapters(read: ReadResult) -> ReadResult:
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
