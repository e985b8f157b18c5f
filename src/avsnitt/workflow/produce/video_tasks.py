"""The tasks of a film beside its audio, and their order.

    probe = ProbeVideoTask(source=..., digest=..., duration_ms=...)    first, alone
    film = read_video_facts(store / probe.file)
    plan = film_tasks(film, ...)
    plan.first                                                   together, in any order
    plan.then                                                    reads files of the first

The sound must be made by then: the whole recording with its gain, nothing cut out of it and nothing
put in, since pictures are never cut.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from avsnitt.model.audio import MadeVideo, VideoForm
from avsnitt.video.io.hls import AudioRenditionTask, VideoRenditionTask
from avsnitt.video.io.mp4 import Mp4Task
from avsnitt.video.io.thumbnail import ThumbnailTask
from avsnitt.video.plan import (
    EncodingSize,
    VideoFacts,
    ladder,
    shown_size,
    video_notes,
    why_anew,
    why_anew_in_pieces,
)
from avsnitt.work.task import Task


class VideoPlan(Struct, frozen=True, kw_only=True):
    """
    The work on one film. `pictures` are renditions, best first, and with `sound` they are the film
    in pieces; without it they are there for `mp4` alone.
    """

    film: VideoFacts
    thumbnail: ThumbnailTask
    pictures: tuple[VideoRenditionTask, ...] = ()
    sound: AudioRenditionTask | None = None
    mp4: Mp4Task | None = None

    @property
    def first(self) -> tuple[Task, ...]:
        """The tasks that need nothing but the recording and the made audio; the long ones first."""
        return (*self.pictures, *((self.sound,) if self.sound else ()), self.thumbnail)

    @property
    def then(self) -> tuple[Task, ...]:
        """The tasks that need the results of the first."""
        return (self.mp4,) if self.mp4 else ()


class _VideoRequest(Struct, frozen=True, kw_only=True):
    film: VideoFacts
    source: Path
    digest: str
    sound: Path
    sound_key: str
    store: Path
    slug: str

    def pictures(self, made: EncodingSize | None) -> VideoRenditionTask:
        return VideoRenditionTask(
            source=str(self.source), digest=self.digest, film=self.film, made=made, slug=self.slug
        )

    def sound_pieces(self, *, copied: bool) -> AudioRenditionTask:
        """Pictures that are copied may begin before the sound, which then comes later."""
        return AudioRenditionTask(
            sound=str(self.sound),
            sound_key=self.sound_key,
            duration_ms=self.film.sound_ms,
            at_ms=max(-self.film.picture_at_ms, 0) if copied else 0,
            slug=self.slug,
        )

    def mp4(self, made: VideoRenditionTask | None) -> Mp4Task:
        """Of the recording's own pictures, or of those that were `made`."""
        return Mp4Task(
            pictures=str(self.store / made.file if made else self.source),
            pictures_key=made.key if made else self.digest,
            sound=str(self.sound),
            sound_key=self.sound_key,
            duration_ms=self.film.duration_ms,
            picture_at_ms=0 if made else self.film.picture_at_ms,
            slug=self.slug,
        )


def video_tasks(  # noqa: PLR0913 - each is a different thing that the caller knows
    film: VideoFacts,
    *,
    source: Path,
    digest: str,
    forms: Collection[VideoForm],
    sound: Path,
    sound_key: str,
    store: Path,
    slug: str = "",
) -> VideoPlan:
    """
    The work that gives the wanted `forms` of a film. `digest` names what `source` holds, and
    `sound_key` what `sound` does: AAC in M4A, as long as the recording. `store` is where results
    lie. Nothing is encoded twice: the MP4 holds the best rendition where it cannot hold the
    recording's own pictures.
    """
    ask = _VideoRequest(
        film=film,
        source=source,
        digest=digest,
        sound=sound,
        sound_key=sound_key,
        store=store,
        slug=slug,
    )
    anew = bool(why_anew(film)) and bool(forms)
    in_pieces = "hls" in forms
    pictures: tuple[VideoRenditionTask, ...] = ()
    if in_pieces:
        rows = ladder(film) if why_anew_in_pieces(film) else (None,)
        pictures = tuple(ask.pictures(made) for made in rows)
    elif anew:
        pictures = (ask.pictures(ladder(film)[0]),)
    copied = bool(pictures) and pictures[0].made is None
    return VideoPlan(
        film=film,
        thumbnail=ThumbnailTask(source=str(source), digest=digest, film=film, slug=slug),
        pictures=pictures,
        sound=ask.sound_pieces(copied=copied) if in_pieces else None,
        mp4=ask.mp4(pictures[0] if anew else None) if "mp4" in forms else None,
    )


def produced_video(plan: VideoPlan, forms: Collection[VideoForm]) -> MadeVideo:
    """The files that a carried out plan left in the artifact store."""
    made = plan.pictures[0].made if plan.pictures and why_anew(plan.film) else None
    return MadeVideo(
        duration_ms=plan.film.duration_ms,
        height=made.height if made else round(shown_size(plan.film)[1]),
        thumbnail=plan.thumbnail.file,
        mp4=plan.mp4.file if plan.mp4 else "",
        pictures=tuple(one.file for one in plan.pictures) if plan.sound else (),
        sound=plan.sound.file if plan.sound else "",
        notes=video_notes(plan.film, forms),
    )
