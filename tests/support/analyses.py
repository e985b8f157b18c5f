"""Analyses as a meter would make them, for plans that are made of nothing else."""

from __future__ import annotations

from typing import Any

from avsnitt.model.audio import Analysis, Loudness, MixSource


def analysed(lufs: float | None = -20.0, peak: float | None = -3.0, **facts: Any) -> Analysis:
    """A minute in mono at 48 kHz, unless told otherwise."""
    facts.setdefault("channels", 1)
    facts.setdefault("sample_rate_hz", 48_000)
    facts.setdefault("samples", 60 * facts["sample_rate_hz"])
    facts.setdefault("level_dbfs", (-23.0,) * facts["channels"])
    return Analysis(
        digest="d",
        loudness=Loudness(integrated_lufs=lufs, range_lu=5, true_peak_dbtp=peak),
        **facts,
    )


def source(name: str = "samtal.wav", analysis: Analysis | None = None, **facts: Any) -> MixSource:
    return MixSource(
        path=f"/show/{name}",
        digest=f"digest-{name}",
        analysis=analysis or analysed(),
        name=name,
        **facts,
    )
