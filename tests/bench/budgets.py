"""What was measured, held against what is allowed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from tests.bench.measure import Cost

OURS, THEIRS = "avsnitt", "hugo"

WALL_BUDGETS = {"cold": 1.0, "no-op": 0.08, "title edited": 0.18, "notes edited": 0.18}
"""Of Hugo's wall time for the same work in the same round."""
MEMORY_BUDGET = 1.0
GROWTH_BUDGET = 1.3
BUDGETS_FROM = 1000
"""Smaller shows are shown, not judged: there, starting Python at all is most of the time."""
GROWTH = (1000, 10_000)


class Run(NamedTuple):
    """One measured run: how many episodes, which work, which program, which round."""

    episodes: int
    work: str
    generator: str
    round: int
    cost: Cost


class Peak(NamedTuple):
    """The most memory of a cold build, all processes together."""

    episodes: int
    generator: str
    mib: float


class Results(NamedTuple):
    runs: Sequence[Run]
    peaks: Sequence[Peak]


class Row(NamedTuple):
    """One line of the table. `budget` is None where nothing is promised."""

    episodes: int
    what: str
    unit: str
    ours: float | None
    theirs: float | None
    ratio: float | None
    budget: float | None

    @property
    def is_checked(self) -> bool:
        return self.ratio is not None and self.budget is not None

    @property
    def is_broken(self) -> bool:
        return self.ratio is not None and self.budget is not None and self.ratio > self.budget


def rows(results: Results) -> list[Row]:
    counts = sorted({run.episodes for run in results.runs})
    return [
        *(row for count in counts for row in _wall_rows(results.runs, count)),
        *(row for count in counts for row in _cpu_rows(results.runs, count)),
        *(_memory_row(results.peaks, count) for count in counts),
        *_growth_rows(results.runs),
    ]


def _wall_rows(runs: Sequence[Run], count: int) -> Iterator[Row]:
    for work, budget in WALL_BUDGETS.items():
        ours, theirs = (_by_round(runs, count, work, name, "wall_s") for name in (OURS, THEIRS))
        yield Row(
            episodes=count,
            what=work,
            unit="s",
            ours=_median(ours.values()),
            theirs=_median(theirs.values()),
            ratio=_median(ours[turn] / theirs[turn] for turn in ours if turn in theirs),
            budget=budget if count >= BUDGETS_FROM else None,
        )


def _cpu_rows(runs: Sequence[Run], count: int) -> Iterator[Row]:
    for work in WALL_BUDGETS:
        ours, theirs = (_by_round(runs, count, work, name, "cpu_s") for name in (OURS, THEIRS))
        ratio = _median(ours[turn] / theirs[turn] for turn in ours if turn in theirs)
        yield Row(
            count,
            f"{work}, processor",
            "s",
            _median(ours.values()),
            _median(theirs.values()),
            ratio,
            None,
        )


def _memory_row(peaks: Sequence[Peak], count: int) -> Row:
    found = {peak.generator: peak.mib for peak in peaks if peak.episodes == count}
    ours, theirs = found.get(OURS), found.get(THEIRS)
    return Row(
        episodes=count,
        what="cold, peak memory",
        unit="MiB",
        ours=ours,
        theirs=theirs,
        ratio=ours / theirs if ours and theirs else None,
        budget=MEMORY_BUDGET if count >= BUDGETS_FROM else None,
    )


def _growth_rows(runs: Sequence[Run]) -> Iterator[Row]:
    """Time an episode in the large show, over that in the small one, for each program."""
    grown = {name: _growth(runs, name) for name in (OURS, THEIRS)}
    if any(grown.values()):
        yield Row(
            episodes=GROWTH[1],
            what=f"cold, an episode, over {GROWTH[0]:,}",
            unit="x",
            ours=grown[OURS],
            theirs=grown[THEIRS],
            ratio=grown[OURS],
            budget=GROWTH_BUDGET,
        )


def _growth(runs: Sequence[Run], name: str) -> float | None:
    small, large = (
        _median(_by_round(runs, count, "cold", name, "wall_s").values()) for count in GROWTH
    )
    return (large / GROWTH[1]) / (small / GROWTH[0]) if small and large else None


def _by_round(
    runs: Iterable[Run], count: int, work: str, name: str, field: str
) -> Mapping[int, float]:
    return {
        run.round: getattr(run.cost, field)
        for run in runs
        if (run.episodes, run.work, run.generator) == (count, work, name)
    }


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None


def table(lines: Sequence[Row]) -> str:
    """The rows as aligned text, a broken budget marked."""
    head = ("episodes", "work", OURS, THEIRS, "ratio", "budget", "")
    cells = [head, *(_cells(row) for row in lines)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(head))]
    return "\n".join(_aligned(line, widths) for line in cells)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.episodes:,}",
        row.what,
        _amount(row.ours, row.unit),
        _amount(row.theirs, row.unit),
        _amount(row.ratio, "x"),
        "" if row.budget is None else f"<= {row.budget:g} x",
        _verdict(row),
    )


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.0f} {unit}" if unit == "MiB" else f"{value:.3f} {unit}"


def _verdict(row: Row) -> str:
    if not row.is_checked:
        return ""
    return "BROKEN" if row.is_broken else "kept"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    texts = {1, 6}
    return "  ".join(
        cell.ljust(width) if place in texts else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ).rstrip()
