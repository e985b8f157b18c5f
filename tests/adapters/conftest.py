from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sound_parts import ENCODERS, ffmpeg, make_speech


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
