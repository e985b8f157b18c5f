"""`avsnitt build`: from a folder to a published tree.

    load      read what has changed; every Problem found stops nothing but the writing
    look      the pictures
    listen    a master in no published format is encoded, once
    dress     templates, static files, the frame that all pages share
    make      each episode's files, on every processor
    gather    the pages and the feeds that show many episodes
    finish    what is wanted no more is taken away, and what was done is remembered

An error in the show ends the run before `dress`: nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from avsnitt import routes
from avsnitt.content.settings import ShowSettings
from avsnitt.digests import combine, digest
from avsnitt.i18n import ui_language
from avsnitt.images.sizes import ImageSize
from avsnitt.model.show import Show
from avsnitt.problems.errors import ContentError, ExternalError, ProblemError
from avsnitt.problems.media_errors import ImageError
from avsnitt.show_files import CACHE_FOLDER, OUTPUT_FOLDER, SITE_FOLDER
from avsnitt.site.layout import FrameImages, site_frame
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import Stat, make_folder, read_bytes
from avsnitt.system.snapshot import Snapshot, forget_snapshot, program_name, read_snapshot
from avsnitt.work.fork_map import map_jobs
from avsnitt.work.progress import Progress, quiet
from avsnitt.workflow.build.alternates import alternate_sources, join_alternates
from avsnitt.workflow.build.choose_audio import AudioChooser
from avsnitt.workflow.build.context import (
    AudioSource,
    BuildContext,
    EpisodeBuilt,
    EpisodeJob,
    EpisodeResult,
)
from avsnitt.workflow.build.episode import build_episode
from avsnitt.workflow.build.feed_head_cache import FeedHeads
from avsnitt.workflow.build.feeds import make_feeds
from avsnitt.workflow.build.image_files import write_images
from avsnitt.workflow.build.images import LIMIT_BYTES as PICTURE_LIMIT_BYTES
from avsnitt.workflow.build.images import PublishedImages, plan_images
from avsnitt.workflow.build.journal import BuildJournal
from avsnitt.workflow.build.output import Output
from avsnitt.workflow.build.pages import make_pages
from avsnitt.workflow.build.plan_episodes import plan_episodes
from avsnitt.workflow.build.report import BuildReport, SnapshotRecord
from avsnitt.workflow.build.transcripts import other_languages
from avsnitt.workflow.load.show import Loaded, load_show
from avsnitt.workflow.produce.producer import AudioProducer

if TYPE_CHECKING:
    from avsnitt.work.backend import ExecutorOptions

PAGED: Final = "paged"
"""The step that keeps how many pages each paged feed has."""

_TOOLS: Final = (
    "jinja2",
    "avsnitt.images.io.convert",
    "avsnitt.audio.io.tags.id3",
    "avsnitt.audio.io.tags.write",
    "avsnitt.feed.rss_item",
    "avsnitt.site.pages",
)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def build_show(
    root: str,
    *,
    progress: Progress = quiet,
    out: str = OUTPUT_FOLDER,
    snapshot: Snapshot | None = None,
    crew: ExecutorOptions | None = None,
) -> tuple[BuildReport, SnapshotRecord | None]:
    """
    Build the show at `root` into its folder `out`.

    `snapshot` is what has changed since the last build, when that is known already; `crew` is who
    makes the sound. The footprint is None when a file was so new that its next change might not
    show.

    Raises:
        ContentError: the show has errors; nothing was written.
        ExternalError: the disk did not do what it was asked.
    """
    root = os.path.realpath(root)
    snapshot = snapshot or read_snapshot(root)
    forget_snapshot(root)
    store = BuildCache(f"{root}/{CACHE_FOLDER}", program_name())
    commit = False
    try:
        report, record = _Build(root, store, out, progress, snapshot, crew).run()
        commit = True
    except ContentError:
        commit = True
        raise
    finally:
        store.close(commit=commit)
    return report, record


class _Build:
    def __init__(
        self,
        root: str,
        store: BuildCache,
        out: str,
        progress: Progress,
        snapshot: Snapshot | None,
        crew: ExecutorOptions | None,
    ) -> None:
        self.snapshot = snapshot
        self.crew = crew
        self.root = root
        self.store = store
        self.folder = f"{root}/{out}"
        self.progress = progress
        self.journal = BuildJournal(f"{root}/{CACHE_FOLDER}/unfinished")
        self.embedded = store.read_kept("embedded")
        self.ready: dict[str, dict[ImageSize, bytes]] = {}

    def run(self) -> tuple[BuildReport, SnapshotRecord | None]:
        loaded = self.load()
        images = self.look(loaded)
        sources = self.choose(loaded)
        show = self.show
        strays = self.begin_writing()
        self.output = Output(self.folder, self.store, self.journal, strays, snapshot=self.snapshot)
        context = self.dress(show, images)
        outcomes = self.make(context, loaded, sources)
        self.gather(context, outcomes)
        self.output.finish()
        self.journal.end()
        stats = self.output.stats()
        return self.report(loaded, stats), self.record(loaded, stats)

    # load, look, listen

    def load(self) -> Loaded:
        loaded = load_show(
            self.root,
            self.store,
            done=lambda done: self.progress("read", done, 0),
            meanwhile=self.get_ready,
            snapshot=self.snapshot,
        )
        if loaded.show is None:
            raise ContentError(loaded.problems)
        self.show = loaded.show
        self.problems = list(loaded.problems)
        return loaded

    def get_ready(self, settings: ShowSettings) -> None:
        """While others read: import what making needs, and shrink the cover that most sound has."""
        for name in _TOOLS:
            import_module(name)
        try:
            self._develop(f"{SITE_FOLDER}/{settings.cover}")
        except (ProblemError, ImageError):
            return  # `look` will say what is wrong with it

    def look(self, loaded: Loaded) -> PublishedImages:
        images, problems = plan_images(self.root, self.show, loaded.inputs, self.store, self.ready)
        self.problems += problems
        self._stop_on_errors()
        return images

    def choose(self, loaded: Loaded) -> dict[str, AudioSource]:
        listener = AudioChooser(self.root, self.show, loaded.sounds, loaded.inputs, self.store)
        listened = listener.choose(AudioProducer(self.root, self.crew), self.progress)
        self.show = listened.show
        authored, problems = alternate_sources(self.root, self.show, loaded.inputs, self.store)
        self.problems += (*listened.problems, *problems)
        self._stop_on_errors()
        self.alternates = join_alternates(authored, listened.alternates)
        self.films = listened.films
        return dict(listened.sources)

    def _stop_on_errors(self) -> None:
        if any(found.severity == "error" for found in self.problems):
            raise ContentError(sorted(self.problems, key=lambda found: (found.where, found.code)))

    def begin_writing(self) -> frozenset[str]:
        """The paths that a stopped run may have made."""
        if os.path.islink(self.folder) or (
            os.path.exists(self.folder) and not os.path.isdir(self.folder)
        ):
            raise ExternalError(
                f"{self.folder}: not a folder", key="output-folder", values={"folder": self.folder}
            )
        make_folder(self.folder)
        return self.journal.begin(self.folder)

    # dress

    def dress(self, show: Show, images: PublishedImages) -> BuildContext:
        from avsnitt.site.io.templates import Templates, theme_files, user_cache_folder
        from avsnitt.system.locales import read_strings

        own = f"{self.root}/{SITE_FOLDER}"
        files = theme_files(Path(own, "templates"), Path(own, "static"))
        digests = {name: digest(path.read_bytes()) for name, path in files.items()}
        for name, path in files.items():
            if name.startswith("static/"):
                self.output.want(name, {"text": digests[name]}, path.read_bytes)
        templates = {n: d for n, d in digests.items() if n.startswith("templates/")}
        strings = read_strings(ui_language(show.language), "site", "time")
        frame_images = _frame_images(show, images)
        return BuildContext(
            show=show,
            images=images,
            top=site_frame(show, strings, root="", images=frame_images),
            frame=site_frame(show, strings, root="../", images=frame_images),
            templates=Templates(Path(own, "templates"), user_cache_folder()),
            templates_key=combine(templates),
            output=self.output,
            embedded=self._embedded(images),
            chapter_picture=self._chapter_picture,
            feed_words=lambda language: read_strings(ui_language(language), "feed"),
        )

    def _embedded(self, images: PublishedImages) -> Callable[[str], bytes | None]:
        """The cover to put in a sound file, made once a picture and kept."""

        @cache
        def embedded(source: str) -> bytes | None:
            return self._embed(source) if images.digest(source) else None

        return embedded

    def _chapter_picture(self, source: str) -> bytes:
        """A picture as a chapter in a sound file carries it."""
        from avsnitt.images.io.convert import chapter_picture

        return chapter_picture(Path(self.root, source))

    def _develop(self, source: str) -> None:
        """The show's cover for sound and for pages at once, where neither has been made."""
        name = digest(read_bytes(self.root, source, PICTURE_LIMIT_BYTES))
        if name in self.embedded:
            return
        from avsnitt.images.io.convert import prepare_cover

        self.embedded[name], self.ready[name] = prepare_cover(Path(self.root, source))

    def _embed(self, source: str) -> bytes:
        """A picture as sound files carry it. Raises ProblemError or ImageError."""
        name = digest(read_bytes(self.root, source, PICTURE_LIMIT_BYTES))
        if name not in self.embedded:
            from avsnitt.images.io.convert import embedded_cover

            self.embedded[name] = embedded_cover(Path(self.root, source))
        return self.embedded[name]

    # make

    def make(
        self, context: BuildContext, loaded: Loaded, sources: Mapping[str, AudioSource]
    ) -> dict[str, EpisodeResult]:
        kept = self.store.read_kept("outcome")
        decode = msgspec.msgpack.Decoder(EpisodeResult).decode
        outcomes: dict[str, EpisodeResult] = {}
        stale: list[EpisodeJob] = []
        for job in plan_episodes(context, loaded.keys, sources, self.alternates, self.films):
            slug = job.episode.slug
            before = decode(kept[slug]) if slug in kept else None
            if before is not None and self._stands(before, job):
                outcomes[slug] = before
                self.output.keep(before.paths)
            else:
                stale.append(job)
        self.journal.note_episodes(
            slug for job in stale for slug in (job.episode.slug, *job.episode.formerly)
        )
        self.journal.note_files(one.published for job in stale for one in job.alternates)
        self.journal.note_files(path for job in stale for path in other_languages(job.episode))
        self.journal.note_files(path for job in stale for path in _film_paths(context, job))
        for finished in self._run(context, stale):
            outcomes[finished.outcome.slug] = finished.outcome
            self._take_in(finished)
        fresh = (outcomes[job.episode.slug] for job in stale)
        self.store.keep("outcome", ((one.slug, _encode(one)) for one in fresh))
        self.store.forget("outcome", set(kept).difference(outcomes))
        return outcomes

    def _stands(self, before: EpisodeResult, job: EpisodeJob) -> bool:
        return before.parts == job.parts and all(map(self.output.stands, before.paths))

    def _take_in(self, finished: EpisodeBuilt) -> None:
        changed = set(finished.changed)
        for one in finished.made:
            self.output.record(one, changed=one.path in changed)
        self.output.keep(finished.outcome.paths)

    def _run(self, context: BuildContext, stale: list[EpisodeJob]) -> list[EpisodeBuilt]:
        if len(stale) > 1:
            self._warm_up(context, stale)
        total = len(stale)
        return map_jobs(
            partial(build_episode, context),
            stale,
            EpisodeBuilt,
            done=lambda done: self.progress("make", done, total),
        )

    def _warm_up(self, context: BuildContext, stale: list[EpisodeJob]) -> None:
        """What every worker would do again for itself is done before they part."""
        for path in ("media", "chapters", "transcripts", "episodes"):
            self.output.make_folder_of(f"{path}/x")
        if any(job.sound and not job.episode.cover for job in stale):
            context.embedded(context.show.cover.path)

    # gather

    def gather(self, context: BuildContext, outcomes: Mapping[str, EpisodeResult]) -> None:
        self.store.keep("embedded", self.embedded.items())
        sounds = {slug: one.sound for slug, one in outcomes.items() if one.sound}
        make_pages(context, outcomes, sounds)
        heads = FeedHeads(self.store)
        self.keep_paged(make_feeds(context, outcomes, heads))
        heads.keep()
        write_images(self.root, context.images, self.output, self.ready)

    def keep_paged(self, paged: Mapping[str, int]) -> None:
        """Remember which feeds are paged and in how many, for `check` to tell."""
        self.store.forget(PAGED, self.store.read_kept(PAGED).keys() - paged.keys())
        self.store.keep(PAGED, ((feed, str(count).encode()) for feed, count in paged.items()))

    # finish

    def report(self, loaded: Loaded, stats: list[tuple[str, Stat]]) -> BuildReport:
        return BuildReport(
            folder=self.folder,
            episodes=sum(1 for one in self.show.episodes if one.is_out),
            pages=sum(routes.is_page(path) for path, _ in stats),
            files=len(stats),
            changed=tuple(sorted(self.output.changed)),
            removed=tuple(sorted(self.output.removed)),
            problems=tuple(sorted(self.problems, key=lambda found: (found.where, found.code))),
            reasons=dict(sorted(self.output.reasons.items())),
            language=self.show.language,
            show=self.show,
            sounds=loaded.sounds,
        )

    def record(self, loaded: Loaded, stats: list[tuple[str, Stat]]) -> SnapshotRecord | None:
        own = [(found.path, found.stat) for found in loaded.inputs]
        places = [*own, *loaded.folders]
        if any(stat[1] >= loaded.settled_ns for _, stat in places):
            return None
        return SnapshotRecord(
            tuple((f"{self.root}/{path}", stat) for path, stat in own)
            + tuple((f"{self.folder}/{path}", stat) for path, stat in stats),
            tuple((f"{self.root}/{path}", stat) for path, stat in loaded.folders),
        )


def _film_paths(context: BuildContext, job: EpisodeJob) -> tuple[str, ...]:
    if job.film is None:
        return ()
    from avsnitt.workflow.build.video import video_paths

    return video_paths(job.film, job.episode, context.feed_words(job.episode.language))


def _frame_images(show: Show, images: PublishedImages) -> FrameImages:
    return FrameImages(
        cover=images.whole(show.cover.path),
        card=images.card(show.cover.path),
        shown=images.shown(show.cover.path, "show"),
        portraits={
            one.id: shown for one in show.people if (shown := images.shown(one.picture, "portrait"))
        },
        covers={
            one.slug: shown
            for one in show.episodes
            if one.cover and (shown := images.shown(one.cover.path, "cover"))
        },
    )
