"""
The paths of every published file: one table, so that no two parts can disagree.

Folders are flat and files have their ending, so that the site works opened from a disk and a
thousand pages cost no thousand folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple
from urllib.parse import quote

from avsnitt.model.show import Episode, Transcript

FEED = "feed.xml"
JSON_FEED = "feed.json"
COMING = "coming.xml"
NETWORK = "network.opml"
CALENDAR = "calendar.ics"
HOME = "index.html"
ARCHIVE = "archive.html"
PEOPLE = "people.html"
FOLLOW = "follow.html"

MIME_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".dat": "application/octet-stream",
    ".opml": "text/x-opml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".m4b": "audio/x-m4a",
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".m3u8": "application/x-mpegURL",
    ".torrent": "application/x-bittorrent",
    ".pdf": "application/pdf",
    ".opus": "audio/ogg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".aac": "audio/aac",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
"""Hard-coded, since `mimetypes` answers by what the machine happens to have installed."""

JSON_FEED_TYPE = "application/feed+json"
"""JSON Feed 1.1, "Suggestions for publishers"."""

FEED_NAME = r"^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$"
"""
The names that an extra feed may have: no part begins with a digit, so that `feed-1.xml` is always a
page of a feed and never a feed.
"""

_JSON_FEEDS = re.compile(r"feed(-[0-9]+)?\.json")


def extra_feed(name: str) -> str:
    """`name` is as `FEED_NAME` says."""
    return f"feed-{name}.xml"


def feed_page(feed: str, number: int) -> str:
    """An older page of a feed; the oldest is number 1. `feed-1.xml`, `feed-mp4-1.xml`."""
    stem, _, ending = feed.rpartition(".")
    return f"{stem}-{number}.{ending}"


def is_json_feed(path: str) -> bool:
    """True for the published path of the JSON Feed, or one of its pages."""
    return _JSON_FEEDS.fullmatch(path) is not None


def mime_type(path: str) -> str:
    """The media type of a published path; empty for an ending that is never published."""
    if is_json_feed(path):
        return JSON_FEED_TYPE
    name = path.rpartition("/")[2]
    return MIME_TYPES.get(f".{name.rpartition('.')[2]}".lower(), "") if "." in name else ""


def episode_page(slug: str) -> str:
    """The path of an episode's page."""
    return f"episodes/{slug}.html"


def sound(slug: str, extension: str) -> str:
    """`extension` has no dot."""
    return f"media/{slug}.{extension}"


def alternate(slug: str, file_name: str, extension: str) -> str:
    """
    The same episode in another form: named by the author's file, for as long as it is called so,
    and marked where another file could come to the same name.
    No slug has two hyphens together, so this is nobody's sound; `extension` has no dot.
    """
    stem, _, ending = file_name.rpartition(".")
    plain = "-".join(re.findall("[a-z0-9]+", stem.lower()))
    mark = blake2b(file_name.encode(errors="surrogateescape"), digest_size=4).hexdigest()
    name = plain if (plain, extension) == (stem, ending) else f"{plain}-{mark}".strip("-")
    return f"media/{slug}--{name}.{extension}"


WAVEFORM_FORMS: Final = ("json", "dat")


def waveform(slug: str, extension: str) -> str:
    """The shape of the sound: no slug has a dot. `extension` is one of WAVEFORM_FORMS."""
    return f"media/{slug}.waveform.{extension}"


def film(slug: str) -> str:
    """
    The film of an episode whose enclosure is sound. No slug has a full stop and every alternate of
    the author's has two hyphens together, so this is nobody's sound and nobody's alternate.
    """
    return f"media/{slug}.video.mp4"


def film_still(slug: str) -> str:
    """The path of the still image of an episode's film."""
    return f"media/{slug}.video.jpg"


def film_stream(slug: str, name: str = "index.m3u8") -> str:
    """
    The path of a file that belongs to a film in pieces: playlists, renditions and captions, in
    a folder.
    """
    return f"media/{slug}.video/{name}"


def media_type(address: str) -> str:
    """The media type for the ending of a path or a web address, or an empty text."""
    path = address.partition("?")[0].partition("#")[0]
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    return MIME_TYPES.get(f".{ending}", "").partition(";")[0]


def chapters(slug: str) -> str:
    """The path of an episode's chapters, as JSON for apps."""
    return f"chapters/{slug}.json"


TRANSCRIPT_FORMS: Final = ("vtt", "srt", "json", "html", "txt")
"""Best first: clients take the first that they know."""

CAPTION_FORMS: Final = ("vtt", "srt")
UNTIMED_FORMS: Final = ("html", "txt")


class TranscriptRoute(NamedTuple):
    """`language` is empty for the episode's own."""

    path: str
    extension: str
    language: str
    transcript: Transcript


def transcript(slug: str, extension: str, language: str = "") -> str:
    """`extension` has no dot: one of TRANSCRIPT_FORMS. `language` is empty for the episode's."""
    name = f"{slug}.{language}" if language else slug
    return f"transcripts/{name}.{extension}"


def transcript_files(episode: Episode) -> Iterator[TranscriptRoute]:
    """Every transcript in every form that it can have, the episode's own language first."""
    for one in episode.transcripts:
        if one.cues:
            language = "" if one.language.lower() == episode.language.lower() else one.language
            for extension in TRANSCRIPT_FORMS if one.timed else UNTIMED_FORMS:
                path = transcript(episode.slug, extension, language)
                yield TranscriptRoute(path, extension, language, one)


def is_page(path: str) -> bool:
    """
    True for the published path of a page of the site. A transcript in HTML is a file, not a
    page.
    """
    return path.endswith(".html") and not path.startswith("transcripts/")


def person_page(person_id: str) -> str:
    """The path of a person's page."""
    return f"people/{person_id}.html"


def show_page(name: str) -> str:
    """The path of a page of the show's own."""
    return f"{name}.html"


def picture(name: str, digest: str, extension: str) -> str:
    """Named by content, since clients keep a picture for as long as its address stands."""
    return f"pictures/{name}-{digest[:8]}.{extension}"


def absolute(base: str, path: str) -> str:
    """The full URL of a published path, with ASCII only, as Apple asks."""
    return f"{base}/{quoted(path)}"


@lru_cache(maxsize=4096)
def quoted(path: str) -> str:
    """A published path as it stands in a link. Most are asked for on page after page."""
    return quote(path)
