"""Writes the published pictures: cleaned of everything but the picture, and in sizes for pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from avsnitt.images.sizes import ImageSize, base_px
from avsnitt.system.build_cache import OutputRecord
from avsnitt.system.files import Stat
from avsnitt.work.fork_map import map_jobs
from avsnitt.workflow.build.images import (
    LEAST_FOR_PROCESS,
    PublishedImage,
    PublishedImages,
    PublishedImageSize,
)
from avsnitt.workflow.build.output import Output

Ready = Mapping[str, Mapping[ImageSize, bytes]]
"""Forms that are made already, by the digest of the picture."""


class _ImageJob(Struct, frozen=True):
    """All the files to make of one picture, so that it is decoded once."""

    picture: PublishedImage
    whole: bool
    forms: tuple[PublishedImageSize, ...]


class _WrittenImage(Struct, frozen=True):
    path: str
    stat: Stat
    changed: bool
    size: str


class _ImageJobResult(Struct, frozen=True):
    written: tuple[_WrittenImage, ...]


def write_images(root: str, images: PublishedImages, output: Output, ready: Ready) -> None:
    """
    Make, or leave alone, every form of every picture. What stands at the address of a form is
    that form, whichever version of the program made it: the address names all it is made of.
    """
    pictures = [picture for _, picture in sorted(images.pictures.items())]
    output.keep(path for picture in pictures for path in _paths(picture))
    jobs = [job for job in (_job(picture, output) for picture in pictures) if job]
    if jobs:
        output.make_folder_of(jobs[0].picture.path)
        output.journal.note_files(path for job in jobs for path in _stale(job))
    done = map_jobs(
        lambda job: _make(root, output, ready, job), jobs, _ImageJobResult, least=LEAST_FOR_PROCESS
    )
    for job, one in zip(jobs, done, strict=True):
        for file in one.written:
            parts = _parts(job.picture, file.size)
            output.record(OutputRecord(file.path, file.stat, "", parts), changed=file.changed)


def _job(picture: PublishedImage, output: Output) -> _ImageJob | None:
    whole = not output.is_current(picture.path, _parts(picture, "whole"))
    forms = tuple(one for one in picture.forms if not output.stands(one.path))
    return _ImageJob(picture, whole, forms) if whole or forms else None


def _parts(picture: PublishedImage, size: str) -> dict[str, str]:
    return {"picture": picture.digest, "size": size}


def _paths(picture: PublishedImage) -> Iterator[str]:
    yield picture.path
    yield from (one.path for one in picture.forms)


def _stale(job: _ImageJob) -> Iterator[str]:
    if job.whole:
        yield job.picture.path
    yield from (one.path for one in job.forms)


def _make(root: str, output: Output, ready: Ready, job: _ImageJob) -> _ImageJobResult:
    from avsnitt.images.io.convert import clean_picture

    written = []
    if job.whole:
        data = clean_picture(Path(root, job.picture.source))
        written.append(
            _WrittenImage(job.picture.path, *output.write(job.picture.path, data), "whole")
        )
    for one, data in zip(job.forms, _developed(root, ready, job), strict=True):
        size = f"{one.form.kind} {one.form.width}"
        written.append(_WrittenImage(one.path, *output.write(one.path, data), size))
    return _ImageJobResult(tuple(written))


def _developed(root: str, ready: Ready, job: _ImageJob) -> tuple[bytes, ...]:
    from avsnitt.images.io.convert import page_pictures

    forms = [one.form for one in job.forms]
    made = ready.get(job.picture.digest, {})
    if all(form in made for form in forms):
        return tuple(made[form] for form in forms)
    base = base_px(one.form for one in job.picture.forms)
    return page_pictures(Path(root, job.picture.source), forms, base)
