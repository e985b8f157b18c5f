"""
Plan what to ask the servers of a feed's files, and judge what they answer.

Pure: `plan_questions` gives the requests, and the answers come back as values. Each kind of thing
has a row in a table, with its requests and its rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from lxml import etree
from msgspec import Struct

from avsnitt.checks.feed.tree import ITUNES, Feed
from avsnitt.checks.podcast20.reading import (
    attribute,
    children,
    mail_date,
    number_of,
    shown,
    text_of,
)
from avsnitt.checks.served.feed import hubs_of
from avsnitt.model.message import MessageValue, MessageValues, message
from avsnitt.net.messages import Answer, Request, Response, Silence
from avsnitt.problems.finding import Finding
from avsnitt.problems.problem import Severity
from avsnitt.vocabulary.podcast20_values import CHAPTERS_TYPE

NEWEST: Final = 20
MOST_OF_ONE_ITEM: Final = 12
"""Requests of one kind for one item; the rest of a longer list is not checked."""
MOST_REDIRECTS: Final = 3
ORIGIN: Final = ("Origin", "https://player.example.org")
"""A web player on another site: some servers send CORS headers only to a request with an Origin."""

Answers = Mapping[Request, Answer]
_ENDLESS: Final = frozenset({"loop", "too-many"})
_SAME_TYPE: Final = {
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
    "video/m4v": "video/mp4",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "application/srt": "application/x-subrip",
    "text/srt": "application/x-subrip",
}
CHAPTER_TYPES: Final = frozenset({CHAPTERS_TYPE, "application/json"})


class ServerQuestion(Struct, frozen=True):
    """
    One thing to ask about. `where` is what the reader knows the element as; `mime` and
    `length_bytes` are what the feed says of it, empty and 0 where it says nothing.
    """

    kind: str
    element: etree._Element
    where: str
    url: str
    mime: str = ""
    length_bytes: int = 0

    @property
    def asks(self) -> tuple[Request, ...]:
        """The requests whose answers the rule of this kind needs."""
        return KINDS[self.kind].asks(self.url)


class QuestionPlan(NamedTuple):
    """`items` is how many episodes it asks about, of `of` in all: the newest ones."""

    questions: tuple[ServerQuestion, ...]
    items: int
    of: int


class _Kind(NamedTuple):
    asks: Callable[[str], tuple[Request, ...]]
    check: Callable[[Feed, ServerQuestion, tuple[Answer, ...]], Iterator[Finding]]


def plan_questions(feed: Feed, *, newest: int = NEWEST) -> QuestionPlan:
    """
    The channel's pictures and hubs, and all that the newest items point at, each once. What is
    no web address is left to the rules on the feed itself.
    """
    items = newest_items(feed, newest)
    found = [*_of_channel(feed), *(question for item in items for question in _of_item(item))]
    web = [one for one in found if one.url.lower().startswith(("http:", "https:"))]
    once = {(one.kind, one.url): one for one in reversed(web)}
    questions = tuple(one for one in web if once.get((one.kind, one.url)) is one)
    return QuestionPlan(questions, len(items), len(feed.items))


def check_answers(
    feed: Feed, questions: tuple[ServerQuestion, ...], answers: Answers
) -> Iterator[Finding]:
    """
    The findings on the answers: MED-011, IMG-007, CHP-012, TRN-010, NET-004, NET-006, NET-010
    and NET-011.
    """
    for question in questions:
        got = tuple(answers[asked] for asked in question.asks)
        endless = next(
            (a.reason for a in got if isinstance(a, Silence) and a.reason in _ENDLESS), ""
        )
        if endless:
            yield feed.finding(
                "NET-004", question.element, question.where, **_answer_values(question, endless)
            )
            continue
        longest = max((len(a.redirects) for a in got if isinstance(a, Response)), default=0)
        if longest > MOST_REDIRECTS and question.kind in ("media", "image"):
            values = _answer_values(question, "many", number=str(longest))
            yield feed.finding("NET-004", question.element, question.where, "warning", **values)
        yield from KINDS[question.kind].check(feed, question, got)


def newest_items(feed: Feed, newest: int) -> tuple[etree._Element, ...]:
    """The items of latest date, those of one date in the feed's order."""
    long_ago = dt.datetime(1, 1, 2, tzinfo=dt.UTC)

    def date(item: etree._Element) -> dt.datetime:
        return mail_date((item.findtext("pubDate") or "").strip()) or long_ago

    return tuple(sorted(feed.items, key=date, reverse=True)[:newest])


def _of_channel(feed: Feed) -> Iterator[ServerQuestion]:
    yield from _pictures(feed.channel)
    for url, element in hubs_of(feed):
        yield ServerQuestion("hub", element, "atom:link@href", url)


def _of_item(item: etree._Element) -> Iterator[ServerQuestion]:
    for one in item.findall("enclosure")[:MOST_OF_ONE_ITEM]:
        length = int(number_of(attribute(one, "length")) or 0)
        mime = attribute(one, "type")
        yield ServerQuestion("media", one, "enclosure@url", attribute(one, "url"), mime, length)
    yield from _pictures(item)
    for one in children(item, "chapters")[:1]:
        yield ServerQuestion("chapters", one, "podcast:chapters@url", attribute(one, "url"))
    for one in children(item, "transcript")[:MOST_OF_ONE_ITEM]:
        where, mime = "podcast:transcript@url", attribute(one, "type")
        yield ServerQuestion("transcript", one, where, attribute(one, "url"), mime)
    for one in item.findall("link")[:1]:
        yield ServerQuestion("page", one, "link", text_of(one))


def _pictures(place: etree._Element) -> Iterator[ServerQuestion]:
    for one in place.findall(f"{ITUNES}image")[:1]:
        yield ServerQuestion("image", one, "itunes:image@href", attribute(one, "href"))
    for one in children(place, "image")[:MOST_OF_ONE_ITEM]:
        mime = attribute(one, "type")
        yield ServerQuestion("image", one, "podcast:image@href", attribute(one, "href"), mime)


# --- Requests for each kind ---------------------------------------------------------------------


def _ask_media(url: str) -> tuple[Request, ...]:
    part = (("Range", "bytes=0-1"), ORIGIN)
    return Request(url, "HEAD", (ORIGIN,)), Request(url, "GET", part, limit_bytes=2)


def _ask_head(url: str) -> tuple[Request, ...]:
    return (Request(url, "HEAD"),)


def _ask_get(url: str) -> tuple[Request, ...]:
    """The request as a browser sends it; the body is not read."""
    return (Request(url, "GET", (ORIGIN,)),)


# --- Rules on the answers -----------------------------------------------------------------------


def _answer_values(question: ServerQuestion, what: str, **values: MessageValue) -> MessageValues:
    # `what` is last: its words are filled in with the values that stand before it.
    return {"url": shown(question.url), **values, "what": message(f"online.{what}")}


def _silent(question: ServerQuestion, answer: Silence) -> MessageValues:
    return _answer_values(question, "silent", reason=message(f"network.{answer.reason}"))


def _check_media(
    feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]
) -> Iterator[Finding]:
    """
    MED-011 for audio that cannot be fetched, or is served without ranges or with another type
    or length; NET-010 for one that no web player may read.
    """
    head, part = got
    element, where = question.element, question.where
    if isinstance(head, Silence):
        yield feed.finding("MED-011", element, where, **_silent(question, head))
        return
    if head.status != 200:
        reached = isinstance(part, Response) and part.status in (200, 206)
        what = "no-head" if reached else "status"
        yield feed.finding(
            "MED-011", element, where, **_answer_values(question, what, status=str(head.status))
        )
        if not reached:
            return
    else:
        yield from _check_type(feed, question, head)
        yield from _check_length(feed, question, head)
    if isinstance(part, Silence):
        yield feed.finding("MED-011", element, where, **_silent(question, part))
        return
    if part.status != 206:
        yield feed.finding("MED-011", element, where, **_answer_values(question, "no-range"))
    if not _is_open(part) and not _is_open(head):
        yield feed.finding("NET-010", element, where, **_answer_values(question, "no-cors"))


def _check_type(feed: Feed, question: ServerQuestion, head: Response) -> Iterator[Finding]:
    """A page instead of sound is an error; a type of another name still plays in most apps."""
    if not question.mime or _same_type(head.mime, question.mime):
        return
    severity: Severity | None = None if head.mime == "text/html" else "warning"
    values = _answer_values(
        question, "type", found=shown(head.mime) or "-", expected=shown(question.mime)
    )
    yield feed.finding("MED-011", question.element, "enclosure@type", severity, **values)


def _check_length(feed: Feed, question: ServerQuestion, head: Response) -> Iterator[Finding]:
    """Fewer bytes than declared are an error: the file is cut off. More are a warning: servers that
    insert advertisements send them."""
    served = number_of(head.headers.get("content-length", ""))
    if served is None or not question.length_bytes or served == question.length_bytes:
        return
    cut = served < question.length_bytes
    lengths = {"found": f"{served:.0f}", "expected": str(question.length_bytes)}
    values = _answer_values(question, "shorter" if cut else "longer", **lengths)
    severity: Severity | None = None if cut else "warning"
    yield feed.finding("MED-011", question.element, "enclosure@length", severity, **values)


def _check_image(
    feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]
) -> Iterator[Finding]:
    """IMG-007 for a picture that cannot be fetched or is no image."""
    values = _not_there(question, got[0])
    if (
        not values
        and isinstance(got[0], Response)
        and not question.mime.lower().startswith("video/")
    ):
        mime = got[0].mime
        if not mime.startswith("image/"):
            values = _answer_values(
                question, "type", found=shown(mime) or "-", expected="image/jpeg"
            )
    if values:
        yield feed.finding("IMG-007", question.element, question.where, **values)


def _check_chapters(
    feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]
) -> Iterator[Finding]:
    """
    CHP-012 for a chapters file that cannot be fetched, has another type, or that no web player
    may read.
    """
    yield from _check_text(feed, question, got[0], "CHP-012", CHAPTER_TYPES)


def _check_transcript(
    feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]
) -> Iterator[Finding]:
    """
    TRN-010 for a transcript that cannot be fetched, has another type, or that no web player may
    read.
    """
    expected = frozenset({question.mime} - {""})
    yield from _check_text(feed, question, got[0], "TRN-010", expected)


def _check_text(
    feed: Feed, question: ServerQuestion, answer: Answer, code: str, expected: frozenset[str]
) -> Iterator[Finding]:
    values = _not_there(question, answer)
    if values or isinstance(answer, Silence):
        yield feed.finding(code, question.element, question.where, **values)
        return
    if expected and not any(_same_type(answer.mime, one) for one in expected):
        found = shown(answer.mime) or "-"
        values = _answer_values(question, "type", found=found, expected=shown(max(expected)))
        yield feed.finding(code, question.element, question.where, **values)
    if not _is_open(answer):
        yield feed.finding(
            code, question.element, question.where, **_answer_values(question, "no-cors")
        )


def _check_page(feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]) -> Iterator[Finding]:
    """NET-011 for an episode's page that cannot be fetched."""
    if values := _not_there(question, got[0]):
        yield feed.finding("NET-011", question.element, question.where, **values)


def _check_hub(feed: Feed, question: ServerQuestion, got: tuple[Answer, ...]) -> Iterator[Finding]:
    """NET-006. A hub may refuse a GET without parameters; any answer but 404 and 5xx proves it."""
    answer = got[0]
    if isinstance(answer, Silence):
        values = _silent(question, answer)
    elif answer.status == 404 or answer.status >= 500:
        values = _answer_values(question, "status", status=str(answer.status))
    else:
        return
    yield feed.finding("NET-006", question.element, question.where, **values)


def _not_there(question: ServerQuestion, answer: Answer) -> MessageValues:
    """The values of a finding on a thing that cannot be fetched; empty where it can."""
    if isinstance(answer, Silence):
        return _silent(question, answer)
    return (
        {}
        if answer.status == 200
        else _answer_values(question, "status", status=str(answer.status))
    )


def _is_open(answer: Answer) -> bool:
    """True when a web player on another site may read the answer (Fetch, "CORS protocol")."""
    return isinstance(answer, Response) and answer.headers.get(
        "access-control-allow-origin", ""
    ).strip() in ("*", ORIGIN[1])


def _same_type(one: str, other: str) -> bool:
    mine, its = (mime.partition(";")[0].strip().lower() for mime in (one, other))
    return _SAME_TYPE.get(mine, mine) == _SAME_TYPE.get(its, its)


KINDS: Final[dict[str, _Kind]] = {
    "media": _Kind(_ask_media, _check_media),
    "image": _Kind(_ask_head, _check_image),
    "chapters": _Kind(_ask_get, _check_chapters),
    "transcript": _Kind(_ask_get, _check_transcript),
    "page": _Kind(_ask_get, _check_page),
    "hub": _Kind(_ask_get, _check_hub),
}
