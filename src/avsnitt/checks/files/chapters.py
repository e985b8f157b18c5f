"""CHP-: chapters in a file, and the lists of chapters that one episode has in several places."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from avsnitt.checks.files.facts import CarriedChapters, ChapterFile, TagFacts
from avsnitt.checks.files.run_rules import one_finding_per_file
from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.transcripts.json_positions import list_elements, load_json
from avsnitt.i18n import clock
from avsnitt.model.message import Message, MessageValue, MessageValues, message
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding, finding_in_text
from avsnitt.problems.problem import Severity

FEWEST: Final = 3
MOST_AN_HOUR: Final = 6
TITLE_CHARS: Final = 40
SIGNED_BYTES: Final = 127
"""AntennaPod reads the length of a Nero title as a signed byte."""
MOST_LISTED: Final = 255
"""A CTOC frame counts its chapters in one byte (id3v2-chapters-1.0, 3.2)."""
MOST_VORBIS: Final = 99
"""AntennaPod distinguishes Vorbis chapters by the last two digits of their number."""
SAME_MS: Final = 1000
HOUR_MS: Final = 3_600_000


class Mark(Struct, frozen=True):
    """
    One chapter as it stands. `start` and `end` are seconds, None for what is no number there;
    `line` is where it is, 0 when that is not known.
    """

    start: float | None
    end: float | None = None
    title: str = ""
    hidden: bool = False
    line: int = 0
    value: dict[str, object] = {}

    @property
    def name(self) -> str:
        """The title, or the start as a clock time."""
        return self.title or (clock(round(self.start * 1000)) if self.start else "0:00")


class Marks(Struct, frozen=True):
    """All chapters of one file, in its order. `error` is why there are none."""

    marks: tuple[Mark, ...]
    duration_ms: int = 0
    own: bool = False
    error: Message | None = None

    @property
    def shown(self) -> tuple[Mark, ...]:
        """The chapters that have a start and are not hidden."""
        return tuple(one for one in self.marks if not one.hidden and one.start is not None)


def parse_marks(file: ChapterFile) -> Marks:
    """The chapters in a JSON file, as they are written. Never raises."""
    error, rows = _rows(file.text)
    lines = (line for line, _ in list_elements(file.text, "chapters")) if rows else ()
    marks = tuple(_mark(row, line) for row, line in zip(rows, lines, strict=False))
    return Marks(marks, file.duration_ms, file.own, error)


def marks_of(chapters: Iterable[Chapter], lines: Iterable[int], duration_ms: int) -> Marks:
    """Chapters that have been read already, each with its line."""
    marks = (
        Mark(
            one.start_ms / 1000,
            one.end_ms / 1000 if one.end_ms is not None else None,
            one.title,
            one.hidden,
            line,
        )
        for one, line in zip(chapters, lines, strict=True)
    )
    return Marks(tuple(marks), duration_ms, own=True)


def _rows(text: str) -> tuple[Message | None, list[object]]:
    document, finding = load_json(text)
    if finding is not None:
        return message("linked.chapters.not-json"), []
    rows = document.get("chapters") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(rows, list) or not rows:
        return message("linked.chapters.no-list"), []
    if not isinstance(document.get("version"), str):
        return message("linked.chapters.no-version"), rows
    return None, rows


def _mark(row: object, line: int) -> Mark:
    if not isinstance(row, dict):
        return Mark(None, line=line)
    title = row.get("title")
    return Mark(
        _number(row.get("startTime")),
        _number(row.get("endTime")),
        clean_line(title) if isinstance(title, str) else "",
        row.get("toc") is False,
        line,
        row,
    )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def cannot_be_read(marks: Marks) -> Iterator[Finding]:
    """CHP-001 for a file that is no JSON, has no list of chapters, or names no version."""
    if marks.error:
        yield finding_in_text("CHP-001", {"what": marks.error})


def is_out_of_order(marks: Marks) -> Iterator[Finding]:
    """CHP-002 for starts that are missing, not in order, or after the end of the audio."""
    latest = -1.0
    for one in marks.marks:
        if one.start is None or one.start < 0:
            yield _at(one, "CHP-002", what=message("linked.chapters.no-start"))
            continue
        if one.start <= latest:
            yield _at(one, "CHP-002", what=message("linked.chapters.order"))
        elif marks.duration_ms and one.start * 1000 >= marks.duration_ms:
            yield _at(one, "CHP-002", what=message("linked.chapters.after-end"))
        latest = max(latest, one.start)


def shares_a_second(marks: Marks) -> Iterator[Finding]:
    """
    CHP-003 for two starts in one second: AntennaPod cuts a start to whole seconds
    (PodcastIndexChapterParser).
    """
    for before, after in pairwise(marks.shown):
        if before.start is None or after.start is None or before.start >= after.start:
            continue
        if int(before.start) == int(after.start):
            yield _at(after, "CHP-003", other=before.name)


@one_finding_per_file
def begins_late_or_is_few(marks: Marks) -> Iterator[Finding]:
    """CHP-004 for a first chapter after 0, and for fewer than three chapters."""
    shown = marks.shown
    if not shown:
        return
    if shown[0].start:
        yield _at(shown[0], "CHP-004", what=message("linked.chapters.late"), time=_clock(shown[0]))
    if len(shown) < FEWEST:
        yield finding_in_text(
            "CHP-004", {"what": message("linked.chapters.few"), "count": f"{len(shown)}"}
        )


def is_few_even_so(marks: Marks) -> Iterator[Finding]:
    """
    CHP-004 for too few chapters, counting the one that a build puts before a late first chapter
    (`formats.chapters.published`).
    """
    shown = marks.shown
    count = len(shown) + bool(shown and (shown[0].start or 0) >= 1)
    if shown and count < FEWEST:
        yield finding_in_text(
            "CHP-004", {"what": message("linked.chapters.few"), "count": f"{len(shown)}"}
        )


@one_finding_per_file
def is_too_much(marks: Marks) -> Iterator[Finding]:
    """CHP-005 for more than six chapters an hour, and for titles over 40 characters."""
    most = max(MOST_AN_HOUR, math.ceil(MOST_AN_HOUR * marks.duration_ms / HOUR_MS))
    if marks.duration_ms and len(marks.shown) > most:
        yield finding_in_text(
            "CHP-005", {"what": message("linked.chapters.many"), "count": f"{len(marks.shown)}"}
        )
    long = [one for one in marks.shown if len(one.title) > TITLE_CHARS]
    if long:
        yield _at(long[0], "CHP-005", what=message("linked.chapters.long"), titles=f"{len(long)}")


def ends_oddly(marks: Marks) -> Iterator[Finding]:
    """
    CHP-006 for ends before the start, and for overlaps. A hidden chapter may lie inside one
    that is shown.
    """
    for one in marks.marks:
        if one.start is not None and one.end is not None and one.end <= one.start:
            yield _at(one, "CHP-006", what=message("linked.chapters.ends-before"))
    for one, after in pairwise(marks.shown):
        if one.start is None or one.end is None or after.start is None:
            continue
        if one.start < one.end and one.end > after.start:
            yield _at(one, "CHP-006", what=message("linked.chapters.overlaps"))


def has_bad_values(marks: Marks) -> Iterator[Finding]:
    """CHP-007 for bad values of location, toc, img and url (jsonChapters.md)."""
    for one in marks.marks:
        place = one.value.get("location")
        whole = isinstance(place, dict) and place.get("name") and place.get("geo")
        if place is not None and not whole:
            yield _at(one, "CHP-007", what=message("linked.chapters.location"))
        if not isinstance(one.value.get("toc", True), bool):
            yield _at(one, "CHP-007", what=message("linked.chapters.toc"))
        for key in ("img", "url"):
            yield from _bad_link(one, key, own=marks.own)


def _bad_link(one: Mark, key: str, *, own: bool) -> Iterator[Finding]:
    value = one.value.get(key)
    if value is None or value == "":
        return
    scheme = _scheme(value) if isinstance(value, str) else ""
    beside = own and key == "img" and isinstance(value, str) and "/" not in value
    if scheme == "http":
        yield _at(one, "CHP-007", "warning", what=message("linked.chapters.http"), key=key)
    elif scheme != "https" and not beside:
        yield _at(one, "CHP-007", what=message("linked.chapters.relative"), key=key)


def _scheme(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return ""
    return parts.scheme if parts.netloc else ""


def _at(mark: Mark, code: str, severity: Severity | None = None, **values: MessageValue) -> Finding:
    return finding_in_text(code, {"title": mark.name, **values}, severity, mark.line)


def _clock(mark: Mark) -> str:
    return clock(round((mark.start or 0) * 1000))


JSON_RULES: Final[tuple[Callable[[Marks], Iterator[Finding]], ...]] = (
    cannot_be_read,
    is_out_of_order,
    shares_a_second,
    begins_late_or_is_few,
    is_too_much,
    ends_oddly,
    has_bad_values,
)
"""Rules on a published file; the limits of tags are checked in the audio file (CARRIED_RULES)."""

SOURCE_RULES: Final = tuple(
    is_few_even_so if rule is begins_late_or_is_few else rule for rule in JSON_RULES
)
"""Rules on the chapters that an author wrote."""


# The same list in several places


def carried(marks: Marks) -> CarriedChapters:
    """The list that a chapters file shows."""
    chapters = (
        Chapter(start_ms=round((one.start or 0) * 1000), title=one.title) for one in marks.shown
    )
    return CarriedChapters(carrier="json", chapters=tuple(chapters))


def images(marks: Marks) -> Iterator[str]:
    """The addresses of the chapters' pictures."""
    for one in marks.marks:
        value = one.value.get("img")
        if isinstance(value, str) and value.strip():
            yield value.strip()


def lists_differ(lists: tuple[CarriedChapters, ...]) -> Iterator[Finding]:
    """
    CHP-008 for lists that differ from the first: each client chooses its own list (AntennaPod,
    ChapterUtils).
    """
    for other in lists[1:]:
        how = _difference(lists[0], other)
        if how is not None:
            names: MessageValues = {
                "one": message(f"linked.carrier.{lists[0].carrier}"),
                "other": message(f"linked.carrier.{other.carrier}"),
            }
            yield finding_in_text("CHP-008", {**names, **how})


def _difference(one: CarriedChapters, other: CarriedChapters) -> MessageValues | None:
    left, right = _in_order(one), _without_filler(_in_order(one), other)
    if len(left) != len(right):
        return {
            "what": message("linked.lists.count"),
            "left": f"{len(left)}",
            "right": f"{len(right)}",
        }
    for mine, yours in zip(left, right, strict=True):
        if abs(mine.start_ms - yours.start_ms) > SAME_MS:
            times = {"left": clock(mine.start_ms), "right": clock(yours.start_ms)}
            return {"what": message("linked.lists.start"), "title": mine.title, **times}
        if not _same_title(mine.title, yours.title):
            return {"what": message("linked.lists.title"), "left": mine.title, "right": yours.title}
    return None


def _in_order(carried: CarriedChapters) -> tuple[Chapter, ...]:
    """The chapters with a title, which every carrier can hold, in the order of time."""
    titled = (chapter for chapter in carried.chapters if clean_line(chapter.title))
    return tuple(sorted(titled, key=lambda chapter: chapter.start_ms))


def _without_filler(left: tuple[Chapter, ...], other: CarriedChapters) -> tuple[Chapter, ...]:
    """
    The other list, without a chapter that only fills the time before the first: QuickTime's
    text track must begin at 0.
    """
    right = _in_order(other)
    if other.carrier not in ("nero", "quicktime") or len(right) != len(left) + 1:
        return right
    return right[1:] if left and left[0].start_ms > 0 and right[0].start_ms == 0 else right


def _same_title(one: str, other: str) -> bool:
    left, right = clean_line(one), clean_line(other)
    if left == right:
        return True
    cut = right.removesuffix("…")
    return cut != right and left.startswith(cut.rstrip())


def is_hard_on_readers(tags: TagFacts) -> Iterator[Finding]:
    """CHP-010 for titles and numbers of chapters that known players cannot read."""
    for one in tags.chapters:
        values: MessageValues = {"count": f"{len(one.chapters)}"}
        if one.carrier == "nero":
            for chapter in one.chapters:
                if len(chapter.title.encode(errors="replace")) > SIGNED_BYTES:
                    values = {
                        "title": chapter.title,
                        "what": message("linked.chapters.title-bytes"),
                    }
                    yield finding_in_text("CHP-010", values, "warning")
        if one.carrier == "id3" and len(one.chapters) > MOST_LISTED:
            yield finding_in_text("CHP-010", {"what": message("linked.chapters.list"), **values})
        if one.carrier == "vorbis" and len(one.chapters) > MOST_VORBIS:
            yield finding_in_text(
                "CHP-010", {"what": message("linked.chapters.vorbis"), **values}, "warning"
            )


@one_finding_per_file
def has_loose_frames(tags: TagFacts) -> Iterator[Finding]:
    """
    CHP-011 for chapter frames that are not in order, or that no table of contents names
    (id3v2-chapters-1.0, 3.1 and 3.2). Players show CHAP frames in the order of the file.
    """
    lists = [one.chapters for one in tags.chapters if one.carrier == "id3"]
    if tags.id3 is None or not lists or not lists[0]:
        return
    starts = [chapter.start_ms for chapter in lists[0]]
    if starts != sorted(starts):
        yield finding_in_text("CHP-011", {"what": message("linked.frames.order")})
    tops = [one for one in tags.id3.contents if one.top]
    if not tags.id3.contents:
        yield finding_in_text("CHP-011", {"what": message("linked.frames.no-contents")})
    elif len(tops) != 1:
        yield finding_in_text("CHP-011", {"what": message("linked.frames.no-top")})
    elif not tops[0].ordered:
        yield finding_in_text("CHP-011", {"what": message("linked.frames.unordered")})
    known = {*tags.id3.elements, *(one.element for one in tags.id3.contents)}
    named = (child for one in tags.id3.contents for child in one.children)
    unknown = next((child for child in named if child not in known), None)
    if unknown is not None:
        yield finding_in_text("CHP-011", {"what": message("linked.frames.unknown"), "id": unknown})


CARRIED_RULES: Final[tuple[Callable[[TagFacts], Iterator[Finding]], ...]] = (
    is_hard_on_readers,
    has_loose_frames,
)
