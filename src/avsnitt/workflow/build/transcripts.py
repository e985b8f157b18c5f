"""An episode's transcripts as files: a language in every form that it can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import msgspec

from avsnitt import routes
from avsnitt.digests import digest
from avsnitt.model.show import Episode, Transcript

Want = Callable[[str, Mapping[str, str], Callable[[], bytes]], None]
"""Takes a path, the digests of what it is made of, and a way to make it."""

_encode: Final = msgspec.msgpack.Encoder(order="deterministic").encode


def make_transcripts(episode: Episode, want: Want) -> None:
    """Ask for every file. Only the HTML says the episode's title."""
    keys: dict[str, str] = {}
    for path, extension, language, transcript in routes.transcript_files(episode):
        if language not in keys:
            keys[language] = digest(_encode(transcript))
        parts = {"text": keys[language]}
        if extension == "html":
            parts["title"] = digest(f"{episode.language}\0{episode.title}".encode())
        want(path, parts, partial(_render, episode, extension, transcript))


def other_languages(episode: Episode) -> Iterator[str]:
    """The paths that do not follow from its slug alone."""
    return (file.path for file in routes.transcript_files(episode) if file.language)


def _render(episode: Episode, extension: str, transcript: Transcript) -> bytes:
    if extension == "html":
        from avsnitt.formats.transcripts.html import render_transcript_html

        title, language = episode.title, episode.language
        return render_transcript_html(transcript, title=title, title_language=language).encode()
    return _renderers()[extension](transcript).encode()


def _renderers() -> Mapping[str, Callable[[Transcript], str]]:
    from avsnitt.formats.transcripts.plain import render_text
    from avsnitt.formats.transcripts.podcast_json import render_transcript_json
    from avsnitt.formats.transcripts.srt import render_srt
    from avsnitt.formats.transcripts.vtt import render_vtt

    return {
        "vtt": render_vtt,
        "srt": render_srt,
        "json": render_transcript_json,
        "txt": render_text,
    }
