"""The items of the feed and its channel, put together from what was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.content.markdown import absolute_links, render_markdown
from avsnitt.feed.items import PublishedEpisodeFiles, assemble_channel, assemble_item, assemble_live
from avsnitt.feed.values import AlternateEnclosure, Channel, Enclosure, Item, LiveItem
from avsnitt.model.podcast20 import Alternate, PodcastImage
from avsnitt.model.show import Episode, Picture
from avsnitt.site.images import ImageFiles
from avsnitt.site.views import PublishedAudio
from avsnitt.workflow.build.chapters import published_pictures
from avsnitt.workflow.build.images import PublishedImages, images_in_notes

if TYPE_CHECKING:
    from avsnitt.workflow.build.context import FeedContext


class PublishedAlternate(Struct, frozen=True):
    """
    A form of the episode as it was published: `path` and `length_bytes` are of the published
    copy; `bitrate_bps` and `duration_ms` were measured, and are 0 where there is no sound.
    """

    alternate: Alternate
    path: str
    mime: str
    length_bytes: int
    integrity: str
    bitrate_bps: int = 0
    duration_ms: int = 0


# An episode


def make_item(
    context: FeedContext,
    episode: Episode,
    sound: PublishedAudio,
    notes_html: Iterable[str],
    alternates: Sequence[PublishedAlternate] = (),
) -> Item:
    """The feed item of an episode that is out. `notes_html` are its parts, in order."""
    base = context.show.address
    enclosure = sound_enclosure(base, sound)
    published = PublishedEpisodeFiles(
        enclosure=enclosure,
        notes_html=_absolute_notes(base, episode, notes_html),
        cover_path=context.images.whole(_cover(context, episode)),
        person_pictures=context.person_pictures,
        chapter_pictures=published_pictures(episode, context.images),
        pictures=feed_pictures(context.images, base, episode.cover, episode.extras.images),
        alternates=feed_alternates(base, episode, enclosure, alternates),
    )
    return assemble_item(context.show, episode, published, context.feed_words(episode.language))


def episode_notes(images: PublishedImages, episode: Episode) -> tuple[str, str]:
    """The host's note and the notes as HTML, for a page in a folder."""
    files = images_in_notes(episode)
    on_page = {name: f"../{images.whole(path)}" for name, path in files.items()}
    return render_markdown(episode.host_note, on_page), render_markdown(episode.notes, on_page)


def pictures_in_notes(images: PublishedImages, episode: Episode) -> dict[str, ImageFiles]:
    """The pictures of the notes as a page shows them, by their addresses in `episode_notes`."""
    files = ((path, images.shown(path, "notes")) for path in images_in_notes(episode).values())
    return {f"../{images.whole(path)}": shown for path, shown in files if shown}


def sound_enclosure(base: str, sound: PublishedAudio) -> Enclosure:
    """The enclosure of published audio, with its absolute address."""
    return Enclosure(
        url=routes.absolute(base, sound.path),
        length_bytes=sound.size_bytes,
        mime=sound.mime,
        duration_ms=sound.duration_ms,
    )


def other_enclosures(base: str, alternates: Iterable[PublishedAlternate]) -> dict[str, Enclosure]:
    """By file ending, what stands as the enclosure in a feed of that format: the first of each."""
    found: dict[str, Enclosure] = {}
    for one in alternates:
        ending = one.path.rpartition(".")[2]
        enclosure = Enclosure(
            url=routes.absolute(base, one.path),
            length_bytes=one.length_bytes,
            mime=one.mime,
            duration_ms=one.duration_ms,
        )
        found.setdefault(ending, enclosure)
    return found


def _cover(context: FeedContext, episode: Episode) -> str:
    return episode.cover.path if episode.cover else context.show.cover.path


def _absolute_notes(base: str, episode: Episode, notes_html: Iterable[str]) -> str:
    page = routes.absolute(base, routes.episode_page(episode.slug))
    return absolute_links("\n".join(filter(None, notes_html)), page)


# Its other forms


def feed_alternates(
    base: str,
    episode: Episode,
    enclosure: Enclosure,
    published: Sequence[PublishedAlternate] = (),
) -> tuple[AlternateEnclosure, ...]:
    """
    In the author's order, since clients take the first that they can play; then what was made.
    """
    ours = {one.alternate: one for one in published}
    found = []
    for alternate in episode.alternates:
        if alternate.default and enclosure.url:
            found.append(_default(alternate, enclosure))
        elif alternate in ours:
            found.append(_ours(base, ours[alternate]))
        elif not alternate.file and not alternate.default:
            found.append(_elsewhere(alternate))
    found += [_ours(base, one) for one in published if one.alternate not in episode.alternates]
    return tuple(found)


def _default(alternate: Alternate, enclosure: Enclosure) -> AlternateEnclosure:
    found = _elsewhere(alternate)
    return msgspec.structs.replace(
        found,
        type=enclosure.mime,
        length_bytes=enclosure.length_bytes,
        sources=((enclosure.url, ""), *found.sources),
    )


def _ours(base: str, published: PublishedAlternate) -> AlternateEnclosure:
    found = _elsewhere(published.alternate)
    return msgspec.structs.replace(
        found,
        type=published.mime,
        length_bytes=published.length_bytes,
        bitrate_bps=found.bitrate_bps or published.bitrate_bps or None,
        integrity=published.integrity,
        sources=((routes.absolute(base, published.path), ""), *found.sources),
    )


def _elsewhere(alternate: Alternate) -> AlternateEnclosure:
    """A stream in pieces has no length, and says 0."""
    piecemeal = 0 if alternate.type.lower().endswith("mpegurl") else None
    length = piecemeal if alternate.length_bytes is None else alternate.length_bytes
    return AlternateEnclosure(
        type=alternate.type,
        sources=alternate.sources,
        length_bytes=length,
        bitrate_bps=alternate.bitrate_bps,
        height=alternate.height,
        lang=alternate.lang,
        title=alternate.title,
        rel=alternate.rel,
        codecs=alternate.codecs,
        default=alternate.default,
        integrity=alternate.integrity,
    )


# Pictures


def feed_pictures(
    images: PublishedImages, base: str, cover: Picture | None, authored: Iterable[PodcastImage]
) -> tuple[PodcastImage, ...]:
    """The cover, then the author's own pictures, each with its address and its size."""
    own = [PodcastImage(file=cover.path, alt=cover.alt, purpose="artwork")] if cover else []
    return tuple(_described(images, base, image) for image in (*own, *authored))


def _described(images: PublishedImages, base: str, image: PodcastImage) -> PodcastImage:
    found = images.pictures.get(image.file)
    if found is None:
        return image
    least = gcd(found.width, found.height) or 1
    return msgspec.structs.replace(
        image,
        file=routes.absolute(base, found.path),
        aspect_ratio=f"{found.width // least}/{found.height // least}",
        width=found.width,
        height=found.height,
        type=routes.media_type(found.path),
    )


# The show


def feed_head(context: FeedContext, published: Mapping[str, PublishedAudio]) -> Channel:
    """
    The feed's head, with the trailers that are out and what is to be sent live. `published` has
    each episode's sound by slug.
    """
    show = context.show
    sounds = {
        episode.slug: sound_enclosure(show.address, sound)
        for episode in show.episodes
        if episode.type == "trailer" and (sound := published.get(episode.slug))
    }
    return assemble_channel(
        show,
        cover_path=context.images.whole(show.cover.path),
        person_pictures=context.person_pictures,
        pictures=feed_pictures(context.images, show.address, show.cover, show.extras.images),
        sounds=sounds,
        live=tuple(_live_items(context)),
    )


def _live_items(context: FeedContext) -> Iterable[LiveItem]:
    """Those that come first, first."""
    waiting = [one for one in context.show.episodes if one.live and not one.is_out]
    for episode in sorted(waiting, key=lambda one: (one.live.start if one.live else "", one.slug)):
        yield _live_item(context, episode)


def _live_item(context: FeedContext, episode: Episode) -> LiveItem:
    base, live = context.show.address, episode.live
    stream = Enclosure(
        url=live.stream if live else "",
        length_bytes=0,
        mime=live.stream_type if live else "",
        duration_ms=0,
    )
    notes = episode_notes(context.images, episode)
    nothing = Enclosure(url="", length_bytes=0, mime="", duration_ms=0)
    published = PublishedEpisodeFiles(
        enclosure=stream,
        notes_html=_absolute_notes(base, episode, notes),
        cover_path=context.images.whole(_cover(context, episode)),
        person_pictures=context.person_pictures,
        pictures=feed_pictures(context.images, base, episode.cover, episode.extras.images),
        alternates=feed_alternates(base, episode, nothing),
    )
    return assemble_live(context.show, episode, published, context.feed_words(episode.language))
