"""The making of one episode's sound: what is asked for, step by step, and what came of it.

    measure    every recording, by segments
    plan       how it is laid out in time, and what that changes
    measure    what was laid out, where it is more than one recording as it came
    encode     every form, turned up to its target; an MP3 by pieces, which are then joined
    measure    every form, as it was encoded
    encode     once more those that missed

Each step is a batch of tasks for whoever works (`work/scheduler.py`); nothing is worked on here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from avsnitt.audio.mix.active_speaker import Microphone
from avsnitt.audio.mix.changes import describe_gain, describe_untouched
from avsnitt.audio.mix.gain import correct_gain, meets_spec, plan_gain
from avsnitt.audio.mix.limiter import LimiterReport
from avsnitt.audio.mix.plan import MixPlan, plan_mix
from avsnitt.audio.mp3.bitrates import mp3_level_db, nearest_kbps
from avsnitt.audio.mp3.segments import segment_count
from avsnitt.model.audio import (
    Analysis,
    AudioChange,
    AudioForm,
    AudioSettings,
    MadeAudio,
    MadeForm,
    MadeVideo,
    MeasuredRecording,
    MixSource,
    PcmFacts,
    Timeline,
)
from avsnitt.model.audio_formats import FORMATS
from avsnitt.system.artifacts import ArtifactStore
from avsnitt.system.disk import read_file, write_file
from avsnitt.work.scheduler import Pipeline
from avsnitt.workflow.produce.recipe import Recipe, SourceFile
from avsnitt.workflow.produce.segments import (
    EncodedForm,
    FormToEncode,
    analyses_of,
    form_kbps,
    limited_by,
    merged,
    plain,
    source_of,
    without_peaks,
    working_shape,
)
from avsnitt.workflow.produce.tasks import (
    AnalyseFile,
    AnalyseTimeline,
    Encode,
    EncodeSegment,
    EncodeWhole,
    JoinSegments,
    Limit,
    Probe,
    segments,
)


class AudioPipeline:
    """Makes the sound of one recipe, into one artifact store."""

    def __init__(self, recipe: Recipe, store: ArtifactStore) -> None:
        self.recipe = recipe
        self.settings = recipe.settings
        self.store = store

    def make(self) -> Pipeline[MadeAudio]:
        """Yield the tasks batch by batch; return the made audio."""
        recipe = self.recipe
        ends = [one for one in (recipe.intro, recipe.outro) if one]
        measured = yield from self.measure_files([*recipe.tracks, *ends])
        sources = [source_of(one, measured[one.shown]) for one in recipe.tracks]
        intro, outro = (
            source_of(one, measured[one.shown]) if one else None
            for one in (recipe.intro, recipe.outro)
        )
        plan = yield from self.plan(self.settings, sources, intro, outro)
        probed = yield from self.measure_plan(plan, sources)
        only = measured[recipe.tracks[0].shown]
        unchanged = plan.is_as_recorded(sources[0])
        passing = recipe.passing_form if unchanged and self.is_right(only) else None
        forms = self.settings.forms
        if passing:
            forms = () if recipe.trial else forms[1:]
        wanted = [self.want(form, plan.timeline, probed) for form in forms]
        wanted = yield from self.in_mono(wanted, sources, intro, outro)
        encoded = (yield from self.encode(wanted)) if wanted else []
        encoded = yield from self.correct(encoded)
        film = (yield from self.film(sources[0])) if recipe.is_film else None
        described: tuple[AudioChange, ...] = (describe_untouched(probed),)
        if not passing:
            described = yield from self.described(encoded[0])
        made = MadeAudio(
            recorded=plain(probed),
            forms=(*([self.passed(passing, probed)] if passing else ()), *map(self.form, encoded)),
            changes=(*plan.changes, *described),
            moved=plan.moved,
            waveform=self.keep_waveform(probed if passing else encoded[0].analysis),
            measured=tuple(without_peaks(measured[one.shown]) for one in recipe.tracks),
            film=film,
            voices=self.keep_voices(sources) if len(sources) > 1 else "",
        )
        self.keep(made)
        for one in encoded:
            self.forget_pieces(one.wanted)
        return made

    def is_right(self, measured: MeasuredRecording) -> bool:
        """A recording without loss is never finished: it is far too large to be listened to."""
        return not measured.facts.lossless and meets_spec(measured.analysis, self.settings)

    # Measuring

    def measure_files(self, files: Sequence[SourceFile]) -> Pipeline[dict[str, MeasuredRecording]]:
        """Return the facts and the analysis of each file, by its path."""
        slug = self.recipe.slug
        probes = yield [Probe(path=one.path, content=one.facts.digest, slug=slug) for one in files]
        facts = [msgspec.msgpack.decode(read_file(one), type=PcmFacts) for one in probes]
        tasks = [
            list(
                analyses_of(
                    slug,
                    one.path,
                    one.facts.digest,
                    working_shape(source_facts),
                    source_facts.duration_ms,
                )
            )
            for one, source_facts in zip(files, facts, strict=True)
        ]
        done = iter((yield [task for many in tasks for task in many]))
        return {
            one.shown: MeasuredRecording(
                facts=source_facts, analysis=merged([next(done) for _ in many])
            )
            for one, source_facts, many in zip(files, facts, tasks, strict=True)
        }

    def measure_timeline(self, timeline: Timeline) -> Pipeline[Analysis]:
        """Analyse the mix of a timeline, segment by segment."""
        count = segments(timeline.samples)
        slug = self.recipe.slug
        done = yield [AnalyseTimeline(timeline=timeline, index=n, slug=slug) for n in range(count)]
        return merged(done)

    def measure_plan(self, plan: MixPlan, sources: Sequence[MixSource]) -> Pipeline[Analysis]:
        """Return the analysis of the planned mix; of one source without changes, its own."""
        if len(sources) == 1 and plan.is_as_recorded(sources[0]):
            return sources[0].analysis
        return (yield from self.measure_timeline(plan.timeline))

    # Planning

    def plan(
        self,
        settings: AudioSettings,
        sources: Sequence[MixSource],
        intro: MixSource | None,
        outro: MixSource | None,
    ) -> Pipeline[MixPlan]:
        """An intro is made as loud as the talk: of several tracks, as all of them together."""
        mix = None
        if len(sources) > 1 and (intro or outro):
            bare = msgspec.structs.replace(settings, trim=False, longest_gap_ms=0)
            mix = yield from self.measure_timeline(plan_mix(bare, sources).timeline)
        return plan_mix(settings, sources, intro, outro, mix)

    def in_mono(
        self,
        wanted: list[FormToEncode],
        sources: Sequence[MixSource],
        intro: MixSource | None,
        outro: MixSource | None,
    ) -> Pipeline[list[FormToEncode]]:
        """The forms that are always mono, planned as mono and measured as mono: channels that are
        added are louder or softer than each alone."""
        small = [one for one in wanted if one.form == "opus-small" and one.timeline.channels > 1]
        if not small:
            return wanted
        settings = msgspec.structs.replace(self.settings, channels="mono")
        plan = yield from self.plan(settings, sources, intro, outro)
        probed = yield from self.measure_timeline(plan.timeline)
        return [
            self.want(one.form, plan.timeline, probed) if one in small else one for one in wanted
        ]

    def want(self, form: AudioForm, timeline: Timeline, probed: Analysis) -> FormToEncode:
        """Plan one form: its bitrate in kbit/s, and the gain for its target loudness."""
        kbps = form_kbps(self.settings, form, timeline.channels)
        lost_db = -mp3_level_db(kbps) if form == "mp3" else 0.0
        return FormToEncode(form, timeline, kbps, probed, plan_gain(probed, self.settings, lost_db))

    # Encoding

    def encode(self, wanted: Sequence[FormToEncode]) -> Pipeline[list[EncodedForm]]:
        """Every form, encoded at once, and then measured at once."""
        batches = [self.encodings(one) for one in wanted]
        done = iter((yield [task for batch in batches for task in batch]))
        paths = [[next(done) for _ in batch] for batch in batches]
        joins = [
            self.join(one, files)
            for one, files in zip(wanted, paths, strict=True)
            if one.form == "mp3"
        ]
        joined = iter((yield joins) if joins else ())
        files = [
            next(joined) if one.form == "mp3" else made[0]
            for one, made in zip(wanted, paths, strict=True)
        ]
        analyses = yield from self.measure_forms(wanted, files)
        return [
            EncodedForm(
                one, file.name, analysis, limited_by(one.form, made, one.timeline.sample_rate_hz)
            )
            for one, file, analysis, made in zip(wanted, files, analyses, paths, strict=True)
        ]

    def encodings(self, one: FormToEncode) -> list[Encode]:
        """The tasks that encode a form: segments of an MP3, and the whole of other formats."""
        slug, common = self.recipe.slug, (one.timeline, one.gain, one.form, one.kbps)
        timeline, gain, form, kbps = common
        if form != "mp3":
            return [EncodeWhole(timeline=timeline, gain=gain, form=form, kbps=kbps, slug=slug)]
        return [
            EncodeSegment(timeline=timeline, gain=gain, form=form, kbps=kbps, slug=slug, index=n)
            for n in range(segment_count(timeline.samples))
        ]

    def join(self, one: FormToEncode, pieces: Sequence[Path]) -> JoinSegments:
        """The task that joins the segments of an MP3."""
        return JoinSegments(
            pieces=tuple(str(piece.absolute()) for piece in pieces),
            names=tuple(piece.name for piece in pieces),
            samples=one.timeline.samples,
            slug=self.recipe.slug,
        )

    def measure_forms(
        self, wanted: Sequence[FormToEncode], files: Sequence[Path]
    ) -> Pipeline[list[Analysis]]:
        """
        Decode each encoded file and return its analysis: what is reported is what was
        published.
        """
        tasks = [
            list(self.verifications(one, file)) for one, file in zip(wanted, files, strict=True)
        ]
        done = iter((yield [task for many in tasks for task in many]))
        return [merged([next(done) for _ in many]) for many in tasks]

    def verifications(self, one: FormToEncode, file: Path) -> Iterator[AnalyseFile]:
        """The tasks that analyse one encoded file, segment by segment."""
        timeline = one.timeline
        rate_hz = 48_000 if FORMATS[one.form] == "opus" else timeline.sample_rate_hz
        shape = (rate_hz, timeline.channels)
        length_ms = timeline.samples * 1000 // timeline.sample_rate_hz
        path = str(file.absolute())
        yield from analyses_of(self.recipe.slug, path, file.name, shape, length_ms)

    def correct(self, encoded: list[EncodedForm]) -> Pipeline[list[EncodedForm]]:
        """Encode once more, by what it measured, each form that missed its target."""
        better = {
            place: gain
            for place, one in enumerate(encoded)
            if (gain := correct_gain(one.analysis, self.settings, one.wanted.gain))
        }
        if not better:
            return encoded
        again = yield from self.encode(
            [msgspec.structs.replace(encoded[n].wanted, gain=gain) for n, gain in better.items()]
        )
        for place in better:
            self.forget_pieces(encoded[place].wanted)
            self.store.discard(encoded[place].file)
        mended = dict(zip(better, again, strict=True))
        return [mended.get(place, one) for place, one in enumerate(encoded)]

    def described(self, one: EncodedForm) -> Pipeline[tuple[AudioChange, ...]]:
        """Describe the changes to the level of the enclosure."""
        limited = yield from self.limiter(one)
        return describe_gain(self.settings, one.wanted.probed, one.wanted.gain, limited)

    def limiter(self, one: EncodedForm) -> Pipeline[LimiterReport]:
        """
        Return the limiter's report, which is counted as an MP3 is encoded, and for other
        formats by a task of its own.
        """
        wanted = one.wanted
        if wanted.form == "mp3":
            return one.limited
        timeline, gain, kbps = wanted.timeline, wanted.gain, wanted.kbps
        slug = self.recipe.slug
        task = Limit(timeline=timeline, gain=gain, form=wanted.form, kbps=kbps, slug=slug)
        (path,) = yield [task]
        return msgspec.msgpack.decode(read_file(path), type=LimiterReport)

    # A film

    def film(self, source: MixSource) -> Pipeline[MadeVideo | None]:
        """
        Pictures are never cut, so a film has all of its sound, turned up as if nothing else had
        been asked for.
        """
        forms, recording = self.settings.video, self.recipe.tracks[0]
        if not forms:
            return None
        from avsnitt.video.io.probe import ProbeVideoTask, read_video_facts
        from avsnitt.workflow.produce.video_tasks import produced_video, video_tasks

        content, slug = recording.facts.digest, self.recipe.slug
        length_ms = recording.facts.duration_ms
        (probe_file,) = yield [
            ProbeVideoTask(source=recording.path, digest=content, duration_ms=length_ms, slug=slug)
        ]
        plain = AudioSettings(
            loudness_lufs=self.settings.loudness_lufs,
            peak_dbtp=self.settings.peak_dbtp,
            channels=self.settings.channels,
            m4a_kbps=self.settings.m4a_kbps,
        )
        plan = plan_mix(plain, [source])
        probed = yield from self.measure_plan(plan, [source])
        encoded = yield from self.encode([self.want("m4a", plan.timeline, probed)])
        (sound,) = yield from self.correct(encoded)
        work = video_tasks(
            read_video_facts(probe_file),
            source=Path(recording.path),
            digest=content,
            forms=forms,
            sound=self.store.path(sound.file).absolute(),
            sound_key=sound.file,
            store=self.store.folder.absolute(),
            slug=slug,
        )
        yield work.first
        if work.then:
            yield work.then
        return produced_video(work, forms)

    # What is kept

    def keep(self, made: MadeAudio) -> None:
        """Written last of all that is published, so that where it is, all is there."""
        as_made, as_finished = self.recipe.records
        file = as_made if made.forms[0].file else as_finished
        self.store.discard(file)
        self.put(file, msgspec.json.encode(made))

    def passed(self, form: AudioForm, analysis: Analysis) -> MadeForm:
        """The recording as it is, which is right already."""
        bitrate = self.recipe.tracks[0].facts.bitrate_bps
        return MadeForm(form=form, file="", bitrate_bps=bitrate, analysis=plain(analysis))

    def form(self, one: EncodedForm) -> MadeForm:
        """The made form: its file, bitrate in bit/s, and analysis without peaks."""
        wanted = one.wanted
        bitrate = 1000 * (nearest_kbps(wanted.kbps) if wanted.form == "mp3" else wanted.kbps)
        return MadeForm(
            form=wanted.form, file=one.file, bitrate_bps=bitrate, analysis=plain(one.analysis)
        )

    def keep_waveform(self, analysis: Analysis) -> str:
        """Store the whole analysis; return its file name in the artifact store."""
        return self.put(f"{self.recipe.key}.waveform", msgspec.msgpack.encode(analysis))

    def keep_voices(self, sources: Sequence[MixSource]) -> str:
        """Every track as it was measured, to find who speaks when."""
        voices = [
            Microphone(person=one.person, analysis=source.analysis, at_ms=one.at_ms)
            for one, source in zip(self.recipe.tracks, sources, strict=True)
        ]
        return self.put(f"{self.recipe.key}.voices", msgspec.msgpack.encode(voices))

    def put(self, file: str, data: bytes) -> str:
        """Store some bytes under a file name, and return the name."""

        def write(target: Path) -> None:
            write_file(target, data)

        self.store.get_or_make(file, write)
        return file

    def forget_pieces(self, one: FormToEncode) -> None:
        """Once they are joined nobody needs them, and they are as large as what came of them."""
        if one.form == "mp3":
            for task in self.encodings(one):
                self.store.discard(task.file)
