"""Someone subscribes: gPodder takes the sample show's feed, its sound and its chapters."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.support import shows
from tests.support.paths import PROJECT

from avsnitt.preview.server import PreviewServer
from avsnitt.workflow.build.build import build_show

ROOT = PROJECT
EPISODE = "Vem är det som svarar?"
CHAPTERS = [
    {"start": 0, "title": "Välkommen"},
    {"start": 35, "title": "Snön och signaturen"},
    {"start": 80, "title": "Personlig, inte privat"},
    {"start": 111, "title": "Prova i morgon"},
]

Gpo = Callable[..., str]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The sample show, built for the address where it is served, and that address."""
    show = tmp_path / "show"
    for part in ("site", "episodes"):
        shutil.copytree(ROOT / part, show / part)
    with serving(show) as address:
        yield show / "public", address


@contextmanager
def serving(show: Path) -> Iterator[str]:
    """Build a show for the address where it is served, and serve it there."""
    port = free_port()
    settings = show / "site/show.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    address = f"http://127.0.0.1:{port}"
    lines = [f'address = "{address}"' if line.startswith("address =") else line for line in lines]
    settings.write_text("\n".join(lines), encoding="utf-8")
    build_show(str(show))
    with PreviewServer(show / "public", port=port) as server:
        assert server.address.rstrip("/") == address
        yield address


@pytest.fixture
def gpo(tmp_path: Path) -> Gpo:
    program = shutil.which("gpo")
    if not program:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("gpo, gPodder's command line, is not installed")
    environ = {
        "HOME": str(tmp_path),
        "GPODDER_HOME": str(tmp_path / "gpodder"),
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
    }

    def command(*arguments: str) -> str:
        done = subprocess.run(
            [str(program), *arguments],
            check=False,
            env=environ,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return command


def test_gpodder_subscribes_and_downloads_an_episode_with_chapters(
    gpo: Gpo, served: tuple[Path, str], tmp_path: Path
) -> None:
    public, address = served
    gpo("subscribe", f"{address}/feed.xml")
    assert "3 new episodes" in gpo("update")
    assert EPISODE in gpo("episodes")
    gpo("download")

    with closing(sqlite3.connect(tmp_path / "gpodder/Database")) as database:
        (row,) = database.execute(
            "SELECT mime_type, file_size, total_time, chapters, link FROM episode WHERE title = ?",
            [EPISODE],
        )
        (title,) = database.execute("SELECT title FROM podcast").fetchone()
    mime_type, size, seconds, chapters, link = row
    sound = (public / "media/vem-svarar.mp3").read_bytes()
    assert title == "Innan vi vet"
    assert (mime_type, size, seconds) == ("audio/mpeg", len(sound), 145)
    assert json.loads(chapters) == CHAPTERS
    assert link == f"{address}/episodes/vem-svarar.html"
    (downloaded,) = tmp_path.glob("gpodder/Downloads/*/vem-svarar.mp3")
    assert downloaded.read_bytes() == sound


def test_gpodder_turns_every_page_of_a_feed(gpo: Gpo, tmp_path: Path) -> None:
    show = shows.write_many(tmp_path / "many", 12)
    shows.edit(show, "site/show.toml", "hosts", "feed_page_kb = 8\nhosts")
    with serving(show) as address:
        assert (show / "public/feed-2.xml").exists()
        gpo("subscribe", f"{address}/feed.xml")
        assert "12 new episodes" in gpo("update")
