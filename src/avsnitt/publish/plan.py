"""
The plan of a publication: files to send, and their order. Two manifests in, a plan out.

A subscriber must never meet a feed that names a file which is not there yet, so what is pointed at
goes before what points: sound, then what belongs to it, then pages, then feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final, Literal

import msgspec

from avsnitt.routes import HOME, MIME_TYPES, is_json_feed

MANIFEST_NAME: Final = ".avsnitt-published.json"
PART_SUFFIX: Final = ".avsnitt-part"

# A colon is a drive or a hidden stream on Windows.
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\\:]")

_SOUND, _BELONGING, _ASSETS, _PAGES, _FEEDS = range(5)
_BY_FOLDER: Final = {"chapters": _BELONGING, "transcripts": _BELONGING, "pictures": _BELONGING}
_BY_TYPE: Final = {"audio": _SOUND, "video": _SOUND, "image": _BELONGING}
_BY_ENDING: Final = {
    ".vtt": _BELONGING,
    ".srt": _BELONGING,
    ".html": _PAGES,
    ".xml": _FEEDS,
    ".opml": _FEEDS,
    ".ics": _FEEDS,
}


class FileFacts(msgspec.Struct, frozen=True):
    """The size in bytes and the digest (`digests.digest`) of one published file."""

    digest: str
    size_bytes: int


Manifest = Mapping[str, FileFacts]
"""Paths relative to the published root, with forward slashes."""


class Step(msgspec.Struct, frozen=True):
    """One step of a plan: a file to upload or to delete."""

    action: Literal["upload", "delete"]
    path: str
    size_bytes: int


class TransferPlan(msgspec.Struct, frozen=True):
    """`steps` in the order they must be done; `unchanged` are left alone."""

    steps: tuple[Step, ...]
    unchanged: tuple[str, ...]

    @property
    def uploads(self) -> tuple[Step, ...]:
        """The steps that upload, in their order."""
        return tuple(step for step in self.steps if step.action == "upload")

    @property
    def deletions(self) -> tuple[Step, ...]:
        """The steps that delete, in their order."""
        return tuple(step for step in self.steps if step.action == "delete")

    @property
    def upload_bytes(self) -> int:
        """The size of all uploads together."""
        return sum(step.size_bytes for step in self.uploads)


def plan_transfer(local: Manifest, remote: Manifest) -> TransferPlan:
    """
    The steps that make the remote what the local is.

    `remote` holds only what we published earlier, so nothing else can be deleted. Deletions
    come last and in the opposite order: what points goes before what is pointed at.
    """
    changed = [path for path in local if local[path] != remote.get(path)]
    gone = [path for path in remote if path not in local]
    uploads = [Step("upload", path, local[path].size_bytes) for path in in_order(changed)]
    deletions = [Step("delete", path, remote[path].size_bytes) for path in reversed(in_order(gone))]
    unchanged = sorted(local.keys() - set(changed))
    return TransferPlan((*uploads, *deletions), tuple(unchanged))


def in_order(paths: Iterable[str]) -> list[str]:
    """Paths in the order they may appear; the start page after the pages it lists."""
    return sorted(paths, key=lambda path: (rank(path), path == HOME, path))


def rank(path: str) -> int:
    """0 sound and film, 1 what belongs to them, 2 assets, 3 pages, 4 feeds."""
    if is_json_feed(path):
        return _FEEDS
    pure = PurePosixPath(path)
    ending = pure.suffix.lower()
    kind = MIME_TYPES.get(ending, "").split("/")[0]
    rows = (
        (_BY_FOLDER, pure.parts[0] if pure.parts else ""),
        (_BY_ENDING, ending),
        (_BY_TYPE, kind),
    )
    return next((table[key] for table, key in rows if key in table), _ASSETS)


def is_publishable(path: str) -> bool:
    """True when a manifest may name a path: inside the root, portable, and not one of our own."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    parts = path.split("/")
    inside = all(part not in ("", ".", "..") for part in parts)
    return inside and not _FORBIDDEN.search(path) and not is_ours(parts[-1])


def is_ours(name: str) -> bool:
    """True for a file name that publishing itself uses."""
    return name == MANIFEST_NAME or name.endswith(PART_SUFFIX)


class TargetManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    The manifest that lies in a target.

    `files` are there and whole. `underway` are those that a run that was stopped may have put
    in their place or beside them, so that the next run knows either for ours.
    """

    files: dict[str, FileFacts] = {}
    underway: dict[str, FileFacts] = {}
    version: Literal[1] = 1


def render_manifest(published: TargetManifest) -> bytes:
    """The manifest file: sorted, one file a line, the same bytes for the same value."""
    return msgspec.json.format(msgspec.json.encode(published, order="sorted"), indent=1) + b"\n"


def parse_manifest(data: bytes) -> TargetManifest | None:
    """
    The manifest file's value; None when it is damaged or names what no manifest of ours does.

    It lies where others may write, so it is not trusted: a path out of the root is refused.
    """
    try:
        published = msgspec.json.decode(data, type=TargetManifest)
    except msgspec.DecodeError:
        return None
    paths = (*published.files, *published.underway)
    return published if all(is_publishable(path) for path in paths) else None
