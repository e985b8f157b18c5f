"""Recordings that are cut, joined, protected, overwritten, or no recordings at all."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.audio_files import ffmpeg
from tests.support.recordings import FORMS, Library, independent, make_noise, whole

from avsnitt.audio.io.decode.reader import PcmReader, pcm_facts
from avsnitt.audio.measure.file_damage import damage_problems
from avsnitt.model.audio import Analysis, Loudness
from avsnitt.problems.media_errors import AudioError
from avsnitt.problems.problem import Where

SILENT = Loudness(integrated_lufs=None, range_lu=0, true_peak_dbtp=None)
RATE_HZ = 48_000


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    return Library(make_noise(folder / "noise.wav"), folder)


def codes(path: Path) -> list[str]:
    """The codes of the problems of a file that has been read through."""
    facts = pcm_facts(path)
    reader = PcmReader(path, RATE_HZ, 2)
    samples = whole(reader.blocks()).shape[1]
    analysis = Analysis(
        sample_rate_hz=RATE_HZ,
        channels=2,
        samples=samples,
        digest="",
        loudness=SILENT,
        not_numbers=reader.not_numbers,
        broken_packets=reader.broken_packets,
    )
    return [one.code for one in damage_problems(facts, analysis, Where("inspelning"))]


def error_of(path: Path) -> AudioError:
    with pytest.raises(AudioError) as caught:
        pcm_facts(path)
    return caught.value


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("name", FORMS)
def test_a_whole_recording_has_no_problem(forms, name):
    assert codes(forms(name)) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain.wav", ["SOUND-010"]),
        ("large.wav", ["SOUND-010"]),
        ("a.aiff", ["SOUND-010"]),
        ("a.flac", ["SOUND-010"]),
        ("a.mp3", ["SOUND-010"]),
        ("vbr.mp3", ["SOUND-010"]),
        ("a.opus", ["SOUND-015"]),
        ("a.ogg", ["SOUND-015"]),
        ("parts.mp4", []),
        ("bare.mp3", []),
        ("a.aac", []),
    ],
)
def test_a_cut_recording_is_read_as_far_as_it_goes(forms, tmp_path, name, expected):
    path = forms.changed(name, half, tmp_path)
    found = [code for code in codes(path) if code != "SOUND-012"]  # the frame that was cut
    assert found == expected
    ours, theirs = whole(PcmReader(path, RATE_HZ, 2).blocks()), independent(path)
    assert 150_000 < ours.shape[1] < 350_000
    assert abs(ours.shape[1] - theirs.shape[1]) <= 4608


def test_an_m4a_cut_behind_its_index_is_read_as_far_as_it_goes(forms, tmp_path):
    path = tmp_path / "first.m4a"
    ffmpeg("-i", forms("a.m4a"), "-c", "copy", "-movflags", "faststart", path)
    path.write_bytes(half(path.read_bytes()))
    assert "SOUND-010" in codes(path)
    assert 3_000 < pcm_facts(path).duration_ms < 6_000


def test_an_m4a_cut_before_its_index_was_never_finished(forms, tmp_path):
    path = forms.changed("a.m4a", half, tmp_path)
    assert error_of(path).code == "SOUND-006"
    assert error_of(forms.changed("camera.mov", half, tmp_path)).code == "SOUND-006"


def test_two_joined_mp3s_are_both_read(forms, tmp_path):
    path = forms.changed("a.mp3", lambda data: data * 2, tmp_path)
    assert codes(path) == ["SOUND-011"]
    assert abs(pcm_facts(path).duration_ms - 20_000) < 100


def test_two_mp3s_of_different_rates_keep_their_time_but_one_is_silent(forms, tmp_path):
    low = forms("low.mp3").read_bytes()
    path = forms.changed("a.mp3", lambda data: data + low[: len(low) // 2], tmp_path)
    reader = PcmReader(path, RATE_HZ, 2)
    sound = whole(reader.blocks())
    assert abs(sound.shape[1] - 15 * RATE_HZ) < RATE_HZ
    assert np.abs(sound[:, 11 * RATE_HZ :]).max() == 0
    assert reader.broken_packets == 1


def test_junk_in_an_mp3_is_passed_over(forms, tmp_path):
    junk = b"\xffJUNK \xfb\x00" * 2_500
    path = forms.changed(
        "bare.mp3", lambda data: half(data) + junk + data[len(data) // 2 :], tmp_path
    )
    assert codes(path) == []
    assert abs(pcm_facts(path).duration_ms - 10_000) < 100


def overwrite(at: float, size: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        start = int(len(data) * at)
        return data[:start] + b"\xa5" * size + data[start + size :]

    return change


@pytest.mark.parametrize("name", ["a.m4a", "a.aac", "a.opus", "a.mka", "a.flac", "a.ogg", "a.mp3"])
def test_audio_after_an_overwritten_part_keeps_its_place(forms, tmp_path, name):
    path = forms.changed(name, overwrite(0.4, 3_000), tmp_path)
    before = whole(PcmReader(forms(name), RATE_HZ, 2).blocks())
    reader = PcmReader(path, RATE_HZ, 2)
    after = whole(reader.blocks())
    if name not in ("a.aac", "a.mp3"):  # whose frames have no clock: lost ones are not there
        assert abs(after.shape[1] - before.shape[1]) <= (2_048 if name in ("a.mka", "a.ogg") else 0)
        tail = slice(460_000, 470_000)
        exact = name not in ("a.mka", "a.ogg")
        assert not exact or np.abs(after[:, tail] - before[:, tail]).max() < 0.1
    end = after.shape[1]
    parts = [whole(reader.blocks(a, a + end // 5 + 1)) for a in range(0, end, end // 5 + 1)]
    assert np.array_equal(np.concatenate(parts, axis=1), after)


def test_a_chain_of_ogg_streams_is_read_to_its_end(forms, tmp_path):
    path = forms.changed("a.opus", lambda data: data * 3, tmp_path)
    reader = PcmReader(path, RATE_HZ, 2)
    sound = whole(reader.blocks())
    assert abs(sound.shape[1] - 30 * RATE_HZ) < RATE_HZ // 10
    part = whole(reader.blocks(700_000, 800_000))
    assert np.array_equal(part, sound[:, 700_000:800_000])
    assert np.abs(part).max() > 0.1


def test_each_part_counts_its_own_broken_places(forms, tmp_path):
    path = forms.changed("a.m4a", overwrite(0.5, 5_000), tmp_path)
    reader = PcmReader(path, RATE_HZ, 2)
    end = whole(reader.blocks()).shape[1]
    places = reader.broken_packets
    counted = []
    for start in range(0, end, 100_000):
        part = PcmReader(path, RATE_HZ, 2)
        whole(part.blocks(start, start + 100_000))
        counted.append(part.broken_packets)
    assert sum(counted) == places > 0


def test_samples_that_are_no_numbers_are_silent_and_counted(tmp_path):
    sound = np.full((RATE_HZ, 2), 0.25, np.float32)
    sound[1_000], sound[2_000, 0], sound[40_000, 1] = np.nan, np.inf, -np.inf
    body = sound.tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 3, 2, RATE_HZ,
        RATE_HZ * 8, 8, 32, b"data", len(body),
    )  # fmt: skip
    path = tmp_path / "nan.wav"
    path.write_bytes(head + body)
    reader = PcmReader(path, RATE_HZ, 2)
    read = whole(reader.blocks())
    assert np.array_equal(np.isfinite(sound.T), read != 0)
    assert reader.not_numbers == 4
    assert codes(path) == ["SOUND-013"]
    counted = 0
    for start in (0, 1_001, 40_000):
        part = PcmReader(path, RATE_HZ, 2)
        whole(part.blocks(start, {0: 1_001, 1_001: 40_000}.get(start)))
        counted += part.not_numbers
    assert counted == 4
    other = PcmReader(path, 44_100, 1)
    assert np.isfinite(whole(other.blocks(), 1)).all()
    assert other.not_numbers == 4


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "web-page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "picture"),
        (b"%PDF-1.7", "document"),
        (b"PK\x03\x04" + bytes(99), "archive"),
        (b"Hej " * 999, "no-sound"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "no-sound"),
        (b"RIFF\xff\xff\xff\x7fWAVEfmt ", "damaged"),
    ],
)
def test_a_file_that_is_no_audio_is_reported_with_its_reason(tmp_path, data, reason):
    path = tmp_path / "samtal.mp3"
    path.write_bytes(data)
    error = error_of(path)
    assert (error.code, error.values["reason"]) == ("SOUND-001", reason)
    with pytest.raises(AudioError):
        whole(PcmReader(path, RATE_HZ, 2).blocks())


@pytest.mark.parametrize(
    "name", ["empty.wav", "empty.flac", "empty.m4a", "empty.aiff", "empty.caf"]
)
def test_a_recording_of_no_samples_at_all_is_reported(tmp_path, name):
    path = tmp_path / name
    ffmpeg("-f", "lavfi", "-i", "anullsrc=d=1", "-af", "atrim=end_sample=0", path)
    assert error_of(path).code in ("SOUND-005", "SOUND-001")
    if name.endswith(("wav", "aiff")):
        assert error_of(path).code == "SOUND-005"


def test_a_film_without_sound_is_reported(tmp_path):
    for name in ("mute.mp4", "mute.mkv", "mute.mov"):
        path = tmp_path / name
        ffmpeg("-f", "lavfi", "-i", "testsrc=s=160x90:d=1", "-c:v", "libx264", path)
        assert error_of(path).code == "SOUND-007"


@pytest.mark.parametrize("scheme", [b"drms", b"enca"])
def test_protected_audio_is_reported_and_not_decoded(forms, tmp_path, scheme):
    path = forms.changed("a.m4a", lambda data: data.replace(b"mp4a", scheme, 1), tmp_path)
    assert pcm_facts(path).protected == scheme.decode()
    with pytest.raises(AudioError) as caught:
        PcmReader(path, RATE_HZ, 2)
    assert (caught.value.code, caught.value.values) == ("SOUND-004", {"scheme": scheme.decode()})


@pytest.mark.parametrize(("at", "number"), [(24, 4_000_000), (24, 3), (22, 1_000)])
def test_impossible_rates_and_channels_are_reported(forms, tmp_path, at, number):
    def change(data: bytes) -> bytes:
        kind = "<I" if at == 24 else "<H"
        changed = bytearray(data)
        struct.pack_into(kind, changed, at, number)
        return bytes(changed)

    assert error_of(forms.changed("plain.wav", change, tmp_path)).code in ("SOUND-008", "SOUND-001")


def test_a_wave_file_whose_size_was_never_filled_in_claims_nothing(forms, tmp_path):
    def change(data: bytes) -> bytes:
        at = data.index(b"data") + 4
        return data[:at] + b"\xff" * 4 + data[at + 4 :]

    path = forms.changed("plain.wav", change, tmp_path)
    assert pcm_facts(path).declared_ms == 0
    assert codes(path) == []


def test_a_broken_cover_of_twelve_megabytes_does_not_matter(forms, tmp_path):
    size = 12 << 20
    body = (
        b"APIC"
        + struct.pack(">I", size)
        + b"\0\0"
        + b"\0image/jpeg\0\3\0"
        + b"\xff\xd8\xff" * (size // 3)
    )
    length = len(body) + 10
    synchsafe = bytes(length >> shift & 127 for shift in (21, 14, 7, 0))
    path = forms.changed(
        "a.mp3", lambda data: b"ID3\3\0\0" + synchsafe + body.ljust(length, b"\0") + data, tmp_path
    )
    assert codes(path) == []
    assert abs(pcm_facts(path).duration_ms - 10_000) < 2


def test_a_wrong_name_does_not_matter_to_the_reader(forms, tmp_path):
    path = tmp_path / "samtal.mp3"
    path.write_bytes(forms("a.m4a").read_bytes())
    assert pcm_facts(path).codec == "aac"


def test_many_channels_are_mixed_and_reported(tmp_path):
    path = make_noise(tmp_path / "eight.wav", seconds=1, channels=8)
    assert codes(path) == ["SOUND-014"]


HEADS = st.sampled_from(
    [
        b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\2\0\x80\xbb\0\0\0\xee\2\0\4\0\x10\0data",
        b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\0\0\0\0\x0b\xb8\1\xf0",
        b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1\2\x38\1\x80\xbb\0\0",
        b"\0\0\0\x18ftypM4A \0\0\0\0isomM4A ",
        b"\xff\xfb\x90\x64",
        b"\xff\xf1\x4c\x80",
        b"FORM\0\0\xff\xffAIFFCOMM\0\0\0\x12\0\2\0\0\x10\0\0\x10\x40\x0e\xbb\x80",
        b"caff\0\1\0\0desc\0\0\0\0\0\0\0\x20",
        b"\x1aE\xdf\xa3\x9fB\x86\x81\1",
        b"ID3\3\0\0\0\0\0\x10",
        b"",
    ]
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(head=HEADS, body=st.binary(max_size=3_000))
def test_bytes_with_the_head_of_a_sound_file_give_sound_or_error(tmp_path, head, body):
    check_any(tmp_path / "any", head + body)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_that_is_damaged_anywhere_gives_sound_or_error(forms, tmp_path, data):
    name = data.draw(st.sampled_from(["plain.wav", "a.flac", "a.m4a", "a.opus", "a.mka", "a.aiff"]))
    whole_file = bytearray(forms(name).read_bytes()[:40_000])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 3_000))
        whole_file[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    check_any(tmp_path / name, bytes(whole_file))


def check_any(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        facts = pcm_facts(path)
        reader = PcmReader(path, facts.rate_hz, 2)
    except AudioError:
        return
    seen = 0
    try:
        for block in reader.blocks(0, 200_000):
            seen += block.shape[1]
            assert np.isfinite(block).all()
    except AudioError:
        return
    assert seen <= 200_000
