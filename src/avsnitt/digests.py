"""Names of made things: digests of bytes, and keys made of named parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

DIGEST_BYTES = 16
PODCAST_NAMESPACE: Final = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"
"""Podcasting 2.0's namespace for show GUIDs (podcast-namespace, "guid")."""


def digest(data: bytes) -> str:
    """The name of some bytes: BLAKE2b, 16 bytes, as 32 hexadecimal digits."""
    return blake2b(data, digest_size=DIGEST_BYTES).hexdigest()


def combine(parts: Mapping[str, str]) -> str:
    """One digest of named parts, whatever order they were given in."""
    text = "\0".join(f"{name}\0{parts[name]}" for name in sorted(parts))
    return digest(text.encode())


def show_guid(feed_url: str) -> str:
    """
    `podcast:guid` for a feed's first address: UUIDv5 of the URL without scheme and without
    final slashes (podcast-namespace, "guid"). Made once; it follows the show in every move.
    """
    import uuid

    name = re.sub(r"^\w+://", "", feed_url).rstrip("/")
    return str(uuid.uuid5(uuid.UUID(PODCAST_NAMESPACE), name))
