"""One more feed of the same show: its head, and which episodes are in it."""

from __future__ import annotations

from typing import Final

import msgspec

from avsnitt import addresses
from avsnitt.feed import texts
from avsnitt.feed.values import Channel
from avsnitt.model import Episode, ExtraFeed, Show

VIDEO: Final = "video"


def assemble_extra_channel(show: Show, extra: ExtraFeed, channel: Channel) -> Channel:
    """
    The head of an extra feed; `channel` is the podcast feed's. To directories it is a show of its
    own, so it has a guid of its own; what is sent live, and the trailers, are in the podcast feed
    alone. Where the podcast feed moves, it is taken to move beside it.
    """
    path = addresses.extra_feed(extra.name)
    moved = show.new_feed_url.removesuffix(addresses.FEED)
    video = addresses.mime_type(f"x.{extra.format}").startswith(f"{VIDEO}/")
    return msgspec.structs.replace(
        channel,
        title=extra.title or channel.title,
        description=_description(show, extra) if extra.description else channel.description,
        guid=extra.guid,
        language=extra.language or channel.language,
        self_url=addresses.absolute(show.address, path),
        trailers=(),
        remote_items=(),
        live=(),
        new_feed_url=f"{moved}{path}" if moved != show.new_feed_url else "",
        medium=VIDEO if video and channel.medium in ("", "podcast") else channel.medium,
    )


def _description(show: Show, extra: ExtraFeed) -> str:
    return texts.channel_description(extra.description, show.demonstration)


def speaks(episode: Episode, language: str) -> bool:
    """Whether an episode is in a language: `en` takes `en-GB` too (RFC 4647, 3.3.1)."""
    wanted, spoken = language.lower(), episode.language.lower()
    return not wanted or spoken == wanted or spoken.startswith(f"{wanted}-")
