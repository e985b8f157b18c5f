"""Films of every kind come out whole, in time, and without what their cameras said."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import video_files

from avsnitt.audio.io.decode.facts import read_audio_facts
from avsnitt.model.message import message
from avsnitt.preview.server import PreviewServer
from avsnitt.problems.media_errors import AudioError
from avsnitt.video.fragmented_mp4 import parse_rendition
from avsnitt.video.hls import (
    AudioRendition,
    VideoRendition,
    render_fragment_playlist,
    render_master_playlist,
)
from avsnitt.video.io.hls import read_rendition
from avsnitt.video.io.probe import probe_video
from avsnitt.video.plan import VideoFacts, video_findings, video_notes
from avsnitt.workflow.produce.video_tasks import VideoPlan

ANEW = {
    "short.mp4": ("", ""),
    "short.mkv": ("", ""),
    "long.mp4": ("", "keys"),
    "wide.mp4": ("", "pixels"),
    "vp9.webm": ("codec", "codec"),
    "part2.mov": ("codec", "codec"),
    "odd.webm": ("codec", "codec"),
    "deep.mp4": ("depth", "depth"),
    "laced.mp4": ("interlaced", "interlaced"),
    "fast.mkv": ("codec", "codec"),
    "large.mkv": ("codec", "codec"),
    "tall.mkv": ("codec", "codec"),
}
SIZES = {
    "odd.webm": [(320, 180)],
    "wide.mp4": [(426, 240)],
    "large.mkv": [(1920, 1080), (640, 360)],
    "tall.mkv": [(640, 500), (460, 360)],
}
LENGTH_S = {"long.mp4": 12, "large.mkv": 2, "tall.mkv": 2}


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {kind: video_files.make_film(folder, kind) for kind in video_files.KINDS}


@contextmanager
def streamed(plan: VideoPlan, store: Path) -> Iterator[str]:
    """The address of a film in pieces, on this machine."""
    pictures = []
    for task in plan.pictures:
        rendition = read_rendition(store / task.file)
        name = f"{rendition.height}.m3u8"
        (store / name).write_text(render_fragment_playlist(rendition, task.file))
        pictures.append(VideoRendition(uri=name, rendition=rendition))
    assert plan.sound
    sound = read_rendition(store / plan.sound.file)
    (store / "sound.m3u8").write_text(render_fragment_playlist(sound, plan.sound.file))
    voice = AudioRendition(uri="sound.m3u8", rendition=sound, language="sv", name="svenska")
    (store / "index.m3u8").write_text(render_master_playlist(pictures, voice))
    with PreviewServer(store, port=0) as server:
        yield f"{server.address.rstrip('/')}/index.m3u8"


@pytest.mark.parametrize("kind", video_files.KINDS)
def test_every_kind_of_film_is_published_whole_and_in_pieces(kind, reel, tmp_path):
    plan = video_files.make(reel[kind], tmp_path / "artifacts")
    store = tmp_path / "artifacts"
    whole, pieces = ANEW[kind]
    assert [
        one.values["reason"] for one in video_findings(video_notes(plan.film, video_files.BOTH))
    ] == [message(f"reason.film-{reason}") for reason in ({whole or pieces} - {""})]
    assert plan.mp4
    film = store / plan.mp4.file
    video, audio = video_files.probe(film)["streams"]
    length = LENGTH_S.get(kind, video_files.SECONDS)
    assert (video["codec_name"], video["pix_fmt"], audio["codec_name"]) == (
        "h264", "yuv420p", "aac",
    )  # fmt: skip
    assert abs(float(video["duration"]) - length) < 0.15
    assert video_files.complaints(film) == ""
    renditions = [read_rendition(store / one.file) for one in plan.pictures]
    if kind in SIZES:
        assert [(one.width, one.height) for one in renditions] == SIZES[kind]
    with streamed(plan, store) as address:
        assert video_files.complaints(address) == ""
        reported = video_files.probe(address)["streams"]
    assert {one["codec_type"] for one in reported} == {"video", "audio"}
    assert [(one["width"], one["height"]) for one in reported if one["codec_type"] == "video"] == [
        (one.width, one.height) for one in renditions
    ]


def test_a_film_made_twice_has_the_same_bytes(reel, tmp_path):
    for kind in ("short.mp4", "part2.mov"):
        sound = video_files.make_sound(reel[kind])
        made = []
        for folder in (tmp_path / f"{kind}-one", tmp_path / f"{kind}-two"):
            video_files.make(reel[kind], folder, sound=sound)
            made.append({path.name: path.read_bytes() for path in folder.iterdir()})
        assert made[0] == made[1]
        assert len(made[0]) >= 5


def test_nothing_is_reported_for_the_camera_and_its_owner(reel, tmp_path):
    for kind in ("short.mp4", "short.mkv", "vp9.webm"):
        assert video_files.SECRET.encode() in reel[kind].read_bytes()
        plan = video_files.make(reel[kind], tmp_path / kind)
        for task in (*plan.first, *plan.then):
            data = (tmp_path / kind / task.file).read_bytes()
            for reported in (video_files.SECRET, "+59.2", "x264", "Lavf", "Handler", "Exif"):
                assert reported.encode() not in data, (task.file, reported)


def test_a_task_travels_and_is_named_by_what_it_makes(reel, tmp_path):
    plan = video_files.make(reel["part2.mov"], tmp_path / "artifacts")
    tasks = (*plan.first, *plan.then)
    names = [task.file for task in tasks]
    assert len(set(names)) == len(names)
    for task in tasks:
        assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301
        assert re.fullmatch(r"[A-Za-z0-9.-]+", task.file)
        assert (task.slug, task.cost_ms > 0) == ("film", True)
    moved = msgspec.structs.replace(plan.pictures[0], source="/somewhere/else.mov")
    assert moved.key == plan.pictures[0].key


def test_progress_adds_up_to_the_cost(reel, tmp_path):
    plan = video_files.make(reel["part2.mov"], tmp_path / "artifacts")
    for task in plan.pictures:
        reported: list[int] = []
        task.work(tmp_path / "again.mp4", reported.append)
        assert 0.7 * task.cost_ms <= sum(reported) <= 1.1 * task.cost_ms


# Time


OFFSETS = {
    "together.mp4": (),
    "sound-early.mkv": ("-itsoffset", "0.2"),
    "sound-late.mkv": ("-itsoffset", "-0.08"),
    "far-apart.mkv": ("-itsoffset", "1.2"),
}


def turns(source: str | Path) -> tuple[float, float]:
    """When the screen goes white, and when the tone begins."""
    filters = ("-vf", "blackdetect=d=0.3:pix_th=0.4", "-af", "silencedetect=n=-40dB:d=0.3")
    reported = video_files.run("ffmpeg", "-i", source, *filters, "-f", "null", "-")
    seen = re.search(r"black_end:([0-9.]+)", reported)
    probed = re.search(r"silence_end: ([0-9.]+)", reported)
    assert seen, reported
    assert probed, reported
    return float(seen[1]), float(probed[1])


@pytest.mark.parametrize("name", OFFSETS)
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_pictures_and_sound_stay_together(name, codec, tmp_path):
    clap = video_files.make_clapper(
        tmp_path, "clap.mov", "-c:v", codec, "-g", "25", "-pix_fmt", "yuv420p"
    )
    film = tmp_path / name
    shift = OFFSETS[name]
    video_files.ffmpeg(
        *shift, "-i", clap, "-i", clap, "-map", "0:v", "-map", "1:a", "-c", "copy", film
    )
    shifted = float(shift[1]) if shift else 0.0
    plan = video_files.make(film, tmp_path / "artifacts")
    assert plan.mp4
    seen, probed = turns(tmp_path / "artifacts" / plan.mp4.file)
    assert abs(seen - probed - shifted) <= 0.045
    with streamed(plan, tmp_path / "artifacts") as address:
        seen, probed = turns(address)
    assert abs(seen - probed - shifted) <= 0.045


def test_a_film_that_was_cut_between_key_pictures_shows_nothing_that_was_cut_away(tmp_path):
    clap = video_files.make_clapper(tmp_path)
    cut = tmp_path / "cut.mp4"
    video_files.ffmpeg("-ss", "2.5", "-i", clap, "-c", "copy", cut)
    plan = video_files.make(cut, tmp_path / "artifacts")
    assert [
        one.values["reason"] for one in video_findings(video_notes(plan.film, video_files.BOTH))
    ] == [message("reason.film-cut")]
    assert plan.mp4
    seen, probed = turns(tmp_path / "artifacts" / plan.mp4.file)
    assert abs(seen - probed) <= 0.045
    assert abs(seen - 0.5) <= 0.045


def test_a_still_screen_with_no_new_pictures_for_long_still_comes_in_pieces(tmp_path):
    clap = video_files.make_clapper(tmp_path, "slow.mkv", "-c:v", "mpeg4", "-r", "0.5")
    plan = video_files.make(clap, tmp_path / "artifacts")
    rendition = read_rendition(tmp_path / "artifacts" / plan.pictures[0].file)
    assert max(piece.ticks for piece in rendition.pieces) <= 6.1 * rendition.timescale


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_film_on_its_side_stands_up_in_pieces_and_keeps_its_turn_whole(degrees, reel, tmp_path):
    film = video_files.turned(reel["short.mp4"], degrees)
    plan = video_files.make(film, tmp_path / "artifacts")
    right = tmp_path / "right.png"
    video_files.ffmpeg("-ss", "4", "-i", film, "-frames:v", "1", right)
    assert plan.mp4
    for file in (plan.pictures[0].file, plan.mp4.file):
        ours = tmp_path / "ours.png"
        video_files.ffmpeg("-ss", "4", "-i", tmp_path / "artifacts" / file, "-frames:v", "1", ours)
        assert unlike(right, ours) < 8
    if degrees != 180:
        still = tmp_path / "artifacts" / plan.thumbnail.file
        assert size_of(still) == (180, 320)


def size_of(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as image:
        return image.size


def unlike(left: Path, right: Path) -> float:
    """How far two pictures are from each other, on average, of 255."""
    import numpy as np
    from PIL import Image

    with Image.open(left) as one, Image.open(right) as other:
        assert one.size == other.size
        pixels = (np.asarray(image.convert("RGB"), np.int32) for image in (one, other))
        return float(np.abs(next(pixels) - next(pixels)).mean())


def test_a_film_with_other_pictures_to_the_same_sound_is_another_film(reel, tmp_path):
    known = reel["short.mkv"]
    tagged, recut = tmp_path / "tagged.mkv", tmp_path / "recut.mkv"
    video_files.ffmpeg("-i", known, "-c", "copy", "-metadata", "title=Annat", tagged)
    video_files.ffmpeg("-i", known, "-c:a", "copy", "-vf", "hflip", recut)
    assert read_audio_facts(tagged).digest == read_audio_facts(known).digest
    assert read_audio_facts(recut).digest != read_audio_facts(known).digest
    assert read_audio_facts(recut).duration_ms == read_audio_facts(known).duration_ms


# The still


def test_the_still_is_no_black_screen_and_shows_nothing(tmp_path):
    film = video_files.make_clapper(tmp_path)
    parts = tmp_path / "parts.mp4"
    video_files.ffmpeg(
        "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=9,setsar=1",
        "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2,setsar=1",
        "-i", film, "-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a",
        "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p", parts,
    )  # fmt: skip
    plan = video_files.make(parts, tmp_path / "artifacts", forms=("mp4",))
    from PIL import Image, ImageStat

    with Image.open(tmp_path / "artifacts" / plan.thumbnail.file) as still:
        assert (still.format, still.size) == ("JPEG", (320, 180))
        assert not still.getexif()
        assert set(still.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }
        assert ImageStat.Stat(still.convert("L")).stddev[0] > 40


def test_the_still_has_square_pixels_and_fits_a_screen(reel, tmp_path):
    for kind, size in (("wide.mp4", (426, 240)), ("large.mkv", (1280, 720))):
        plan = video_files.make(reel[kind], tmp_path / kind, forms=("mp4",))
        assert size_of(tmp_path / kind / plan.thumbnail.file) == size


# What is wanted


def test_only_what_is_wanted_is_made(reel, tmp_path):
    whole = video_files.make(reel["part2.mov"], tmp_path / "whole", forms=("mp4",))
    assert (len(whole.pictures), whole.sound, bool(whole.mp4)) == (1, None, True)
    pieces = video_files.make(reel["short.mp4"], tmp_path / "pieces", forms=("hls",))
    assert (len(pieces.pictures), bool(pieces.sound), pieces.mp4) == (1, True, None)
    assert list(video_findings(video_notes(whole.film, ()))) == []


# What is wrong


def test_a_film_longer_than_its_sound_is_reported(tmp_path):
    clap = video_files.make_clapper(tmp_path)
    short = tmp_path / "short.mp4"
    video_files.ffmpeg(
        "-i", clap, "-t", "4", "-i", clap, "-map", "0:v", "-map", "1:a", "-c", "copy", short
    )
    film = probe_video(short)
    found = video_findings(video_notes(film, video_files.BOTH))
    assert [(one.code, one.values) for one in found] == [
        ("VIDEO-002", {"pictures": "8", "sound": "4"})
    ]


def test_sound_with_a_cover_is_no_film(tmp_path, cover):
    picture, sound = tmp_path / "cover.jpg", tmp_path / "sound.m4a"
    picture.write_bytes(cover)
    clap = video_files.make_clapper(tmp_path)
    video_files.ffmpeg(
        "-i", clap, "-i", picture, "-map", "0:a", "-map", "1:v", "-c", "copy",
        "-disposition:v:0", "attached_pic", "-f", "mp4", sound,
    )  # fmt: skip
    with pytest.raises(AudioError, match="VIDEO-003") as found:
        probe_video(sound)
    assert found.value.words["reason"] == message("reason.film-none")


def test_a_film_without_sound_and_one_that_is_locked_are_reported_as_sound_is(tmp_path):
    clap = video_files.make_clapper(tmp_path)
    silent, locked = tmp_path / "silent.mp4", tmp_path / "locked.mp4"
    video_files.ffmpeg("-i", clap, "-an", "-c", "copy", silent)
    with pytest.raises(AudioError, match="SOUND-007"):
        probe_video(silent)
    locked.write_bytes(clap.read_bytes().replace(b"avc1\0\0\0\0\0\0\0\1", b"encv\0\0\0\0\0\0\0\1"))
    with pytest.raises(AudioError, match="SOUND-004"):
        read_audio_facts(locked)
    with pytest.raises(AudioError, match="VIDEO-003"):
        probe_video(locked)


def test_pictures_that_are_noise_are_reported(tmp_path):
    clap = video_files.make_clapper(tmp_path, "clap.mkv", "-c:v", "ffv1")
    data = bytearray(clap.read_bytes())
    film = probe_video(clap)
    assert film.codec == "ffv1"
    at = data.index(b"V_MS/VFW/FOURCC") if b"V_MS/VFW/FOURCC" in data else data.index(b"V_FFV1")
    data[at : at + 6] = b"V_NONE"
    noise = tmp_path / "noise.mkv"
    noise.write_bytes(data)
    with pytest.raises(AudioError, match="VIDEO-003"):
        probe_video(noise)


def test_a_film_that_is_cut_off_is_published_as_far_as_it_goes(reel, tmp_path):
    half = tmp_path / "half.mkv"
    data = reel["short.mkv"].read_bytes()
    half.write_bytes(data[: len(data) // 2])
    plan = video_files.make(half, tmp_path / "artifacts")
    assert plan.mp4
    assert 2000 < plan.film.duration_ms < 7000
    assert video_files.complaints(tmp_path / "artifacts" / plan.mp4.file) == ""


def test_times_that_lead_nowhere_make_no_film_of_a_night(reel, tmp_path):
    lost = tmp_path / "lost.mkv"
    jump = "setts=ts=if(gt(N\\,100)\\,TS+36000000\\,TS)"
    video_files.ffmpeg("-i", reel["fast.mkv"], "-c", "copy", "-bsf:v", jump, lost)
    film = probe_video(lost)
    assert film.duration_ms > 36_000_000
    plan = video_files.make(lost, tmp_path / "artifacts")
    rendition = read_rendition(tmp_path / "artifacts" / plan.pictures[0].file)
    assert rendition.ticks < 620 * rendition.timescale
    assert "VIDEO-002" in {one.code for one in video_findings(video_notes(film, video_files.BOTH))}


def test_a_film_that_changes_its_size_on_the_way_keeps_the_first(reel, tmp_path):
    small, large, both = (tmp_path / f"{name}.webm" for name in ("small", "large", "both"))
    codec = (
        "-t",
        "2",
        "-c:v",
        "libvpx",
        "-cpu-used",
        "8",
        "-deadline",
        "realtime",
        "-c:a",
        "libopus",
    )
    video_files.ffmpeg("-i", reel["short.mp4"], *codec, small)
    video_files.ffmpeg("-i", reel["short.mp4"], "-vf", "scale=640:360", *codec, large)
    names = tmp_path / "names.txt"
    names.write_text("file small.webm\nfile large.webm\n")
    video_files.ffmpeg("-f", "concat", "-i", names, "-c", "copy", both)
    plan = video_files.make(both, tmp_path / "artifacts")
    assert plan.mp4
    made = tmp_path / "artifacts" / plan.mp4.file
    assert video_files.complaints(made) == ""
    video = video_files.probe(made)["streams"][0]
    assert (video["width"], video["height"]) == (320, 180)
    assert abs(float(video["duration"]) - 4) < 0.15


def test_facts_come_back_from_the_artifact_store_as_they_were(reel, tmp_path):
    film = probe_video(reel["wide.mp4"])
    assert msgspec.json.decode(msgspec.json.encode(film), type=VideoFacts) == film


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_rendition_is_reported_as_such(rendition_bytes, data):
    broken = bytearray(rendition_bytes)
    for _ in range(data.draw(st.integers(1, 20))):
        broken[data.draw(st.integers(0, min(len(broken), 4000) - 1))] = data.draw(
            st.integers(0, 255)
        )
    try:
        parse_rendition(bytes(broken[: data.draw(st.integers(0, len(broken)))]))
    except ValueError:
        return


@pytest.fixture(scope="session")
def rendition_bytes(reel, tmp_path_factory) -> bytes:
    store = tmp_path_factory.mktemp("rendition")
    plan = video_files.make(reel["short.mp4"], store)
    return (store / plan.pictures[0].file).read_bytes()
