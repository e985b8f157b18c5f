"""Sound in every form that a recording can have, and an independent decoder's word on each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tests.support.audio_files import ffmpeg, need, probe, run

from avsnitt.audio.io.decode.reader import PcmReader

Options = tuple[str, ...]

EXACT: dict[str, Options] = {
    "plain.wav": (),
    "deep.wav": ("-c:a", "pcm_s24le"),
    "deepest.wav": ("-c:a", "pcm_s32le"),
    "shallow.wav": ("-c:a", "pcm_u8"),
    "float.wav": ("-c:a", "pcm_f32le"),
    "double.wav": ("-c:a", "pcm_f64le"),
    "large.wav": ("-rf64", "always"),
    "broadcast.wav": ("-write_bext", "1", "-metadata", "description=Samtal"),
    "phone.wav": ("-c:a", "pcm_alaw"),
    "a.w64": (),
    "a.aiff": (),
    "a.aifc": ("-c:a", "pcm_f32be", "-f", "aiff"),
    "a.caf": (),
    "a.flac": (),
    "deep.flac": ("-c:a", "flac", "-sample_fmt", "s32"),
    "lossless.m4a": ("-c:a", "alac"),
    "camera.mov": ("-c:a", "pcm_s16le"),
    "lossless.mkv": ("-c:a", "flac"),
    "a.mp3": ("-c:a", "libmp3lame", "-b:a", "128k"),
    "mono.mp3": ("-c:a", "libmp3lame", "-b:a", "96k", "-ac", "1"),
    "vbr.mp3": ("-c:a", "libmp3lame", "-q:a", "4"),
    "low.mp3": ("-c:a", "libmp3lame", "-b:a", "32k", "-ar", "24000"),
    "bare.mp3": ("-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0"),
    "a.ogg": ("-c:a", "libvorbis"),
    "vorbis.webm": ("-c:a", "libvorbis"),
}
"""What every decoder makes the very same samples of, or nearly (float rounding)."""
NEAR: dict[str, Options] = {
    "a.m4a": ("-c:a", "aac", "-b:a", "128k"),
    "a.aac": ("-c:a", "aac", "-b:a", "96k"),
    "a.mka": ("-c:a", "aac"),
    "parts.mp4": ("-c:a", "aac", "-movflags", "empty_moov", "-frag_duration", "1000000"),
    "a.opus": ("-c:a", "libopus"),
    "low.opus": ("-c:a", "libopus", "-b:a", "16k", "-ac", "1", "-application", "voip"),
    "a.webm": ("-c:a", "libopus"),
    "compressed.wav": ("-c:a", "adpcm_ima_wav"),
    "opus.mp4": ("-c:a", "libopus"),
}  # fmt: skip
"""Where decoders differ a little, or carry chance or echoes along: AAC's noise, and Opus."""
FORMS = EXACT | NEAR


def make_noise(target: Path, seconds: float = 10, rate_hz: int = 48_000, channels: int = 2) -> Path:
    """Noise and a rising tone: no two places in it are alike."""
    need("sox")
    run(
        "sox", "-R", "-n", "-r", str(rate_hz), "-c", str(channels), "-b", "16", target,
        "synth", str(seconds), "pinknoise", "vol", "0.3", "synth", str(seconds), "sine", "mix",
        "200-900",
    )  # fmt: skip
    return target


def independent(path: Path, *options: str) -> Any:
    """What Debian's ffmpeg decodes, as stereo float; mono the same twice."""
    need("ffmpeg")
    sound = next(one for one in probe(path)["streams"] if one["codec_type"] == "audio")
    channels = min(2, int(sound["channels"]))
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:a:0", "-ac", str(channels)]
    command = [*command, *options, "-f", "f32le", "-"]
    raw = subprocess.run(command, capture_output=True, check=False).stdout
    samples = np.frombuffer(raw, np.float32).reshape(-1, channels).T
    return np.repeat(samples, 2, axis=0) if channels == 1 else samples


def whole(blocks: Iterator[Any], channels: int = 2) -> Any:
    return np.concatenate([np.zeros((channels, 0), np.float32), *blocks], axis=1)


def read(path: Path, rate_hz: int = 48_000, channels: int = 2) -> Any:
    with PcmReader(path, rate_hz, channels) as reader:
        return whole(reader.blocks(), channels)


class Library:
    """Each form is made once, when somebody asks for it."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source, self.folder = source, folder

    def __call__(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            ffmpeg("-i", self.source, *FORMS[name], path)
        return path

    def changed(self, name: str, change: Callable[[bytes], bytes], folder: Path) -> Path:
        """A copy in which something has happened to the bytes."""
        path = folder / name
        path.write_bytes(change(self(name).read_bytes()))
        return path
