"""`avsnitt build`: from a folder to a published tree.

    load                 read what has changed; a problem stops nothing but the writing
    plan_images          find the pictures
    choose_audio         find or make the sound of each episode
    prepare_theme        templates, static files, the frame that all pages share
    build_episodes       each episode's files, on every processor
    build_shared_pages   the pages and the feeds that show many episodes
    finish               take away what is wanted no more, remember what was done

Each phase is a function that gets what it needs and returns what it made. An error in the show ends
the run before `prepare_theme`: nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.content.settings import ShowSettings
from avsnitt.model.show import Show
from avsnitt.problems.errors import ContentError, ExternalError, ProblemError
from avsnitt.problems.media_errors import ImageError
from avsnitt.problems.problem import Problem
from avsnitt.show_files import CACHE_FOLDER, OUTPUT_FOLDER, SITE_FOLDER
from avsnitt.system.build_cache import BuildCache, open_build_cache
from avsnitt.system.disk import exists, is_folder
from avsnitt.system.files import Stat, make_folder
from avsnitt.system.snapshot import Snapshot, forget_snapshot, read_snapshot
from avsnitt.work.fork_map import map_jobs
from avsnitt.work.progress import Progress, quiet
from avsnitt.workflow.build.alternates import AlternateSource, alternate_sources, join_alternates
from avsnitt.workflow.build.choose_audio import AudioChooser
from avsnitt.workflow.build.context import (
    AudioSource,
    BuildContext,
    EpisodeBuilt,
    EpisodeJob,
    EpisodeResult,
    VideoSource,
)
from avsnitt.workflow.build.cover_images import CoverImages
from avsnitt.workflow.build.episode import build_episode
from avsnitt.workflow.build.feeds import FeedHeads, make_feeds
from avsnitt.workflow.build.image_files import write_images
from avsnitt.workflow.build.images import plan_images
from avsnitt.workflow.build.journal import BuildJournal
from avsnitt.workflow.build.output import Output
from avsnitt.workflow.build.pages import make_pages
from avsnitt.workflow.build.plan_episodes import plan_episodes
from avsnitt.workflow.build.report import BuildReport, SnapshotRecord
from avsnitt.workflow.build.theme import prepare_theme
from avsnitt.workflow.build.transcripts import other_languages
from avsnitt.workflow.load.show import Loaded, load_show
from avsnitt.workflow.produce.producer import AudioProducer

if TYPE_CHECKING:
    from avsnitt.work.backend import ExecutorOptions

PAGED: Final = "paged"
"""The step that keeps how many pages each paged feed has."""
RESULTS: Final = "outcome"
"""The step that keeps what each episode came to."""

_TOOLS: Final = (
    "jinja2",
    "avsnitt.images.io.convert",
    "avsnitt.audio.io.tags.id3",
    "avsnitt.audio.io.tags.write",
    "avsnitt.feed.rss_item",
    "avsnitt.site.pages",
)

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class BuildRun(Struct, frozen=True, kw_only=True):
    """The parameters of one build: the show at `root` (a real path) into `folder`."""

    root: str
    folder: str
    cache: BuildCache
    progress: Progress
    snapshot: Snapshot | None
    executor: ExecutorOptions | None

    @property
    def journal(self) -> BuildJournal:
        """The journal of builds that have not ended, in the show's cache folder."""
        return BuildJournal(f"{self.root}/{CACHE_FOLDER}/unfinished")


class ShowMedia(Struct, frozen=True, kw_only=True):
    """
    The show as it will be published, with the sources of each episode's sound, other forms and
    film by slug. `problems` are all that have been found, sorted by place.
    """

    show: Show
    audio: Mapping[str, AudioSource]
    alternates: Mapping[str, tuple[AlternateSource, ...]]
    videos: Mapping[str, VideoSource]
    problems: tuple[Problem, ...]


def build_show(
    root: str,
    *,
    progress: Progress = quiet,
    out: str = OUTPUT_FOLDER,
    snapshot: Snapshot | None = None,
    executor: ExecutorOptions | None = None,
) -> tuple[BuildReport, SnapshotRecord | None]:
    """
    Build the show at `root` into its folder `out`.

    `snapshot` is what has changed since the last build, when that is known already; `executor`
    says what makes the sound. The record is None when a file was so new that its next change
    might not show.

    Raises:
        ContentError: the show has errors; nothing was written.
        ExternalError: the disk did not do what it was asked.
    """
    root = os.path.realpath(root)
    snapshot = snapshot or read_snapshot(root)
    forget_snapshot(root)
    with open_build_cache(root) as cache:
        return _build(
            BuildRun(
                root=root,
                folder=f"{root}/{out}",
                cache=cache,
                progress=progress,
                snapshot=snapshot,
                executor=executor,
            )
        )


def _build(run: BuildRun) -> tuple[BuildReport, SnapshotRecord | None]:
    covers = CoverImages(run.root, run.cache)
    loaded, show = load(run, covers)
    images, problems = plan_images(
        run.root, show, loaded.inputs, run.cache, proven=covers.page_sizes
    )
    _stop_on_errors([*loaded.problems, *problems])
    media = choose_audio(run, loaded, show, (*loaded.problems, *problems))
    output = begin_output(run)
    context = prepare_theme(run.root, media.show, images, covers, output)
    results = build_episodes(run, context, loaded, media)
    build_shared_pages(run, context, results)
    covers.keep()
    write_images(run.root, images, output, covers.page_sizes)
    output.finish()
    run.journal.end()
    stats = output.stats()
    return _report(run, loaded, media, output, stats), _record(run, loaded, stats)


def load(run: BuildRun, covers: CoverImages) -> tuple[Loaded, Show]:
    """
    Load the show. While worker processes parse, prepare what the next phases need. Raises
    ContentError when the show has errors.
    """

    def prepare(settings: ShowSettings) -> None:
        for name in _TOOLS:
            import_module(name)
        try:
            covers.prepare(f"{SITE_FOLDER}/{settings.cover}")
        except (ProblemError, ImageError):
            return  # `plan_images` will say what is wrong with it

    loaded = load_show(
        run.root,
        run.cache,
        done=lambda done: run.progress("read", done, 0),
        meanwhile=prepare,
        snapshot=run.snapshot,
    )
    if loaded.show is None:
        raise ContentError(loaded.problems)
    return loaded, loaded.show


def choose_audio(
    run: BuildRun, loaded: Loaded, show: Show, problems: Iterable[Problem]
) -> ShowMedia:
    """Find or make the sound of every episode. Raises ContentError where the show has errors."""
    chooser = AudioChooser(run.root, show, loaded.sounds, loaded.inputs, run.cache)
    chosen = chooser.choose(AudioProducer(run.root, run.executor), run.progress)
    authored, refused = alternate_sources(run.root, chosen.show, loaded.inputs, run.cache)
    found = [*problems, *chosen.problems, *refused]
    _stop_on_errors(found)
    return ShowMedia(
        show=chosen.show,
        audio=chosen.sources,
        alternates=join_alternates(authored, chosen.alternates),
        videos=chosen.films,
        problems=_sorted(found),
    )


def _stop_on_errors(problems: Iterable[Problem]) -> None:
    found = _sorted(problems)
    if any(one.severity == "error" for one in found):
        raise ContentError(found)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda found: (found.where, found.code)))


def begin_output(run: BuildRun) -> Output:
    """
    The tree to write, once the journal says that a run has begun.

    Raises ExternalError where something else than a folder is in its place.
    """
    folder = run.folder
    if os.path.islink(folder) or (exists(folder) and not is_folder(folder)):
        raise ExternalError(
            f"{folder}: not a folder", key="output-folder", values={"folder": folder}
        )
    make_folder(folder)
    journal = run.journal
    strays = journal.begin(folder)
    return Output(folder, run.cache, journal, strays, snapshot=run.snapshot)


def build_episodes(
    run: BuildRun, context: BuildContext, loaded: Loaded, media: ShowMedia
) -> dict[str, EpisodeResult]:
    """
    Return the result of each episode, by slug: as it was kept, or built anew when it has
    changed.
    """
    kept = run.cache.read_kept(RESULTS)
    decode = msgspec.msgpack.Decoder(EpisodeResult).decode
    results: dict[str, EpisodeResult] = {}
    stale: list[EpisodeJob] = []
    for job in plan_episodes(context, loaded.keys, media.audio, media.alternates, media.videos):
        slug = job.episode.slug
        before = decode(kept[slug]) if slug in kept else None
        if before is not None and _is_intact(before, job, context.output):
            results[slug] = before
            context.output.keep(before.paths)
        else:
            stale.append(job)
    _note_in_journal(run.journal, context, stale)
    for built in _build_stale(run, context, stale):
        results[built.outcome.slug] = built.outcome
        _record_built(context.output, built)
    fresh = (results[job.episode.slug] for job in stale)
    run.cache.keep(RESULTS, ((one.slug, _encode(one)) for one in fresh))
    run.cache.forget(RESULTS, set(kept).difference(results))
    return results


def _is_intact(before: EpisodeResult, job: EpisodeJob, output: Output) -> bool:
    return before.parts == job.parts and all(map(output.stands, before.paths))


def _note_in_journal(
    journal: BuildJournal, context: BuildContext, stale: Iterable[EpisodeJob]
) -> None:
    """Everything that the jobs may write, before they do."""
    jobs = list(stale)
    journal.note_episodes(
        slug for job in jobs for slug in (job.episode.slug, *job.episode.formerly)
    )
    journal.note_files(one.published for job in jobs for one in job.alternates)
    journal.note_files(path for job in jobs for path in other_languages(job.episode))
    journal.note_files(path for job in jobs for path in _video_paths(context, job))


def _video_paths(context: BuildContext, job: EpisodeJob) -> tuple[str, ...]:
    if job.film is None:
        return ()
    from avsnitt.workflow.build.video import video_paths

    return video_paths(job.film, job.episode, context.feed.feed_words(job.episode.language))


def _build_stale(
    run: BuildRun, context: BuildContext, stale: list[EpisodeJob]
) -> list[EpisodeBuilt]:
    if len(stale) > 1:
        _warm_up(context, stale)
    return map_jobs(
        partial(build_episode, context),
        stale,
        EpisodeBuilt,
        done=lambda done: run.progress("make", done, len(stale)),
    )


def _warm_up(context: BuildContext, stale: Iterable[EpisodeJob]) -> None:
    """Do once, before the workers are forked, what each of them would do again."""
    for path in ("media", "chapters", "transcripts", "episodes"):
        context.output.make_folder_of(f"{path}/x")
    if any(job.sound and not job.episode.cover for job in stale):
        context.embedded(context.show.cover.path)


def _record_built(output: Output, built: EpisodeBuilt) -> None:
    changed = set(built.changed)
    for one in built.made:
        output.record(one, changed=one.path in changed)
    output.keep(built.outcome.paths)


def build_shared_pages(
    run: BuildRun, context: BuildContext, results: Mapping[str, EpisodeResult]
) -> None:
    """The pages and the feeds that show many episodes."""
    sounds = {slug: one.sound for slug, one in results.items() if one.sound}
    make_pages(context, results, sounds)
    heads = FeedHeads(run.cache)
    _keep_paged(run.cache, make_feeds(context, results, heads))
    heads.keep()


def _keep_paged(cache: BuildCache, paged: Mapping[str, int]) -> None:
    """Remember which feeds are paged and in how many, for `check` to report."""
    cache.forget(PAGED, cache.read_kept(PAGED).keys() - paged.keys())
    cache.keep(PAGED, ((feed, str(count).encode()) for feed, count in paged.items()))


def _report(
    run: BuildRun,
    loaded: Loaded,
    media: ShowMedia,
    output: Output,
    stats: list[tuple[str, Stat]],
) -> BuildReport:
    return BuildReport(
        folder=run.folder,
        episodes=sum(1 for one in media.show.episodes if one.is_out),
        pages=sum(routes.is_page(path) for path, _ in stats),
        files=len(stats),
        changed=tuple(sorted(output.changed)),
        removed=tuple(sorted(output.removed)),
        problems=media.problems,
        reasons=dict(sorted(output.reasons.items())),
        language=media.show.language,
        show=media.show,
        sounds=loaded.sounds,
    )


def _record(run: BuildRun, loaded: Loaded, stats: list[tuple[str, Stat]]) -> SnapshotRecord | None:
    own = [(found.path, found.stat) for found in loaded.inputs]
    places = [*own, *loaded.folders]
    if any(stat[1] >= loaded.settled_ns for _, stat in places):
        return None
    return SnapshotRecord(
        tuple((f"{run.root}/{path}", stat) for path, stat in own)
        + tuple((f"{run.folder}/{path}", stat) for path, stat in stats),
        tuple((f"{run.root}/{path}", stat) for path, stat in loaded.folders),
    )
