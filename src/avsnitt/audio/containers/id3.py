"""Splits an ID3v2 tag into its frames as they stand in the file, in their order.

mutagen sorts frames, mends what is wrong and unpacks what is compressed, so it cannot show what a
player will read. Nothing here is unpacked: a few bytes of zlib can be gigabytes.
(id3.org: ID3v2.2, ID3v2.3, ID3v2.4, id3v2-chapters-1.0.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from avsnitt.audio.containers.mp3 import ID3_HEADER, skip_id3, synchsafe
from avsnitt.audio.containers.reader import Data

MAX_TAG_BYTES: Final = 32 << 20
MAX_FRAMES: Final = 5_000
MAX_TAGS: Final = 16
CODECS: Final = ("latin-1", "utf-16", "utf-16-be", "utf-8")
OLD_NAMES: Final = {
    "TT2": "TIT2", "TAL": "TALB", "TP1": "TPE1", "TCO": "TCON", "TYE": "TYER", "PIC": "APIC",
    "COM": "COMM", "TEN": "TENC", "TSS": "TSSE", "TXX": "TXXX", "WAF": "WOAF", "WXX": "WXXX",
}  # fmt: skip
"""The frame names of ID3v2.2, and the names of the same frames in later versions."""
PACKED: Final = {3: 0x00C0, 4: 0x000C}
"""Flags of a frame that is compressed or encrypted, by version."""
GROUPED: Final = {3: 0x0020, 4: 0x0040}
"""Flag of a frame with a group's number in front of its content, by version."""
UNSYNCHRONISED, WITH_LENGTH = 0x0002, 0x0001


class Frame(NamedTuple):
    """A frame by its ID3v2.3 name; `body` is empty when it is compressed or encrypted."""

    name: str
    body: bytes


class Id3Tag(NamedTuple):
    """A tag of ID3v2.`version` (2, 3 or 4); `size` counts its header and padding too, in bytes."""

    version: int
    size: int
    frames: tuple[Frame, ...]

    def all(self, name: str) -> Iterator[bytes]:
        """The content of each frame of a name, in the order of the file."""
        return (frame.body for frame in self.frames if frame.name == name)

    def first(self, name: str) -> bytes:
        """The content of the first frame of a name; empty when there is none."""
        return next(self.all(name), b"")


class ChapterFrame(NamedTuple):
    """A CHAP frame: its element ID, times, title and first link (id3v2-chapters-1.0, 3.1)."""

    element: str
    start_ms: int
    end_ms: int
    title: str
    url: str = ""


class ContentsFrame(NamedTuple):
    """A CTOC frame: its element ID, its two flags and the IDs of its children (id3v2-chapters-1.0,
    3.2)."""

    element: str
    top: bool
    ordered: bool
    children: tuple[str, ...]


def parse_id3_tags(data: Data) -> tuple[Id3Tag, ...]:
    """The ID3v2 tags at the front of a file, in order. Never raises."""
    found: list[Id3Tag] = []
    at, end = 0, len(data)
    for _ in range(MAX_TAGS):
        after = skip_id3(data, at, end)
        if after == at:
            break
        if data[at + 3] in (2, 3, 4):
            frames = _frames(data, at) if after - at <= MAX_TAG_BYTES else ()
            found.append(Id3Tag(data[at + 3], after - at, frames))
        at = after
    return tuple(found)


def _frames(data: Data, start: int) -> tuple[Frame, ...]:
    header = data[start : start + ID3_HEADER]
    version, flags = header[3], header[5]
    body = data[start + ID3_HEADER : start + ID3_HEADER + synchsafe(header[6:])]
    if flags & 0x80 and version < 4:
        body = _synchronised(body)
    at = _extended_bytes(version, body) if flags & 0x40 and version > 2 else 0
    return tuple(split_frames(body, at, version))


def _synchronised(body: bytes) -> bytes:
    return body.replace(b"\xff\x00", b"\xff")


def _extended_bytes(version: int, body: bytes) -> int:
    """The bytes of the extended header; in v2.3 its size field does not count itself."""
    four = body[:4].ljust(4, b"\0")
    return synchsafe(four) if version == 4 else int.from_bytes(four, "big") + 4


def split_frames(body: bytes, at: int, version: int) -> Iterator[Frame]:
    """The frames in a row from `at`, up to one that claims more bytes than there are."""
    name_bytes, head_bytes = (3, 6) if version == 2 else (4, 10)
    for _ in range(MAX_FRAMES):
        name = body[at : at + name_bytes]
        if at + head_bytes > len(body) or not _is_name(name):
            return
        size = _frame_bytes(body, at, version)
        start = at + head_bytes
        if start + size > len(body):
            return
        flags = 0 if version == 2 else int.from_bytes(body[at + 8 : at + 10], "big")
        text = name.decode("ascii")
        yield Frame(OLD_NAMES.get(text, text), _opened(body[start : start + size], flags, version))
        at = start + size


def _is_name(name: bytes) -> bool:
    return name.isalnum() and name.upper() == name


def _frame_bytes(body: bytes, at: int, version: int) -> int:
    """
    The size of a frame's content in bytes. In v2.4 seven bits of each byte count (section 4), but
    FFmpeg writes its CTOC, and old iTunes all its frames, with plain sizes: such a size is taken
    when a frame may end there, and not where the other would end.
    """
    if version == 2:
        return int.from_bytes(body[at + 3 : at + 6], "big")
    four = body[at + 4 : at + 8]
    plain = int.from_bytes(four, "big")
    if version == 3 or plain < 128:
        return plain
    spread = synchsafe(four)
    if max(four) < 128 and _leads_on(body, at + 10 + spread):
        return spread
    return plain if _leads_on(body, at + 10 + plain) else spread


def _leads_on(body: bytes, at: int) -> bool:
    """True when a frame may end here: at the end, at padding or at the next frame."""
    name = body[at : at + 4]
    return at == len(body) or _is_name(name) or (len(name) > 0 and not any(name))


def _opened(body: bytes, flags: int, version: int) -> bytes:
    """The content of a frame without what its flags put in front of it; empty for a compressed or
    encrypted one."""
    if flags & PACKED.get(version, 0):
        return b""
    body = body[1:] if flags & GROUPED.get(version, 0) else body
    if version == 4:
        if flags & WITH_LENGTH:
            body = body[4:]
        if flags & UNSYNCHRONISED:
            body = _synchronised(body)
    return body


def text_of(body: bytes) -> str:
    """The text of a text frame; several values stay separated by NUL."""
    return _text(body).strip("\0")


def _text(body: bytes) -> str:
    return _decode(body[1:], body[0]) if body and body[0] < len(CODECS) else ""


def _up_to_end(text: str) -> str:
    """The text up to the first NUL, which is all that many players show."""
    return text.partition("\0")[0]


def _decode(raw: bytes, encoding: int) -> str:
    if encoding in (1, 2):
        # UTF-16 of an odd number of bytes: the last is half a character.
        raw = raw[: len(raw) // 2 * 2]
    return raw.decode(CODECS[encoding], "replace").replace("\ufeff", "")


def described_text(body: bytes, skip: int = 0) -> tuple[str, str]:
    """The description and value of TXXX, or of COMM and USLT with `skip` bytes for their language;
    both empty for an unknown encoding."""
    if not body or body[0] >= len(CODECS):
        return "", ""
    head, _, rest = _decode(body[1 + skip :], body[0]).partition("\0")
    return head, rest.strip("\0")


def picture_of(body: bytes, version: int) -> bytes:
    """The bytes of the picture in an APIC frame (PIC in v2.2), without its type and description;
    empty when the frame is broken."""
    if not body or body[0] >= len(CODECS):
        return b""
    at = 4 if version == 2 else body.find(b"\0", 1) + 1
    if at < 1:
        return b""
    end = _end_of_text(body, at + 1, wide=body[0] in (1, 2))
    return body[end:] if end else b""


def url_of(frame: Frame) -> bytes:
    """The address in a URL frame, without the description that WXXX has in front of it. A WFED is
    read as text, which is what Apple, TagLib and Hindenburg write."""
    if frame.name == "WFED":
        return text_of(frame.body).encode(errors="replace")
    if frame.name != "WXXX":
        return frame.body
    end = _end_of_text(frame.body, 1, wide=frame.body[:1] in (b"\1", b"\2"))
    return frame.body[end:] if end else b""


def _end_of_text(body: bytes, start: int, *, wide: bool) -> int:
    """The first byte after a text and the NUL that ends it; 0 when it never ends. `wide` is
    UTF-16, whose NUL is two bytes."""
    if not wide:
        return body.find(b"\0", start) + 1
    at = start
    while (at := body.find(b"\0\0", at)) >= 0:
        if (at - start) % 2 == 0:
            return at + 2
        at += 1
    return 0


def chapter_frames(tag: Id3Tag) -> tuple[ChapterFrame, ...]:
    """The CHAP frames in the order of the file."""
    return tuple(found for body in tag.all("CHAP") if (found := _chapter(body, tag.version)))


def _chapter(body: bytes, version: int) -> ChapterFrame | None:
    end = body.find(b"\0")
    if end < 0 or len(body) < end + 17:
        return None
    start_ms, end_ms = (int.from_bytes(body[end + at : end + at + 4], "big") for at in (1, 5))
    inner = tuple(split_frames(body, end + 17, version))
    titles = (_up_to_end(_text(frame.body)) for frame in inner if frame.name == "TIT2")
    links = (_up_to_end(url_of(frame).decode("latin-1")) for frame in inner if frame.name[0] == "W")
    return ChapterFrame(
        element=body[:end].decode("latin-1"),
        start_ms=start_ms,
        end_ms=end_ms,
        title=next(filter(None, titles), ""),
        url=next(filter(None, links), ""),
    )


def contents_frames(tag: Id3Tag) -> tuple[ContentsFrame, ...]:
    """The CTOC frames in the order of the file."""
    return tuple(found for body in tag.all("CTOC") if (found := _contents(body)))


def _contents(body: bytes) -> ContentsFrame | None:
    end = body.find(b"\0")
    if end < 0 or len(body) < end + 3:
        return None
    flags, count = body[end + 1], body[end + 2]
    names = body[end + 3 :].split(b"\0", count)[:count]
    children = tuple(name.decode("latin-1") for name in names)
    return ContentsFrame(body[:end].decode("latin-1"), bool(flags & 2), bool(flags & 1), children)
