"""Judges what an author wrote and recorded, before there is any feed, by the feed's own rules.

A rule is asked here only where a build leaves the fault in: what is written anew, or left out of
what is published, harms nobody. `MENDED` says which rules those are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from avsnitt.audio.containers.reader import ProbeResult
from avsnitt.checks.files import audio, chapters, transcripts
from avsnitt.checks.files import images as pictures
from avsnitt.checks.files.chapters import Marks
from avsnitt.checks.files.facts import ChapterFile, ImageRole
from avsnitt.checks.files.links import suffix_of
from avsnitt.checks.files.run_rules import run_rules
from avsnitt.checks.io.files import audio_file, probe_file, read_head, read_image
from avsnitt.digests import digest
from avsnitt.model.audio_formats import is_made
from avsnitt.model.podcast20 import PodcastImage
from avsnitt.model.show import AudioFacts, Episode, Show, Transcript
from avsnitt.problems.codes import problem_of
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.finding import Finding, Place, Subject
from avsnitt.problems.problem import Problem, Where
from avsnitt.show_files import EPISODE_FILE, episode_file
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import ListedFile, read_text
from avsnitt.work.fork_map import map_jobs
from avsnitt.workflow.build.alternates import AlternateSource
from avsnitt.workflow.load.locate import locate_finding

MENDED: Final = frozenset(
    "MED-007 IMG-002 CHP-001 CHP-011 TRN-002 TRN-003 TRN-005 TRN-006 TRN-007 TRN-008".split()
    + "TAG-001 TAG-002 TAG-003 TAG-004 TAG-005 TAG-006 TAG-007 TAG-008 TAG-009".split()
)
"""
The codes of what the build sets right: the index is put first, tags are written anew and old ones
left out, pictures are named by what they are, and chapters and transcripts are written from what
was read.
"""

LOOKED: Final = "looked"
CUT: Final = "cut"
"""Of the flaws a sound can have: what lies around the sound is not published."""

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(tuple[Problem, ...]).decode


class CheckedFiles(Struct, frozen=True):
    """The findings in one episode's files, under a key of all that they depend on."""

    key: str
    found: tuple[Problem, ...]


class SourceFiles(Struct, frozen=True):
    """
    A show's own files. `sounds` has each episode's facts by slug, and `alternates` what is to be
    published of its other forms; `inputs` shows when a file has changed.
    """

    root: str
    show: Show
    sounds: Mapping[str, AudioFacts]
    inputs: tuple[ListedFile, ...] = ()
    alternates: Mapping[str, tuple[AlternateSource, ...]] = {}


def check_sources(sources: SourceFiles, cache: BuildCache) -> tuple[Problem, ...]:
    """
    Return the findings of the rules on linked files for a show's own files, each in the file it
    is in. The findings of an episode are remembered until one of its files changes.
    """
    fresh = (one for one in _find(sources, cache) if one.code not in MENDED)
    return tuple(sorted(fresh, key=lambda one: (one.where, one.code)))


def _find(sources: SourceFiles, cache: BuildCache) -> Iterator[Problem]:
    """Of the show itself, and then episode by episode."""
    named = _named(sources)
    kept = cache.read_kept(LOOKED)
    stale = [key for key in named if key not in kept]
    checked = map_jobs(
        lambda key: CheckedFiles(key, _check_files(sources, named[key])), stale, CheckedFiles
    )
    fresh = {one.key: one.found for one in checked}
    cache.keep(LOOKED, ((key, _encode(found)) for key, found in fresh.items()))
    cache.forget(LOOKED, set(kept).difference(named))
    for key in named:
        yield from fresh[key] if key in fresh else _decode(kept[key])


def _check_files(sources: SourceFiles, episode: Episode | None) -> tuple[Problem, ...]:
    found = _EpisodeFiles(sources, episode) if episode else _ShowFiles(sources)
    return tuple(found.find())


def _named(sources: SourceFiles) -> dict[str, Episode | None]:
    """The show, as None, and every episode, each under a name of all that it is judged by."""
    show, stats = sources.show, _stats(sources.inputs)
    named: dict[str, Episode | None] = {}
    named[_name(show.cover.path, show.extras.images, stats.get("site"))] = None
    for episode in show.episodes:
        facts = sources.sounds.get(episode.slug)
        probed = [one.path for one in sources.alternates.get(episode.slug, ()) if one.facts]
        named[_name(episode, facts, probed, stats.get(episode.folder))] = episode
    return named


def _name(*parts: object) -> str:
    return digest(_encode(parts))


def _stats(inputs: Iterable[ListedFile]) -> dict[str, list[ListedFile]]:
    """The stat of each file, by the episode's folder that it is in, or by `site`."""
    stats: dict[str, list[ListedFile]] = {}
    for one in inputs:
        top, _, rest = one.path.partition("/")
        folder = top if top == "site" else f"{top}/{rest.partition('/')[0]}"
        stats.setdefault(folder, []).append(one)
    return stats


class _ShowFiles:
    """The files of the show itself, and what an episode's are judged by too."""

    def __init__(self, sources: SourceFiles) -> None:
        self.root = sources.root
        self.show = sources.show
        self.seen: set[tuple[str, ImageRole]] = set()

    def find(self) -> Iterator[Problem]:
        yield from self._picture(self.show.cover.path, "show")
        yield from self._images(self.show.extras.images)

    # Pictures

    def _picture(self, path: str, role: ImageRole) -> Iterator[Problem]:
        if (path, role) not in self.seen:
            self.seen.add((path, role))
            yield from self._check_files(path, role=role)

    def _images(self, images: Iterable[PodcastImage]) -> Iterator[Problem]:
        for image in images:
            if "://" not in image.file:
                shown = {"declared_width": image.width, "declared_height": image.height}
                yield from self._check_files(image.file, declared_ratio=image.aspect_ratio, **shown)

    def _check_files(self, path: str, **shown: Any) -> Iterator[Problem]:
        seen = read_image(f"{self.root}/{path}", suffix=suffix_of(path), **shown)
        if seen.error:
            return
        yield from (self._problem(path, finding) for finding in run_rules(pictures.RULES, seen))

    # Where a problem is reported

    def _problem(self, path: str, finding: Finding) -> Problem:
        name = path.rpartition("/")[2]
        line = finding.place.line
        where = Where(path, line, 0, finding.place.text or self._line(path, line))
        values = {"file": name, **finding.values}
        return problem_of(msgspec.structs.replace(finding, values=values), where)

    def _line(self, path: str, number: int) -> str:
        """The line that a finding is on, as it stands; empty where there is none."""
        if not number:
            return ""
        try:
            lines = self._read(path).split("\n")
        except ProblemError:
            return ""
        return lines[number - 1].rstrip() if number <= len(lines) else ""

    def _read(self, path: str) -> str:
        return read_text(self.root, path)


class _EpisodeFiles(_ShowFiles):
    """The files of one episode."""

    def __init__(self, sources: SourceFiles, episode: Episode) -> None:
        super().__init__(sources)
        self.episode = episode
        self.facts = sources.sounds.get(episode.slug)
        self.duration_ms = self.facts.duration_ms if self.facts else 0
        self.alternates = sources.alternates.get(episode.slug, ())

    def find(self) -> Iterator[Problem]:
        yield from self._pictures()
        yield from self._sounds()
        if self.episode.is_out:
            yield from self._chapters()
            yield from self._transcripts()

    def _pictures(self) -> Iterator[Problem]:
        if self.episode.cover:
            yield from self._picture(self.episode.cover.path, "episode")
        yield from self._images(self.episode.extras.images)
        for chapter in self.episode.chapters:
            if chapter.image and "://" not in chapter.image:
                yield from self._picture(chapter.image, "chapter")

    # Sound

    def _sounds(self) -> Iterator[Problem]:
        if self.episode.sound and self.facts is not None and not is_made(self.episode, self.facts):
            yield from self._sound(self.episode.sound, self.facts)
        probed = {Path(one.path): one.facts for one in self.alternates}
        for alternate in self.episode.alternates:
            facts = probed.get(Path(self.root, alternate.file)) if alternate.file else None
            if facts is not None:
                yield from self._sound(alternate.file, facts)

    def _sound(self, path: str, facts: AudioFacts) -> Iterator[Problem]:
        seen, size = probe_file(f"{self.root}/{path}")
        if not size:
            return
        flaws = tuple(flaw for flaw in seen.flaws if flaw == CUT)
        seen = msgspec.structs.replace(_measured(seen, facts), flaws=flaws)
        file = audio_file(seen, size, suffix=suffix_of(path))
        yield from (self._problem(path, finding) for finding in run_rules(audio.RULES, file))

    # Chapters and transcripts

    def _chapters(self) -> Iterator[Problem]:
        if not self.episode.chapters:
            return
        path, marks = self._written()
        if marks is not None:
            findings = run_rules(chapters.SOURCE_RULES, marks)
            yield from (self._problem(path, finding) for finding in findings)
            return
        lines = range(1, len(self.episode.chapters) + 1)
        marks = chapters.marks_of(self.episode.chapters, lines, self.duration_ms)
        for finding in run_rules(chapters.SOURCE_RULES, marks):
            yield self._in_front_matter(finding)

    def _written(self) -> tuple[str, Marks | None]:
        """The chapters file beside the episode, when it is what the chapters were read from."""
        path = f"{self.episode.folder}/chapters.json"
        text = read_head(f"{self.root}/{path}").decode("utf-8", "replace")
        if not text:
            return path, None
        marks = chapters.parse_marks(ChapterFile(text=text, duration_ms=self.duration_ms, own=True))
        starts = sorted(round(one.start * 1000) for one in marks.marks if one.start is not None)
        same = starts == [chapter.start_ms for chapter in self.episode.chapters]
        return path, marks if same else None

    def _in_front_matter(self, finding: Finding) -> Problem:
        """A chapter's number among the chapters leads to its line in the front matter."""
        line = finding.place.line
        placed = msgspec.structs.replace(
            finding,
            subject=Subject("file", episode_file(self.episode.folder)),
            place=Place(key=("chapters", line - 1) if line else ("chapters",)),
            values={"file": EPISODE_FILE, **finding.values},
        )
        return locate_finding(placed, self._read)

    def _transcripts(self) -> Iterator[Problem]:
        for transcript in self.episode.transcripts:
            for finding in _of_transcript(self.episode, transcript, self.duration_ms):
                yield self._problem(self._transcript_file(), finding)

    def _transcript_file(self) -> str:
        """The file that says it, when there can be no doubt; else the episode's own."""
        try:
            names = os.listdir(f"{self.root}/{self.episode.folder}")
        except OSError:
            names = []
        found = [name for name in names if suffix_of(name) in ("vtt", "srt")]
        return f"{self.episode.folder}/{found[0] if len(found) == 1 else EPISODE_FILE}"


def _measured(seen: ProbeResult, facts: AudioFacts) -> ProbeResult:
    """A probe result with what has been measured from end to end."""
    return msgspec.structs.replace(
        seen,
        duration_ms=facts.duration_ms,
        sample_rate_hz=facts.sample_rate_hz,
        channels=facts.channels,
        bitrate_bps=facts.bitrate_bps,
        video=facts.video,
    )


def _of_transcript(episode: Episode, transcript: Transcript, duration_ms: int) -> Iterator[Finding]:
    cues = transcript.cues
    people = tuple(dict.fromkeys(credit.person.name for credit in episode.credits))
    if cues and not any(cue.speaker for cue in cues):
        yield from transcripts.names_nobody(people)
    if transcript.timed:
        spans = [(cue.start_ms, cue.end_ms) for cue in cues]
        yield from transcripts.covers_little(spans, duration_ms)
