"""One more feed of the same show: its head, and which episodes are in it."""

from __future__ import annotations

import msgspec

from avsnitt import routes
from avsnitt.feed import descriptions
from avsnitt.feed.values import Channel
from avsnitt.model.show import Episode, ExtraFeed, Show

PODCAST, VIDEO, FILM = "podcast", "video", "film"


def assemble_extra_channel(show: Show, extra: ExtraFeed, channel: Channel) -> Channel:
    """
    The head of an extra feed; `channel` is the podcast feed's. To directories it is a show of its
    own, so it has a guid of its own; what is sent live, and the trailers, are in the podcast feed
    alone. Where the podcast feed moves, it is taken to move beside it.
    """
    path = routes.extra_feed(extra.name)
    moved = show.new_feed_url.removesuffix(routes.FEED)
    return msgspec.structs.replace(
        channel,
        title=extra.title or channel.title,
        description=_description(show, extra) if extra.description else channel.description,
        guid=extra.guid,
        language=extra.language or channel.language,
        self_url=routes.absolute(show.address, path),
        trailers=(),
        remote_items=(),
        live=(),
        new_feed_url=f"{moved}{path}" if moved != show.new_feed_url else "",
        medium=_medium(extra.format, channel.medium),
    )


def _medium(ending: str, medium: str) -> str:
    """A talk to see is a video and one to hear is a podcast, whatever the show mostly is."""
    kind = routes.media_type(f"x.{ending}").partition("/")[0]
    media = {"video": ("", PODCAST), "audio": (VIDEO, FILM)}
    if medium not in media.get(kind, ()):
        return medium
    return VIDEO if kind == "video" else PODCAST


def _description(show: Show, extra: ExtraFeed) -> str:
    return descriptions.channel_description(extra.description, show.demonstration)


def speaks(episode: Episode, language: str) -> bool:
    """True when an episode is in a language: `en` takes `en-GB` too (RFC 4647, 3.3.1)."""
    wanted, spoken = language.lower(), episode.language.lower()
    return not wanted or spoken == wanted or spoken.startswith(f"{wanted}-")
