"""Measures `avsnitt clip` against the same film made by FFmpeg's filters.

    python -m tests.bench.audiogram [--rounds N] [--json FILE]

Thirty seconds of the sample show, 720 x 720 at 25 frames a second, H.264 `veryfast` and AAC on both
sides: cover, moving bars, a title and captions. FFmpeg draws them with showwaves, overlay, drawtext
and subtitles, its own way; Avsnitt's figure is of the whole command, which also reads the show and
cuts the sound. They run in turn, and the ratio is taken within a round, of processor seconds.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from tests.bench.measure import Cost, cost, peak_mib
from tests.support.paths import PROJECT

from avsnitt.clips.captions import cues_inside
from avsnitt.formats.transcripts.srt import render_srt
from avsnitt.formats.transcripts.vtt import parse_vtt
from avsnitt.model.show import Transcript

ROOT: Final = PROJECT
SLUG: Final = "vem-svarar"
FOLDER: Final = "episodes/001-vem-svarar"
TITLE: Final = "Vad svarade Eva?"
FROM_S: Final = 60
SECONDS: Final = 30
SIZE: Final = 720
BUDGET: Final = 0.5
MEMORY_MIB: Final = 200


def ours() -> list[str]:
    """The film alone, as a user asks for it."""
    times = ["--from", str(FROM_S), "--to", str(FROM_S + SECONDS)]
    look = ["--title", TITLE, "--size", str(SIZE), "--out", "ours.mp4"]
    return [sys.executable, "-m", "avsnitt", "clip", SLUG, *times, *look]


def theirs() -> list[str]:
    """The usual filters, with the layout and the encoder's settings that ours has."""
    filters = (
        "[1:v]scale=200:200[cover];"
        "[0:a]showwaves=s=624x118:mode=cline:rate=25:colors=white[bars];"
        "[2:v][cover]overlay=48:48[ground];"
        "[ground][bars]overlay=48:274:shortest=1,"
        f"drawtext=text='{TITLE}':x=278:y=120:fontsize=40:fontcolor=white,"
        "subtitles=captions.srt[film]"
    )
    return [
        *("ffmpeg", "-v", "error", "-y"),
        *("-ss", str(FROM_S), "-t", str(SECONDS), "-i", f"{FOLDER}/samtal.mp3"),
        *("-loop", "1", "-framerate", "25", "-i", f"{FOLDER}/cover.png"),
        *("-f", "lavfi", "-i", f"color=c=0x0f3138:s={SIZE}x{SIZE}:r=25"),
        *("-filter_complex", filters, "-map", "[film]", "-map", "0:a", "-t", str(SECONDS)),
        *("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "theirs.mp4"),
    ]


def prepare(folder: Path) -> None:
    """A copy of the sample show, and the captions of the part as a file for FFmpeg."""
    for name in ("site", "episodes"):
        shutil.copytree(ROOT / name, folder / name)
    text = (folder / FOLDER / "transcript.vtt").read_text(encoding="utf-8")
    transcript, _ = parse_vtt(text, "sv")
    cues = cues_inside(transcript.cues, FROM_S * 1000, (FROM_S + SECONDS) * 1000)
    written = render_srt(Transcript(language="sv", cues=cues))
    (folder / "captions.srt").write_text(written, encoding="utf-8")


def measure(rounds: int) -> tuple[list[tuple[Cost, Cost]], float]:
    """The cost of both in each round, and the most memory that ours held."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "show")
        folder.mkdir()
        prepare(folder)
        cost(ours(), folder)  # templates and the like are remembered from the first time on
        found = [(cost(ours(), folder), cost(theirs(), folder)) for _ in range(rounds)]
        return found, peak_mib(ours(), folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    found, peak = measure(given.rounds)
    ratio = median(our.cpu_s / their.cpu_s for our, their in found)
    wall = median(our.wall_s / their.wall_s for our, their in found)
    our_s, their_s = (median(pair[side].cpu_s for pair in found) for side in (0, 1))
    print(f"audiogram, {SECONDS} s at {SIZE} x {SIZE}: {our_s:.2f} s, FFmpeg {their_s:.2f} s")
    print(f"  processor {ratio:.2f} (budget {BUDGET}), wall {wall:.2f}")
    print(f"  memory {peak:.0f} MiB (budget {MEMORY_MIB})")
    if given.json:
        given.json.write_bytes(
            msgspec.json.encode({"rounds": found, "cpu_ratio": ratio, "peak_mib": peak})
        )
    return int(ratio > BUDGET or peak > MEMORY_MIB)


if __name__ == "__main__":
    sys.exit(main())
