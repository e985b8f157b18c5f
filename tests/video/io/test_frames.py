"""Films and audiograms: the encoder's bytes depend on the pictures, and on nothing in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENCODE = """
import hashlib
import sys

import av
import numpy as np

from avsnitt.clips.io.audiogram import _film_stream
from avsnitt.video.io.frames import add_encoder
from avsnitt.video.plan import EncodingSize, VideoFacts

size = 720
out = av.open(sys.argv[2], "w", format="mp4")
if sys.argv[1] == "film":
    film = VideoFacts(
        codec="h264", pixels="yuv420p", width=size, height=size, duration_ms=2000, sound_ms=2000
    )
    stream = add_encoder(out, film, EncodingSize(size, size, 2_000_000))
else:
    stream = _film_stream(out, size)
random = np.random.default_rng(1)
canvas = np.full((size * 3 // 2, size), 128, np.uint8)
canvas[:size] = 30
canvas[100:300, 100:400] = random.integers(0, 255, (200, 300))
digest = hashlib.sha256()
for number in range(50):
    canvas[400:600, 50:650] = 40
    for bar in range(30):
        canvas[600 - int(random.integers(0, 200)) : 600, 60 + bar * 20 : 74 + bar * 20] = 200
    frame = av.VideoFrame.from_ndarray(canvas, format="yuv420p")
    frame.pts = number
    for packet in stream.encode(frame):
        digest.update(bytes(packet))
for packet in stream.encode(None):
    digest.update(bytes(packet))
print(digest.hexdigest())
"""


@pytest.mark.parametrize("encoder", ["film", "audiogram"])
def test_pictures_are_encoded_the_same_whatever_new_memory_holds(
    encoder: str, tmp_path: Path
) -> None:
    """glibc fills new memory with a value that MALLOC_PERTURB_ chooses (mallopt(3))."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", ENCODE, encoder, str(tmp_path / f"{fill}.mp4")],
            env={**os.environ, "MALLOC_PERTURB_": fill},
            check=True,
            capture_output=True,
        ).stdout
        for fill in ("0", "1", "2")
    }
    assert len(digests) == 1
