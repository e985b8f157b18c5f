"""Avsnitt against Hugo: the same show, the same pages, the same machine, in turn.

    python -m tests.bench.run             100 and 1,000 episodes
    python -m tests.bench.run --large     10,000 as well, which takes some minutes

Whole processes are measured, as a user starts them. Each round does every work with both programs,
one after the other, and a ratio is taken within its round: a machine that is busy for a while
then weighs on both. The file cache is warm for both. Exit 1 when a budget is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import budgets, generators, measure
from tests.bench.budgets import Peak, Results, Run
from tests.bench.generators import PUBLIC, WORKS, Generator
from tests.bench.same_tree import assert_same_tree

SIZES = (100, 1000)
LARGE = 10_000
ROUNDS = 5
LARGE_ROUNDS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    programs = [program for program in _programs(options) if program.name in options.only]
    runs: list[Run] = []
    peaks: list[Peak] = []
    for count in sorted({*options.sizes, *([LARGE] if options.large else [])}):
        rounds = min(options.rounds, LARGE_ROUNDS) if count >= LARGE else options.rounds
        with tempfile.TemporaryDirectory(prefix="avsnitt-bench-", dir=options.folder) as folder:
            found = _measure(Path(folder), count, rounds, programs)
        runs += found.runs
        peaks += found.peaks
    return _report(Results(runs, peaks), options.json)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="episodes: 100,1000")
    parser.add_argument("--large", action="store_true", help=f"{LARGE:,} episodes as well")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", type=_names, default=("avsnitt", "hugo"), help="one program")
    parser.add_argument("--avsnitt", type=_command, default=(), help="its command")
    parser.add_argument("--hugo", type=_command, default=(), help="its command")
    parser.add_argument("--folder", type=Path, help="where to work, instead of the system's place")
    parser.add_argument("--json", type=Path, help="write every measurement to this file")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _command(text: str) -> tuple[str, ...]:
    """Its program made absolute: each show is built from its own folder."""
    program, *rest = shlex.split(text)
    found = shutil.which(program)
    if found is None:
        raise argparse.ArgumentTypeError(f"{program} cannot be run")
    return str(Path(found).absolute()), *rest


def _programs(options: argparse.Namespace) -> tuple[Generator, ...]:
    return generators.avsnitt(options.avsnitt), generators.hugo(options.hugo)


def _measure(folder: Path, count: int, rounds: int, programs: Sequence[Generator]) -> Results:
    _say(f"{count:,} episodes: writing the show")
    subprocess.run(
        [sys.executable, "-m", "tests.bench.corpus", str(folder), str(count)], check=True
    )
    runs = [run for turn in range(rounds) for run in _round(folder, count, turn, programs)]
    for program in programs:
        _check_incremental(program, folder / program.name)
    return Results(runs, [_peak(folder, count, program) for program in programs])


def _round(folder: Path, count: int, turn: int, programs: Sequence[Generator]) -> Iterator[Run]:
    """Every work once with each program; who goes first alternates with the rounds."""
    for work in WORKS:
        for program in programs if turn % 2 == 0 else tuple(reversed(programs)):
            cost = _work(program, folder / program.name, work, count, turn)
            _say(f"{count:,} episodes, round {turn + 1}: {program.name} {work} {cost.wall_s:.3f} s")
            yield Run(count, work, program.name, turn, cost)


def _work(program: Generator, show: Path, work: str, count: int, turn: int) -> measure.Cost:
    number = count // 2 + turn
    words = WORKS[work](program, show, number)
    cost = measure.cost(program.command, show)
    if work == "cold":
        generators.check_whole(show, count)
    if words:
        generators.check_published(show, number, words)
    return cost


def _check_incremental(program: Generator, show: Path) -> None:
    """What all the edits left behind must be what a fresh build makes."""
    kept = show.with_name(f"{show.name}-incremental")
    (show / PUBLIC).rename(kept)
    generators.forget(program, show, 0)
    measure.cost(program.command, show)
    assert_same_tree(kept, show / PUBLIC)
    shutil.rmtree(kept)


def _peak(folder: Path, count: int, program: Generator) -> Peak:
    generators.forget(program, folder / program.name, 0)
    return Peak(count, program.name, measure.peak_mib(program.command, folder / program.name))


def _report(results: Results, file: Path | None) -> int:
    lines = budgets.rows(results)
    print(budgets.table(lines))
    broken = [line for line in lines if line.is_broken]
    checked = [line for line in lines if line.is_checked]
    if checked:
        print(f"{len(checked) - len(broken)} of {len(checked)} budgets kept")
    if file:
        file.write_text(json.dumps(_record(results), indent=1) + "\n", encoding="utf-8")
    return 1 if broken else 0


def _record(results: Results) -> dict[str, object]:
    return {
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load_at_the_end": os.getloadavg(),
        },
        "rows": [row._asdict() for row in budgets.rows(results)],
        "runs": [run._asdict() | {"cost": run.cost._asdict()} for run in results.runs],
        "peaks": [peak._asdict() for peak in results.peaks],
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
