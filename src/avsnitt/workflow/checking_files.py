"""Judges what an author wrote and recorded, before there is any feed, by the feed's own rules.

A rule is asked here only where a build leaves the fault in: what is written anew, or left out of
what is published, harms nobody. `MENDED` says which rules those are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from avsnitt.adapters.files import read_text
from avsnitt.adapters.linked_files import glance_at, look_at_picture, read_some, sound_file
from avsnitt.checks.linked import chapters, pictures, sound, transcripts
from avsnitt.checks.linked.chapters import Marks
from avsnitt.checks.linked.facts import Breach, ChapterFile, PictureRole
from avsnitt.checks.linked.finding import find
from avsnitt.checks.linked.links import suffix_of
from avsnitt.errors import Problem, ProblemFound, Where
from avsnitt.findings import Finding
from avsnitt.media.glance import Glance
from avsnitt.model import Episode, Show, SoundFacts, Transcript
from avsnitt.podcasting import PodcastImage
from avsnitt.problems import problem
from avsnitt.workflow.placing import place_finding

TOLD_BY: Final[dict[str, str]] = {
    "MED-001": "SOUND-003",
    "MED-002": "SOUND-002",
    "MED-004": "FILE-005",
    "IMG-001": "PICTURE-003",
    "IMG-002": "PICTURE-001",
    "CHP-001": "CHAPTER-001",
    "CHP-002": "CHAPTER-002",
    "TRN-002": "TRANSCRIPT-001",
    "TRN-003": "TRANSCRIPT-001",
    "TRN-004": "TRANSCRIPT-004",
    "TRN-006": "TRANSCRIPT-001",
    "TRN-007": "TRANSCRIPT-001",
}
"""Rules whose breach in a show's own files is told under another code, by the checks of content."""

MENDED: Final = frozenset(
    "MED-007 IMG-002 CHP-001 CHP-011 TRN-002 TRN-003 TRN-005 TRN-006 TRN-007 TRN-008".split()
    + "TAG-001 TAG-002 TAG-003 TAG-004 TAG-005 TAG-006 TAG-007 TAG-008 TAG-009".split()
)
"""
What the build sets right: the index is put first, tags are written anew and old ones left out,
pictures are named by what they are, and chapters and transcripts are written from what was read.
"""

MASTERS: Final = ("wav", "aiff", "other")
"""What is encoded before it is published, and so judged when it has been."""

CUT: Final = "cut"
"""Of the flaws a sound can have: what lies around the sound is not published."""


def check_sources(
    root: str,
    show: Show,
    sounds: Mapping[str, SoundFacts],
    told: Iterable[Problem] = (),
) -> tuple[Problem, ...]:
    """
    What the rules on linked files say of a show's own, each in the file it is in.

    `sounds` has each episode's facts by slug. `told` is what has been said already: what one of
    the codes of `TOLD_BY` says of a file is not said of it again.
    """
    said = {(found.where.path, found.code) for found in told}
    found = _Sources(root, show, sounds).find()
    fresh = (
        one
        for one in found
        if one.code not in MENDED and (one.where.path, TOLD_BY.get(one.code, "")) not in said
    )
    return tuple(sorted(fresh, key=lambda one: (one.where, one.code)))


class _Sources:
    def __init__(self, root: str, show: Show, sounds: Mapping[str, SoundFacts]) -> None:
        self.root = root
        self.show = show
        self.sounds = sounds
        self.seen: set[tuple[str, PictureRole]] = set()

    def find(self) -> Iterator[Problem]:
        yield from self._picture(self.show.cover.path, "show")
        yield from self._images(self.show.extras.images)
        for episode in self.show.episodes:
            yield from self._pictures(episode)
            yield from self._sounds(episode)
            if episode.is_out:
                yield from self._chapters(episode)
                yield from self._transcripts(episode)

    # Sound

    def _sounds(self, episode: Episode) -> Iterator[Problem]:
        facts = self.sounds.get(episode.slug)
        if episode.sound and facts is not None and facts.format not in MASTERS:
            yield from self._sound(episode.sound, facts)
        for alternate in episode.alternates:
            if alternate.file:
                yield from self._sound(alternate.file, None)

    def _sound(self, path: str, facts: SoundFacts | None) -> Iterator[Problem]:
        seen, size = glance_at(f"{self.root}/{path}")
        if not size:
            return
        flaws = tuple(flaw for flaw in seen.flaws if flaw == CUT)
        seen = msgspec.structs.replace(_measured(seen, facts), flaws=flaws)
        file = sound_file(seen, size, suffix=suffix_of(path))
        yield from (self._problem(path, breach) for breach in find(sound.RULES, file))

    # Pictures

    def _pictures(self, episode: Episode) -> Iterator[Problem]:
        if episode.cover:
            yield from self._picture(episode.cover.path, "episode")
        yield from self._images(episode.extras.images)
        for chapter in episode.chapters:
            if chapter.image and "://" not in chapter.image:
                yield from self._picture(chapter.image, "chapter")

    def _picture(self, path: str, role: PictureRole) -> Iterator[Problem]:
        if (path, role) not in self.seen:
            self.seen.add((path, role))
            yield from self._look(path, role=role)

    def _images(self, images: Iterable[PodcastImage]) -> Iterator[Problem]:
        for image in images:
            if "://" not in image.file:
                told = {"declared_width": image.width, "declared_height": image.height}
                yield from self._look(image.file, declared_ratio=image.aspect_ratio, **told)

    def _look(self, path: str, **told: Any) -> Iterator[Problem]:
        seen = look_at_picture(f"{self.root}/{path}", suffix=suffix_of(path), **told)
        if seen.trouble:
            return
        yield from (self._problem(path, breach) for breach in find(pictures.RULES, seen))

    # Chapters and transcripts

    def _chapters(self, episode: Episode) -> Iterator[Problem]:
        if not episode.chapters:
            return
        facts = self.sounds.get(episode.slug)
        duration_ms = facts.duration_ms if facts else 0
        path, marks = self._written(episode, duration_ms)
        if marks is not None:
            breaches = find(chapters.SOURCE_RULES, marks)
            yield from (self._problem(path, breach) for breach in breaches)
            return
        lines = range(1, len(episode.chapters) + 1)
        marks = chapters.marks_of(episode.chapters, lines, duration_ms)
        for breach in find(chapters.SOURCE_RULES, marks):
            yield self._in_matter(episode, breach)

    def _written(self, episode: Episode, duration_ms: int) -> tuple[str, Marks | None]:
        """The chapters file beside the episode, when it is what the chapters were read from."""
        path = f"{episode.folder}/chapters.json"
        text = read_some(f"{self.root}/{path}").decode("utf-8", "replace")
        if not text:
            return path, None
        marks = chapters.read_marks(ChapterFile(text=text, duration_ms=duration_ms, own=True))
        starts = sorted(round(one.start * 1000) for one in marks.marks if one.start is not None)
        same = starts == [chapter.start_ms for chapter in episode.chapters]
        return path, marks if same else None

    def _in_matter(self, episode: Episode, breach: Breach) -> Problem:
        """A chapter's number among the chapters leads to its line in the front matter."""
        key = ("chapters", breach.line - 1) if breach.line else ("chapters",)
        values = {"file": "episode.md", **breach.values}
        finding = Finding(breach.code, f"{episode.folder}/episode.md", key, values)
        return _weighed(place_finding(finding, self._read), breach)

    def _read(self, path: str) -> str:
        return read_text(self.root, path)

    def _transcripts(self, episode: Episode) -> Iterator[Problem]:
        facts = self.sounds.get(episode.slug)
        for transcript in episode.transcripts:
            duration_ms = facts.duration_ms if facts else 0
            for breach in _of_transcript(episode, transcript, duration_ms):
                yield self._problem(self._transcript_file(episode), breach)

    def _transcript_file(self, episode: Episode) -> str:
        """The file that says it, when there can be no doubt; else the episode's own."""
        try:
            names = os.listdir(f"{self.root}/{episode.folder}")
        except OSError:
            names = []
        found = [name for name in names if suffix_of(name) in ("vtt", "srt")]
        return f"{episode.folder}/{found[0] if len(found) == 1 else 'episode.md'}"

    def _problem(self, path: str, breach: Breach) -> Problem:
        name = path.rpartition("/")[2]
        where = Where(path, breach.line, 0, breach.text or self._line(path, breach.line))
        return _weighed(problem(breach.code, where, **{"file": name, **breach.values}), breach)

    def _line(self, path: str, number: int) -> str:
        """The line that a breach is on, as it stands; empty where there is none."""
        if not number:
            return ""
        try:
            lines = self._read(path).split("\n")
        except ProblemFound:
            return ""
        return lines[number - 1].rstrip() if number <= len(lines) else ""


def _measured(seen: Glance, facts: SoundFacts | None) -> Glance:
    """A glance with what has been measured from end to end."""
    if facts is None:
        return seen
    return msgspec.structs.replace(
        seen,
        duration_ms=facts.duration_ms,
        sample_rate_hz=facts.sample_rate_hz,
        channels=facts.channels,
        bitrate_bps=facts.bitrate_bps,
        video=facts.video,
    )


def _of_transcript(episode: Episode, transcript: Transcript, duration_ms: int) -> Iterator[Breach]:
    cues = transcript.cues
    people = tuple(dict.fromkeys(credit.person.name for credit in episode.credits))
    if cues and not any(cue.speaker for cue in cues):
        yield from transcripts.names_nobody(people)
    if transcript.timed:
        spans = [(cue.start_ms, cue.end_ms) for cue in cues]
        yield from transcripts.covers_little(spans, duration_ms)


def _weighed(found: Problem, breach: Breach) -> Problem:
    """A Problem that weighs what the breach does."""
    if breach.severity is None:
        return found
    return msgspec.structs.replace(found, severity=breach.severity)
