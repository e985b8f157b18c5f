"""`avsnitt diff` and `accept`: what subscribers would notice, and saying that it is meant."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from avsnitt.digests import digest
from avsnitt.model.publication import GONE, Ledger
from avsnitt.model.show import Show, SoundFacts
from avsnitt.problems.errors import ContentTrouble, ProblemFound, UsageTrouble
from avsnitt.publish.changes import Change
from avsnitt.show_files import CACHE_FOLDER
from avsnitt.system.build_cache import Store
from avsnitt.system.clock import now
from avsnitt.system.files import read_bytes
from avsnitt.system.snapshot import program_name
from avsnitt.workflow.build.images import LIMIT_BYTES as PICTURE_LIMIT_BYTES
from avsnitt.workflow.load.publication import (
    compare,
    is_example,
    plan_ledger,
    read_ledger,
    renew,
    write_ledger,
)
from avsnitt.workflow.load.show import load_show

_OF_THE_SHOW = ("show-guid", "feed")


class Outlook(Struct, frozen=True):
    """
    What was published and what would be. `old` is None when nothing has been published;
    `changes` are what subscribers would notice.
    """

    show: Show
    old: Ledger | None
    new: Ledger
    changes: tuple[Change, ...]

    @property
    def is_refused(self) -> bool:
        return any(change.is_refused for change in self.changes)


def look_ahead(root: str) -> Outlook:
    """
    What would happen if the show at `root` were published now. Writes nothing but the build's
    memory. Raises ContentTrouble when the show or its ledger has errors, other than what the
    ledger itself would refuse.
    """
    root = os.path.realpath(root)
    store = Store(f"{root}/{CACHE_FOLDER}", program_name())
    try:
        loaded = load_show(root, store, look_back=False)
    finally:
        store.close(commit=True)
    if loaded.show is None:
        raise ContentTrouble(loaded.problems)
    return outlook(root, loaded.show, loaded.sounds)


def outlook(root: str, show: Show, sounds: Mapping[str, SoundFacts]) -> Outlook:
    """The same for a show that has been read already."""
    old = read_ledger(root)
    new = plan_ledger(show, sounds, cover=_cover(root, show))
    return Outlook(show, old, new, compare(show, old, new) if old else ())


def _cover(root: str, show: Show) -> str:
    try:
        return digest(read_bytes(root, show.cover.path, PICTURE_LIMIT_BYTES))
    except ProblemFound:
        return ""


def remember_published(root: str, ahead: Outlook) -> bool:
    """Write down what has just been published. Returns whether it differs from last time."""
    return write_ledger(os.path.realpath(root), renew(ahead.old, ahead.new, ahead.show, now()))


def counts(ahead: Outlook) -> bool:
    """Whether anybody could subscribe to what is published, so that it should be remembered."""
    return not is_example(ahead.show)


def accept(
    root: str, slugs: Iterable[str], *, show: bool, everything: bool, dry_run: bool
) -> tuple[Change, ...]:
    """
    Say of changes that they are meant, in the ledger: of the episodes named (by the address they
    were published at or have now), of the `show` itself, or of `everything`. Returns the changes.

    Raises UsageTrouble when nothing has been published, or for an address with nothing to accept.
    """
    ahead = look_ahead(root)
    if ahead.old is None:
        raise UsageTrouble("nothing is published", key="accept.no-ledger")
    refused = [change for change in ahead.changes if change.is_refused]
    wanted = set(slugs)
    known = {slug for change in refused for slug in (change.slug, change.was) if slug}
    for slug in sorted(wanted - known):
        raise UsageTrouble(slug, key="accept.no-such", values={"slug": slug})
    chosen = tuple(
        change
        for change in refused
        if everything
        or (show and change.kind in _OF_THE_SHOW)
        or wanted & ({change.slug, change.was} - {""})
    )
    if chosen and not dry_run:
        write_ledger(os.path.realpath(root), _accepting(ahead.old, chosen))
    return chosen


def _accepting(ledger: Ledger, changes: Iterable[Change]) -> Ledger:
    by_slug: dict[str, list[str]] = {}
    for change in changes:
        by_slug.setdefault(change.was, []).append(GONE if change.kind == "gone" else change.after)
    rows = tuple(
        msgspec.structs.replace(row, accepted=_joined(row.accepted, by_slug[row.slug]))
        if row.slug in by_slug
        else row
        for row in ledger.episodes
    )
    head = ledger.show
    head = msgspec.structs.replace(head, accepted=_joined(head.accepted, by_slug.get("", [])))
    return Ledger(show=head, episodes=rows)


def _joined(before: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*before, *more}))
