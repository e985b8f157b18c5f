"""P20-014 and P20-015: is the file of another form the one that the feed says it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.files.facts import CopyFile
from avsnitt.model.message import message
from avsnitt.problems.finding import Finding, finding_in_text


def is_another_file(copy: CopyFile) -> Iterator[Finding]:
    """
    P20-015 for a file with another digest. Any of the digests may match (W3C Subresource
    Integrity, 3.3.5).
    """
    if copy.digest and copy.digest not in copy.digests:
        yield finding_in_text("P20-015", {"what": message("podcast.integrity.other")})


def is_no_default(copy: CopyFile) -> Iterator[Finding]:
    """
    P20-014 for a default alternate that is another file than the enclosure
    (docs/tags/alternate-enclosure.md, "default").
    """
    if copy.default and copy.same is False:
        yield finding_in_text("P20-014", {"what": message("podcast.default.bytes")}, "warning")


RULES: Final[tuple[Callable[[CopyFile], Iterator[Finding]], ...]] = (
    is_another_file,
    is_no_default,
)
