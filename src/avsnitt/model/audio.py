"""The values of sound that is measured and made: what a recording is like, what is asked for, what
is laid out in time, and what became of it.

Loudness is in LUFS and LU (EBU R 128, ITU-R BS.1770-4), peaks in dBTP. Places in sound that is
being made are samples at its own rate; what people see is whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from avsnitt.model.value import Value

Channels = Literal["as-recorded", "mono", "stereo"]
AudioForm = Literal["mp3", "m4a", "opus", "opus-small"]
VideoForm = Literal["mp4", "hls"]

FRAME_SAMPLES: Final = 1152
"""The samples of one frame of an MP3 (MPEG-1 layer III)."""
SEGMENT_SAMPLES: Final = 7_056_000
"""
The samples of one task: 147 s at 48 kHz, 160 s at 44.1 kHz. They divide evenly into MP3 frames, 100
ms and 50 ms at both rates, so that segments that are worked on apart fit together.
"""
PEAKS_PER_SECOND: Final = 20
MONO_LU: Final = 3.0
"""
One channel sounds as loud as two that measure this much more, so mono is made this much lower
(AES TD1008; Apple's -16 LKFS is for stereo).
"""


class AudioSettings(Value, frozen=True, kw_only=True):
    """
    The settings that an episode's audio is made by: the show's `[making]` with the episode's
    `making:` over it. `finished` is None when neither sets it: then a published format is taken
    to be finished and published as it is, and every other recording is made.

    The first of `forms` is the enclosure, the others are alternates. `loudness_lufs` is for
    stereo. `trim` cuts dead air at both ends, `longest_gap_ms` (0: no) shortens longer silence.
    `intro` and `outro` are paths relative to the show's folder, each crossfaded with the talk.
    """

    finished: bool | None = None
    loudness_lufs: float = -16.0
    peak_dbtp: float = -1.0
    channels: Channels = "as-recorded"
    forms: tuple[AudioForm, ...] = ("mp3",)
    mp3_kbps: int = 128
    mp3_mono_kbps: int = 96
    m4a_kbps: int = 128
    opus_kbps: int = 64
    trim: bool = False
    longest_gap_ms: int = 0
    level_voices: bool = True
    intro: str = ""
    outro: str = ""
    crossfade_ms: int = 1000
    video: tuple[VideoForm, ...] = ("mp4", "hls")


class Track(Value, frozen=True, kw_only=True):
    """
    One microphone: `path` is relative to the show's folder, `person` an id in site/people/ or
    empty, `at_ms` where it begins beside the others.
    """

    path: str
    person: str = ""
    gain_db: float = 0.0
    at_ms: int = 0


# What was measured


class PcmFacts(Value, frozen=True, kw_only=True):
    """
    The facts of a recording that can be read without decoding it.

    `codec` is FFmpeg's name. `rate_hz` is the rate that it is worked on at: 44,100 or 48,000.
    `duration_ms` is counted packet by packet; `declared_ms` is the duration that the file
    claims, 0 where it claims nothing. `protected` is the scheme that locks it, or empty.
    `ended` is False for an Ogg stream without the mark that ends it (RFC 3533, section 6:
    0x04).
    """

    codec: str
    source_rate_hz: int
    source_channels: int
    rate_hz: int
    duration_ms: int
    declared_ms: int = 0
    video: bool = False
    lossless: bool = False
    protected: str = ""
    ended: bool = True


class Interval(Value, frozen=True):
    """A piece of sound, in milliseconds from its start."""

    start_ms: int
    end_ms: int


class Loudness(Value, frozen=True, kw_only=True):
    """`integrated_lufs` and `true_peak_dbtp` are None for silence and what is too short."""

    integrated_lufs: float | None
    range_lu: float
    true_peak_dbtp: float | None


class Analysis(Value, frozen=True, kw_only=True):
    """
    The measurements of one decoding of some audio. Decoded at `sample_rate_hz` (44,100 or
    48,000) in `channels` (1 or 2); `samples` were really decoded, each channel counted once.

    `digest` names the decoded samples. `silence_*_ms` is the length of silence at each end,
    `gaps` long silence between, `clipped` the places where samples stand at the limit.
    `dc_offset` (-1 to 1) and `level_dbfs` (root mean square) are one a channel. `correlation`
    is between the channels, -1 to 1, and 1 in mono. `hum_hz` is 50 or 60 where the mains are
    audible, else 0. `peaks` are the least and greatest of all channels, as pairs of int8,
    PEAKS_PER_SECOND a second.
    """

    sample_rate_hz: int
    channels: int
    samples: int
    digest: str
    loudness: Loudness
    silence_start_ms: int = 0
    silence_end_ms: int = 0
    gaps: tuple[Interval, ...] = ()
    clipped: tuple[Interval, ...] = ()
    dc_offset: tuple[float, ...] = ()
    level_dbfs: tuple[float, ...] = ()
    correlation: float = 1.0
    hum_hz: int = 0
    hum_dbfs: float = -120.0
    not_numbers: int = 0
    broken_packets: int = 0
    peaks: bytes = b""

    @property
    def duration_ms(self) -> int:
        """The duration of what was decoded, in ms, rounded to the nearest."""
        return (self.samples * 1000 + self.sample_rate_hz // 2) // self.sample_rate_hz


class MixSource(Value, frozen=True, kw_only=True):
    """
    A measured file that an episode is made of: the recording, or one microphone of it, or an
    intro. `path` is absolute, `digest` names what the file holds, `name` is the person or the file
    as people know it. `gain_db` and `at_ms` are as in Track.
    """

    path: str
    digest: str
    analysis: Analysis
    name: str
    gain_db: float = 0.0
    at_ms: int = 0

    @property
    def is_silent(self) -> bool:
        """True when no part of the source is loud enough to be measured (BS.1770-5, gating)."""
        return self.analysis.loudness.integrated_lufs is None


class MeasuredRecording(Value, frozen=True, kw_only=True):
    """A recording as it came: what it is, and how it sounds."""

    facts: PcmFacts
    analysis: Analysis


# What is laid out in time


class Clip(Value, frozen=True, kw_only=True):
    """
    Some samples of a file, placed in a timeline; all numbers are samples at the timeline's rate.

    `path` is absolute and `digest` names what the file holds. `start` is the first sample of the
    source, `at` where it comes in the timeline. The fades are raised cosines, inside the clip.
    `only` is the channel (0 or 1) of a source with two that is heard alone, in every channel of
    the timeline. `dc` is subtracted first, one number for each channel of the timeline, or none.
    """

    path: str
    digest: str
    start: int
    samples: int
    at: int = 0
    gain_db: float = 0.0
    fade_in: int = 0
    fade_out: int = 0
    only: int | None = None
    dc: tuple[float, ...] = ()


class Timeline(Value, frozen=True, kw_only=True):
    """Clips that are added to each other where they overlap."""

    sample_rate_hz: int
    channels: int
    clips: tuple[Clip, ...]

    @property
    def samples(self) -> int:
        """The length of the whole, in samples of one channel."""
        return max((clip.at + clip.samples for clip in self.clips), default=0)


class TimeShift(Value, frozen=True):
    """
    A stretch of the recording between two times, which stands `by_ms` later in what is
    published.
    """

    start_ms: int
    end_ms: int
    by_ms: int


# What became of it


class AudioChange(Value, frozen=True):
    """
    One change of the audio, to be described in plain words: `code` names words in
    `locale/*/sound.json` (`change.<code>`), and `values` are numbers and names in them, written
    as they are to be read in any language (a decimal point; the terminal spells it).
    """

    code: str
    values: Mapping[str, str] = {}


class VideoNotes(Value, frozen=True, kw_only=True):
    """
    The notes on a film that its author should read. `anew` is the reason why its pictures are
    encoded anew, and `anew_for` the output that they are encoded for: the `whole` film, or only
    its `stream`; both are empty where the pictures are copied. `pictures_s` and `sound_s` are
    their lengths in seconds where these differ, else 0.
    """

    anew: str = ""
    anew_for: Literal["", "whole", "stream"] = ""
    pictures_s: int = 0
    sound_s: int = 0


class MadeVideo(Value, frozen=True, kw_only=True):
    """
    The outputs of a film beside its audio. The names are of files in the artifact store: a
    still, an MP4 which is `height` pixels high, and the renditions of a stream, best first,
    with its audio; each empty when it was not ordered.
    """

    duration_ms: int
    height: int
    thumbnail: str
    mp4: str = ""
    pictures: tuple[str, ...] = ()
    sound: str = ""
    notes: VideoNotes = VideoNotes()


class MadeForm(Value, frozen=True, kw_only=True):
    """One encoded file: `file` is its name in the artifact store."""

    form: AudioForm
    file: str
    bitrate_bps: int
    analysis: Analysis


class MadeAudio(Value, frozen=True, kw_only=True):
    """
    The audio made of one episode's recording. `recorded` is the recording as it came (of
    several tracks: their mix), `forms` are the published files, the enclosure first. `moved`
    maps times in the recording to times in what is published; it is empty when they are the
    same. `waveform` is the file in the artifact store with the whole analysis of the enclosure;
    the analyses here have no peaks. `measured` is each recording that went into it; of several
    tracks, `voices` is the file in the artifact store with all of each one's analysis.
    """

    recorded: Analysis
    forms: tuple[MadeForm, ...]
    changes: tuple[AudioChange, ...] = ()
    moved: tuple[TimeShift, ...] = ()
    waveform: str = ""
    measured: tuple[MeasuredRecording, ...] = ()
    film: MadeVideo | None = None
    voices: str = ""
