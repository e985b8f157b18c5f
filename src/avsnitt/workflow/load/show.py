"""From a folder to a Show: what is on disk is listed, what has changed is read, and every
Problem is collected. Nothing is written but the build's own memory.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from avsnitt import show_files
from avsnitt.checks.show.rules import Checked, find_problems
from avsnitt.content.episode import ParsedEpisode
from avsnitt.content.people import Parsed, parse_page, parse_person
from avsnitt.content.settings import STAND_IN, ShowSettings, parse_show_settings
from avsnitt.content.show import assemble_show
from avsnitt.digests import digest
from avsnitt.model.show import AudioFacts, Person, Show, ShowPage
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ContentError, ProblemError
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.clock import now_ns
from avsnitt.system.files import TEXT_LIMIT_BYTES, ListedFile, Stat, read_bytes, read_text
from avsnitt.system.snapshot import Snapshot
from avsnitt.work.fork_map import map_jobs
from avsnitt.workflow.load.episode import (
    EpisodeReader,
    ReadEpisode,
    ReadingJob,
    episode_key,
    is_text,
    texts_key,
)
from avsnitt.workflow.load.list_files import Listing
from avsnitt.workflow.load.locate import locate_finding
from avsnitt.workflow.load.probe_audio import ProbedAudio, audio_stat, use_embedded_chapters

_SETTLED_NS: Final = 20_000_000
"""A file whose time is younger than this may change again without a new time."""

T = TypeVar("T")


class Loaded(Struct, frozen=True):
    """
    A show and all that is wrong with it. `show` is None when there are errors; `draft` is what
    could be read of it all the same.

    `sounds` has each episode's facts by slug; `keys` names each episode's texts by slug;
    `inputs` and `folders` are what was looked at, so that the next run can see that nothing of
    it has changed. What is younger than `settled_ns` may change again without a new time.
    """

    show: Show | None
    problems: tuple[Problem, ...]
    sounds: dict[str, AudioFacts]
    keys: dict[str, str]
    inputs: tuple[ListedFile, ...]
    folders: tuple[tuple[str, Stat], ...]
    settled_ns: int
    settings: ShowSettings | None = None
    draft: Show | None = None


def load_show(  # noqa: PLR0913 - each is a different thing
    root: str,
    cache: BuildCache,
    *,
    now: dt.datetime | None = None,
    done: Callable[[int], None] = lambda _: None,
    meanwhile: Callable[[ShowSettings], None] = lambda _: None,
    snapshot: Snapshot | None = None,
    with_former: bool = True,
) -> Loaded:
    """
    Read the show at `root` (an absolute, real path).

    With `now`, rules that need a clock are asked too. `meanwhile` is done while others read.
    Folders that `snapshot` has found as they were are not listed again. Without `with_former`
    nothing is compared with what was published before.
    """
    return _ShowLoader(root, cache, done, meanwhile, snapshot).load(now, with_former=with_former)


def _has_error(problems: Iterable[Problem]) -> bool:
    return any(found.severity == "error" for found in problems)


class _ShowLoader:
    def __init__(
        self,
        root: str,
        cache: BuildCache,
        done: Callable[[int], None],
        meanwhile: Callable[[ShowSettings], None],
        snapshot: Snapshot | None,
    ) -> None:
        self.listing = Listing(root, snapshot)
        self.root = root
        self.cache = cache
        self.done = done
        self.meanwhile = meanwhile
        self.problems: list[Problem] = []
        self.inputs: list[ListedFile] = []
        self.folders: list[tuple[str, Stat]] = []
        self.seen = cache.read_seen()
        self.newly_seen: list[tuple[str, Stat, str]] = []
        self.settled_ns = now_ns() - _SETTLED_NS
        self.settings = b""

    def load(self, now: dt.datetime | None, *, with_former: bool) -> Loaded:
        settings = self._read_settings()
        if settings is None and not self.settings:
            return self._loaded(None, None, (), {})
        settings = settings or STAND_IN
        people = self._read_all(
            show_files.PEOPLE_FOLDER, "person", Parsed[Person], self._parse_person
        )
        pages = self._read_all(show_files.PAGES_FOLDER, "page", Parsed[ShowPage], self._parse_page)
        read = [use_embedded_chapters(one) for one in self._read_episodes(settings)]
        self.cache.write_seen(self.newly_seen)
        self._list_tree(show_files.TEMPLATES_FOLDER)
        self._list_tree(show_files.STATIC_FOLDER)
        parsed = [one for _, one, _ in read]
        files = {found.path for found in self.inputs}
        show, findings = assemble_show(settings, people, pages, parsed, files)
        sounds = self._gather_sounds(read)
        if any(facts.video or facts.format == "flac" for facts in sounds.values()):
            show = self._as_published(show, sounds)
        broken = self._place(findings) or _has_error(self.problems)
        self._place(find_problems(Checked(show, sounds, now, whole=not broken)))
        if with_former and not broken:
            moments = {one.episode.slug: one.published for one in parsed if one.episode}
            self._read_former(show, sounds, moments, now)
        keys = {one.episode.slug: key for key, one, _ in read if one.episode is not None}
        return self._loaded(show, settings, tuple(sounds.items()), keys)

    def _loaded(
        self,
        show: Show | None,
        settings: ShowSettings | None,
        sounds: Iterable[tuple[str, AudioFacts]],
        keys: dict[str, str],
    ) -> Loaded:
        unique = {msgspec.json.encode(found): found for found in self.problems}
        problems = tuple(sorted(unique.values(), key=lambda found: (found.where, found.code)))
        return Loaded(
            None if _has_error(problems) else show,
            problems,
            dict(sounds),
            keys,
            tuple(self.inputs),
            tuple(self.folders),
            self.settled_ns,
            settings,
            show if settings is not STAND_IN else None,
        )

    def _place(self, findings: Iterable[Finding]) -> bool:
        placed = [locate_finding(finding, self._read) for finding in findings]
        self.problems += placed
        return _has_error(placed)

    def _as_published(self, show: Show, sounds: dict[str, AudioFacts]) -> Show:
        from avsnitt.workflow.load.publication import as_published

        return as_published(self.root, show, sounds)

    def _read_former(
        self,
        show: Show,
        sounds: dict[str, AudioFacts],
        moments: dict[str, str],
        now: dt.datetime | None,
    ) -> None:
        if not any(found.path == show_files.LOCK_PATH for found in self.inputs):
            return
        from avsnitt.workflow.load.publication import (
            check_publication,
            plan_publication,
            read_lock_file,
        )

        try:
            record = read_lock_file(self.root)
        except ContentError as error:
            self.problems += error.problems
            return
        if record is not None:
            planned = plan_publication(show, sounds, moments=moments)
            self._place(check_publication(show, record, planned, now))

    # Files

    def _read(self, path: str) -> str:
        return read_text(self.root, path)

    def _list(self, folder: str) -> tuple[list[ListedFile], list[str]]:
        try:
            stat, files, folders = self.listing.look(folder, self.problems.append)
        except ProblemError as found:
            self.problems.append(found.problem)
            return [], []
        if stat is not None:
            self.folders.append((folder, stat))
        self.inputs += files
        return files, folders

    def _list_tree(self, folder: str) -> None:
        _, folders = self._list(folder)
        for inner in folders:
            self._list_tree(inner)

    def _digest(self, found: ListedFile) -> str:
        """A text's digest: remembered, or read now; empty when it cannot be read."""
        known = self.seen.get(found.path)
        if known is not None and known[0] == found.stat:
            return known[1]
        try:
            name = digest(read_bytes(self.root, found.path, TEXT_LIMIT_BYTES))
        except ProblemError:
            return ""
        self._remember([(found.path, found.stat, name)])
        return name

    def _remember(self, rows: Iterable[tuple[str, Stat, str]]) -> None:
        self.newly_seen += (row for row in rows if row[1][1] < self.settled_ns)

    # The show, its people and its pages

    def _read_settings(self) -> ShowSettings | None:
        files, _ = self._list("site")
        if not any(found.path == show_files.SETTINGS_PATH for found in files):
            if not self.problems:
                self.problems.append(problem("SHOW-001", Where(show_files.SETTINGS_PATH)))
            return None
        try:
            text = self._read(show_files.SETTINGS_PATH)
        except ProblemError as found:
            self.problems.append(found.problem)
            return None
        self.settings = text.encode()
        settings, problems = parse_show_settings(text)
        self.problems += problems
        if settings and f"site/{settings.cover}" not in {found.path for found in files}:
            finding = finding_in_file(
                "SHOW-008", show_files.SETTINGS_PATH, ("cover",), {"name": settings.cover}
            )
            self._place([finding])
        if settings:
            self._place(_missing_images(settings, {found.path for found in files}))
        return settings

    def _read_all(
        self,
        folder: str,
        step: str,
        shape: type[Parsed[T]],
        parse: Callable[[str, tuple[str, ...]], Parsed[T]],
    ) -> list[T]:
        files, _ = self._list(folder)
        names = tuple(found.path.rpartition("/")[2] for found in files)
        kept = self.cache.read_kept(step)
        decode = msgspec.json.Decoder(shape).decode
        fresh: dict[str, bytes] = {}
        values = []
        for found in files:
            if not found.path.endswith(".md"):
                continue
            key = texts_key(found.path, names, [self._digest(found)])
            if key in kept:
                fresh[key] = kept[key]
                parsed = decode(kept[key])
            else:
                parsed = parse(found.path, names)
                fresh[key] = msgspec.json.encode(parsed)
            self.problems += parsed.problems
            if parsed.value is not None:
                values.append(parsed.value)
        self._replace(step, kept, fresh)
        return values

    def _parse_person(self, path: str, names: tuple[str, ...]) -> Parsed[Person]:
        return parse_person(path, names, self._read)

    def _parse_page(self, path: str, _: tuple[str, ...]) -> Parsed[ShowPage]:
        return parse_page(path, self._read)

    def _replace(self, step: str, kept: dict[str, bytes], fresh: dict[str, bytes]) -> None:
        self.cache.keep(step, ((key, fresh[key]) for key in fresh if kept.get(key) != fresh[key]))
        self.cache.forget(step, (key for key in kept if key not in fresh))

    # Episodes

    def _read_episodes(
        self, settings: ShowSettings
    ) -> list[tuple[str, ParsedEpisode, ProbedAudio | None]]:
        kept = self.cache.read_kept("episode")
        decode_sound = msgspec.msgpack.Decoder(ProbedAudio).decode
        probed = {path: decode_sound(data) for path, data in self.cache.read_kept("sound").items()}
        decode = msgspec.msgpack.Decoder(ParsedEpisode).decode
        read: dict[str, tuple[str, ParsedEpisode, ProbedAudio | None]] = {}
        jobs: list[ReadingJob] = []
        order: list[str] = []
        for folder, files in self._list_episodes():
            order.append(folder)
            key = self._known_key(folder, files)
            parsed = decode(kept[key]) if key in kept else None
            sound = self._known_sound(parsed, files, probed) if parsed else None
            if parsed is None or (sound is None and parsed.episode and parsed.episode.sound):
                known = tuple(probed[one.path] for one in files if one.path in probed)
                jobs.append(ReadingJob(folder, files, key, kept.get(key, b""), known))
            else:
                read[folder] = (key, parsed, sound)
        fresh = self._run(jobs, settings)
        for job, one in zip(jobs, fresh, strict=True):
            self._remember(one.seen)
            read[job.folder] = (one.key, decode(one.parsed), one.sound)
        self._keep_episodes(kept, probed, fresh, read.values())
        rows = [read[folder] for folder in order]
        for _, parsed, _ in rows:
            self.problems += parsed.problems
        return rows

    def _keep_episodes(
        self,
        kept: dict[str, bytes],
        probed: dict[str, ProbedAudio],
        fresh: list[ReadEpisode],
        read: Iterable[tuple[str, ParsedEpisode, ProbedAudio | None]],
    ) -> None:
        rows = list(read)
        self.cache.keep("episode", ((one.key, one.parsed) for one in fresh if one.key not in kept))
        self.cache.forget("episode", set(kept).difference(key for key, _, _ in rows))
        sounds = [one.sound for one in fresh if one.sound and one.sound.stat[1] < self.settled_ns]
        self.cache.keep("sound", ((one.path, msgspec.msgpack.encode(one)) for one in sounds))
        used = {sound.path for _, _, sound in rows if sound}
        self.cache.forget("sound", set(probed).difference(used))

    def _list_episodes(self) -> Iterable[tuple[str, tuple[ListedFile, ...]]]:
        _, folders = self._list(show_files.EPISODES_FOLDER)
        for folder in folders:
            files, _ = self._list(folder)
            yield folder, tuple(files)

    def _known_key(self, folder: str, files: tuple[ListedFile, ...]) -> str:
        """The key of an episode's texts when all have been seen as they are; else empty."""
        digests = []
        for found in files:
            if is_text(found.path):
                known = self.seen.get(found.path)
                if known is None or known[0] != found.stat:
                    return ""
                digests.append(known[1])
        return episode_key(folder, files, self.settings, digests)

    def _known_sound(
        self, parsed: ParsedEpisode, files: tuple[ListedFile, ...], probed: dict[str, ProbedAudio]
    ) -> ProbedAudio | None:
        sound = probed.get(parsed.episode.sound) if parsed.episode else None
        if sound is None or parsed.episode is None:
            return None
        stat = audio_stat(parsed.episode, {found.path: found.stat for found in files})
        return sound if stat == sound.stat else None

    def _run(self, jobs: list[ReadingJob], settings: ShowSettings) -> list[ReadEpisode]:
        reader = EpisodeReader(self.root, settings, self.settings)
        return map_jobs(
            reader.read,
            jobs,
            ReadEpisode,
            done=self.done,
            meanwhile=lambda: self.meanwhile(settings),
        )

    def _gather_sounds(
        self, read: Iterable[tuple[str, ParsedEpisode, ProbedAudio | None]]
    ) -> dict[str, AudioFacts]:
        sounds = {}
        for _, parsed, sound in read:
            if sound is not None and sound.problem is not None:
                self.problems.append(sound.problem)
            if sound is not None and sound.facts is not None and parsed.episode is not None:
                sounds[parsed.episode.slug] = sound.facts
        return sounds


def _missing_images(settings: ShowSettings, files: set[str]) -> Iterable[Finding]:
    for number, image in enumerate(settings.images):
        if image.file and f"site/{image.file}" not in files:
            values = {"name": image.file, "near": ""}
            yield finding_in_file(
                "FILE-005", show_files.SETTINGS_PATH, ("images", number, "file"), values
            )
