"""Times inside the sound: text a person writes <-> whole milliseconds <-> the formats' own text."""

from __future__ import annotations

import math
import re
from typing import Final

MS_PER_SECOND: Final = 1000
MS_PER_MINUTE: Final = 60_000
MS_PER_HOUR: Final = 3_600_000
LONGEST_MS: Final = 1000 * MS_PER_HOUR - 1
"""999:59:59.999: longer than any sound, short enough for every format."""

USUAL_TIME: Final = re.compile(r"(?:([0-9]{1,3}):)?([0-5]?[0-9]):([0-5][0-9])(?:\.([0-9]{3}))?")
TIME: Final = re.compile(r"(?:([0-9]{1,9}):)?(?:([0-9]{1,9}):)?([0-9]{1,9})(?:[.,]([0-9]{1,9}))?")


def parse_time(value: str | float) -> int:
    """
    Milliseconds from `SS`, `MM:SS` or `HH:MM:SS` with up to three decimals (point or comma).

    A number is seconds. The first part may be any size (`90:00` is an hour and a half); the
    parts after it are two digits below 60. Raises ValueError with a plain reason.
    """
    if isinstance(value, str):
        usual = USUAL_TIME.fullmatch(value)
        if usual is not None and (usual[1] is None or len(usual[2]) == 2):
            hours, minutes, seconds, decimals = usual.groups()
            whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
            return whole * MS_PER_SECOND + int(decimals or 0)
        return _bounded(_from_text(value.strip()))
    if isinstance(value, bool) or (isinstance(value, float) and math.isnan(value)):
        raise ValueError("not a time")
    if abs(value) > LONGEST_MS:
        raise ValueError("longer than 999 hours")
    milliseconds = round(value * MS_PER_SECOND)
    if abs(value * MS_PER_SECOND - milliseconds) > 1e-4:
        raise ValueError("more than three decimals")
    return _bounded(milliseconds)


def _from_text(text: str) -> int:
    found = TIME.fullmatch(text)
    if found is None:
        raise ValueError("not a time: write SS, MM:SS or HH:MM:SS")
    first, second, last, decimals = found.groups()
    parts = [part for part in (first, second, last) if part is not None]
    if any(len(part) != 2 for part in parts[1:]):
        raise ValueError("minutes and seconds after a colon are two digits")
    if any(int(part) > 59 for part in parts[1:]):
        raise ValueError("minutes and seconds after a colon go no further than 59")
    if decimals and len(decimals) > 3:
        raise ValueError("more than three decimals")
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds * MS_PER_SECOND + int((decimals or "0").ljust(3, "0"))


def _bounded(milliseconds: int) -> int:
    if milliseconds < 0:
        raise ValueError("before the sound begins")
    if milliseconds > LONGEST_MS:
        raise ValueError("longer than 999 hours")
    return milliseconds


def _clock(time_ms: int, mark: str) -> str:
    seconds, milliseconds = divmod(max(0, time_ms), MS_PER_SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{milliseconds:03}"


def json_seconds(time_ms: int) -> float:
    """`12` or `12.5`: seconds as a number of JSON, without more decimals than they have."""
    whole, rest = divmod(time_ms, MS_PER_SECOND)
    return time_ms / MS_PER_SECOND if rest else whole


def render_npt(time_ms: int) -> str:
    """`00:12:30.500`: Normal Play Time, for Podlove simple chapters."""
    return _clock(time_ms, ".")


def render_vtt_time(time_ms: int) -> str:
    """`00:12:30.500`: always with hours, and with three decimals (WebVTT, "timestamp")."""
    return _clock(time_ms, ".")


def render_srt_time(time_ms: int) -> str:
    """`00:12:30,500`: SubRip has a comma."""
    return _clock(time_ms, ",")
