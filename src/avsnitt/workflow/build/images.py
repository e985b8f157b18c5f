"""The show's pictures: which there are, where each is published, and making them ready."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Struct

from avsnitt import routes
from avsnitt.checks.show.covers import SourceImage, check_image
from avsnitt.content.episode import PICTURE_ENDINGS, suggest_slug
from avsnitt.content.markdown import find_images
from avsnitt.digests import digest
from avsnitt.images.sizes import ENDINGS, RECIPE, ImageSize, Role, forms_for, forms_of
from avsnitt.model.podcast20 import PodcastImage
from avsnitt.model.show import Episode, Show
from avsnitt.problems.codes import problem
from avsnitt.problems.errors import ProblemError
from avsnitt.problems.media_errors import ImageError
from avsnitt.problems.problem import Problem, Where
from avsnitt.site.images import ImageFiles
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import ListedFile, Stat, read_bytes
from avsnitt.work.fork_map import map_jobs

LIMIT_BYTES: Final = 40 * 1024 * 1024
LEAST_FOR_PROCESS: Final = 2
"""Pictures that are worth another process: each takes a tenth of a second to unpack."""

JPEG: Final = "image/jpeg"
_ENDINGS: Final = {"JPEG": "jpg", "PNG": "png"}


class ProbedImage(Struct, frozen=True):
    """One picture file: what it is, or the problem that it is none."""

    path: str
    stat: Stat
    digest: str
    seen: SourceImage | None = None
    problem: Problem | None = None


class PublishedImageSize(Struct, frozen=True):
    """A picture in one size and kind, for pages."""

    path: str
    form: ImageSize


class PublishedImage(Struct, frozen=True):
    """
    The published paths of a picture: whole, and in the forms that pages show. Its size is in
    pixels.
    """

    source: str
    digest: str
    path: str
    width: int = 0
    height: int = 0
    forms: tuple[PublishedImageSize, ...] = ()


class PublishedImages(Struct, frozen=True):
    """All published pictures, by the path of their source."""

    pictures: Mapping[str, PublishedImage]

    def whole(self, source: str) -> str:
        """The published path, or an empty text when there is no such picture."""
        found = self.pictures.get(source)
        return found.path if found else ""

    def shown(self, source: str, role: Role) -> ImageFiles | None:
        """The picture as a page shows it in a role."""
        found = self.pictures.get(source)
        return image_view(found, role) if found else None

    def card(self, source: str) -> ImageFiles | None:
        """The form of the picture that is shown where somebody shares a link."""
        found = self.pictures.get(source)
        cards = [one for one in found.forms if one.form.kind == "card"] if found else []
        return _shown(cards) if cards else None

    def of_episode(self, episode: Episode) -> str:
        """Names all pictures that an episode's own files show."""
        sources = [episode.cover.path] if episode.cover else []
        sources += [path for path, _ in _inner_pictures(episode)]
        if not sources:
            return ""
        return " ".join(self.digest(source) for source in sources)

    def digest(self, source: str) -> str:
        """The digest of a source picture; empty when it is not published."""
        found = self.pictures.get(source)
        return found.digest if found else ""


def images_in_notes(episode: Episode) -> dict[str, str]:
    """The pictures that the notes show: what the author wrote, and the file it means."""
    return {
        name: f"{episode.folder}/{name}"
        for name in (*find_images(episode.notes), *find_images(episode.host_note))
        if "/" not in name and name.rpartition(".")[2].lower() in PICTURE_ENDINGS
    }


def image_view(picture: PublishedImage, role: Role) -> ImageFiles | None:
    """A picture in the forms that belong to a role, or as it is where it is small enough."""
    paths = {one.form: one.path for one in picture.forms}
    wanted = forms_of(role, picture.width, picture.height)
    if not wanted:
        files = ((picture.path, picture.width),)
        return ImageFiles(width=picture.width, height=picture.height, files=files)
    found = [PublishedImageSize(paths[form], form) for form in wanted if form in paths]
    return _shown(found) if found else None


def _shown(forms: Sequence[PublishedImageSize]) -> ImageFiles:
    """Forms of one picture: those that every browser reads, and the others by kind."""
    kinds: dict[str, list[tuple[str, int]]] = {}
    for one in forms:
        files = kinds.setdefault(routes.media_type(one.path), [])
        files.append((one.path, one.form.width))
    largest = forms[-1].form
    jpegs = tuple(kinds.pop(JPEG))
    better = tuple((kind, tuple(files)) for kind, files in kinds.items())
    return ImageFiles(width=largest.width, height=largest.height, files=jpegs, better=better)


def plan_images(
    root: str,
    show: Show,
    inputs: Iterable[ListedFile],
    cache: BuildCache,
    proven: Container[str] = (),
) -> tuple[PublishedImages, tuple[Problem, ...]]:
    """
    Find every picture the show uses, and what is wrong with any of them. Pictures whose digests
    are `proven` have been unpacked already.
    """
    stats = {found.path: found.stat for found in inputs}
    wanted = _named(show)
    kept = {
        path: msgspec.json.decode(data, type=ProbedImage)
        for path, data in cache.read_kept("picture").items()
    }
    unseen = [
        ListedFile(path, stats[path])
        for path in wanted
        if path in stats and (path not in kept or kept[path].stat != stats[path])
    ]
    fresh = map_jobs(
        lambda one: _read_image(root, one, proven), unseen, ProbedImage, least=LEAST_FOR_PROCESS
    )
    cache.keep("picture", ((one.path, msgspec.json.encode(one)) for one in fresh))
    cache.forget("picture", set(kept).difference(wanted))
    kept.update((one.path, one) for one in fresh)
    seen = {path: kept[path] for path in wanted if path in kept and path in stats}
    problems = [one.problem for one in seen.values() if one.problem]
    problems += _missing(wanted, stats)
    problems += _unfit(show, seen)
    pictures = {
        path: _publish(one.seen, one.digest, wanted[path])
        for path, one in seen.items()
        if one.seen is not None
    }
    return PublishedImages(pictures), tuple(problems)


class _Use(NamedTuple):
    """The name that a picture goes by in its published address, and where pages show it."""

    name: str
    roles: frozenset[Role]


def _named(show: Show) -> dict[str, _Use]:
    """Every picture by its path, under the last of its names."""
    uses: dict[str, _Use] = {}
    for path, name, role in _wanted(show):
        before = uses[path].roles if path in uses else frozenset()
        uses[path] = _Use(name, before | {role} if role else before)
    return uses


def _wanted(show: Show) -> Iterator[tuple[str, str, Role | None]]:
    """Each picture's path, name and role on pages, if it has any there."""
    yield show.cover.path, "cover", "show"
    for path in _own_images(show.extras.images):
        yield path, _stem(path), None
    for person in show.people:
        if person.picture:
            yield person.picture, person.id, "portrait"
    for episode in show.episodes:
        if episode.cover:
            yield episode.cover.path, episode.slug, "cover"
        for path, role in _inner_pictures(episode):
            yield path, f"{episode.slug}-{_stem(path)}", role


def _inner_pictures(episode: Episode) -> Iterator[tuple[str, Role | None]]:
    """Of chapters, in notes, and what only the feed shows."""
    if episode.is_out or episode.live:
        yield from ((path, None) for path in _own_images(episode.extras.images))
    if episode.is_out:
        images = [chapter.image for chapter in episode.chapters if chapter.image]
        yield from ((image, "chapter") for image in images if "://" not in image)
    if "![" in episode.notes or "<img" in episode.notes or episode.host_note:
        yield from ((path, "notes") for path in images_in_notes(episode).values())


def _own_images(images: Iterable[PodcastImage]) -> Iterator[str]:
    """Those that are files of the show's, and not addresses."""
    return (one.file for one in images if "://" not in one.file)


def _stem(path: str) -> str:
    return suggest_slug(path.rpartition("/")[2].rpartition(".")[0])


def _read_image(root: str, found: ListedFile, proven: Container[str]) -> ProbedImage:
    from avsnitt.images.io.convert import read_image_facts

    try:
        name = digest(read_bytes(root, found.path, LIMIT_BYTES))
        facts = read_image_facts(Path(root, found.path), proven=name in proven)
    except ProblemError as error:
        return ProbedImage(found.path, found.stat, "", problem=error.problem)
    except ImageError as error:
        wrong = problem(error.code, Where(found.path), **error.words)
        return ProbedImage(found.path, found.stat, "", problem=wrong)
    seen = SourceImage(
        path=found.path,
        format=facts.format,
        width=facts.width,
        height=facts.height,
        mode=facts.mode,
        see_through=facts.has_alpha,
        orientation=facts.orientation,
        size_bytes=found.stat[0],
    )
    return ProbedImage(found.path, found.stat, name, seen)


def _missing(wanted: Iterable[str], stats: Mapping[str, Stat]) -> list[Problem]:
    return [
        problem("FILE-005", Where(path), name=path.rpartition("/")[2], near="")
        for path in wanted
        if path not in stats
    ]


def _unfit(show: Show, seen: Mapping[str, ProbedImage]) -> Iterator[Problem]:
    covers = [show.cover.path, *(one.cover.path for one in show.episodes if one.cover)]
    images = [*_own_images(show.extras.images)]
    for episode in show.episodes:
        images += _own_images(episode.extras.images)
    kinds: dict[str, Literal["cover", "image"]] = dict.fromkeys(images, "image")
    kinds |= dict.fromkeys(covers, "cover")
    for path, kind in kinds.items():
        one = seen.get(path)
        if one is not None and one.seen is not None:
            yield from check_image(one.seen, kind)


def _publish(seen: SourceImage, name: str, use: _Use) -> PublishedImage:
    return PublishedImage(
        seen.path,
        name,
        routes.picture(use.name, name, _ENDINGS[seen.format]),
        seen.width,
        seen.height,
        tuple(
            PublishedImageSize(_form_path(use.name, name, form), form)
            for form in forms_for(use.roles, seen.width, seen.height)
        ),
    )


def _form_path(name: str, source: str, form: ImageSize) -> str:
    """Named by the content and the recipe, so that what stands at an address is never stale."""
    size = "card" if form.kind == "card" else str(form.width)
    made_of = digest(f"{source} {RECIPE}".encode())
    return routes.picture(f"{name}-{size}", made_of, ENDINGS[form.kind])
