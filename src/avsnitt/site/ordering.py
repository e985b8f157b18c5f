"""Who comes first: the one order of episodes, and who took part in what."""

from __future__ import annotations

from collections.abc import Iterable

from avsnitt.model import Credit, Episode, Show


def _newest_key(episode: Episode) -> tuple[float, int, int, str]:
    moment = episode.published.timestamp() if episode.published else 0.0
    return (moment, episode.season or 0, episode.number or 0, episode.slug)


def newest_first(episodes: Iterable[Episode]) -> list[Episode]:
    """By date, then season, number and address, so that the order never depends on the disk."""
    return sorted(episodes, key=_newest_key, reverse=True)


def published(show: Show) -> list[Episode]:
    """What is out, newest first."""
    return newest_first(episode for episode in show.episodes if episode.is_out)


def coming(show: Show) -> list[Episode]:
    """What is planned or recorded, in the order it will come: lowest number first."""
    waiting = (episode for episode in show.episodes if not episode.is_out)
    return sorted(waiting, key=_coming_key)


def _coming_key(episode: Episode) -> tuple[bool, int, int, str]:
    return (episode.number is None, episode.season or 0, episode.number or 0, episode.slug)


def credits_of(show: Show, episode: Episode) -> tuple[Credit, ...]:
    """Everybody in an episode: the show's hosts first, unless the episode names them itself."""
    named = {credit.person.id for credit in episode.credits}
    hosts = tuple(host for host in show.hosts if host.person.id not in named)
    return hosts + episode.credits


def appearances(show: Show) -> dict[str, tuple[tuple[Episode, Credit], ...]]:
    """For each person's id the episodes they are in, newest first; made once for a build."""
    found: dict[str, list[tuple[Episode, Credit]]] = {person.id: [] for person in show.people}
    for episode in newest_first(show.episodes):
        for credit in credits_of(show, episode):
            found.setdefault(credit.person.id, []).append((episode, credit))
    return {person_id: tuple(pairs) for person_id, pairs in found.items()}
