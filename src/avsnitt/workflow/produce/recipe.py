"""The inputs of each episode's audio, and the key that names them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt.digests import digest
from avsnitt.model.audio import AudioForm, AudioSettings
from avsnitt.model.audio_formats import FORMATS, is_made
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.problems.problem import Problem
from avsnitt.show_files import SETTINGS_PATH
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import ListedFile, Stat
from avsnitt.workflow.load.probe_audio import probe_audio

VERSION: Final = "1"
"""Of the way from recordings to published sound: a part of every key."""
PASSING: Final[tuple[AudioForm, ...]] = ("mp3", "m4a", "opus")
"""The formats that a finished recording may have, whatever form is otherwise asked for."""
JOINED: Final = "joined"
"""The step that remembers what tracks, intros and outros are."""


class SourceFile(Struct, frozen=True, kw_only=True):
    """
    One file that goes into an episode's sound. `path` is absolute, `shown` relative to the show's
    folder; `person` is the speaker's name, or empty.
    """

    path: str
    shown: str
    facts: AudioFacts
    person: str = ""
    gain_db: float = 0.0
    at_ms: int = 0


class Recipe(Struct, frozen=True, kw_only=True):
    """
    All that an episode's sound is made of: one recording, or several tracks of one talk; what is
    joined to both ends; and how it is to be. On `trial` it is asked whether a finished recording
    need be made at all.
    """

    slug: str
    tracks: tuple[SourceFile, ...]
    settings: AudioSettings
    intro: SourceFile | None = None
    outro: SourceFile | None = None
    trial: bool = False

    @property
    def key(self) -> str:
        """Names the result: contents and settings, never paths or people."""
        parts = [
            [one.facts.digest, one.gain_db, one.at_ms] if one else None
            for one in (*self.tracks, self.intro, self.outro)
        ]
        settled = msgspec.structs.replace(self.settings, finished=None, intro="", outro="")
        return digest(msgspec.json.encode([VERSION, parts, settled]))

    @property
    def records(self) -> tuple[str, str]:
        """
        The names of the two files that say what was made, or that nothing need be. They are
        written last: where one is, all that it names is there.
        """
        return f"{self.key}.made", f"{self.key}-finished.made"

    @property
    def passing_form(self) -> AudioForm | None:
        """The form that the recording is, if it can be published should it turn out to be right."""
        only = self.tracks[0]
        alone = len(self.tracks) == 1 and not (self.intro or self.outro or only.gain_db)
        if not alone or only.facts.video:
            return None
        forms = (*self.settings.forms[:1], *(PASSING if self.trial else ()))
        return next((form for form in forms if FORMATS[form] == only.facts.format), None)

    @property
    def is_film(self) -> bool:
        """True when the episode has one recording, and it is a film."""
        return len(self.tracks) == 1 and self.tracks[0].facts.video


class _ProbedFile(Struct, frozen=True):
    """A track, intro or outro as it was heard."""

    stat: Stat
    facts: AudioFacts | None
    problem: Problem | None


class RecipeFinder:
    """
    Finds the recipes of a show's episodes. `problems` gathers what is wrong with the files
    that only they name, and `findings` which of those are missing.
    """

    def __init__(
        self,
        root: str,
        show: Show,
        sounds: Mapping[str, AudioFacts],
        inputs: Iterable[ListedFile],
        cache: BuildCache,
    ) -> None:
        self.root = root
        self.sounds = sounds
        self.names = {person.id: person.name for person in show.people}
        self.stats = {found.path: found.stat for found in inputs}
        self.cache = cache
        self.kept = {
            path: msgspec.json.decode(data, type=_ProbedFile)
            for path, data in cache.read_kept(JOINED).items()
        }
        self.findings: dict[str, Finding] = {}
        self.problems: dict[str, Problem] = {}

    def recipe(self, episode: Episode, *, trial: bool = False) -> Recipe | None:
        """
        None for an episode without sound, and for one whose sound is published as it is. On
        `trial` the latter is only so where its author has said it.
        """
        facts = self.sounds.get(episode.slug)
        making = episode.making
        if facts is None:
            return None
        if not is_made(episode, facts) and (making.finished or not trial):
            return None
        return Recipe(
            slug=episode.slug,
            tracks=tuple(self._tracks(episode, facts)),
            settings=making,
            intro=self._join(making.intro, "intro"),
            outro=self._join(making.outro, "outro"),
            trial=trial and making.finished is None,
        )

    def _tracks(self, episode: Episode, facts: AudioFacts) -> Iterator[SourceFile]:
        if not episode.tracks:
            path = episode.sound
            yield SourceFile(path=f"{self.root}/{path}", shown=path, facts=facts)
        for track in episode.tracks:
            own = self._probed(track.path)
            if own is not None:
                yield SourceFile(
                    path=f"{self.root}/{track.path}",
                    shown=track.path,
                    facts=own,
                    person=self.names.get(track.person, ""),
                    gain_db=track.gain_db,
                    at_ms=track.at_ms,
                )

    def _join(self, name: str, key: str) -> SourceFile | None:
        path = f"site/{name}"
        if not name:
            return None
        if path not in self.stats:
            values = {"name": name, "near": ""}
            self.findings[path] = finding_in_file(
                "FILE-005", SETTINGS_PATH, ("making", key), values
            )
            return None
        facts = self._probed(path)
        if facts is None:
            return None
        return SourceFile(path=f"{self.root}/{path}", shown=path, facts=facts)

    def _probed(self, path: str) -> AudioFacts | None:
        """The facts of a file, remembered for as long as its stat is the same."""
        stat = self.stats.get(path)
        if stat is None:
            return None
        probed = self.kept.get(path)
        if probed is None or probed.stat != stat:
            probed = _ProbedFile(stat, *probe_audio(self.root, path))
            self.kept[path] = probed
            self.cache.keep(JOINED, [(path, msgspec.json.encode(probed))])
        if probed.problem is not None:
            self.problems[path] = probed.problem
        return probed.facts
