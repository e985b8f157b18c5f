"""What is said, in a file of its own: the transcript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from avsnitt.content.mattered import Mattered, Read, read_beside, tell_mistakes
from avsnitt.content.shapes import EpisodeMatter
from avsnitt.formats.mistakes import Mistake
from avsnitt.model import Transcript

TRANSCRIPT_FORMATS: Final = ("vtt", "srt")

Source = Mattered[EpisodeMatter]


def read_transcript(source: Source, path: str, language: str, read: Read) -> Transcript | None:
    """The transcript at `path`, or None when there is none or it has mistakes."""
    ending = path.rpartition(".")[2].lower()
    if not path:
        return None
    if ending not in TRANSCRIPT_FORMATS:
        source.complain("TRANSCRIPT-003", ("transcript",), name=path.rpartition("/")[2])
        return None
    text = read_beside(source, path, read)
    if text is None:
        return None
    transcript, mistakes = _parser(ending)(text, language)
    tell_mistakes(source, "TRANSCRIPT-001", path, mistakes)
    return transcript


def _parser(ending: str) -> Callable[[str, str], tuple[Transcript, tuple[Mistake, ...]]]:
    from avsnitt.formats.srt import parse_srt
    from avsnitt.formats.vtt import parse_vtt

    return {"vtt": parse_vtt, "srt": parse_srt}[ending]
