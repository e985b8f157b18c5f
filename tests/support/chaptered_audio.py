"""Recordings with chapters or markers in them, as the programs that people use write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from struct import pack

from tests.support.audio_files import ffmpeg

Mark = tuple[int, str]
"""When, in milliseconds, and its name."""


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + pack("<I", len(body)) + body + bytes(len(body) & 1)


def cue_chunks(marks: Sequence[Mark], rate_hz: int, *, region: bool = False) -> bytes:
    """`cue ` and its list of names; as regions, the names are in `ltxt`."""
    rows = names = b""
    for number, (at_ms, name) in enumerate(marks, 1):
        sample = at_ms * rate_hz // 1000
        rows += pack("<II4sIII", number, sample, b"data", 0, 0, sample)
        head = pack("<I", number)
        if region:
            names += chunk(b"ltxt", head + pack("<I4sHHHH", 4800, b"rgn ", 0, 0, 0, 0))
        names += chunk(b"labl", head + name.encode() + b"\0")
    return chunk(b"cue ", pack("<I", len(marks)) + rows) + chunk(b"LIST", b"adtl" + names)


def mark_wave(source: Path, target: Path, marks: Sequence[Mark], **options: bool) -> Path:
    """A 48 kHz WAV with chunks put after its sound, and its size told anew."""
    data = source.read_bytes() + cue_chunks(marks, 48_000, **options)
    target.write_bytes(data[:4] + pack("<I", len(data) - 8) + data[8:])
    return target


def mark_aiff(source: Path, target: Path, marks: Sequence[Mark]) -> Path:
    """A 48 kHz AIFF with a MARK chunk put last."""
    body = pack(">H", len(marks))
    for number, (at_ms, name) in enumerate(marks, 1):
        text = name.encode()
        body += pack(">HIB", number, at_ms * 48, len(text)) + text + bytes(1 - len(text) % 2)
    data = source.read_bytes() + b"MARK" + pack(">I", len(body)) + body
    target.write_bytes(data[:4] + pack(">I", len(data) - 8) + data[8:])
    return target


def mark_by_ffmpeg(source: Path, target: Path, marks: Sequence[Mark], *options: str) -> Path:
    """The same sound with chapters, as FFmpeg writes them in that format."""
    ends = [*(at_ms for at_ms, _ in marks[1:]), 3000]
    sections = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={at_ms}\nEND={end_ms}\ntitle={name}\n"
        for (at_ms, name), end_ms in zip(marks, ends, strict=True)
    ]
    words = target.with_suffix(".ffmeta")
    words.write_text(";FFMETADATA1\n" + "".join(sections), encoding="utf-8")
    ffmpeg("-i", source, "-i", words, "-map_chapters", "1", "-c", "copy", *options, target)
    words.unlink()
    return target
