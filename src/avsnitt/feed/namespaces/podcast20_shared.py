"""The elements of Podcasting 2.0 that both a channel and an item can have."""

from __future__ import annotations

from typing import Final

from avsnitt.feed.namespaces.rows import Row, XmlElement, one
from avsnitt.feed.values import Channel, Item
from avsnitt.model.podcast20 import (
    Chat,
    Funding,
    Location,
    PodcastImage,
    RemoteItem,
    SocialInteract,
    Txt,
    ValueRecipient,
    ValueTag,
    ValueTimeSplit,
)
from avsnitt.vocabulary.podcast20_values import NAME_CHARACTERS, TXT_CHARACTERS, URI

PREFIX: Final = "podcast"
NS: Final = f"{{{URI}}}"
TRUE: Final = {True: "true", False: ""}
"""An attribute that is false is left out: that is what it is without."""

REMOTE_ITEM: Final = f"{NS}remoteItem"
RECIPIENT: Final = f"{NS}valueRecipient"
TIME_SPLIT: Final = f"{NS}valueTimeSplit"


def seconds(time_ms: int) -> str:
    """`12.5`: seconds without more decimals than they have."""
    return f"{time_ms / 1000:.3f}".rstrip("0").rstrip(".")


def whole(value: int | None) -> str:
    """Write a whole number as text, and None as an empty text."""
    return "" if value is None else str(value)


def remote_item(item: RemoteItem) -> XmlElement:
    """Render `podcast:remoteItem`, without the attributes that are empty."""
    values = {
        "feedGuid": item.feed_guid,
        "feedUrl": item.feed_url,
        "itemGuid": item.item_guid,
        "medium": item.medium,
        "title": item.title,
    }
    return XmlElement("", tuple(values.items()))


def _funding(way: Funding) -> XmlElement:
    return XmlElement(way.text[:NAME_CHARACTERS], (("url", way.url),))


def _location(place: Location) -> XmlElement:
    values = {"rel": place.rel, "geo": place.geo, "osm": place.osm, "country": place.country}
    return XmlElement(place.name[:NAME_CHARACTERS], tuple(values.items()))


def _social(place: SocialInteract) -> XmlElement:
    values = {
        "protocol": place.protocol,
        "uri": place.uri,
        "accountId": place.account_id,
        "accountUrl": place.account_url,
        "priority": whole(place.priority),
    }
    return XmlElement("", tuple(values.items()))


def _chat(chat: Chat | None) -> tuple[XmlElement, ...]:
    if chat is None:
        return ()
    values = {
        "server": chat.server,
        "protocol": chat.protocol,
        "accountId": chat.account_id,
        "space": chat.space,
    }
    return (XmlElement("", tuple(values.items())),)


def _txt(note: Txt) -> tuple[XmlElement, ...]:
    return one(note.text[:TXT_CHARACTERS], purpose=note.purpose[:NAME_CHARACTERS])


def _image(picture: PodcastImage) -> XmlElement:
    values = {
        "href": picture.file,
        "alt": picture.alt,
        "aspect-ratio": picture.aspect_ratio,
        "width": whole(picture.width),
        "height": whole(picture.height),
        "type": picture.type,
        "purpose": picture.purpose[:NAME_CHARACTERS],
    }
    return XmlElement("", tuple(values.items()))


def _recipient(one_of: ValueRecipient) -> tuple[str, XmlElement]:
    values = {
        "name": one_of.name,
        "type": one_of.type,
        "address": one_of.address,
        "customKey": one_of.custom_key,
        "customValue": one_of.custom_value,
        "split": str(one_of.split),
        "fee": TRUE[one_of.fee],
    }
    return RECIPIENT, XmlElement("", tuple(values.items()))


def _time_split(split: ValueTimeSplit) -> tuple[str, XmlElement]:
    values = {"startTime": seconds(split.start_ms), "duration": seconds(split.duration_ms)}
    if split.remote is None:
        inner = tuple(map(_recipient, split.recipients))
        return TIME_SPLIT, XmlElement("", tuple(values.items()), inner)
    values |= {
        "remoteStartTime": seconds(split.remote_start_ms),
        "remotePercentage": str(split.remote_percentage),
    }
    return TIME_SPLIT, XmlElement(
        "", tuple(values.items()), ((REMOTE_ITEM, remote_item(split.remote)),)
    )


def _value(tag: ValueTag) -> XmlElement:
    values = (("type", tag.type), ("method", tag.method), ("suggested", tag.suggested))
    return XmlElement(
        "", values, (*map(_recipient, tag.recipients), *map(_time_split, tag.time_splits))
    )


EXTRAS: Final[tuple[Row[Channel | Item], ...]] = (
    Row(f"{NS}funding", lambda parent: map(_funding, parent.extras.funding)),
    Row(f"{NS}location", lambda parent: map(_location, parent.extras.locations)),
    Row(f"{NS}socialInteract", lambda parent: map(_social, parent.extras.social)),
    Row(f"{NS}chat", lambda parent: _chat(parent.extras.chat)),
    Row(f"{NS}txt", lambda parent: [part for note in parent.extras.txt for part in _txt(note)]),
    Row(f"{NS}image", lambda parent: map(_image, parent.extras.images)),
    Row(f"{NS}value", lambda parent: map(_value, parent.extras.value)),
)

CHILDREN: Final = (RECIPIENT, TIME_SPLIT, REMOTE_ITEM)
"""Elements that only stand inside others, or do so too."""
