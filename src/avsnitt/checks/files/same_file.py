"""P20-014 and P20-015: whether another form's file is the very one that the feed says it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.files.facts import Breach, CopyFile


def is_another_file(copy: CopyFile) -> Iterator[Breach]:
    """Any of the digests may match (W3C Subresource Integrity, 3.3.5)."""
    if copy.digest and copy.digest not in copy.digests:
        yield Breach("P20-015", {"what": "@podcast.integrity.other"})


def is_no_default(copy: CopyFile) -> Iterator[Breach]:
    """docs/tags/alternate-enclosure.md, "default"."""
    if copy.default and copy.same is False:
        yield Breach("P20-014", {"what": "@podcast.default.bytes"}, "warning")


RULES: Final[tuple[Callable[[CopyFile], Iterator[Breach]], ...]] = (
    is_another_file,
    is_no_default,
)
