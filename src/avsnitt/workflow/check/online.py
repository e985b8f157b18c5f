"""`check --online`: asks the servers whether a feed and what it points at can be had as it says."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from avsnitt.checks.check_feed import check_feed
from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.served.feed import ask_again, ask_feed, check_endless_answer, check_feed_answer
from avsnitt.checks.served.files import NEWEST, check_answers, plan_questions
from avsnitt.net.batch import Advance, ask_all
from avsnitt.net.client import NoAnswerError
from avsnitt.net.messages import Answer, Response, Silence, origin_of
from avsnitt.problems.errors import ExternalError
from avsnitt.problems.finding import Finding

_ENDLESS = ("loop", "too-many")


def _nobody(done: int, total: int) -> None:
    """Reports to nobody."""


class OnlineOptions(NamedTuple):
    """
    The extent and the progress of questions to servers: `on_scope` gets how many items are
    asked about, of how many, and `advance` how many questions are answered, of how many.
    """

    newest: int = NEWEST
    advance: Advance = _nobody
    on_scope: Advance = _nobody


def get_feed(url: str) -> Response:
    """
    Fetch anybody's feed as an app does: at most 25 MB, unpacked. `url` is as the user wrote it,
    so it may be on this machine. Raises NoAnswerError, an ExternalError, when there is none.
    """
    answer = _get(url)
    if isinstance(answer, Silence):
        raise NoAnswerError(url, answer.reason)
    if answer.status != 200:
        status = str(answer.status)
        values = {"url": url, "status": status}
        raise ExternalError(f"{url}: {status}", key="network.status", values=values)
    return answer


def check_served_show(url: str, asking: OnlineOptions | None = None) -> tuple[Finding, ...]:
    """
    Check the feed that is found at `url` as `check_served_feed` does: what is published, and
    not what is about to be. Findings of the feed itself are returned only when it cannot be
    read. Raises NoAnswerError when there is no answer.
    """
    asking = asking or OnlineOptions()
    answer = _get(url)
    body = answer.body if isinstance(answer, Response) and answer.status == 200 else b""
    feed, unread = check_feed(body) if body else (None, ())
    at_hand = feed or Feed(etree.Element("rss"), b"")
    return (*_check_answer(at_hand, url, answer, asking), *(() if feed else unread))


def check_served_feed(
    feed: Feed, url: str, asking: OnlineOptions | None = None, *, response: Response | None = None
) -> tuple[Finding, ...]:
    """
    Every fault in how the feed at `url` is served, and in how what `feed` points at is.

    Only the newest items are asked about. `response` is what `get_feed` gave, where it has been
    asked already. What the feed points at must be out on the internet or on the very server
    that `url` names. Raises NoAnswerError where the feed's own server does not answer at all,
    which is most often the network's fault.
    """
    return _check_answer(feed, url, response or _get(url), asking or OnlineOptions())


def _check_answer(
    feed: Feed, url: str, first: Answer, asking: OnlineOptions
) -> tuple[Finding, ...]:
    if isinstance(first, Silence):
        if first.reason in _ENDLESS:
            return (check_endless_answer(feed, url, first),)
        raise NoAnswerError(url, first.reason)
    again = ask_again(first)
    questions, items, of = plan_questions(feed, newest=asking.newest)
    asking.on_scope(items, of)
    asks = [asked for question in questions for asked in question.asks]
    answers = ask_all(
        [*([again] if again else ()), *asks], trusted=_trusted(url), advance=asking.advance
    )
    return (
        *check_feed_answer(feed, url, first, answers[again] if again else None),
        *check_answers(feed, questions, answers),
    )


def _get(url: str) -> Answer:
    asked = ask_feed(url)
    return ask_all([asked], trusted=_trusted(url))[asked]


def _trusted(url: str) -> frozenset[str]:
    return frozenset({origin_of(url)} - {""})
