"""
The values that all episodes of a build share, the job of one episode, and its result.

A job needs nothing from another, so jobs run on every processor; the values that all of them share
are in the BuildContext, which a forked worker inherits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from avsnitt.digests import digest
from avsnitt.i18n import Strings
from avsnitt.model.show import AudioFacts, Episode, Show, Transcript
from avsnitt.site.layout import SiteFrame
from avsnitt.site.views import PublishedAudio
from avsnitt.system.build_cache import OutputRecord
from avsnitt.workflow.build.alternates import AlternateSource
from avsnitt.workflow.build.feed_fragments import FeedFragment
from avsnitt.workflow.build.images import PublishedImages
from avsnitt.workflow.build.output import Output

if TYPE_CHECKING:
    from avsnitt.site.io.templates import Templates

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class AudioSource(Struct, frozen=True):
    """
    The file whose sound is published: the recording itself, or what was made from it. `waveform`
    is a file with its peaks (`Analysis.peaks`), or empty where nothing was measured.
    """

    path: str
    facts: AudioFacts
    waveform: str = ""


class VideoSource(Struct, frozen=True, kw_only=True):
    """
    A film's files in the artifact store (`folder`), each named by all that it was made of. `facts`
    are the MP4's, which is `height` pixels high, and None without one; `pictures` and `sound` are
    the renditions of a stream, and empty without one. `moved`: the enclosure has other times than
    the film.
    """

    folder: str
    duration_ms: int
    height: int
    thumbnail: str
    mp4: str = ""
    facts: AudioFacts | None = None
    pictures: tuple[str, ...] = ()
    sound: str = ""
    transcripts: tuple[Transcript, ...] = ()
    moved: bool = False

    @property
    def parts(self) -> str:
        """Names all that is published of it, captions and tags aside."""
        files = (self.thumbnail, self.mp4, *self.pictures, self.sound)
        return " ".join((*files, "moved" if self.moved else ""))


class EpisodeJob(Struct, frozen=True):
    """An episode, its sound, its neighbours in time, and all that its files depend on."""

    episode: Episode
    sound: AudioSource | None
    previous: Episode | None
    next: Episode | None
    parts: tuple[str, ...]
    alternates: tuple[AlternateSource, ...] = ()
    film: VideoSource | None = None


class EpisodeResult(Struct, frozen=True):
    """
    The result of an episode, kept for the next build. `item` is its part of the feed, empty
    when it is not out; `lines` is its line in lists, for pages at the root and for those in a
    folder; `paths` are all its files; `parts` is the key it was made under; `fragments` are its
    parts of the other feeds.
    """

    slug: str
    parts: tuple[str, ...]
    paths: tuple[str, ...]
    item: bytes
    item_digest: str
    lines: tuple[str, str]
    sound: PublishedAudio | None
    fragments: tuple[FeedFragment, ...] = ()


class EpisodeBuilt(Struct, frozen=True):
    """A worker's answer: the outcome, what it wrote, and which of that differed from before."""

    outcome: EpisodeResult
    made: tuple[OutputRecord, ...]
    changed: tuple[str, ...]


class FeedContext:
    """The values that the items of a show's feeds share, with nothing to write files with."""

    def __init__(
        self, show: Show, images: PublishedImages, feed_words: Callable[[str], Strings]
    ) -> None:
        """`feed_words` gives the feed's own words in a language (BCP 47)."""
        self.show = show
        self.images = images
        self.feed_words = feed_words
        self.person_pictures = {
            person.id: images.whole(person.picture) for person in show.people if person.picture
        }


class BuildContext:
    """The values that every job shares. Nothing in it changes while jobs run."""

    def __init__(  # noqa: PLR0913 - each is a different thing that was prepared
        self,
        *,
        feed: FeedContext,
        top: SiteFrame,
        frame: SiteFrame,
        templates: Templates,
        templates_key: str,
        output: Output,
        embedded: Callable[[str], bytes | None],
        chapter_picture: Callable[[str], bytes],
    ) -> None:
        """
        `top` and `frame` are the frames of pages at the root and in a folder; `embedded` gives a
        cover as sound carries it, by the path of its picture, and `chapter_picture` a chapter's.
        """
        self.feed = feed
        self.show = feed.show
        self.images = feed.images
        self.top = top
        self.frame = frame
        self.frame_key = frame_key(frame)
        self.templates = templates
        self.templates_key = templates_key
        self.output = output
        self.embedded = embedded
        self.chapter_picture = chapter_picture
        self.formats = frozenset(extra.format for extra in feed.show.feeds if extra.format)


def frame_key(frame: SiteFrame) -> str:
    """Names all of a frame that a page shows; its pictures are named where they are used."""
    shown = {
        name: getattr(frame, name)
        for name in frame.__struct_fields__
        if name not in ("images", "strings")
    }
    return digest(_encode(shown))


def page_parts(page: Struct) -> dict[str, str]:
    """The digest of each field of a page's value but the frame, which has a key of its own."""
    return {
        name: digest(_encode(getattr(page, name)))[:8]
        for name in page.__struct_fields__
        if name != "site"
    }
