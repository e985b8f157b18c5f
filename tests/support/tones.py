"""Sound made by numbers, and ways to measure it: whole, in pieces, by FFmpeg."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from avsnitt.audio.io.decode.meter import LEAD_IN_MS, Meter
from avsnitt.audio.measure.analysis import PartAnalysis, merge_parts
from avsnitt.model.audio import Analysis

RATE = 48_000
FADE_MS = 10


def sine(
    hz: float, dbfs: float, seconds: float, *, rate: int = RATE, degrees: float = 0
) -> np.ndarray[Any, Any]:
    """One channel; the level is its peak's."""
    at = np.arange(round(seconds * rate))
    tone = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * at / rate + np.radians(degrees))
    return tone.astype(np.float32)


def noise(dbfs: float, seconds: float, *, rate: int = RATE, seed: int = 1) -> np.ndarray[Any, Any]:
    """One channel; the level is its root mean square."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * rate))
    return (samples * 10 ** (dbfs / 20)).astype(np.float32)


def faded(sound: np.ndarray[Any, Any], *, rate: int = RATE) -> np.ndarray[Any, Any]:
    """With raised cosines at the ends: a tone that starts at once overshoots."""
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(rate * FADE_MS // 1000) / (rate * FADE_MS / 1000))
    sound = sound.copy()
    sound[: ramp.size] *= ramp
    sound[-ramp.size :] *= ramp[::-1]
    return sound


def stereo(left: np.ndarray[Any, Any], right: Any = None) -> np.ndarray[Any, Any]:
    return np.stack([left, left if right is None else right]).astype(np.float32)


def measure_part(
    sound: np.ndarray[Any, Any], start: int, stop: int, rate: int, blocks: Iterable[int] = ()
) -> PartAnalysis:
    """One piece, after the three seconds before it, fed in blocks of these lengths in turn."""
    lead_in = min(start, rate * LEAD_IN_MS // 1000)
    meter, at = Meter(rate, len(sound), lead_in=lead_in), start - lead_in
    for length in blocks or itertools.repeat(rate):
        meter.feed(sound[:, at : min(at + length, stop)])
        at += length
        if at >= stop:
            break
    return meter.finish()


def measure_parts(
    sound: np.ndarray[Any, Any], cuts: Sequence[int], rate: int = RATE
) -> list[PartAnalysis]:
    """In pieces, cut at these seconds."""
    edges = [0, *(cut * rate for cut in cuts if 0 < cut * rate < sound.shape[1]), sound.shape[1]]
    blocks = (1152, 4096, 777, rate)
    return [
        measure_part(sound, start, stop, rate, itertools.cycle(blocks))
        for start, stop in itertools.pairwise(edges)
    ]


def measure(sound: np.ndarray[Any, Any], rate: int = RATE, *, cuts: Sequence[int] = ()) -> Analysis:
    return merge_parts(measure_parts(sound, cuts, rate))


def decode(path: Path, *, layout: str = "stereo", rate: int = RATE) -> np.ndarray[Any, Any]:
    """All of a file's sound."""
    import av

    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    with av.open(str(path)) as source:
        frames = [part for frame in source.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(
        [frame.to_ndarray() for frame in frames + resampler.resample(None)], axis=1
    )


def by_ffmpeg(path: Path, before: str = "") -> dict[str, float]:
    """`I`, `LRA` and `Peak`, as Debian's FFmpeg measures them, after the filters `before`."""
    done = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", path,
         "-af", f"{before}ebur128=peak=true:framelog=verbose", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    summary = done.stderr[done.stderr.rindex("Summary:") :]
    found = re.findall(r"(I|LRA|Peak):\s+(-?[0-9.]+)", summary)
    return {name: float(value) for name, value in found}
