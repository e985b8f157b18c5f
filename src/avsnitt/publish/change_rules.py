"""Changes that nobody said they meant, each with its place in the author's own files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from avsnitt.digests import digest
from avsnitt.model.message import Message, MessageValues, message
from avsnitt.model.publication import PublishedShow
from avsnitt.model.show import Episode, Show
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.publish.changes import Kind, PublicationChange
from avsnitt.show_files import LOCK_PATH, SETTINGS_PATH, episode_file

LONGEST_MOVE: Final = dt.timedelta(days=365)
"""The time for which a feed's new address need stand in the feed itself."""

TOKEN_LIFE: Final = dt.timedelta(hours=48)
"""The time for which a text that proves who owns the feed need stand there."""

VERIFYING: Final = ("verify", "applepodcastsverify")
"""The beginnings of such a text's purpose (podcast-namespace, docs/tags/txt.md)."""

_OF_AN_EPISODE: Final[dict[Kind, tuple[str, tuple[str, ...]]]] = {
    "guid": ("IT-004", ("guid",)),
    "address": ("LEDGER-002", ()),
    "enclosure": ("LEDGER-003", ("sound",)),
    "sound": ("MED-012", ("sound",)),
    "date": ("LEDGER-004", ("published",)),
}
_OF_THE_SHOW: Final[dict[Kind, tuple[str, tuple[str, ...]]]] = {
    "show-guid": ("CH-016", ("guid",)),
    "feed": ("NET-009", ("address",)),
}


def find_refusals(show: Show, changes: Iterable[PublicationChange]) -> Iterator[Finding]:
    """Yield findings for changes that must not be published, and for those to look at before it."""
    by_slug: dict[str, Episode] = {}
    for change in changes:
        if not (change.is_refused or change.kind == "date"):
            continue
        by_slug = by_slug or {one.slug: one for one in show.episodes if one.is_out}
        values = {"slug": change.was, "before": change.before, "after": change.after}
        if change.kind in _OF_THE_SHOW:
            code, key = _OF_THE_SHOW[change.kind]
            yield finding_in_file(code, SETTINGS_PATH, key, values)
        elif change.kind == "gone":
            yield _gone(show, change)
        else:
            code, key = _OF_AN_EPISODE[change.kind]
            reason = {"reason": message("lockfile.guid")} if change.kind == "guid" else {}
            yield finding_in_file(code, _file(by_slug[change.slug]), key, {**values, **reason})


def _gone(show: Show, change: PublicationChange) -> Finding:
    """At the episode that is not out any more, or at its row when there is none."""
    values: MessageValues = {"slug": change.was, "title": change.title}
    for episode in show.episodes:
        if not episode.is_out and (episode.guid == change.before or episode.slug == change.slug):
            values["status"] = episode.status
            values["reason"] = message("lockfile.unpublished")
            return finding_in_file("IT-004", _file(episode), ("status",), values)
    return finding_in_file(
        "IT-004", LOCK_PATH, (change.was,), {**values, "reason": message("lockfile.lost")}
    )


def _file(episode: Episode) -> str:
    return episode_file(episode.folder)


def find_stale(
    show: Show, old: PublishedShow, feed: str, now: dt.datetime | None
) -> Iterator[Finding]:
    """
    Yield findings for entries of a move or a proof of ownership that should not stand for ever.
    `feed` is the feed's address as it would be published; without `now`, rules on time are left
    out.
    """
    former = old.feed if old.feed != feed else old.former_feed
    address = show.new_feed_url
    if address and address == former:
        yield _new_feed_url(message("lockfile.move-back"), address)
    elif address and now and old.new_feed_url == address and old.moving_since:
        since = dt.datetime.fromisoformat(old.moving_since).replace(tzinfo=dt.UTC)
        if now - since > LONGEST_MOVE:
            yield _new_feed_url(message("lockfile.move-old"), old.moving_since)
    if now:
        current = set(proofs(show))
        for token, first in old.tokens:
            if token in current and now - dt.datetime.fromisoformat(first) > TOKEN_LIFE:
                yield finding_in_file("LEDGER-006", SETTINGS_PATH, ("txt",), {"since": first[:10]})


def _new_feed_url(reason: Message, value: str) -> Finding:
    values: MessageValues = {"reason": reason, "value": value}
    return finding_in_file("CH-025", SETTINGS_PATH, ("new_feed_url",), values)


def proofs(show: Show) -> Iterator[str]:
    """The digest of each text in the show's feed that proves who owns it."""
    for txt in show.extras.txt:
        if txt.purpose.lower().startswith(VERIFYING):
            yield digest(txt.text.encode(errors="surrogateescape"))
