"""The pieces that the making of sound is cut in: each reads files and makes one in the depot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from avsnitt.adapters.work import Task, Tell
from avsnitt.keys import digest
from avsnitt.sound import SEGMENT_SAMPLES, Clip, SoundForm, Timeline

if TYPE_CHECKING:
    import numpy as np

ANALYSIS: Final = "analysis-1"
ENCODING: Final = "encoding-1"
LEAD_IN_S: Final = 3
"""What a meter hears before a segment begins: as long as short-term loudness looks back."""

Block = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"


def segments(samples: int) -> int:
    """How many segments some sound is cut in: at least one."""
    return max(1, -(-samples // SEGMENT_SAMPLES))


class Probe(Task, frozen=True, kw_only=True):
    """What a file says of itself and what its packets tell; makes a PcmFacts."""

    path: str
    content: str
    slug: str = ""

    @property
    def key(self) -> str:
        return digest(f"probe-1 {self.content}".encode())

    @property
    def ending(self) -> str:
        return "facts"

    @property
    def cost_ms(self) -> int:
        return 0

    @property
    def owner(self) -> str:
        return self.slug

    def work(self, target: Path, tell: Tell) -> None:
        from avsnitt.adapters.pcm import pcm_facts

        target.write_bytes(msgspec.msgpack.encode(pcm_facts(Path(self.path))))


class AnalyseFile(Task, frozen=True, kw_only=True):
    """One segment of a file, measured. The last goes on to the real end, whatever was told."""

    path: str
    content: str
    sample_rate_hz: int
    channels: int
    index: int
    is_last: bool
    slug: str = ""

    @property
    def key(self) -> str:
        parts = (ANALYSIS, self.content, self.sample_rate_hz, self.channels, self.index)
        return digest(msgspec.json.encode((*parts, self.is_last)))

    @property
    def ending(self) -> str:
        return "part"

    @property
    def cost_ms(self) -> int:
        return SEGMENT_SAMPLES * 1000 // self.sample_rate_hz

    @property
    def owner(self) -> str:
        return self.slug

    def work(self, target: Path, tell: Tell) -> None:
        from avsnitt.adapters.pcm import PcmReader

        start = self.index * SEGMENT_SAMPLES
        lead = min(start, LEAD_IN_S * self.sample_rate_hz)
        stop = None if self.is_last else start + SEGMENT_SAMPLES
        with PcmReader(Path(self.path), self.sample_rate_hz, self.channels) as reader:
            blocks = reader.blocks(start - lead, stop)
            part = _measure(blocks, self.sample_rate_hz, self.channels, lead, tell)
            part = msgspec.structs.replace(
                part, broken_packets=reader.broken_packets, not_numbers=reader.not_numbers
            )
        target.write_bytes(msgspec.msgpack.encode(part))


class AnalyseTimeline(Task, frozen=True, kw_only=True):
    """One segment of what is laid out, measured before anything is done to its loudness."""

    timeline: Timeline
    index: int
    slug: str = ""

    @property
    def key(self) -> str:
        shape = timeline_key(self.timeline)
        return digest(msgspec.json.encode((ANALYSIS, shape, self.index)))

    @property
    def ending(self) -> str:
        return "part"

    @property
    def cost_ms(self) -> int:
        return SEGMENT_SAMPLES * 1000 // self.timeline.sample_rate_hz

    @property
    def owner(self) -> str:
        return self.slug

    def work(self, target: Path, tell: Tell) -> None:
        from avsnitt.adapters.render import render

        timeline, rate_hz = self.timeline, self.timeline.sample_rate_hz
        start = self.index * SEGMENT_SAMPLES
        stop = min(start + SEGMENT_SAMPLES, timeline.samples)
        lead = min(start, LEAD_IN_S * rate_hz)
        blocks = render(timeline, start - lead, stop)
        part = _measure(blocks, rate_hz, timeline.channels, lead, tell)
        target.write_bytes(msgspec.msgpack.encode(part))


class Encode(Task, frozen=True, kw_only=True):
    """What every encoding is made from. `form` is `mp3` or one that is encoded in one piece."""

    timeline: Timeline
    gain_db: float
    ceiling_dbtp: float
    kbps: int
    form: SoundForm
    slug: str = ""

    @property
    def recipe(self) -> tuple[object, ...]:
        heights = (self.gain_db, self.ceiling_dbtp, self.kbps)
        return (ENCODING, timeline_key(self.timeline), *heights, self.form)

    @property
    def owner(self) -> str:
        return self.slug


class EncodePart(Encode, frozen=True, kw_only=True):
    """One piece of an MP3, with as much of its neighbours as joining needs."""

    index: int

    @property
    def key(self) -> str:
        return digest(msgspec.json.encode((*self.recipe, self.index)))

    @property
    def ending(self) -> str:
        return "piece"

    @property
    def cost_ms(self) -> int:
        return 3 * SEGMENT_SAMPLES * 1000 // self.timeline.sample_rate_hz

    def work(self, target: Path, tell: Tell) -> None:
        raise NotImplementedError


def timeline_key(timeline: Timeline) -> str:
    """Names what a timeline sounds like, wherever its files lie."""
    clips = tuple(msgspec.structs.replace(clip, path="") for clip in timeline.clips)
    return digest(msgspec.json.encode(msgspec.structs.replace(timeline, clips=clips)))


def whole(path: str, content: str, sample_rate_hz: int, channels: int, samples: int) -> Timeline:
    """A timeline of one whole file."""
    clip = Clip(path=path, digest=content, start=0, samples=samples)
    return Timeline(sample_rate_hz=sample_rate_hz, channels=channels, clips=(clip,))
