"""
The names of Podcasting 2.0, the limits of its texts, and the words that it lists for its values,
spelt as it spells them.

Source: Podcastindex-org/podcast-namespace, the file named at each list, as read in May 2026. The
roles of people are in `roles.py`.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

URI: Final = "https://podcastindex.org/namespace/1.0"
OLD_URI: Final = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""Both are the same namespace, whatever the prefix (docs/1.0.md)."""

NAME_CHARACTERS: Final = 128
SHORT_CHARACTERS: Final = 32
TXT_CHARACTERS: Final = 4000

CHAPTERS_TYPE: Final = "application/json+chapters"
"""docs/tags/chapters.md, "Attributes"."""

Medium = Literal[
    "podcast",
    "music",
    "video",
    "film",
    "audiobook",
    "newsletter",
    "blog",
    "publisher",
    "course",
    "podcastL",
    "musicL",
    "videoL",
    "filmL",
    "audiobookL",
    "newsletterL",
    "blogL",
    "publisherL",
    "courseL",
    "mixed",
]
"""docs/tags/medium.md, "Node Value" and "List Mediums"."""
MEDIUMS: Final[tuple[str, ...]] = get_args(Medium)
LIST_MEDIUMS: Final = tuple(name for name in MEDIUMS if name.endswith("L") or name == "mixed")
"""Of feeds that hold nothing but `remoteItem`s."""

NO_COMMENTS: Final = "disabled"
"""The protocol that says there is to be no talk about it, and stands without other attributes."""
SocialProtocol = Literal[
    "disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr"
]
SOCIAL_PROTOCOLS: Final[tuple[str, ...]] = get_args(SocialProtocol)
"""socialprotocols.txt."""

ChatProtocol = Literal["irc", "xmpp", "nostr", "matrix"]
CHAT_PROTOCOLS: Final[tuple[str, ...]] = get_args(ChatProtocol)
"""docs/chatprotocols.txt."""

RecipientType = Literal["node", "lnaddress"]
"""docs/tags/value-recipient.md, "Attributes"; called known values, so there may be others."""

AI_CONTENT: Final = "ai-content"
"""The `purpose` of a `txt` that says what a machine has made (docs/tags/txt.md, "Purposes")."""

LOCATION_RELS: Final = ("subject", "creator")
"""docs/tags/location.md, "Attributes"."""

LIVE_STATUSES: Final = ("pending", "live", "ended")
"""docs/tags/live-item.md, "Attributes"."""

INTEGRITY_TYPES: Final = ("sri", "pgp-signature")
"""docs/tags/integrity.md, "Attributes"."""

HLS_TYPES: Final = ("application/x-mpegURL", "application/vnd.apple.mpegurl")
"""The spellings of HLS: in docs/tags/alternate-enclosure.md, and in RFC 8216 section 10."""

LISTED_LICENSES: Final = ("ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0")
"""docs/examples/license/licenses.json. Every other licence is a custom one and needs a `url`."""

SERVICES: Final = frozenset(
    (
        "acast amazon anchor apple audible audioboom backtracks bitcoin blubrry buzzsprout "
        "captivate castos castopod facebook fireside fyyd google gpodder hypercatcher kasts "
        "libsyn mastodon megafono megaphone omnystudio overcast paypal pinecast podbean "
        "podcastaddict podcastguru podcastindex podcasts podchaser podcloud podfriend podiant "
        "podigee podnews podomatic podserve podverse redcircle relay resonaterecordings rss "
        "shoutengine simplecast slack soundcloud spotify spreaker tiktok transistor twitter "
        "whooshkaa youtube zencast"
    ).split()
)
"""serviceslugs.txt: the platforms that a `block` can name."""
