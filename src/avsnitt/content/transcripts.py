"""An episode's transcripts: which files they are, in which languages, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from avsnitt.content.front_matter import FrontMatterFile, Read, add_file_findings
from avsnitt.content.schema.front_matter import EpisodeFields
from avsnitt.content.settings import LANGUAGE
from avsnitt.formats.transcripts.read import ENDINGS, parse_transcript
from avsnitt.formats.validation import spell_key_path
from avsnitt.model.message import message
from avsnitt.model.show import Transcript
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.finding import KeyPath
from avsnitt.problems.problem import Where
from avsnitt.vocabulary.languages import is_known_language

OF_ANY_NAME: Final = ("vtt", "srt")
"""A file that can be nothing but a transcript is one when there is one, whatever its name."""

USUAL_NAME: Final = "transcript"
IN_A_LANGUAGE: Final = re.compile(rf"{USUAL_NAME}\.([^.]+)\.({'|'.join(ENDINGS)})", re.IGNORECASE)

Named = Callable[[KeyPath, str], str]
"""The path of a file that front matter names, or nothing when it is not there (a problem)."""


class TranscriptToRead(Struct, frozen=True):
    """A transcript to read; `key` is where front matter names it."""

    path: str
    language: str
    key: KeyPath = ()


class TranscriptFinder:
    """Finds and reads the transcripts of one episode; what is wrong is reported to `source`."""

    def __init__(
        self,
        source: FrontMatterFile[EpisodeFields],
        fields: EpisodeFields,
        folder: str,
        names: tuple[str, ...],
        named: Named,
    ) -> None:
        self.source = source
        self.fields = fields
        self.folder = folder
        self.names = names
        self.named = named

    def read_all(
        self, language: str, read: Read, speakers: Iterable[str]
    ) -> tuple[Transcript, ...]:
        """One a language; that in `language`, the episode's own, first."""
        wanted = self._find(language)
        known = frozenset(speakers)
        ordered = sorted(wanted, key=lambda one: one.language.lower() != language.lower())
        read_ones = (self._read(one, read, known) for one in ordered)
        return tuple(one for one in read_ones if one is not None)

    def _find(self, language: str) -> list[TranscriptToRead]:
        written = self._written(language)
        taken = {one.language.lower() for one in written}
        found = self._usual(language) if language.lower() not in taken else []
        for other in self._in_languages():
            if other.language.lower() in taken:
                continue
            if any(one.language.lower() == other.language.lower() for one in found):
                self._duplicate((), other)
            found.append(other)
        return [*written, *found]

    def _written(self, language: str) -> list[TranscriptToRead]:
        """The transcripts that front matter names, each language once."""
        rows: list[TranscriptToRead] = []
        if self.fields.transcript:
            key: KeyPath = ("transcript",)
            rows.append(TranscriptToRead(self.named(key, self.fields.transcript), language, key))
        for number, row in enumerate(self.fields.transcripts):
            key = ("transcripts", number, "file")
            if not LANGUAGE.fullmatch(row.language):
                self._no_language(("transcripts", number, "language"))
            elif any(one.language.lower() == row.language.lower() for one in rows):
                self._duplicate(("transcripts", number), TranscriptToRead(row.file, row.language))
            else:
                rows.append(TranscriptToRead(self.named(key, row.file), row.language, key))
        return rows

    def _usual(self, language: str) -> list[TranscriptToRead]:
        taken = {row.file for row in self.fields.transcripts}
        free = [name for name in self.names if not IN_A_LANGUAGE.fullmatch(name)]
        usual = [name for name in free if name.rpartition(".")[0] == USUAL_NAME]
        texts = [name for name in free if _ending(name) in OF_ANY_NAME and name not in taken]
        chosen = _best(usual) or (texts[0] if len(texts) == 1 else "")
        return [TranscriptToRead(f"{self.folder}/{chosen}", language)] if chosen else []

    def _in_languages(self) -> list[TranscriptToRead]:
        """Files such as `transcript.en.vtt`, one a language, in the order of their names."""
        names: dict[str, list[str]] = {}
        for name in self.names:
            match = IN_A_LANGUAGE.fullmatch(name)
            if match is None:
                continue
            if LANGUAGE.fullmatch(match[1]) and is_known_language(match[1]):
                names.setdefault(match[1], []).append(name)
            elif all(name != row.file for row in self.fields.transcripts):
                where = Where(f"{self.folder}/{name}")
                found = problem("TRANSCRIPT-006", where, name=name, language=match[1])
                self.source.problems.append(found)
        return [
            TranscriptToRead(f"{self.folder}/{_best(group)}", language)
            for language, group in names.items()
        ]

    def _read(
        self, wanted: TranscriptToRead, read: Read, speakers: frozenset[str]
    ) -> Transcript | None:
        """The transcript, or None when there is none or it cannot be read."""
        path = wanted.path
        if not path:
            return None
        if _ending(path) not in ENDINGS:
            self.source.add_problem("TRANSCRIPT-003", wanted.key, name=path.rpartition("/")[2])
            return None
        try:
            text = read(path)
        except ProblemError as found:
            self.source.problems.append(found.problem)
            return None
        transcript, findings = parse_transcript(
            text, _ending(path), wanted.language, speakers=speakers
        )
        add_file_findings(self.source, path, findings)
        return transcript

    def _duplicate(self, key: KeyPath, wanted: TranscriptToRead) -> None:
        name = wanted.path.rpartition("/")[2]
        self.source.add_problem("TRANSCRIPT-005", key, name=name, language=wanted.language)

    def _no_language(self, key: KeyPath) -> None:
        expected = message("expected.language")
        self.source.add_problem("MATTER-004", key, key=spell_key_path(key), expected=expected)


def _best(names: Iterable[str]) -> str:
    """The one in the form that says most, of several that say the same."""
    known = [name for name in names if _ending(name) in ENDINGS]
    return min(known, key=lambda name: (ENDINGS.index(_ending(name)), name), default="")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
