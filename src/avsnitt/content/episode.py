"""`episodes/<n>-<slug>/`: a folder's texts to an Episode."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Final

import msgspec

from avsnitt.content.chapters import read_chapters, usual_file
from avsnitt.content.field_checks import check_name, parse_moment
from avsnitt.content.front_matter import FrontMatterFile, Read
from avsnitt.content.podcast20 import with_episode_elements
from avsnitt.content.schema.audio import resolve_audio_settings
from avsnitt.content.schema.fields import Time
from avsnitt.content.schema.front_matter import ChapterFields, CreditFields, EpisodeFields
from avsnitt.content.settings import LANGUAGE, ShowSettings
from avsnitt.content.transcripts import TranscriptFinder
from avsnitt.formats.timecode import parse_time
from avsnitt.formats.validation import spell_key_path
from avsnitt.i18n import clock
from avsnitt.model.audio import Track
from avsnitt.model.message import Message, message
from avsnitt.model.show import (
    Ask,
    Chapter,
    Correction,
    Episode,
    License,
    Picture,
    Source,
    Transcript,
)
from avsnitt.problems.codes import problem
from avsnitt.problems.finding import KeyPath
from avsnitt.problems.problem import Problem, Where
from avsnitt.show_files import episode_file
from avsnitt.vocabulary.licenses import LICENSES, find_license

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LIMIT: Final = 80
SOUND_ENDINGS: Final = frozenset(
    "mp3 m4a m4b mp4 m4v opus ogg oga flac wav wave aif aiff caf mka mkv mov webm aac wma".split()
)
PICTURE_ENDINGS: Final = frozenset(("png", "jpg", "jpeg"))

_FOLDER = re.compile(r"(?:(\d{1,6})-)?(.+)")


class EpisodeFolder(msgspec.Struct, frozen=True):
    """A folder under `episodes/`, by its path in the show, and the names in it, sorted."""

    path: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class ParsedEpisode(msgspec.Struct, frozen=True):
    """
    What one folder gave. `people` are still ids, so that a person's new bio does not make
    every episode they were in read anew; `published` is still text, since MessagePack, in which
    this is kept, would lose the offset; `episode` is None when `problems` has errors.
    `says_chapters`: whether it says which chapters there are, so that the recording need not.
    """

    episode: Episode | None
    published: str = ""
    people: tuple[CreditFields, ...] = ()
    with_hosts: bool = True
    says_chapters: bool = False
    problems: tuple[Problem, ...] = ()


def parse_episode(folder: EpisodeFolder, settings: ShowSettings, read: Read) -> ParsedEpisode:
    """Everything in an episode's folder but the sound and the pictures themselves."""
    number, slug, misnamed = _read_folder_name(folder)
    source = FrontMatterFile(episode_file(folder.path), EpisodeFields, read)
    if misnamed is not None:
        source.problems.append(misnamed)
    matter = source.matter
    if matter is None:
        return ParsedEpisode(None, problems=tuple(source.problems))
    episode = _EpisodeParser(folder, settings, source, matter, read).parse(number, slug)
    broken = any(found.severity == "error" for found in source.problems)
    return ParsedEpisode(
        None if broken else msgspec.structs.replace(episode, published=None),
        published=episode.published.isoformat() if episode.published else "",
        people=matter.people,
        with_hosts=matter.hosts,
        says_chapters=matter.chapters not in (None, "") or bool(usual_file(folder.names)),
        problems=tuple(source.problems),
    )


def suggest_slug(text: str) -> str:
    """An address for some words: `Vågar vi fråga?` gives `vagar-vi-fraga`."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_LIMIT].strip("-") or "avsnitt"


def _read_folder_name(folder: EpisodeFolder) -> tuple[int | None, str, Problem | None]:
    match = _FOLDER.fullmatch(folder.name)
    number, slug = (match[1], match[2]) if match else (None, folder.name)
    if SLUG.fullmatch(slug) and len(slug) <= SLUG_LIMIT:
        return (int(number) if number and int(number) else None), slug, None
    better = f"{number}-{suggest_slug(slug)}" if number else suggest_slug(slug)
    return None, slug, problem("SHOW-005", Where(folder.path), name=folder.name, better=better)


class _EpisodeParser:
    """One episode's front matter, looked through key by key."""

    def __init__(
        self,
        folder: EpisodeFolder,
        settings: ShowSettings,
        source: FrontMatterFile[EpisodeFields],
        matter: EpisodeFields,
        read: Read,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.source = source
        self.matter = matter
        self.read = read

    def parse(self, folder_number: int | None, slug: str) -> Episode:
        matter, settings = self.matter, self.settings
        language = matter.language or settings.language
        if not LANGUAGE.fullmatch(language):
            self._wrong(("language",), message("expected.language"))
        episode = Episode(
            slug=slug,
            guid=matter.guid,
            title=matter.title.strip(),
            folder=self.folder.path,
            language=language,
            license=self._license(),
            status=matter.status,
            type=matter.type,
            number=matter.number or (folder_number if matter.type == "full" else None),
            season=matter.season,
            published=self._published(),
            summary=matter.summary.strip(),
            question=matter.question.strip(),
            unknowns=matter.unknowns,
            host_note=matter.host_note.strip(),
            disclosure=matter.disclosure.strip(),
            notes=self.source.body,
            explicit=settings.explicit if matter.explicit is None else matter.explicit,
            chapters=self._chapters(),
            transcripts=self._transcripts(language),
            sound=self._sound(),
            cover=self._cover(),
            asks=tuple(self._asks()),
            corrections=tuple(self._corrections()),
            sources=tuple(self._sources()),
            thanks=matter.thanks,
            keywords=matter.keywords,
            expected=self._date(matter.expected, ("expected",)) if matter.expected else None,
            formerly=matter.formerly,
            tracks=self._tracks(),
            making=resolve_audio_settings(settings.making, matter.making),
        )
        return with_episode_elements(episode, self.source, self.folder.names, settings.timezone)

    def _license(self) -> License:
        matter, settings = self.matter, self.settings
        identifier = matter.license or settings.license
        url = matter.license_url if matter.license else settings.license_url
        found = find_license(identifier, url)
        if found is None:
            known = ", ".join(license.id for license in LICENSES.values())
            self._wrong(("license",), message("expected.license"), choices=known)
        return found or License(id=identifier, name=identifier)

    def _published(self) -> dt.datetime | None:
        if not self.matter.published:
            return None
        moment = parse_moment(self.matter.published, self.settings.timezone)
        if moment is None:
            self._wrong(("published",), message("expected.moment"))
        return moment

    def _tracks(self) -> tuple[Track, ...]:
        if self.matter.tracks and self.matter.sound:
            self.source.add_problem("SOUND-030", ("sound",), name=self.matter.sound)
        return tuple(
            Track(
                path=self._named(("tracks", number, "file"), one.file),
                person=one.person,
                gain_db=one.gain_db,
                at_ms=round(one.at_s * 1000),
            )
            for number, one in enumerate(self.matter.tracks)
        )

    def _sound(self) -> str:
        if self.matter.tracks:
            return f"{self.folder.path}/{self.matter.tracks[0].file}"
        if self.matter.sound:
            return self._named(("sound",), self.matter.sound)
        others = {one.file for one in self.matter.alternates}
        names = (name for name in self.folder.names if name not in others)
        found = [name for name in names if _ending(name) in SOUND_ENDINGS]
        if len(found) > 1:
            self.source.add_problem("EPISODE-002", names=", ".join(found))
        return f"{self.folder.path}/{found[0]}" if found else ""

    def _cover(self) -> Picture | None:
        matter = self.matter
        if matter.cover:
            path = self._named(("cover",), matter.cover)
        else:
            usual = (f"cover.{ending}" for ending in ("png", "jpg", "jpeg"))
            name = next((name for name in usual if name in self.folder.names), "")
            path = f"{self.folder.path}/{name}" if name else ""
        if path and not matter.cover_alt:
            self.source.add_problem("EPISODE-005", ("cover",), name=path.rpartition("/")[2])
        return Picture(path=path, alt=matter.cover_alt) if path else None

    def _transcripts(self, language: str) -> tuple[Transcript, ...]:
        hosts = self.settings.hosts if self.matter.hosts else ()
        speakers = (*(host.id for host in hosts), *(one.id for one in self.matter.people))
        folder = self.folder
        finder = TranscriptFinder(self.source, self.matter, folder.path, folder.names, self._named)
        return finder.read_all(language, self.read, speakers)

    def _chapters(self) -> tuple[Chapter, ...]:
        written = self.matter.chapters
        if written is None or isinstance(written, str):
            name = written or usual_file(self.folder.names)
            path = self._named(("chapters",), name) if name else ""
            return read_chapters(self.source, self.folder.names, path, self.read)
        chapters = tuple(self._chapter(*pair) for pair in enumerate(written))
        for number, (before, after) in enumerate(itertools.pairwise(chapters), 1):
            if after.start_ms <= before.start_ms:
                self.source.add_problem(
                    "CHAPTER-002", ("chapters", number), title=after.title or clock(after.start_ms)
                )
        return chapters

    def _chapter(self, number: int, chapter: ChapterFields) -> Chapter:
        path: KeyPath = ("chapters", number)
        image = self._named((*path, "image"), chapter.image) if chapter.image else ""
        return Chapter(
            start_ms=self._time(chapter.start, (*path, "start")) or 0,
            title=chapter.title.strip(),
            end_ms=self._time(chapter.end, (*path, "end")),
            url=chapter.url,
            image=image,
            hidden=chapter.hidden,
        )

    def _asks(self) -> list[Ask]:
        return [
            Ask(
                id=ask.id,
                text=ask.text.strip(),
                until=ask.until or "",
                status=ask.status,
                outcome=ask.outcome.strip(),
            )
            for ask in self.matter.asks
        ]

    def _corrections(self) -> list[Correction]:
        return [
            Correction(
                date=self._date(correction.date, ("corrections", number, "date")),
                was=correction.was,
                now=correction.now,
                at_ms=self._time(correction.at, ("corrections", number, "at")),
                thanks=correction.thanks,
            )
            for number, correction in enumerate(self.matter.corrections)
        ]

    def _sources(self) -> list[Source]:
        return [
            Source(
                title=source.title,
                url=source.url,
                at_ms=self._time(source.at, ("sources", number, "at")),
            )
            for number, source in enumerate(self.matter.sources)
        ]

    def _named(self, key: KeyPath, name: str) -> str:
        there = check_name(self.source, key, name, self.folder.names)
        return f"{self.folder.path}/{name}" if there else ""

    def _time(self, value: Time | None, path: KeyPath) -> int | None:
        if value is None:
            return None
        try:
            return parse_time(value)
        except ValueError:
            self._wrong(path, message("expected.time"))
            return None

    def _date(self, text: str, path: KeyPath) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._wrong(path, message("expected.date"))
            return dt.date.min

    def _wrong(self, path: KeyPath, expected: Message, **values: str) -> None:
        self.source.add_problem(
            "MATTER-004", path, key=spell_key_path(path), expected=expected, **values
        )


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
