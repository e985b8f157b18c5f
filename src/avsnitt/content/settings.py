"""`site/show.toml`: its shape, its mistakes, and the settings it gives."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from typing import Annotated, Final

from msgspec import Meta, field

from avsnitt.content.schema import podcast20
from avsnitt.content.schema.audio import AudioFields
from avsnitt.content.schema.fields import (
    ContactAddress,
    OptionalAddress,
    ShortText,
    StrictFields,
    WebAddress,
)
from avsnitt.content.schema.podcast20_rules import find_feed_list_problems, find_value_problems
from avsnitt.formats.front_matter import is_printable
from avsnitt.formats.validation import validate
from avsnitt.model.message import Message, message
from avsnitt.model.show import ShowType
from avsnitt.problems.codes import problem, problem_of
from avsnitt.problems.finding import KeyPath
from avsnitt.problems.problem import Problem, Where
from avsnitt.show_files import SETTINGS_PATH
from avsnitt.vocabulary.categories import NAMES, find_category
from avsnitt.vocabulary.licenses import LICENSES, find_license
from avsnitt.vocabulary.podcast20_values import Medium

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LIMIT_BYTES: Final = 64 * 1024
_REASONS: Final = (
    ('Unterminated string|Expected "\'"|newline in string|Illegal character', "quote"),
    ("Unclosed|[Ee]xpected '[\\]}]'", "bracket"),
    ("Cannot overwrite|Cannot declare|Duplicate|Cannot mutate", "twice"),
    ("Expected '='", "no-equals"),
    ("Expected newline|Invalid value|Invalid date", "toml-value"),
    ("Invalid initial character|Invalid statement", "toml-key"),
    ("Unescaped|[Hh]ex|scalar value", "escape"),
    ("limit .*digits|too large", "number"),
    ("recursion", "bracket"),
)
"""The messages of Python's TOML parser, and the keys of our own words."""
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")


class HostSettings(StrictFields, frozen=True, kw_only=True):
    """A host of the show, in `[[hosts]]` of `show.toml`."""

    id: Annotated[str, Meta(description="A file in site/people/, without .md")]
    role: Annotated[str, Meta(description="Podcasting 2.0's taxonomy of roles")] = "host"
    speaks_as: Annotated[str, Meta(description="In which capacity: i tjänsten, as a citizen")] = ""


class ShowSettings(StrictFields, frozen=True, kw_only=True):
    """The show, as `site/show.toml` says it."""

    title: Annotated[
        str, Meta(min_length=1, max_length=255, description="The show's name, nothing more")
    ]
    address: Annotated[WebAddress, Meta(description="Where the site will live: https://...")]
    language: Annotated[str, Meta(description="BCP 47: sv, en, sv-FI")]
    description: Annotated[
        str, Meta(min_length=1, description="Plain text, at most 4,000 bytes of UTF-8")
    ]
    guid: Annotated[
        str, Meta(description="podcast:guid: made by init, kept for ever, even in a move")
    ]
    author: Annotated[
        ShortText, Meta(description="Who makes the show: a person or an organisation")
    ]
    categories: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description="Apple's: Government, Society & Culture > Philosophy"),
    ]
    subtitle: Annotated[ShortText, Meta(description="One line under the title")] = ""
    license: Annotated[str, Meta(description="SPDX: CC-BY-4.0, CC0-1.0, ...")] = "CC-BY-4.0"
    license_url: Annotated[
        OptionalAddress, Meta(description="Needed for a licence of your own")
    ] = ""
    cover: Annotated[str, Meta(description="A square JPEG or PNG in site/")] = "cover.png"
    cover_alt: Annotated[str, Meta(description="What the cover shows, in words")] = ""
    timezone: Annotated[str, Meta(description="For dates without an offset")] = "Europe/Stockholm"
    type: Annotated[ShowType, Meta(description="episodic or serial")] = "episodic"
    explicit: Annotated[bool, Meta(description="Strong language in the show as a whole")] = False
    copyright: Annotated[ShortText, Meta(description="Who holds the rights")] = ""
    contact: Annotated[
        ContactAddress, Meta(description="mailto: or https:, shown on every page")
    ] = ""
    demonstration: Annotated[str, Meta(description="A line on every page: not for real")] = ""
    hosts: Annotated[
        tuple[HostSettings, ...], Meta(description="In every episode unless it says otherwise")
    ] = ()
    locked: Annotated[bool, Meta(description="Other hosts may not import the feed")] = True
    locked_owner: Annotated[str, Meta(description="E-mail that may unlock; becomes public")] = ""
    funding: podcast20.Funding = ()
    new_feed_url: Annotated[
        OptionalAddress, Meta(description="Only in a move: the feed's new address")
    ] = ""
    complete: Annotated[bool, Meta(description="No more episodes, ever")] = False
    block: Annotated[bool, Meta(description="Keep the show out of Apple's directory")] = False
    blocked_on: Annotated[
        tuple[str, ...], Meta(description="Services that may not list the show: spotify, ...")
    ] = ()
    allowed_on: Annotated[
        tuple[str, ...], Meta(description="Services that may, though block is true")
    ] = ()
    medium: Annotated[Medium | None, Meta(description="Unless it is a podcast")] = None
    podping: Annotated[bool, Meta(description="Only if something sends podpings")] = False
    season_names: Annotated[
        dict[str, podcast20.Words], Meta(description="A name for each season's number")
    ] = field(default_factory=dict)
    locations: podcast20.Locations = ()
    social: podcast20.Social = ()
    chat: podcast20.Chat = None
    txt: podcast20.Txt = ()
    images: podcast20.Images = ()
    value: podcast20.Value = ()
    update_frequency: Annotated[
        podcast20.UpdateFrequencyFields | None, Meta(description="How often episodes come")
    ] = None
    publisher: Annotated[
        podcast20.PublisherFields | None, Meta(description="The feed of who publishes the show")
    ] = None
    podroll: Annotated[
        tuple[podcast20.RemoteItemFields, ...], Meta(description="Shows that you recommend")
    ] = ()
    remote_items: Annotated[
        tuple[podcast20.RemoteItemFields, ...], Meta(description="Episodes of others, in a list")
    ] = ()
    network: Annotated[
        tuple[podcast20.NetworkShowFields, ...], Meta(description="Other shows of the network")
    ] = ()
    feeds: Annotated[
        tuple[podcast20.ExtraFeedFields, ...], Meta(description="More feeds of the same show")
    ] = ()
    feed_page_kb: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="How large (1,000 bytes) before the feed is paged; 0: never",
            extra={"expected": "expected.from-zero"},
        ),
    ] = 900
    making: Annotated[AudioFields | None, Meta(description="How sound is made")] = None


STAND_IN: Final = ShowSettings(
    title="", address="", language="en", description="", guid="", author="", categories=()
)
"""
The settings that episodes are parsed with when the show's own are broken, to find all mistakes.
"""


def parse_show_settings(text: str) -> tuple[ShowSettings | None, tuple[Problem, ...]]:
    """
    The settings in some `show.toml`, or None and everything that is wrong with it.

    The language, time zone, licence and categories are looked up, so that what is returned can
    be used without asking again.
    """
    if len(text) > LIMIT_BYTES:
        return None, (problem("FILE-003", Where(SETTINGS_PATH), limit="64 kB"),)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return None, (_syntax_problem(text, str(error)),)
    settings, findings = validate(data, ShowSettings)
    problems = [problem_of(one, place_path(text, one.place.key)) for one in findings]
    problems += [
        problem("MATTER-002", place(text, key), reason=message("front-matter.unprintable"))
        for key, value in data.items()
        if not is_printable(value)
    ]
    if settings is not None:
        problems += _value_problems(text, settings)
    broken = any(found.severity == "error" for found in problems)
    return (None if broken else settings), tuple(problems)


def place(text: str, key: str, *, first: int = 1, nth: int = 0) -> Where:
    """
    The line and column of a key (or the table of that name) in some `show.toml`, from line
    `first` on.

    Of an array of tables, its `nth` (from 0) when there are so many.
    """
    name = rf"[\"']?{re.escape(key)}[\"']?"
    pattern = re.compile(rf"^\s*(?:{name}\s*=|\[+\s*(?:[^\]=]*\.\s*)?{name}\s*\])")
    lines = enumerate(text.split("\n"), 1)
    found = [(number, line) for number, line in lines if number >= first and pattern.match(line)]
    if not found:
        return Where(SETTINGS_PATH)
    number, line = found[nth] if nth < len(found) else found[0]
    return Where(SETTINGS_PATH, number, 1, line.rstrip())


def place_path(text: str, path: KeyPath) -> Where:
    """
    The line and column of the value at a path, or of the innermost table around it that has a
    line.
    """
    where = Where(SETTINGS_PATH)
    for at, step in enumerate(path):
        if isinstance(step, str):
            following = path[at + 1] if at + 1 < len(path) else 0
            nth = following if isinstance(following, int) else 0
            found = place(text, step, first=max(1, where.line), nth=nth)
            where = found if found.line else where
    return where


def _syntax_problem(text: str, groups: str) -> Problem:
    found = _TOML_PLACE.search(groups)
    lines = text.rstrip().split("\n")
    line = int(found[1]) if found and found[1] else len(lines)
    column = int(found[2]) if found and found[2] else 0
    where = Where(
        SETTINGS_PATH, line, column, lines[line - 1].rstrip() if line <= len(lines) else ""
    )
    reason = next((name for words, name in _REASONS if re.search(words, groups)), "other")
    return problem("MATTER-002", where, reason=message(f"front-matter.{reason}"))


def _value_problems(text: str, settings: ShowSettings) -> list[Problem]:
    problems = []
    if not LANGUAGE.fullmatch(settings.language):
        problems.append(_wrong(text, "language", message("expected.language")))
    if not _is_timezone(settings.timezone):
        problems.append(_wrong(text, "timezone", message("expected.timezone")))
    if find_license(settings.license, settings.license_url) is None:
        known = ", ".join(license.id for license in LICENSES.values())
        problems.append(_wrong(text, "license", message("expected.license"), choices=known))
    if len(settings.description.encode()) > 4000:
        problems.append(_wrong(text, "description", message("expected.4000-bytes")))
    if re.search(r"[/\\]", settings.cover):
        problems.append(problem("FILE-004", place(text, "cover"), name=settings.cover))
    problems += [
        problem("SHOW-009", place(text, "categories"), category=name, near=_near_category(name))
        for name in settings.categories
        if find_category(name) is None
    ]
    findings = (
        *find_value_problems(settings),
        *find_feed_list_problems(settings.feeds, settings.address),
    )
    problems += [problem_of(one, place_path(text, one.place.key)) for one in findings]
    problems += [
        problem("FILE-004", place_path(text, ("images", number, "file")), name=image.file)
        for number, image in enumerate(settings.images)
        if re.search(r"[/\\]", image.file)
    ]
    return problems


def _wrong(text: str, key: str, expected: Message, **values: str) -> Problem:
    return problem("MATTER-004", place(text, key), key=key, expected=expected, **values)


def _near_category(name: str) -> str:
    import difflib

    return ", ".join(difflib.get_close_matches(name, NAMES, 3, 0.5))


def _is_timezone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
