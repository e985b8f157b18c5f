"""`site/show.toml`: its shape, its mistakes, and the settings it gives."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from typing import Annotated, Final

from msgspec import Meta, Struct

from avsnitt.errors import Problem, Where
from avsnitt.formats.shape import Misfit, fit
from avsnitt.problems import problem
from avsnitt.vocabulary.categories import NAMES, find_category
from avsnitt.vocabulary.licenses import LICENSES, find_license

PATH: Final = "site/show.toml"

ShortText = Annotated[str, Meta(max_length=255)]
WebAddress = Annotated[str, Meta(pattern=r"^https?://[^\s]+$")]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping that the author writes: a key we do not know is a mistake, not a wish."""


class HostSettings(Strict, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A file in site/people/, without .md")]
    role: Annotated[str, Meta(description="Podcasting 2.0's taxonomy of roles")] = "host"
    speaks_as: Annotated[str, Meta(description="In which capacity: i tjänsten, as a citizen")] = ""


class FundingSettings(Strict, frozen=True, kw_only=True):
    url: WebAddress
    text: Annotated[str, Meta(max_length=128)]


class ShowSettings(Strict, frozen=True, kw_only=True):
    """The show, as `site/show.toml` says it."""

    title: Annotated[
        str, Meta(min_length=1, max_length=255, description="The show's name, nothing more")
    ]
    address: Annotated[
        str,
        Meta(pattern=r"^https?://[^\s]+$", description="Where the site will live: https://..."),
    ]
    language: Annotated[str, Meta(description="BCP 47: sv, en, sv-FI")]
    description: Annotated[
        str, Meta(min_length=1, description="Plain text, at most 4,000 bytes of UTF-8")
    ]
    guid: Annotated[
        str, Meta(description="podcast:guid: minted by init, kept for ever, even in a move")
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
    license_url: Annotated[str, Meta(description="Needed for a licence of your own")] = ""
    cover: Annotated[str, Meta(description="A square JPEG or PNG in site/")] = "cover.png"
    cover_alt: Annotated[str, Meta(description="What the cover shows, in words")] = ""
    timezone: Annotated[str, Meta(description="For dates without an offset")] = "Europe/Stockholm"
    type: Annotated[str, Meta(pattern="^(episodic|serial)$", description="episodic or serial")] = (
        "episodic"
    )
    explicit: Annotated[bool, Meta(description="Strong language in the show as a whole")] = False
    copyright: Annotated[ShortText, Meta(description="Who holds the rights")] = ""
    contact: Annotated[str, Meta(description="mailto: or https:, shown on every page")] = ""
    demonstration: Annotated[str, Meta(description="A line on every page: not for real")] = ""
    hosts: Annotated[
        tuple[HostSettings, ...], Meta(description="In every episode unless it says otherwise")
    ] = ()
    locked: Annotated[bool, Meta(description="Other hosts may not import the feed")] = True
    locked_owner: Annotated[str, Meta(description="E-mail that may unlock; becomes public")] = ""
    funding: Annotated[tuple[FundingSettings, ...], Meta(description="Ways to support")] = ()
    new_feed_url: Annotated[str, Meta(description="Only in a move: the feed's new address")] = ""
    complete: Annotated[bool, Meta(description="No more episodes, ever")] = False
    block: Annotated[bool, Meta(description="Keep the show out of Apple's directory")] = False


def parse_show_settings(text: str) -> tuple[ShowSettings | None, tuple[Problem, ...]]:
    """
    The settings in some `show.toml`, or None and everything that is wrong with it.

    The language, time zone, licence and categories are looked up, so that what is returned can
    be used without asking again.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (_syntax_problem(text, str(error)),)
    settings, misfits = fit(data, ShowSettings)
    problems = [_misfit_problem(text, misfit) for misfit in misfits]
    if settings is not None:
        problems += _value_problems(text, settings)
    return (None if problems else settings), tuple(problems)


def place(text: str, key: str) -> Where:
    """Where a top-level key (or the table of that name) stands in some `show.toml`."""
    pattern = re.compile(rf"^\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\])")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return Where(PATH, number, 1, line.rstrip())
    return Where(PATH)


def _syntax_problem(text: str, message: str) -> Problem:
    found = _TOML_PLACE.search(message)
    lines = text.splitlines()
    line = int(found[1]) if found and found[1] else len(lines)
    column = int(found[2]) if found and found[2] else 0
    where = Where(PATH, line, column, lines[line - 1] if 0 < line <= len(lines) else "")
    return problem("MATTER-002", where, reason=_TOML_PLACE.sub("", message))


def _misfit_problem(text: str, misfit: Misfit) -> Problem:
    top = next((step for step in misfit.path if isinstance(step, str)), "")
    deepest = [step for step in misfit.path if isinstance(step, str)]
    where = place(text, top) if top else Where(PATH)
    if len(deepest) > 1:
        inner = place(text, deepest[-1])
        where = inner if inner.line else where
    return problem(misfit.code, where, **misfit.values)


def _value_problems(text: str, settings: ShowSettings) -> list[Problem]:
    problems = []
    if not _LANGUAGE.fullmatch(settings.language):
        problems.append(_wrong(text, "language", "@expected.language"))
    if not _is_timezone(settings.timezone):
        problems.append(_wrong(text, "timezone", "@expected.timezone"))
    if find_license(settings.license, settings.license_url) is None:
        known = ", ".join(license.id for license in LICENSES.values())
        problems.append(_wrong(text, "license", "@expected.license", choices=known))
    if len(settings.description.encode()) > 4000:
        problems.append(_wrong(text, "description", "@expected.4000-bytes"))
    problems += [
        problem("SHOW-009", place(text, "categories"), category=name, near=_near_category(name))
        for name in settings.categories
        if find_category(name) is None
    ]
    return problems


def _wrong(text: str, key: str, expected: str, **values: str) -> Problem:
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
