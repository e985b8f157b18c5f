"""WebVTT <-> Transcript (W3C "WebVTT: The Web Video Text Tracks Format")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from avsnitt.formats.plain_text import clean_line, escape_html, unescape_html
from avsnitt.formats.timecode import render_vtt_time
from avsnitt.formats.transcripts.caption_lines import split_into_subtitles
from avsnitt.formats.transcripts.cue_blocks import ARROW, CueCollector, split_blocks, split_lines
from avsnitt.formats.transcripts.speaker_labels import is_speech
from avsnitt.model.show import Cue, Transcript
from avsnitt.problems.finding import Finding
from avsnitt.problems.parse_error import transcript_error

HEADER: Final = re.compile(r"WEBVTT(?:[ \t].*)?")
NOT_A_CUE: Final = re.compile(r"(?:NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*)")
TAG: Final = re.compile(r"<([^<>]*)>")
VOICE: Final = re.compile(r"v(?:\.[^ \t\n]*)?(?:[ \t\n]+(.*))?", re.DOTALL)
LINE_CHARACTERS: Final = 65
"""The most characters that the Podcasting 2.0 namespace advises (transcripts.md, "WebVTT")."""
MOST_LINES: Final = 3


def parse_vtt(text: str, language: str) -> tuple[Transcript, tuple[Finding, ...]]:
    """
    Every cue that can be understood, and every mistake. Never raises.

    A cue in which several voices speak becomes one cue a voice, at the same time. Notes,
    styles, regions, cue names, settings and tags other than `<v>` are left out. A cue whose
    timing is broken is left out too, and reported. A cue without a voice, which is no sound in
    brackets, belongs to the voice before it (podcast-namespace, transcripts.md, "WebVTT").
    """
    lines = split_lines(text)
    gather = CueCollector()
    first = _end_of_header(lines)
    if not HEADER.fullmatch(lines[0]):
        gather.note(transcript_error(1, "no-header", lines[0]))
        first = 0 if ARROW in lines[0] else 1
    for number, block in split_blocks(lines, first):
        if not NOT_A_CUE.fullmatch(block[0]):
            _parse_block(gather, number, block)
    cues, findings = gather.result()
    return Transcript(language=language, cues=cues), findings


def _end_of_header(lines: list[str]) -> int:
    """The header goes on to the first blank line, or to a cue that crowds it."""
    for index in range(1, len(lines)):
        if not lines[index].strip() or ARROW in lines[index]:
            return index
    return len(lines)


def _parse_block(gather: CueCollector, number: int, block: list[str]) -> None:
    """One cue, or several that no blank line parts: a line with an arrow begins a new one."""
    arrows = [index for index, line in enumerate(block) if ARROW in line]
    if not arrows or arrows[0] > 1:
        gather.note(transcript_error(number, "outside-cue", block[0]))
    for place, start in enumerate(arrows):
        stop = arrows[place + 1] if place + 1 < len(arrows) else len(block)
        times = gather.timing(number + start, block[start])
        if times is None:
            continue
        voices = _voices("\n".join(block[start + 1 : stop]))
        if not voices:
            gather.note(transcript_error(number + start, "empty-cue", block[start]))
        if len(voices) == 1 and not voices[0][0] and is_speech(voices[0][1]):
            voices = [(gather.speaker, voices[0][1])]
        for speaker, words in voices:
            gather.speaker = speaker or gather.speaker
            gather.cues.append(Cue(start_ms=times[0], end_ms=times[1], text=words, speaker=speaker))


def _voices(payload: str) -> list[tuple[str, str]]:
    """(speaker, words) in order. Without a `>` to end it, a `<` is a character like others."""
    speaker, words = "", ""
    spoken: list[tuple[str, str]] = []
    # `split` with one group gives text, tag, text, tag ... text.
    for index, piece in enumerate(TAG.split(payload)):
        if index % 2 == 0:
            words += piece
            continue
        voice = VOICE.fullmatch(piece)
        if voice is not None:
            spoken.append((speaker, words))
            speaker, words = _plain_line(voice.group(1) or ""), ""
        elif piece.strip() == "/v":
            spoken.append((speaker, words))
            speaker, words = "", ""
    spoken.append((speaker, words))
    return [(who, plain) for who, raw in spoken if (plain := _plain(raw))]


def _plain(raw: str) -> str:
    lines = (clean_line(line) for line in unescape_html(raw).split("\n"))
    return "\n".join(line for line in lines if line)


def _plain_line(raw: str) -> str:
    return clean_line(unescape_html(raw))


def render_vtt(transcript: Transcript) -> str:
    """
    `WEBVTT`, then the cues in lines of at most 65 characters, each with its `<v Name>` when
    someone is named; a cue that fills more than three lines becomes several.

    Never a malformed timing: one bad line makes AntennaPod refuse the whole file. So a cue that
    does not end after its start is given a millisecond, and a cue without words is left out.
    """
    return "\n".join(["WEBVTT\n", *(text for cue in transcript.cues for text in _cues(cue))])


def _cues(cue: Cue) -> Iterator[str]:
    speaker = escape_html(clean_line(cue.speaker))
    voice = f"<v {speaker}>" if speaker else ""
    for card in split_into_subtitles(cue, width=LINE_CHARACTERS, most_lines=MOST_LINES):
        times = f"{render_vtt_time(card.start_ms)} {ARROW} {render_vtt_time(card.end_ms)}"
        words = escape_html("\n".join(card.lines))
        yield f"{times}\n{voice}{words}\n"
