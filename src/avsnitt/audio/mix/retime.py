"""Moves the times in an episode from the recording to the published audio, which may be cut or
joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from avsnitt.audio.mix.timeline import move_time
from avsnitt.model.audio import TimeShift
from avsnitt.model.podcast20 import Soundbite, ValueTag, ValueTimeSplit
from avsnitt.model.show import Chapter, Correction, Cue, Episode, Source, Transcript

Placed = TypeVar("Placed", Correction, Source)
Span = TypeVar("Span", Soundbite, ValueTimeSplit)


def retime_episode(episode: Episode, moved: Sequence[TimeShift]) -> Episode:
    """The same episode with its times in the published audio. Cues, soundbites and splits that were
    cut are left out."""
    if not moved:
        return episode
    extras = episode.extras
    return msgspec.structs.replace(
        episode,
        chapters=_chapters(episode.chapters, moved),
        transcripts=tuple(_transcript(one, moved) for one in episode.transcripts),
        corrections=tuple(_placed(one, moved) for one in episode.corrections),
        sources=tuple(_placed(one, moved) for one in episode.sources),
        soundbites=_spans(episode.soundbites, moved),
        extras=msgspec.structs.replace(
            extras, value=tuple(_value(one, moved) for one in extras.value)
        ),
    )


def _chapters(chapters: Sequence[Chapter], moved: Sequence[TimeShift]) -> tuple[Chapter, ...]:
    """The moved chapters; of two that begin at the same time then, the later one."""
    by_start: dict[int, Chapter] = {}
    for one in chapters:
        start_ms = move_time(moved, one.start_ms)
        end_ms = None if one.end_ms is None else move_time(moved, one.end_ms)
        by_start[start_ms] = msgspec.structs.replace(one, start_ms=start_ms, end_ms=end_ms)
    return tuple(by_start[start_ms] for start_ms in sorted(by_start))


def _transcript(transcript: Transcript, moved: Sequence[TimeShift]) -> Transcript:
    if not transcript.timed:
        return transcript
    cues = (_cue(cue, moved) for cue in transcript.cues)
    return msgspec.structs.replace(transcript, cues=tuple(cue for cue in cues if cue))


def _cue(cue: Cue, moved: Sequence[TimeShift]) -> Cue | None:
    start_ms, end_ms = move_time(moved, cue.start_ms), move_time(moved, cue.end_ms)
    if end_ms <= start_ms:
        return None
    return msgspec.structs.replace(cue, start_ms=start_ms, end_ms=end_ms)


def _placed(one: Placed, moved: Sequence[TimeShift]) -> Placed:
    if one.at_ms is None:
        return one
    return msgspec.structs.replace(one, at_ms=move_time(moved, one.at_ms))


def _spans(spans: Sequence[Span], moved: Sequence[TimeShift]) -> tuple[Span, ...]:
    found = (_span(one, moved) for one in spans)
    return tuple(one for one in found if one.duration_ms > 0)


def _span(one: Span, moved: Sequence[TimeShift]) -> Span:
    start_ms = move_time(moved, one.start_ms)
    end_ms = move_time(moved, one.start_ms + one.duration_ms)
    return msgspec.structs.replace(one, start_ms=start_ms, duration_ms=end_ms - start_ms)


def _value(value: ValueTag, moved: Sequence[TimeShift]) -> ValueTag:
    return msgspec.structs.replace(value, time_splits=_spans(value.time_splits, moved))
