"""Rules over a whole show. Each is a small function; the table at the end is the list."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from avsnitt.config import PATH
from avsnitt.findings import Finding
from avsnitt.i18n import clock
from avsnitt.model import Episode, Show, SoundFacts
from avsnitt.vocabulary.roles import ROLE_NAMES

APPLE_FORMATS: Final = ("mp3", "m4a")
"""What Apple takes as an enclosure (A Podcaster's Guide to RSS, "enclosure")."""

MASTERS: Final = ("wav", "aiff", "other")
"""What is encoded before it is published."""

EXAMPLES: Final = tuple(
    "test example invalid localhost example.com example.net example.org".split()
)
"""Names that nobody can own (RFC 2606, sections 2 and 3)."""

_NUMBERED = re.compile(r"\b(?:s\d+\s*e\d+|(?:episode|ep|avsnitt|del)\.?\s*\d+)\b|#\d+", re.I)
_HOST: Final = re.compile(r"https?://([^/:?#]+)")
_EXAMPLE_ENDS: Final = tuple(f".{name}" for name in EXAMPLES)
_SLACK_MS: Final = 2000


class Checked(msgspec.Struct, frozen=True):
    """What the rules look at. `now` is None where no clock may be read, as in a build.

    Without `whole`, something could not be read, and what only seems to be missing is not told.
    """

    show: Show
    sounds: Mapping[str, SoundFacts]
    now: dt.datetime | None = None
    whole: bool = True


def find_all(checked: Checked) -> Iterator[Finding]:
    """Every rule's findings, rule by rule."""
    for rule in RULES:
        if checked.whole or rule not in OF_THE_WHOLE:
            yield from rule(checked)


def _file(episode: Episode) -> str:
    return f"{episode.folder}/episode.md"


def duplicate_slugs(checked: Checked) -> Iterator[Finding]:
    yield from _duplicates(checked, "SHOW-002", lambda episode: episode.slug, ())


def duplicate_guids(checked: Checked) -> Iterator[Finding]:
    yield from _duplicates(checked, "SHOW-003", lambda episode: episode.guid, ("guid",))


def duplicate_numbers(checked: Checked) -> Iterator[Finding]:
    def number(episode: Episode) -> str:
        if episode.number is None or episode.type != "full":
            return ""
        return f"{episode.season or 1}/{episode.number}"

    for finding in _duplicates(checked, "SHOW-006", number, ("number",)):
        season, _, value = finding.values["value"].partition("/")
        values = {**finding.values, "value": value, "season": season}
        yield msgspec.structs.replace(finding, values=values)


def _duplicates(
    checked: Checked, code: str, name: Callable[[Episode], str], key: tuple[str, ...]
) -> Iterator[Finding]:
    groups: dict[str, list[Episode]] = defaultdict(list)
    for episode in checked.show.episodes:
        groups[name(episode)].append(episode)
    for value, episodes in groups.items():
        if not value or len(episodes) < 2:
            continue
        files = sorted(_file(episode) for episode in episodes)
        for file in files[1:]:
            yield Finding(code, file, key, {"value": value, "other": files[0]})


def nothing_published(checked: Checked) -> Iterator[Finding]:
    if not any(episode.is_out for episode in checked.show.episodes):
        yield Finding("SHOW-007", PATH)


def example_address(checked: Checked) -> Iterator[Finding]:
    """A demonstration says that it is not for real, and may live at an example."""
    found = _HOST.match(checked.show.address)
    if found and not checked.show.demonstration and f".{found[1]}".lower().endswith(_EXAMPLE_ENDS):
        yield Finding("SHOW-012", PATH, ("address",), {"host": found[1]})


def published_without_sound(checked: Checked) -> Iterator[Finding]:
    for episode in checked.show.episodes:
        if episode.status != "planned" and not episode.sound:
            values: dict[str, str] = {"status": episode.status}
            yield Finding("EPISODE-001", _file(episode), ("status",), values)


def published_without_date(checked: Checked) -> Iterator[Finding]:
    for episode in checked.show.episodes:
        if episode.is_out and episode.published is None:
            yield Finding("EPISODE-003", _file(episode), ("status",))


def published_ahead(checked: Checked) -> Iterator[Finding]:
    for episode in checked.show.episodes:
        if checked.now and episode.is_out and episode.published and episode.published > checked.now:
            yield Finding("EPISODE-008", _file(episode), ("published",))


def no_transcript(checked: Checked) -> Iterator[Finding]:
    for episode in _out(checked):
        if episode.transcript is None or not episode.transcript.cues:
            yield Finding("EPISODE-004", _file(episode))


def no_people(checked: Checked) -> Iterator[Finding]:
    for episode in _out(checked):
        if not episode.credits:
            yield Finding("EPISODE-006", _file(episode))


def no_summary(checked: Checked) -> Iterator[Finding]:
    for episode in _out(checked):
        if not (episode.summary or episode.notes):
            yield Finding("EPISODE-010", _file(episode))


def title_says_too_much(checked: Checked) -> Iterator[Finding]:
    """Apple: a title carries no number and not the show's title (Podcaster's Guide, title)."""
    show_title = checked.show.title.casefold()
    whole = re.compile(rf"(?<!\w){re.escape(show_title)}(?!\w)")
    for episode in _out(checked):
        title = episode.title.casefold()
        named = show_title and title != show_title and whole.search(title)
        if named or _NUMBERED.search(title):
            yield Finding("EPISODE-007", _file(episode), ("title",), {"title": episode.title})


def chapters_out_of_range(checked: Checked) -> Iterator[Finding]:
    for episode, facts in _heard(checked):
        for number, chapter in enumerate(episode.chapters):
            if chapter.start_ms >= facts.duration_ms:
                values = {"title": chapter.title or clock(chapter.start_ms)}
                yield Finding("CHAPTER-003", _file(episode), ("chapters", number), values)


def transcript_out_of_range(checked: Checked) -> Iterator[Finding]:
    for episode, facts in _heard(checked):
        ends = (one.cues[-1].end_ms for one in episode.transcripts if one.cues)
        if max(ends, default=0) > facts.duration_ms + _SLACK_MS:
            yield Finding("TRANSCRIPT-002", _file(episode))


def unknown_speakers(checked: Checked) -> Iterator[Finding]:
    for episode in _out(checked):
        if not episode.credits:
            continue
        names = {credit.person.name for credit in episode.credits}
        cues = (cue for transcript in episode.transcripts for cue in transcript.cues)
        for speaker in dict.fromkeys(cue.speaker for cue in cues if cue.speaker):
            if speaker not in names:
                values = {"speaker": speaker, "people": ", ".join(sorted(names))}
                yield Finding("TRANSCRIPT-004", _file(episode), ("people",), values)


def unknown_roles(checked: Checked) -> Iterator[Finding]:
    for episode in checked.show.episodes:
        for credit in episode.credits:
            if credit.role not in ROLE_NAMES:
                values = {"role": credit.role, "name": credit.person.name}
                yield Finding("EPISODE-011", _file(episode), ("people",), values)


def formats_apple_refuses(checked: Checked) -> Iterator[Finding]:
    for episode, facts in _heard(checked):
        if episode.is_out and facts.format not in (*APPLE_FORMATS, *MASTERS):
            values: dict[str, str] = {"format": facts.format}
            yield Finding("SOUND-003", _file(episode), ("sound",), values)


def _out(checked: Checked) -> Iterator[Episode]:
    return (episode for episode in checked.show.episodes if episode.is_out)


def _heard(checked: Checked) -> Iterator[tuple[Episode, SoundFacts]]:
    for episode in checked.show.episodes:
        facts = checked.sounds.get(episode.slug)
        if facts is not None:
            yield episode, facts


RULES: Final[tuple[Callable[[Checked], Iterator[Finding]], ...]] = (
    duplicate_slugs,
    duplicate_guids,
    duplicate_numbers,
    nothing_published,
    example_address,
    published_without_sound,
    published_without_date,
    published_ahead,
    no_transcript,
    no_people,
    no_summary,
    title_says_too_much,
    chapters_out_of_range,
    transcript_out_of_range,
    unknown_speakers,
    unknown_roles,
    formats_apple_refuses,
)

OF_THE_WHOLE: Final = (nothing_published, no_people, unknown_speakers)
"""Rules that say something is missing, which is not known until all has been read."""
