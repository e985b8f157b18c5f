"""The feeds beside the podcast feed, as a site links to them."""

from __future__ import annotations

from typing import Final

from avsnitt import routes
from avsnitt.i18n import Strings
from avsnitt.model.selection import awaited, coming
from avsnitt.model.show import ExtraFeed, Show
from avsnitt.model.value import Value

RSS_TYPE: Final = "application/rss+xml"
CALENDAR_TYPE: Final = "text/calendar"


class FeedView(Value, frozen=True, kw_only=True):
    """
    A feed that a page links to. `href` leads there from the page; `title` is what a browser or an
    app lists it under; `type` is the media type, empty where no program looks for the link.
    `name` and `note` describe it to a reader, and `url` is its whole address, when there is one.
    `lang` and `note_lang` are set where the author's words for them are not in the show's language.
    """

    title: str
    type: str
    href: str
    url: str
    name: str
    note: str
    lang: str = ""
    note_lang: str = ""


def other_feeds(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    """
    Those beside the podcast feed, as pages in one folder link to them; `root` leads to the site's
    root. What comes and goes with the plans is linked from the root's pages only, or every
    episode's page would change when the last plan is fulfilled.
    """
    extra = (_extra(show, one, strings, root) for one in show.feeds)
    passing = () if root else _passing(show, strings, root)
    return (*extra, *passing, _view(show, strings, root, routes.JSON_FEED, "json"))


def _passing(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    rows = (
        (coming(show), routes.COMING, "coming"),
        (awaited(show), routes.CALENDAR, "calendar"),
    )
    return tuple(_view(show, strings, root, path, kind) for there, path, kind in rows if there)


def network_list(show: Show, strings: Strings, root: str) -> tuple[FeedView, ...]:
    """The list of the network's shows, when there is a network."""
    if not show.network:
        return ()
    return (_view(show, strings, root, routes.NETWORK, "network"),)


_TYPES: Final = {
    "coming": RSS_TYPE,
    "calendar": CALENDAR_TYPE,
    "json": routes.JSON_FEED_TYPE,
    "network": "",
}


def _view(show: Show, strings: Strings, root: str, path: str, kind: str) -> FeedView:
    name = strings(f"follow.more.{kind}")
    return FeedView(
        title=f"{show.title}: {name}",
        type=_TYPES[kind],
        href=root + routes.quoted(path),
        url=_absolute(show, path),
        name=name,
        note=strings(f"follow.more.{kind}.what"),
    )


def _extra(show: Show, extra: ExtraFeed, strings: Strings, root: str) -> FeedView:
    path = routes.extra_feed(extra.name)
    parts = filter(None, (extra.format.upper(), extra.language))
    lang = "" if extra.language.lower() == show.language.lower() else extra.language
    title = extra.title or f"{show.title} ({', '.join(parts)})"
    return FeedView(
        title=title,
        type=RSS_TYPE,
        href=root + routes.quoted(path),
        url=_absolute(show, path),
        name=title,
        note=extra.description or _what(extra, strings),
        lang=lang if extra.title else "",
        note_lang=lang if extra.description else "",
    )


def _what(extra: ExtraFeed, strings: Strings) -> str:
    if extra.format and extra.language:
        key = "follow.more.both"
    else:
        key = "follow.more.format" if extra.format else "follow.more.language"
    return strings(key, format=extra.format.upper(), language=extra.language)


def _absolute(show: Show, path: str) -> str:
    return routes.absolute(show.address, path) if show.address else ""
