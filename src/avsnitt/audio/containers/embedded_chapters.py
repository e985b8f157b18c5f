"""Reads the chapters inside a recording by the parser for its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from avsnitt.audio.containers.aiff import aiff_chapters
from avsnitt.audio.containers.id3_chapters import id3_chapters
from avsnitt.audio.containers.mp4_chapters import mp4_chapters
from avsnitt.audio.containers.reader import Data
from avsnitt.audio.containers.vorbis_comments import flac_chapters, ogg_chapters
from avsnitt.audio.containers.wav import wave_chapters
from avsnitt.model.show import AudioFormat, Chapter

READERS: Final[Mapping[AudioFormat, Callable[[Data], tuple[Chapter, ...]]]] = {
    "mp3": id3_chapters,
    "m4a": mp4_chapters,
    "opus": ogg_chapters,
    "ogg": ogg_chapters,
    "flac": flac_chapters,
    "wav": wave_chapters,
    "aiff": aiff_chapters,
}


def own_chapters(data: Data, kind: AudioFormat) -> tuple[Chapter, ...]:
    """
    The named chapters or markers in a file, in time order; empty for a format that only a demuxer
    can parse. Never raises, whatever the bytes.
    """
    reader = READERS.get(kind)
    return reader(data) if reader else ()
