"""A rule that was broken: the one value for it, whatever was checked and by whom.

A finding has no line in the user's own files yet. To look one up costs a slow parser, so that is
done for what is shown: `codes.problem_of` makes the Problem of a finding and its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from msgspec import Struct

from avsnitt.model.message import MessageValue
from avsnitt.problems.problem import Severity

KeyPath = tuple[str | int, ...]
"""A place in front matter or in `show.toml`: `("people", 0, "id")`. Empty: all of it."""

SubjectKind = Literal["file", "document", "channel", "item", "live"]


class Subject(Struct, frozen=True):
    """
    The thing that a rule checked. `id` is a file's path in the show, or the guid of a feed's
    item (its number, `#3`, where it has none); empty for a feed's document and channel.
    """

    kind: SubjectKind
    id: str = ""


DOCUMENT: Final = Subject("document")
CHANNEL: Final = Subject("channel")


class Place(Struct, frozen=True, kw_only=True):
    """
    A place inside the subject, as far as it is known: `key` in front matter or settings;
    `element` of a feed, as readers know it (`itunes:duration`, or `podcast:person@role` for an
    attribute); `line`, counted from 1, of a feed or a text, with `text` as it stands there.
    """

    key: KeyPath = ()
    element: str = ""
    line: int = 0
    text: str = ""


NOWHERE: Final = Place()


class Finding(Struct, frozen=True, kw_only=True):
    """
    A rule that was broken, once. `code` is listed in `codes.SEVERITIES`, and `values` fill in
    its words.

    `subject` is None where the rule sees a value and only its caller knows what that belongs
    to. `severity` is given where this finding weighs less than the code can.
    """

    code: str
    subject: Subject | None = None
    place: Place = NOWHERE
    values: Mapping[str, MessageValue] = {}
    severity: Severity | None = None


def finding_in_file(
    code: str, path: str, key: KeyPath = (), values: Mapping[str, MessageValue] | None = None
) -> Finding:
    """A Finding at a key of one of the show's own files, or about the file as a whole."""
    return Finding(
        code=code, subject=Subject("file", path), place=Place(key=key), values=values or {}
    )


def finding_at_key(
    code: str, key: KeyPath, values: Mapping[str, MessageValue] | None = None
) -> Finding:
    """A Finding at a key of a value whose file the caller knows."""
    return Finding(code=code, place=Place(key=key), values=values or {})


def finding_in_text(
    code: str,
    values: Mapping[str, MessageValue] | None = None,
    severity: Severity | None = None,
    line: int = 0,
    text: str = "",
) -> Finding:
    """A Finding at a line of a file whose path or address the caller knows."""
    place = Place(line=line, text=text)
    return Finding(code=code, place=place, values=values or {}, severity=severity)


def finding_in_document(
    code: str,
    line: int = 0,
    element: str = "",
    values: Mapping[str, MessageValue] | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A Finding about a feed's document, and not about its channel or an item."""
    place = Place(line=line, element=element)
    return Finding(code=code, subject=DOCUMENT, place=place, values=values or {}, severity=severity)


def below(finding: Finding, *steps: str | int) -> Finding:
    """The finding at a key that is inside another: its key with `steps` before it."""
    place = msgspec.structs.replace(finding.place, key=(*steps, *finding.place.key))
    return msgspec.structs.replace(finding, place=place)
