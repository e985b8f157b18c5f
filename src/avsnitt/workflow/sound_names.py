"""What a sound file is called when it is published, and what is told of it."""

from __future__ import annotations

from typing import Final

from avsnitt import addresses
from avsnitt.model import SoundFacts
from avsnitt.site.views import PublishedSound

EXTENSIONS: Final = {"mp3": "mp3", "m4a": "m4a", "opus": "opus", "ogg": "ogg", "flac": "flac"}
"""The ending of a published file by its format; a video in MP4 is `mp4`."""
ENCODED: Final = "mp3"
"""The ending of what a master in no published format is encoded to."""


def published_path(slug: str, facts: SoundFacts) -> str:
    """Where a sound is published. `facts` are its own, or its master's (sound alone)."""
    return addresses.sound(slug, _extension(facts))


def published_sound(slug: str, facts: SoundFacts, size_bytes: int) -> PublishedSound:
    """What is told of a sound as it was published."""
    extension = _extension(facts)
    return PublishedSound(
        path=addresses.sound(slug, extension),
        mime=addresses.MIME_TYPES[f".{extension}"],
        duration_ms=facts.duration_ms,
        size_bytes=size_bytes,
        kind="video" if extension == "mp4" else "audio",
    )


def _extension(facts: SoundFacts) -> str:
    if facts.format not in EXTENSIONS:
        return ENCODED
    return "mp4" if facts.video else EXTENSIONS[facts.format]
