"""Sound of many kinds to encode, and what came of it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from avsnitt.audio.io.encode.mp3 import join_mp3, write_mp3_segment
from avsnitt.audio.mp3.segments import LEAST_SAMPLES, segment_count, segment_range

PIECE = LEAST_SAMPLES
"""The shortest pieces there may be: 3.5 s."""


def tones(count: int, rate_hz: int, chance: Any) -> Any:
    at = np.arange(count) / rate_hz
    pitches = chance.uniform(60, 9000, 5)
    return sum(0.15 * np.sin(2 * np.pi * pitch * at) for pitch in pitches)


def sweep(count: int, rate_hz: int, chance: Any) -> Any:
    at = np.arange(count) / rate_hz
    return 0.5 * np.sin(2 * np.pi * (100 * at + 9000 / 2 / max(at[-1], 1) * at * at))


def noise(count: int, rate_hz: int, chance: Any) -> Any:
    """As much in each octave, as music has it."""
    spectrum = np.fft.rfft(chance.standard_normal(count + 1))
    spectrum /= np.sqrt(np.arange(1, len(spectrum) + 1))
    sound = np.fft.irfft(spectrum, count + 1)[:count]
    return 0.5 * sound / np.abs(sound).max()


def bursts(count: int, rate_hz: int, chance: Any) -> Any:
    """Claps: they make the encoder change its windows."""
    at = np.arange(count) / rate_hz
    return 0.4 * chance.standard_normal(count) * (at % 0.31 < 0.02)


def steps(count: int, rate_hz: int, chance: Any) -> Any:
    """Between silence and loud several times a second."""
    levels = 10 ** chance.uniform(-5, -0.5, count * 5 // rate_hz + 2)
    return chance.standard_normal(count) * 0.3 * levels[np.arange(count) * 5 // rate_hz]


def silence(count: int, rate_hz: int, chance: Any) -> Any:
    return np.zeros(count)


KINDS = {one.__name__: one for one in (tones, sweep, noise, bursts, steps, silence)}


def make_sound(kind: str, count: int, rate_hz: int, channels: int, seed: int = 0) -> Any:
    """float32, -1 to 1, (channels, samples). The channels are alike, and yet not the same."""
    chance = np.random.default_rng(seed)
    first = KINDS[kind](max(count, 1), rate_hz, chance)[:count]
    second = 0.7 * np.roll(first, 40) + 0.02 * chance.standard_normal(count)
    return np.clip(np.stack([first, second][:channels]), -1, 1).astype(np.float32)


def cut(sound: Any, start: int, stop: int, block: int = 48_000) -> Any:
    return (sound[:, at : min(at + block, stop)] for at in range(start, stop, block))


def encode_part(
    sound: Any, index: int, rate_hz: int, kbps: int, target: Path, piece: int = PIECE
) -> Path:
    start, stop = segment_range(index, sound.shape[1], piece)
    write_mp3_segment(cut(sound, start, stop), rate_hz, sound.shape[0], kbps, target)
    return target


def encode(sound: Any, rate_hz: int, kbps: int, folder: Path, piece: int = PIECE) -> Path:
    """The whole, by way of its pieces."""
    parts = [
        encode_part(sound, index, rate_hz, kbps, folder / f"{index}.part", piece)
        for index in range(segment_count(sound.shape[1], piece))
    ]
    join_mp3(parts, folder / "whole.mp3", samples=sound.shape[1], piece_samples=piece)
    return folder / "whole.mp3"


def decode(path: Path, channels: int) -> Any:
    """What ffmpeg plays: float32, (channels, samples). It may not find anything wrong."""
    # A file of two frames without a tag in front can look like anything.
    known = () if path.suffix in (".m4a", ".opus") else ("-f", "mp3")
    done = subprocess.run(
        ["ffmpeg", "-v", "error", *known, "-i", path, "-f", "f32le", "-"],
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    return np.frombuffer(done.stdout, "<f4").reshape(-1, channels).T
