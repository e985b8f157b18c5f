"""The BBC's own library reads our waveforms, in both forms, and finds what was analysed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.node_parsers import read_waveform

from avsnitt.model.audio import Analysis, Loudness
from avsnitt.workflow.build.waveform import waveform_files

SECONDS = 90
GREATEST = [place % 128 for place in range(SECONDS * 20)]
LEAST = [-(place % 129) for place in range(SECONDS * 20)]


def analysed(rate_hz: int) -> Analysis:
    return Analysis(
        sample_rate_hz=rate_hz,
        channels=2,
        samples=SECONDS * rate_hz,
        digest="d",
        loudness=Loudness(integrated_lufs=-16.0, range_lu=3.0, true_peak_dbtp=-1.0),
        peaks=b"".join(
            low.to_bytes(1, signed=True) + high.to_bytes(1, signed=True)
            for low, high in zip(LEAST, GREATEST, strict=True)
        ),
    )


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
@pytest.mark.parametrize("form", ["json", "dat"])
def test_the_library_finds_the_same_peaks(form: str, rate_hz: int, tmp_path: Path) -> None:
    for path, make in waveform_files("fragan", analysed(rate_hz)):
        written = tmp_path / path.rpartition("/")[2]
        written.write_bytes(make())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fragan.waveform.dat",
        "fragan.waveform.json",
    ]
    found = read_waveform(tmp_path / f"fragan.waveform.{form}")
    assert (found["bits"], found["channels"]) == (8, 1)
    assert (found["sampleRate"], found["samplesPerPixel"]) == (rate_hz, rate_hz // 20)
    assert (found["length"], found["duration"]) == (SECONDS * 20, SECONDS)
    assert found["least"] == LEAST
    assert found["greatest"] == GREATEST
    assert found["resampled"] == SECONDS * 10
