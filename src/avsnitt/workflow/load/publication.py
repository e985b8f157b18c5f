"""The record of what was published: read, compared with what would be, and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec

from avsnitt import routes
from avsnitt.checks.show.rules import EXAMPLES
from avsnitt.model.publication import PublicationRecord, PublishedEpisode, PublishedShow
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.codes import problem_of
from avsnitt.problems.errors import ContentError, ProblemError
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Where
from avsnitt.publish.change_rules import find_refusals, find_stale, proofs
from avsnitt.publish.changes import PublicationChange, find_changes
from avsnitt.publish.lockfile import parse_lock_file, render_lock_file
from avsnitt.show_files import LOCK_PATH
from avsnitt.system.files import read_text, write_bytes
from avsnitt.workflow.load.published_audio import published_path

_NOTHING = AudioFacts(format="other", duration_ms=0, digest="")


def read_lock_file(root: str) -> PublicationRecord | None:
    """
    The record of the show at `root` (a real path), or None when there is none.

    Raises ContentError with every mistake in it: what was published is never guessed.
    """
    try:
        text = read_text(root, LOCK_PATH)
    except ProblemError as found:
        if found.problem.code == "FILE-005":
            return None
        raise ContentError([found.problem]) from None
    record, findings = parse_lock_file(text)
    if record is None:
        raise ContentError(
            problem_of(one, Where(LOCK_PATH, one.place.line, 0, one.place.text)) for one in findings
        )
    return record


def as_published(root: str, show: Show, sounds: Mapping[str, AudioFacts]) -> Show:
    """
    The show with every recording that has left the house as it was still leaving it so, where its
    author has not said otherwise: nobody's subscribers get another file because of a new version.
    """
    try:
        record = read_lock_file(root)
    except ContentError:
        return show  # problems with it are reported when it is read
    rows = {one.guid: one for one in record.episodes} if record else {}
    return msgspec.structs.replace(
        show, episodes=tuple(_as_published(one, sounds, rows) for one in show.episodes)
    )


def _as_published(
    episode: Episode, sounds: Mapping[str, AudioFacts], rows: Mapping[str, PublishedEpisode]
) -> Episode:
    row, facts = rows.get(episode.guid), sounds.get(episode.slug)
    if row is None or facts is None or episode.making.finished is not None:
        return episode
    making = msgspec.structs.replace(episode.making, finished=True)
    finished = msgspec.structs.replace(episode, making=making)
    if (row.sound, row.enclosure) != (facts.digest, published_path(finished, facts)):
        return episode
    return finished


def write_lock_file(root: str, record: PublicationRecord) -> bool:
    """Write it, whole or not at all. Returns whether anything in it was new."""
    _, written = write_bytes(f"{root}/{LOCK_PATH}", render_lock_file(record).encode())
    return written


def plan_publication(
    show: Show,
    sounds: Mapping[str, AudioFacts],
    *,
    moments: Mapping[str, str] | None = None,
    cover: str = "",
) -> PublicationRecord:
    """
    The record that the show would have if it were published now, nothing in it accepted.

    `moments` has each episode's moment as ISO 8601 by slug, where they are known: spelling ten
    thousand takes longer than all the rest of their rows.
    """
    moments = _spell_moments(show) if moments is None else moments

    def row(episode: Episode) -> PublishedEpisode:
        facts = sounds.get(episode.slug, _NOTHING)
        return PublishedEpisode(
            slug=episode.slug,
            guid=episode.guid,
            title=episode.title,
            published=moments[episode.slug],
            enclosure=published_path(episode, facts) if facts.digest else "",
            sound=facts.digest,
            duration_ms=facts.duration_ms,
            number=episode.number,
            season=episode.season,
        )

    head = PublishedShow(
        title=show.title,
        guid=show.guid,
        feed=feed_address(show),
        cover=cover,
        new_feed_url=show.new_feed_url,
    )
    return PublicationRecord(
        show=head, episodes=tuple(row(one) for one in show.episodes if one.is_out)
    )


def _spell_moments(show: Show) -> dict[str, str]:
    return {one.slug: one.published.isoformat() if one.published else "" for one in show.episodes}


def feed_address(show: Show) -> str:
    """The address that subscribers have: that of the podcast feed."""
    return routes.absolute(show.address, routes.FEED)


def is_example(show: Show) -> bool:
    """
    True when the show's address is one that nobody can subscribe to, so that publishing it is a
    rehearsal.
    """
    host = show.address.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return f".{host}".endswith(tuple(f".{name}" for name in EXAMPLES))


def compare(
    show: Show, old: PublicationRecord, new: PublicationRecord
) -> tuple[PublicationChange, ...]:
    """Return the changes that subscribers would notice, with what the author has accepted."""
    formerly = {one.slug: one.formerly for one in show.episodes if one.formerly}
    return find_changes(old, new, formerly)


def check_publication(
    show: Show, old: PublicationRecord, new: PublicationRecord, now: dt.datetime | None
) -> Iterator[Finding]:
    """
    Return the problems of changes since the last publication: those that must not be published,
    and those to look at.
    """
    yield from find_refusals(show, compare(show, old, new))
    yield from find_stale(show, old.show, new.show.feed, now)


def renew(
    old: PublicationRecord | None, new: PublicationRecord, show: Show, now: dt.datetime
) -> PublicationRecord:
    """The record to write when `new` has been published: with the times of changes."""
    was, head = (old.show if old else new.show), new.show
    moved = was.feed != head.feed
    snapshot = was.new_feed_url == head.new_feed_url and was.moving_since
    moving = (was.moving_since if snapshot else f"{now:%Y-%m-%d}") if head.new_feed_url else ""
    known = dict(was.tokens)
    moment = f"{now:%Y-%m-%dT%H:%M}+00:00"
    renewed = msgspec.structs.replace(
        head,
        former_feed=was.feed if moved else was.former_feed,
        moving_since=moving,
        tokens=tuple((one, known.get(one, moment)) for one in sorted(set(proofs(show)))),
    )
    return msgspec.structs.replace(new, show=renewed)
