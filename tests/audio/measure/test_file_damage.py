from __future__ import annotations

import pytest

from avsnitt.audio.measure.file_damage import damage_problems
from avsnitt.model.audio import Analysis, Loudness, PcmFacts
from avsnitt.problems.problem import Where

WHERE = Where("episodes/samtal/samtal.wav")
LOUDNESS = Loudness(integrated_lufs=-16.0, range_lu=3.0, true_peak_dbtp=-1.0)


def facts(**changes: object) -> PcmFacts:
    usual = {
        "codec": "pcm_s16le",
        "source_rate_hz": 48_000,
        "source_channels": 2,
        "rate_hz": 48_000,
        "duration_ms": 300_000,
    }
    return PcmFacts(**(usual | changes))  # type: ignore[arg-type]


def analysis(seconds: float = 300, **changes: int) -> Analysis:
    return Analysis(
        sample_rate_hz=48_000,
        channels=2,
        samples=round(seconds * 48_000),
        digest="",
        loudness=LOUDNESS,
        **changes,
    )


def reported(facts: PcmFacts, analysis: Analysis) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, dict(one.values)) for one in damage_problems(facts, analysis, WHERE)]


def test_a_recording_as_long_as_it_claims_has_no_problem() -> None:
    assert reported(facts(declared_ms=300_000), analysis()) == []


@pytest.mark.parametrize("declared_ms", [0, 300_000, 300_790, 299_300])
def test_half_a_second_and_a_thousandth_less_is_no_problem(declared_ms: int) -> None:
    assert reported(facts(declared_ms=declared_ms), analysis()) == []


def test_half_a_recording_is_reported_with_both_lengths() -> None:
    found = reported(facts(declared_ms=300_000), analysis(150))
    assert found == [("SOUND-010", {"declared": "5:00", "there": "2:30"})]


def test_more_audio_than_the_file_claims_has_a_code_of_its_own() -> None:
    found = reported(facts(declared_ms=300_000), analysis(600))
    assert found == [("SOUND-011", {"declared": "5:00", "there": "10:00"})]


def test_all_problems_are_reported_at_once() -> None:
    damaged = analysis(150, broken_packets=3, not_numbers=7)
    found = reported(facts(declared_ms=300_000, source_channels=6), damaged)
    assert [code for code, _ in found] == ["SOUND-010", "SOUND-012", "SOUND-013", "SOUND-014"]
    assert [values for _, values in found][1:] == [
        {"places": "3"}, {"samples": "7"}, {"channels": "6"},
    ]  # fmt: skip


def test_a_stream_without_an_end_is_reported_with_its_length() -> None:
    assert reported(facts(ended=False), analysis(75)) == [("SOUND-015", {"there": "1:15"})]


def test_a_file_without_audio_or_with_protection_has_only_that_problem() -> None:
    assert reported(facts(declared_ms=300_000), analysis(0)) == [("SOUND-005", {})]
    assert reported(facts(protected="drms"), analysis(0)) == [("SOUND-004", {"scheme": "drms"})]
