"""Reads the comments of Ogg and FLAC, and the chapters in them (xiph.org, "Chapter Extension")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from avsnitt.audio.containers.flac import COMMENTS, find_blocks
from avsnitt.audio.containers.markers import tidy_marks
from avsnitt.audio.containers.ogg import CODECS, find_pages, header_packets
from avsnitt.audio.containers.reader import Data
from avsnitt.formats.timecode import parse_time
from avsnitt.model.show import Chapter

MAX_COMMENTS: Final = 10_000
MAX_PAGES: Final = 600
"""As many as headers with a large picture fill, and some of other streams between them."""
KEY: Final = re.compile(rb"CHAPTER([0-9]{2,3})(NAME|URL)?=", re.IGNORECASE)


def ogg_chapters(data: Data) -> tuple[Chapter, ...]:
    """The chapters of the first stream of Opus or Vorbis; empty without one."""
    return tidy_marks(comment_list(ogg_comments(data)))


def flac_chapters(data: Data) -> tuple[Chapter, ...]:
    """The chapters in the comments. A cue sheet is not read: it has no titles (RFC 9639, 8.7)."""
    return tidy_marks(comment_list(flac_comments(data)))


def ogg_comments(data: Data) -> bytes:
    """The comment header of the first stream of Opus or Vorbis (Ogg Vorbis I, 5.2), without the
    codec's name in front of it; empty when there is none."""
    pages = list(islice(find_pages(data), MAX_PAGES))
    for first in pages:
        head = data[first.body : first.stop]
        codec = next((codec for magic, codec in CODECS if head.startswith(magic)), None)
        if codec is None:
            continue
        own = [page for page in pages if page.serial == first.serial]
        packets, _ = header_packets(data, own, 2)
        return packets[1].removeprefix(codec.comment) if len(packets) > 1 else b""
    return b""


def flac_comments(data: Data) -> bytes:
    """The content of the first block of comments; empty when there is none."""
    found = (block for block in find_blocks(data) if block.kind == COMMENTS)
    return next((data[block.start : block.stop] for block in found), b"")


def comment_list(block: bytes) -> Iterator[Chapter]:
    """
    The chapters in the content of a comment header, in its order. A chapter whose time cannot be
    parsed is passed over.
    """
    found: dict[bytes, dict[bytes, bytes]] = {}
    for comment in comments(block):
        key = KEY.match(comment)
        if key:
            fields = found.setdefault(key[1], {})
            fields.setdefault((key[2] or b"").upper(), comment[key.end() :])
    yield from (chapter for fields in found.values() if (chapter := parse_chapter(fields)))


def comment_texts(block: bytes) -> dict[str, str]:
    """The first text of each name, in capitals, since the case of names has no meaning."""
    found: dict[str, str] = {}
    for comment in comments(block):
        name, _, value = comment.partition(b"=")
        found.setdefault(name.decode("ascii", "replace").upper(), value.decode(errors="replace"))
    return found


def comments(block: bytes) -> Iterator[bytes]:
    """Each `NAME=value`, up to one that claims more bytes than there are."""
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


def parse_chapter(fields: dict[bytes, bytes]) -> Chapter | None:
    """The chapter of some fields, by what follows its number; None without a time."""
    texts = {name: value.decode(errors="replace") for name, value in fields.items()}
    try:
        start_ms = parse_time(texts[b""])
    except (KeyError, ValueError):
        return None
    return Chapter(start_ms=start_ms, title=texts.get(b"NAME", ""), url=texts.get(b"URL", ""))
