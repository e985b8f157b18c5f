"""An episode's chapters as they are published: one list, in a file and in the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from avsnitt.feed.items import absolute_chapters
from avsnitt.formats.chapters.published import published_chapters
from avsnitt.i18n import Strings
from avsnitt.model.show import AudioFacts, Chapter, Episode, Show
from avsnitt.workflow.build.images import PublishedImages


def with_one_list(
    episode: Episode, duration_ms: int, feed_words: Callable[[str], Strings]
) -> Episode:
    """The episode with its chapters as every carrier holds them, named in its own language."""
    if not episode.chapters or not duration_ms or not episode.is_out:
        return episode
    words = feed_words(episode.language)
    chapters = published_chapters(
        episode.chapters,
        duration_ms,
        opening=words("feed.chapter.opening"),
        unnamed=lambda number: words("feed.chapter.unnamed", n=number),
    )
    return msgspec.structs.replace(episode, chapters=chapters)


def chapters_text(show: Show, episode: Episode, images: PublishedImages) -> str:
    """The JSON file that the feed points at."""
    from avsnitt.formats.chapters.podcast_json import render_chapters_json

    pictures = published_pictures(episode, images)
    chapters = absolute_chapters(show.address, episode.chapters, pictures)
    return render_chapters_json(
        chapters, title=episode.title, podcast_name=show.title, author=show.author
    )


def published_pictures(episode: Episode, images: PublishedImages) -> dict[str, str]:
    """The published path of each picture among the chapters, by `Chapter.image`."""
    return {image: images.whole(image) for image in own_pictures(episode.chapters)}


def small_pictures(episode: Episode, images: PublishedImages) -> dict[str, str]:
    """The same for pages."""
    shown = ((image, images.shown(image, "chapter")) for image in own_pictures(episode.chapters))
    return {image: found.small for image, found in shown if found}


def embedded_pictures(
    chapters: Iterable[Chapter], facts: AudioFacts, images: PublishedImages
) -> tuple[str, ...]:
    """
    The pictures that go into the sound, by `Chapter.image`: only in an MP3, since no other format
    here has a place for them.
    """
    if facts.format != "mp3":
        return ()
    return tuple(image for image in own_pictures(chapters) if images.digest(image))


def own_pictures(chapters: Iterable[Chapter]) -> tuple[str, ...]:
    """The show's own pictures among them, each once."""
    images = dict.fromkeys(chapter.image for chapter in chapters if chapter.image)
    return tuple(image for image in images if "://" not in image)
