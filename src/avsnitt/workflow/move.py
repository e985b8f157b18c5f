"""`avsnitt move`: an episode gets another address, and the old one leads on to it."""

from __future__ import annotations

import os
import re

from msgspec import Struct

from avsnitt.content.episode import SLUG, SLUG_LIMIT, suggest_slug
from avsnitt.content.scaffold import set_value
from avsnitt.formats.front_matter import FrontMatterError, parse_front_matter, split_front_matter
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ContentError, ProblemError, UsageError
from avsnitt.problems.problem import Where
from avsnitt.show_files import EPISODES_FOLDER, SETTINGS_PATH, episode_file
from avsnitt.system.files import (
    TEXT_LIMIT_BYTES,
    decode_text,
    list_folder,
    read_bytes,
    read_text,
    rename_folder,
    write_bytes,
)
from avsnitt.workflow.load.publication import read_lock_file

_NUMBER = re.compile(r"(?:\d{1,6}-)?")


class MoveReport(Struct, frozen=True):
    """
    The result of a move, or with a dry run of a move that was not made: the folder before and
    after (the same when it had been renamed by hand), and all addresses that redirect from now
    on.
    """

    old_folder: str
    folder: str
    formerly: tuple[str, ...]


def move_episode(root: str, old: str, new: str, *, dry_run: bool = False) -> MoveReport:
    """
    Rename an episode's folder, its number kept, and write its old address into its front matter.
    A folder that was renamed by hand only gets the old address. Its guid is what it was.

    The folder is renamed first: stopped in between, the same command again goes on from there.
    Raises UsageError when there is no such episode or the address cannot be had, and
    ContentError when the episode's file cannot be read.
    """
    root = os.path.realpath(root)
    _check_names(old, new)
    folders = _folders_by_slug(root)
    if old in folders and new in folders:
        raise UsageError(new, key="move.taken", values={"path": folders[new]})
    source = folders.get(old) or folders.get(new)
    if source is None:
        raise UsageError(old, key="move.no-episode", values={"slug": old})
    text = _Text(root, episode_file(source))
    if old not in folders and text.guid != _published_guid(root, old):
        raise UsageError(old, key="move.no-episode", values={"slug": old})
    changed, formerly = text.with_address(old, new)
    moved = MoveReport(source, _renamed(source, new) if old in folders else source, formerly)
    if not dry_run:
        if moved.folder != source:
            rename_folder(f"{root}/{source}", f"{root}/{moved.folder}")
        write_bytes(f"{root}/{episode_file(moved.folder)}", changed)
    return moved


def _renamed(folder: str, slug: str) -> str:
    parent, _, name = folder.rpartition("/")
    number = _NUMBER.match(name)
    return f"{parent}/{number[0] if number else ''}{slug}"


def _published_guid(root: str, slug: str) -> str:
    record = read_lock_file(root)
    rows = record.episodes if record else ()
    return next((row.guid for row in rows if row.slug == slug), "")


def _check_names(old: str, new: str) -> None:
    if not SLUG.fullmatch(new) or len(new) > SLUG_LIMIT:
        values = {"slug": new, "better": suggest_slug(new)}
        raise UsageError(new, key="move.bad-slug", values=values)
    if old == new:
        raise UsageError(new, key="move.same", values={"slug": new})


def _folders_by_slug(root: str) -> dict[str, str]:
    try:
        read_text(root, SETTINGS_PATH)
        _, folders = list_folder(root, EPISODES_FOLDER)
    except ProblemError as found:
        missing = found.problem.code == "FILE-005"
        wrong = problem("SHOW-001", Where(SETTINGS_PATH)) if missing else found.problem
        raise ContentError([wrong]) from None
    return {_NUMBER.sub("", folder.rpartition("/")[2], count=1): folder for folder in folders}


class _Text:
    """An `episode.md` whose line ends are kept as they are."""

    def __init__(self, root: str, path: str) -> None:
        self.path = path
        try:
            data = read_bytes(root, path, TEXT_LIMIT_BYTES)
            self.text = decode_text(path, data)
            self.fields = parse_front_matter(split_front_matter(self.text).text)
        except ProblemError as found:
            raise ContentError([found.problem]) from None
        except FrontMatterError as error:
            where = Where(path, error.line, error.column)
            raise ContentError([problem(error.code, where, **error.values)]) from None
        self.line_end = "\r\n" if b"\r\n" in data else "\n"
        self.guid = str(self.fields.get("guid", ""))

    def with_address(self, old: str, new: str) -> tuple[bytes, tuple[str, ...]]:
        """
        The file with `old` among its old addresses, and all of those. Back at an address that it
        once had, that one no longer leads anywhere else.
        """
        before = self.fields.get("formerly") or []
        listed = before if isinstance(before, list) else []
        formerly = (*(str(slug) for slug in listed if slug not in (old, new)), old)
        changed = set_value(self.text, "formerly", formerly)
        if not self._says(changed, {**self.fields, "formerly": list(formerly)}):
            values = {"path": self.path, "line": f"formerly: [{', '.join(formerly)}]"}
            raise UsageError(self.path, key="move.by-hand", values=values)
        return changed.replace("\n", self.line_end).encode(), formerly

    def _says(self, text: str, fields: dict[str, object]) -> bool:
        """True when nothing else has changed: the author may write YAML in more ways than we."""
        try:
            return parse_front_matter(split_front_matter(text).text) == fields
        except FrontMatterError:
            return False
