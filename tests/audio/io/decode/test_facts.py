"""The facts of a recording, found in its bytes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.audio_files import ENCODERS, decoded_ms, ffmpeg

from avsnitt.audio.containers.mp3 import parse_mpeg
from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.problems.media_errors import AudioError

EVERY = pytest.mark.parametrize("ending", list(ENCODERS))


def error_of(path: Path) -> AudioError:
    with pytest.raises(AudioError) as caught:
        read_audio_facts(path)
    return caught.value


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@EVERY
def test_each_format_is_measured_as_a_decoder_plays_it(recordings, ending):
    facts = read_audio_facts(recordings[ending])
    assert facts.format == ending
    # ffmpeg plays the last AAC frame to its end, although the edit list ends inside it.
    slack_ms = 22 if ending == "m4a" else 2
    assert abs(facts.duration_ms - decoded_ms(recordings[ending])) <= slack_ms
    assert (facts.sample_rate_hz, facts.channels, facts.video) == (48_000, 2, False)
    assert 20_000 < facts.bitrate_bps < 800_000


def test_masters_are_recognised(speech, tmp_path):
    aiff, caf, film = tmp_path / "a.aiff", tmp_path / "a.caf", tmp_path / "a.mkv"
    for path in (aiff, caf, film):
        ffmpeg("-i", speech, path)
    kinds = [read_audio_facts(path).format for path in (speech, aiff, caf, film)]
    assert kinds == ["wav", "aiff", "other", "other"]
    assert read_audio_facts(speech).duration_ms == 3000


@pytest.mark.parametrize("codec", ["pcm_s24le", "pcm_s32le", "pcm_f32le"])
def test_a_deep_wav_is_measured(speech, tmp_path, codec):
    path = tmp_path / "deep.wav"
    ffmpeg("-i", speech, "-c:a", codec, path)
    assert read_audio_facts(path).duration_ms == 3000


def test_apple_lossless_is_a_master(speech, tmp_path):
    path = tmp_path / "a.m4a"
    ffmpeg("-i", speech, "-c:a", "alac", path)
    assert read_audio_facts(path).format == "other"


@pytest.mark.parametrize("ending", ["mp3", "opus", "ogg", "flac"])
def test_a_cut_file_is_as_long_as_what_is_left(recordings, tmp_path, ending):
    data = recordings[ending].read_bytes()
    path = put(tmp_path, f"cut.{ending}", data[: len(data) // 2])
    facts = read_audio_facts(path)
    assert facts.duration_ms < 2500
    assert abs(facts.duration_ms - decoded_ms(path)) <= 60


def test_two_joined_mp3s_are_as_long_as_both(recordings, tmp_path):
    data = recordings["mp3"].read_bytes()
    facts = read_audio_facts(put(tmp_path, "both.mp3", data + data))
    assert abs(facts.duration_ms - 6000) <= 110


def test_an_mp3_without_a_header_of_its_own_is_counted(speech, tmp_path):
    path = tmp_path / "vbr.mp3"
    ffmpeg("-i", speech, "-c:a", "libmp3lame", "-q:a", "6", "-write_xing", "0", path)
    assert abs(read_audio_facts(path).duration_ms - decoded_ms(path)) <= 1


def test_an_mp3_at_a_low_rate_is_counted(speech, tmp_path):
    path = tmp_path / "low.mp3"
    ffmpeg("-i", speech, "-ar", "22050", "-ac", "1", "-c:a", "libmp3lame", path)
    facts = read_audio_facts(path)
    assert (facts.sample_rate_hz, facts.channels) == (22_050, 1)
    assert abs(facts.duration_ms - 3000) <= 1


def test_junk_in_the_middle_is_passed_over(recordings, tmp_path):
    data = recordings["mp3"].read_bytes()
    junk = bytes(range(256)) * 80
    middle = len(data) // 2
    facts = read_audio_facts(put(tmp_path, "junk.mp3", data[:middle] + junk + data[middle:]))
    assert abs(facts.duration_ms - 3000) <= 60


def test_garbage_before_the_first_frame_is_passed_over(recordings, tmp_path):
    data = recordings["mp3"].read_bytes()
    facts = read_audio_facts(put(tmp_path, "late.mp3", b"\0garbage\xff\xfb" * 500 + data))
    assert abs(facts.duration_ms - 3000) <= 60


@EVERY
def test_new_tags_do_not_change_the_digest(recordings, tmp_path, ending):
    path = tmp_path / f"other.{ending}"
    ffmpeg("-i", recordings[ending], "-c", "copy", "-metadata", "title=Annat", path)
    assert path.read_bytes() != recordings[ending].read_bytes()
    if ending not in ("opus", "ogg"):  # ffmpeg lays those pages out in its own way
        assert read_audio_facts(path).digest == read_audio_facts(recordings[ending]).digest


def test_other_audio_has_another_digest(recordings, tmp_path):
    data = bytearray(recordings["mp3"].read_bytes())
    data[-100] ^= 1
    changed = put(tmp_path, "changed.mp3", bytes(data))
    assert read_audio_facts(changed).digest != read_audio_facts(recordings["mp3"]).digest


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.mp3", b"", "empty"),
        ("page.mp3", b"\n<!DOCTYPE html><html><body>404</body></html>", "web-page"),
        ("picture.mp3", b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        ("photo.mp3", b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
        ("paper.mp3", b"%PDF-1.7 ...", "document"),
        ("parcel.mp3", b"PK\x03\x04" + bytes(100), "archive"),
        ("letters.mp3", b"Hej hopp " * 1000, "no-sound"),
        ("byte.mp3", b"\xff", "no-sound"),
        ("tag.mp3", b"ID3\x03\0\0\0\0\0\x0a" + bytes(10), "no-sound"),
        ("head.flac", b"fLaC\x00\x00\x00\x22" + bytes(10), "damaged"),
        ("list.mp3", b"#EXTM3U\nfile:///etc/passwd\n", "no-sound"),
        ("list.wav", b"ffconcat version 1.0\nfile /etc/passwd\n", "no-sound"),
        ("head.wav", b"RIFF\xff\xff\xff\x7fWAVEfmt ", "damaged"),
        ("head.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0isomM4A ", "damaged"),
        ("deep.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0isomM4A " + b"\0\0\0\0moov" * 500, "no-sound"),
    ],
)
def test_a_file_that_is_no_audio_is_reported_with_its_reason(tmp_path, name, data, reason):
    error = error_of(put(tmp_path, name, data))
    assert (error.code, error.values["reason"]) == ("SOUND-001", reason)


def test_a_recording_cut_before_its_first_frame_has_no_sound(recordings, tmp_path):
    for ending, source in recordings.items():
        path = put(tmp_path, f"stub.{ending}", source.read_bytes()[:40])
        assert error_of(path).code == "SOUND-001"


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [("m4a", "a.mp3", "m4a"), ("mp3", "a.wav", "mp3"), ("flac", "a.ogg", "flac")],
)
def test_a_name_that_promises_another_format_is_an_error(recordings, tmp_path, source, name, found):
    error = error_of(put(tmp_path, name, recordings[source].read_bytes()))
    assert (error.code, error.values) == ("SOUND-002", {"name": name[1:], "found": found})


def test_a_name_that_promises_no_format_is_accepted(recordings, tmp_path):
    assert (
        read_audio_facts(put(tmp_path, "inspelning", recordings["mp3"].read_bytes())).format
        == "mp3"
    )


def test_protected_sound_is_reported(recordings, tmp_path):
    data = recordings["m4a"].read_bytes().replace(b"mp4a", b"drms", 1)
    error = error_of(put(tmp_path, "bought.m4a", data))
    assert (error.code, error.values) == ("SOUND-004", {"scheme": "drms"})


def test_a_tag_that_claims_256_mb_does_not_hide_the_audio(recordings, tmp_path):
    liar = b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + b"TIT2" + recordings["mp3"].read_bytes()
    assert abs(read_audio_facts(put(tmp_path, "liar.mp3", liar)).duration_ms - 3000) <= 60


@pytest.mark.parametrize(
    "data",
    [
        bytes(10_000_000),
        b"\xff" * 10_000_000,
        b"\xff\xfb\x92" * 3_000_000,
        b"ID3\x03\0\0\0\0\0\0" * 500_000,
        b"OggS\0\2" * 1_000_000,
        b"\0\0\0\x08free" * 1_000_000,
        b"APETAGEX" * 1_000_000,
        b"TAG" * 3_000_000,
    ],
    ids=["zeros", "ones", "syncs", "tags", "pages", "boxes", "apes", "id3v1"],
)
def test_ten_megabytes_without_audio_are_refused_in_seconds(tmp_path, data):
    started = time.process_time()
    assert error_of(put(tmp_path, "nothing", data)).code == "SOUND-001"
    assert time.process_time() - started < 20


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_damage_gives_facts_or_an_audio_error(recordings, tmp_path, data):
    ending = data.draw(st.sampled_from(list(ENCODERS)))
    whole = bytearray(recordings[ending].read_bytes()[:30_000])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(2_000, len(whole) - 1)))
        whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path = put(tmp_path, f"damaged.{ending}", bytes(whole))
    try:
        facts = read_audio_facts(path)
    except AudioError:
        return
    assert facts.duration_ms > 0


@given(st.binary(max_size=400))
@example(b"3DI")
def test_any_bytes_give_frames_inside_them_or_an_audio_error(data):
    try:
        frames = parse_mpeg(data).frames
    except AudioError:
        return
    assert all(0 <= start < stop <= len(data) for start, stop in frames)
