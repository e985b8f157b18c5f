"""The inputs of each episode, and the key that names them all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from avsnitt.digests import combine, digest
from avsnitt.model.selection import published
from avsnitt.workflow.build.alternates import AlternateSource, sources_key
from avsnitt.workflow.build.context import AudioSource, BuildContext, EpisodeJob, VideoSource

NO_FILMS: Final[Mapping[str, VideoSource]] = {}

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def plan_episodes(
    context: BuildContext,
    keys: Mapping[str, str],
    sources: Mapping[str, AudioSource],
    alternates: Mapping[str, tuple[AlternateSource, ...]],
    films: Mapping[str, VideoSource] = NO_FILMS,
) -> Iterable[EpisodeJob]:
    """
    A job for each episode, with its neighbours among those that are out. `keys` names each
    episode's texts by slug, `sources`, `alternates` and `films` have what is published of it.
    """
    out = published(context.show)
    newer = {one.slug: after for after, one in itertools.pairwise(out)}
    older = {one.slug: before for one, before in itertools.pairwise(out)}
    titles = {one.slug: f"{one.slug}\n{one.title}\n{one.language}" for one in out}
    people = _person_keys(context)
    shared = _shared_key(context)
    for episode in context.show.episodes:
        slug = episode.slug
        sound = sources.get(slug)
        previous, following = older.get(slug), newer.get(slug)
        parts = (
            shared,
            keys[slug],
            "".join([people[credit.person.id] for credit in episode.credits]),
            _sound_key(sound),
            context.images.of_episode(episode),
            titles[previous.slug] if previous else "",
            titles[following.slug] if following else "",
            sources_key(alternates.get(slug, ())),
            *((video_key(film),) if (film := films.get(slug)) else ()),
        )
        others = alternates.get(slug, ())
        yield EpisodeJob(episode, sound, previous, following, parts, others, film)


def video_key(film: VideoSource) -> str:
    """The key of a film's files: what they were made of, and their captions."""
    return f"{film.parts} {digest(_encode(film.transcripts))}"


def _sound_key(sound: AudioSource | None) -> str:
    if sound is None:
        return ""
    return f"{sound.facts.digest} {sound.facts.duration_ms} {sound.waveform.rpartition('/')[2]}"


def _shared_key(context: BuildContext) -> str:
    show = context.show
    return combine(
        {
            "site": context.frame_key,
            "templates": context.templates_key,
            "cover": context.images.digest(show.cover.path),
            "feed": digest(
                _encode((show.address, show.title, show.author, sorted(context.formats)))
            ),
        }
    )


def _person_keys(context: BuildContext) -> dict[str, str]:
    return {
        person.id: digest(_encode((person, context.images.whole(person.picture))))
        for person in context.show.people
    }
