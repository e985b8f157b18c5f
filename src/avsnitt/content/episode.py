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
        """The last part of the folder's path."""
        return self.path.rpartition("/")[2]


class ParsedEpisode(msgspec.Struct, frozen=True):
    """
    The result of parsing one folder. `people` are still ids, so that a person's new bio does
    not make every episode they were in parsed again; `published` is still text, since
    MessagePack, in which this is kept, would lose the offset; `episode` is None when `problems`
    has errors. `says_chapters` is true when the folder says which chapters there are, so that
    those of the recording are not used.
    """

    episode: Episode | None
    published: str = ""
    people: tuple[CreditFields, ...] = ()
    with_hosts: bool = True
    says_chapters: bool = False
    problems: tuple[Problem, ...] = ()


def parse_episode(folder: EpisodeFolder, settings: ShowSettings, read: Read) -> ParsedEpisode:
    """Everything in an episode's folder but the sound and the pictures themselves."""
    number, slug, misnamed = _parse_folder_name(folder)
    source = FrontMatterFile(episode_file(folder.path), EpisodeFields, read)
    if misnamed is not None:
        source.problems.append(misnamed)
    fields = source.fields
    if fields is None:
        return ParsedEpisode(None, problems=tuple(source.problems))
    episode = _EpisodeParser(folder, settings, source, fields, read).parse(number, slug)
    broken = any(found.severity == "error" for found in source.problems)
    return ParsedEpisode(
        None if broken else msgspec.structs.replace(episode, published=None),
        published=episode.published.isoformat() if episode.published else "",
        people=fields.people,
        with_hosts=fields.hosts,
        says_chapters=fields.chapters not in (None, "") or bool(usual_file(folder.names)),
        problems=tuple(source.problems),
    )


def suggest_slug(text: str) -> str:
    """An address for some words: `Vågar vi fråga?` gives `vagar-vi-fraga`."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_LIMIT].strip("-") or "avsnitt"


def _parse_folder_name(folder: EpisodeFolder) -> tuple[int | None, str, Problem | None]:
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
        fields: EpisodeFields,
        read: Read,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.source = source
        self.fields = fields
        self.read = read

    def parse(self, folder_number: int | None, slug: str) -> Episode:
        fields, settings = self.fields, self.settings
        language = fields.language or settings.language
        if not LANGUAGE.fullmatch(language):
            self._wrong(("language",), message("expected.language"))
        episode = Episode(
            slug=slug,
            guid=fields.guid,
            title=fields.title.strip(),
            folder=self.folder.path,
            language=language,
            license=self._license(),
            status=fields.status,
            type=fields.type,
            number=fields.number or (folder_number if fields.type == "full" else None),
            season=fields.season,
            published=self._published(),
            summary=fields.summary.strip(),
            question=fields.question.strip(),
            unknowns=fields.unknowns,
            host_note=fields.host_note.strip(),
            disclosure=fields.disclosure.strip(),
            notes=self.source.body,
            explicit=settings.explicit if fields.explicit is None else fields.explicit,
            chapters=self._chapters(),
            transcripts=self._transcripts(language),
            sound=self._sound(),
            cover=self._cover(),
            asks=tuple(self._asks()),
            corrections=tuple(self._corrections()),
            sources=tuple(self._sources()),
            thanks=fields.thanks,
            keywords=fields.keywords,
            expected=self._date(fields.expected, ("expected",)) if fields.expected else None,
            formerly=fields.formerly,
            tracks=self._tracks(),
            making=resolve_audio_settings(settings.making, fields.making),
        )
        return with_episode_elements(episode, self.source, self.folder.names, settings.timezone)

    def _license(self) -> License:
        fields, settings = self.fields, self.settings
        identifier = fields.license or settings.license
        url = fields.license_url if fields.license else settings.license_url
        found = find_license(identifier, url)
        if found is None:
            known = ", ".join(license.id for license in LICENSES.values())
            self._wrong(("license",), message("expected.license"), choices=known)
        return found or License(id=identifier, name=identifier)

    def _published(self) -> dt.datetime | None:
        if not self.fields.published:
            return None
        moment = parse_moment(self.fields.published, self.settings.timezone)
        if moment is None:
            self._wrong(("published",), message("expected.moment"))
        return moment

    def _tracks(self) -> tuple[Track, ...]:
        if self.fields.tracks and self.fields.sound:
            self.source.add_problem("SOUND-030", ("sound",), name=self.fields.sound)
        return tuple(
            Track(
                path=self._named(("tracks", number, "file"), one.file),
                person=one.person,
                gain_db=one.gain_db,
                at_ms=round(one.at_s * 1000),
            )
            for number, one in enumerate(self.fields.tracks)
        )

    def _sound(self) -> str:
        if self.fields.tracks:
            return f"{self.folder.path}/{self.fields.tracks[0].file}"
        if self.fields.sound:
            return self._named(("sound",), self.fields.sound)
        others = {one.file for one in self.fields.alternates}
        names = (name for name in self.folder.names if name not in others)
        found = [name for name in names if _ending(name) in SOUND_ENDINGS]
        if len(found) > 1:
            self.source.add_problem("EPISODE-002", names=", ".join(found))
        return f"{self.folder.path}/{found[0]}" if found else ""

    def _cover(self) -> Picture | None:
        fields = self.fields
        if fields.cover:
            path = self._named(("cover",), fields.cover)
        else:
            usual = (f"cover.{ending}" for ending in ("png", "jpg", "jpeg"))
            name = next((name for name in usual if name in self.folder.names), "")
            path = f"{self.folder.path}/{name}" if name else ""
        if path and not fields.cover_alt:
            self.source.add_problem("EPISODE-005", ("cover",), name=path.rpartition("/")[2])
        return Picture(path=path, alt=fields.cover_alt) if path else None

    def _transcripts(self, language: str) -> tuple[Transcript, ...]:
        hosts = self.settings.hosts if self.fields.hosts else ()
        speakers = (*(host.id for host in hosts), *(one.id for one in self.fields.people))
        folder = self.folder
        finder = TranscriptFinder(self.source, self.fields, folder.path, folder.names, self._named)
        return finder.read_all(language, self.read, speakers)

    def _chapters(self) -> tuple[Chapter, ...]:
        written = self.fields.chapters
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
            for ask in self.fields.asks
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
            for number, correction in enumerate(self.fields.corrections)
        ]

    def _sources(self) -> list[Source]:
        return [
            Source(
                title=source.title,
                url=source.url,
                at_ms=self._time(source.at, ("sources", number, "at")),
            )
            for number, source in enumerate(self.fields.sources)
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
