"""Pictures as sound files carry them: each made once and kept."""

from __future__ import annotations

from pathlib import Path

from avsnitt.digests import digest
from avsnitt.images.sizes import ImageSize
from avsnitt.system.build_cache import BuildCache
from avsnitt.system.files import read_bytes
from avsnitt.workflow.build.images import LIMIT_BYTES, PublishedImages

STEP = "embedded"
"""The step that keeps them in the build cache, by the digest of the picture."""


class CoverImages:
    """
    The covers of the show at `root`, as JPEGs small enough for a tag.

    `page_sizes` has what `prepare` made for the pages on the way, by the digest of the picture.
    """

    def __init__(self, root: str, cache: BuildCache) -> None:
        self._root = root
        self._cache = cache
        self._embedded = cache.read_kept(STEP)
        self.page_sizes: dict[str, dict[ImageSize, bytes]] = {}

    def prepare(self, source: str) -> None:
        """
        Make a cover for sound and for pages at once, unless it has been made before.

        Raises ProblemError or ImageError for a picture that cannot be used.
        """
        name = self._digest(source)
        if name in self._embedded:
            return
        from avsnitt.images.io.convert import prepare_cover

        self._embedded[name], self.page_sizes[name] = prepare_cover(Path(self._root, source))

    def embedded(self, source: str) -> bytes:
        """The JPEG of one picture. Raises ProblemError or ImageError."""
        name = self._digest(source)
        if name not in self._embedded:
            from avsnitt.images.io.convert import embedded_cover

            self._embedded[name] = embedded_cover(Path(self._root, source))
        return self._embedded[name]

    def keep(self) -> None:
        """Remember all of them for the next build."""
        self._cache.keep(STEP, self._embedded.items())

    def _digest(self, source: str) -> str:
        return digest(read_bytes(self._root, source, LIMIT_BYTES))


class EmbeddedCovers:
    """The covers that this show's episodes have, and None where a picture is not published."""

    def __init__(self, covers: CoverImages, images: PublishedImages) -> None:
        self._covers = covers
        self._images = images
        self._known: dict[str, bytes | None] = {}

    def __call__(self, source: str) -> bytes | None:
        """The JPEG of the picture at `source`. Raises ProblemError or ImageError."""
        if source not in self._known:
            published = self._images.digest(source)
            self._known[source] = self._covers.embedded(source) if published else None
        return self._known[source]
