"""Podcasting 2.0's elements as one table: where each may stand, how often, and what it holds.

Source: Podcastindex-org/podcast-namespace, docs/1.0.md and docs/tags, a page an element, as read in
May 2026. An attribute that a page calls neither recommended nor optional is required.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from avsnitt.vocabulary.podcast20_values import NAME_CHARACTERS, SHORT_CHARACTERS, TXT_CHARACTERS

Need = Literal["required", "recommended", "optional"]
Content = Literal["nothing", "text", "elements"]


class Attribute(NamedTuple):
    """`limit` is the most characters it may have; 0 where the page names no limit."""

    name: str
    need: Need = "optional"
    limit: int = 0


class Element(NamedTuple):
    """
    `page` is its page in docs/tags. `parents` are spelt without prefix; whatever may stand in an
    `item` may stand in a `liveItem` too (live-item.md, "Node Value"). `single` says that a parent
    may have one at most. `limit` is the most characters of its text, 0 for none named.
    """

    page: str
    parents: tuple[str, ...]
    single: bool
    content: Content
    attributes: tuple[Attribute, ...] = ()
    limit: int = 0

    @property
    def attribute_names(self) -> frozenset[str]:
        """The names of the attributes that the namespace defines for the element."""
        return frozenset(attribute.name for attribute in self.attributes)


def _required(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, "required") for name in names)


def _recommended(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, "recommended") for name in names)


def _optional(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name) for name in names)


_ITEM: Final = ("item", "liveItem")
_BOTH: Final = ("channel", *_ITEM)

ELEMENTS: Final[dict[str, Element]] = {
    "transcript": Element(
        "transcript",
        _ITEM,
        False,
        "nothing",
        _required("url", "type") + _optional("language", "rel"),
    ),
    "locked": Element("locked", ("channel",), True, "text", _optional("owner")),
    "funding": Element("funding", _BOTH, False, "text", _required("url"), NAME_CHARACTERS),
    "chapters": Element("chapters", _ITEM, True, "nothing", _required("url", "type")),
    "soundbite": Element(
        "soundbite", _ITEM, False, "text", _required("startTime", "duration"), NAME_CHARACTERS
    ),
    "person": Element(
        "person", _BOTH, False, "text", _optional("role", "group", "img", "href"), NAME_CHARACTERS
    ),
    "location": Element(
        "location",
        _BOTH,
        False,
        "text",
        _recommended("rel", "geo", "osm", "country"),
        NAME_CHARACTERS,
    ),
    "season": Element("season", _ITEM, True, "text", (Attribute("name", limit=NAME_CHARACTERS),)),
    "episode": Element(
        "episode", _ITEM, True, "text", (Attribute("display", limit=SHORT_CHARACTERS),)
    ),
    "trailer": Element(
        "trailer",
        ("channel",),
        False,
        "text",
        _required("url", "pubdate") + _recommended("length", "type") + _optional("season"),
        NAME_CHARACTERS,
    ),
    "license": Element("license", _BOTH, True, "text", _optional("url"), NAME_CHARACTERS),
    "alternateEnclosure": Element(
        "alternate-enclosure",
        _ITEM,
        False,
        "elements",
        (
            *_required("type"),
            *_recommended("length"),
            *_optional("bitrate", "height", "lang", "codecs", "default"),
            Attribute("title", limit=SHORT_CHARACTERS),
            Attribute("rel", limit=SHORT_CHARACTERS),
        ),
    ),
    "source": Element(
        "source",
        ("alternateEnclosure",),
        False,
        "nothing",
        _required("uri") + _optional("contentType"),
    ),
    "integrity": Element(
        "integrity", ("alternateEnclosure",), True, "nothing", _required("type", "value")
    ),
    "guid": Element("guid", ("channel",), True, "text"),
    "value": Element(
        "value", _BOTH, False, "elements", _required("type", "method") + _optional("suggested")
    ),
    "valueRecipient": Element(
        "value-recipient",
        ("value", "valueTimeSplit"),
        False,
        "nothing",
        _required("type", "address", "split")
        + _recommended("name")
        + _optional("customKey", "customValue", "fee"),
    ),
    "valueTimeSplit": Element(
        "value-time-split",
        ("value",),
        False,
        "elements",
        _required("startTime", "duration") + _optional("remoteStartTime", "remotePercentage"),
    ),
    "medium": Element("medium", ("channel",), True, "text"),
    "liveItem": Element(
        "live-item",
        ("channel",),
        False,
        "elements",
        _required("status", "start") + _recommended("end"),
    ),
    "contentLink": Element("content-link", _ITEM, False, "text", _required("href")),
    "socialInteract": Element(
        "social-interact",
        _BOTH,
        False,
        "nothing",
        _required("protocol", "uri")
        + _recommended("accountId")
        + _optional("accountUrl", "priority"),
    ),
    "block": Element("block", ("channel",), False, "text", _optional("id")),
    "txt": Element(
        "txt",
        _BOTH,
        False,
        "text",
        (Attribute("purpose", limit=NAME_CHARACTERS),),
        TXT_CHARACTERS,
    ),
    "remoteItem": Element(
        "remote-item",
        ("channel", "podroll", "valueTimeSplit", "publisher"),
        False,
        "nothing",
        _required("feedGuid") + _optional("feedUrl", "itemGuid", "medium", "title"),
    ),
    "podroll": Element("podroll", ("channel",), True, "elements"),
    "updateFrequency": Element(
        "update-frequency",
        ("channel",),
        True,
        "text",
        _recommended("rrule") + _optional("complete", "dtstart"),
        NAME_CHARACTERS,
    ),
    "podping": Element("podping", ("channel",), True, "nothing", _optional("usesPodping")),
    "publisher": Element("publisher", ("channel",), True, "elements"),
    "chat": Element(
        "chat",
        _BOTH,
        True,
        "nothing",
        _required("server", "protocol") + _recommended("accountId") + _optional("space"),
    ),
    "image": Element(
        "image",
        _BOTH,
        False,
        "nothing",
        (
            *_required("href"),
            *_recommended("alt", "aspect-ratio", "width"),
            *_optional("height", "type"),
            Attribute("purpose", limit=NAME_CHARACTERS),
        ),
    ),
}
"""By name without prefix, in the order of docs/1.0.md."""

DEPRECATED: Final[dict[str, Element]] = {
    "images": Element("images-(deprecated)", _BOTH, True, "nothing", _required("srcset")),
}

PROPOSED: Final = frozenset(
    {
        "authorization",
        "bonusItem",
        "boost",
        "categories",
        "category",
        "contact",
        "gateway",
        "hiveAccount",
        "id",
        "liveValue",
        "metaBoost",
        "opensubscribe",
        "previousUrl",
        "recommendations",
        "social",
        "socialSignUp",
        "verify",
    }
)
"""Seen in feeds or in proposal-docs, and never made part of the namespace."""
