"""Rules over a whole show. Each is a small function; the table at the end is the list."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

import msgspec

from avsnitt.formats.chapters.published import (
    MOST_IN_COMMENTS,
    MOST_IN_CONTENTS,
    MOST_PICTURES,
    MOST_TITLE_BYTES,
)
from avsnitt.formats.timecode import MS_PER_SECOND
from avsnitt.i18n import clock
from avsnitt.model.audio_formats import enclosure_format
from avsnitt.model.show import AudioFacts, Chapter, Episode, Show
from avsnitt.problems.finding import Finding, finding_in_file
from avsnitt.show_files import SETTINGS_PATH, episode_file
from avsnitt.vocabulary.roles import ROLE_NAMES

APPLE_FORMATS: Final = ("mp3", "m4a")
"""Formats that Apple takes as an enclosure (A Podcaster's Guide to RSS, "enclosure")."""

COMMENTED: Final = ("opus", "ogg", "flac")
"""Formats that have their chapters in Vorbis comments."""

EXAMPLES: Final = tuple(
    "test example invalid localhost example.com example.net example.org".split()
)
"""Names that nobody can own (RFC 2606, sections 2 and 3)."""

_NUMBERED = re.compile(r"\b(?:s\d+\s*e\d+|(?:episode|ep|avsnitt|del)\.?\s*\d+)\b|#\d+", re.I)
_HOST: Final = re.compile(r"https?://([^/:?#]+)")
_EXAMPLE_ENDS: Final = tuple(f".{name}" for name in EXAMPLES)
_SLACK_MS: Final = 2000


class Checked(msgspec.Struct, frozen=True):
    """
    The show that the rules check, and the facts of its audio by slug. `now` is None where no
    clock may be read, as in a build.

    `whole` is False when some file could not be read: then the rules on what is missing do not
    run.
    """

    show: Show
    sounds: Mapping[str, AudioFacts]
    now: dt.datetime | None = None
    whole: bool = True


def find_problems(checked: Checked) -> Iterator[Finding]:
    """Every rule's findings, rule by rule."""
    for rule in RULES:
        if checked.whole or rule not in OF_THE_WHOLE:
            yield from rule(checked)


def _file(episode: Episode) -> str:
    return episode_file(episode.folder)


def duplicate_slugs(checked: Checked) -> Iterator[Finding]:
    """SHOW-002 for a slug that two episodes share."""
    yield from _duplicates(checked, "SHOW-002", lambda episode: episode.slug, ())


def duplicate_guids(checked: Checked) -> Iterator[Finding]:
    """SHOW-003 for a GUID that two episodes share."""
    yield from _duplicates(checked, "SHOW-003", lambda episode: episode.guid, ("guid",))


def duplicate_numbers(checked: Checked) -> Iterator[Finding]:
    """SHOW-006 for a number that two full episodes of one season share; no season is season 1."""

    def number(episode: Episode) -> str:
        if episode.number is None or episode.type != "full":
            return ""
        return f"{episode.season or 1}/{episode.number}"

    for finding in _duplicates(checked, "SHOW-006", number, ("number",)):
        season, _, value = str(finding.values["value"]).partition("/")
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
            yield finding_in_file(code, file, key, {"value": value, "other": files[0]})


def old_addresses_taken(checked: Checked) -> Iterator[Finding]:
    """
    LEDGER-005 for a former address that another episode has or had: it redirects to one episode
    only.
    """
    moved = [episode for episode in checked.show.episodes if episode.formerly]
    taken = {one.slug: _file(one) for one in checked.show.episodes} if moved else {}
    for episode in moved:
        for number, slug in enumerate(episode.formerly):
            if slug in taken:
                values = {"value": slug, "other": taken[slug]}
                yield finding_in_file("LEDGER-005", _file(episode), ("formerly", number), values)
            else:
                taken[slug] = _file(episode)


def nothing_published(checked: Checked) -> Iterator[Finding]:
    """SHOW-007 for a show without a published episode."""
    if not any(episode.is_out for episode in checked.show.episodes):
        yield finding_in_file("SHOW-007", SETTINGS_PATH)


def example_address(checked: Checked) -> Iterator[Finding]:
    """SHOW-012 for a show at an address that nobody can own. A demonstration may be at one."""
    found = _HOST.match(checked.show.address)
    if found and not checked.show.demonstration and f".{found[1]}".lower().endswith(_EXAMPLE_ENDS):
        yield finding_in_file("SHOW-012", SETTINGS_PATH, ("address",), {"host": found[1]})


def published_without_sound(checked: Checked) -> Iterator[Finding]:
    """EPISODE-001 for an episode without audio that is no longer planned."""
    for episode in checked.show.episodes:
        if episode.status != "planned" and not episode.sound:
            values: dict[str, str] = {"status": episode.status}
            yield finding_in_file("EPISODE-001", _file(episode), ("status",), values)


def published_without_date(checked: Checked) -> Iterator[Finding]:
    """EPISODE-003 for a published episode without a date."""
    for episode in checked.show.episodes:
        if episode.is_out and episode.published is None:
            yield finding_in_file("EPISODE-003", _file(episode), ("status",))


def published_ahead(checked: Checked) -> Iterator[Finding]:
    """EPISODE-008 for a published episode whose date lies ahead."""
    for episode in checked.show.episodes:
        if checked.now and episode.is_out and episode.published and episode.published > checked.now:
            yield finding_in_file("EPISODE-008", _file(episode), ("published",))


def no_transcript(checked: Checked) -> Iterator[Finding]:
    """EPISODE-004 for a published episode without a transcript."""
    for episode in _out(checked):
        if episode.transcript is None or not episode.transcript.cues:
            yield finding_in_file("EPISODE-004", _file(episode))


def no_people(checked: Checked) -> Iterator[Finding]:
    """EPISODE-006 for a published episode without people."""
    for episode in _out(checked):
        if not episode.credits:
            yield finding_in_file("EPISODE-006", _file(episode))


def no_summary(checked: Checked) -> Iterator[Finding]:
    """EPISODE-010 for a published episode with neither a summary nor notes."""
    for episode in _out(checked):
        if not (episode.summary or episode.notes):
            yield finding_in_file("EPISODE-010", _file(episode))


def title_says_too_much(checked: Checked) -> Iterator[Finding]:
    """Apple: a title carries no number and not the show's title (Podcaster's Guide, title)."""
    show_title = checked.show.title.casefold()
    whole = re.compile(rf"(?<!\w){re.escape(show_title)}(?!\w)")
    for episode in _out(checked):
        title = episode.title.casefold()
        named = show_title and title != show_title and whole.search(title)
        if named or _NUMBERED.search(title):
            yield finding_in_file(
                "EPISODE-007", _file(episode), ("title",), {"title": episode.title}
            )


def chapters_out_of_range(checked: Checked) -> Iterator[Finding]:
    """CHAPTER-003 for chapters that start at or after the end of the audio."""
    for episode, facts in _with_audio(checked):
        for number, chapter in enumerate(episode.chapters):
            if chapter.start_ms >= facts.duration_ms:
                values = {"title": chapter.title or clock(chapter.start_ms)}
                yield finding_in_file("CHAPTER-003", _file(episode), ("chapters", number), values)


def chapters_beyond_a_list(checked: Checked) -> Iterator[Finding]:
    """CHAPTER-004 for more chapters than the list in this format can hold."""
    for episode, facts in _with_whole_audio(checked):
        format_ = enclosure_format(episode, facts)
        limit = MOST_IN_COMMENTS if format_ in COMMENTED else MOST_IN_CONTENTS
        if len(episode.chapters) > limit and (count := len(_shown(episode))) > limit:
            values = {"count": str(count), "limit": str(limit), "format": format_.upper()}
            yield finding_in_file("CHAPTER-004", _file(episode), ("chapters",), values)


def chapter_titles_cut(checked: Checked) -> Iterator[Finding]:
    """CHAPTER-005 for titles that the chapter list of an MP4 has to shorten."""
    for episode, facts in _with_whole_audio(checked):
        for number, chapter in _shown(episode) if enclosure_format(episode, facts) == "m4a" else ():
            if len(chapter.title.encode(errors="replace")) > MOST_TITLE_BYTES:
                values = {"title": chapter.title, "limit": str(MOST_TITLE_BYTES)}
                yield finding_in_file("CHAPTER-005", _file(episode), ("chapters", number), values)


def chapters_in_one_second(checked: Checked) -> Iterator[Finding]:
    """CHAPTER-006 for two chapters in one second, which apps that cut to seconds confuse."""
    for episode, _ in _with_whole_audio(checked):
        for (_, before), (number, after) in pairwise(_shown(episode) if episode.chapters else ()):
            if before.start_ms // MS_PER_SECOND == after.start_ms // MS_PER_SECOND:
                values = {"title": after.title or clock(after.start_ms)}
                yield finding_in_file("CHAPTER-006", _file(episode), ("chapters", number), values)


def chapter_pictures_left_out(checked: Checked) -> Iterator[Finding]:
    """CHAPTER-007 for more chapter pictures than an MP3 gets."""
    for episode, facts in _with_whole_audio(checked):
        if len(episode.chapters) > MOST_PICTURES and enclosure_format(episode, facts) == "mp3":
            images = [one.image for _, one in _shown(episode) if one.image]
            count = sum("://" not in image for image in images)
            if count > MOST_PICTURES:
                values = {"count": str(count), "limit": str(MOST_PICTURES)}
                yield finding_in_file("CHAPTER-007", _file(episode), ("chapters",), values)


def _shown(episode: Episode) -> list[tuple[int, Chapter]]:
    """The chapters that lists show, each with its number in the front matter."""
    return [pair for pair in enumerate(episode.chapters) if not pair[1].hidden]


def soundbites_out_of_range(checked: Checked) -> Iterator[Finding]:
    """PODCAST-002 for soundbites that end after the audio."""
    for episode, facts in _with_audio(checked):
        for number, bite in enumerate(episode.soundbites):
            if bite.start_ms + bite.duration_ms > facts.duration_ms:
                values = {"start": clock(bite.start_ms)}
                yield finding_in_file("PODCAST-002", _file(episode), ("soundbites", number), values)


def transcript_out_of_range(checked: Checked) -> Iterator[Finding]:
    """TRANSCRIPT-002 for a transcript that ends more than two seconds after the audio."""
    for episode, facts in _with_audio(checked):
        ends = (one.cues[-1].end_ms for one in episode.transcripts if one.cues)
        if max(ends, default=0) > facts.duration_ms + _SLACK_MS:
            yield finding_in_file("TRANSCRIPT-002", _file(episode))


def unknown_speakers(checked: Checked) -> Iterator[Finding]:
    """TRANSCRIPT-004 for speakers who are not among the episode's people."""
    for episode in _out(checked):
        if not episode.credits:
            continue
        names = {credit.person.name for credit in episode.credits}
        cues = (cue for transcript in episode.transcripts for cue in transcript.cues)
        for speaker in dict.fromkeys(cue.speaker for cue in cues if cue.speaker):
            if speaker not in names:
                values = {"speaker": speaker, "people": ", ".join(sorted(names))}
                yield finding_in_file("TRANSCRIPT-004", _file(episode), ("people",), values)


def unknown_roles(checked: Checked) -> Iterator[Finding]:
    """EPISODE-011 for roles that are not in the taxonomy of `podcast:person`."""
    for episode in checked.show.episodes:
        for credit in episode.credits:
            if credit.role not in ROLE_NAMES:
                values = {"role": credit.role, "name": credit.person.name}
                yield finding_in_file("EPISODE-011", _file(episode), ("people",), values)


def formats_apple_refuses(checked: Checked) -> Iterator[Finding]:
    """SOUND-003 for a published episode in a format that Apple does not take."""
    for episode, facts in _with_audio(checked):
        format_ = enclosure_format(episode, facts)
        if episode.is_out and format_ not in APPLE_FORMATS:
            values: dict[str, str] = {"format": format_}
            yield finding_in_file("SOUND-003", _file(episode), ("sound",), values)


def _out(checked: Checked) -> Iterator[Episode]:
    return (episode for episode in checked.show.episodes if episode.is_out)


def _with_whole_audio(checked: Checked) -> Iterator[tuple[Episode, AudioFacts]]:
    return ((episode, facts) for episode, facts in _with_audio(checked) if episode.is_out)


def _with_audio(checked: Checked) -> Iterator[tuple[Episode, AudioFacts]]:
    for episode in checked.show.episodes:
        facts = checked.sounds.get(episode.slug)
        if facts is not None:
            yield episode, facts


RULES: Final[tuple[Callable[[Checked], Iterator[Finding]], ...]] = (
    duplicate_slugs,
    duplicate_guids,
    duplicate_numbers,
    old_addresses_taken,
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
    chapters_beyond_a_list,
    chapter_titles_cut,
    chapters_in_one_second,
    chapter_pictures_left_out,
    soundbites_out_of_range,
    transcript_out_of_range,
    unknown_speakers,
    unknown_roles,
    formats_apple_refuses,
)

OF_THE_WHOLE: Final = (nothing_published, no_people, unknown_speakers)
"""Rules that say something is missing, which is not known until all has been read."""
