"""The making of sound beside the programs that people use for it, in turn, on one machine.

    python -m tests.bench.making                  all of it: some minutes
    python -m tests.bench.making --only encode    one work

Whole processes are measured, children included, on speech that is read aloud by espeak-ng. Where
the processor is judged, both sides do it in one process, since it is the work that is compared;
where the wall is judged, it is ours in two processes over ours in one. Exit 1 when a budget is
broken.
Needs ffmpeg, sox and espeak-ng; `ffmpeg-normalize` and Dask come with the group `bench`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.measure import Cost, cost
from tests.support.speech import LINES, run, speak

ROUNDS = 3
TARGET_LUFS = "-16"
PORT = 8799

Command = tuple[str, ...]


class Side(NamedTuple):
    """One program's way: what is run where, and what is cleared away before it."""

    command: Command
    folder: Path
    environment: tuple[tuple[str, str], ...] = ()
    forget: tuple[Path, ...] = ()


class Work(NamedTuple):
    """`measure` is `cpu_s` or `wall_s`; `most` is what ours over theirs may be."""

    name: str
    ours: Side
    theirs: Side
    measure: str
    most: float


# The recordings and shows


def programme(target: Path, minutes: float) -> Path:
    """Speech in stereo at 48 kHz, about 10 dB too quiet, with some room in it."""
    once = target.with_name("once.wav")
    speak(once, lines=LINES * 4)
    seconds = minutes * 60
    run("sox", once, target, "gain", "-10", "repeat", "200", "trim", "0", seconds)
    once.unlink()
    return target


def show_of(folder: Path, recording: Path, episodes: int, minutes: float | None = None) -> Path:
    """A show whose every episode has a different piece of the recording."""
    subprocess.run((*AVSNITT, "init", str(folder)), check=True, capture_output=True)
    shutil.rmtree(folder / "episodes")
    for number in range(1, episodes + 1):
        own = folder / f"episodes/{number:03}-samtal-{number}"
        own.mkdir(parents=True)
        (own / "episode.md").write_text(
            f"---\nguid: samtal-{number}\ntitle: Samtal {number}\nstatus: published\n"
            f"published: 2026-01-{number:02} 07:00\nsummary: Ett samtal.\n---\n"
        )
        if minutes is None:
            shutil.copyfile(recording, own / "samtal.wav")
        else:
            start = number * 7
            run("sox", recording, own / "samtal.wav", "trim", start, minutes * 60)
    return folder


AVSNITT: Command = (sys.executable, "-m", "avsnitt")
ONE: tuple[tuple[str, str], ...] = (("AVSNITT_JOBS", "1"),)
TWO: tuple[tuple[str, str], ...] = (("AVSNITT_JOBS", "2"),)


def ours(show: Path, *more: str, jobs: tuple[tuple[str, str], ...] = ONE) -> Side:
    return Side((*AVSNITT, "sound", *more), show, jobs, (show / ".avsnitt",))


# The works


def works(folder: Path) -> Iterator[Callable[[], Work]]:
    long = folder / "long.wav"

    def recording() -> Path:
        return long if long.exists() else programme(long, 20)

    def analyse() -> Work:
        sound = folder / "long.mp3"
        run("ffmpeg", "-v", "error", "-y", "-i", recording(), "-b:a", "128k", sound)
        theirs = ("ffmpeg", "-v", "error", "-i", str(sound), "-af", "ebur128=peak=true")
        return Work(
            "analyse",
            Side((sys.executable, "-m", "tests.bench.making", "--analyse", str(sound)), Path.cwd()),
            Side((*theirs, "-f", "null", "-"), folder),
            "cpu_s",
            1.3,
        )

    def encode() -> Work:
        sound = str(recording())
        theirs = ("ffmpeg", "-v", "error", "-y", "-i", sound, "-c:a", "libmp3lame", "-b:a", "128k")
        return Work(
            "encode",
            Side((sys.executable, "-m", "tests.bench.making", "--encode", sound), Path.cwd()),
            Side((*theirs, "theirs.mp3"), folder),
            "cpu_s",
            1.1,
        )

    def normalise() -> Work:
        theirs = (
            *(str(Path(sys.executable).with_name("ffmpeg-normalize")), str(recording())),
            *("-f", "-t", TARGET_LUFS, "-tp", "-1", "-c:a", "libmp3lame", "-b:a", "128k"),
            *("-o", "theirs-normal.mp3"),
        )
        show = show_of(folder / "one", recording(), 1)
        return Work("normalise and encode", ours(show), Side(theirs, folder), "cpu_s", 0.4)

    def two_workers() -> Work:
        show = show_of(folder / "many", recording(), 6, 2)
        return Work("two workers", ours(show, jobs=TWO), ours(show), "wall_s", 1 / 1.6)

    def one_long_episode() -> Work:
        show = show_of(folder / "chunked", recording(), 1)
        return Work("one long episode", ours(show, jobs=TWO), ours(show), "wall_s", 1 / 1.6)

    def cluster() -> Work:
        show = show_of(folder / "cluster", recording(), 20, 1)
        there = ours(show, "--executor", f"dask://127.0.0.1:{PORT}", jobs=TWO)
        return Work("cluster of two, 20 episodes", there, ours(show, jobs=TWO), "wall_s", 1.1)

    yield from (analyse, encode, normalise, two_workers, one_long_episode, cluster)


@contextmanager
def workers(wanted: bool) -> Iterator[None]:
    """A scheduler and two workers of one thread each, on this machine."""
    if not wanted:
        yield
        return
    dask = str(Path(sys.executable).with_name("dask"))
    address = f"tcp://127.0.0.1:{PORT}"
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", str(PORT), "--no-dashboard")
    worker = ("worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny")
    started = [
        subprocess.Popen((dask, *command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in (scheduler, worker, worker)
    ]
    try:
        yield
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()


# Measuring


def measured(side: Side) -> Cost:
    for path in side.forget:
        shutil.rmtree(path, ignore_errors=True)
    before = dict(os.environ)
    os.environ.update(side.environment)
    try:
        return cost(side.command, side.folder)
    finally:
        os.environ.clear()
        os.environ.update(before)


def check(work: Work, rounds: int) -> bool:
    pairs = [(measured(work.ours), measured(work.theirs)) for _ in range(rounds)]
    values = [(getattr(one, work.measure), getattr(two, work.measure)) for one, two in pairs]
    ratio = median(one / two for one, two in values)
    mine, other = (median(column) for column in zip(*values, strict=True))
    kept = ratio <= work.most
    unit = "processor" if work.measure == "cpu_s" else "wall"
    print(
        f"{work.name:<28} {unit:<9} {mine:8.2f} s {other:8.2f} s {ratio:6.2f} x"
        f"   <= {work.most:.2f} x  {'kept' if kept else 'BROKEN'}"
        f"   peak {max(one.largest_mib for one, _ in pairs):.0f} MiB"
    )
    return kept


def analyse_file(path: Path) -> None:
    """All that is measured of a recording, in this process."""
    import msgspec

    from avsnitt.audio.io.decode.reader import pcm_facts
    from avsnitt.audio.measure.analysis import PartAnalysis, merge_parts
    from avsnitt.model.audio import SEGMENT_SAMPLES
    from avsnitt.workflow.produce.tasks import AnalyseFile

    facts = pcm_facts(path)
    count = max(1, -(-facts.duration_ms * facts.rate_hz // (1000 * SEGMENT_SAMPLES)))
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for index in range(count):
            target = Path(folder, str(index))
            AnalyseFile(
                path=str(path),
                content="x",
                sample_rate_hz=facts.rate_hz,
                channels=facts.source_channels,
                index=index,
                is_last=index == count - 1,
                samples=SEGMENT_SAMPLES,
            ).work(target, lambda _: None)
            parts.append(msgspec.msgpack.decode(target.read_bytes(), type=PartAnalysis))
    print(merge_parts(parts).loudness)


def encode_file(path: Path) -> None:
    """A WAV as MP3, with nothing done to it, in this process."""
    from avsnitt.audio.io.decode.reader import PcmReader, pcm_facts
    from avsnitt.audio.io.encode.mp3 import join_mp3, write_mp3_segment
    from avsnitt.audio.mp3.segments import segment_count, segment_range

    facts = pcm_facts(path)
    samples = facts.duration_ms * facts.rate_hz // 1000
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for index in range(segment_count(samples)):
            start, stop = segment_range(index, samples)
            parts.append(Path(folder, f"{index}.piece"))
            with PcmReader(path, facts.rate_hz, 2) as reader:
                write_mp3_segment(reader.blocks(start, stop), facts.rate_hz, 2, 128, parts[-1])
        join_mp3(parts, Path(folder, "ours.mp3"), samples=samples)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="works whose name begins so")
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--encode", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.analyse:
        analyse_file(options.analyse)
        return 0
    if options.encode:
        encode_file(options.encode)
        return 0
    with tempfile.TemporaryDirectory(prefix="avsnitt-bench-") as folder:
        asked = [
            make
            for make in works(Path(folder))
            if make.__name__.replace("_", " ").startswith(options.only)
        ]
        with workers(any(make.__name__ == "cluster" for make in asked)):
            kept = [check(make(), options.rounds) for make in asked]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
