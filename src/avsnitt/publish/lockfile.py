"""`site/published.lock` <-> a PublicationRecord: one JSON value a line.

The first line says what the file is, the second is the show, and every other is one episode,
sorted by address. So two branches that publish different episodes merge without a conflict, and a
commit shows what went out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeVar

import msgspec

from avsnitt.model.message import MessageValues, message
from avsnitt.model.publication import PublicationRecord, PublishedEpisode, PublishedShow
from avsnitt.model.value import Value
from avsnitt.problems.finding import Finding, finding_in_text

VERSION: Final = 1
ABOUT: Final = (
    "What subscribers have got of this show. Written by avsnitt publish; keep it in Git, "
    "and leave the writing to avsnitt."
)

LockFileReason = Literal["conflict", "newer", "damaged", "twice"]

_CONFLICT: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
"""The marks of Git at the beginning of lines that two branches changed."""
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode_episode = msgspec.json.Decoder(PublishedEpisode).decode
_decode_episodes = msgspec.json.Decoder(PublishedEpisode).decode_lines
_decode_show = msgspec.json.Decoder(PublishedShow).decode

T = TypeVar("T")


class _Head(Value, frozen=True, kw_only=True):
    about: str = ""
    version: int


class _LockFileError(Exception):
    def __init__(self, line: int, reason: LockFileReason) -> None:
        super().__init__(reason)
        self.line = line
        self.reason: LockFileReason = reason


def render_lock_file(record: PublicationRecord) -> str:
    """The text of a lock file, its episodes sorted by address, with a line break at the end."""
    head = _Head(version=VERSION, about=ABOUT)
    episodes = sorted(record.episodes, key=lambda one: one.slug)
    return "".join(f"{_encode(one).decode()}\n" for one in (head, record.show, *episodes))


def parse_lock_file(text: str) -> tuple[PublicationRecord | None, tuple[Finding, ...]]:
    """Parse a lock file; returns None and a Problem when it is wrong. Never raises."""
    try:
        record = _parse(text)
        reasons = _repeated(record, text)
    except _LockFileError as found:
        record, reasons = None, [(found.line, found.reason)]
    if not reasons:
        return record, ()
    lines = ["", *text.split("\n")]
    reasons = [(min(line, len(lines) - 1), reason) for line, reason in reasons]
    return None, tuple(_finding(line, reason, lines[line].rstrip()) for line, reason in reasons)


def _finding(line: int, reason: LockFileReason, text: str) -> Finding:
    values: MessageValues = {"reason": message(f"lockfile.{reason}")}
    return finding_in_text("LEDGER-001", values, line=line, text=text)


def find_row(text: str, slug: str) -> tuple[int, str]:
    """The line number of an episode's row and the line; (0, "") when it has none."""
    start = f'{{"slug":{_encode(slug).decode()},'
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(start):
            return number, line
    return 0, ""


def _parse(text: str) -> PublicationRecord:
    first_line, _, rest = text.partition("\n")
    show_line, _, rows = rest.partition("\n")
    head = _one(_decode_head, first_line, 1)
    if head.version != VERSION:
        raise _LockFileError(1, "newer" if head.version > VERSION else "damaged")
    show = _one(_decode_checked_show, show_line, 2)
    try:
        episodes = _decode_episodes(rows.encode())
        for one in episodes:
            _check_moment(one.published)
    except (ValueError, RecursionError):
        raise _first_bad(rows) from None
    return PublicationRecord(show=show, episodes=tuple(sorted(episodes, key=lambda one: one.slug)))


def _decode_head(line: str) -> _Head:
    return msgspec.json.decode(line, type=_Head)


def _decode_checked_show(line: str) -> PublishedShow:
    show = _decode_show(line)
    if show.moving_since:
        dt.date.fromisoformat(show.moving_since)
    for _, moment in show.tokens:
        _check_moment(moment)
    return show


def _one(decode: Callable[[str], T], line: str, number: int) -> T:
    try:
        return decode(line)
    except (ValueError, RecursionError):
        raise _faulty(number, line) from None


def _check_moment(text: str) -> None:
    """ValueError where it is none, or has no offset and so is not one moment."""
    if dt.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


def _first_bad(rows: str) -> _LockFileError:
    """The line on which a lock file cannot be parsed, found by parsing line by line."""
    for number, line in _numbered(rows):
        try:
            _check_moment(_decode_episode(line).published)
        except (ValueError, RecursionError):
            return _faulty(number, line)
    return _LockFileError(0, "damaged")


def _faulty(number: int, line: str) -> _LockFileError:
    return _LockFileError(number, "conflict" if line.startswith(_CONFLICT) else "damaged")


def _numbered(rows: str) -> Iterator[tuple[int, str]]:
    """Every line that says something, with its number in the file."""
    return ((number, line) for number, line in enumerate(rows.split("\n"), 3) if line.strip())


def _repeated(record: PublicationRecord, text: str) -> list[tuple[int, LockFileReason]]:
    episodes = record.episodes
    slugs, guids = ({one.slug for one in episodes}, {one.guid for one in episodes})
    if len(slugs) == len(episodes) == len(guids):
        return []
    found: list[tuple[int, LockFileReason]] = []
    seen = set[tuple[str, str]]()
    for number, line in _numbered(text.split("\n", 2)[2]):
        one = _decode_episode(line)
        names = {("slug", one.slug), ("guid", one.guid)}
        if names & seen:
            found.append((number, "twice"))
        seen |= names
    return found
