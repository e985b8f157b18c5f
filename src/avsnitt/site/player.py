"""The players of an episode's page: the audio with its waveform, and the film beside it."""

from __future__ import annotations

from avsnitt import routes
from avsnitt.i18n import spell_duration
from avsnitt.model.audio import Analysis
from avsnitt.model.show import Episode
from avsnitt.site.layout import SiteFrame
from avsnitt.site.views import PlayerView, PublishedAudio, PublishedVideo, TrackView, VideoView
from avsnitt.site.waveform import WaveformView, waveform_view
from avsnitt.site.wording import iso_duration, spell_minutes, spell_size
from avsnitt.vocabulary.languages import own_name


def player_view(
    site: SiteFrame, episode: Episode, sound: PublishedAudio | None, analysis: Analysis | None
) -> PlayerView | None:
    """The player of the audio; None for an episode without audio yet."""
    if sound is None:
        return None
    strings = site.strings
    format_ = sound.path.rpartition(".")[2].upper()
    size = spell_size(sound.size_bytes, strings.language)
    return PlayerView(
        kind=sound.kind,
        src=site.href(sound.path),
        mime=sound.mime,
        name=strings("episode.play", title=episode.title),
        tracks=_tracks(site, episode) if sound.kind == "video" else (),
        download=strings("episode.download", format=format_, size=size),
        iso_duration=iso_duration(sound.duration_ms),
        duration=spell_minutes(sound.duration_ms, strings),
        duration_spelled=spell_duration(sound.duration_ms, strings),
        waveform=_waveform(site, episode, analysis),
    )


def _waveform(site: SiteFrame, episode: Episode, analysis: Analysis | None) -> WaveformView | None:
    """A film shows itself, but its sound has the same shape as any."""
    if analysis is None:
        return None
    peaks = site.href(routes.waveform(episode.slug, "json"))
    return waveform_view(analysis, episode.chapters, peaks=peaks)


def film_view(site: SiteFrame, episode: Episode, film: PublishedVideo | None) -> VideoView | None:
    """The player of the film beside the audio; None when no film was made."""
    if film is None or not film.path:
        return None
    strings = site.strings
    format_ = film.path.rpartition(".")[2].upper()
    size = spell_size(film.size_bytes, strings.language)
    return VideoView(
        src=site.href(film.path),
        mime=film.mime,
        poster=site.href(film.poster),
        name=strings("episode.film_play", title=episode.title),
        tracks=tuple(
            TrackView(src=site.href(path), lang=language, label=own_name(language))
            for path, language in film.captions
        ),
        download=strings("episode.film_download", format=format_, size=size)
        if film.size_bytes
        else "",
    )


def _tracks(site: SiteFrame, episode: Episode) -> tuple[TrackView, ...]:
    return tuple(
        TrackView(
            src=site.href(file.path),
            lang=file.transcript.language,
            label=own_name(file.transcript.language),
        )
        for file in routes.transcript_files(episode)
        if file.extension == "vtt"
    )
