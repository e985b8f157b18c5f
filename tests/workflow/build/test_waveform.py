"""The waveform beside the sound: made when the sound is, and left alone otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from avsnitt.formats.waveform import parse_waveform_dat, parse_waveform_json
from avsnitt.model.audio import Analysis, Loudness
from avsnitt.workflow.build.journal import BuildJournal
from avsnitt.workflow.build.waveform import make_waveforms

ANALYSED = Analysis(
    sample_rate_hz=48_000,
    channels=1,
    samples=96_000,
    digest="d",
    loudness=Loudness(integrated_lufs=-16.0, range_lu=1.0, true_peak_dbtp=-1.0),
    peaks=bytes((200, 60)) * 40,
)


def wanted(analysis: Analysis) -> dict[str, tuple[Mapping[str, str], bytes]]:
    found: dict[str, tuple[Mapping[str, str], bytes]] = {}

    def want(path: str, parts: Mapping[str, str], make: Callable[[], bytes]) -> None:
        found[path] = (parts, make())

    make_waveforms("fragan", analysis, want)
    return found


def test_both_forms_lie_beside_the_sound_and_hold_the_same() -> None:
    found = wanted(ANALYSED)
    assert set(found) == {"media/fragan.waveform.json", "media/fragan.waveform.dat"}
    read = parse_waveform_json(found["media/fragan.waveform.json"][1])
    assert read == parse_waveform_dat(found["media/fragan.waveform.dat"][1])
    assert (read.pixels, read.data) == (40, ANALYSED.peaks)


def test_they_are_made_again_only_when_the_sound_is_another() -> None:
    def parts(analysis: Analysis) -> list[Mapping[str, str]]:
        return [parts for parts, _ in wanted(analysis).values()]

    retagged = msgspec.structs.replace(ANALYSED, hum_hz=50)
    assert parts(retagged) == parts(ANALYSED)
    for changes in ({"peaks": bytes((201, 60)) * 40}, {"sample_rate_hz": 44_100}):
        assert parts(msgspec.structs.replace(ANALYSED, **changes)) != parts(ANALYSED)


def test_a_run_that_was_stopped_may_have_made_them(tmp_path: Path) -> None:
    mark = BuildJournal(str(tmp_path / "unfinished"))
    mark.begin(str(tmp_path))
    mark.note_episodes(["fragan"])
    assert set(wanted(ANALYSED)) <= mark.begin(str(tmp_path))
