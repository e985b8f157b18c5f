"""Measures an audio file by its head, its tail and its index, however long it is.

Nothing here walks the audio from end to end, as `mp3` and `ogg` do: some hundred kilobytes of
each file are read, so that a feed of a thousand episodes can be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from avsnitt.audio.containers.flac import find_stream, last_frame
from avsnitt.audio.containers.mp3 import (
    BITRATES_KBPS,
    VERSIONS,
    Run,
    find_runs,
    frame_lengths,
    lame_gap,
    skip_id3,
    sound_end,
)
from avsnitt.audio.containers.mp4 import MAX_BOXES, parse_mp4
from avsnitt.audio.containers.ogg import HEADER as PAGE
from avsnitt.audio.containers.ogg import LAST, OPUS_RATE_HZ
from avsnitt.audio.containers.ogg import MAGIC as PAGE_MAGIC
from avsnitt.audio.containers.reader import Data, Flaw, ProbeResult, as_ms, total_bytes
from avsnitt.model.value import Value
from avsnitt.problems.media_errors import AudioError

HEAD_BYTES: Final = 128 << 10
TAIL_BYTES: Final = 64 << 10
PROBE_BYTES: Final = 16 << 10
MAX_TAGS: Final = 16
LONGEST_FRAME: Final = 1441
LONGEST_PAGE: Final = 65_307

KINDS: Final = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), kind)
    for pattern, kind in (
        (rb"....ftypqt  ", "mov"),
        (rb"....ftyp(avif|heic|mif1)", "picture"),
        (rb"....ftyp", "mp4"),
        (rb"....(moov|mdat|wide|free|skip)", "mov"),
        (rb"OggS", "ogg"),
        (rb"fLaC", "flac"),
        (rb"RIFF....WAVE|RF64....WAVE|BW64....WAVE", "wav"),
        (rb"FORM....AIF[FC]", "aiff"),
        (rb"caff", "caf"),
        (rb"\x1aE\xdf\xa3", "webm"),
        (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", "aac"),
        (rb"#EXTM3U", "hls"),
        (rb"%PDF", "pdf"),
        (rb"\s*(<!doctype|<html|<\?xml|<head|<body)", "web-page"),
        (rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP", "picture"),
        (rb"PK\x03\x04.{26}mimetypeapplication/epub", "epub"),
        (rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!", "archive"),
    )
)
"""MP3 is not here: no fixed bytes begin it, so what is left is searched for its frames."""


def probe(data: Data) -> ProbeResult:
    """The container and measurements of a file. Never raises, whatever its bytes."""
    start = after_id3(data)
    head = data[start : start + 64]
    kind = next((kind for pattern, kind in KINDS if pattern.match(head)), "mp3")
    try:
        prober = PROBERS.get(kind)
        return prober(data) if prober else ProbeResult(kind=kind)
    except AudioError:
        return ProbeResult(kind="" if kind == "mp3" else kind)


def after_id3(data: Data) -> int:
    """The first byte after the ID3v2 tags in front of the audio, however many there are."""
    at = 0
    for _ in range(MAX_TAGS):
        after = skip_id3(data, at, len(data))
        if after == at:
            break
        at = after
    return at


# MP3


class HeaderClaims(Value, frozen=True, kw_only=True):
    """The claims of a Xing, Info or VBRI header: frames, bytes, and encoder delay plus padding in
    samples (`gap`); 0 for what it leaves out."""

    frames: int = 0
    size: int = 0
    gap: int = 0
    constant: bool = False


def probe_mp3(data: Data) -> ProbeResult:
    """
    The measurements of an MP3 file by its head, its tail and three places between them. Its
    length is 0 when it has several bitrates and no header that counts its frames.
    """
    start, end = after_id3(data), sound_end(data)
    head = data[start : min(end, start + HEAD_BYTES)]
    runs = find_runs(head, len(head))
    if not runs:
        return ProbeResult()
    first = runs[0]
    claim = described(head, first)
    size = end - start - first.start
    rates = {0} if claim else bitrates(head, first) | probes(data, start, end)
    variable = not claim.constant if claim else len(rates) > 1
    flaws = mp3_flaws(head, first, tail_flaw(data, start, end))
    # The size that the header claims is better proof of a cut than the last bytes are.
    if claim and claim.size > size + 2 * LONGEST_FRAME:
        flaws = ("cut", *(flaw for flaw in flaws if flaw != "cut"))
    elif claim and claim.size:
        flaws = tuple(flaw for flaw in flaws if flaw != "cut")
    average_bps = sum(rates) / len(rates)
    duration_ms = 0 if variable and not claim else mp3_duration(first, claim, size, average_bps)
    return ProbeResult(
        kind="mp3",
        duration_ms=duration_ms,
        sample_rate_hz=first.rate_hz,
        channels=first.channels,
        bitrate_bps=size * 8000 // duration_ms if duration_ms else round(average_bps),
        variable=variable,
        described=claim is not None,
        flaws=flaws,
    )


def described(head: bytes, run: Run) -> HeaderClaims | None:
    """The claims of the Xing, Info or VBRI header in a run's first frame; None without one."""
    first = head[run.start : run.start + 240]
    if first[36:40] == b"VBRI":
        return HeaderClaims(
            size=int.from_bytes(first[46:50], "big"), frames=int.from_bytes(first[50:54], "big")
        )
    tag = max(first.find(b"Xing", 13, 40), first.find(b"Info", 13, 40))
    if tag < 0:
        return None
    flags, at = first[tag + 7], tag + 8
    frames = int.from_bytes(first[at : at + 4], "big") if flags & 1 else 0
    at += 4 * (flags & 1)
    size = int.from_bytes(first[at : at + 4], "big") if flags & 2 else 0
    constant = first[tag : tag + 4] == b"Info"
    return HeaderClaims(frames=frames, size=size, gap=lame_gap(first[tag:]), constant=constant)


def bitrates(data: bytes, run: Run) -> set[int]:
    """Every bitrate in bit/s in a run, without that of its first frame, which may be a header."""
    generation, _ = VERSIONS[data[run.start + 1] >> 3 & 3]
    lengths = frame_lengths(data[run.start + 1], data[run.start + 2] >> 2 & 3)
    found: set[int] = set()
    at = run.start
    while at < run.stop and (length := lengths.get(data[at : at + 3])):
        if at > run.start or run.count == 1:
            found.add(BITRATES_KBPS[generation][(data[at + 2] >> 4) - 1] * 1000)
        at += length
    return found or {BITRATES_KBPS[generation][(data[run.start + 2] >> 4) - 1] * 1000}


def probes(data: Data, start: int, end: int) -> set[int]:
    """The bitrates in bit/s at some places further on: a variable file may begin with silence at
    one bitrate."""
    found: set[int] = set()
    for part in (1, 2, 3):
        at = start + (end - start) * part // 4
        piece = data[at : min(end, at + PROBE_BYTES)]
        for run in find_runs(piece, len(piece)):
            if run.count >= 4:
                found |= bitrates(piece, run)
    return found


def mp3_duration(run: Run, claim: HeaderClaims | None, size: int, bitrate_bps: float) -> int:
    """The length in ms: by the header's count of frames, as far as the file is all there, else
    by the size of the audio in bytes."""
    if claim and claim.frames:
        frames = claim.frames
        if claim.size > size:
            frames = frames * size // claim.size
        return as_ms(max(0, frames * run.samples_a_frame - claim.gap), run.rate_hz)
    return round(size * 8000 / bitrate_bps)


def mp3_flaws(head: bytes, first: Run, tail: Flaw | None) -> tuple[Flaw, ...]:
    """The flaws at both ends: bytes other than 0 in front of the first frame, and `tail`."""
    front: tuple[Flaw, ...] = ("junk-front",) if any(head[: first.start]) else ()
    return (*front, tail) if tail else front


def tail_flaw(data: Data, start: int, end: int) -> Flaw | None:
    """The flaw behind the last whole frame: None, a part of a frame, or other bytes."""
    piece = data[max(start, end - TAIL_BYTES) : end]
    runs = find_runs(piece, len(piece))
    rest = piece[runs[-1].stop :] if runs else piece
    if not any(rest):
        return None
    return "cut" if len(rest) <= LONGEST_FRAME and rest[:1] == b"\xff" else _if_much(rest)


def _if_much(rest: bytes) -> Flaw | None:
    """A flaw when there are more odd bytes than a frame has: many editors leave a few at the end,
    and players pass over them."""
    return "junk-end" if len(rest.strip(b"\0")) > LONGEST_FRAME else None


# MP4


def probe_mp4(data: Data, kind: str = "mp4") -> ProbeResult:
    """The measurements of an MP4 file by its boxes and its table of samples, as `kind`."""
    flaws, index_last = mp4_order(data)
    try:
        found = parse_mp4(data)
    except AudioError:
        return ProbeResult(kind=kind, index_last=index_last, flaws=flaws)
    size, ms = total_bytes(found.frames), found.duration_ms
    return ProbeResult(
        kind=kind,
        duration_ms=ms,
        sample_rate_hz=found.sample_rate_hz,
        channels=found.channels,
        bitrate_bps=size * 8000 // ms if ms else 0,
        video=found.video,
        index_last=index_last,
        flaws=flaws,
    )


def mp4_order(data: Data) -> tuple[tuple[Flaw, ...], bool]:
    """The flaws of the outermost boxes, which should fill the file, and True when moov comes after
    mdat."""
    kinds: list[bytes] = []
    at, end = 0, len(data)
    for _ in range(MAX_BOXES):
        if at + 8 > end:
            break
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or end - at
        if size < 8 or not kind.isalnum():
            rest: Flaw | None = _if_much(data[at : at + TAIL_BYTES])
            return (rest,) if rest else (), _after(kinds)
        kinds.append(kind)
        at += size
    return ("cut",) if at > end else (), _after(kinds)


def _after(kinds: list[bytes]) -> bool:
    if b"moov" not in kinds or b"mdat" not in kinds:
        return False
    return kinds.index(b"moov") > kinds.index(b"mdat")


def probe_mov(data: Data) -> ProbeResult:
    """The measurements of a QuickTime file, which has the boxes of MP4."""
    return probe_mp4(data, "mov")


# Ogg and FLAC


def probe_ogg(data: Data) -> ProbeResult:
    """The measurements of an Ogg file by its first page and its last; the pages between are not
    read."""
    first = data[:LONGEST_PAGE]
    segments = first[26] if len(first) > 26 else 0
    body = first[PAGE.size + segments :]
    is_opus = body.startswith(b"OpusHead")
    if not is_opus and not body.startswith(b"\x01vorbis"):
        return ProbeResult(kind="ogg")
    rate = OPUS_RATE_HZ if is_opus else int.from_bytes(body[12:16], "little")
    skip = int.from_bytes(body[10:12], "little") if is_opus else 0
    granule, flaw = last_page(data)
    ms = as_ms(max(0, granule - skip), rate)
    return ProbeResult(
        kind="ogg",
        duration_ms=ms,
        sample_rate_hz=rate,
        channels=body[9 if is_opus else 11] if len(body) > 11 else 0,
        bitrate_bps=len(data) * 8000 // ms if ms else 0,
        flaws=(flaw,) if flaw else (),
    )


def last_page(data: Data) -> tuple[int, Flaw | None]:
    """The granule of the last whole page that has one, and the flaw of the end."""
    base = max(0, len(data) - 2 * LONGEST_PAGE)
    tail = data[base:]
    at = len(tail)
    flaw: Flaw | None = None
    while (at := tail.rfind(PAGE_MAGIC, 0, at)) >= 0:
        header = tail[at : at + PAGE.size]
        if len(header) < PAGE.size:
            flaw = flaw or "cut"
            continue
        _, _, flags, granule, _, _, _, segments = PAGE.unpack(header)
        body = at + PAGE.size + segments
        stop = body + sum(tail[at + PAGE.size : body])
        if stop > len(tail):
            flaw = flaw or "cut"
            continue
        if granule < 0:
            # No packet ends on this page (RFC 3533, section 6).
            continue
        unended: Flaw | None = None if flags & LAST else "cut"
        return int(granule), flaw or unended or _if_much(tail[stop:])
    return 0, "cut"


def probe_flac(data: Data) -> ProbeResult:
    """
    The measurements of a FLAC file by its metadata and its last frame. Raises AudioError when the
    metadata is damaged.
    """
    stream = find_stream(data)
    info = int.from_bytes(stream.blocks[0][1][10:18], "big")
    rate, claimed = info >> 44, info & (1 << 36) - 1
    _, ended = last_frame(data, stream)
    ms = as_ms(ended or claimed, rate)
    return ProbeResult(
        kind="flac",
        duration_ms=ms,
        sample_rate_hz=rate,
        channels=(info >> 41 & 7) + 1,
        bitrate_bps=(stream.stop - stream.start) * 8000 // ms if ms else 0,
        flaws=("cut",) if claimed and ended < claimed else (),
    )


PROBERS: Final[dict[str, Callable[[Data], ProbeResult]]] = {
    "mp3": probe_mp3,
    "mp4": probe_mp4,
    "mov": probe_mov,
    "ogg": probe_ogg,
    "flac": probe_flac,
}
