"""M4A and Opus: as long as the samples, the same bytes every time, read by other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.audio_files import make_speech, need, packets_md5, probe, run
from tests.support.mp3_encoding import cut, decode, make_sound

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.audio.io.encode.aac_opus import OPUS_SMALL_KBPS, write_m4a, write_opus
from avsnitt.problems.media_errors import AudioError

AAC_FRAME = 1024
WRITERS: dict[str, Any] = {"m4a": write_m4a, "opus": write_opus}
EVERY = pytest.mark.parametrize("ending", WRITERS)


@pytest.fixture(scope="module", autouse=True)
def _ffmpeg() -> None:
    need("ffmpeg")


def write(ending: str, sound: Any, rate_hz: int, kbps: int, folder: Path, block: int = 0) -> Path:
    target = folder / f"made.{ending}"
    blocks = cut(sound, 0, sound.shape[1], block or 48_000)
    WRITERS[ending](blocks, rate_hz, len(sound), kbps, target)
    return target


@EVERY
@pytest.mark.parametrize(("rate_hz", "channels"), [(48_000, 2), (44_100, 2), (44_100, 1)])
def test_the_file_decodes_to_the_samples(ending, rate_hz, channels, tmp_path):
    sound = make_sound("tones", 3 * rate_hz + 501, rate_hz, channels)
    made = write(ending, sound, rate_hz, 128, tmp_path)
    stream = probe(made)["streams"][0]
    assert (stream["codec_name"], stream["channels"]) == (
        {"m4a": "aac"}.get(ending, "opus"),
        channels,
    )
    heard_hz = int(stream["sample_rate"])
    assert heard_hz == (48_000 if ending == "opus" else rate_hz)
    heard = decode(made, channels)
    if heard_hz == rate_hz:
        likeness = {late: like(heard[:, 3_000 + late :], sound[:, 3_000:]) for late in range(-3, 4)}
        assert max(likeness, key=likeness.__getitem__) == 0
        assert likeness[0] > 0.85


def like(heard: Any, sound: Any) -> float:
    """1 when they are the same but for their level, 0 when they have nothing in common."""
    one, other = heard[:, :100_000], sound[:, :100_000]
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    ending=st.sampled_from(list(WRITERS)),
    samples=st.one_of(st.integers(100, 100_000), st.integers(1, 60).map(lambda n: n * AAC_FRAME)),
    rate_hz=st.sampled_from((44_100, 48_000)),
    channels=st.sampled_from((1, 2)),
)
@example(ending="m4a", samples=100, rate_hz=44_100, channels=2)
@example(ending="opus", samples=100, rate_hz=44_100, channels=2)
def test_the_file_is_as_long_as_the_samples(ending, samples, rate_hz, channels, tmp_path):
    sound = make_sound("noise", samples, rate_hz, channels)
    made = write(ending, sound, rate_hz, 64, tmp_path)
    heard = decode(made, channels).shape[1]
    stream = probe(made)["streams"][0]
    assert float(stream["start_time"]) == 0
    if ending == "opus":
        assert abs(heard - samples * 48_000 / rate_hz) <= 1
    else:
        # ffmpeg plays the last frame to its end, although the edit list ends inside it.
        assert stream["duration_ts"] == samples
        assert 0 <= heard - samples < AAC_FRAME
    assert abs(read_audio_facts(made).duration_ms - samples * 1000 / rate_hz) <= 1


@EVERY
def test_the_bytes_do_not_depend_on_the_size_of_blocks(ending, tmp_path):
    sound = make_sound("steps", 200_000, 44_100, 2)
    made = {write(ending, sound, 44_100, 96, tmp_path, block).read_bytes() for block in (0, 777)}
    made.add(write(ending, sound, 44_100, 96, tmp_path, 10**6).read_bytes())
    assert len(made) == 1


@EVERY
def test_neither_time_nor_version_is_in_the_file(ending, tmp_path):
    made = write(ending, make_sound("noise", 50_000, 48_000, 2), 48_000, 96, tmp_path)
    data = made.read_bytes()
    assert b"Lavc" not in data
    assert b"Lavf" not in data
    format_tags = probe(made)["format"].get("tags", {})
    assert "creation_time" not in format_tags
    if ending == "opus":
        assert data[14:18] == bytes(4)  # the stream's serial number


def test_the_index_of_an_m4a_comes_first(tmp_path):
    need("mediainfo")
    made = write("m4a", make_sound("noise", 200_000, 48_000, 2), 48_000, 128, tmp_path)
    data = made.read_bytes()
    assert data[4:12] == b"ftypM4A "
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    assert run("mediainfo", "--Inform=General;%Format%|%IsStreamable%", made).startswith(
        "MPEG-4|Yes"
    )


def test_speech_in_small_opus_has_all_its_frequencies(tmp_path):
    import av

    with av.open(str(make_speech(tmp_path))) as wav:
        sound = np.concatenate([one.to_ndarray() for one in wav.decode(audio=0)], 1)
    speech = sound.reshape(-1, 2).T[:1].astype(np.float32) / 32_768
    made = write("opus", np.ascontiguousarray(speech), 48_000, OPUS_SMALL_KBPS, tmp_path)
    seconds = speech.shape[1] / 48_000
    assert made.stat().st_size * 8 / seconds < 32_000
    with av.open(str(made)) as opus:
        kinds = [bytes(packet)[0] >> 3 for packet in opus.demux() if packet.size]
    # RFC 6716, table 2: 14 and 15 are the speech coder with the rest of the audible range above.
    assert sum(kind in (14, 15) for kind in kinds) > 0.9 * len(kinds)


@EVERY
def test_no_samples_are_an_error(ending, tmp_path):
    with pytest.raises(AudioError, match="SOUND-001"):
        WRITERS[ending](iter([]), 48_000, 2, 96, tmp_path / "made")


@EVERY
def test_progress_goes_up_to_the_end(ending, tmp_path):
    measured: list[int] = []
    sound = make_sound("silence", 150_000, 48_000, 1)
    WRITERS[ending](
        cut(sound, 0, 150_000), 48_000, 1, 64, tmp_path / "made", report_ms=measured.append
    )
    assert measured == sorted(measured)
    assert measured[-1] == 3125


@EVERY
def test_tags_do_not_change_the_audio(ending, cover, tmp_path):
    from tests.support.audio_files import publish

    made = write(ending, make_sound("noise", 3 * 48_000, 48_000, 2), 48_000, 96, tmp_path)
    published = publish(made, tmp_path, cover)
    assert packets_md5(published) == packets_md5(made)
    assert probe(published)["streams"][0].get("duration_ts") == probe(made)["streams"][0].get(
        "duration_ts"
    )
