"""The same episode in other forms: what each file is, and its published copy.

A format that the tagger knows is published with the episode's tags and nothing else that it
carried; any other file is copied as it is, and the author gets a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.content.episode import SOUND_ENDINGS
from avsnitt.model.audio_formats import ENDINGS
from avsnitt.model.podcast20 import Alternate
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import ListedFile, Stat, integrity_of
from avsnitt.work.fork_map import map_jobs
from avsnitt.workflow.load.probe_audio import probe_audio

MASTERS: Final = ("wav", "aiff")
SAME_TIME_MS: Final = 2000
"""The difference that chapters may have and still be the same."""


class SeenAlternate(Struct, frozen=True):
    """
    One file: what it holds to the last byte, what sound it is when it is any, and what is wrong
    with it.
    """

    path: str
    stat: Stat
    integrity: str
    facts: AudioFacts | None
    problem: Problem | None = None


class AlternateSource(Struct, frozen=True):
    """
    A file that is to be published, and where. `facts` is None for what is only copied. `alternate`
    is what the feed says of a form that was made here; of the author's own files the episode does.
    """

    path: str
    published: str
    integrity: str
    facts: AudioFacts | None
    alternate: Alternate | None = None


def alternate_sources(
    root: str, show: Show, inputs: Iterable[ListedFile], cache: BuildCache
) -> tuple[dict[str, tuple[AlternateSource, ...]], tuple[Problem, ...]]:
    """
    Return the alternate files to publish of each episode that is out, by slug, and the problems
    with them.
    """
    wanted = {
        one.file: episode.slug
        for episode in show.episodes
        if episode.is_out
        for one in episode.alternates
        if one.file
    }
    kept = cache.read_kept("alternate")
    if not wanted and not kept:
        return {}, ()
    known = {path: msgspec.json.decode(data, type=SeenAlternate) for path, data in kept.items()}
    there = {found.path: found for found in inputs if found.path in wanted}
    unseen = [
        found
        for path, found in there.items()
        if path not in known or known[path].stat != found.stat
    ]
    fresh = map_jobs(lambda found: _read_image(root, found), unseen, SeenAlternate)
    cache.keep("alternate", ((one.path, msgspec.json.encode(one)) for one in fresh))
    cache.forget("alternate", set(kept).difference(there))
    known.update((one.path, one) for one in fresh)
    seen = [known[path] for path in wanted if path in there]
    sources: dict[str, tuple[AlternateSource, ...]] = {}
    for one in seen:
        slug = wanted[one.path]
        sources[slug] = (*sources.get(slug, ()), _source(root, slug, one))
    return sources, tuple(one.problem for one in seen if one.problem)


def join_alternates(
    authored: Mapping[str, tuple[AlternateSource, ...]],
    made: Mapping[str, tuple[AlternateSource, ...]],
) -> dict[str, tuple[AlternateSource, ...]]:
    """The author's own forms of each episode and those that were made, the author's first."""
    joined = dict(authored)
    for slug, sources in made.items():
        own = joined.get(slug, ())
        taken = {one.published for one in own}
        joined[slug] = (*own, *(one for one in sources if one.published not in taken))
    return joined


def sources_key(sources: Iterable[AlternateSource]) -> str:
    """Names all that an episode's published copies are made of, tags aside."""
    return " ".join(
        f"{one.published} {one.integrity} {one.alternate.title if one.alternate else ''}"
        for one in sources
    )


def alternate_changes(
    alternate: Alternate, facts: AudioFacts, sound: AudioFacts | None
) -> Mapping[str, object]:
    """
    In what the tags of an alternate differ from those of the sound: its language, and that it
    has no chapters when it is of another length, since they would all be out.
    """
    changes: dict[str, object] = {}
    if alternate.lang:
        changes["language"] = alternate.lang
    if sound is None or abs(facts.duration_ms - sound.duration_ms) > SAME_TIME_MS:
        changes["chapters"] = ()
    return changes


def find_alternate(episode: Episode, source: AlternateSource) -> Alternate:
    """The feed's fields for one form, besides what was measured."""
    if source.alternate is not None:
        return source.alternate
    return next(one for one in episode.alternates if source.path.endswith(f"/{one.file}"))


def _read_image(root: str, found: ListedFile) -> SeenAlternate:
    integrity = integrity_of(f"{root}/{found.path}")
    name = found.path.rpartition("/")[2]
    facts: AudioFacts | None = None
    error: Problem | None = None
    if name.rpartition(".")[2].lower() in SOUND_ENDINGS:
        facts, error = probe_audio(root, found.path)
    if error is None and facts is not None and facts.format in MASTERS:
        words = {"name": name, "format": facts.format.upper()}
        error = problem("PODCAST-008", Where(found.path), **words)
    if facts is None or facts.format not in ENDINGS:
        facts = None
        error = error or problem("PODCAST-009", Where(found.path), name=name)
    return SeenAlternate(found.path, found.stat, integrity, facts, error)


def _source(root: str, slug: str, seen: SeenAlternate) -> AlternateSource:
    name = seen.path.rpartition("/")[2]
    facts = seen.facts
    if facts is None:
        ending = "".join(filter(str.isalnum, name.rpartition(".")[2].lower()))
        extension = ending if ending.isascii() and ending else "bin"
    else:
        extension = "mp4" if facts.video else ENDINGS[facts.format]
    published = routes.alternate(slug, name, extension)
    return AlternateSource(str(Path(root, seen.path)), published, seen.integrity, facts)
