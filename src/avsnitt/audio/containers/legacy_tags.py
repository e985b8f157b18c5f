"""Reads the tags that older programs leave at the end of an MP3: ID3v1 and APEv2."""

from __future__ import annotations

from typing import Final

from avsnitt.audio.containers.mp3 import APE_HEADER, ape_bytes, id3v1_bytes, lyrics_bytes
from avsnitt.audio.containers.reader import Data

Three = tuple[str, str, str]
"""Title, artist and album."""
MAX_APE_BYTES: Final = 8 << 20
MAX_ITEMS: Final = 1_000
KEYS: Final = ("title", "artist", "album")


def parse_id3v1(data: Data) -> Three | None:
    """The texts of an ID3v1 tag, the last 128 bytes; None when they are none."""
    tag = data[max(0, len(data) - 128) :]
    if tag[:3] != b"TAG" or len(tag) < 128:
        return None
    title, artist, album = (tag[at : at + 30] for at in (3, 33, 63))
    return _plain(title), _plain(artist), _plain(album)


def _plain(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("latin-1").strip()


def parse_ape(data: Data) -> Three | None:
    """The texts of an APEv2 tag at the end, which may stand in front of ID3v1 and Lyrics3; None
    when there is none, or it claims more than MAX_APE_BYTES."""
    end = len(data)
    end -= id3v1_bytes(data, end)
    end -= lyrics_bytes(data, end)
    size = ape_bytes(data, end)
    if not size or size > min(end, MAX_APE_BYTES):
        return None
    items = _items(data[end - size : end - APE_HEADER])
    title, artist, album = (items.get(key, "") for key in KEYS)
    return title, artist, album


def _items(body: bytes) -> dict[str, str]:
    """The values of KEYS. An item is a size, flags, a key that ends with NUL, and a value (APEv2,
    "APE Tag Item")."""
    found: dict[str, str] = {}
    at = APE_HEADER if body[:8] == b"APETAGEX" else 0
    for _ in range(MAX_ITEMS):
        end = body.find(b"\0", at + 8)
        if end < 0:
            break
        size = int.from_bytes(body[at : at + 4], "little")
        key = body[at + 8 : end].decode("latin-1").lower()
        if key in KEYS:
            found[key] = body[end + 1 : end + 1 + size].decode("utf-8", "replace")
        at = end + 1 + size
    return found
