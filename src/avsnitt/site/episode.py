"""The page of one episode: the same address from a question to a follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from avsnitt import routes
from avsnitt.i18n import clock, spell_date
from avsnitt.model.audio import Analysis
from avsnitt.model.show import Chapter, Correction, Credit, Episode, Show, Source, Transcript
from avsnitt.model.value import Value
from avsnitt.routes import TranscriptRoute
from avsnitt.site.components import ask_view, demote_headings, person_view, published_date
from avsnitt.site.images import ImageFiles, PictureView, picture_view
from avsnitt.site.layout import Head, LinkView, SiteFrame, head, series_json_ld
from avsnitt.site.player import film_view, player_view
from avsnitt.site.sharing import ShareView, mail, share
from avsnitt.site.transcripts import Section, moment_id, sections, untimed_section
from avsnitt.site.views import (
    AskView,
    ChapterView,
    CorrectionView,
    DateView,
    FileView,
    HostNoteView,
    MomentView,
    OpeningView,
    PersonView,
    PlayerView,
    PublishedAudio,
    PublishedVideo,
    QuestionView,
    SourceView,
    TranscriptView,
    TranslationView,
    VideoView,
)
from avsnitt.site.wording import (
    excerpt,
    iso_duration,
    license_name,
    linkable,
    paragraphs,
    seconds,
    site_name,
    spell_label,
)
from avsnitt.vocabulary.languages import own_name

NO_PICTURES: Final[Mapping[str, str]] = {}


class EpisodePage(Value, frozen=True, kw_only=True):
    """Everything the template `episode.html` prints. `lang` is empty for the page's own."""

    site: SiteFrame
    head: Head
    lang: str
    title: str
    summary: str
    opening: OpeningView
    question: QuestionView | None
    cover: PictureView | None
    player: PlayerView | None
    film: VideoView | None
    chapters: tuple[ChapterView, ...]
    host_note: HostNoteView | None
    notes_html: str
    people: tuple[PersonView, ...]
    corrections: tuple[CorrectionView, ...]
    asks: tuple[AskView, ...]
    transcript: TranscriptView | None
    transcript_is_missing: bool
    sources: tuple[SourceView, ...]
    thanks: tuple[str, ...]
    license: LinkView
    disclosure: tuple[str, ...]
    share: ShareView
    report_href: str
    previous: LinkView | None
    next: LinkView | None


def episode_page(  # noqa: PLR0913  (each is a different thing that the build made)
    show: Show,
    episode: Episode,
    *,
    site: SiteFrame,
    notes_html: str = "",
    host_note_html: str = "",
    sound: PublishedAudio | None = None,
    film: PublishedVideo | None = None,
    cover: ImageFiles | None = None,
    chapter_pictures: Mapping[str, str] = NO_PICTURES,
    analysis: Analysis | None = None,
    previous: Episode | None = None,
    next_: Episode | None = None,
) -> EpisodePage:
    """
    Assemble one episode's page, of safe HTML and of paths from the site's root.

    `chapter_pictures` is by `Chapter.image`; `site` is the frame whose `root` is `"../"`.
    """
    path = routes.episode_page(episode.slug)
    transcript = _transcript(site, episode)
    return EpisodePage(
        site=site,
        head=_head(site, show, episode, path, sound, cover),
        lang=site.lang(episode.language),
        title=episode.title,
        summary=episode.summary,
        opening=_opening(site, episode),
        question=_question(site, episode),
        cover=_cover(site, episode, cover),
        player=player_view(site, episode, sound, analysis),
        film=film_view(site, episode, film),
        chapters=_chapters(site, episode, sound, transcript, chapter_pictures),
        host_note=_host_note(site, episode.credits, host_note_html),
        notes_html=demote_headings(notes_html),
        people=tuple(person_view(site, credit) for credit in episode.credits),
        corrections=tuple(_correction(site, row, sound) for row in episode.corrections),
        asks=tuple(ask_view(site, episode, ask) for ask in episode.asks),
        transcript=transcript,
        transcript_is_missing=episode.is_out and transcript is None,
        sources=tuple(_source(site, row, sound) for row in episode.sources),
        thanks=episode.thanks,
        license=LinkView(title=license_name(episode.license), href=linkable(episode.license.url)),
        disclosure=paragraphs(episode.disclosure),
        share=share(site, path, episode.title),
        report_href=_report_href(site, episode),
        previous=neighbour(site, previous),
        next=neighbour(site, next_),
    )


def _report_href(site: SiteFrame, episode: Episode) -> str:
    subject = site.strings("episode.report_subject", title=episode.title)
    return mail(site.contact, subject)


def _opening(site: SiteFrame, episode: Episode) -> OpeningView:
    return OpeningView(
        label=spell_label(episode, site.strings),
        status=episode.status,
        status_text=site.words[f"episode.status.{episode.status}"],
        notice=site.words.get(f"episode.notice.{episode.status}", ""),
        date=published_date(episode, site),
        answer_href=_where_to_join(site, episode),
    )


def _where_to_join(site: SiteFrame, episode: Episode) -> str:
    if episode.status != "planned":
        return ""
    return mail(site.contact, site.strings("episode.answer_subject", title=episode.title))


def _question(site: SiteFrame, episode: Episode) -> QuestionView | None:
    """A question that is the title already stands first on the page, and is not said twice."""
    question = "" if episode.question.strip() == episode.title else episode.question
    if not question and not episode.unknowns:
        return None
    heading = "episode.unknowns_before" if episode.is_out else "episode.unknowns"
    return QuestionView(
        paragraphs=paragraphs(question),
        unknowns=episode.unknowns,
        unknowns_heading=site.words[heading],
    )


def _host_note(site: SiteFrame, everybody: Sequence[Credit], html: str) -> HostNoteView | None:
    if not html:
        return None
    host = next((credit for credit in everybody if credit.role.lower() == "host"), None)
    return HostNoteView(
        heading=site.strings("episode.has_the_word", name=host.person.name) if host else "",
        html=demote_headings(html),
        host=person_view(site, host) if host else None,
    )


def neighbour(site: SiteFrame, episode: Episode | None) -> LinkView | None:
    """A link to another episode's page, from any folder."""
    if episode is None:
        return None
    return LinkView(
        title=episode.title,
        href=site.href(routes.episode_page(episode.slug)),
        lang=site.lang(episode.language),
    )


def _cover(site: SiteFrame, episode: Episode, cover: ImageFiles | None) -> PictureView | None:
    if cover is None:
        return site.cover
    alt = episode.cover.alt if episode.cover else (site.cover.alt if site.cover else "")
    return picture_view(site.root, cover, alt)


def _moment(
    site: SiteFrame, time_ms: int | None, sound: PublishedAudio | None
) -> MomentView | None:
    """A media fragment of the sound itself: a browser plays it from there by its own means."""
    if time_ms is None:
        return None
    href = f"{site.href(sound.path)}#t={seconds(time_ms)}" if sound else ""
    return MomentView(clock=clock(time_ms), href=href)


def _chapters(
    site: SiteFrame,
    episode: Episode,
    sound: PublishedAudio | None,
    transcript: TranscriptView | None,
    pictures: Mapping[str, str],
) -> tuple[ChapterView, ...]:
    if not episode.is_out:
        return ()
    timed = transcript is not None and episode.transcript is not None and episode.transcript.timed
    base = "" if timed else (site.href(sound.path) if sound else None)
    return tuple(
        _chapter(site, chapter, base, pictures.get(chapter.image, ""))
        for chapter in _shown(episode)
    )


def _shown(episode: Episode) -> Iterator[Chapter]:
    return (chapter for chapter in episode.chapters if not chapter.hidden)


def _chapter(site: SiteFrame, chapter: Chapter, base: str | None, picture: str) -> ChapterView:
    address = linkable(chapter.url) if chapter.url else ""
    host = site_name(address) if address else ""
    return ChapterView(
        title=chapter.title,
        clock=clock(chapter.start_ms),
        href="" if base is None else f"{base}#{moment_id(chapter.start_ms)}",
        link=LinkView(title=host, href=address) if host else None,
        picture=site.href(picture) if picture else "",
    )


def _transcript(site: SiteFrame, episode: Episode) -> TranscriptView | None:
    shown = episode.transcript
    if not episode.is_out or shown is None or not shown.cues:
        return None
    files = tuple(routes.transcript_files(episode))
    others = tuple(one for one in episode.transcripts[1:] if one.cues)
    return TranscriptView(
        lang=site.lang(shown.language),
        sections=_sections(episode, shown),
        files=_files(site, files, shown),
        others=tuple(
            TranslationView(
                lang=one.language, name=own_name(one.language), files=_files(site, files, one)
            )
            for one in others
        ),
    )


def _sections(episode: Episode, transcript: Transcript) -> tuple[Section, ...]:
    if not transcript.timed:
        return (untimed_section(transcript.cues),)
    return sections(transcript.cues, tuple(_shown(episode)))


def _files(
    site: SiteFrame, files: Sequence[TranscriptRoute], transcript: Transcript
) -> tuple[FileView, ...]:
    return tuple(
        FileView(
            title=site.strings(f"episode.transcript_file.{file.extension}"),
            href=site.href(file.path),
            saved=file.extension != "html",
        )
        for file in files
        if file.transcript is transcript
    )


def _correction(site: SiteFrame, row: Correction, sound: PublishedAudio | None) -> CorrectionView:
    language = site.strings.language
    return CorrectionView(
        date=DateView(iso=row.date.isoformat(), text=spell_date(row.date, language)),
        was=row.was,
        now=row.now,
        thanks=site.strings("episode.corrected_by", name=row.thanks) if row.thanks else "",
        moment=_moment(site, row.at_ms, sound),
    )


def _source(site: SiteFrame, row: Source, sound: PublishedAudio | None) -> SourceView:
    href = linkable(row.url)
    return SourceView(
        title=row.title,
        href=href,
        site=site_name(href),
        moment=_moment(site, row.at_ms, sound),
    )


def _head(
    site: SiteFrame,
    show: Show,
    episode: Episode,
    path: str,
    sound: PublishedAudio | None,
    cover: ImageFiles | None,
) -> Head:
    description = excerpt(episode.summary or episode.question or show.description)
    picture = (cover, episode.cover.alt) if cover and episode.cover else None
    json_ld = _json_ld(site, episode, path, sound) if episode.is_out else None
    made = head(site, path, episode.title, description, picture=picture, json_ld=json_ld)
    if sound is None:
        return msgspec.structs.replace(made, og_type="article")
    return msgspec.structs.replace(
        made, og_type="article", sound=site.absolute(sound.path), sound_mime=sound.mime
    )


def _json_ld(
    site: SiteFrame, episode: Episode, path: str, sound: PublishedAudio | None
) -> dict[str, object]:
    """schema.org's PodcastEpisode, without what is not known."""
    fields: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": episode.title,
        "url": site.absolute(path),
        "description": episode.summary,
        "datePublished": episode.published.isoformat() if episode.published else "",
        "episodeNumber": episode.number,
        "inLanguage": episode.language,
        "license": linkable(episode.license.url),
        "isAccessibleForFree": True,
        "partOfSeries": series_json_ld(site),
    }
    if sound:
        fields["timeRequired"] = iso_duration(sound.duration_ms)
        fields["associatedMedia"] = {
            "@type": "VideoObject" if sound.kind == "video" else "AudioObject",
            "contentUrl": site.absolute(sound.path) or site.href(sound.path),
            "encodingFormat": sound.mime,
        }
    return {name: value for name, value in fields.items() if value not in ("", None)}
