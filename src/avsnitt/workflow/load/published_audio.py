"""The names of published audio files, and the facts that feeds and pages need of them."""

from __future__ import annotations

from avsnitt import routes
from avsnitt.model.audio_formats import ENDINGS, enclosure_ending
from avsnitt.model.show import AudioFacts, Episode
from avsnitt.site.views import PublishedAudio


def published_path(episode: Episode, facts: AudioFacts) -> str:
    """The published path of an episode's audio. `facts` are those of the recording."""
    return routes.sound(episode.slug, enclosure_ending(episode, facts))


def file_path(slug: str, facts: AudioFacts) -> str:
    """The published path of a file. `facts` are its own."""
    return routes.sound(slug, "mp4" if facts.video else ENDINGS[facts.format])


def published_sound(path: str, facts: AudioFacts, size_bytes: int) -> PublishedAudio:
    """The facts of audio as it was published at `path`."""
    ending = f".{path.rpartition('.')[2]}"
    return PublishedAudio(
        path=path,
        mime=routes.MIME_TYPES[ending],
        duration_ms=facts.duration_ms,
        size_bytes=size_bytes,
        kind="video" if ending == ".mp4" else "audio",
    )
