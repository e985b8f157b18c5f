"""Assembles the feed's head and its items from a show: pure, and without a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from avsnitt import routes
from avsnitt.feed import descriptions
from avsnitt.feed.values import (
    AlternateEnclosure,
    Channel,
    Enclosure,
    Item,
    ItemPerson,
    LiveItem,
    Trailer,
    TranscriptLink,
)
from avsnitt.i18n import Strings
from avsnitt.model.podcast20 import ContentLink, Extras, PodcastImage
from avsnitt.model.show import Chapter, Credit, Episode, FeedTerms, Show
from avsnitt.model.value import Value, fields_of

NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The date of a feed in which nothing is published yet."""


def assemble_channel(
    show: Show,
    *,
    cover_path: str,
    person_pictures: Mapping[str, str],
    pictures: Iterable[PodcastImage] = (),
    sounds: Mapping[str, Enclosure] | None = None,
    live: Iterable[LiveItem] = (),
) -> Channel:
    """
    The feed's head.

    `cover_path` and the values of `person_pictures` (by person id) are published paths, which
    only the caller knows since they are named by content; `pictures` are all that the head
    shows, the cover first, ready to write. `sounds` are what is published, by slug, and `live`
    what is not yet. `updated` is the newest publication date in the show.
    """
    return Channel(
        title=show.title,
        link=f"{show.address}/",
        self_url=routes.absolute(show.address, routes.FEED),
        description=descriptions.channel_description(show.description, show.demonstration),
        language=show.language,
        author=show.author,
        guid=show.guid,
        image=routes.absolute(show.address, cover_path),
        categories=show.categories,
        explicit=show.explicit,
        type=show.type,
        license=show.license,
        updated=_updated(show),
        people=_people(show, show.hosts, person_pictures),
        extras=msgspec.structs.replace(show.extras, images=tuple(pictures)),
        trailers=tuple(_trailers(show, sounds or {})),
        live=tuple(live),
        **fields_of(FeedTerms, show),
    )


def _trailers(show: Show, sounds: Mapping[str, Enclosure]) -> Iterable[Trailer]:
    for episode in show.episodes:
        sound = sounds.get(episode.slug)
        if sound is None or episode.type != "trailer" or not episode.is_out:
            continue
        if episode.published is not None:
            yield Trailer(
                title=episode.title,
                url=sound.url,
                published=episode.published,
                length_bytes=sound.length_bytes,
                mime=sound.mime,
                season=episode.season,
            )


class PublishedEpisodeFiles(Value, frozen=True, kw_only=True):
    """
    The files made for one episode, and their published paths.

    `notes_html` is the notes as sanitised HTML with absolute addresses. `cover_path` and the
    values of `person_pictures` (by person id) and `chapter_pictures` (by `Chapter.image`) are
    published paths, which only the caller knows since they are named by content. `pictures` and
    `alternates` are ready to write.
    """

    enclosure: Enclosure
    notes_html: str
    cover_path: str
    person_pictures: Mapping[str, str] = {}
    chapter_pictures: Mapping[str, str] = {}
    pictures: tuple[PodcastImage, ...] = ()
    alternates: tuple[AlternateEnclosure, ...] = ()


def assemble_item(
    show: Show, episode: Episode, published: PublishedEpisodeFiles, words: Strings
) -> Item:
    """
    One published episode as an item. Raises ValueError when it has no date: checks come first.

    `words` holds the `feed` domain in the episode's language.
    """
    if episode.published is None:
        raise ValueError(f"{episode.slug}: a feed item needs a date")
    base = show.address
    texts = descriptions.item_texts(episode, published.notes_html, words)
    chapters = absolute_chapters(base, episode.chapters, published.chapter_pictures)
    return Item(
        guid=episode.guid,
        title=episode.title,
        link=routes.absolute(base, routes.episode_page(episode.slug)),
        published=episode.published,
        description_html=texts.synopsis,
        content_html=texts.whole,
        enclosure=published.enclosure,
        image=routes.absolute(base, published.cover_path),
        type=episode.type,
        explicit=episode.explicit,
        license=episode.license,
        number=episode.number,
        season=episode.season,
        chapters_url=_chapters_url(base, episode),
        chapters=chapters,
        transcripts=_transcripts(base, episode),
        people=_people(show, episode.credits, published.person_pictures),
        season_name=dict(show.season_names).get(episode.season or 0, ""),
        display_number=episode.display_number,
        block=episode.block,
        soundbites=episode.soundbites,
        alternates=published.alternates,
        extras=_extras(episode, published.pictures),
    )


def assemble_live(
    show: Show, episode: Episode, published: PublishedEpisodeFiles, words: Strings
) -> LiveItem:
    """
    An episode that is sent live and not yet published, as a live item: its page is its link,
    and its GUID is the one it will have when it is out.

    Raises ValueError when it is not live. `published` says where the stream is.
    """
    live = episode.live
    if live is None:
        raise ValueError(f"{episode.slug}: not live")
    described = msgspec.structs.replace(
        episode,
        published=dt.datetime.fromisoformat(live.start),
        chapters=(),
        transcripts=(),
        soundbites=(),
    )
    item = assemble_item(show, described, published, words)
    links = live.links or (ContentLink(href=item.link, text=episode.title),)
    return LiveItem(status=live.status, start=live.start, end=live.end, links=links, item=item)


def _extras(episode: Episode, pictures: tuple[PodcastImage, ...]) -> Extras:
    if not pictures:
        return episode.extras
    return msgspec.structs.replace(episode.extras, images=pictures)


def absolute_chapters(
    base: str, chapters: Iterable[Chapter], pictures: Mapping[str, str]
) -> tuple[Chapter, ...]:
    """
    The chapters with pictures that clients can fetch: for `psc:chapters` and the JSON file.

    A picture that is neither published nor on the web already is left out.
    """
    return tuple(
        msgspec.structs.replace(chapter, image=_absolute_picture(base, chapter.image, pictures))
        if chapter.image
        else chapter
        for chapter in chapters
    )


def _absolute_picture(base: str, image: str, pictures: Mapping[str, str]) -> str:
    if image in pictures:
        return routes.absolute(base, pictures[image])
    return image if image.startswith("https://") else ""


def _updated(show: Show) -> dt.datetime:
    dates = (episode.published for episode in show.episodes if episode.is_out)
    return max((date for date in dates if date is not None), default=NEVER)


def _chapters_url(base: str, episode: Episode) -> str:
    return routes.absolute(base, routes.chapters(episode.slug)) if episode.chapters else ""


def _transcripts(base: str, episode: Episode) -> tuple[TranscriptLink, ...]:
    return tuple(
        TranscriptLink(
            url=routes.absolute(base, file.path),
            mime=routes.MIME_TYPES[f".{file.extension}"].split(";")[0],
            language=file.transcript.language,
            captions=file.extension in routes.CAPTION_FORMS,
        )
        for file in routes.transcript_files(episode)
    )


def _people(
    show: Show, credits: Iterable[Credit], pictures: Mapping[str, str]
) -> tuple[ItemPerson, ...]:
    """
    Each part once. The hosts are among an episode's credits, since an item's people replace the
    channel's (podcast-namespace, person).
    """
    parts = {(credit.person.id, credit.role, credit.group): credit for credit in credits}
    return tuple(_person(show.address, credit, pictures) for credit in parts.values())


def _person(base: str, credit: Credit, pictures: Mapping[str, str]) -> ItemPerson:
    person = credit.person
    picture = pictures.get(person.id, "")
    return ItemPerson(
        name=person.name,
        role=credit.role,
        group=credit.group,
        href=routes.absolute(base, routes.person_page(person.id)),
        img=routes.absolute(base, picture) if picture else "",
    )
