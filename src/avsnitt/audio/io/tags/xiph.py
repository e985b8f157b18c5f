"""Makes the comments of Opus, Vorbis and FLAC with mutagen, and the pages or blocks they fill."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from mutagen._vorbis import VCommentDict
from mutagen.flac import Picture
from mutagen.ogg import OggPage

from avsnitt.audio.containers.flac import MAGIC, find_stream
from avsnitt.audio.containers.ogg import LAST, OggStream, find_streams, renumber
from avsnitt.audio.containers.reader import Data
from avsnitt.audio.tag_plan import TAGS, TagPlan
from avsnitt.formats.chapters.published import MOST_IN_COMMENTS
from avsnitt.images.metadata import picture_mime, picture_size

VENDOR: Final = "Avsnitt"
FRONT_COVER: Final = 3
COMMENT_BLOCK, PICTURE_BLOCK, LAST_BLOCK = 4, 6, 128
COMMENT_PACKET: Final = 1


def render_flac(data: Data, plan: TagPlan, cover: bytes | None) -> bytes:
    """The bytes in front of the frames: the metadata that a decoder needs, our comments, the cover.
    Raises AudioError as `find_stream` does."""
    blocks = list(find_stream(data).blocks)
    blocks.append((COMMENT_BLOCK, render_comments(plan, framing=False)))
    if cover:
        blocks.append((PICTURE_BLOCK, render_picture(cover)))
    kinds = [kind for kind, _ in blocks]
    kinds[-1] |= LAST_BLOCK
    return MAGIC + b"".join(
        bytes((kind,)) + len(body).to_bytes(3, "big") + body
        for kind, (_, body) in zip(kinds, blocks, strict=True)
    )


def render_ogg(data: Data, plan: TagPlan, cover: bytes | None) -> Iterator[bytes]:
    """The bytes of the whole file, piece by piece: of each stream the headers, our comments and the
    pages of audio. Raises AudioError as `find_streams` does."""
    for stream in find_streams(data):
        head = head_pages(stream, plan, cover)
        yield b"".join(page.write() for page in head)
        yield from sound_pages(data, stream, len(head))


def head_pages(stream: OggStream, plan: TagPlan, cover: bytes | None) -> list[OggPage]:
    """The pages of headers: the identification header alone on its page (RFC 3533, section 4), the
    rest after it."""
    first, *others = stream.packets
    is_opus = stream.codec.format == "opus"
    comments = render_comments(plan, framing=not is_opus, cover=cover)
    others[COMMENT_PACKET - 1] = stream.codec.comment + comments
    pages: list[OggPage] = [
        *OggPage.from_packets([first]),
        *OggPage.from_packets(others, sequence=1),
    ]
    for page in pages:
        page.serial = stream.serial
        page.position = max(page.position, 0) if page.position != -1 else -1
    pages[0].first = True
    return pages


def sound_pages(data: Data, stream: OggStream, first: int) -> Iterator[bytes]:
    """The pages of audio with new numbers from `first` on, the last one marked as the last."""
    last = len(stream.pages) - 1
    for index, page in enumerate(stream.pages):
        raw = data[page.start : page.stop]
        flags = page.flags | LAST if index == last else page.flags & ~LAST
        if page.sequence == first + index and flags == page.flags:
            yield raw
        else:
            yield renumber(raw[:5] + bytes((flags,)) + raw[6:], stream.serial, first + index)


def render_comments(plan: TagPlan, *, framing: bool, cover: bytes | None = None) -> bytes:
    """The bytes of the comment header (xiph.org, "Ogg Vorbis I format specification: comment
    field"), with the framing bit that only Vorbis has."""
    comments = VCommentDict()
    comments.vendor = VENDOR
    comments.extend(comment_pairs(plan))
    if cover:
        comments.append(("METADATA_BLOCK_PICTURE", picture_text(cover)))
    return bytes(comments.write(framing=framing))


def comment_pairs(plan: TagPlan) -> Iterator[tuple[str, str]]:
    """The name and value of each comment: the tags, then the chapters (xiph.org, "Chapter
    Extension")."""
    for tag in TAGS:
        if tag.vorbis and (text := tag.value(plan)):
            yield from ((name, text) for name in tag.vorbis)
    for number, chapter in enumerate(plan.chapters[:MOST_IN_COMMENTS], 1):
        name = f"CHAPTER{number:03}"
        yield name, chapter_time(chapter.start_ms)
        yield f"{name}NAME", chapter.title
        if chapter.url:
            yield f"{name}URL", chapter.url


def chapter_time(at_ms: int) -> str:
    """A time in ms as `HH:MM:SS.mmm`."""
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"


@lru_cache(maxsize=2)
def render_picture(cover: bytes) -> bytes:
    """The bytes of a FLAC picture block (RFC 9639, 8.8)."""
    picture = Picture()
    picture.type = FRONT_COVER
    picture.mime = picture_mime(cover)
    picture.width, picture.height = picture_size(cover)
    picture.depth = 24
    picture.data = cover
    return bytes(picture.write())


@lru_cache(maxsize=2)
def picture_text(cover: bytes) -> str:
    """The picture block in Base64, which Ogg has as a comment METADATA_BLOCK_PICTURE."""
    return b64encode(render_picture(cover)).decode()
