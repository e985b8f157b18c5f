"""`avsnitt diff` and `accept`: what subscribers would notice, and saying that it is meant."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from avsnitt.digests import digest
from avsnitt.model.publication import GONE, PublicationRecord
from avsnitt.model.show import AudioFacts, Show
from avsnitt.problems.errors import ContentError, ProblemError, UsageError
from avsnitt.publish.changes import PublicationChange
from avsnitt.system.build_cache import open_build_cache
from avsnitt.system.clock import now
from avsnitt.system.files import read_bytes
from avsnitt.workflow.build.images import LIMIT_BYTES as PICTURE_LIMIT_BYTES
from avsnitt.workflow.load.publication import (
    compare,
    is_example,
    plan_publication,
    read_lock_file,
    renew,
    write_lock_file,
)
from avsnitt.workflow.load.show import load_show

_OF_THE_SHOW = ("show-guid", "feed")


class PublishPreview(Struct, frozen=True):
    """
    The record of what was published, and of what would be. `old` is None when nothing has been
    published; `changes` are those that subscribers would notice.
    """

    show: Show
    old: PublicationRecord | None
    new: PublicationRecord
    changes: tuple[PublicationChange, ...]

    @property
    def is_refused(self) -> bool:
        """True when any change must be accepted by the author before it is published."""
        return any(change.is_refused for change in self.changes)


def preview_publish(root: str) -> PublishPreview:
    """
    Return what would happen if the show at `root` were published now. Writes nothing but the
    build cache. Raises ContentError when the show or its lock file has errors, other than
    changes that would be refused.
    """
    root = os.path.realpath(root)
    with open_build_cache(root) as cache:
        loaded = load_show(root, cache, with_former=False)
    if loaded.show is None:
        raise ContentError(loaded.problems)
    return preview_loaded(root, loaded.show, loaded.sounds)


def preview_loaded(root: str, show: Show, sounds: Mapping[str, AudioFacts]) -> PublishPreview:
    """The same for a show that has been read already."""
    old = read_lock_file(root)
    new = plan_publication(show, sounds, cover=_cover(root, show))
    return PublishPreview(show, old, new, compare(show, old, new) if old else ())


def _cover(root: str, show: Show) -> str:
    try:
        return digest(read_bytes(root, show.cover.path, PICTURE_LIMIT_BYTES))
    except ProblemError:
        return ""


def remember_published(root: str, ahead: PublishPreview) -> bool:
    """Write down what has just been published. Returns whether it differs from last time."""
    return write_lock_file(os.path.realpath(root), renew(ahead.old, ahead.new, ahead.show, now()))


def is_real_show(ahead: PublishPreview) -> bool:
    """True when anybody could subscribe to what is published, so that it should be remembered."""
    return not is_example(ahead.show)


def accept(
    root: str, slugs: Iterable[str], *, show: bool, everything: bool, dry_run: bool
) -> tuple[PublicationChange, ...]:
    """
    Say of changes that they are meant, in the lock file: of the episodes named (by the address they
    were published at or have now), of the `show` itself, or of `everything`. Returns the changes.

    Raises UsageError when nothing has been published, or for an address with nothing to accept.
    """
    ahead = preview_publish(root)
    if ahead.old is None:
        raise UsageError("nothing is published", key="accept.no-lockfile")
    refused = [change for change in ahead.changes if change.is_refused]
    wanted = set(slugs)
    known = {slug for change in refused for slug in (change.slug, change.was) if slug}
    for slug in sorted(wanted - known):
        raise UsageError(slug, key="accept.no-such", values={"slug": slug})
    chosen = tuple(
        change
        for change in refused
        if everything
        or (show and change.kind in _OF_THE_SHOW)
        or wanted & ({change.slug, change.was} - {""})
    )
    if chosen and not dry_run:
        write_lock_file(os.path.realpath(root), _accepting(ahead.old, chosen))
    return chosen


def _accepting(
    record: PublicationRecord, changes: Iterable[PublicationChange]
) -> PublicationRecord:
    by_slug: dict[str, list[str]] = {}
    for change in changes:
        by_slug.setdefault(change.was, []).append(GONE if change.kind == "gone" else change.after)
    rows = tuple(
        msgspec.structs.replace(row, accepted=_joined(row.accepted, by_slug[row.slug]))
        if row.slug in by_slug
        else row
        for row in record.episodes
    )
    head = record.show
    head = msgspec.structs.replace(head, accepted=_joined(head.accepted, by_slug.get("", [])))
    return PublicationRecord(show=head, episodes=rows)


def _joined(before: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*before, *more}))
