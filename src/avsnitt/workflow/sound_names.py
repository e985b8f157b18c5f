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


def published_sound(slug: str, facts: SoundFacts, size_bytes: int) -> PublishedSound:
    """`facts` are of the file to publish, or of a master, which is published as sound alone."""
    video = facts.video and facts.format in EXTENSIONS
    extension = "mp4" if video else EXTENSIONS.get(facts.format, ENCODED)
    return PublishedSound(
        path=addresses.sound(slug, extension),
        mime=addresses.MIME_TYPES[f".{extension}"],
        duration_ms=facts.duration_ms,
        size_bytes=size_bytes,
        kind="video" if video else "audio",
    )
