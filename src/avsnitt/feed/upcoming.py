"""The feed of what is coming: planned and recorded episodes, for people and not for directories.

It is RSS for a feed reader. Nothing in it can be played and nothing has a date of publication, so
its items have neither enclosure nor `pubDate` (RSS 2.0 asks for neither): a date to come would be
thrown away by apps, and one that has been would not be true. It says that it is no podcast in
every way there is: in its title, by `podcast:medium` (podcast-namespace, docs/tags/medium.md), by
`itunes:block` and `podcast:block`, and by having no `podcast:guid`, which belongs to the podcast.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from avsnitt import routes
from avsnitt.feed import descriptions as texts
from avsnitt.feed.values import Channel, Notice
from avsnitt.formats.plain_text import clean_line, escape_html
from avsnitt.i18n import Strings, spell_date
from avsnitt.model.podcast20 import Live
from avsnitt.model.show import Episode, Show

MEDIUM: Final = "blog"
"""Of the namespace's media the one for things to read."""


def assemble_coming_channel(show: Show, *, image: str, words: Strings) -> Channel:
    """
    The head of the coming feed: little of what the podcast's has.

    `image` is the absolute address of the show's cover, and `words` holds the `feed` domain in
    the show's language.
    """
    feed = routes.absolute(show.address, routes.FEED)
    return Channel(
        title=words("feed.coming.title", show=show.title),
        link=f"{show.address}/",
        self_url=routes.absolute(show.address, routes.COMING),
        description=texts.channel_description(
            words("feed.coming.description", show=show.title, feed=feed), show.demonstration
        ),
        language=show.language,
        author=show.author,
        guid="",
        image=image,
        categories=(),
        explicit=show.explicit,
        type="episodic",
        license=show.license,
        updated=None,
        copyright=show.copyright,
        locked=True,
        block=True,
        medium=MEDIUM,
    )


def assemble_notices(
    show: Show, coming: Iterable[Episode], words: Callable[[str], Strings]
) -> tuple[Notice, ...]:
    """
    One notice an episode, in the order given. `words` gives the `feed` domain in a language.

    The guid is the episode's own: it is the same episode that will be in the podcast feed.
    """
    return tuple(
        Notice(
            guid=episode.guid,
            title=episode.title,
            link=routes.absolute(show.address, routes.episode_page(episode.slug)),
            description_html=_description(episode, words(episode.language)),
        )
        for episode in coming
    )


def _description(episode: Episode, words: Strings) -> str:
    """Describe a coming episode with the text of its page, and nothing more."""
    asks = [ask.text for ask in episode.asks if ask.status == "open"]
    return "".join(
        (
            _paragraph(episode.question, "strong"),
            _paragraph(episode.summary),
            _paragraph(" ".join(_when(episode, words))),
            _list(words("feed.coming.unknowns"), episode.unknowns),
            _list(words("feed.coming.asks"), asks),
        )
    )


def _when(episode: Episode, words: Strings) -> Iterable[str]:
    yield words(f"feed.coming.{episode.status}")
    if episode.live and episode.live.status == "pending":
        yield _live(episode.live, words)
    elif episode.expected:
        yield words("feed.coming.expected", date=spell_date(episode.expected, words.language))


def _live(live: Live, words: Strings) -> str:
    start = dt.datetime.fromisoformat(live.start)
    return words(
        "feed.coming.live",
        date=spell_date(start.date(), words.language),
        time=f"{start:%H:%M}",
        offset=start.isoformat()[-6:],
    )


def _paragraph(text: str, tag: str = "") -> str:
    clean = escape_html(clean_line(text))
    if clean and tag:
        clean = f"<{tag}>{clean}</{tag}>"
    return f"<p>{clean}</p>" if clean else ""


def _list(heading: str, texts: Iterable[str]) -> str:
    rows = "".join(
        f"<li>{escape_html(clean)}</li>" for text in texts if (clean := clean_line(text))
    )
    return f"<p>{escape_html(heading)}</p><ul>{rows}</ul>" if rows else ""
