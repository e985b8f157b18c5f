"""The sound of a clip: the very samples, faded where it was cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.audio_files import ffmpeg

from avsnitt.clips.io.audio import FADE_MS, cut_blocks, faded, find_cut
from avsnitt.problems.media_errors import AudioError


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("noise") / "noise.wav"
    made = "anoisesrc=d=4:r=48000:a=0.3:seed=1[a];anoisesrc=d=4:r=48000:a=0.3:seed=2[b]"
    ffmpeg("-filter_complex", f"{made};[a][b]amerge", "-c:a", "pcm_s16le", path)
    return path


def read(path: Path, start_ms: int, end_ms: int) -> Any:
    return np.concatenate(list(cut_blocks(find_cut(path, start_ms, end_ms))), axis=1)


def test_a_cut_has_the_recordings_own_samples_between_its_fades(noise: Path) -> None:
    whole = np.frombuffer(noise.read_bytes()[-4 * 48_000 * 4 :], "<i2").reshape(-1, 2).T / 32_768
    found = read(noise, 1234, 2500)
    assert found.shape == (2, (2500 - 1234) * 48)
    fade = FADE_MS * 48
    wanted = whole[:, 1234 * 48 : 2500 * 48]
    assert np.abs(found - wanted)[:, fade:-fade].max() < 1e-6
    assert np.abs(found[:, :5]).max() < 0.001
    assert np.abs(found[:, -5:]).max() < 0.001
    assert (np.abs(found) <= np.abs(wanted) + 1e-6).all()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30), st.integers(1, 500))
def test_a_fade_is_the_same_however_the_sound_is_cut_up(sizes: list[int], fade: int) -> None:
    total = sum(sizes)
    ones = np.ones((1, total), np.float32)
    edges = np.cumsum(sizes)[:-1]
    whole = np.concatenate(list(faded(iter([ones]), total, fade)), axis=1)
    pieces = list(faded(iter(np.split(ones, edges, axis=1)), total, fade))
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)
    assert np.allclose(whole, whole[:, ::-1])
    rise = whole[0, : total // 2]
    assert (np.diff(rise) >= 0).all()
    if total > 2 * fade:
        assert whole[0, fade : total - fade].min() == 1


def test_what_is_no_sound_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(b"<html>" * 50)
    with pytest.raises(AudioError):
        find_cut(path, 0, 1000)
