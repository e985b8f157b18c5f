"""`check --online`: asks the servers whether a feed and what it points at can be had as it says."""

from __future__ import annotations

from avsnitt.adapters.asking import Advance, ask_all
from avsnitt.adapters.http import NoAnswer
from avsnitt.checks.feeds.feed import Fault, Feed
from avsnitt.checks.feeds.served import NEWEST, judge_errands, newest_items, plan_errands
from avsnitt.checks.feeds.served_feed import (
    ask_again,
    ask_feed,
    judge_endless,
    judge_feed_answer,
)
from avsnitt.formats.web import Answer, Response, Silence, origin_of

_ENDLESS = ("loop", "too-many")


def get_feed(url: str) -> Response:
    """
    Anybody's feed, as an app gets it: at most 25 MB, unpacked. `url` is as the user wrote it, so
    it may be on this machine. Raises NoAnswer.
    """
    answer = _get(url)
    if isinstance(answer, Silence):
        raise NoAnswer(url, answer.reason)
    return answer


def judge_online(
    feed: Feed,
    url: str,
    *,
    newest: int = NEWEST,
    response: Response | None = None,
    advance: Advance | None = None,
) -> tuple[Fault, ...]:
    """
    Every fault in how the feed at `url` is served, and in how what `feed` points at is.

    Only the `newest` items are asked about; `count_asked` says how many that is. `response` is
    what `get_feed` gave, where it has been asked already. What the feed points at must be out on
    the internet or on the very server that `url` names. Raises NoAnswer where the feed's own
    server does not answer at all, which is most often the network's fault.
    """
    first: Answer = response or _get(url)
    if isinstance(first, Silence):
        if first.reason in _ENDLESS:
            return (judge_endless(feed, url, first),)
        raise NoAnswer(url, first.reason)
    again = ask_again(first)
    errands = plan_errands(feed, newest=newest).errands
    asks = [asked for errand in errands for asked in errand.asks]
    answers = ask_all([*([again] if again else ()), *asks], trusted=_trusted(url), advance=advance)
    return (
        *judge_feed_answer(feed, url, first, answers[again] if again else None),
        *judge_errands(feed, errands, answers),
    )


def count_asked(feed: Feed, newest: int = NEWEST) -> tuple[int, int]:
    """How many items are asked about, of how many."""
    return len(newest_items(feed, newest)), len(feed.items)


def _get(url: str) -> Answer:
    asked = ask_feed(url)
    return ask_all([asked], trusted=_trusted(url))[asked]


def _trusted(url: str) -> frozenset[str]:
    return frozenset({origin_of(url)} - {""})
