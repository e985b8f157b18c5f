"""The mark of a run that has begun to write, with what it may have made.

It is taken away when a run has ended well. A run that finds it knows that another was stopped,
and which files in the tree are that one's and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from avsnitt import routes
from avsnitt.system.files import append_text, is_inside, read_if_there, remove, sweep

_EPISODE: Final = "episode "
_FILE: Final = "file "
_SOUNDS: Final = ("mp3", "m4a", "mp4", "opus", "ogg", "flac")


class BuildJournal:
    """`path` is the mark's own file; an episode is noted by its slug, for all its files."""

    def __init__(self, path: str) -> None:
        self._path = path

    def begin(self, *folders: str) -> frozenset[str]:
        """
        Set the mark. Returns the paths that stopped runs may have made, after clearing away
        what they left half written in `folders`.
        """
        text = read_if_there(self._path)
        if text is not None:
            for folder in folders:
                sweep(folder)
        append_text(self._path, "")
        return frozenset(path for line in (text or "").splitlines() for path in _paths(line))

    def note_files(self, paths: Iterable[str]) -> None:
        """Said before they are written."""
        append_text(self._path, "".join(f"{_FILE}{path}\n" for path in paths))

    def note_episodes(self, slugs: Iterable[str]) -> None:
        """Note which episodes are about to be built."""
        append_text(self._path, "".join(f"{_EPISODE}{slug}\n" for slug in slugs))

    def end(self) -> None:
        """Delete the journal: everything that it names has been recorded."""
        remove(self._path)


def _paths(line: str) -> Iterator[str]:
    if line.startswith(_FILE):
        found = [line.removeprefix(_FILE)]
    elif line.startswith(_EPISODE):
        found = _episode_paths(line.removeprefix(_EPISODE))
    else:
        found = []  # the stop came in the middle of this line
    yield from filter(is_inside, found)


def _episode_paths(slug: str) -> list[str]:
    sounds = [routes.sound(slug, ending) for ending in _SOUNDS]
    transcripts = [routes.transcript(slug, ending) for ending in routes.TRANSCRIPT_FORMS]
    waveforms = [routes.waveform(slug, ending) for ending in routes.WAVEFORM_FORMS]
    page = routes.episode_page(slug)
    return [page, routes.chapters(slug), *sounds, *transcripts, *waveforms]
