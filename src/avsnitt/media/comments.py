"""Reads the chapters in the comments of Ogg and FLAC (xiph.org, "Chapter Extension")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from avsnitt.formats.timecode import parse_time
from avsnitt.media.flac import MAGIC, MAX_BLOCKS, start_of_flac
from avsnitt.media.marks import tidy_marks
from avsnitt.media.ogg import CODECS, find_pages, header_packets
from avsnitt.media.sounds import Data
from avsnitt.model import Chapter

MAX_COMMENTS: Final = 20_000
MAX_PAGES: Final = 1_000
"""As many as the headers with a large picture fill, and some of other streams between them."""
COMMENT_BLOCK: Final = 4
KEY: Final = re.compile(rb"CHAPTER([0-9]{2,3})(NAME|URL)?=", re.IGNORECASE)


def ogg_chapters(data: Data) -> tuple[Chapter, ...]:
    """The chapters of the first stream of sound."""
    pages = list(islice(find_pages(data), MAX_PAGES))
    for first in pages:
        head = data[first.body : first.stop]
        codec = next((codec for magic, codec in CODECS if head.startswith(magic)), None)
        if codec is None:
            continue
        own = [page for page in pages if page.serial == first.serial]
        packets, _ = header_packets(data, own, codec.headers)
        comment = packets[1] if len(packets) > 1 else b""
        return comment_chapters(comment.removeprefix(codec.comment))
    return ()


def flac_chapters(data: Data) -> tuple[Chapter, ...]:
    """Those in the comments: a cue sheet (RFC 9639, 8.7) has no titles."""
    at = start_of_flac(data) + len(MAGIC)
    for _ in range(MAX_BLOCKS):
        header = data[at : at + 4]
        size = int.from_bytes(header[1:], "big")
        if len(header) == 4 and header[0] & 127 == COMMENT_BLOCK:
            return comment_chapters(data[at + 4 : at + 4 + size])
        if len(header) < 4 or header[0] & 128:
            break
        at += 4 + size
    return ()


def comment_chapters(block: bytes) -> tuple[Chapter, ...]:
    """
    The chapters in a comment header (Ogg Vorbis I, 5.2) without what its container puts around
    it. A chapter whose time cannot be understood is passed over.
    """
    said: dict[bytes, dict[bytes, bytes]] = {}
    for comment in comments(block):
        key = KEY.match(comment)
        if key:
            fields = said.setdefault(key[1], {})
            fields.setdefault((key[2] or b"").upper(), comment[key.end() :])
    return tidy_marks(chapter for fields in said.values() if (chapter := read_chapter(fields)))


def comments(block: bytes) -> Iterator[bytes]:
    at = 4 + int.from_bytes(block[:4], "little")
    count = int.from_bytes(block[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MAX_COMMENTS)):
        size = int.from_bytes(block[at : at + 4], "little")
        at += 4
        if at + size > len(block):
            return
        yield block[at : at + size]
        at += size


def read_chapter(fields: dict[bytes, bytes]) -> Chapter | None:
    texts = {name: value.decode(errors="replace") for name, value in fields.items()}
    try:
        start_ms = parse_time(texts[b""])
    except (KeyError, ValueError):
        return None
    return Chapter(start_ms=start_ms, title=texts.get(b"NAME", ""), url=texts.get(b"URL", ""))
