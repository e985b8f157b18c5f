"""Measures audio as it is decoded: everything in one pass, a second at a time.

K-weighting is FFmpeg's biquads in double precision, which took less time than FFmpeg's `ebur128`
and gives the energy of every slot; the rest is numpy. All of it takes less time than FFmpeg's
`ebur128=peak=true`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.measure.analysis import PartAnalysis
from avsnitt.audio.measure.clipping import flat_tops
from avsnitt.audio.measure.hum import hum_tones
from avsnitt.audio.measure.k_weighting import k_weighting
from avsnitt.audio.measure.true_peak import CONTEXT, true_peak
from avsnitt.digests import digest
from avsnitt.model.audio import PEAKS_PER_SECOND

if TYPE_CHECKING:
    from numpy import float32, float64
    from numpy.typing import NDArray

LEAD_IN_MS: Final = 3000
"""More audio before a piece than this changes none of its measurements."""
LOUDEST: Final = 1e4
"""80 dB above full scale: louder samples are clipped to it, so that no square overflows."""
HUM_STEP: Final = {44_100: 35, 48_000: 40}
"""The samples that are averaged to one for the search for hum, at 1,260 or 1,200 Hz."""
LAYOUTS: Final = {1: "mono", 2: "stereo"}


class KFilter:
    """K-weighting that goes on from one block to the next (BS.1770-4, annex 1)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        from av.filter import Graph

        self.rate_hz, self.layout = rate_hz, LAYOUTS[channels]
        self.samples = 0
        self.graph = Graph()
        if hasattr(self.graph, "threads"):  # PyAV 16 has no such setting
            self.graph.threads = 1
        self.source = last = self.graph.add_abuffer(
            sample_rate=rate_hz, format="fltp", layout=self.layout, time_base=Fraction(1, rate_hz)
        )
        for biquad in k_weighting(rate_hz):
            values = ":".join(f"{name}={value!r}" for name, value in biquad._asdict().items())
            part = self.graph.add("biquad", f"{values}:a0=1:precision=f64")
            last.link_to(part)
            last = part
        self.sink = self.graph.add("abuffersink")
        last.link_to(self.sink)
        self.graph.configure()

    def weigh(self, block: NDArray[float32]) -> NDArray[float64]:
        """The same samples (channels, samples), weighted."""
        from av import AudioFrame

        frame = AudioFrame.from_ndarray(block, format="fltp", layout=self.layout)
        frame.sample_rate, frame.time_base = self.rate_hz, Fraction(1, self.rate_hz)
        frame.pts = self.samples
        self.samples += block.shape[1]
        self.source.push(frame)
        weighted: Any = self.sink.pull()
        return weighted.to_ndarray()  # type: ignore[no-any-return]


class Meter:
    """
    Measures one piece of sound at `rate_hz` (44,100 or 48,000) in 1 or 2 channels. The first
    `lead_in` samples that it is fed are those before the piece, best LEAD_IN_MS of them: they
    settle the filters and are not measured. Raises ValueError for another rate or layout.
    """

    def __init__(self, rate_hz: int, channels: int, *, lead_in: int = 0) -> None:
        if rate_hz not in HUM_STEP or channels not in LAYOUTS:
            raise ValueError(f"{rate_hz} Hz in {channels} channels")
        self.rate_hz = rate_hz
        self.tally = Measurement(rate_hz, channels)
        self.lead_in = lead_in
        self.waiting: list[NDArray[float32]] = []
        self.held = 0

    def feed(self, block: NDArray[float32]) -> None:
        """Measure the next samples, float32 (channels, any number). The block must not be changed
        afterwards."""
        self.waiting.append(block)
        self.held += block.shape[1]
        if self.held >= (self.lead_in or self.rate_hz):
            self._work()

    def finish(self) -> PartAnalysis:
        """The measurements of the piece; a meter is used once."""
        rest = self._draw()
        if rest.size and not self.lead_in:
            self.tally.add(in_bounds(rest))
        return self.tally.part()

    def _work(self) -> None:
        """Measure whole seconds, and keep what is left."""
        sound, at = self._draw(), 0
        if self.lead_in:
            self.tally.settle(in_bounds(sound[:, : self.lead_in]))
            at, self.lead_in = self.lead_in, 0
        while at + self.rate_hz <= sound.shape[1]:
            self.tally.add(in_bounds(sound[:, at : at + self.rate_hz]))
            at += self.rate_hz
        self.waiting, self.held = [sound[:, at:]], sound.shape[1] - at

    def _draw(self) -> NDArray[float32]:
        """The samples that are not measured yet; they are handed over once."""
        import numpy as np

        sound = np.concatenate([self.tally.before[:, :0], *self.waiting], axis=1)
        self.waiting, self.held = [], 0
        return sound


def in_bounds(sound: NDArray[float32]) -> NDArray[float32]:
    """The same samples in one piece of memory, none above LOUDEST, 0 for what is no number."""
    import numpy as np

    if not max(sound.max(), -sound.min()) <= LOUDEST:
        sound = np.nan_to_num(sound, nan=0.0, posinf=LOUDEST, neginf=-LOUDEST)
        sound = np.clip(sound, -LOUDEST, LOUDEST)
    return np.ascontiguousarray(sound)


class Measurement:
    """Adds up the measurements of a piece, a second at a time."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        import numpy as np

        self.rate_hz, self.channels = rate_hz, channels
        self.slot = rate_hz // PEAKS_PER_SECOND
        self.filter = KFilter(rate_hz, channels)
        self.before: NDArray[float32] = np.zeros((channels, CONTEXT), dtype=np.float32)
        self.samples = 0
        self.energies, self.peaks, self.digests = bytearray(), bytearray(), bytearray()
        self.flat_tops, self.hum = bytearray(), bytearray()
        self.true_peak = self.greatest = self.cross = 0.0
        self.sums: NDArray[float64] = np.zeros(channels)
        self.squares: NDArray[float64] = np.zeros(channels)

    def settle(self, sound: NDArray[float32]) -> None:
        """Prepare the filters with audio that comes before the piece and is not measured."""
        import numpy as np

        self.filter.weigh(sound)
        self.before = np.concatenate([self.before, sound], axis=1)[:, -CONTEXT:]

    def add(self, sound: NDArray[float32]) -> None:
        """Measure the next second, or the rest of one at the end."""
        import numpy as np

        for part, weighted in zip(
            self._in_slots(sound), self._in_slots(self.filter.weigh(sound)), strict=True
        ):
            self._add_slots(part)
            energies = np.einsum("csn,csn->s", weighted, weighted) / weighted.shape[2]
            self.energies += energies.astype("<f4").tobytes()
        self._add_peak(sound)
        if sound.shape[1] == self.rate_hz:
            self._add_hum(sound)
        self.digests += bytes.fromhex(digest(sound.astype("<f4", copy=False).tobytes()))
        self.samples += sound.shape[1]

    def _in_slots(self, sound: NDArray[Any]) -> list[NDArray[Any]]:
        """The whole slots (channels, slots, samples), then the rest as one shorter slot."""
        whole = sound.shape[1] // self.slot * self.slot
        slots = sound[:, :whole].reshape(self.channels, -1, self.slot)
        return [part for part in (slots, sound[:, None, whole:]) if part.size]

    def _add_slots(self, slots: NDArray[float32]) -> None:
        import numpy as np

        low, high = slots.min(axis=2), slots.max(axis=2)
        tops = np.maximum(high, -low)
        self.greatest = max(self.greatest, float(tops.max()))
        flat = flat_tops(slots, tops, self.greatest)
        flat["slot"] += len(self.peaks) // 2
        self.flat_tops += flat.tobytes()
        pairs = np.stack([low.min(axis=0), high.max(axis=0)], axis=1)
        self.peaks += np.clip(np.rint(pairs * 127), -128, 127).astype(np.int8).tobytes()
        self.sums += slots.sum(axis=2).sum(axis=1, dtype=np.float64)
        self.squares += np.einsum("csn,csn->cs", slots, slots).sum(axis=1, dtype=np.float64)
        if self.channels == 2:
            self.cross += float(np.einsum("sn,sn->s", *slots).sum(dtype=np.float64))

    def _add_peak(self, sound: NDArray[float32]) -> None:
        import numpy as np

        known = np.concatenate([self.before, sound], axis=1)
        self.true_peak = true_peak(known, self.true_peak)
        self.before = known[:, -CONTEXT:]

    def _add_hum(self, second: NDArray[float32]) -> None:
        import numpy as np

        step = HUM_STEP[self.rate_hz]
        slow = np.einsum("csn->cs", second.reshape(self.channels, -1, step)) / np.float64(step)
        self.hum += hum_tones(slow).astype("<f2").tobytes()

    def part(self) -> PartAnalysis:
        """The measurements so far."""
        return PartAnalysis(
            sample_rate_hz=self.rate_hz,
            channels=self.channels,
            samples=self.samples,
            energies=bytes(self.energies),
            peaks=bytes(self.peaks),
            digests=bytes(self.digests),
            true_peak=max(self.true_peak, self.greatest),
            greatest=self.greatest,
            sums=tuple(self.sums.tolist()),
            squares=tuple(self.squares.tolist()),
            cross=self.cross,
            flat_tops=bytes(self.flat_tops),
            hum=bytes(self.hum),
        )
