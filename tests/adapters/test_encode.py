"""Masters become MP3, and nothing about them but the sound comes along."""

from __future__ import annotations

import pytest
from sound_parts import SECRET, decoded_ms, ffmpeg, probe

from avsnitt.adapters.encode import encode_mp3
from avsnitt.adapters.sound import read_sound
from avsnitt.media.trouble import SoundTrouble


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.wav", ("-c:a", "pcm_s24le")),
        ("b.wav", ("-c:a", "pcm_s32le", "-ar", "96000")),
        ("c.wav", ("-c:a", "pcm_f32le")),
        ("d.aiff", ()),
        ("e.caf", ()),
        ("f.mkv", ("-c:a", "libopus")),
        ("g.mov", ("-c:a", "alac")),
        ("h.wav", ("-ac", "6")),
    ],
)
def test_every_kind_of_master_becomes_an_mp3_of_the_same_length(speech, tmp_path, name, options):
    master, target = tmp_path / name, tmp_path / "out.mp3"
    ffmpeg("-i", speech, *options, "-metadata", f"comment={SECRET}", master)
    encode_mp3(master, target)
    facts = read_sound(target)
    assert (facts.format, facts.channels, facts.sample_rate_hz) == ("mp3", 2, 48_000)
    assert abs(facts.duration_ms - 3000) <= 10
    assert abs(decoded_ms(target) - facts.duration_ms) <= 2
    assert 125_000 < facts.bitrate_bps < 135_000
    data = target.read_bytes()
    assert data[:1] == b"\xff"
    assert b"Info" in data[:60]
    assert SECRET.encode() not in data
    assert "tags" not in probe(target)["format"]


def test_mono_at_44100_stays_so(speech, tmp_path):
    master, target = tmp_path / "mono.wav", tmp_path / "out.mp3"
    ffmpeg("-i", speech, "-ac", "1", "-ar", "44100", master)
    encode_mp3(master, target)
    facts = read_sound(target)
    assert (facts.channels, facts.sample_rate_hz) == (1, 44_100)
    assert 93_000 < facts.bitrate_bps < 101_000


def test_the_same_master_gives_the_same_bytes(speech, tmp_path):
    before = speech.read_bytes()
    for name in ("one.mp3", "two.mp3"):
        encode_mp3(speech, tmp_path / name)
    assert (tmp_path / "one.mp3").read_bytes() == (tmp_path / "two.mp3").read_bytes()
    assert speech.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.mp3", "two.mp3"]


def test_progress_goes_up_to_the_end(speech, tmp_path):
    told: list[tuple[int, int]] = []
    encode_mp3(speech, tmp_path / "out.mp3", progress=lambda *now: told.append(now))
    done = [ms for ms, _ in told]
    assert done == sorted(done)
    assert told[-1] == (3000, 3000)


def test_a_broken_master_leaves_nothing_behind(tmp_path):
    master = tmp_path / "broken.wav"
    master.write_bytes(b"RIFF\xff\xff\xff\x7fWAVEfmt ")
    with pytest.raises(SoundTrouble, match="SOUND-001"):
        encode_mp3(master, tmp_path / "out.mp3")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.wav"]


def test_a_list_of_other_files_is_not_followed(speech, tmp_path):
    for name, text in (
        ("list.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\n{speech}\n#EXT-X-ENDLIST\n"),
        ("list.ffconcat", f"ffconcat version 1.0\nfile {speech}\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(SoundTrouble, match="SOUND-001"):
            encode_mp3(tmp_path / name, tmp_path / "out.mp3")
