"""Rules on the elements of Podcasting 2.0 that lead to comments, chats and other feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from avsnitt.checks.feed.tree import Feed
from avsnitt.checks.podcast20.reading import (
    ElementRule,
    attribute,
    children,
    podcast_name,
    shown,
    text_of,
)
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding
from avsnitt.vocabulary.podcast20_values import (
    CHAT_PROTOCOLS,
    MEDIUMS,
    NO_COMMENTS,
    SOCIAL_PROTOCOLS,
)

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_HOST = re.compile(r"[^\s/:@]{1,253}(?::[0-9]{1,5})?")


# --- Talk ---------------------------------------------------------------------------------------


def _social(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-019 for comments without an address, of an unknown protocol, or switched off and given
    all the same.
    """
    name = "podcast:socialInteract"
    protocol = attribute(element, "protocol")
    if protocol == NO_COMMENTS:
        others = [str(one) for one in element.attrib if one != "protocol"]
        if others or text_of(element):
            values: MessageValues = {
                "what": message("podcast.social.disabled"),
                "value": shown(", ".join(others[:5])),
            }
            yield feed.finding("P20-019", element, name, "warning", **values)
        return
    if not attribute(element, "uri"):
        yield feed.finding("P20-019", element, f"{name}@uri", what=message("podcast.social.uri"))
    if protocol and protocol not in SOCIAL_PROTOCOLS:
        values = {"value": shown(protocol), "known": ", ".join(SOCIAL_PROTOCOLS)}
        values["what"] = message("podcast.social.protocol")
        yield feed.finding("P20-019", element, f"{name}@protocol", "warning", **values)
    priority = attribute(element, "priority")
    if priority and not _INTEGER.fullmatch(priority):
        values = {"what": message("podcast.social.priority"), "value": shown(priority)}
        yield feed.finding("P20-019", element, f"{name}@priority", "warning", **values)


def _priorities(feed: Feed, place: etree._Element) -> Iterator[Finding]:
    """P20-019 for several places of comments that have no order of priority."""
    several = [
        one
        for one in children(place, "socialInteract")
        if attribute(one, "protocol") != NO_COMMENTS
    ]
    bare = [one for one in several if not attribute(one, "priority")]
    if len(several) > 1 and bare:
        values: MessageValues = {
            "what": message("podcast.social.order"),
            "value": str(len(several)),
        }
        yield feed.finding(
            "P20-019", bare[0], "podcast:socialInteract@priority", "warning", **values
        )


def _chat(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-020 for a chat of an unknown protocol, or with a server that is no host name."""
    protocol, server = attribute(element, "protocol"), attribute(element, "server")
    if protocol and protocol not in CHAT_PROTOCOLS:
        values: MessageValues = {"value": shown(protocol), "known": ", ".join(CHAT_PROTOCOLS)}
        values["what"] = message("podcast.chat.protocol")
        yield feed.finding("P20-020", element, "podcast:chat@protocol", **values)
    if server and not _HOST.fullmatch(server):
        values = {"what": message("podcast.chat.server"), "value": shown(server)}
        yield feed.finding("P20-020", element, "podcast:chat@server", **values)


def _two_chats(feed: Feed, channel: etree._Element) -> Iterator[Finding]:
    """
    P20-020, reported once: a channel's chat is meant to be always on (chat.md), so an item's
    chat is a second one.
    """
    if not children(channel, "chat"):
        return
    items = (*feed.items, *feed.live_items)
    found = next((chats[0] for item in items if (chats := children(item, "chat"))), None)
    if found is not None:
        yield feed.finding("P20-020", found, "podcast:chat", what=message("podcast.chat.two"))


# --- Other feeds --------------------------------------------------------------------------------


def _remote(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-022 for a link to another feed with a bad GUID, an unknown medium, or no address where
    one is needed.
    """
    name = "podcast:remoteItem"
    guid, medium = attribute(element, "feedGuid"), attribute(element, "medium")
    if guid and not _UUID.fullmatch(guid):
        values: MessageValues = {"what": message("podcast.remote.guid"), "value": shown(guid)}
        yield feed.finding("P20-022", element, f"{name}@feedGuid", **values)
    if medium and medium not in MEDIUMS:
        values = {"what": message("podcast.remote.medium"), "value": shown(medium)}
        values["known"] = ", ".join(MEDIUMS)
        yield feed.finding("P20-022", element, f"{name}@medium", "warning", **values)
    parent = element.getparent()
    place = "" if parent is None else podcast_name(parent)
    if place in ("podroll", "publisher") and not attribute(element, "feedUrl"):
        values = {"what": message("podcast.remote.url"), "parent": f"podcast:{place}"}
        yield feed.finding("P20-022", element, f"{name}@feedUrl", "warning", **values)


def _publisher(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """
    P20-022 for a publisher that is not exactly one link, of medium `publisher` (publisher.md).
    """
    remotes = children(element, "remoteItem")
    if len(remotes) != 1:
        values: MessageValues = {
            "what": message("podcast.publisher.count"),
            "value": str(len(remotes)),
        }
        yield feed.finding("P20-022", element, "podcast:publisher", **values)
    elif attribute(remotes[0], "medium") != "publisher":
        what = message("podcast.publisher.medium")
        yield feed.finding("P20-022", remotes[0], "podcast:remoteItem@medium", what=what)


def _podroll(feed: Feed, element: etree._Element) -> Iterator[Finding]:
    """P20-023 for a podroll that is empty or recommends its own feed."""
    remotes = children(element, "remoteItem")
    if not remotes:
        yield feed.finding(
            "P20-023", element, "podcast:podroll", what=message("podcast.podroll.empty")
        )
    own = {text_of(one).lower() for one in children(feed.channel, "guid")} - {""}
    for one in remotes:
        itself = attribute(one, "feedGuid").lower() in own
        if itself or (feed.address and attribute(one, "feedUrl") == feed.address):
            what = message("podcast.podroll.itself")
            yield feed.finding("P20-023", one, "podcast:remoteItem", what=what)


RULES: Final[dict[str, tuple[ElementRule, ...]]] = {
    "socialInteract": (_social,),
    "chat": (_chat,),
    "remoteItem": (_remote,),
    "publisher": (_publisher,),
    "podroll": (_podroll,),
}
IN_CHANNEL: Final[tuple[ElementRule, ...]] = (_two_chats,)
IN_BOTH: Final[tuple[ElementRule, ...]] = (_priorities,)
