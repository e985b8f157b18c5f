"""Finds the format of an audio file by its first bytes, since its name is only a claim."""

from __future__ import annotations

import re
from typing import Final

from avsnitt.audio.containers.mp3 import skip_id3
from avsnitt.audio.containers.reader import Data
from avsnitt.model.show import AudioFormat
from avsnitt.problems.media_errors import AudioError

HEAD_BYTES: Final = 64

MAGIC: Final[tuple[tuple[bytes, AudioFormat], ...]] = (
    (rb"fLaC", "flac"),
    (rb"OggS", "ogg"),
    (rb"....ftyp(?!qt  )", "m4a"),
    (rb"....(ftypqt  |moov|mdat|wide|skip|free)", "other"),
    (rb"RIFF....WAVE|RF64....WAVE|BW64....WAVE", "wav"),
    (rb"FORM....AIF[FC]", "aiff"),
    (rb"caff|riff\x2e\x91\xcf\x11", "other"),
    (rb"\x1aE\xdf\xa3", "other"),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "other"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "other"),
    (rb"\xff[\xf4-\xf7\xfc-\xff]", "other"),
    (rb"#!AMR|MAC |wvpk|\.snd", "other"),
)
"""MP3 is not here: no fixed bytes begin it, so `mp3.parse_mpeg` gets what is left."""

SOUNDS: Final = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in MAGIC)

OTHER_THINGS: Final = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), reason)
    for pattern, reason in (
        (rb"\s*(<!doctype|<html|<\?xml|<head|<body)", "web-page"),
        (rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|BM....\0\0\0\0|....ftypavif", "picture"),
        (rb"%PDF|\{\\rtf|\xd0\xcf\x11\xe0", "document"),
        (rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!", "archive"),
    )
)

NAMES: Final[dict[str, frozenset[AudioFormat]]] = {
    ".mp3": frozenset({"mp3"}),
    ".m4a": frozenset({"m4a", "other"}),
    ".m4b": frozenset({"m4a", "other"}),
    ".mp4": frozenset({"m4a", "other"}),
    ".m4v": frozenset({"m4a", "other"}),
    ".opus": frozenset({"opus"}),
    ".ogg": frozenset({"ogg", "opus", "other"}),
    ".oga": frozenset({"ogg", "opus", "other"}),
    ".flac": frozenset({"flac", "other"}),
    ".wav": frozenset({"wav"}),
    ".wave": frozenset({"wav"}),
    ".bwf": frozenset({"wav"}),
    ".aif": frozenset({"aiff"}),
    ".aiff": frozenset({"aiff"}),
    ".aifc": frozenset({"aiff"}),
}
"""The formats that a file name's ending promises; an ending that is not here promises nothing."""

AUDIO_ONLY: Final = frozenset({".m4a", ".m4b"})


def sniff(data: Data) -> AudioFormat:
    """The format by content. Raises AudioError: SOUND-001 for an empty file, and for one that
    is plainly no audio."""
    head = data[:HEAD_BYTES]
    if not head:
        raise AudioError("SOUND-001", reason="empty")
    for pattern, reason in OTHER_THINGS:
        if pattern.match(head):
            raise AudioError("SOUND-001", reason=reason)
    return sound_kind(head) or sound_kind(behind_id3(data)) or "mp3"


def behind_id3(data: Data) -> bytes:
    """The first HEAD_BYTES after an ID3 tag, which some programs put in front of any format;
    empty when there is no tag."""
    start = skip_id3(data, 0, len(data))
    return data[start : start + HEAD_BYTES] if start else b""


def sound_kind(head: bytes) -> AudioFormat | None:
    """The format whose first bytes these are; None when no known format begins so."""
    return next((kind for pattern, kind in SOUNDS if pattern.match(head)), None)


def check_name(suffix: str, kind: AudioFormat, *, video: bool) -> None:
    """Raises AudioError: SOUND-002 when the name's ending promises another format than the bytes
    have."""
    promised = NAMES.get(suffix.lower())
    if promised and (kind not in promised or (video and suffix.lower() in AUDIO_ONLY)):
        raise AudioError("SOUND-002", name=suffix.lower(), found="mp4" if video else kind)
