"""The choice of each episode's published audio: the recording as it is, or what was made of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.audio.mix.retime import retime_episode
from avsnitt.i18n import ui_language
from avsnitt.model.audio import MadeAudio, MadeForm
from avsnitt.model.audio_formats import ENDINGS
from avsnitt.model.podcast20 import Alternate
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.problem import Problem
from avsnitt.system.artifacts import ARTIFACTS_FOLDER
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.disk import read_file
from avsnitt.system.files import ListedFile, integrity_of, read_text
from avsnitt.work.progress import Progress
from avsnitt.workflow.build.alternates import AlternateSource
from avsnitt.workflow.build.context import AudioSource, VideoSource
from avsnitt.workflow.load.locate import locate_finding
from avsnitt.workflow.load.probe_audio import probe_audio
from avsnitt.workflow.produce.producer import AudioProducer, files_of, recording_problems
from avsnitt.workflow.produce.recipe import Recipe, RecipeFinder

MADE: Final = "made-sound"
"""The step that remembers what was made by each recipe."""


class ProducedAudio(Struct, frozen=True):
    """
    The result of one recipe: each form's file with its facts, and the digest of its bytes; and
    the film's MP4 when there is one.
    """

    made: MadeAudio
    facts: tuple[AudioFacts, ...]
    integrity: tuple[str, ...]
    film: AudioFacts | None = None


class ChosenAudio(Struct, frozen=True):
    """
    The audio to publish, by slug. In `show` every time in an episode whose audio was cut or
    joined is the time in what is published.
    """

    show: Show
    sources: Mapping[str, AudioSource]
    alternates: Mapping[str, tuple[AlternateSource, ...]]
    films: Mapping[str, VideoSource]
    problems: tuple[Problem, ...]


class AudioChooser:
    """Finds or makes the sound of every episode that is out."""

    def __init__(
        self,
        root: str,
        show: Show,
        sounds: Mapping[str, AudioFacts],
        inputs: Iterable[ListedFile],
        cache: BuildCache,
    ) -> None:
        self.root = root
        self.show = show
        self.sounds = sounds
        self.cache = cache
        self.folder = f"{root}/{ARTIFACTS_FOLDER}"
        self.known: frozenset[str] = frozenset()
        self.book = RecipeFinder(root, show, sounds, inputs, cache)
        self.kept = {
            key: msgspec.json.decode(data, type=ProducedAudio)
            for key, data in cache.read_kept(MADE).items()
        }

    def choose(self, producer: AudioProducer, progress: Progress) -> ChosenAudio:
        """
        Choose the audio of every episode, and produce what is missing. A problem with one
        episode stops no other.
        """
        out = [one for one in self.show.episodes if one.is_out]
        recipes = {one.slug: recipe for one in out if (recipe := self.book.recipe(one))}
        found = [locate_finding(one, self._read) for one in self.book.findings.values()]
        found += self.book.problems.values()
        served, errors = self.produce(recipes, producer, progress)
        found += errors
        if served.keys() - self.known:
            self.tidy(producer, recipes)
        for slug, one in served.items():
            found += recording_problems(recipes[slug], one.made)
        spoken = self._spoken(self.show, served)
        films = dict(self._films(spoken, served))
        show = self._moved(spoken, served)
        sources = dict(self._sources(show.episodes, recipes, served))
        others = {slug: tuple(self._others(slug, one)) for slug, one in served.items()}
        return ChosenAudio(show, sources, others, films, tuple(found))

    def tidy(self, producer: AudioProducer, recipes: Mapping[str, Recipe]) -> None:
        """Once something new was made, what no episode of the show needs any more may go."""
        needed = dict(recipes)
        for episode in self.show.episodes:
            if not episode.is_out and (recipe := self.book.recipe(episode, trial=True)):
                needed[episode.slug] = recipe
        producer.forget_others(needed.values())

    def produce(
        self, recipes: Mapping[str, Recipe], producer: AudioProducer, progress: Progress
    ) -> tuple[dict[str, ProducedAudio], tuple[Problem, ...]]:
        """
        Return the result of each recipe, by slug, and the problems of those that have none.
        Raises RuntimeError when a recipe ends without a result or a problem.
        """
        served = {
            slug: self.kept[recipe.key]
            for slug, recipe in recipes.items()
            if recipe.key in self.kept and self._stands(recipe, self.kept[recipe.key])
        }
        self.known = frozenset(served)
        missing = {slug: one for slug, one in recipes.items() if slug not in served}
        made, errors = producer.produce(missing, progress)
        for slug, one in made.items():
            fresh = self._inspect(recipes[slug], one)
            served[slug] = fresh
            self.cache.keep(MADE, [(recipes[slug].key, msgspec.json.encode(fresh))])
        used = {recipe.key for recipe in recipes.values()}
        self.cache.forget(MADE, self.kept.keys() - used)
        return {slug: served[slug] for slug in recipes if slug in served}, errors

    def _read(self, path: str) -> str:
        return read_text(self.root, path)

    def _stands(self, recipe: Recipe, served: ProducedAudio) -> bool:
        files = [f"{self.folder}/{name}" for name in files_of(served.made)]
        return all(map(os.path.exists, (recipe.tracks[0].path, *files)))

    def _path(self, recipe: Recipe, form: MadeForm) -> str:
        return f"{self.folder}/{form.file}" if form.file else recipe.tracks[0].path

    def _inspect(self, recipe: Recipe, made: MadeAudio) -> ProducedAudio:
        facts, integrity = [], []
        for form in made.forms:
            folder, _, name = self._path(recipe, form).rpartition("/")
            probed, _ = probe_audio(folder, name)
            if probed is None:
                raise RuntimeError(f"{form.file}: what was made cannot be read")
            facts.append(probed)
            integrity.append(integrity_of(f"{folder}/{name}"))
        film = made.film
        seen = probe_audio(self.folder, film.mp4)[0] if film and film.mp4 else None
        return ProducedAudio(made, tuple(facts), tuple(integrity), seen)

    def _spoken(self, show: Show, served: Mapping[str, ProducedAudio]) -> Show:
        """With a speaker for every cue that has none, by whose microphone it was heard."""
        voices = {slug: one.made.voices for slug, one in served.items() if one.made.voices}
        if not voices:
            return show
        episodes = (
            self._with_speakers(one, voices[one.slug]) if one.slug in voices else one
            for one in show.episodes
        )
        return msgspec.structs.replace(show, episodes=tuple(episodes))

    def _with_speakers(self, episode: Episode, voices: str) -> Episode:
        from avsnitt.audio.mix.active_speaker import Microphone, speakers_by_track

        if not any(not cue.speaker for one in episode.transcripts for cue in one.cues):
            return episode
        data = read_file(f"{self.folder}/{voices}")
        microphones = msgspec.msgpack.decode(data, type=tuple[Microphone, ...])
        named = (
            msgspec.structs.replace(one, cues=speakers_by_track(one.cues, microphones))
            if one.timed
            else one
            for one in episode.transcripts
        )
        return msgspec.structs.replace(episode, transcripts=tuple(named))

    def _moved(self, show: Show, served: Mapping[str, ProducedAudio]) -> Show:
        if not any(one.made.moved for one in served.values()):
            return show
        episodes = (
            retime_episode(one, served[one.slug].made.moved) if one.slug in served else one
            for one in show.episodes
        )
        return msgspec.structs.replace(show, episodes=tuple(episodes))

    def _sources(
        self,
        episodes: Sequence[Episode],
        recipes: Mapping[str, Recipe],
        served: Mapping[str, ProducedAudio],
    ) -> Iterator[tuple[str, AudioSource]]:
        for episode in episodes:
            slug = episode.slug
            facts = self.sounds.get(slug)
            if facts is None or not episode.is_out:
                continue
            if slug not in recipes:
                yield slug, AudioSource(f"{self.root}/{episode.sound}", facts)
            elif slug in served:
                one = served[slug]
                path = self._path(recipes[slug], one.made.forms[0])
                waveform = f"{self.folder}/{one.made.waveform}" if one.made.waveform else ""
                yield slug, AudioSource(path, one.facts[0], waveform)

    def _films(
        self, show: Show, served: Mapping[str, ProducedAudio]
    ) -> Iterator[tuple[str, VideoSource]]:
        """A film has the recording's own times, since its pictures are never cut."""
        from avsnitt.workflow.build.video import video_source

        for episode in show.episodes:
            one = served.get(episode.slug)
            if one is not None and one.made.film is not None:
                moved = bool(one.made.moved)
                yield (
                    episode.slug,
                    video_source(
                        one.made.film, self.folder, one.film, episode.transcripts, moved=moved
                    ),
                )

    def _others(self, slug: str, served: ProducedAudio) -> Iterator[AlternateSource]:
        language = next(one.language for one in self.show.episodes if one.slug == slug)
        for form, facts, integrity in list(
            zip(served.made.forms, served.facts, served.integrity, strict=True)
        )[1:]:
            ending = ENDINGS[facts.format]
            published = routes.alternate(slug, f"{form.form}.{ending}", ending)
            alternate = Alternate(title=form_title(form, language))
            path = f"{self.folder}/{form.file}"
            yield AlternateSource(path, published, integrity, facts, alternate)


def form_title(form: MadeForm, language: str) -> str:
    """The name of a form in the feed, in the episode's language."""
    from avsnitt.system.locales import read_strings

    return read_strings(ui_language(language), "feed")(f"feed.form.{form.form}")
