"""Cues as cards on a screen: short lines, few of them, and a long cue dealt out in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from avsnitt.formats.plain_text import clean_line
from avsnitt.formats.timecode import MS_PER_HOUR
from avsnitt.model.show import Cue

LATEST_MS: Final = 100 * MS_PER_HOUR - 1
"""99:59:59.999: AntennaPod's readers of VTT and SRT take two digits of hours and no more, and one
line that they cannot read costs the whole file (AntennaPod, VttTranscriptParser)."""


class Subtitle(NamedTuple):
    """The lines that are shown at one time. It ends after its start, and `lines` is never empty."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def split_into_subtitles(
    cue: Cue, *, width: int, most_lines: int, label: str = ""
) -> tuple[Subtitle, ...]:
    """
    The cue on cards of at most `most_lines` lines of `width` characters; none when it is blank.

    `label` goes before the words on the first card. A cue that fits keeps its own lines; another
    is set anew, and its cards share its time by how much is on them. A word is never cut.
    """
    lines = [line for raw in cue.text.split("\n") if (line := clean_line(raw))]
    if not lines:
        return ()
    start_ms, end_ms = cue.start_ms, cue.end_ms
    if not 0 <= start_ms < end_ms <= LATEST_MS:
        start_ms = min(max(0, start_ms), LATEST_MS - 1)
        end_ms = min(max(start_ms + 1, end_ms), LATEST_MS)
    labelled = [f"{label} {lines[0]}", *lines[1:]] if label else lines
    if len(labelled) <= most_lines and len(max(labelled, key=len)) <= width:
        return (Subtitle(start_ms, end_ms, tuple(labelled)),)
    words = " ".join(lines).split(" ")
    wrapped = _wrap([label, *words] if label else words, width)
    faces = [tuple(wrapped[at : at + most_lines]) for at in range(0, len(wrapped), most_lines)]
    if len(faces) == 1:
        return (Subtitle(start_ms, end_ms, faces[0]),)
    return tuple(_share(faces, start_ms, end_ms))


def _wrap(words: Sequence[str], width: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _share(faces: Sequence[tuple[str, ...]], start_ms: int, end_ms: int) -> Iterator[Subtitle]:
    whole = sum(len(line) for face in faces for line in face)
    length_ms = end_ms - start_ms
    shown = 0
    for face in faces:
        begins_ms = start_ms + length_ms * shown // whole
        shown += sum(len(line) for line in face)
        ends_ms = start_ms + length_ms * shown // whole
        yield Subtitle(begins_ms, max(begins_ms + 1, ends_ms), face)
