"""Forms as they are encoded, and the segments that audio is measured in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from avsnitt.audio.io.encode.aac_opus import OPUS_SMALL_KBPS
from avsnitt.audio.measure.analysis import PartAnalysis, merge_parts
from avsnitt.audio.mix.gain import Gain
from avsnitt.audio.mix.limiter import LimiterReport, join_limited
from avsnitt.model.audio import (
    SEGMENT_SAMPLES,
    Analysis,
    AudioForm,
    AudioSettings,
    MeasuredRecording,
    MixSource,
    PcmFacts,
    Timeline,
)
from avsnitt.system.disk import read_file
from avsnitt.workflow.produce.recipe import SourceFile
from avsnitt.workflow.produce.tasks import AnalyseFile, EncodedSegment, segments


class FormToEncode(msgspec.Struct, frozen=True):
    """One form, and what it is to be made from."""

    form: AudioForm
    timeline: Timeline
    kbps: int
    probed: Analysis
    gain: Gain


class EncodedForm(msgspec.Struct, frozen=True):
    """A form as it was encoded and measured."""

    wanted: FormToEncode
    file: str
    analysis: Analysis
    limited: LimiterReport


def form_kbps(settings: AudioSettings, form: AudioForm, channels: int) -> int:
    """The bitrate of a form, in kbit/s."""
    mono = channels == 1
    table: dict[AudioForm, int] = {
        "mp3": settings.mp3_mono_kbps if mono else settings.mp3_kbps,
        "m4a": settings.m4a_kbps // 2 if mono else settings.m4a_kbps,
        "opus": settings.opus_kbps // 2 if mono else settings.opus_kbps,
        "opus-small": OPUS_SMALL_KBPS,
    }
    return table[form]


def working_shape(source_facts: PcmFacts) -> tuple[int, int]:
    """The rate and the channels that a recording is measured in."""
    return source_facts.rate_hz, min(2, source_facts.source_channels)


def analyses_of(
    slug: str, path: str, content: str, shape: tuple[int, int], length_ms: int
) -> Iterator[AnalyseFile]:
    """The work of measuring a file that is about `length_ms` long."""
    rate_hz, channels = shape
    samples = length_ms * rate_hz // 1000
    count = segments(samples)
    for index in range(count):
        left = samples - index * SEGMENT_SAMPLES
        yield AnalyseFile(
            path=path,
            content=content,
            sample_rate_hz=rate_hz,
            channels=channels,
            index=index,
            is_last=index == count - 1,
            samples=min(left, SEGMENT_SAMPLES),
            slug=slug,
        )


def merged(files: Sequence[Path]) -> Analysis:
    """Merge the analyses of all segments of some audio; segments after its end are empty."""
    parts = [msgspec.msgpack.decode(read_file(one), type=PartAnalysis) for one in files]
    full = [part for part in parts if part.samples] or parts[:1]
    return merge_parts(full)


def limited_by(form: AudioForm, files: Sequence[Path], rate_hz: int) -> LimiterReport:
    """The report of the limiter while an MP3 was encoded, segment by segment."""
    if form != "mp3":
        return LimiterReport()
    return join_limited((EncodedSegment(file).limited() for file in files), rate_hz)


def source_of(one: SourceFile, measured: MeasuredRecording) -> MixSource:
    """An ingredient as the plan wants it: measured, and by the name that people know it by."""
    return MixSource(
        path=one.path,
        digest=one.facts.digest,
        analysis=measured.analysis,
        name=one.person or one.shown.rpartition("/")[2],
        gain_db=one.gain_db,
        at_ms=one.at_ms,
    )


def plain(analysis: Analysis) -> Analysis:
    """Without the waveform, which is kept apart."""
    return msgspec.structs.replace(analysis, peaks=b"")


def without_peaks(measured: MeasuredRecording) -> MeasuredRecording:
    """The measurements of a recording without the peaks of its waveform."""
    return msgspec.structs.replace(measured, analysis=plain(measured.analysis))
