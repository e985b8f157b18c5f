"""The tasks that audio is made by: each reads files and makes one in the artifact store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from avsnitt.audio.mix.gain import Gain
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.audio.mp3.segments import segment_count, segment_range
from avsnitt.digests import digest
from avsnitt.model.audio import SEGMENT_SAMPLES, AudioForm, Timeline
from avsnitt.system.disk import read_file, write_file
from avsnitt.work.task import ReportProgress, Task

if TYPE_CHECKING:
    from avsnitt.audio.io.encode.frame_sizes import Block
    from avsnitt.audio.io.encode.render import LimiterTally
    from avsnitt.audio.measure.analysis import PartAnalysis

PROBING: Final = "probe-1"
ANALYSIS: Final = "analysis-1"
ENCODING: Final = "encoding-1"
"""The versions of the steps: a part of every key."""
LEAD_IN_S: Final = 3
"""
The seconds that a meter gets before a segment begins: as long as short-term loudness looks back.
"""
ENCODING_COSTS: Final = 3
"""Encoding takes so many times as long as measuring."""
TALLY_BYTES: Final = 4


def segments(samples: int) -> int:
    """The number of segments that some audio is cut in: at least one."""
    return max(1, -(-samples // SEGMENT_SAMPLES))


def timeline_key(timeline: Timeline) -> str:
    """Names what a timeline sounds like, wherever its files lie."""
    clips = tuple(msgspec.structs.replace(clip, path="") for clip in timeline.clips)
    return name_of(msgspec.structs.replace(timeline, clips=clips))


def name_of(*parts: object) -> str:
    """The digest of some values, as the key of a task."""
    return digest(msgspec.json.encode(parts))


# Measuring


class Probe(Task, frozen=True, kw_only=True):
    """Reads the header and demuxes the packets of a file; makes a PcmFacts."""

    ENDING: ClassVar[str] = "facts"
    path: str
    content: str

    @property
    def key(self) -> str:
        return name_of(PROBING, self.content)

    @property
    def cost_ms(self) -> int:
        return 0

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.decode.reader import pcm_facts

        write_file(target, msgspec.msgpack.encode(pcm_facts(Path(self.path))))


class AnalyseFile(Task, frozen=True, kw_only=True):
    """
    One segment of a file, measured. The last one goes on to the real end, whatever the file says
    of its length; `samples` is how many there are likely to be in this segment.
    """

    ENDING: ClassVar[str] = "part"
    path: str
    content: str
    sample_rate_hz: int
    channels: int
    index: int
    is_last: bool
    samples: int

    @property
    def key(self) -> str:
        shape = (self.sample_rate_hz, self.channels)
        return name_of(ANALYSIS, self.content, *shape, self.index, self.is_last)

    @property
    def cost_ms(self) -> int:
        return self.samples * 1000 // self.sample_rate_hz

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.decode.reader import PcmReader

        start = self.index * SEGMENT_SAMPLES
        lead = min(start, LEAD_IN_S * self.sample_rate_hz)
        stop = None if self.is_last else start + SEGMENT_SAMPLES
        with PcmReader(Path(self.path), self.sample_rate_hz, self.channels) as reader:
            blocks = reader.blocks(start - lead, stop)
            part = measure(blocks, (self.sample_rate_hz, self.channels), lead, report_progress)
            part = msgspec.structs.replace(
                part, broken_packets=reader.broken_packets, not_numbers=reader.not_numbers
            )
        write_file(target, msgspec.msgpack.encode(part))


class AnalyseTimeline(Task, frozen=True, kw_only=True):
    """One segment of what is laid out, measured before it is turned up."""

    ENDING: ClassVar[str] = "part"
    timeline: Timeline
    index: int

    @property
    def key(self) -> str:
        return name_of(ANALYSIS, timeline_key(self.timeline), self.index)

    @property
    def cost_ms(self) -> int:
        start = self.index * SEGMENT_SAMPLES
        samples = min(SEGMENT_SAMPLES, self.timeline.samples - start)
        return samples * 1000 // self.timeline.sample_rate_hz

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.encode.render import render

        timeline = self.timeline
        start = self.index * SEGMENT_SAMPLES
        lead = min(start, LEAD_IN_S * timeline.sample_rate_hz)
        blocks = render(timeline, start - lead, start + SEGMENT_SAMPLES)
        part = measure(blocks, (timeline.sample_rate_hz, timeline.channels), lead, report_progress)
        write_file(target, msgspec.msgpack.encode(part))


def measure(
    blocks: Iterable[Block], shape: tuple[int, int], lead: int, report_progress: ReportProgress
) -> PartAnalysis:
    """Everything that is measured, in one go. `shape` is the rate and the channels."""
    from avsnitt.audio.io.decode.meter import Meter

    rate_hz, channels = shape
    meter = Meter(rate_hz, channels, lead_in=lead)
    probed = -lead
    for block in blocks:
        meter.feed(block)
        probed += block.shape[1]
        report_progress(max(0, probed) * 1000 // rate_hz)
    return meter.finish()


# Encoding


class Encode(Task, frozen=True, kw_only=True):
    """The base of the tasks that encode: a timeline, a gain, a form and a bitrate."""

    timeline: Timeline
    gain: Gain
    form: AudioForm
    kbps: int

    @property
    def recipe(self) -> tuple[object, ...]:
        """The values that decide the encoded bytes."""
        return ENCODING, timeline_key(self.timeline), self.gain, self.form, self.kbps

    @property
    def length_ms(self) -> int:
        """The length of the timeline in ms."""
        return self.timeline.samples * 1000 // self.timeline.sample_rate_hz


class EncodeWhole(Encode, frozen=True, kw_only=True):
    """The whole of a timeline as AAC or Opus."""

    @property
    def key(self) -> str:
        return name_of(*self.recipe)

    @property
    def ending(self) -> str:
        return "m4a" if self.form == "m4a" else "opus"

    @property
    def cost_ms(self) -> int:
        return ENCODING_COSTS * self.length_ms

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.encode.aac_opus import write_m4a, write_opus
        from avsnitt.audio.io.encode.render import render_made

        timeline, gain = self.timeline, self.gain
        write = write_m4a if self.form == "m4a" else write_opus
        write(
            render_made(timeline, *shape_of(gain)),
            timeline.sample_rate_hz,
            timeline.channels,
            self.kbps,
            target,
            report_ms=lambda ms: report_progress(ENCODING_COSTS * ms),
        )


class Limit(Encode, frozen=True, kw_only=True):
    """Runs the limiter over a whole timeline without encoding it; makes a LimiterReport."""

    ENDING: ClassVar[str] = "limited"

    @property
    def key(self) -> str:
        return name_of("limit-1", *self.recipe)

    @property
    def cost_ms(self) -> int:
        return self.length_ms

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.encode.render import LimiterTally, render_made

        tally, done = LimiterTally(), 0
        for block in render_made(self.timeline, *shape_of(self.gain), tally=tally):
            done += block.shape[1]
            report_progress(done * 1000 // self.timeline.sample_rate_hz)
        write_file(target, msgspec.msgpack.encode(tally.limited))


class EncodeSegment(Encode, frozen=True, kw_only=True):
    """
    One piece of an MP3, with as much of its neighbours as joining needs. After its frames stands
    what the limiter did in its own part (`EncodedSegment`).
    """

    ENDING: ClassVar[str] = "piece"
    index: int

    @property
    def key(self) -> str:
        return name_of(*self.recipe, self.index)

    @property
    def cost_ms(self) -> int:
        start, stop = segment_range(self.index, self.timeline.samples)
        return ENCODING_COSTS * (stop - start) * 1000 // self.timeline.sample_rate_hz

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.encode.mp3 import write_mp3_segment
        from avsnitt.audio.io.encode.render import LimiterTally

        tally = LimiterTally()
        write_mp3_segment(
            self.blocks(tally),
            self.timeline.sample_rate_hz,
            self.timeline.channels,
            self.kbps,
            target,
            report_ms=lambda ms: report_progress(ENCODING_COSTS * ms),
        )
        described = msgspec.msgpack.encode(tally.limited)
        with target.open("ab") as file:
            file.write(described + len(described).to_bytes(TALLY_BYTES, "big"))

    def blocks(self, tally: LimiterTally) -> Iterator[Block]:
        """All that is encoded; what neighbours have in common is counted in one of them."""
        from avsnitt.audio.io.encode.render import render_made

        samples = self.timeline.samples
        start, stop = segment_range(self.index, samples)
        is_last = self.index == segment_count(samples) - 1
        first = self.index * SEGMENT_SAMPLES
        last = samples if is_last else first + SEGMENT_SAMPLES
        gain = shape_of(self.gain)
        yield from render_made(self.timeline, *gain, start, first)
        yield from render_made(self.timeline, *gain, first, last, tally)
        yield from render_made(self.timeline, *gain, last, stop)


def shape_of(gain: Gain) -> tuple[float, float | None]:
    """The gain in dB, and the ceiling in dBTP or None, as the renderer takes them."""
    return gain.gain_db, gain.ceiling_dbtp


class EncodedSegment:
    """A piece as it lies in the artifact store: frames, and what the limiter did."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read_bytes(self) -> bytes:
        """The frames alone."""
        return self._parts()[0]

    def limited(self) -> LimiterReport:
        """The report of the limiter on this segment."""
        return msgspec.msgpack.decode(self._parts()[1], type=LimiterReport)

    def _parts(self) -> tuple[bytes, bytes]:
        data = read_file(self.path)
        length = int.from_bytes(data[-TALLY_BYTES:], "big")
        end = len(data) - TALLY_BYTES
        return data[: end - length], data[end - length : end]


class JoinSegments(Task, frozen=True, kw_only=True):
    """
    All pieces of an MP3, joined to one file. `pieces` are their paths, and `names` what they are
    called in the artifact store.
    """

    ENDING: ClassVar[str] = "mp3"
    pieces: tuple[str, ...]
    names: tuple[str, ...]
    samples: int

    @property
    def key(self) -> str:
        return name_of("join-1", self.names, self.samples)

    @property
    def cost_ms(self) -> int:
        return 0

    def work(self, target: Path, report_progress: ReportProgress) -> None:
        from avsnitt.audio.io.encode.mp3 import join_mp3

        join_mp3(
            [EncodedSegment(Path(piece)) for piece in self.pieces], target, samples=self.samples
        )
