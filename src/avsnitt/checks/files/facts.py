"""
The facts on the files that a feed points at, as values for the rules. No file is opened here.

A value that could not be found out is empty, 0 or None, and no rule applies to it.
"""

from __future__ import annotations

from typing import Final, Literal

from avsnitt.audio.containers.reader import ProbeResult
from avsnitt.model.message import Message
from avsnitt.model.show import Chapter
from avsnitt.model.value import Value

ImageRole = Literal["show", "episode", "chapter", "other"]
Carrier = Literal["json", "psc", "id3", "nero", "quicktime", "vorbis"]

MOST_FINDINGS: Final = 10
"""Findings of one rule in one file; an author who has more mends them all at once."""


class AudioFile(ProbeResult, frozen=True, kw_only=True):
    """
    The probe of a file (`ProbeResult`), with its name, its size and what the feed says of it.
    `suffix` is the name's ending without its dot. `declared_type` and `declared_bytes` are the
    feed's. `is_enclosure` is False for an alternate.

    `AudioFacts` is another type: it is measured from end to end of what an author recorded, and
    is kept in the cache; this is what can be known quickly of anybody's file.
    """

    suffix: str = ""
    size_bytes: int = 0
    declared_type: str = ""
    declared_bytes: int | None = None
    is_enclosure: bool = True


class CopyFile(Value, frozen=True, kw_only=True):
    """
    The file of another form. `digests` are what the feed says of it, by the strongest of its
    algorithms, and `digest` is its own by the same, empty when the feed has none. `default`:
    the feed says that it is the enclosure itself; `same`: it is, byte for byte, or None when it
    could not be compared.
    """

    digests: tuple[bytes, ...] = ()
    digest: bytes = b""
    default: bool = False
    same: bool | None = None


class ImageFile(Value, frozen=True, kw_only=True):
    """
    `format` is what the bytes are: JPEG, PNG, or another picture's name in capitals. `mode` is
    Pillow's. `dpi` is 0 when the file does not say; `profile` is the colour profile's name.
    `error` is why the picture could not be read.
    """

    suffix: str = ""
    size_bytes: int = 0
    format: str = ""
    width: int = 0
    height: int = 0
    mode: str = ""
    alpha: bool = False
    dpi: int = 0
    progressive: bool = False
    profile: str = ""
    role: ImageRole = "other"
    declared_width: int | None = None
    declared_height: int | None = None
    declared_ratio: str = ""
    error: Message | None = None


class ChapterFile(Value, frozen=True, kw_only=True):
    """A chapters file as text. With `own`, pictures may be named as files beside it."""

    text: str
    duration_ms: int = 0
    own: bool = False


class CarriedChapters(Value, frozen=True, kw_only=True):
    """One list of chapters, in the order it stands where it was found."""

    carrier: Carrier
    chapters: tuple[Chapter, ...]


class TranscriptSource(Value, frozen=True, kw_only=True):
    """
    `kind` is what the feed's type or the name's ending says: vtt, srt, json, html or text.
    `data` is the file; `people` are the names of those who are in the episode.
    """

    kind: str
    data: bytes
    duration_ms: int = 0
    people: tuple[str, ...] = ()


class EmbeddedImage(Value, frozen=True, kw_only=True):
    """`format` is as in `ImageFile`, empty when it is no picture. `located`: it has a GPS tag."""

    size_bytes: int
    format: str = ""
    located: bool = False


class Contents(Value, frozen=True, kw_only=True):
    """A table of contents in an ID3 tag (CTOC frame, id3v2-chapters-1.0, 3.2)."""

    element: str
    top: bool
    ordered: bool
    children: tuple[str, ...]


class Id3Facts(Value, frozen=True, kw_only=True):
    """
    The facts that only an MP3's tag can have. `version` is 2, 3 or 4 of the first tag; `names`
    are its frames in order; `old` and `ape` are title, artist and album in an ID3v1 and an
    APEv2 tag; `elements` and `contents` are its chapters' ids and its tables of contents.
    """

    version: int
    tags: int = 1
    names: tuple[str, ...] = ()
    artists: str = ""
    old: tuple[str, str, str] | None = None
    ape: tuple[str, str, str] | None = None
    odd_urls: tuple[str, ...] = ()
    bare_feed: bool = False
    elements: tuple[str, ...] = ()
    contents: tuple[Contents, ...] = ()


class Texts(Value, frozen=True, kw_only=True):
    """The texts on an episode, in a file's tags or in the feed."""

    title: str = ""
    album: str = ""
    artist: str = ""
    genre: str = ""
    date: str = ""
    guid: str = ""
    feed_url: str = ""


class TagFacts(Value, frozen=True, kw_only=True):
    """
    The tags of one audio file, and in `feed` the same texts in the feed. `block_bytes` is how
    much must be read before the audio. `private` names what programs left behind.
    """

    texts: Texts = Texts()
    feed: Texts = Texts()
    block_bytes: int = 0
    picture: EmbeddedImage | None = None
    private: tuple[str, ...] = ()
    chapters: tuple[CarriedChapters, ...] = ()
    id3: Id3Facts | None = None
