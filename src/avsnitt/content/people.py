"""`site/people/<id>.md` and `site/pages/<name>.md`: texts to Persons and pages."""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

import msgspec

from avsnitt.content.episode import SLUG, SLUG_LIMIT, suggest_slug
from avsnitt.content.field_checks import check_name
from avsnitt.content.front_matter import FrontMatterFile, Read
from avsnitt.content.schema.front_matter import PageFields, PersonFields
from avsnitt.model.show import Link, Person, ShowPage
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Problem, Where
from avsnitt.show_files import PEOPLE_FOLDER

TAKEN_PAGES: Final = frozenset(("index", "archive", "follow", "people", "404"))


T = TypeVar("T")


class Parsed(msgspec.Struct, Generic[T], frozen=True):
    """One file's value, None when its problems have errors."""

    value: T | None
    problems: tuple[Problem, ...] = ()


def parse_person(path: str, names: tuple[str, ...], read: Read) -> Parsed[Person]:
    """A person's file. `names` are the other files in its folder, for the picture."""
    source = FrontMatterFile(path, PersonFields, read)
    name = _stem(source, path)
    fields = source.fields
    if fields is None:
        return Parsed(None, tuple(source.problems))
    if fields.picture:
        check_name(source, ("picture",), fields.picture, names)
    if fields.picture and not fields.picture_alt:
        source.add_problem("EPISODE-005", ("picture",), name=fields.picture)
    person = Person(
        id=name,
        name=fields.name.strip(),
        pronouns=fields.pronouns,
        title=fields.title,
        bio=source.body,
        links=tuple(Link(title=link.title, url=link.url) for link in fields.links),
        picture=f"{PEOPLE_FOLDER}/{fields.picture}" if fields.picture else "",
        picture_alt=fields.picture_alt,
    )
    return _parsed(source, person)


def parse_page(path: str, read: Read) -> Parsed[ShowPage]:
    """One of the show's own pages."""
    source = FrontMatterFile(path, PageFields, read)
    name = _stem(source, path)
    if name in TAKEN_PAGES:
        source.problems.append(problem("SHOW-011", Where(path), name=name))
    fields = source.fields
    if fields is None:
        return Parsed(None, tuple(source.problems))
    page = ShowPage(name=name, title=fields.title.strip(), body=source.body, in_menu=fields.menu)
    return _parsed(source, page)


def _stem(source: FrontMatterFile[Any], path: str) -> str:
    name = path.rpartition("/")[2].removesuffix(".md")
    if not SLUG.fullmatch(name) or len(name) > SLUG_LIMIT:
        better = f"{suggest_slug(name)}.md"
        source.problems.append(problem("SHOW-005", Where(path), name=f"{name}.md", better=better))
    return name


def _parsed(source: FrontMatterFile[Any], value: T) -> Parsed[T]:
    broken = any(found.severity == "error" for found in source.problems)
    return Parsed(None if broken else value, tuple(source.problems))
