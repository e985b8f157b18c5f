"""Reads one episode's folder: what a worker does, and the keys it is remembered by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt.content.episode import EpisodeFolder, ParsedEpisode, parse_episode
from avsnitt.content.settings import ShowSettings
from avsnitt.digests import digest
from avsnitt.problems.errors import ProblemError
from avsnitt.system.files import (
    TEXT_LIMIT_BYTES,
    ListedFile,
    Stat,
    decode_text,
    read_bytes,
    read_listed,
    read_text,
)
from avsnitt.workflow.load.probe_audio import ProbedAudio, audio_stat, probe_episode

TEXT_ENDINGS: Final = (".md", ".vtt", ".srt", ".json", ".psc", ".xml", ".txt", ".html", ".htm")


class ReadingJob(Struct, frozen=True):
    """
    One episode to read. `parsed` is what is known of its texts, empty when nothing is; `probed`
    is what is known of the sounds that lie there.
    """

    folder: str
    files: tuple[ListedFile, ...]
    key: str
    parsed: bytes
    probed: tuple[ProbedAudio, ...]


class ReadEpisode(Struct, frozen=True):
    """A worker's answer: the key, the parsed episode as kept, and what was learnt on the way."""

    key: str
    parsed: bytes
    seen: tuple[tuple[str, Stat, str], ...]
    sound: ProbedAudio | None


def is_text(path: str) -> bool:
    """True for a file that an episode may be read from."""
    return path.lower().endswith(TEXT_ENDINGS)


def texts_key(path: str, names: Iterable[str], digests: Iterable[str]) -> str:
    """Names some texts: where they lie, what else lies there, and what they say."""
    parts = (path, *names, "", *digests)
    return digest("\0".join(parts).encode(errors="surrogateescape"))


def episode_key(
    folder: str, files: Iterable[ListedFile], settings: bytes, digests: Iterable[str]
) -> str:
    """Names all that an episode was parsed from; `settings` is the text of `show.toml`."""
    names = (found.path for found in files)
    return texts_key(folder, names, (digest(settings), *digests))


class EpisodeReader:
    """Reads episodes of one show; nothing in it changes, so that workers can share it."""

    def __init__(self, root: str, settings: ShowSettings, settings_text: bytes) -> None:
        self.root = root
        self.settings = settings
        self.settings_text = settings_text

    def read(self, job: ReadingJob) -> ReadEpisode:
        """Read and parse one episode, with the digest of each file that was read."""
        stats = {found.path: found.stat for found in job.files}
        seen: dict[str, tuple[str, Stat, str]] = {}

        def read(path: str) -> str:
            if path not in stats:
                return read_text(self.root, path)
            data = read_listed(self.root, path, TEXT_LIMIT_BYTES)
            seen[path] = (path, stats[path], digest(data))
            return decode_text(path, data)

        if job.parsed:
            key, data = job.key, job.parsed
            parsed = msgspec.msgpack.decode(data, type=ParsedEpisode)
        else:
            names = tuple(path.rpartition("/")[2] for path in stats)
            parsed = parse_episode(EpisodeFolder(job.folder, names), self.settings, read)
            digests = self._read_rest(job.files, seen)
            key = episode_key(job.folder, job.files, self.settings_text, digests)
            data = msgspec.msgpack.encode(parsed)
        sound = self._probe(parsed, stats, job.probed)
        return ReadEpisode(key, data, tuple(seen.values()), sound)

    def _read_rest(
        self, files: tuple[ListedFile, ...], seen: dict[str, tuple[str, Stat, str]]
    ) -> list[str]:
        digests = []
        for found in files:
            if not is_text(found.path):
                continue
            if found.path not in seen:
                try:
                    name = digest(read_bytes(self.root, found.path, TEXT_LIMIT_BYTES))
                except ProblemError:
                    name = ""
                seen[found.path] = (found.path, found.stat, name)
            digests.append(seen[found.path][2])
        return digests

    def _probe(
        self, parsed: ParsedEpisode, stats: dict[str, Stat], probed: tuple[ProbedAudio, ...]
    ) -> ProbedAudio | None:
        if parsed.episode is None:
            return None
        known = (parsed.episode.sound, audio_stat(parsed.episode, stats))
        for sound in probed:
            if (sound.path, sound.stat) == known:
                return sound
        return probe_episode(self.root, parsed.episode, stats)
