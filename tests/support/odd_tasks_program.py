"""`avsnitt sound` over a show of odd tasks, as a program of its own: `python -m ... sound`.

Each of the episodes `a` to `f` is two batches of two tasks. ODD_SECONDS is how long each takes,
ODD_HOW what the last of `c` does, ODD_DIARY where they note that they are done.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

import msgspec
from tests.support.odd_tasks import Odd

from avsnitt.cli import main
from avsnitt.model.audio import Analysis, AudioChange, Loudness, MadeAudio, MadeForm
from avsnitt.problems.codes import problem
from avsnitt.problems.media_errors import TaskError
from avsnitt.problems.problem import Where
from avsnitt.work.progress import Progress
from avsnitt.work.scheduler import Pipeline
from avsnitt.work.shards import take_shard
from avsnitt.workflow.produce.run import (
    ProductionOptions,
    ProductionReport,
    merge_artifacts,
    run_audio_pipelines,
)

SLUGS = "abcdef"
ANALYSIS = Analysis(
    sample_rate_hz=48_000,
    channels=2,
    samples=96_000,
    digest="d",
    loudness=Loudness(integrated_lufs=-16.0, range_lu=3.0, true_peak_dbtp=None),
)


def making(slug: str) -> Pipeline[MadeAudio]:
    for batch in (0, 2):
        files = yield [odd(slug, batch), odd(slug, batch + 1)]
    form = MadeForm(form="mp3", file=files[0].name, bitrate_bps=128_000, analysis=ANALYSIS)
    return MadeAudio(
        recorded=ANALYSIS,
        forms=(form,),
        changes=(AudioChange("raised", {"db": "3.2", "target": "-16"}),),
    )


def odd(slug: str, number: int) -> Odd:
    environ = os.environ
    return Odd(
        name=f"{slug}{number}",
        how=environ.get("ODD_HOW", "write") if (slug, number) == ("c", 3) else "write",  # type: ignore[arg-type]
        seconds=float(environ.get("ODD_SECONDS", "0")),
        ms=20_000,
        diary=environ.get("ODD_DIARY", ""),
    )


def make_sounds(root: str, options: ProductionOptions, *, progress: Progress) -> ProductionReport:
    merged = merge_artifacts(root, options.merge)
    slugs = take_shard(options.slugs or SLUGS, options.shard)
    executor = msgspec.structs.replace(options.executor, silence_limit_s=20)
    expected_ms = dict.fromkeys(slugs, 80_000)
    makings = {slug: making(slug) for slug in slugs}
    made = run_audio_pipelines(root, makings, executor, progress, expected_ms=expected_ms)
    return ProductionReport(
        made={slug: one for slug, one in made.items() if isinstance(one, MadeAudio)},
        problems=tuple(
            problem(one.code, Where(f"episodes/{slug}/talk.wav"), **one.words)
            for slug, one in made.items()
            if isinstance(one, TaskError)
        ),
        merged=merged,
    )


if __name__ == "__main__":
    engine = ModuleType("avsnitt.workflow.sound")
    engine.make_sounds = make_sounds  # type: ignore[attr-defined]
    sys.modules[engine.__name__] = engine
    sys.exit(main.run(sys.argv[1:]))
