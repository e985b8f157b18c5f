"""`avsnitt plan` and `avsnitt add`: an episode begins as a question, then a recording arrives."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from avsnitt.content.episode import SLUG, SLUG_LIMIT, SOUND_ENDINGS, suggest_slug
from avsnitt.content.scaffold import next_number, render_episode_file, set_keys, set_value
from avsnitt.content.settings import ShowSettings, parse_show_settings
from avsnitt.formats.front_matter import FrontMatterError, parse_front_matter, split_front_matter
from avsnitt.model.show import AudioFacts
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ContentError, ProblemError, UsageError
from avsnitt.problems.problem import Where
from avsnitt.show_files import EPISODES_FOLDER, PEOPLE_FOLDER, SETTINGS_PATH, episode_file
from avsnitt.system.disk import copy_bytes, exists
from avsnitt.system.files import (
    disk_error,
    list_folder,
    make_folder,
    read_text,
    remove,
    remove_if_empty,
    temporary_name,
    write_bytes,
)
from avsnitt.system.machine import new_guid
from avsnitt.workflow.load.probe_audio import probe_audio


class Added(Struct, frozen=True):
    """
    A recording that arrived: where it lies now, and what it is. Of several tracks `sound` and
    `facts` are the first one's, and `tracks` are all of them.
    """

    folder: str
    sound: str
    facts: AudioFacts
    status: str
    tracks: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The episode's slug, from its folder's name."""
        return _slug(self.folder.rpartition("/")[2])


def plan_episode(root: str, question: str, hints: tuple[str, ...]) -> str:
    """
    Start an episode as an open question. Returns its `episode.md`, relative to the show. Raises
    UsageError when there is no question or the folder exists, and ContentError when the show
    has errors.
    """
    _read_settings(root)
    text = " ".join(question.split())
    if not text:
        raise UsageError("a question needs words", key="no-question")
    folder = _new_folder(root, suggest_slug(text))
    values = {"guid": new_guid(), "title": text, "status": "planned"}
    return _write_episode(root, folder, render_episode_file(values, hints))


def add_recording(
    root: str,
    audio: Sequence[str],
    *,
    to: str = "",
    title: str = "",
    publish_at: dt.datetime | None = None,
    hints: tuple[str, ...] = (),
) -> Added:
    """
    Copy a recording into an episode, which is made when it does not exist: one file, or a track
    for each microphone. The recordings themselves are only read. A track whose name holds a
    person's id is taken to be that person.

    `to` is an episode's address. With `publish_at` the episode is published at that moment;
    otherwise it is `recorded`. Raises UsageError when `to` cannot be an address, and
    ContentError when the file is not sound.
    """
    settings = _read_settings(root)
    if to and not (SLUG.fullmatch(to) and len(to) <= SLUG_LIMIT):
        better = suggest_slug(to)
        raise UsageError(to, key="bad-slug", values={"slug": to, "better": better})
    sources = [os.path.realpath(one) for one in audio]
    names = [_published_name(source) for source in sources]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise UsageError(twice, key="twice", values={"name": twice})
    facts = [_probe(source, one) for source, one in zip(sources, audio, strict=True)]
    folder = _find_folder(root, to) if to else ""
    if not folder:
        stem = Path(sources[0]).stem
        name = title or stem.replace("_", " ").replace("-", " ").strip()
        folder = _new_folder(root, to or suggest_slug(name))
        values = {"guid": new_guid(), "title": title or name[:1].upper() + name[1:]}
        make_folder(f"{root}/{folder}")
        sounds = _copy_all_in(root, folder, sources)
        _write_episode(root, folder, render_episode_file(values, hints))
    else:
        sounds = _copy_all_in(root, folder, sources)
    status = _update_episode(root, folder, sounds, settings, publish_at)
    tracks = tuple(f"{folder}/{one}" for one in sounds) if len(sounds) > 1 else ()
    return Added(folder, f"{folder}/{sounds[0]}", facts[0], status, tracks)


def make_anew(root: str, added: Added) -> None:
    """
    Write into the episode that its sound is made, though its format is one that recordings are
    finished in. What else its `making` says stays.
    """
    path = episode_file(added.folder)
    text = read_text(root, path)
    stated = parse_front_matter(split_front_matter(text).text).get("making")
    making = {**(stated if isinstance(stated, dict) else {}), "finished": False}
    write_bytes(f"{root}/{path}", set_value(text, "making", making).encode())


def _slug(folder_name: str) -> str:
    return folder_name.lstrip("0123456789").lstrip("-")


def _read_settings(root: str) -> ShowSettings:
    try:
        text = read_text(root, SETTINGS_PATH)
    except ProblemError as found:
        missing = found.problem.code == "FILE-005"
        wrong = problem("SHOW-001", Where(SETTINGS_PATH)) if missing else found.problem
        raise ContentError([wrong]) from None
    settings, problems = parse_show_settings(text)
    if settings is None:
        raise ContentError(problems)
    return settings


def _probe(source: str, shown: str) -> AudioFacts:
    folder, _, name = source.rpartition("/")
    if not os.path.isfile(source):
        raise UsageError(shown, key="no-file", values={"path": shown})
    facts, error = probe_audio(folder, name)
    if facts is None:
        raise ContentError([error] if error else [])
    return facts


def _episode_folders(root: str) -> list[str]:
    _, folders = list_folder(root, EPISODES_FOLDER)
    return folders


def _find_folder(root: str, slug: str) -> str:
    for folder in _episode_folders(root):
        name = folder.rpartition("/")[2]
        if slug in (name, _slug(name)):
            return folder
    return ""


def _new_folder(root: str, slug: str) -> str:
    folders = _episode_folders(root)
    names = [folder.rpartition("/")[2] for folder in folders]
    taken = set(map(_slug, names))
    free = slug
    count = 2
    while free in taken:
        free, count = f"{slug[: SLUG_LIMIT - 5].rstrip('-')}-{count}", count + 1
    return f"episodes/{next_number(names):03}-{free}"


def _write_episode(root: str, folder: str, text: str) -> str:
    make_folder(f"{root}/{folder}")
    write_bytes(f"{root}/{episode_file(folder)}", text.encode())
    return episode_file(folder)


def _published_name(source: str) -> str:
    stem, ending = os.path.splitext(os.path.basename(source))
    return f"{suggest_slug(stem)}{ending.lower()}"


def _copy_all_in(root: str, folder: str, sources: Sequence[str]) -> list[str]:
    for source in sources:
        target = f"{root}/{folder}/{_published_name(source)}"
        if exists(target) and os.path.realpath(target) != source:
            taken = target.removeprefix(f"{root}/")
            raise UsageError(taken, key="exists", values={"path": taken})
    return [_copy_in(root, folder, source) for source in sources]


def _copy_in(root: str, folder: str, source: str) -> str:
    name = _published_name(source)
    target = f"{root}/{folder}/{name}"
    if os.path.realpath(target) == source:
        return name
    temporary = temporary_name(target)
    try:
        copy_bytes(source, temporary)
        os.replace(temporary, target)
    except OSError as error:
        raise disk_error(target, error) from error
    finally:
        remove(temporary)
        remove_if_empty(f"{root}/{folder}")  # a new one, when the recording did not arrive
    return name


def _update_episode(
    root: str,
    folder: str,
    recorded: Sequence[str],
    settings: ShowSettings,
    publish_at: dt.datetime | None,
) -> str:
    path = episode_file(folder)
    try:
        text = read_text(root, path)
        fields = parse_front_matter(split_front_matter(text).text)
    except (ProblemError, FrontMatterError) as error:
        if isinstance(error, ProblemError):
            raise ContentError([error.problem]) from None
        where = Where(path, error.line, error.column)
        raise ContentError([problem(error.code, where, **error.values)]) from None
    values = {}
    files, _ = list_folder(root, folder)
    sounds = [one.path for one in files if one.path.rpartition(".")[2].lower() in SOUND_ENDINGS]
    if len(recorded) > 1:
        text = set_value(text, "tracks", _tracks(root, recorded))
    elif len(sounds) > 1 or "sound" in fields:
        values["sound"] = recorded[0]
    status = str(fields.get("status") or "planned")
    if publish_at is not None:
        local = publish_at.astimezone(ZoneInfo(settings.timezone))
        values |= {"status": "published", "published": f"{local:%Y-%m-%d %H:%M}"}
    elif status == "planned":
        values["status"] = "recorded"
    write_bytes(f"{root}/{path}", set_keys(text, values).encode())
    return values.get("status", status)


def _tracks(root: str, names: Sequence[str]) -> list[dict[str, str]]:
    """A row for each microphone, with the speaker where the file's name has it."""
    files, _ = list_folder(root, PEOPLE_FOLDER)
    people = {Path(one.path).stem for one in files if one.path.endswith(".md")}
    rows = []
    for name in names:
        stem = Path(name).stem
        found = {one for one in people if one == stem or one in stem.split("-")}
        rows.append({"file": name} | ({"person": found.pop()} if len(found) == 1 else {}))
    return rows
