"""`avsnitt clip`: a part of an episode as a file of its own, to take elsewhere."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.audio.mix.retime import retime_episode
from avsnitt.audio.tag_plan import TagPlan, plan_tags
from avsnitt.clips.font_coverage import missing
from avsnitt.clips.selection import (
    ClipRange,
    ClipRequest,
    choose_parts,
    clip_name,
    clip_tags,
    find_episode,
    is_clip_of,
)
from avsnitt.i18n import ui_language
from avsnitt.model.show import AudioFacts, Episode, Show
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ContentError, UsageError
from avsnitt.problems.media_errors import AudioError, ImageError
from avsnitt.problems.problem import Where
from avsnitt.system.build_cache import open_build_cache
from avsnitt.system.files import make_folder
from avsnitt.work.progress import Progress, quiet
from avsnitt.workflow.load.show import load_show
from avsnitt.workflow.produce.producer import AudioProducer
from avsnitt.workflow.produce.recipe import RecipeFinder

FOLDER: Final = "clips"
SOUND: Final = ".mp3"
FILM: Final = ".mp4"


class MadeClip(Struct, frozen=True, kw_only=True):
    """
    One clip: its files, how many captions its film shows, and the characters of its words that
    the font has no letters for.
    """

    files: tuple[str, ...]
    title: str
    start_ms: int
    end_ms: int
    captions: int = 0
    missing: tuple[str, ...] = ()


def make_clips(
    root: str, order: ClipRequest, *, out: str = "", size: int = 1080, progress: Progress = quiet
) -> tuple[MadeClip, ...]:
    """
    Cut parts out of an episode. With `order.film` there is an audiogram too, a square of `size`
    pixels. `out` is a file name for a single part; ending in `.mp4` it asks for the film alone.

    Raises UsageError for what is not there or in the way, and ContentError when the show,
    its sound or its cover cannot be used.
    """
    root = os.path.realpath(root)
    endings = _endings(out, film=order.film)
    order = msgspec.structs.replace(order, film=FILM in endings)
    probed = _probe(root, order.slug, progress)
    episode = probed.episode
    parts = choose_parts(order, episode, probed.duration_ms)
    if out and len(parts) > 1:
        raise UsageError(out, key="clip.one-name", values={"path": out})
    stems = [_stem(out) or f"{FOLDER}/{clip_name(episode.slug, part)}" for part in parts]
    files = [tuple(f"{stem}{ending}" for ending in endings) for stem in stems]
    _check_targets(root, episode, [path for paths in files for path in paths])
    total_ms = sum(part.duration_ms for part in parts) * len(endings)
    cutting = _ClipMaker(root, probed, size, _OverallProgress(progress, total_ms))
    return tuple(cutting.make(part, paths) for part, paths in zip(parts, files, strict=True))


def _endings(out: str, *, film: bool) -> tuple[str, ...]:
    ending = os.path.splitext(out)[1].lower()
    if ending not in ("", SOUND, FILM):
        raise UsageError(out, key="clip.bad-ending", values={"path": out})
    if ending == FILM:
        return (FILM,)
    return (SOUND, FILM) if film else (SOUND,)


def _stem(out: str) -> str:
    stem, ending = os.path.splitext(out)
    return stem if ending.lower() in (SOUND, FILM) else out


class _PublishedEpisode(Struct, frozen=True):
    """An episode with its times in the sound that listeners hear, and where that sound is."""

    show: Show
    episode: Episode
    path: Path
    duration_ms: int


def _probe(root: str, slug: str, progress: Progress) -> _PublishedEpisode:
    """Sound that has not been made yet is made now: a clip is as loud as the episode."""
    with open_build_cache(root) as cache:
        loaded = load_show(root, cache)
        if loaded.show is None:
            raise ContentError(loaded.problems)
        show = loaded.show
        episode = find_episode(slug, show.episodes)
        facts = loaded.sounds.get(episode.slug)
        if facts is None:
            raise UsageError(episode.slug, key="clip.no-sound", values={"slug": episode.slug})
        recipe = RecipeFinder(root, show, loaded.sounds, loaded.inputs, cache).recipe(episode)
    recorded = Path(root, episode.sound)
    if recipe is None:
        return _PublishedEpisode(show, episode, recorded, facts.duration_ms)
    producer = AudioProducer(root)
    made, errors = producer.produce({episode.slug: recipe}, progress)
    if errors:
        raise ContentError(errors)
    one = made[episode.slug]
    form = one.forms[0]
    path = producer.store.path(form.file) if form.file else recorded
    return _PublishedEpisode(
        show, retime_episode(episode, one.moved), path, form.analysis.duration_ms
    )


def _check_targets(root: str, episode: Episode, paths: list[str]) -> None:
    """Refuse to write over a file that is not an older clip of the same episode."""
    from avsnitt.clips.io.files import read_mark

    for path in paths:
        target = os.path.join(root, path)
        if os.path.lexists(target) and not is_clip_of(read_mark(Path(target)), episode.guid):
            raise UsageError(path, key="clip.taken", values={"path": path})
        make_folder(os.path.dirname(target))


class _OverallProgress:
    """All files together, as one piece of work."""

    def __init__(self, progress: Progress, total_ms: int) -> None:
        self.progress = progress
        self.total_ms = total_ms
        self.before_ms = 0

    def report_ms(self, done_ms: int) -> None:
        self.progress("clip", self.before_ms + done_ms, self.total_ms)

    def add(self, done_ms: int) -> None:
        self.before_ms += done_ms
        self.report_ms(0)


class _ClipMaker:
    def __init__(
        self, root: str, probed: _PublishedEpisode, size: int, tally: _OverallProgress
    ) -> None:
        self.root = root
        self.probed = probed
        self.show = probed.show
        self.episode = probed.episode
        self.size = size
        self.tally = tally
        cover = self.episode.cover
        self.cover = cover.path if cover else self.show.cover.path

    def make(self, part: ClipRange, files: tuple[str, ...]) -> MadeClip:
        made = MadeClip(
            files=files,
            title=part.title or self.episode.title,
            start_ms=part.start_ms,
            end_ms=part.end_ms,
        )
        for path in files:
            target = Path(self.root, path)
            try:
                if path.endswith(FILM):
                    made = self._film(part, target, made)
                else:
                    self._sound(part, target)
            except AudioError as error:
                raise self._content_error(self.episode.sound, error) from error
            except ImageError as error:
                raise self._content_error(self.cover, error) from error
            self.tally.add(part.duration_ms)
        return made

    @staticmethod
    def _content_error(path: str, error: AudioError | ImageError) -> ContentError:
        return ContentError([problem(error.code, Where(path), **error.words)])

    def _sound(self, part: ClipRange, target: Path) -> None:
        from avsnitt.clips.io.audio import find_cut
        from avsnitt.clips.io.files import write_audio_clip
        from avsnitt.images.io.convert import embedded_cover

        cut = find_cut(self.probed.path, part.start_ms, part.end_ms)
        cover = embedded_cover(Path(self.root, self.cover))
        write_audio_clip(cut, target, self._tags(part), cover, self.tally.report_ms)

    def _film(self, part: ClipRange, target: Path, made: MadeClip) -> MadeClip:
        from avsnitt.clips.audiogram_layout import lay_out
        from avsnitt.clips.captions import cues_inside, lay_captions
        from avsnitt.clips.io.audio import find_cut
        from avsnitt.clips.io.audiogram import AudiogramContent
        from avsnitt.clips.io.audiogram_scene import StillContent
        from avsnitt.clips.io.files import write_video_clip
        from avsnitt.clips.io.text import text_width

        transcript = self.episode.transcript
        cues = (
            cues_inside(transcript.cues, part.start_ms, part.end_ms)
            if transcript and transcript.timed
            else ()
        )
        layout = lay_out(self.size, captions=bool(cues))
        measure = partial(text_width, weight="SemiBold", px=layout.caption_px)
        captions = lay_captions(cues, measure, layout.caption_width)
        still = StillContent(
            cover=f"{self.root}/{self.cover}",
            show=self.show.title,
            title=made.title,
            address=self.show.address.partition("://")[2],
        )
        cut = find_cut(self.probed.path, part.start_ms, part.end_ms)
        film = AudiogramContent(still, layout, captions)
        write_video_clip(cut, target, self._tags(part), film, self.tally.report_ms)
        words = (still.show, still.title, *(f"{cue.speaker}{cue.text}" for cue in cues))
        lost = missing("".join(words))
        return msgspec.structs.replace(made, captions=len(captions), missing=lost)

    def _tags(self, part: ClipRange) -> TagPlan:
        from avsnitt.system.locales import read_strings

        show, episode = self.show, self.episode
        page = routes.absolute(show.address, routes.episode_page(episode.slug))
        facts = AudioFacts(format="mp3", duration_ms=part.duration_ms, digest="")
        feed = routes.absolute(show.address, routes.FEED)
        whole = plan_tags(show, episode, facts, feed_url=feed, page_url=page)
        words = read_strings(ui_language(episode.language), "clip")
        description = words("clip.description", title=episode.title, page=f"{page}{part.fragment}")
        return clip_tags(whole, episode, part, description)
