"""The shape of an episode's sound, as files beside it: for players and editing programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from avsnitt import routes
from avsnitt.digests import digest
from avsnitt.formats.waveform import (
    render_waveform_dat,
    render_waveform_json,
    waveform_of,
)
from avsnitt.model.audio import Analysis

Want = Callable[[str, Mapping[str, str], Callable[[], bytes]], None]
"""A file that the episode is to have: its path, what it is made from, and how."""

RENDERERS = {"json": render_waveform_json, "dat": render_waveform_dat}


def waveform_files(slug: str, analysis: Analysis) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The path of each, and what makes its bytes. `analysis` is of the published sound."""
    waveform = waveform_of(analysis)
    for extension in routes.WAVEFORM_FORMS:
        yield routes.waveform(slug, extension), partial(RENDERERS[extension], waveform)


def make_waveforms(slug: str, analysis: Analysis, want: Want) -> None:
    """Every form of it, made only where it does not stand already."""
    parts = {"sound": digest(f"{analysis.sample_rate_hz}\0".encode() + analysis.peaks)}
    for path, make in waveform_files(slug, analysis):
        want(path, parts, make)
