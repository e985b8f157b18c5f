"""A recording arrives, and what is published meets the spec by somebody else's meter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from tests.cli.conftest import Avsnitt
from tests.support.shows import copy_inputs, edit
from tests.support.speech import decoded_samples, level, probe, real_speech, run, speak

SLUG = "frukost"


def made(show: Path, ending: str = "mp3") -> Path:
    return show / f"public/media/{SLUG}.{ending}"


def settle(show: Path, *lines: str) -> None:
    path = show / "site/show.toml"
    text = path.read_text("utf-8")
    path.write_text("\n".join((text.rstrip(), "", "[making]", *lines, "")), "utf-8")


def item(show: Path) -> Any:
    feed = feedparser.parse((show / "public/feed.xml").read_bytes())
    return next(one for one in feed.entries if f"/{SLUG}." in one.enclosures[0].href)


@pytest.mark.parametrize("gain_db", [-24, -6, 6])
def test_a_recording_of_any_level_is_published_at_the_level_that_apps_ask_for(
    avsnitt: Avsnitt, show: Path, tmp_path: Path, gain_db: int
) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", gain_db)
    before = recording.read_bytes()
    printed = avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show)
    assert printed.code == 0, printed.err
    heard = level(made(show))
    assert heard.integrated == pytest.approx(-16, abs=0.3)
    assert heard.peak <= -1.0
    assert recording.read_bytes() == before
    copied = next(show.glob(f"episodes/*-{SLUG}/tal.wav"))
    assert copied.read_bytes() == before


@pytest.mark.parametrize("ending", ["wav", "flac", "aiff", "m4a", "opus", "ogg", "mp3", "mkv"])
def test_a_recording_in_any_format_is_made(
    avsnitt: Avsnitt, show: Path, tmp_path: Path, ending: str
) -> None:
    recording = speak(tmp_path / f"tal.{ending}", "gain", "-14")
    printed = avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show)
    assert printed.code == 0, printed.err
    heard = level(made(show))
    assert heard.integrated == pytest.approx(-16, abs=0.3)
    assert heard.peak <= -1.0
    frames = abs(decoded_samples(made(show)) - decoded_samples(recording))
    assert frames <= 1152


def test_mono_stays_mono_and_is_three_lu_lower(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "tal.wav", "remix", "1", "gain", "-10")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    heard = level(made(show))
    assert heard.integrated == pytest.approx(-19, abs=0.3)
    assert heard.peak <= -1.0
    (stream,) = [one for one in probe(made(show))["streams"] if one["codec_type"] == "audio"]
    assert (stream["channels"], stream["bit_rate"]) == (1, "96000")


def test_a_real_voice_that_nobody_here_recorded_is_made_right(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = real_speech(tmp_path / "riktig.wav")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    heard = level(made(show))
    assert heard.integrated == pytest.approx(-19, abs=0.3)
    assert heard.peak <= -1.0
    assert decoded_samples(made(show)) == decoded_samples(recording)
    result = json.loads(avsnitt("sound", SLUG, "--json", at=show).out)["made"][SLUG]
    before = level(recording)
    assert result["recorded"]["integrated_lufs"] == pytest.approx(before.integrated, abs=0.1)
    assert result["recorded"]["range_lu"] == pytest.approx(before.range, abs=0.5)
    assert result["recorded"]["true_peak_dbtp"] == pytest.approx(before.peak, abs=0.2)


def test_what_is_finished_and_right_passes_through_untouched(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", "-10")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    right = made(show)
    other = tmp_path / "klar.mp3"
    other.write_bytes(right.read_bytes())
    assert avsnitt("add", str(other), "--to", "klart", "--publish", at=show).code == 0
    text = next(show.glob("episodes/*-klart/episode.md")).read_text("utf-8")
    assert "making" not in text
    assert frames_of(show / "public/media/klart.mp3") == frames_of(right)


def test_what_is_finished_and_wrong_is_made_when_it_is_added(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "svagt.mp3", "gain", "-20")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    assert level(made(show)).integrated == pytest.approx(-16, abs=0.3)
    text = next(show.glob(f"episodes/*-{SLUG}/episode.md")).read_text("utf-8")
    assert "making: {finished: false}" in text


def test_a_finished_file_that_its_author_put_there_is_published_as_it_is(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "svagt.mp3", "gain", "-20")
    path = next(show.glob("episodes/*/*.mp3"))
    path.write_bytes(recording.read_bytes())
    assert avsnitt("build", at=show).code == 0
    slug = path.parent.name.partition("-")[2]
    assert frames_of(show / f"public/media/{slug}.mp3") == frames_of(recording)


def test_other_forms_are_alternates_that_hold_what_they_promise(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    import base64
    import hashlib

    settle(show, 'forms = ["mp3", "m4a", "opus", "opus-small"]')
    recording = speak(tmp_path / "tal.wav", "gain", "-12")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    feed = (show / "public/feed.xml").read_text("utf-8")
    for form, codec in (("m4a.m4a", "aac"), ("opus.opus", "opus"), ("opus-small.opus", "opus")):
        path = show / f"public/media/{SLUG}--{form}"
        heard = level(path)
        mono = form.startswith("opus-small")
        assert heard.integrated == pytest.approx(-19 if mono else -16, abs=0.3), form
        assert heard.peak <= -1.0, form
        assert probe(path)["streams"][0]["codec_name"] == codec
        digest = base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        assert f"sha384-{digest}" in feed
    small, enclosure = show / f"public/media/{SLUG}--opus-small.opus", made(show)
    assert small.stat().st_size * 3 < enclosure.stat().st_size


def test_every_change_is_reported_in_words_and_in_numbers(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", "-20")
    printed = avsnitt("add", str(recording), "--to", SLUG, at=show)
    assert "till −16\u00a0LUFS" in printed.err
    result = json.loads(avsnitt("sound", SLUG, "--json", at=show).out)["made"]
    codes = [change["code"] for change in result[SLUG]["changes"]]
    assert codes[0] == "raised"
    assert result[SLUG]["forms"][0]["integrated_lufs"] == pytest.approx(-16, abs=0.3)


def test_tracks_are_mixed_with_each_voice_as_loud(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    loud = speak(
        tmp_path / "lisa.wav", "gain", "-3", lines=(("sv", "Jag talar högt och tydligt."),)
    )
    quiet = speak(
        *(tmp_path / "amina.wav", "gain", "-11", "pad", "4", "0"),
        lines=(("sv+f3", "Och jag talar mycket lägre än så här."),),
    )
    printed = avsnitt("add", str(loud), str(quiet), "--to", SLUG, "--publish", at=show)
    assert printed.code == 0, printed.err
    assert level(made(show)).integrated == pytest.approx(-16, abs=0.3)
    first, second = tmp_path / "a.wav", tmp_path / "b.wav"
    run("ffmpeg", "-v", "error", "-y", "-i", made(show), "-t", "2", first)
    run("ffmpeg", "-v", "error", "-y", "-i", made(show), "-ss", "4", first.with_name("b.wav"))
    assert abs(level(first).integrated - level(second).integrated) < 2


def test_times_move_with_what_is_cut(avsnitt: Avsnitt, show: Path, tmp_path: Path) -> None:
    settle(show, "trim = true")
    recording = speak(tmp_path / "tal.wav", "pad", "5", "6", "gain", "-12")
    assert avsnitt("add", str(recording), "--to", SLUG, at=show).code == 0
    text = next(show.glob(f"episodes/*-{SLUG}/episode.md"))
    edit(show, str(text.relative_to(show)), "status: recorded", "\n".join((
        "status: published",
        "published: 2026-01-05 07:00",
        "chapters:",
        "  - {start: 0, title: Start}",
        "  - {start: 8, title: Mitt i}",
    )))  # fmt: skip
    assert avsnitt("build", at=show).code == 0
    chapters = probe(made(show))["chapters"]
    starts = [float(one["start_time"]) for one in chapters]
    assert starts[0] == 0
    assert 3.0 < starts[1] < 4.5
    seconds = float(probe(made(show))["format"]["duration"])
    assert seconds < float(probe(recording)["format"]["duration"]) - 8


def test_a_second_build_makes_no_sound_again(avsnitt: Avsnitt, show: Path, tmp_path: Path) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", "-12")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    first = {path: path.stat().st_mtime_ns for path in (show / ".avsnitt/sound").iterdir()}
    edit(show, "site/show.toml", 'title = "', 'title = "Nya ')
    assert avsnitt("build", at=show).code == 0
    assert {path: path.stat().st_mtime_ns for path in (show / ".avsnitt/sound").iterdir()} == first


def frames_of(path: Path) -> bytes:
    """The audio frames alone."""
    from avsnitt.audio.io.decode.facts import read_audio_facts

    data = path.read_bytes()
    return b"".join(data[start:stop] for start, stop in read_audio_facts(path).frames)


def two_minutes(target: Path) -> Path:
    """Long enough to be cut in two segments."""
    once = speak(target.with_name("once.wav"), "gain", "-12")
    run("sox", "-D", once, target, "repeat", "25", "trim", "0", "290")
    once.unlink()
    return target


def test_a_long_episode_is_the_same_however_many_make_it(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = two_minutes(tmp_path / "tal.wav")
    made_by = {}
    for executor in ("serial", "processes"):
        own = copy_inputs(show, tmp_path / executor)
        add_by_hand(own, recording)
        assert avsnitt("sound", SLUG, "--executor", executor, at=own).code == 0
        made_by[executor] = {
            path.name: path.read_bytes()
            for path in (own / ".avsnitt/sound").iterdir()
            if path.suffix in (".mp3", ".made", ".waveform")
        }
    assert made_by["serial"] == made_by["processes"]
    (mp3,) = [data for name, data in made_by["serial"].items() if name.endswith(".mp3")]
    target = tmp_path / "hel.mp3"
    target.write_bytes(mp3)
    assert decoded_samples(target) == decoded_samples(recording)


def test_shards_that_are_merged_are_one_work(avsnitt: Avsnitt, show: Path, tmp_path: Path) -> None:
    recordings = [speak(tmp_path / f"{n}.wav", "gain", f"-{n}") for n in (8, 14)]
    whole = copy_inputs(show, tmp_path / "whole")
    for number, recording in enumerate(recordings):
        add_by_hand(whole, recording, f"{SLUG}-{'ab'[number]}", 50 + number)
    shares = []
    for number in (1, 2):
        share = copy_inputs(whole, tmp_path / f"share-{number}")
        shares.append(share)
        assert avsnitt("sound", "--shard", f"{number}/2", at=share).code == 0
    merging = [option for share in shares for option in ("--merge", str(share))]
    printed = avsnitt("sound", *merging, "--json", at=whole)
    result = json.loads(printed.out)
    assert result["merged"] > 0
    assert {f"{SLUG}-a", f"{SLUG}-b"} <= set(result["made"])
    before = {path.name: path.stat().st_mtime_ns for path in (whole / ".avsnitt/sound").iterdir()}
    assert avsnitt("build", at=whole).code == 0
    after = {path.name: path.stat().st_mtime_ns for path in (whole / ".avsnitt/sound").iterdir()}
    assert after == before
    assert level(whole / f"public/media/{SLUG}-a.mp3").integrated == pytest.approx(-16, abs=0.3)


def test_a_broken_recording_stops_its_episode_and_no_other(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    good = speak(tmp_path / "bra.wav", "gain", "-12")
    bad = tmp_path / "trasig.flac"
    run("ffmpeg", "-v", "error", "-i", good, bad)
    bad.write_bytes(bad.read_bytes()[:9000] + bytes(60_000))
    add_by_hand(show, good, "bra", 50)
    add_by_hand(show, bad, "trasig", 51)
    printed = avsnitt("sound", at=show)
    assert "bra" in printed.out.split()
    assert "Traceback" not in printed.err
    assert "trasig.flac" in printed.err


def test_a_film_gives_sound_a_film_and_a_stream(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    sound = speak(tmp_path / "tal.wav", "gain", "-14")
    film = tmp_path / "film.mp4"
    run(
        *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"),
        *("-i", sound, "-shortest", "-c:v", "libx264", "-g", "50", "-pix_fmt", "yuv420p", film),
    )
    printed = avsnitt("add", str(film), "--to", SLUG, "--publish", at=show)
    assert printed.code == 0, printed.err
    assert level(made(show)).integrated == pytest.approx(-16, abs=0.3)
    whole = show / f"public/media/{SLUG}.video.mp4"
    assert level(whole).integrated == pytest.approx(-16, abs=0.4)
    codecs = {one["codec_name"] for one in probe(whole)["streams"]}
    assert {"h264", "aac"} <= codecs
    stream = probe(show / f"public/media/{SLUG}.video/index.m3u8")
    assert {"h264", "aac"} <= {one["codec_name"] for one in stream["streams"]}
    feed = (show / "public/feed.xml").read_text("utf-8")
    assert 'type="application/x-mpegURL"' in feed
    assert item(show).enclosures[0].type == "audio/mpeg"
    page = (show / f"public/episodes/{SLUG}.html").read_text("utf-8")
    assert "<video" in page
    assert "<audio" in page


def test_cues_without_a_speaker_get_whose_microphone_was_loudest(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    first = speak(
        *(tmp_path / "mic-vera.wav", "gain", "-6", "pad", "0", "6"),
        lines=(("sv", "Jag heter Vera och talar först av alla i dag."),),
    )
    second = speak(
        *(tmp_path / "mic-bo.wav", "gain", "-6", "pad", "6", "0"),
        lines=(("sv+f3", "Och jag kommer efter, långt efter den första."),),
    )
    people = show / "site/people"
    for name in ("vera", "bo"):
        (people / f"{name}.md").write_text(f"---\nname: {name.title()} Ek\n---\n", "utf-8")
    assert avsnitt("add", str(first), str(second), "--to", SLUG, at=show).code == 0
    path = next(show.glob(f"episodes/*-{SLUG}/episode.md"))
    text = path.read_text("utf-8")
    assert "person: vera" in text
    assert "person: bo" in text
    vtt = "WEBVTT\n\n00:00.300 --> 00:02.000\nFörst.\n\n00:06.300 --> 00:08.000\nSedan.\n"
    (path.parent / "transcript.vtt").write_text(vtt, "utf-8")
    published = "status: published\npublished: 2026-01-05 07:00"
    path.write_text(text.replace("status: recorded", published), "utf-8")
    assert avsnitt("build", at=show).code == 0
    written = (show / f"public/transcripts/{SLUG}.vtt").read_text("utf-8")
    assert "<v Vera Ek>Först." in written
    assert "<v Bo Ek>Sedan." in written


def add_by_hand(show: Path, recording: Path, slug: str = SLUG, number: int = 50) -> None:
    """An episode as one who knows the files writes it."""
    folder = show / f"episodes/{number:03}-{slug}"
    folder.mkdir(parents=True)
    (folder / recording.name).write_bytes(recording.read_bytes())
    (folder / "episode.md").write_text(
        f"---\nguid: {slug}\ntitle: {slug}\nstatus: published\n"
        f"published: 2026-01-{number % 28 + 1:02} 07:00\nsummary: Ett samtal.\n---\n",
        "utf-8",
    )


def test_a_file_that_is_lost_from_the_memory_is_made_again(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", "-12")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    before = made(show).read_bytes()
    for path in (show / ".avsnitt/sound").glob("*.waveform"):
        path.unlink()
    edit(show, "site/show.toml", 'title = "', 'title = "Nya ')
    assert avsnitt("build", at=show).code == 0
    assert (show / f"public/media/{SLUG}.waveform.json").exists()
    assert frames_of(made(show)) in before


@pytest.mark.parametrize("printed", [b"{", b"[]", b'{"file": "../../../etc/passwd"}', b"\xff"])
def test_a_memory_that_somebody_has_written_in_is_not_believed(
    avsnitt: Avsnitt, show: Path, tmp_path: Path, printed: bytes
) -> None:
    recording = speak(tmp_path / "tal.wav", "gain", "-12")
    assert avsnitt("add", str(recording), "--to", SLUG, "--publish", at=show).code == 0
    (record,) = (show / ".avsnitt/sound").glob("*.made")
    right = record.read_bytes()
    if printed.startswith(b'{"file"'):
        result = json.loads(right)
        result["forms"][0]["file"] = json.loads(printed)["file"]
        printed = json.dumps(result).encode()
    record.write_bytes(printed)
    (show / ".avsnitt/store.sqlite").unlink()
    assert avsnitt("build", at=show).code == 0
    assert record.read_bytes() == right
