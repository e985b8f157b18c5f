"""Publishing to a folder on this machine, or on one that is mounted.

Every file is written beside its place and renamed into it, so that each is the older or the newer
one, whole, whenever the run is stopped. Nothing is followed out of the target by a link.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import msgspec

from avsnitt.digests import DIGEST_BYTES
from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.publish.plan import (
    MANIFEST_NAME,
    PART_SUFFIX,
    FileFacts,
    Manifest,
    Step,
    TargetManifest,
    TransferPlan,
    is_ours,
    is_publishable,
    parse_manifest,
    plan_transfer,
    render_manifest,
)
from avsnitt.show_files import CACHE_FOLDER, EPISODES_FOLDER, SITE_FOLDER
from avsnitt.system.os_errors import describe_os_error

BLOCK_BYTES: Final = 1 << 20
SOURCES: Final = (SITE_FOLDER, EPISODES_FOLDER, CACHE_FOLDER, ".git")
MANIFEST_MAX_BYTES: Final = 256 << 20

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class PublishReport(msgspec.Struct, frozen=True, kw_only=True):
    """
    The result of a run, or with `dry_run` of a run that was not carried out; `kept` were ours
    but changed by another.
    """

    target: str
    uploaded: tuple[str, ...]
    unchanged: int
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    bytes_uploaded: int
    dry_run: bool = False


def read_tree(root: Path) -> dict[str, FileFacts]:
    """
    Every regular file under a folder, by content; links and our own files are left out.

    Raises UsageError (`publish.bad-name`) for a name that not every server can hold.
    """
    found = sorted(_walk(root, ""))
    strange = [path for path, _ in found if not is_publishable(path)]
    if strange:
        raise UsageError(
            f"{strange[0]!r} cannot be published under that name",
            key="publish.bad-name",
            values={"path": strange[0]},
        )
    return {path: FileFacts(_digest(root / path), size) for path, size in found}


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{path}/")
            elif entry.is_file(follow_symlinks=False) and not is_ours(entry.name):
                yield path, entry.stat().st_size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=DIGEST_BYTES)).hexdigest()


def refuse_target(target: Path, *, public: Path, show: Path, home: Path) -> None:
    """
    UsageError for a target that would hurt: the disk's root, the home folder, the show itself
    or what holds it, its sources, or the folder that is published.
    """
    real = Path(os.path.realpath(target))
    sources = [show / name for name in SOURCES]
    within = [source for source in (*sources, public) if _holds(source, real)]
    around = [place for place in (show, public, home) if _holds(real, place)]
    if real == real.parent or within or around:
        raise UsageError(
            f"{target} cannot be published to",
            key="publish.bad-target",
            values={"target": str(target)},
        )
    if real.exists() and not real.is_dir():
        raise UsageError(
            f"{target} is not a folder",
            key="publish.not-a-folder",
            values={"target": str(target)},
        )


def _holds(outer: Path, inner: Path) -> bool:
    """By identity where both exist: names may differ by case or by mount and be one folder."""
    real_outer, real_inner = (Path(os.path.realpath(path)) for path in (outer, inner))
    if real_inner.is_relative_to(real_outer):
        return True
    if not real_outer.exists():
        return False
    steps = (real_inner, *real_inner.parents)
    return any(step.exists() and step.samefile(real_outer) for step in steps)


def publish_to_folder(
    public: Path,
    local: Manifest,
    target: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> PublishReport:
    """
    Make `target` hold what `public` holds, and keep what others put there.

    Raises UsageError (`publish.others-file`) when another's file lies where one of ours should
    go, and ExternalError when the disk fails; a run after that goes on where it stopped.
    """
    root = Path(os.path.realpath(target))
    try:
        if dry_run:
            seen = _inspect_target(root, local)
        else:
            root.mkdir(parents=True, exist_ok=True)
            with _alone(root):
                seen = _inspect_target(root, local)
                _carry_out(seen, public, root, local, progress or _say_nothing)
    except OSError as error:
        raise ExternalError(
            str(error),
            key="publish.failed",
            values={"target": str(target), "why": describe_os_error(error)},
        ) from error
    return _report(target, seen, dry_run=dry_run)


class _TargetInspection(msgspec.Struct, frozen=True):
    plan: TransferPlan
    kept: tuple[str, ...]
    there: dict[str, FileFacts]
    begun: tuple[str, ...]


def _say_nothing(done_bytes: int, total_bytes: int) -> None:
    del done_bytes, total_bytes


def _report(target: Path, seen: _TargetInspection, *, dry_run: bool) -> PublishReport:
    plan = seen.plan
    return PublishReport(
        target=str(target),
        uploaded=tuple(step.path for step in plan.uploads),
        unchanged=len(plan.unchanged),
        deleted=tuple(step.path for step in plan.deletions),
        kept=seen.kept,
        bytes_uploaded=plan.upload_bytes,
        dry_run=dry_run,
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One run at a time, by a lock that goes away with the process, where the system has one."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(root, os.O_RDONLY)
    try:
        _lock(partial(fcntl.flock, folder, fcntl.LOCK_EX | fcntl.LOCK_NB), root)
        yield
    finally:
        os.close(folder)


def _lock(take: Callable[[], None], root: Path) -> None:
    try:
        take()
    except BlockingIOError as error:
        raise ExternalError(
            f"another run is publishing to {root}",
            key="publish.busy",
            values={"target": str(root)},
        ) from error


# --- Looking ----------------------------------------------------------------------------------


def _inspect_target(root: Path, local: Manifest) -> _TargetInspection:
    previous = _read_published(root)
    ours = previous.files.keys() | previous.underway.keys()
    _refuse_linked_folders(root, local.keys() | ours)
    there = {}
    for path in sorted(local.keys() | ours):
        facts = _what_is_there(root, path, local, previous)
        if facts is not None:
            there[path] = facts
    _refuse_others_files(root, [path for path in local if path not in ours], local, there)
    gone = previous.files.keys() - local.keys() - there.keys()
    kept = tuple(sorted(path for path in gone if _is_taken(root / path)))
    return _TargetInspection(plan_transfer(local, there), kept, there, tuple(previous.underway))


def _read_published(root: Path) -> TargetManifest:
    """A damaged manifest is none: then every file is compared, and nothing is deleted."""
    path = root / MANIFEST_NAME
    facts = _facts(path)
    if facts is None or facts.st_size > MANIFEST_MAX_BYTES:
        return TargetManifest()
    return parse_manifest(path.read_bytes()) or TargetManifest()


def _what_is_there(
    root: Path, path: str, local: Manifest, previous: TargetManifest
) -> FileFacts | None:
    """
    The facts of a file that is ours or as ours will be; None for any other and for no file.

    What should stay is believed when its size is right: reading a terabyte of sound to learn
    that nothing changed would cost more than it saves. The rest is known by its content.
    """
    facts = _facts(root / path)
    if facts is None:
        return None
    known, begun = previous.files.get(path), previous.underway.get(path)
    if known and not begun and path in local and facts.st_size == known.size_bytes:
        return known
    claims = [claim for claim in (known, begun, local.get(path)) if claim is not None]
    if facts.st_size not in [claim.size_bytes for claim in claims]:
        return None
    actual = FileFacts(_digest(root / path), facts.st_size)
    return actual if actual in claims else None


def _refuse_others_files(root: Path, new: list[str], local: Manifest, there: Manifest) -> None:
    """A file of another's where one of ours should go is not ours to overwrite."""
    others = sorted(
        path for path in new if there.get(path) != local[path] and _is_taken(root / path)
    )
    if others:
        raise UsageError(
            f"{root / others[0]} is not ours",
            key="publish.others-file",
            values={"target": str(root), "path": others[0], "count": str(len(others))},
        )


def _refuse_linked_folders(root: Path, paths: Iterable[str]) -> None:
    """A folder of the target that is a link would carry our files somewhere else."""
    lowest = {path.rpartition("/")[0] for path in paths} - {""}
    folders = {outer for folder in lowest for outer in (folder, *map(str, _above(folder)))}
    for folder in sorted(folders):
        if (root / folder).is_symlink():
            raise UsageError(
                f"{root / folder} is a link",
                key="publish.linked-folder",
                values={"path": str(root / folder)},
            )


def _above(folder: str) -> Sequence[PurePosixPath]:
    return PurePosixPath(folder).parents[:-1]


def _facts(path: Path) -> os.stat_result | None:
    """The facts of a regular file; None for anything else, links too."""
    try:
        facts = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _is_taken(path: Path) -> bool:
    return os.path.lexists(path)


# --- Doing ------------------------------------------------------------------------------------


def _carry_out(
    seen: _TargetInspection, public: Path, root: Path, local: Manifest, progress: Progress
) -> None:
    plan = seen.plan
    _sweep_parts(root, seen.begun)
    if plan.uploads:
        begun = {step.path: local[step.path] for step in plan.uploads}
        _write_published(root, TargetManifest(seen.there, begun))
    _copy_all(plan, public, root, progress)
    for step in plan.deletions:
        _delete(root, step)
    # Nothing is forced to the disk file by file: after a power cut the sizes show what is lost,
    # and the next run sends it again.
    _write_published(root, TargetManifest(dict(local)))


def _copy_all(plan: TransferPlan, public: Path, root: Path, progress: Progress) -> None:
    total, done = plan.upload_bytes, 0

    def tick(size_bytes: int) -> None:
        nonlocal done
        done += size_bytes
        progress(done, total)

    for folder in {(root / step.path).parent for step in plan.uploads}:
        folder.mkdir(parents=True, exist_ok=True)
    for step in plan.uploads:
        _copy(public / step.path, root / step.path, step.size_bytes, tick)


def _copy(source: Path, place: Path, size_bytes: int, tick: Callable[[int], None]) -> None:
    """Write beside the place, then rename."""
    part = place.with_name(f".{place.name}{PART_SUFFIX}")
    try:
        with source.open("rb") as old, _open_new(part) as new:
            while block := old.read(BLOCK_BYTES):
                new.write(block)
                tick(len(block))
            written = new.tell()
        if written != size_bytes:
            raise OSError(f"{source} changed while it was published")
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _open_new(part: Path) -> BinaryIO:
    """A file that was not there: a link that someone put in the way is not followed."""
    try:
        return part.open("xb")
    except FileExistsError:
        part.unlink()
        return part.open("xb")


def _sweep_parts(root: Path, paths: Iterable[str]) -> None:
    """Delete the temporary files that a killed run left behind."""
    for path in paths:
        place = root / path
        with suppress(FileNotFoundError, NotADirectoryError):
            place.with_name(f".{place.name}{PART_SUFFIX}").unlink()


def _delete(root: Path, step: Step) -> None:
    place = root / step.path
    place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == root or not _remove_if_empty(folder):
            return


def _remove_if_empty(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _write_published(root: Path, published: TargetManifest) -> None:
    place = root / MANIFEST_NAME
    data = render_manifest(published)
    if _facts(place) and place.read_bytes() == data:
        return
    part = place.with_name(f"{MANIFEST_NAME}{PART_SUFFIX}")
    try:
        with _open_new(part) as file:
            file.write(data)
        part.replace(place)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
