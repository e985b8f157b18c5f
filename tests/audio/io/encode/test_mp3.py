"""MP3 in pieces: joined they are one stream, like that of one encoder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mutagen.mp3 import MP3, BitrateMode
from tests.support.audio_files import ffmpeg, make_speech, need, probe, run
from tests.support.mp3_encoding import KINDS, PIECE, cut, decode, encode, encode_part, make_sound

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.audio.io.encode.mp3 import join_mp3, write_mp3_segment
from avsnitt.audio.mp3.bitrates import MP3_KBPS, mp3_level_db
from avsnitt.audio.mp3.info_header import crc16
from avsnitt.audio.mp3.join import (
    JoinError,
    Mp3Segment,
    find_seam,
    overlap,
    parse_segment,
    up_to_seam,
)
from avsnitt.audio.mp3.segments import frame_count, segment_count, segment_range
from avsnitt.model.audio import FRAME_SAMPLES
from avsnitt.problems.media_errors import AudioError

CODED_LATE = 1105
"""The samples by which audio is later than its frame: LAME's delay and a decoder's."""
SHAPES = ((48_000, 2, 128), (44_100, 1, 64), (44_100, 2, 192), (48_000, 1, 96), (44_100, 2, 128))
CASES = pytest.mark.parametrize(
    ("kind", "rate_hz", "channels", "kbps"),
    [
        (kind, *SHAPES[(index * 2 + more) % len(SHAPES)])
        for index, kind in enumerate(KINDS)
        for more in range(2)
    ],
)


@pytest.fixture(scope="module", autouse=True)
def _ffmpeg() -> None:
    need("ffmpeg")


def noise_of(heard: Any, sound: Any) -> Any:
    """The root mean square of the noise that the encoding added, in each half frame."""
    count = sound.shape[1] // 576 * 576
    added = (heard - sound)[:, :count].reshape(len(sound), -1, 576)
    return np.sqrt((added**2).mean(2)).max(0)


@CASES
def test_each_piece_decodes_as_before_it_was_joined(kind, rate_hz, channels, kbps, tmp_path):
    sound = make_sound(kind, 2 * PIECE + 5_000, rate_hz, channels)
    heard = decode(encode(sound, rate_hz, kbps, tmp_path), channels)
    pieces = []
    for part in range(2):
        start, stop = segment_range(part, sound.shape[1], PIECE)
        data = (tmp_path / f"{part}.part").read_bytes()
        pieces.append(parse_segment(data, part, start // FRAME_SAMPLES, frame_count(stop - start)))
    seam = find_seam(*pieces, overlap(1, PIECE), 1)
    first, second = (decode(tmp_path / f"{part}.part", channels) for part in range(2))
    before = (seam.frame - 1) * FRAME_SAMPLES
    assert np.array_equal(heard[:, : before - CODED_LATE], first[:, CODED_LATE:before])
    after = (seam.frame + 2) * FRAME_SAMPLES - CODED_LATE
    rest = second[:, after + CODED_LATE - start :][:, : sound.shape[1] - after]
    assert np.array_equal(heard[:, after:], rest)


@CASES
def test_no_click_is_audible_where_pieces_meet(kind, rate_hz, channels, kbps, tmp_path):
    sound = make_sound(kind, 3 * PIECE + 777, rate_hz, channels, seed=1)
    heard = decode(encode(sound, rate_hz, kbps, tmp_path), channels)
    uncut = decode(encode(sound, rate_hz, kbps, tmp_path, piece=49 * PIECE), channels)
    assert heard.shape == uncut.shape == sound.shape
    sound = sound * 10 ** (mp3_level_db(kbps) / 20)
    joined, whole = noise_of(heard, sound), noise_of(uncut, sound)
    near = [one // 576 for part in (1, 2) for one in (part * PIECE,)]
    for place in near:
        around = slice(place - 100, place + 100)
        assert joined[around].max() <= 2 * whole[around].max() + 1e-4
        loud = np.sqrt((whole[around] ** 2).mean())
        assert np.sqrt((joined[around] ** 2).mean()) <= 1.1 * loud + 1e-5


def test_speech_is_joined_without_a_click(tmp_path):
    wav = make_speech(tmp_path)
    ffmpeg("-stream_loop", "6", "-i", wav, "-t", "14", "-f", "f32le", tmp_path / "raw")
    sound = np.fromfile(tmp_path / "raw", "<f4").reshape(-1, 2).T
    heard = decode(encode(sound, 48_000, 128, tmp_path), 2)
    uncut = decode(encode(sound, 48_000, 128, tmp_path, piece=49 * PIECE), 2)
    quieter = sound * 10 ** (mp3_level_db(128) / 20)
    joined, whole = noise_of(heard, quieter), noise_of(uncut, quieter)
    for place in range(PIECE // 576, len(joined) - 100, PIECE // 576):
        around = slice(place - 100, place + 100)
        assert joined[around].max() <= 1.5 * whole[around].max() + 1e-4


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(list(KINDS)),
    samples=st.one_of(
        st.integers(1, 2 * PIECE + 70_000),
        st.sampled_from((575, 576, 577, 1151, 1152, 1153)),
        st.integers(1, 60).map(lambda frames: frames * FRAME_SAMPLES),
        st.integers(-3, 3).map(lambda off: PIECE + 49 * FRAME_SAMPLES + off),
        st.integers(-3, 3).map(lambda off: 2 * PIECE + off),
    ),
    rate_hz=st.sampled_from((44_100, 48_000)),
    shape=st.sampled_from(((1, 64), (1, 96), (2, 96), (2, 128), (2, 160), (2, 192), (2, 256))),
    seed=st.integers(0, 9),
)
@example(kind="noise", samples=30, rate_hz=44_100, shape=(2, 256), seed=4)
@example(kind="steps", samples=1, rate_hz=44_100, shape=(1, 64), seed=0)
@example(kind="silence", samples=17_281, rate_hz=48_000, shape=(2, 96), seed=0)
@example(kind="noise", samples=2 * PIECE, rate_hz=44_100, shape=(2, 320), seed=0)
def test_a_gapless_player_plays_exactly_the_samples(kind, samples, rate_hz, shape, seed):
    channels, kbps = shape
    sound = make_sound(kind, samples, rate_hz, channels, seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = encode(sound, rate_hz, kbps, Path(folder))
        heard = decode(whole, channels)
        assert heard.shape == sound.shape
        if samples > 50:
            assert read_audio_facts(whole).duration_ms == round(samples * 1000 / rate_hz)
        assert MP3(whole).info.length == pytest.approx(samples / rate_hz, abs=1e-9)


def test_each_sample_keeps_its_place(tmp_path):
    """Clicks are decoded at the sample where they were encoded."""
    sound = np.zeros((1, 3 * PIECE), np.float32)
    places = np.arange(20_000, 3 * PIECE, 41_117)
    sound[0, places] = 0.9
    heard = np.abs(decode(encode(sound, 48_000, 128, tmp_path), 1)[0])
    assert [int(heard[at - 500 : at + 500].argmax()) for at in places] == [500] * len(places)


def test_the_bytes_do_not_depend_on_the_order_of_encoding(tmp_path):
    sound = make_sound("noise", 3 * PIECE, 48_000, 2)
    one = encode(sound, 48_000, 128, tmp_path).read_bytes()
    again = tmp_path / "again"
    again.mkdir()
    parts = [again / f"{index}" for index in range(segment_count(sound.shape[1], PIECE))]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for index in reversed(range(len(parts))):
            pool.submit(encode_part, sound, index, 48_000, 128, parts[index]).result()
    join_mp3(parts, again / "whole", samples=sound.shape[1], piece_samples=PIECE)
    assert (again / "whole").read_bytes() == one


@given(block=st.integers(1, 200_000))
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
def test_the_bytes_do_not_depend_on_the_size_of_blocks(block, tmp_path):
    sound = make_sound("steps", 150_000, 44_100, 2)
    digests = set()
    for size in (max(block, 150), 48_000):
        target = tmp_path / "part"
        write_mp3_segment(cut(sound, 0, sound.shape[1], size), 44_100, 2, 128, target)
        digests.add(hashlib.sha256(target.read_bytes()).digest())
    assert len(digests) == 1


def test_players_and_tools_read_the_header(tmp_path):
    need("mediainfo")
    sound = make_sound("noise", 2 * PIECE + 12_345, 44_100, 2)
    whole = encode(sound, 44_100, 128, tmp_path)
    seconds = sound.shape[1] / 44_100
    info: Any = MP3(whole).info
    assert info.length == pytest.approx(seconds, abs=1e-9)
    assert info.bitrate_mode == BitrateMode.CBR
    assert info.bitrate == pytest.approx(128_000, abs=1)
    assert (info.encoder_settings, info.sketchy) == ("-b 128", False)
    assert info.encoder_info.startswith("LAME")
    measured = run(
        "mediainfo", "--Inform=Audio;%Duration%|%BitRate_Mode%|%BitRate%|%Channels%", whole
    )
    assert measured.strip().split("|")[1:] == ["CBR", "128000", "2"]
    # MediaInfo counts the encoder's delay and padding as audio.
    assert 0 <= int(measured.split("|")[0]) - seconds * 1000 <= 53
    assert run("mediainfo", "--Inform=General;%Encoded_Library%", whole).startswith("LAME")


def test_ffprobe_reads_the_header_like_one_of_ffmpeg(tmp_path):
    sound = make_sound("tones", 2 * PIECE + 99, 48_000, 2)
    whole = encode(sound, 48_000, 128, tmp_path)
    raw, own = tmp_path / "raw", tmp_path / "own.mp3"
    raw.write_bytes(np.ascontiguousarray(sound.T).tobytes())
    ffmpeg("-f", "f32le", "-ar", "48000", "-ac", "2", "-i", raw, "-b:a", "128k", own)
    ours, theirs = probe(whole), probe(own)
    for key in ("duration", "start_time"):
        assert ours["format"][key] == theirs["format"][key]
    for key in ("codec_name", "sample_rate", "channels", "bit_rate", "start_pts", "duration_ts"):
        assert ours["streams"][0][key] == theirs["streams"][0][key]
    assert decode(whole, 2).shape == decode(own, 2).shape


def test_a_seek_by_the_table_of_contents_finds_its_time(tmp_path):
    """A player that has not read the whole file has only this table."""
    sound = np.zeros((1, 3 * PIECE), np.float32)
    whole = encode(sound, 48_000, 96, tmp_path).read_bytes()
    toc = whole[21 + 16 : 21 + 116]
    for percent in (0, 25, 50, 99):
        assert abs(toc[percent] / 256 - percent / 100) < 0.01
    assert list(toc) == sorted(toc)


def test_the_checksums_of_the_header_are_right(tmp_path):
    whole = encode(make_sound("noise", PIECE, 48_000, 2), 48_000, 128, tmp_path).read_bytes()
    assert whole[36:40] == b"Info"
    assert int.from_bytes(whole[188:190], "big") == crc16(whole[384:])
    assert int.from_bytes(whole[190:192], "big") == crc16(whole[:190])
    assert int.from_bytes(whole[184:188], "big") == len(whole)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("kbps", [kbps for kbps in MP3_KBPS if kbps >= 64])
def test_the_level_changes_by_mp3_level_db(channels, kbps, tmp_path):
    sound = make_sound("tones", 4 * 48_000, 48_000, channels)[:, : 4 * 48_000]
    sound[1:] = 0.5 * sound[:1]
    heard = decode(encode(sound, 48_000, kbps, tmp_path), channels)
    inside = (slice(None), slice(5_000, -5_000))
    gain = (heard[inside] * sound[inside]).sum() / (sound[inside] ** 2).sum()
    assert 20 * np.log10(gain) == pytest.approx(mp3_level_db(kbps), abs=0.01)


def test_samples_beyond_the_limit_are_clipped_and_do_not_wrap(tmp_path):
    loud = np.full((1, 48_000), 1.5, np.float32)
    loud[0, ::2] = -1.5
    loud[0, 10_000:20_000] = 2.0
    heard = decode(encode(loud, 48_000, 256, tmp_path), 1)
    assert heard[0, 14_000:16_000].min() > 0.5


@pytest.mark.parametrize("sound", [np.zeros((2, 0), np.float32), None])
def test_no_samples_are_an_error(sound, tmp_path):
    blocks = iter([] if sound is None else [sound])
    with pytest.raises(AudioError, match="SOUND-001"):
        write_mp3_segment(blocks, 48_000, 2, 128, tmp_path / "part")


def test_progress_is_reported_up_to_the_end(tmp_path):
    measured: list[int] = []
    sound = make_sound("silence", 150_000, 48_000, 1)
    blocks = cut(sound, 0, 150_000, 44_444)
    write_mp3_segment(blocks, 48_000, 1, 64, tmp_path / "part", report_ms=measured.append)
    assert measured == sorted(measured)
    assert (len(measured), measured[-1]) == (4, 3125)


@pytest.mark.parametrize("broken", [0, 1])
@pytest.mark.parametrize("how", ["cut", "empty", "html", "other rate"])
def test_a_broken_piece_is_named(how, broken, tmp_path):
    sound = make_sound("noise", 2 * PIECE, 48_000, 2)
    encode(sound, 48_000, 128, tmp_path)
    parts = [tmp_path / "0.part", tmp_path / "1.part"]
    data = parts[broken].read_bytes()
    if how == "other rate":
        encode_part(sound, broken, 48_000, 96, parts[broken])
    else:
        spoilt = {"cut": data[:-100], "empty": b"", "html": b"<html>" * 99}
        parts[broken].write_bytes(spoilt[how])
    with pytest.raises(JoinError) as caught:
        join_mp3(parts, tmp_path / "x", samples=sound.shape[1], piece_samples=PIECE)
    assert caught.value.part == (1 if how == "other rate" else broken)


def test_a_missing_piece_and_one_too_many_are_reported(tmp_path):
    sound = make_sound("noise", 2 * PIECE, 48_000, 2)
    encode(sound, 48_000, 128, tmp_path)
    parts = [tmp_path / "0.part", tmp_path / "1.part"]
    for some in ([], parts[:1], [*parts, parts[1]]):
        with pytest.raises(JoinError):
            join_mp3(some, tmp_path / "x", samples=sound.shape[1], piece_samples=PIECE)


def test_where_there_is_no_room_a_frame_is_made_longer(tmp_path):
    """A frame after a hard passage does not fit: its encoder began without that passage."""
    hard = make_sound("steps", PIECE, 48_000, 1)
    easy = make_sound("sweep", PIECE, 48_000, 1)
    pieces: list[Mp3Segment] = []
    for name, sound in (("hard", hard), ("easy", easy)):
        encode(sound, 48_000, 96, tmp_path)
        data = (tmp_path / "0.part").read_bytes()
        pieces.append(parse_segment(data, 0, 0, 148))
        (tmp_path / name).write_bytes(data)
    first, second = (decode(tmp_path / name, 1) for name in ("hard", "easy"))
    longer = 0
    for frame in range(20, 140, 10):
        seam = find_seam(*pieces, range(frame, frame + 1), 1)
        longer += seam.longer > 0
        both = bytes(up_to_seam(pieces[0], 0, seam)) + bytes(pieces[1].data[pieces[1].at(frame) :])
        (tmp_path / "both").write_bytes(both)
        heard = decode(tmp_path / "both", 1)
        before, after = (frame - 1) * FRAME_SAMPLES, (frame + 2) * FRAME_SAMPLES
        assert np.array_equal(heard[:, :before], first[:, :before])
        assert np.array_equal(heard[:, after:], second[:, after:])
    assert longer > 3


LONG_SOUND = """
import sys
from pathlib import Path
import numpy as np
from avsnitt.audio.io.encode.mp3 import join_mp3, write_mp3_segment
from avsnitt.audio.mp3.segments import segment_count, segment_range

def most_kb():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])

folder, samples = Path(sys.argv[1]), 8 * 3600 * 48_000
count = segment_count(samples)
silence = np.zeros((1, 480_000), np.float32)
before = most_kb()
for index in (0, 1, count - 1):
    start, stop = segment_range(index, samples)
    blocks = (silence[:, : min(480_000, stop - at)] for at in range(start, stop, 480_000))
    write_mp3_segment(blocks, 48_000, 1, 32, folder / str(index))
parts = [folder / str(index if index in (0, count - 1) else 1) for index in range(count)]
join_mp3(parts, folder / "whole", samples=samples)
print(before, most_kb())
"""


def test_memory_does_not_grow_with_the_length(tmp_path):
    """Eight hours, in a process of its own; its pieces are one and the same file."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux says how much memory a process has had")
    done = subprocess.run(
        [sys.executable, "-c", LONG_SOUND, tmp_path], capture_output=True, check=True
    )
    before, after = (int(kb) for kb in done.stdout.split())
    assert after - before < 30_000
    assert MP3(tmp_path / "whole").info.length == 8 * 3600
