"""The samples of every kind of recording, and of any part of it."""

from __future__ import annotations

import os
import random
import resource
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.support.audio_files import ffmpeg
from tests.support.paths import PROJECT
from tests.support.recordings import (
    EXACT,
    FORMS,
    NEAR,
    Library,
    independent,
    make_noise,
    read,
    whole,
)

from avsnitt.audio.io.decode.reader import PcmReader, pcm_facts

ROUNDING = 2e-6


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    return Library(make_noise(folder / "noise.wav"), folder)


def rate_of(path: Path) -> int:
    return pcm_facts(path).rate_hz


@pytest.mark.parametrize("name", EXACT)
def test_every_sample_is_the_one_that_ffmpeg_decodes(forms, name):
    path = forms(name)
    ours, theirs = read(path), independent(path, "-ar", "48000")
    assert ours.shape == theirs.shape
    slack = 2e-3 if name == "low.mp3" else ROUNDING  # resampled by two versions of FFmpeg
    assert np.abs(ours - theirs).max() <= slack


@pytest.mark.parametrize("name", NEAR)
def test_lossy_audio_is_close_to_what_ffmpeg_decodes(forms, name):
    path = forms(name)
    ours, theirs = read(path), independent(path)
    assert ours.shape == theirs.shape
    difference = np.sqrt(np.mean((ours - theirs) ** 2))
    assert difference < 0.02 * np.sqrt(np.mean(theirs**2))


@pytest.mark.parametrize("name", FORMS)
def test_any_part_has_the_same_bits_as_in_the_whole(forms, name):
    reader = PcmReader(forms(name), 48_000, 2)
    all_of_it = whole(reader.blocks())
    end = all_of_it.shape[1]
    chance = random.Random(name)  # noqa: S311
    cuts = [0, 1, 440_000, 441_000, 441_001, *chance.sample(range(end), 3), end - 1, end + 9_000]
    for start, stop in zip(sorted(cuts), sorted(cuts)[1:], strict=False):
        part = whole(reader.blocks(start, stop))
        assert part.shape[1] == min(stop, end) - start
        assert np.array_equal(part, all_of_it[:, start:stop]), (start, stop)
    assert whole(reader.blocks(end + 1, end + 2)).shape[1] == 0
    assert (reader.broken_packets, reader.not_numbers) == (0, 0)


@pytest.mark.parametrize(
    ("have", "asked"),
    [(8_000, 48_000), (22_050, 44_100), (11_025, 44_100), (32_000, 48_000), (96_000, 48_000),
     (44_100, 48_000), (88_200, 44_100), (192_000, 48_000)],
)  # fmt: skip
def test_sound_at_another_rate_is_the_same_in_any_part(tmp_path, have, asked):
    path = make_noise(tmp_path / "noise.wav", seconds=5, rate_hz=have)
    reader = PcmReader(path, asked, 2)
    all_of_it = whole(reader.blocks())
    end = all_of_it.shape[1]
    assert abs(end - 5 * asked) <= 1
    theirs = independent(path, "-ar", str(asked))
    assert abs(theirs.shape[1] - end) <= 1
    assert np.abs(all_of_it[:, 9_000:-9_000] - theirs[:, 9_000 : end - 9_000]).max() < 2e-3
    for start, stop in [(0, 1), (1, 20_000), (20_000, 100_003), (100_003, end), (end - 5, end + 5)]:
        part = whole(reader.blocks(start, stop))
        assert np.array_equal(part, all_of_it[:, start:stop]), (start, stop)


def test_a_rate_of_the_44100_family_stays_in_it(tmp_path):
    worked_at = {}
    for have in (11_025, 22_050, 44_100, 88_200, 8_000, 16_000, 32_000, 48_000, 96_000):
        path = make_noise(tmp_path / f"{have}.wav", seconds=0.2, rate_hz=have)
        worked_at[have] = pcm_facts(path).rate_hz
    studio = {have for have, rate_hz in worked_at.items() if rate_hz == 48_000}
    assert studio == {8_000, 16_000, 32_000, 48_000, 96_000}
    assert set(worked_at.values()) == {44_100, 48_000}


def test_mono_is_the_mean_of_both_channels_and_stereo_of_mono_is_the_same_twice(forms):
    stereo, mono = read(forms("plain.wav")), read(forms("plain.wav"), channels=1)
    half = np.float32(0.5)
    assert np.array_equal(mono[0], stereo[0] * half + stereo[1] * half)
    left, right = read(forms("mono.mp3"))
    assert np.array_equal(left, right)


def test_surround_sound_is_mixed_as_ffmpeg_mixes_it(tmp_path):
    six = make_noise(tmp_path / "six.wav", seconds=2, channels=6)
    path = tmp_path / "surround.wav"
    ffmpeg("-i", six, "-af", "aformat=channel_layouts=5.1", "-c:a", "pcm_f32le", path)
    assert pcm_facts(path).source_channels == 6
    ours, theirs = read(path), independent(path)
    share = np.abs(theirs).max() / np.abs(ours).max()  # two versions keep it within full scale
    assert np.abs(ours * share - theirs).max() < 1e-5


def test_channels_without_positions_have_equal_shares(tmp_path):
    six = make_noise(tmp_path / "six.wav", seconds=1, channels=6)
    data = bytearray(six.read_bytes())
    at = data.index(b"fmt ") + 8
    assert struct.unpack_from("<H", data, at) == (0xFFFE,)
    struct.pack_into("<I", data, at + 20, 0)  # no positions
    samples = np.frombuffer(bytes(data[data.index(b"data") + 8 :]), "<i2").reshape(-1, 6)
    path = tmp_path / "recorder.wav"
    path.write_bytes(data)
    left, right = read(path)
    assert np.array_equal(left, right)
    assert np.abs(left - samples.mean(axis=1) / 32768).max() < 1e-6


def test_blocks_are_about_a_second_of_float_rows(forms):
    blocks = list(PcmReader(forms("a.mp3"), 48_000, 1).blocks())
    assert {block.dtype for block in blocks} == {np.dtype(np.float32)}
    assert {block.shape[0] for block in blocks} == {1}
    assert all(block.shape[1] < 72_000 for block in blocks)
    assert len(blocks) <= 14


def test_the_first_audio_stream_of_a_film_is_read(forms, tmp_path):
    for name, video in (("film.mkv", "libx264"), ("film.mp4", "libx264"), ("film.webm", "libvpx")):
        path = tmp_path / name
        ffmpeg(
            "-f", "lavfi", "-i", "testsrc=s=160x90:d=10", "-i", forms.source, "-map", "0:v",
            "-map", "1:a", "-c:v", video, "-preset", "ultrafast", "-g", "100", path,
        )  # fmt: skip
        facts = pcm_facts(path)
        assert (facts.video, facts.lossless, facts.rate_hz) == (True, False, 48_000)
        reader = PcmReader(path, 48_000, 2)
        all_of_it = whole(reader.blocks())
        assert all_of_it.shape == independent(path).shape
        part = whole(reader.blocks(430_000, 470_000))
        assert np.array_equal(part, all_of_it[:, 430_000:470_000])


def test_each_format_has_its_facts(forms):
    for name in FORMS:
        facts = pcm_facts(forms(name))
        assert abs(facts.duration_ms - 10_000) <= 70, name
        assert facts.declared_ms == 0 or abs(facts.declared_ms - 10_000) <= 70, name
        assert facts.source_channels == (1 if name in ("mono.mp3", "low.opus") else 2), name
        assert (facts.video, facts.protected, facts.ended) == (False, "", True), name
        quiet = name.startswith(("lossless", "deep", "plain", "float", "double", "camera", "large"))
        assert not quiet or facts.lossless, name
        lossy = name.endswith((".mp3", ".opus", ".ogg", ".aac", ".webm")) or name == "a.m4a"
        assert not lossy or not facts.lossless, name


def test_the_last_seconds_of_a_long_mp3_cost_no_more_than_the_first(tmp_path, forms):
    """An hour, of which only some seconds are decoded; the frames are found once a process."""
    path = tmp_path / "hour.mp3"
    path.write_bytes(forms("bare.mp3").read_bytes() * 360)
    reader = PcmReader(path, 48_000, 2)
    whole(reader.blocks(0, 48_000))
    costs = []
    for start in (48_000 * 60, 48_000 * 3500):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        assert whole(reader.blocks(start, start + 480_000)).shape[1] == 480_000
        costs.append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)
    assert costs[1] < 5 * costs[0] + 0.2


EIGHT_HOURS = """
import re, sys
from pathlib import Path
from avsnitt.audio.io.decode.reader import PcmReader, pcm_facts
path = Path(sys.argv[1])
facts = pcm_facts(path)
samples = sum(block.shape[1] for block in PcmReader(path, facts.source_rate_hz, 1).blocks())
most_kb = re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1]
print(facts.duration_ms, samples, int(most_kb) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_eight_hours_take_no_more_memory_than_a_minute(tmp_path):
    rate_hz, seconds = 8_000, 8 * 3600
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + rate_hz * seconds, b"WAVE", b"fmt ", 16, 1, 1,
        rate_hz, rate_hz, 1, 8, b"data", rate_hz * seconds,
    )  # fmt: skip
    path = tmp_path / "long.wav"
    path.write_bytes(head)
    os.truncate(path, len(head) + rate_hz * seconds)
    measured = subprocess.run(
        [sys.executable, "-c", EIGHT_HOURS, str(path)],
        env={**os.environ, "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    duration_ms, samples, most_mb = map(int, measured.split())
    assert (duration_ms, samples) == (seconds * 1000, rate_hz * seconds)
    assert most_mb < 100
