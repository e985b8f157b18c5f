"""A film that was made, as it is published: one MP4, a stream in pieces with captions, and a still.

Media files are copied from the artifact store once; playlists and captions follow the transcripts,
and are written at every build that needs them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from avsnitt import routes
from avsnitt.digests import digest
from avsnitt.formats.transcripts.vtt import render_vtt
from avsnitt.i18n import Strings
from avsnitt.model.audio import MadeVideo
from avsnitt.model.podcast20 import Alternate
from avsnitt.model.show import AudioFacts, Episode, Transcript
from avsnitt.site.views import PublishedVideo
from avsnitt.video.fragmented_mp4 import Rendition
from avsnitt.video.hls import (
    AudioRendition,
    Captions,
    VideoRendition,
    caption_offset,
    peak_bps,
    render_caption_playlist,
    render_fragment_playlist,
    render_master_playlist,
)
from avsnitt.vocabulary.languages import own_name
from avsnitt.workflow.build.context import VideoSource
from avsnitt.workflow.build.feed_items import PublishedAlternate
from avsnitt.workflow.build.transcripts import Want

MP4: Final = "video/mp4"
STREAM: Final = "application/x-mpegURL"


class VideoWriter(NamedTuple):
    """
    The functions that put files in the published tree. `want` takes a path, the digests of its
    parts, and a function that makes it; `copy` a path, a file and the name of its content, and
    returns its size in bytes; `tag` the same for a file that gets the episode's tags;
    `integrity` reads a published file.
    """

    want: Want
    copy: Callable[[str, str, str], int]
    tag: Callable[[str, str, AudioFacts], int]
    integrity: Callable[[str], str]


class PublishedVideoFiles(NamedTuple):
    """The published files of a film: for the feed, best first, and for the page."""

    alternates: tuple[PublishedAlternate, ...]
    film: PublishedVideo


def video_source(
    made: MadeVideo,
    folder: str,
    facts: AudioFacts | None,
    transcripts: tuple[Transcript, ...] = (),
    *,
    moved: bool = False,
) -> VideoSource:
    """
    The files of a film that was made into the artifact store at `folder`. `facts` are its MP4's.
    `transcripts` have the recording's own times, and `moved` says that the enclosure has others.
    """
    return VideoSource(
        folder=folder,
        duration_ms=made.duration_ms,
        height=made.height,
        thumbnail=made.thumbnail,
        mp4=made.mp4,
        facts=facts,
        pictures=made.pictures,
        sound=made.sound,
        transcripts=transcripts,
        moved=moved,
    )


def publish_video(
    source: VideoSource, episode: Episode, strings: Strings, writer: VideoWriter
) -> PublishedVideoFiles:
    """
    Ask for every published file of a film, and return them. `strings` are in the language
    in which the feed names things.
    """
    return _VideoPublisher(source, episode, strings, writer).run()


def video_paths(source: VideoSource, episode: Episode, strings: Strings) -> tuple[str, ...]:
    """Every path that `publish_video` would ask for, before anything is written."""
    paths: list[str] = []

    def note(path: str, *_: object) -> int:
        paths.append(path)
        return 0

    def want(path: str, *_: object) -> None:
        paths.append(path)

    publish_video(source, episode, strings, VideoWriter(want, note, note, lambda _: ""))
    return tuple(paths)


class _VideoPublisher:
    def __init__(
        self, source: VideoSource, episode: Episode, strings: Strings, writer: VideoWriter
    ) -> None:
        self.source = source
        self.episode = episode
        self.strings = strings
        self.writer = writer
        self.slug = episode.slug
        self.captioned = tuple(one for one in source.transcripts if one.cues and one.timed)

    def run(self) -> PublishedVideoFiles:
        still = routes.film_still(self.slug)
        if self.source.mp4 or self.source.sound:
            self.copy(still, self.source.thumbnail)
        captions = self.own_captions() if self.source.sound or self.source.moved else {}
        alternates: list[PublishedAlternate] = []
        if self.source.facts is not None:
            alternates.append(self.mp4(self.source.facts))
        if self.source.sound:
            alternates.append(self.stream(captions))
        best = alternates[0] if alternates else None
        film = PublishedVideo(
            path=best.path if best else "",
            mime=best.mime if best else "",
            size_bytes=best.length_bytes if best else 0,
            poster=still,
            captions=tuple((path, one.language) for one, path in self.on_page(captions)),
        )
        return PublishedVideoFiles(tuple(alternates), film)

    def copy(self, path: str, file: str) -> int:
        return self.writer.copy(path, f"{self.source.folder}/{file}", file)

    # One file

    def mp4(self, facts: AudioFacts) -> PublishedAlternate:
        path = routes.film(self.slug)
        length = self.writer.tag(path, f"{self.source.folder}/{self.source.mp4}", facts)
        alternate = Alternate(
            type=MP4,
            height=self.source.height,
            lang=self.episode.language,
            title=self.strings("feed.film.mp4"),
        )
        bitrate = length * 8000 // max(self.source.duration_ms, 1)
        integrity = self.writer.integrity(path)
        return PublishedAlternate(
            alternate, path, MP4, length, integrity, bitrate, facts.duration_ms
        )

    # In pieces

    def stream(self, captions: Mapping[int, str]) -> PublishedAlternate:
        pictures = [
            VideoRendition(uri=f"{rendition.height}.m3u8", rendition=rendition)
            for rendition in map(self.rendition, self.source.pictures)
        ]
        sound = self.rendition(self.source.sound)
        for picture, file in zip(pictures, self.source.pictures, strict=True):
            self.pieces(picture.uri, picture.rendition, file)
        self.pieces("sound.m3u8", sound, self.source.sound)
        language = self.episode.language
        voice = AudioRendition(
            uri="sound.m3u8", rendition=sound, language=language, name=own_name(language)
        )
        text = render_master_playlist(pictures, voice, self.described_captions(captions))
        path = routes.film_stream(self.slug)
        self.write("index.m3u8", text)
        best = pictures[0].rendition
        alternate = Alternate(
            type=STREAM,
            height=best.height,
            lang=language,
            title=self.strings("feed.film.hls"),
            codecs=f"{best.codec},{sound.codec}",
        )
        bitrate = peak_bps(best) + peak_bps(sound)
        integrity = integrity_of_text(text)
        return PublishedAlternate(alternate, path, STREAM, 0, integrity, bitrate)

    def rendition(self, file: str) -> Rendition:
        # Most shows have no films: what reads them is not imported for every edit.
        from avsnitt.video.io.hls import read_rendition

        return read_rendition(Path(self.source.folder, file))

    def pieces(self, playlist: str, rendition: Rendition, file: str) -> None:
        """
        The media file is named by what it holds: playlists say where its bytes lie, and a server
        on the way may keep an older one.
        """
        name = f"{playlist.partition('.')[0]}-{digest(file.encode())[:8]}.mp4"
        self.copy(routes.film_stream(self.slug, name), file)
        self.write(playlist, render_fragment_playlist(rendition, name))

    def write(self, name: str, text: str) -> None:
        data = text.encode()
        self.writer.want(routes.film_stream(self.slug, name), {"text": digest(data)}, lambda: data)

    # Captions

    def own_captions(self) -> dict[int, str]:
        """By its place among the transcripts, the name of each one's captions for the film."""
        names: dict[int, str] = {}
        for place, one in enumerate(self.captioned):
            names[place] = f"captions-{one.language.lower()}.vtt"
            path = routes.film_stream(self.slug, names[place])
            text = caption_offset(render_vtt(one))
            self.writer.want(path, {"text": digest(text.encode())}, partial(str.encode, text))
        return names

    def described_captions(self, names: Mapping[int, str]) -> Iterator[Captions]:
        for place, one in enumerate(self.captioned):
            playlist = f"{names[place].removesuffix('.vtt')}.m3u8"
            self.write(playlist, render_caption_playlist(names[place], self.source.duration_ms))
            yield Captions(uri=playlist, language=one.language, name=own_name(one.language))

    def on_page(self, names: Mapping[int, str]) -> Iterator[tuple[Transcript, str]]:
        """
        The published transcripts, or the film's own captions where the enclosure has other times.
        """
        if self.source.moved:
            for place, one in enumerate(self.captioned):
                yield one, routes.film_stream(self.slug, names[place])
            return
        for file in routes.transcript_files(self.episode):
            if file.extension == "vtt":
                yield file.transcript, file.path


def integrity_of_text(text: str) -> str:
    """`sha384-...` (W3C Subresource Integrity, 3.1)."""
    found = hashlib.sha384(text.encode()).digest()
    return f"sha384-{base64.b64encode(found).decode()}"
