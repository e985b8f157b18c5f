"""The playlists of HTTP Live Streaming (RFC 8216) over films that are made already.

Each rendition is one file, and each piece of it a range of bytes (4.3.2.2): few files to publish,
and every server that lets a player seek can send them. Captions are one WebVTT file each, in a
playlist of one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from avsnitt.formats.plain_text import clean_line
from avsnitt.model.value import Value
from avsnitt.video.fragmented_mp4 import Fragment, Rendition
from avsnitt.video.plan import START_MS

VERSION: Final = 7
"""Byte ranges ask for 4 and a head file for 6 (RFC 8216, 7); fragmented MP4 came with 7."""
SOUND_GROUP: Final = "sound"
CAPTION_GROUP: Final = "captions"
CHARACTERISTICS: Final = (
    "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"
)
TIMESTAMP_MAP: Final = f"X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:{90 * START_MS}"
"""The start of captions by the film's clock, at 90,000 ticks a second (RFC 8216, 3.5)."""
VTT_HEAD: Final = "WEBVTT"


class VideoRendition(Value, frozen=True, kw_only=True):
    """A rendition of the film, and where its playlist is, beside the one that names it."""

    uri: str
    rendition: Rendition


class AudioRendition(Value, frozen=True, kw_only=True):
    """A rendition of the sound; `language` is BCP 47, and `name` what people call it."""

    uri: str
    rendition: Rendition
    language: str
    name: str


class Captions(Value, frozen=True, kw_only=True):
    """A file of captions in a stream, with its language and name."""

    uri: str
    language: str
    name: str


def render_master_playlist(
    pictures: Sequence[VideoRendition], sound: AudioRendition, captions: Iterable[Captions] = ()
) -> str:
    """
    The playlist of all renditions (4.3.4), best picture first, since players begin with the
    first. The first captions are shown from the start.
    """
    rows = [_captions(one, first=number == 0) for number, one in enumerate(captions)]
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        _voice(sound),
        *rows,
    ]
    for one in pictures:
        lines += [_stream(one, sound.rendition, captions=bool(rows)), one.uri]
    return _text(lines)


def render_fragment_playlist(rendition: Rendition, uri: str) -> str:
    """The playlist of one rendition, all of it in the file at `uri`."""
    longest = max(_rounded(piece.ticks, rendition.timescale) for piece in rendition.pieces)
    lines = [
        *_opening(longest),
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{uri}",BYTERANGE="{rendition.head_bytes}@0"',
    ]
    for piece in rendition.pieces:
        seconds = Fraction(piece.ticks, rendition.timescale)
        lines += [
            f"#EXTINF:{float(seconds):.6f},",
            f"#EXT-X-BYTERANGE:{piece.length}@{piece.start}",
            uri,
        ]
    return _text([*lines, "#EXT-X-ENDLIST"])


def render_caption_playlist(uri: str, duration_ms: int) -> str:
    """The playlist of captions, which lie whole in one file."""
    longest = _rounded(duration_ms, 1000)
    lines = [f"#EXTINF:{duration_ms / 1000:.3f},", uri, "#EXT-X-ENDLIST"]
    return _text([*_opening(max(longest, 1)), *lines])


def caption_offset(vtt: str) -> str:
    """A WebVTT file that says where in the film it begins, as every piece of captions must."""
    head, _, rest = vtt.partition("\n")
    return f"{head}\n{TIMESTAMP_MAP}\n{rest}" if head.startswith(VTT_HEAD) else vtt


def average_bps(rendition: Rendition) -> int:
    """Bits a second over all of it, rounded up."""
    size = sum(piece.length for piece in rendition.pieces)
    return -(-size * 8 * rendition.timescale // max(rendition.ticks, 1))


def peak_bps(rendition: Rendition) -> int:
    """
    The most that neighbouring pieces ask for together, where they last between a half and one
    and a half of the target (4.1). A piece that is shorter than half is counted with the next.
    """
    rate = rendition.timescale
    target = max(_rounded(piece.ticks, rate) for piece in rendition.pieces) * rate
    most = 0
    for window in _windows(rendition.pieces, target):
        size, ticks = sum(one.length for one in window), sum(one.ticks for one in window)
        most = max(most, -(-size * 8 * rate // max(ticks, 1)))
    return most or average_bps(rendition)


def _windows(pieces: Sequence[Fragment], target: int) -> Iterator[Sequence[Fragment]]:
    for start in range(len(pieces)):
        ticks = 0
        for stop in range(start + 1, len(pieces) + 1):
            ticks += pieces[stop - 1].ticks
            if 2 * ticks > 3 * target:
                break
            if 2 * ticks >= target:
                yield pieces[start:stop]


def _stream(picture: VideoRendition, sound: Rendition, *, captions: bool) -> str:
    rendition = picture.rendition
    attributes = {
        "BANDWIDTH": str(peak_bps(rendition) + peak_bps(sound)),
        "AVERAGE-BANDWIDTH": str(average_bps(rendition) + average_bps(sound)),
        "CODECS": f'"{rendition.codec},{sound.codec}"',
        "RESOLUTION": f"{rendition.width}x{rendition.height}",
        "FRAME-RATE": f"{_frame_rate(rendition):.3f}",
        "AUDIO": f'"{SOUND_GROUP}"',
    }
    if captions:
        attributes["SUBTITLES"] = f'"{CAPTION_GROUP}"'
    return _tag("EXT-X-STREAM-INF", attributes)


def _frame_rate(rendition: Rendition) -> float:
    return rendition.samples * rendition.timescale / max(rendition.ticks, 1)


def _voice(sound: AudioRendition) -> str:
    attributes = {
        "TYPE": "AUDIO",
        "GROUP-ID": f'"{SOUND_GROUP}"',
        "LANGUAGE": _quoted(sound.language),
        "NAME": _quoted(sound.name),
        "DEFAULT": "YES",
        "AUTOSELECT": "YES",
        "CHANNELS": f'"{sound.rendition.channels}"',
        "URI": _quoted(sound.uri),
    }
    return _tag("EXT-X-MEDIA", attributes)


def _captions(captions: Captions, *, first: bool) -> str:
    attributes = {
        "TYPE": "SUBTITLES",
        "GROUP-ID": f'"{CAPTION_GROUP}"',
        "LANGUAGE": _quoted(captions.language),
        "NAME": _quoted(captions.name),
        "DEFAULT": "YES" if first else "NO",
        "AUTOSELECT": "YES",
        "FORCED": "NO",
        "CHARACTERISTICS": f'"{CHARACTERISTICS}"',
        "URI": _quoted(captions.uri),
    }
    return _tag("EXT-X-MEDIA", attributes)


def _tag(name: str, attributes: dict[str, str]) -> str:
    return f"#{name}:" + ",".join(f"{key}={value}" for key, value in attributes.items())


def _opening(longest_s: int) -> list[str]:
    return [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{longest_s}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]


def _quoted(text: str) -> str:
    """A quoted string can hold neither a quotation mark nor a line's end (4.2)."""
    return f'"{clean_line(text).replace(chr(34), chr(39))}"'


def _rounded(ticks: int, timescale: int) -> int:
    """Whole seconds, to the nearest (4.3.3.1)."""
    return (2 * ticks + timescale) // (2 * timescale)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
