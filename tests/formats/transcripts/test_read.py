"""Every form at once: read by its ending, and read back by those who did not write it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
import webvtt
from hypothesis import given
from tests.support.findings import reason_of
from tests.support.strategies import MESSY_TRANSCRIPTS, TALKS, spoken_texts

from avsnitt.formats.transcripts.html import render_transcript_html
from avsnitt.formats.transcripts.plain import render_text
from avsnitt.formats.transcripts.podcast_json import render_transcript_json
from avsnitt.formats.transcripts.read import ENDINGS, LIMIT_CHARACTERS, MOST_CUES, parse_transcript
from avsnitt.formats.transcripts.srt import render_srt
from avsnitt.formats.transcripts.vtt import render_vtt
from avsnitt.model.show import Cue, Transcript

TALK = Transcript(
    language="sv",
    cues=(
        Cue(start_ms=0, end_ms=2500, text="Hej & välkommen till oss!", speaker="Vera Lind"),
        Cue(
            start_ms=2500,
            end_ms=22_500,
            text="Det här är " + "ganska långt " * 30 + "nu.",
            speaker="Åke Ö",
        ),
        Cue(start_ms=3_600_000, end_ms=3_601_000, text="Tack så mycket.", speaker="Vera Lind"),
    ),
)
FORMS = {
    "vtt": render_vtt,
    "srt": render_srt,
    "json": render_transcript_json,
    "html": lambda talk: render_transcript_html(talk, title="Samtal"),
    "txt": render_text,
}


@pytest.mark.parametrize("ending", FORMS)
def test_every_form_that_is_written_is_read(ending: str) -> None:
    read, findings = parse_transcript(FORMS[ending](TALK), ending, "sv", speakers=["vera", "ake"])
    assert (spoken_texts(read), findings) == (spoken_texts(TALK), ())
    assert read.timed == (ending != "txt")


def test_json_is_distinguished_by_what_is_in_it() -> None:
    podlove = json.dumps([{"start_ms": 1, "end_ms": 900, "voice": "Vera", "text": "Hej du."}])
    auphonic = json.dumps([{"start": 0.001, "end": 0.9, "speaker": "Vera", "text": "Hej du."}])
    whisper = json.dumps({"segments": json.loads(auphonic)})
    texts = (podlove, auphonic, whisper, f'{{"transcript": {podlove}}}')
    spoken = [parse_transcript(text, "json", "sv") for text in texts]
    assert all(found == spoken[0] for found in spoken)
    assert spoken[0][0].cues == (Cue(start_ms=1, end_ms=900, text="Hej du.", speaker="Vera"),)


def test_no_transcript_is_longer_than_any() -> None:
    (found,) = parse_transcript("a" * (LIMIT_CHARACTERS + 1), "txt", "sv")[1]
    assert reason_of(found) == "too-long"
    transcript, findings = parse_transcript("a\n\n" * (MOST_CUES + 1), "txt", "sv")
    assert (len(transcript.cues), [reason_of(one) for one in findings]) == (
        MOST_CUES,
        ["too-many-cues"],
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_file_is_a_mistake_in_every_form(ending: str) -> None:
    assert parse_transcript("", ending, "sv")[1]


# AntennaPod's own rules, as its VttTranscriptParser, SrtTranscriptParser and
# JsonTranscriptParser have them: it refuses a whole VTT for one line it cannot read.

VTT_TIME = re.compile(r"(?:([0-9]{2}):)?([0-9]{2}):([0-9]{2})\.([0-9]{3})")
SRT_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2}),([0-9]{3})")
VOICE = re.compile(r"<v(?:\.[^\t\n\r &<>.]+)*[ \t]([^\n\r&>]+)>")


def antennapod_vtt(text: str) -> list[tuple[str, str]] | None:
    lines = iter(text.split("\n"))
    found, speaker = [], ""
    for line in lines:
        if "-->" not in line:
            continue
        start, end = (part.strip() for part in line.split("-->"))
        if not VTT_TIME.fullmatch(start) or not VTT_TIME.fullmatch(re.split(r"[ \t]", end)[0]):
            return None
        payload = ""
        for words in lines:
            if not words:
                break
            payload += f"{words.strip()} "
        voice = VOICE.search(payload)
        speaker = voice[1] if voice else speaker
        found.append((speaker, re.sub(r"<[^>]*>", "", payload).strip()))
    return found


def antennapod_srt(text: str) -> int | None:
    lines = [line for line in text.split("\n") if "-->" in line]
    times = [part.strip() for line in lines for part in line.split("-->")]
    return len(lines) if all(SRT_TIME.fullmatch(time) for time in times) else None


def antennapod_json(text: str) -> int | None:
    segments = json.loads(text)["segments"]
    for segment in segments:
        if "startTime" not in segment or "endTime" not in segment or not segment["body"][0:1]:
            return None
    return len(segments)


@given(MESSY_TRANSCRIPTS)
def test_antennapod_refuses_no_form(transcript: Transcript) -> None:
    assert antennapod_vtt(render_vtt(transcript)) is not None
    assert antennapod_srt(render_srt(transcript)) is not None
    assert antennapod_json(render_transcript_json(transcript)) is not None


@given(TALKS)
def test_antennapod_hears_every_speaker_and_every_segment(talk: Transcript) -> None:
    heard = antennapod_vtt(render_vtt(talk))
    assert heard is not None
    assert list(dict.fromkeys(speaker for speaker, _ in heard)) == list(
        dict.fromkeys(cue.speaker for cue in talk.cues)
    )
    assert antennapod_json(render_transcript_json(talk)) == len(heard)


def test_another_library_reads_the_cues_and_the_cards(tmp_path: Path) -> None:
    vtt, srt = tmp_path / "a.vtt", tmp_path / "a.srt"
    vtt.write_text(render_vtt(TALK), encoding="utf-8")
    srt.write_text(render_srt(TALK), encoding="utf-8")
    cues, cards = webvtt.read(str(vtt)), webvtt.from_srt(str(srt))
    assert [cue.voice for cue in cues] == ["Vera Lind", *["Åke Ö"] * (len(cues) - 2), "Vera Lind"]
    assert (
        " ".join(card.text.replace("\n", " ") for card in cards).split()
        == (
            "Vera Lind: Hej & välkommen till oss! Åke Ö: Det här är "
            + "ganska långt " * 30
            + "nu. Vera Lind: Tack så mycket."
        ).split()
    )


@pytest.mark.parametrize(("ending", "codec"), [("vtt", "webvtt"), ("srt", "subrip")])
def test_ffprobe_sees_the_same_packets(tmp_path: Path, ending: str, codec: str) -> None:
    if which("ffprobe") is None:
        assert not os.environ.get("CI"), "ffprobe must be there"
        pytest.skip("ffprobe is not installed")
    path = tmp_path / f"a.{ending}"
    text = FORMS[ending](TALK)
    path.write_text(text, encoding="utf-8")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_packets", str(path)]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)
    assert ran.stderr == ""
    seen = json.loads(ran.stdout)
    assert seen["streams"][0]["codec_name"] == codec
    assert len(seen["packets"]) == text.count("-->")
    assert float(seen["packets"][-1]["pts_time"]) == 3600
    assert float(seen["packets"][-1]["duration_time"]) == 1
