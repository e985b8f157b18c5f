"""
The facts of a film, and the plan for it: copied as it is, or encoded, and how.

H.264 in 8 bits is what every browser, phone and television plays; it is copied, so that a film of
hours costs seconds and loses nothing. All else is encoded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from avsnitt.model.audio import VideoForm, VideoNotes
from avsnitt.model.message import message
from avsnitt.model.value import Value
from avsnitt.problems.finding import Finding, finding_in_text

Anew = Literal[
    "",
    "codec",
    "depth",
    "interlaced",
    "size",
    "weight",
    "cut",
    "times",
    "offset",
    "turned",
    "pixels",
    "keys",
]
"""The reason why pictures cannot be copied; empty when they can. Words: `reason.film-<it>`."""

PLAYED_FORMATS: Final = ("yuv420p", "yuvj420p")
MOST_LONG_SIDE: Final = 1920
MOST_SHORT_SIDE: Final = 1088
"""1080 lines are coded as 1088, since blocks are 16 high."""
MOST_PIXELS: Final = 8192 * 4352
"""More than any camera's film has; what claims more is not opened."""
MOST_BPS: Final = 12_000_000
"""Cameras often write far more than this, too much for a phone on the way."""
LATE_MS: Final = 500
EARLY_MS: Final = 100
"""The most that pictures may begin before or after the audio and still be copied."""
LONGEST_KEY_MS: Final = 10_500
"""Between two pictures that playing can begin with; RFC 8216 sets no limit, players do."""
SAME_LENGTH_MS: Final = 2000

PIECE_MS: Final = 6000
"""Apple's HLS Authoring Specification, "Media segmentation": 6 seconds."""
KEY_MS: Final = 2000
LEFT_ON_MS: Final = 600_000
"""Pictures this long after the sound are of nobody; times in a damaged file can lead anywhere."""
START_MS: Final = 500
"""
The start of films in pieces by their own clock. Pictures are decoded some time before they are
shown, and players differ on what stands before zero.
"""
RATES: Final = tuple(
    Fraction(rate) for rate in "10 12 15 24000/1001 24 25 30000/1001 30 48 50 60000/1001 60".split()
)
MOST_RATE: Final = 30
SMALL_LINES: Final = 360
WORTH_SMALL: Final = 480
"""A film of fewer lines is small already."""


class VideoFacts(Value, frozen=True, kw_only=True):
    """
    The facts found by demuxing a film. Width and height are as coded; `turned` is how many
    degrees anticlockwise it is to be shown. `rate` is pictures a second on average, as two
    numbers.

    `sound_at_ms` is when the sound begins by the container's clock, and `picture_at_ms` when
    the first picture is shown, from the start of the sound. `longest_key_ms` is the longest
    time between two pictures that playing can begin with. `cut` is true when the container
    hides some of the pictures, `opens` when the first can be begun with, `framed` when they lie
    as in MP4, `ordered` when the times to decode them at only go forward.
    """

    codec: str
    pixels: str
    width: int
    height: int
    pixel_shape: tuple[int, int] = (1, 1)
    turned: int = 0
    rate: tuple[int, int] = (25, 1)
    duration_ms: int
    sound_ms: int
    sound_at_ms: int = 0
    picture_at_ms: int = 0
    longest_key_ms: int = 0
    bitrate_bps: int = 0
    interlaced: bool = False
    cut: bool = False
    opens: bool = True
    framed: bool = True
    ordered: bool = True


class EncodingSize(NamedTuple):
    """
    The size in px of encoded pictures, and their bits a second at the most (as libx264 holds
    it).
    """

    width: int
    height: int
    most_bps: int


def why_anew(film: VideoFacts) -> Anew:
    """The reason why the published MP4 cannot hold the pictures as they are; empty when it can."""
    return next((reason for reason, wrong in _reasons(film) if wrong), "")


def why_anew_in_pieces(film: VideoFacts) -> Anew:
    """
    The reason why the pieces of a stream cannot hold the pictures as they are. Players differ
    on films that lie on their side, and with pixels that are not square, when they get them in
    pieces.
    """
    reasons: tuple[tuple[Anew, bool], ...] = (
        ("turned", film.turned != 0),
        ("pixels", film.pixel_shape[0] != film.pixel_shape[1]),
        ("keys", film.longest_key_ms > LONGEST_KEY_MS),
    )
    return why_anew(film) or next((reason for reason, wrong in reasons if wrong), "")


def _reasons(film: VideoFacts) -> Iterator[tuple[Anew, bool]]:
    yield "codec", film.codec != "h264" or not film.framed
    yield "depth", film.pixels not in PLAYED_FORMATS
    yield "interlaced", film.interlaced
    yield "size", max(film.width, film.height) > MOST_LONG_SIDE
    yield "size", min(film.width, film.height) > MOST_SHORT_SIDE
    yield "weight", film.bitrate_bps > MOST_BPS
    yield "cut", film.cut or not film.opens
    yield "times", not film.ordered
    yield "offset", not -EARLY_MS <= film.picture_at_ms <= LATE_MS


def lengths_differ(film: VideoFacts) -> bool:
    """True when pictures and audio end more than SAME_LENGTH_MS apart."""
    return abs(film.picture_at_ms + film.duration_ms - film.sound_ms) > SAME_LENGTH_MS


def shown_size(film: VideoFacts) -> tuple[Fraction, Fraction]:
    """As it is seen: with square pixels, standing upright."""
    across, up = film.pixel_shape
    width, height = Fraction(film.width), Fraction(film.height)
    if across > up > 0:
        width = width * across / up
    elif up > across > 0:
        height = height * up / across
    return (height, width) if film.turned % 180 else (width, height)


def fitted(size: tuple[Fraction, Fraction], long_side: int, short_side: int) -> tuple[int, int]:
    """The same shape within limits, never larger, in even numbers as 4:2:0 must have."""
    width, height = size
    long, short = max(size), min(size)
    share = min(Fraction(long_side) / long, Fraction(short_side) / short, Fraction(1))
    return _even(width * share), _even(height * share)


def _even(side: Fraction) -> int:
    return max(2, 2 * round(side / 2))


def ladder(film: VideoFacts) -> tuple[EncodingSize, ...]:
    """The sizes to encode a film in: all of it up to 1080 lines, and a small one; never larger."""
    whole = fitted(shown_size(film), MOST_LONG_SIDE, 1080)
    rows = [EncodingSize(*whole, most_bps=_most_bps(whole))]
    if min(whole) > WORTH_SMALL:
        small = fitted(shown_size(film), MOST_LONG_SIDE, SMALL_LINES)
        rows.append(EncodingSize(*small, most_bps=_most_bps(small)))
    return tuple(rows)


def _most_bps(size: tuple[int, int]) -> int:
    """About 2.5 bits a second for a pixel: 5 Mbit/s at 1080 lines, 600 kbit/s at 360."""
    return max(300_000, round(size[0] * size[1] * 2.5 / 100_000) * 100_000)


def made_rate(film: VideoFacts) -> Fraction:
    """
    Pictures a second where it is encoded: even, at the usual rate nearest to its own. Of 48 and
    more every second one is kept, since people talking need no more.
    """
    own = Fraction(film.rate[0], max(film.rate[1], 1))
    near = min(RATES, key=lambda rate: abs(rate - own))
    return near / 2 if near > MOST_RATE else near


def video_notes(film: VideoFacts, forms: Collection[VideoForm]) -> VideoNotes:
    """The notes that the author should read on a film that is made in these `forms`."""
    if not forms:
        return VideoNotes()
    whole = why_anew(film)
    anew = whole or (why_anew_in_pieces(film) if "hls" in forms else "")
    pictures_ms, sound_ms = film.picture_at_ms + film.duration_ms, film.sound_ms
    differ = lengths_differ(film)
    return VideoNotes(
        anew=anew,
        anew_for="whole" if whole else "stream" if anew else "",
        pictures_s=round(pictures_ms / 1000) if differ else 0,
        sound_s=round(sound_ms / 1000) if differ else 0,
    )


def video_findings(notes: VideoNotes) -> Iterator[Finding]:
    """VIDEO-001 and VIDEO-002: why a film takes long, and that its parts do not fit together."""
    if notes.anew:
        reason, form = message(f"reason.film-{notes.anew}"), message(f"film.{notes.anew_for}")
        yield finding_in_text("VIDEO-001", {"reason": reason, "form": form})
    if notes.pictures_s != notes.sound_s:
        values = {"pictures": str(notes.pictures_s), "sound": str(notes.sound_s)}
        yield finding_in_text("VIDEO-002", values)
