"""What a sound file is called when it is published, and what is told of it."""

from __future__ import annotations

from avsnitt import routes
from avsnitt.model.audio_formats import ENDINGS, enclosure_ending
from avsnitt.model.show import AudioFacts, Episode
from avsnitt.site.views import PublishedAudio


def published_path(episode: Episode, facts: AudioFacts) -> str:
    """Where an episode's sound is published. `facts` are those of the recording."""
    return routes.sound(episode.slug, enclosure_ending(episode, facts))


def file_path(slug: str, facts: AudioFacts) -> str:
    """Where a file is published. `facts` are its own."""
    return routes.sound(slug, "mp4" if facts.video else ENDINGS[facts.format])


def published_sound(path: str, facts: AudioFacts, size_bytes: int) -> PublishedAudio:
    """What is told of a sound as it was published at `path`."""
    ending = f".{path.rpartition('.')[2]}"
    return PublishedAudio(
        path=path,
        mime=routes.MIME_TYPES[ending],
        duration_ms=facts.duration_ms,
        size_bytes=size_bytes,
        kind="video" if ending == ".mp4" else "audio",
    )
