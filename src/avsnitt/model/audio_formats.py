"""In which form a recording is published: as it is, or as what is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from avsnitt.model.audio import AudioForm
from avsnitt.model.show import AudioFacts, AudioFormat, Episode

ENDINGS: Final[Mapping[AudioFormat, str]] = {
    "mp3": "mp3",
    "m4a": "m4a",
    "opus": "opus",
    "ogg": "ogg",
    "flac": "flac",
}
"""The ending of a published file by its format; a film in MP4 is `mp4`. Nothing else is published
as it came."""
FINISHED: Final = ("mp3", "m4a", "opus", "ogg")
"""
The formats in which a recording is taken to be finished when its author does not say: somebody has
chosen how it is to sound, and making it again would cost quality.
"""
FORMATS: Final[Mapping[AudioForm, AudioFormat]] = {
    "mp3": "mp3",
    "m4a": "m4a",
    "opus": "opus",
    "opus-small": "opus",
}


def is_made(episode: Episode, facts: AudioFacts) -> bool:
    """True when the published audio is made from the recording, and is not the recording itself."""
    if episode.tracks or facts.format not in ENDINGS:
        return True
    finished = episode.making.finished
    if finished is None:
        return facts.format not in FINISHED or facts.video
    return not finished


def enclosure_format(episode: Episode, facts: AudioFacts) -> AudioFormat:
    """The format of the enclosure. `facts` are those of the recording."""
    return FORMATS[episode.making.forms[0]] if is_made(episode, facts) else facts.format


def enclosure_ending(episode: Episode, facts: AudioFacts) -> str:
    """The ending of the enclosure's file, without a dot."""
    if not is_made(episode, facts) and facts.video:
        return "mp4"
    return ENDINGS[enclosure_format(episode, facts)]
