"""Reads what a sound file says of itself, whoever wrote it: tags, cover, chapters, leftovers.

MP4 and Vorbis comments are read by mutagen. ID3 is taken apart by `media.id3_frames`: mutagen
would unpack what is packed, and put in order what rules ask the order of.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from avsnitt.adapters.linked_files import mapped, picture_format, tells_a_place
from avsnitt.checks.linked.facts import (
    CarriedChapters,
    Contents,
    EmbeddedPicture,
    Id3Facts,
    TagFacts,
    Texts,
)
from avsnitt.formats.timecode import parse_time
from avsnitt.media.flac import MAX_BLOCKS, start_of_flac
from avsnitt.media.id3_frames import (
    Id3Tag,
    chapter_frames,
    contents_frames,
    described_text,
    picture_of,
    read_id3_tags,
    text_of,
    url_of,
)
from avsnitt.media.mp4 import Box, boxes, find_inside, inside, read_movie
from avsnitt.media.mp4_chapters import nero_list, quicktime_list
from avsnitt.media.ogg import find_pages, header_packets
from avsnitt.media.old_tags import read_ape, read_id3v1
from avsnitt.media.sounds import Data
from avsnitt.model import Chapter

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
"""What readers of broken files raise, in our hands and in mutagen's."""
MAX_HEADER_PAGES: Final = 600
MAX_CHAPTERS: Final = 1_000
MAX_ITEMS: Final = 10_000
"""Tags in a file, their parts counted; more is an attempt to fill our memory."""
COMMENT_BLOCK, PICTURE_BLOCK = 4, 6
PATH: Final = re.compile(
    r"(?<![\w/.:])(?:[A-Za-z]:\\[^\s\\]|/(?:Users|home)/[^\s/]+/)[^\s\0]{0,80}"
)
"""Where a file lay in somebody's own computer."""
CHAPTER: Final = re.compile(r"CHAPTER(\d{3})", re.IGNORECASE)

Comments = Mapping[str, str]


def read_tags(path: str, kind: str) -> TagFacts | None:
    """What a file of that kind (`media.glance`) says of itself; None when it cannot say a thing."""
    reader = READERS.get(kind)
    if reader is None:
        return None
    from mutagen import MutagenError

    try:
        with mapped(path) as data:
            return reader(data)
    except (*BROKEN, MutagenError):
        return None


def embedded(picture: bytes) -> EmbeddedPicture | None:
    if not picture:
        return None
    return EmbeddedPicture(
        size_bytes=len(picture),
        format=picture_format(picture[:64]),
        located=tells_a_place(picture),
    )


# ID3


def read_id3(data: Data) -> TagFacts:
    tags = read_id3_tags(data)
    old, ape = read_id3v1(data), read_ape(data)
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
    for body in tag.all("PRIV"):
        yield f"PRIV {body.partition(bytes(1))[0].decode('latin-1')}".strip()
    if tag.first("GEOB"):
        yield "GEOB"
    texts = [text_of(tag.first(name)) for name in ("TSSE", "TENC", "TOFN")]
    texts += [described_text(body)[1] for body in tag.all("TXXX")]
    yield from private_paths(texts)


def private_paths(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        found = PATH.search(text[:10_000])
        if found:
            yield found[0]


def odd_urls(tag: Id3Tag) -> Iterator[str]:
    for frame in tag.frames:
        if frame.name.startswith("W") and not url_of(frame).isascii():
            yield frame.name


# MP4


def read_mp4_tags(data: Data) -> TagFacts:
    moov = read_movie(data)
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


def _items(udta: bytes, ilst: Box) -> Iterator[Box]:
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
    pages = list(islice(find_pages(data), MAX_HEADER_PAGES))
    own = [page for page in pages if page.serial == pages[0].serial]
    packets, _ = header_packets(data, own, 2)
    if len(packets) < 2:
        return TagFacts()
    is_opus = packets[1].startswith(b"OpusTags")
    body = packets[1][8 if is_opus else 7 :]
    comments = parse_comments(body, framing=not is_opus)
    return xiph_facts(comments, b"", sum(map(len, packets)))


def read_flac_tags(data: Data) -> TagFacts:
    at = start = start_of_flac(data) + 4
    comments: Comments = {}
    picture = b""
    for _ in range(MAX_BLOCKS):
        header = data[at : at + 4]
        if len(header) < 4:
            break
        kind, size = header[0] & 127, int.from_bytes(header[1:], "big")
        body = data[at + 4 : at + 4 + size] if kind in (COMMENT_BLOCK, PICTURE_BLOCK) else b""
        if kind == COMMENT_BLOCK:
            comments = parse_comments(body, framing=False)
        elif kind == PICTURE_BLOCK and not picture:
            picture = picture_block(body)
        at += 4 + size
        if header[0] & 128:
            break
    return xiph_facts(comments, picture, at - start)


def parse_comments(body: bytes, *, framing: bool) -> Comments:
    """The first value of each comment, by its name in capitals."""
    from mutagen._vorbis import VComment

    found: dict[str, str] = {}
    vendor = int.from_bytes(body[:4], "little")
    if int.from_bytes(body[4 + vendor : 8 + vendor], "little") > MAX_ITEMS:
        return found
    for name, value in VComment(body, errors="replace", framing=framing):
        found.setdefault(name.upper(), value)
    return found


def picture_block(body: bytes) -> bytes:
    from mutagen.flac import Picture

    return bytes(Picture(body).data)


def xiph_facts(comments: Comments, picture: bytes, block_bytes: int) -> TagFacts:
    text = comments.get("METADATA_BLOCK_PICTURE", "")
    cover = picture or (picture_block(b64decode(text)) if text else b"")
    shown = tuple(islice(xiph_chapters(comments), MAX_CHAPTERS))
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


def xiph_chapters(comments: Comments) -> Iterator[Chapter]:
    """CHAPTERxxx and CHAPTERxxxNAME (xiph.org, Chapter Extension)."""
    for name, value in comments.items():
        if not CHAPTER.fullmatch(name):
            continue
        try:
            start_ms = parse_time(value)
        except ValueError:
            continue
        yield Chapter(start_ms=start_ms, title=comments.get(f"{name}NAME", ""))


READERS: Final[dict[str, Callable[[Data], TagFacts]]] = {
    "mp3": read_id3,
    "mp4": read_mp4_tags,
    "mov": read_mp4_tags,
    "ogg": read_ogg_tags,
    "flac": read_flac_tags,
}
