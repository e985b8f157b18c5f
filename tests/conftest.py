from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.support import shows
from tests.support.audio_files import ENCODERS, ffmpeg, make_speech

from avsnitt.workflow.build.build import build_show

# A busy machine is no reason to fail: what must be fast is measured by itself.
# Where many depend on the answer it can be had again; chance looks on at home.
settings.register_profile("avsnitt", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("avsnitt")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled templates go to a folder of the tests' own, and nobody speaks any language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path_factory.mktemp("cache")))
        for name in ("AVSNITT_LANG", "AVSNITT_JOBS", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
            patch.delenv(name, raising=False)
        # It names no language, and MediaInfo writes Swedish letters only where there is UTF-8.
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """Programs started here can be interrupted, also when this one was started with `&`."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """Playwright, once a process: a second one beside it refuses to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A show of four episodes that nobody has built yet."""
    return shows.write_show(tmp_path / "show")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shows.write_show(tmp_path_factory.mktemp("built") / "show")
    time.sleep(0.05)  # what is younger may change again, and is not remembered
    build_show(str(root))
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """The same show, built a while ago."""
    return shows.twin(built_once, tmp_path / "show")


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master recording: WAV."""
    return make_speech(tmp_path_factory.mktemp("speech"))


@pytest.fixture(scope="session")
def recordings(speech: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same speech in every published format, by ending."""
    folder = tmp_path_factory.mktemp("recordings")
    for ending, options in ENCODERS.items():
        ffmpeg("-i", speech, *options, folder / f"samtal.{ending}")
    return {ending: folder / f"samtal.{ending}" for ending in ENCODERS}


@pytest.fixture(scope="session")
def cover(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A JPEG as it would be embedded."""
    from PIL import Image

    path = tmp_path_factory.mktemp("cover") / "cover.jpg"
    Image.new("RGB", (300, 300), "teal").save(path, quality=80)
    return path.read_bytes()


@pytest.fixture(scope="session")
def swedish_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a show of model values, on disk."""
    from tests.support import site_values

    folder = tmp_path_factory.mktemp("sv") / "under a path"
    site_values.write_site(site_values.swedish_show(), folder)
    return folder


@pytest.fixture(scope="session")
def english_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.support import site_values

    folder = tmp_path_factory.mktemp("en")
    site_values.write_site(site_values.english_show(), folder)
    return folder
