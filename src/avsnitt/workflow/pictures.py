"""The show's pictures: which there are, where each is published, and making them ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from avsnitt import addresses
from avsnitt.adapters.files import Found, Stat, read_bytes
from avsnitt.adapters.store import Store
from avsnitt.adapters.workers import map_jobs
from avsnitt.content.episode import PICTURE_ENDINGS, suggest_slug
from avsnitt.content.markdown import find_images
from avsnitt.errors import Problem, ProblemFound, Where
from avsnitt.keys import digest
from avsnitt.media.trouble import PictureTrouble
from avsnitt.model import Episode, Show
from avsnitt.problems import problem

LIMIT_BYTES: Final = 40 * 1024 * 1024
SMALL_PX: Final = 600
COVER_PX: Final = (1400, 3000)
"""Apple's least and greatest side of a square cover (Artwork requirements)."""

_ENDINGS: Final = {"JPEG": "jpg", "PNG": "png"}


class SeenPicture(Struct, frozen=True):
    """One picture file: what it is, or the problem that it is none. Sizes in pixels."""

    path: str
    stat: Stat
    digest: str
    format: str = ""
    width: int = 0
    height: int = 0
    problem: Problem | None = None


class PublishedPicture(Struct, frozen=True):
    """
    Where a picture is published: whole, and `SMALL_PX` wide for pages. Its size is in pixels.
    """

    source: str
    digest: str
    path: str
    small: str
    width: int = 0
    height: int = 0


class Gallery(Struct, frozen=True):
    """All published pictures, by the path of their source."""

    pictures: Mapping[str, PublishedPicture]

    def whole(self, source: str) -> str:
        """The published path, or an empty text when there is no such picture."""
        found = self.pictures.get(source)
        return found.path if found else ""

    def small(self, source: str) -> str:
        found = self.pictures.get(source)
        return found.small if found else ""

    def of_episode(self, episode: Episode) -> str:
        """Names all pictures that an episode's own files show."""
        sources = [episode.cover.path] if episode.cover else []
        sources += _inner_pictures(episode)
        if not sources:
            return ""
        return " ".join(self.digest(source) for source in sources)

    def digest(self, source: str) -> str:
        found = self.pictures.get(source)
        return found.digest if found else ""


def notes_pictures(episode: Episode) -> dict[str, str]:
    """The pictures that the notes show: what the author wrote, and the file it means."""
    return {
        name: f"{episode.folder}/{name}"
        for name in (*find_images(episode.notes), *find_images(episode.host_note))
        if "/" not in name and name.rpartition(".")[2].lower() in PICTURE_ENDINGS
    }


def look_at_pictures(
    root: str, show: Show, inputs: Iterable[Found], store: Store
) -> tuple[Gallery, tuple[Problem, ...]]:
    """Find every picture the show uses, and what is wrong with any of them."""
    stats = {found.path: found.stat for found in inputs}
    wanted = dict(_wanted(show))
    kept = {
        path: msgspec.json.decode(data, type=SeenPicture)
        for path, data in store.read_kept("picture").items()
    }
    unseen = [
        Found(path, stats[path])
        for path in wanted
        if path in stats and (path not in kept or kept[path].stat != stats[path])
    ]
    fresh = map_jobs(lambda found: _look(root, found), unseen, SeenPicture)
    store.keep("picture", ((one.path, msgspec.json.encode(one)) for one in fresh))
    store.forget("picture", set(kept).difference(wanted))
    kept.update((one.path, one) for one in fresh)
    seen = {path: kept[path] for path in wanted if path in kept and path in stats}
    problems = [one.problem for one in seen.values() if one.problem]
    problems += _missing(wanted, stats)
    problems += _unfit_covers(show, seen)
    pictures = {
        path: _publish(one, wanted[path]) for path, one in seen.items() if one.problem is None
    }
    return Gallery(pictures), tuple(problems)


def _wanted(show: Show) -> Iterator[tuple[str, str]]:
    """Each picture's path, and the name it goes by in its published address."""
    yield show.cover.path, "cover"
    for image in show.extras.images:
        if "://" not in image.file:
            yield image.file, _stem(image.file)
    for person in show.people:
        if person.picture:
            yield person.picture, person.id
    for episode in show.episodes:
        if episode.cover:
            yield episode.cover.path, episode.slug
        for path in _inner_pictures(episode):
            yield path, f"{episode.slug}-{_stem(path)}"


def _inner_pictures(episode: Episode) -> Iterator[str]:
    """Of chapters, in notes, and what only the feed shows."""
    if episode.is_out or episode.live:
        yield from (one.file for one in episode.extras.images if "://" not in one.file)
    if episode.is_out:
        images = [chapter.image for chapter in episode.chapters if chapter.image]
        yield from (image for image in images if "://" not in image)
    if "![" in episode.notes or "<img" in episode.notes or episode.host_note:
        yield from notes_pictures(episode).values()


def _stem(path: str) -> str:
    return suggest_slug(path.rpartition("/")[2].rpartition(".")[0])


def _look(root: str, found: Found) -> SeenPicture:
    from avsnitt.adapters.pictures import read_picture_facts

    try:
        data = read_bytes(root, found.path, LIMIT_BYTES)
        facts = read_picture_facts(Path(root, found.path))
    except ProblemFound as trouble:
        return SeenPicture(found.path, found.stat, "", problem=trouble.problem)
    except PictureTrouble as trouble:
        wrong = problem(trouble.code, Where(found.path), **trouble.words)
        return SeenPicture(found.path, found.stat, "", problem=wrong)
    name = digest(data)
    return SeenPicture(found.path, found.stat, name, facts.format, facts.width, facts.height)


def _missing(wanted: Mapping[str, str], stats: Mapping[str, Stat]) -> list[Problem]:
    return [
        problem("FILE-005", Where(path), name=path.rpartition("/")[2], near="")
        for path in wanted
        if path not in stats
    ]


def _unfit_covers(show: Show, seen: Mapping[str, SeenPicture]) -> Iterator[Problem]:
    covers = [show.cover.path, *(one.cover.path for one in show.episodes if one.cover)]
    least, most = COVER_PX
    for path in covers:
        one = seen.get(path)
        if one is None or one.problem or (one.width == one.height and least <= one.width <= most):
            continue
        size = f"{one.width} x {one.height}"
        yield problem("PICTURE-003", Where(path), size=size)


def _publish(one: SeenPicture, name: str) -> PublishedPicture:
    ending = _ENDINGS[one.format]
    return PublishedPicture(
        one.path,
        one.digest,
        addresses.picture(name, one.digest, ending),
        addresses.picture(f"{name}-{SMALL_PX}", one.digest, "jpg"),
        one.width,
        one.height,
    )
