"""Selections of episodes: published, coming, and by person."""

from __future__ import annotations

from avsnitt.model.show import Credit, Episode, Show


def published(show: Show) -> list[Episode]:
    """The published episodes, newest first as the show has them."""
    return [episode for episode in show.episodes if episode.is_out]


def coming(show: Show) -> list[Episode]:
    """The planned and recorded episodes, in the order that they will come: lowest number first."""
    waiting = (episode for episode in show.episodes if not episode.is_out)
    return sorted(waiting, key=_coming_key)


def awaited(show: Show) -> list[Episode]:
    """Those of the coming that have a day, or are to be sent live: what a calendar can show."""
    return [episode for episode in coming(show) if episode.expected or episode.live]


def _coming_key(episode: Episode) -> tuple[bool, int, int, str]:
    return (episode.number is None, episode.season or 0, episode.number or 0, episode.slug)


def appearances(show: Show) -> dict[str, tuple[tuple[Episode, Credit], ...]]:
    """For each person's id the episodes they are in, newest first; made once for a build."""
    found: dict[str, list[tuple[Episode, Credit]]] = {person.id: [] for person in show.people}
    for episode in show.episodes:
        for credit in episode.credits:
            found.setdefault(credit.person.id, []).append((episode, credit))
    return {person_id: tuple(pairs) for person_id, pairs in found.items()}
