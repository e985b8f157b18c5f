"""`clip`: a part of an episode becomes a file that other programs can play."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import Avsnitt
from tests.support import shows
from tests.support.audio_files import ffmpeg, need, probe, run

from avsnitt.clips.audiogram_layout import LayoutBox, lay_out
from avsnitt.clips.selection import ClipRequest
from avsnitt.system.files import stat_of
from avsnitt.workflow.clip import make_clips

RATE_HZ = 44_100
SECONDS = 48
SILENT = range(14, 18)
EPISODE = """\
---
guid: 55555555-5555-4555-8555-555555555555
title: Vad hördes?
status: published
published: 2026-04-05 07:00
summary: Ett samtal i toner.
soundbites:
  - {start: "2", duration: "15", title: Vad sa hon?}
  - {start: "20.5", duration: "16"}
---
Om toner.
"""
VTT = """\
WEBVTT

00:10.000 --> 00:12.000
<v Vera Lind>Åh, är det så – €?

00:12.000 --> 00:13.500
<v Åke Ö>Ja. 🎉

00:16.000 --> 00:18.000
<v Åke Ö>Det är det.
"""


def tone_hz(second: int) -> int:
    """What is heard in each second."""
    return 300 + 40 * second


def recording() -> bytes:
    """A tone of its own for each second, and some seconds of nothing."""
    at = np.arange(RATE_HZ)
    seconds = [
        np.zeros(RATE_HZ) if one in SILENT else np.sin(2 * np.pi * tone_hz(one) * at / RATE_HZ)
        for one in range(SECONDS)
    ]
    samples = (np.concatenate(seconds) * 9000).astype("<i2")
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return stream.getvalue()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shows.write_show(tmp_path_factory.mktemp("clip") / "show")
    shows.write(root, "episodes/005-toner/episode.md", EPISODE)
    shows.write(root, "episodes/005-toner/samtal.wav", recording())
    shows.write(root, "episodes/005-toner/transcript.vtt", VTT)
    return root


@pytest.fixture
def talk(written: Path, tmp_path: Path) -> Path:
    return shows.copy_inputs(written, tmp_path / "talk")


def decoded(path: Path) -> Any:
    """The samples, as Debian's FFmpeg finds them."""
    need("ffmpeg")
    command = ["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-ac", "1", "-ar", "44100", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return np.frombuffer(done.stdout, "<f4")


def heard_hz(path: Path, at_s: float) -> float:
    """The strongest tone at a time."""
    piece = decoded(path)[int(at_s * RATE_HZ) :][:8820] * np.hanning(8820)
    return float(np.abs(np.fft.rfft(piece)).argmax() * RATE_HZ / 8820)


def streams(path: Path) -> dict[str, Any]:
    return {one["codec_type"]: one for one in probe(path)["streams"]}


# The sound


def test_a_clip_is_the_sound_between_two_times(avsnitt: Avsnitt, talk: Path) -> None:
    result = avsnitt("clip", "toner", "--from", "0:05", "--to", "12.5", at=talk)
    assert result.code == 0, result.err
    assert result.out == "clips/toner-0m05s-0m12.5s.mp3\n"
    assert result.err == "Vad hördes?, 0:05–0:12.5\n"
    clip = talk / result.out.strip()
    assert probe(clip)["format"]["format_name"] == "mp3"
    assert len(decoded(clip)) / RATE_HZ == pytest.approx(7.5, abs=0.001)
    for second in (0, 3, 6):
        assert heard_hz(clip, second + 0.4) == pytest.approx(tone_hz(5 + second), abs=5)
    assert sorted(path.name for path in (talk / "clips").iterdir()) == [clip.name]


def test_a_clip_says_where_it_comes_from(avsnitt: Avsnitt, talk: Path) -> None:
    result = avsnitt("clip", "toner", "--soundbite", "1", at=talk)
    assert result.err == "Vad sa hon?, 0:02–0:17\n"
    clip = talk / result.out.strip()
    tags = {name.lower(): text for name, text in probe(clip)["format"]["tags"].items()}
    assert tags["title"] == "Vad sa hon?"
    assert tags["album"] == "Öppen kanal"
    assert tags["artist"] == "Vera Lind"
    assert tags["tgid"] == "55555555-5555-4555-8555-555555555555#t=2,17"
    page = "https://podd.exempel.se/episodes/toner.html#t=2"
    assert f"”Vad hördes?”. Hör hela: {page},17" in json.dumps(tags, ensure_ascii=False)
    assert page.encode() in clip.read_bytes()[:4096]
    assert streams(clip)["video"]["disposition"]["attached_pic"] == 1


def test_without_times_every_soundbite_is_cut(avsnitt: Avsnitt, talk: Path) -> None:
    result = avsnitt("clip", "toner", "--json", at=talk)
    assert result.code == 0, result.err
    made = json.loads(result.out)
    assert [(one["title"], one["start_ms"], one["end_ms"]) for one in made] == [
        ("Vad sa hon?", 2000, 17_000),
        ("Vad hördes?", 20_500, 36_500),
    ]
    assert [one["files"] for one in made] == [
        ["clips/toner-0m02s-0m17s.mp3"],
        ["clips/toner-0m20.5s-0m36.5s.mp3"],
    ]
    assert all((talk / path).is_file() for one in made for path in one["files"])


def test_the_same_clip_has_the_same_bytes(avsnitt: Avsnitt, talk: Path) -> None:
    ask = ("clip", "toner", "--from", "9", "--to", "11", "--audiogram", "--size", "720")
    first = {path: (talk / path).read_bytes() for path in avsnitt(*ask, at=talk).out.split()}
    again = {path: (talk / path).read_bytes() for path in avsnitt(*ask, at=talk).out.split()}
    assert len(first) == 2
    assert first == again


def test_the_recording_is_left_as_it_is(avsnitt: Avsnitt, talk: Path) -> None:
    before = stat_of(str(talk / "episodes/005-toner/samtal.wav"))
    avsnitt("clip", "toner", "--from", "1", "--to", "2", at=talk)
    assert stat_of(str(talk / "episodes/005-toner/samtal.wav")) == before


# The film


@pytest.fixture(scope="module")
def film(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """From 9 s to 19 s."""
    out = tmp_path_factory.mktemp("film") / "film.mp4"
    order = ClipRequest(slug="toner", start_ms=9000, end_ms=19_000, title="Vad sa hon?", film=True)
    (made,) = make_clips(str(written), order, out=str(out), size=720)
    assert made.files == (str(out),)
    assert made.missing == ("🎉",)
    assert made.captions == 3
    return out


def picture(film: Path, at_s: float, tmp_path: Path) -> Any:
    """A frame as Debian's FFmpeg shows it: (rows, columns, RGB)."""
    from PIL import Image

    shown = tmp_path / f"{at_s}.png"
    ffmpeg("-ss", str(at_s), "-i", film, "-frames:v", "1", shown)
    return np.asarray(Image.open(shown).convert("RGB")).astype(int)


def part(frame: Any, box: LayoutBox | None) -> Any:
    assert box is not None
    return frame[box.y : box.bottom, box.x : box.right]


def bright(pixels: Any) -> int:
    """How many pixels are of the colour of words."""
    return int((pixels.min(axis=2) > 180).sum())


LAYOUT = lay_out(720, captions=True)


def test_a_film_is_what_phones_and_browsers_play(film: Path) -> None:
    found = streams(film)
    video, audio = found["video"], found["audio"]
    assert (video["codec_name"], video["pix_fmt"]) == ("h264", "yuv420p")
    assert (video["width"], video["height"], video["r_frame_rate"]) == (720, 720, "25/1")
    assert (video["color_space"], video["color_range"]) == ("bt709", "tv")
    assert int(video["nb_frames"]) == 250
    assert (audio["codec_name"], audio["sample_rate"]) == ("aac", "44100")
    for one in (video, audio):
        assert float(one["duration"]) == pytest.approx(10, abs=0.03)
        assert float(one["start_time"]) == pytest.approx(0, abs=0.001)
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    tags = probe(film)["format"]["tags"]
    assert (tags["title"], tags["album"]) == ("Vad sa hon?", "Öppen kanal")
    assert run("ffmpeg", "-v", "error", "-i", film, "-f", "null", "-") == ""


def test_the_sound_of_a_film_is_in_its_time(film: Path) -> None:
    for second in (0, 2, 9):
        assert heard_hz(film, second + 0.4) == pytest.approx(tone_hz(9 + second), abs=5)


def test_captions_are_there_in_their_time_and_not_otherwise(film: Path, tmp_path: Path) -> None:
    words = {
        at_s: bright(part(picture(film, at_s, tmp_path), LAYOUT.plate))
        for at_s in (0.5, 0.96, 1.04, 2.5, 3.5, 4.44, 4.56, 6.5, 7.04, 8.5, 9.5)
    }
    there = {at_s for at_s, count in words.items() if count}
    assert there == {1.04, 2.5, 3.5, 4.44, 7.04, 8.5}
    assert words[2.5] > words[3.5]
    assert min(words[at_s] for at_s in there) > 300


def test_words_have_their_rings_and_dots(film: Path, tmp_path: Path) -> None:
    """Å is taller than A: there are letters of both heights above the line's own."""
    from avsnitt.clips.io.text import font

    face = font("SemiBold", LAYOUT.caption_px)
    assert face.getbbox("Å", anchor="ls")[1] < face.getbbox("A", anchor="ls")[1] - 5
    rows = (part(picture(film, 2, tmp_path), LAYOUT.plate).min(axis=2) > 180).any(axis=1)
    tall = int(rows.sum())
    rows = (part(picture(film, 8, tmp_path), LAYOUT.plate).min(axis=2) > 180).any(axis=1)
    assert tall > int(rows.sum())


def test_bars_stand_in_sound_and_lie_in_silence(film: Path, tmp_path: Path) -> None:
    ground = picture(film, 0.5, tmp_path)[4, 4]

    def drawn(at_s: float) -> int:
        pixels = part(picture(film, at_s, tmp_path), LAYOUT.bars)
        return int((np.abs(pixels - ground).max(axis=2) > 40).sum())

    assert drawn(7) < drawn(3) / 1.3
    assert drawn(7) > 0  # a row of dots
    first, second = (part(picture(film, at, tmp_path), LAYOUT.bars) for at in (1.5, 4.5))
    assert np.abs(first - second).max() > 60


def test_the_line_goes_from_left_to_right(film: Path, tmp_path: Path) -> None:
    def length(at_s: float) -> int:
        row = part(picture(film, at_s, tmp_path), LAYOUT.line)[LAYOUT.line.height // 2]
        return int((np.abs(np.diff(row.sum(axis=1))) > 60).argmax())

    assert length(2.5) == pytest.approx(LAYOUT.line.width / 4, abs=8)
    assert length(7.5) == pytest.approx(LAYOUT.line.width * 3 / 4, abs=8)


def test_cover_and_titles_stand_still(film: Path, tmp_path: Path) -> None:
    early, late = picture(film, 1, tmp_path), picture(film, 9, tmp_path)
    for box in (LAYOUT.cover, LAYOUT.titles, LAYOUT.address):
        assert np.abs(part(early, box) - part(late, box)).max() < 24
        assert part(early, box).std() > 5 or box is LAYOUT.cover
    middle = part(early, LAYOUT.cover)[100, 100]
    assert np.abs(middle - (0, 128, 128)).max() < 12  # teal, through a film's colours


def test_a_film_without_a_transcript_is_asked_to_have_no_words(
    avsnitt: Avsnitt, talk: Path
) -> None:
    (talk / "episodes/005-toner/transcript.vtt").unlink()
    result = avsnitt(
        "clip", "toner", "--from", "9", "--to", "10", "--out", "ut/a.mp4", "--size", "720", at=talk
    )
    assert (result.code, result.out) == (0, "ut/a.mp4\n")
    assert "Filmen har ingen text" in result.err
    assert [path.name for path in (talk / "ut").iterdir()] == ["a.mp4"]


def test_what_the_font_has_no_letters_for_is_reported(avsnitt: Avsnitt, talk: Path) -> None:
    ask = ("clip", "toner", "--from", "11", "--to", "13", "--audiogram", "--size", "720")
    result = avsnitt(*ask, "--title", "Ja 你", at=talk)
    assert "Typsnittet saknar de här tecknen, som inte ritades: 你 🎉" in result.err
    assert result.out.split() == ["clips/toner-0m11s-0m13s.mp3", "clips/toner-0m11s-0m13s.mp4"]


# What goes wrong

WRONG = {
    ("tonar",): ("menade du toner?", "did you mean toner?"),
    ("zzz",): ("inget avsnitt", "no episode"),
    ("fraga",): ("inget ljud", "no sound"),
    ("andra",): ("inga soundbites", "no soundbites"),
    ("toner", "--from", "20", "--to", "10"): ("börjar 0:20 och slutar 0:10", "begins at 0:20"),
    ("toner", "--from", "20", "--to", "1:00"): ("slut redan 0:48", "over at 0:48"),
    ("toner", "--from", "20"): ("två tider", "two times"),
    ("toner", "--from", "tjugo", "--to", "30"): ("--from tjugo är ingen tid", "is not a time"),
    ("toner", "--soundbite", "3"): ("från 1 till 2", "from 1 to 2"),
    ("toner", "--soundbite", "1", "--from", "3"): ("samtidigt", "both be meant"),
    ("toner", "--out", "a.mp3"): ("flera klipp", "several clips"),
    ("toner", "--soundbite", "1", "--out", "a.wav"): (".mp3 eller .mp4", ".mp3 or .mp4"),
}


@pytest.mark.parametrize("asked", WRONG, ids=" ".join)
def test_what_cannot_be_cut_is_reported_in_both_languages_and_nothing_is_written(
    asked: tuple[str, ...], avsnitt: Avsnitt, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, words in zip(("sv", "en"), WRONG[asked], strict=True):
        monkeypatch.setenv("AVSNITT_LANG", language)
        result = avsnitt("clip", *asked, at=talk)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
    assert not (talk / "clips").exists()


def test_a_file_that_is_no_clip_of_the_episode_is_never_written_over(
    avsnitt: Avsnitt, talk: Path
) -> None:
    ask = ("clip", "toner", "--from", "1", "--to", "2", "--out")
    for path in ("episodes/001-forsta/samtal.mp3", "site/cover.mp4", "mapp.mp3"):
        if path == "mapp.mp3":
            (talk / path).mkdir()
        elif not (talk / path).exists():
            shows.write(talk, path, b"mitt")
        before = stat_of(str(talk / path))
        result = avsnitt(*ask, path, at=talk)
        assert result.code == 2
        assert f"{path} finns redan, och är inget klipp ur det här avsnittet." in result.err
        assert stat_of(str(talk / path)) == before


def test_an_older_clip_of_the_episode_is_replaced(avsnitt: Avsnitt, talk: Path) -> None:
    ask = ("clip", "toner", "--from", "1", "--to", "2", "--audiogram", "--size", "720")
    for title in ("Före", "Efter"):
        result = avsnitt(*ask, "--title", title, at=talk)
        assert result.code == 0, result.err
        for path in result.out.split():
            assert probe(talk / path)["format"]["tags"]["title"] == title


def test_a_damaged_cover_is_shown_where_it_lies(avsnitt: Avsnitt, talk: Path) -> None:
    shows.write(talk, "site/cover.png", shows.png("teal")[:60])
    result = avsnitt("clip", "toner", "--from", "1", "--to", "2", "--audiogram", at=talk)
    assert result.code == 1
    assert "site/cover.png" in result.err
    assert not list((talk / "clips").glob("*.mp4"))


def test_a_show_with_errors_is_reported_for_them(avsnitt: Avsnitt, talk: Path) -> None:
    shows.edit(talk, "episodes/005-toner/episode.md", "status: published", "status: klar")
    result = avsnitt("clip", "toner", "--from", "1", "--to", "2", at=talk)
    assert result.code == 1
    assert "episodes/005-toner/episode.md" in result.err


def test_progress_goes_on_to_the_end_of_all_files(talk: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    order = ClipRequest(slug="toner", start_ms=1000, end_ms=3000, film=True)
    make_clips(str(talk), order, size=720, progress=lambda *step: steps.append(step))
    clipped = [step for step in steps if step[0] == "clip"]
    assert {total for _, _, total in clipped} == {4000}
    done = [step[1] for step in clipped]
    assert done == sorted(done)
    assert done[-1] == 4000
    assert len(done) > 50


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_leaves_nothing_half_made(talk: Path) -> None:
    process = subprocess.Popen(
        shows.program("clip", "toner", "--from", "0", "--to", "47", "--out", "ut/film.mp4"),
        cwd=talk,
        env=shows.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while not list(talk.glob("ut/.film*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert list((talk / "ut").iterdir()) == []


def test_a_clip_of_one_frame_is_a_clip(avsnitt: Avsnitt, talk: Path) -> None:
    result = avsnitt(
        "clip", "toner", "--from", "1", "--to", "1.001", "--audiogram", "--size", "720", at=talk
    )
    assert result.code == 0, result.err
    sound, film = (talk / path for path in result.out.split())
    assert struct.pack(">4s", b"moov") in film.read_bytes()
    assert 0 < len(decoded(sound)) <= 1152
    assert int(streams(film)["video"]["nb_frames"]) == 1
