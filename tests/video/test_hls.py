"""Playlists say what RFC 8216 asks for, and nothing that a name can break."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from avsnitt.video.fragmented_mp4 import Fragment, Rendition
from avsnitt.video.hls import (
    AudioRendition,
    Captions,
    VideoRendition,
    average_bps,
    caption_offset,
    peak_bps,
    render_caption_playlist,
    render_fragment_playlist,
    render_master_playlist,
)

FILM = Rendition(
    codec="avc1.64001f",
    head_bytes=700,
    timescale=12_800,
    samples=375,
    pieces=(
        Fragment(700, 60_000, 76_800),
        Fragment(60_700, 90_000, 76_800),
        Fragment(150_700, 9000, 38_400),
    ),
    width=1280,
    height=720,
)
SOUND = Rendition(
    codec="mp4a.40.2",
    head_bytes=600,
    timescale=48_000,
    samples=704,
    pieces=(
        Fragment(600, 72_000, 288_000),
        Fragment(72_600, 72_000, 288_000),
        Fragment(144_600, 36_000, 144_000),
    ),
    channels=2,
)
VOICE = AudioRendition(uri="sound.m3u8", rendition=SOUND, language="sv", name="svenska")
BEST = VideoRendition(uri="720.m3u8", rendition=FILM)


def attributes(line: str) -> dict[str, str]:
    return dict(re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', line.partition(":")[2]))


def test_the_choices_show_what_a_player_needs_to_choose():
    captions = [
        Captions(uri="captions-sv.m3u8", language="sv", name="svenska"),
        Captions(uri="captions-en.m3u8", language="en", name="English"),
    ]
    lines = render_master_playlist([BEST], VOICE, captions).splitlines()
    assert lines[0] == "#EXTM3U"
    media = [attributes(line) for line in lines if line.startswith("#EXT-X-MEDIA:")]
    assert [(one["TYPE"], one["LANGUAGE"], one["DEFAULT"]) for one in media] == [
        ("AUDIO", '"sv"', "YES"),
        ("SUBTITLES", '"sv"', "YES"),
        ("SUBTITLES", '"en"', "NO"),
    ]
    stream = attributes(lines[-2])
    assert lines[-1] == "720.m3u8"
    assert stream == {
        "BANDWIDTH": str(120_000 + 96_000),
        "AVERAGE-BANDWIDTH": str(84_800 + 96_000),
        "CODECS": '"avc1.64001f,mp4a.40.2"',
        "RESOLUTION": "1280x720",
        "FRAME-RATE": "25.000",
        "AUDIO": '"sound"',
        "SUBTITLES": '"captions"',
    }


def test_without_captions_none_are_promised():
    text = render_master_playlist([BEST], VOICE)
    assert "SUBTITLES" not in text


def test_a_peak_is_of_whole_pieces_and_an_average_of_all():
    assert average_bps(FILM) == 84_800
    assert peak_bps(FILM) == 120_000
    assert peak_bps(SOUND) == average_bps(SOUND) == 96_000


def test_every_piece_is_a_range_of_one_file():
    lines = render_fragment_playlist(FILM, "720-abc.mp4").splitlines()
    assert '#EXT-X-MAP:URI="720-abc.mp4",BYTERANGE="700@0"' in lines
    assert "#EXT-X-TARGETDURATION:6" in lines
    assert lines[-4:] == [
        "#EXTINF:3.000000,",
        "#EXT-X-BYTERANGE:9000@150700",
        "720-abc.mp4",
        "#EXT-X-ENDLIST",
    ]
    assert lines.count("720-abc.mp4") == 3


def test_captions_lie_whole_in_one_piece():
    lines = render_caption_playlist("captions-sv.vtt", 15_400).splitlines()
    assert lines[2] == "#EXT-X-TARGETDURATION:15"
    assert lines[-3:] == ["#EXTINF:15.400,", "captions-sv.vtt", "#EXT-X-ENDLIST"]


def test_captions_say_when_they_begin():
    text = caption_offset("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHej\n")
    assert text.splitlines()[:3] == [
        "WEBVTT",
        "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:45000",
        "",
    ]
    assert caption_offset("no captions") == "no captions"


@given(st.text(), st.text())
def test_no_name_breaks_a_playlist(name, language):
    voice = AudioRendition(uri="sound.m3u8", rendition=SOUND, language=language, name=name)
    lines = render_master_playlist([BEST], voice).split("\n")
    assert len(lines) == 7
    assert lines[3].count('"') == 10


@given(
    st.lists(st.tuples(st.integers(1, 10**7), st.integers(1, 10**6)), min_size=1, max_size=30),
    st.integers(1, 10**5),
)
def test_no_piece_is_longer_than_reported_and_no_average_above_the_peak(rows, timescale):
    at, pieces = 100, []
    for length, ticks in rows:
        pieces.append(Fragment(at, length, ticks))
        at += length
    rendition = Rendition(
        codec="avc1.64001f", head_bytes=100, timescale=timescale, samples=1, pieces=tuple(pieces)
    )
    lines = render_fragment_playlist(rendition, "a.mp4").splitlines()
    most = int(lines[2].partition(":")[2])
    reported = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    assert all(seconds <= most + 0.5 for seconds in reported)
    assert peak_bps(rendition) > 0
