"""Writes the published pictures: cleaned of everything but the picture, and small for pages."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from avsnitt.adapters.files import Stat
from avsnitt.adapters.store import Made
from avsnitt.adapters.workers import map_jobs
from avsnitt.workflow.output import Output
from avsnitt.workflow.pictures import SMALL_PX, Gallery, PublishedPicture


class _Job(Struct, frozen=True):
    picture: PublishedPicture
    small: bool

    @property
    def path(self) -> str:
        return self.picture.small if self.small else self.picture.path

    @property
    def parts(self) -> dict[str, str]:
        return {"picture": self.picture.digest, "size": str(SMALL_PX) if self.small else "whole"}


class _Written(Struct, frozen=True):
    stat: Stat
    changed: bool


def make_pictures(root: str, gallery: Gallery, output: Output) -> None:
    """Make, or leave alone, both forms of every picture."""
    jobs = [
        _Job(picture, small)
        for _, picture in sorted(gallery.pictures.items())
        for small in (False, True)
    ]
    output.keep(job.path for job in jobs)
    stale = [job for job in jobs if not output.is_current(job.path, job.parts)]
    if stale:
        output.make_folder_of(stale[0].path)
        output.unfinished.note_files(job.path for job in stale)
    written = map_jobs(lambda job: _write(root, output, job), stale, _Written)
    for job, one in zip(stale, written, strict=True):
        output.record(Made(job.path, one.stat, "", job.parts), changed=one.changed)


def _write(root: str, output: Output, job: _Job) -> _Written:
    from avsnitt.adapters.pictures import clean_picture, site_picture

    source = Path(root, job.picture.source)
    data = site_picture(source, SMALL_PX) if job.small else clean_picture(source)
    return _Written(*output.write(job.path, data))
