"""
Read the tags of any audio file: texts, cover, chapters, leftovers.

MP4's tags and FLAC's pictures are read by mutagen. ID3 is read by `containers.id3`: mutagen would
unpack compressed frames without a limit, and sort frames whose order rules check.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from avsnitt.audio.containers.flac import PICTURE, find_blocks
from avsnitt.audio.containers.id3 import (
    Id3Tag,
    chapter_frames,
    contents_frames,
    described_text,
    parse_id3_tags,
    picture_of,
    text_of,
    url_of,
)
from avsnitt.audio.containers.legacy_tags import parse_ape, parse_id3v1
from avsnitt.audio.containers.markers import MOST_MARKS
from avsnitt.audio.containers.mp4 import Mp4Box, boxes, find_inside, inside, parse_movie
from avsnitt.audio.containers.mp4_chapters import nero_list, quicktime_list
from avsnitt.audio.containers.reader import Data
from avsnitt.audio.containers.vorbis_comments import (
    comment_list,
    comment_texts,
    flac_comments,
    ogg_comments,
)
from avsnitt.checks.files.facts import (
    CarriedChapters,
    Contents,
    EmbeddedImage,
    Id3Facts,
    TagFacts,
    Texts,
)
from avsnitt.checks.io.files import has_location, mapped, picture_format
from avsnitt.model.show import Chapter

BROKEN: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""Errors that our parsers and mutagen raise on broken files."""
MAX_ITEMS: Final = 10_000
"""Tags in a file, their parts counted; a file with more is made to exhaust memory."""
PATH: Final = re.compile(
    r"(?<![\w/.:])(?:[A-Za-z]:\\[^\s\\]|/(?:Users|home)/[^\s/]+/)[^\s\0]{0,80}"
)
"""A path in the home folder of a user, or on a Windows drive."""


def read_tags(path: str, kind: str) -> TagFacts | None:
    """
    The tags of a file whose container `containers.probe` found; None when they cannot be read.
    """
    reader = READERS.get(kind)
    if reader is None:
        return None
    from mutagen import MutagenError

    try:
        with mapped(path) as data:
            return reader(data)
    except (*BROKEN, MutagenError):
        return None


def embedded(picture: bytes) -> EmbeddedImage | None:
    """The facts on a picture in a tag; None for no bytes."""
    if not picture:
        return None
    return EmbeddedImage(
        size_bytes=len(picture),
        format=picture_format(picture[:64]),
        located=has_location(picture),
    )


# ID3


def read_id3(data: Data) -> TagFacts:
    """The tags of an MP3: the first ID3v2 tag, or ID3v1 or APEv2 where there is none."""
    tags = parse_id3_tags(data)
    old, ape = parse_id3v1(data), parse_ape(data)
    if not tags:
        texts = dict(zip(("title", "artist", "album"), old or ape or ("", "", ""), strict=True))
        return TagFacts(texts=Texts(**texts))
    first = tags[0]
    chapters = chapter_frames(first)
    shown = tuple(
        Chapter(start_ms=one.start_ms, end_ms=one.end_ms, title=one.title) for one in chapters
    )
    return TagFacts(
        texts=id3_texts(first),
        block_bytes=sum(tag.size for tag in tags),
        picture=embedded(picture_of(first.first("APIC"), first.version)),
        private=tuple(id3_private(first)),
        chapters=(CarriedChapters(carrier="id3", chapters=shown),) if shown else (),
        id3=Id3Facts(
            version=first.version,
            tags=len(tags),
            names=tuple(frame.name for frame in first.frames),
            artists=text_of(first.first("TPE1")),
            old=old,
            ape=ape,
            odd_urls=tuple(odd_urls(first)),
            bare_feed=first.first("WFED")[:1] > b"\3",
            elements=tuple(one.element for one in chapters),
            contents=tuple(Contents(**one._asdict()) for one in contents_frames(first)),
        ),
    )


def id3_texts(tag: Id3Tag) -> Texts:
    """The texts of an ID3 tag; several values in a frame are joined by commas."""

    def text(name: str) -> str:
        return text_of(tag.first(name)).replace("\0", ", ").strip()

    return Texts(
        title=text("TIT2"),
        album=text("TALB"),
        artist=text("TPE1"),
        genre=text("TCON"),
        date=text("TDRC")[:10] or text("TDRL")[:10] or _old_date(text("TYER"), text("TDAT")),
        guid=text("TGID"),
        feed_url=text("WFED"),
    )


def _old_date(year: str, day: str) -> str:
    """TYER is a year and TDAT a day and a month (ID3v2.3, 4.2.1)."""
    whole = year.isdigit() and day.isdigit() and len(day) == 4
    return f"{year}-{day[2:]}-{day[:2]}" if whole else year


def id3_private(tag: Id3Tag) -> Iterator[str]:
    """The owners of private frames, GEOB, and paths in the texts that programs write."""
    for body in tag.all("PRIV"):
        yield f"PRIV {body.partition(bytes(1))[0].decode('latin-1')}".strip()
    if tag.first("GEOB"):
        yield "GEOB"
    texts = [text_of(tag.first(name)) for name in ("TSSE", "TENC", "TOFN")]
    texts += [described_text(body)[1] for body in tag.all("TXXX")]
    yield from private_paths(texts)


def private_paths(texts: Iterable[str]) -> Iterator[str]:
    """The first path on somebody's own computer in each text that has one."""
    for text in texts:
        found = PATH.search(text[:10_000])
        if found:
            yield found[0]


def odd_urls(tag: Id3Tag) -> Iterator[str]:
    """The names of URL frames whose address is not ASCII."""
    for frame in tag.frames:
        if frame.name.startswith("W") and not url_of(frame).isascii():
            yield frame.name


# MP4


def read_mp4_tags(data: Data) -> TagFacts:
    """The tags of an MP4, with its chapters by Nero and by QuickTime."""
    moov = parse_movie(data)
    box = find_inside(moov, b"udta")
    udta = moov[box.start : box.stop] if box else b""
    atoms = _atoms(udta)
    covers = atoms.get("covr") or [b""]
    lists = (
        CarriedChapters(carrier="nero", chapters=tuple(nero_list(moov))),
        CarriedChapters(carrier="quicktime", chapters=tuple(quicktime_list(data, moov))),
    )
    encoder = [_atom(atoms, "\xa9too"), _atom(atoms, "\xa9enc"), _atom(atoms, "\xa9cmt")]
    return TagFacts(
        texts=Texts(
            title=_atom(atoms, "\xa9nam"),
            album=_atom(atoms, "\xa9alb"),
            artist=_atom(atoms, "\xa9ART") or _atom(atoms, "aART"),
            genre=_atom(atoms, "\xa9gen") or _atom(atoms, "catg"),
            date=_atom(atoms, "\xa9day")[:10],
            guid=_atom(atoms, "egid"),
            feed_url=_atom(atoms, "purl"),
        ),
        block_bytes=len(udta),
        picture=embedded(bytes(covers[0])),
        private=tuple(private_paths(encoder)),
        chapters=tuple(one for one in lists if one.chapters),
    )


def _atoms(udta: bytes) -> Mapping[str, Any]:
    """The tags in a udta box, of which mutagen is given nothing else to take apart."""
    import io

    from mutagen.mp4 import MP4Tags
    from mutagen.mp4._atom import Atoms

    meta = find_inside(udta, b"meta")
    ilst = inside(udta, meta._replace(start=meta.start + 4)).get(b"ilst") if meta else None
    if ilst is None or sum(1 for _ in islice(_items(udta, ilst), MAX_ITEMS + 1)) > MAX_ITEMS:
        return {}
    body = _box(b"meta", bytes(4) + _box(b"ilst", udta[ilst.start : ilst.stop]))
    file = io.BytesIO(_box(b"moov", _box(b"udta", body)))
    found: Any = MP4Tags(Atoms(file), file)
    return dict(found)


def _items(udta: bytes, ilst: Mp4Box) -> Iterator[Mp4Box]:
    """Every box in the list of tags, and every box in those."""
    for item in boxes(udta, ilst.start, ilst.stop):
        yield item
        yield from boxes(udta, item.start, item.stop)


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _atom(atoms: Mapping[str, Any], name: str) -> str:
    found = atoms.get(name)
    return f"{found[0]}".strip() if isinstance(found, list) and found else ""


# Ogg and FLAC


def read_ogg_tags(data: Data) -> TagFacts:
    """The tags of an Ogg file of Opus, Vorbis or FLAC."""
    block = ogg_comments(data)
    return xiph_facts(block, b"", len(block))


def read_flac_tags(data: Data) -> TagFacts:
    """The tags of a FLAC file, with the first picture in its PICTURE blocks."""
    blocks = tuple(find_blocks(data))
    found = (data[block.start : block.stop] for block in blocks if block.kind == PICTURE)
    picture = next((picture for body in found if (picture := picture_block(body))), b"")
    size = blocks[-1].stop - blocks[0].start if blocks else 0
    return xiph_facts(flac_comments(data), picture, size)


def picture_block(body: bytes) -> bytes:
    """The image in a PICTURE block. Lets mutagen's error pass for a block that is damaged."""
    from mutagen.flac import Picture

    return bytes(Picture(body).data)


def xiph_facts(block: bytes, picture: bytes, block_bytes: int) -> TagFacts:
    """The facts in Vorbis comments (`block`); `picture` is from elsewhere in the file, or empty."""
    comments = comment_texts(block)
    text = comments.get("METADATA_BLOCK_PICTURE", "")
    cover = picture or (picture_block(b64decode(text)) if text else b"")
    shown = tuple(islice(comment_list(block), MOST_MARKS))
    encoder = [value for name, value in comments.items() if name.startswith(("ENCODE", "SOURCE"))]
    return TagFacts(
        texts=Texts(
            title=comments.get("TITLE", ""),
            album=comments.get("ALBUM", ""),
            artist=comments.get("ARTIST", ""),
            genre=comments.get("GENRE", ""),
            date=comments.get("DATE", "")[:10],
            guid=comments.get("PODCAST_GUID", ""),
            feed_url=comments.get("PODCAST_FEED", ""),
        ),
        block_bytes=block_bytes,
        picture=embedded(cover),
        private=tuple(private_paths(encoder)),
        chapters=(CarriedChapters(carrier="vorbis", chapters=shown),) if shown else (),
    )


READERS: Final[dict[str, Callable[[Data], TagFacts]]] = {
    "mp3": read_id3,
    "mp4": read_mp4_tags,
    "mov": read_mp4_tags,
    "ogg": read_ogg_tags,
    "flac": read_flac_tags,
}
