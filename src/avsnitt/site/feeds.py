"""The feeds beside the podcast feed, as a site tells of them."""

from __future__ import annotations

from typing import Final

from avsnitt import addresses
from avsnitt.i18n import Strings
from avsnitt.model import ExtraFeed, Show
from avsnitt.site.ordering import awaited, coming
from avsnitt.value import Value

RSS_TYPE: Final = "application/rss+xml"
CALENDAR_TYPE: Final = "text/calendar"


class FeedView(Value, frozen=True, kw_only=True):
    """
    A feed that a page links to. `href` leads there from the page; `title` is what a browser or an
    app lists it under; `type` is the media type, empty where no program looks for the link.
    `name` and `note` tell a reader what it is, and `url` is its whole address, when there is one.
    """

    title: str
    type: str
    href: str
    url: str
    name: str
    note: str


def lasting_feeds(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    """Those that the show has whatever it publishes, so that any page can link to them."""
    extra = (_extra(show, one, strings, root) for one in show.feeds)
    return (*extra, _view(show, strings, root, addresses.JSON_FEED, "json"))


def passing_feeds(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    """Those that come and go with what is planned."""
    rows = (
        (coming(show), addresses.COMING, "coming"),
        (awaited(show), addresses.CALENDAR, "calendar"),
    )
    return tuple(_view(show, strings, root, path, kind) for there, path, kind in rows if there)


def network_list(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    """The list of the network's shows, when there is a network."""
    if not show.network:
        return ()
    return (_view(show, strings, root, addresses.NETWORK, "network"),)


_TYPES: Final = {
    "coming": RSS_TYPE,
    "calendar": CALENDAR_TYPE,
    "json": addresses.JSON_FEED_TYPE,
    "network": "",
}


def _view(show: Show, strings: Strings, root: str, path: str, kind: str) -> FeedView:
    name = strings(f"follow.more.{kind}")
    return FeedView(
        title=f"{show.title}: {name}",
        type=_TYPES[kind],
        href=root + addresses.quoted(path),
        url=_absolute(show, path),
        name=name,
        note=strings(f"follow.more.{kind}.what"),
    )


def _extra(show: Show, extra: ExtraFeed, strings: Strings, root: str) -> FeedView:
    path = addresses.extra_feed(extra.name)
    parts = filter(None, (extra.format.upper(), extra.language))
    title = extra.title or f"{show.title} ({', '.join(parts)})"
    return FeedView(
        title=title,
        type=RSS_TYPE,
        href=root + addresses.quoted(path),
        url=_absolute(show, path),
        name=title,
        note=extra.description or _what(extra, strings),
    )


def _what(extra: ExtraFeed, strings: Strings) -> str:
    if extra.format and extra.language:
        key = "follow.more.both"
    else:
        key = "follow.more.format" if extra.format else "follow.more.language"
    return strings(key, format=extra.format.upper(), language=extra.language)


def _absolute(show: Show, path: str) -> str:
    return addresses.absolute(show.address, path) if show.address else ""
