"""
The settings of audio as authors write them: `[making]` in `show.toml`, `making:` in an episode.

Both have the same keys, and the episode's go before the show's.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import asdict

from avsnitt.content.schema.fields import StrictFields
from avsnitt.model.audio import AudioForm, AudioSettings, Channels, VideoForm

Kbps = Annotated[int, Meta(ge=16, le=320)]
OpusKbps = Annotated[int, Meta(ge=6, le=256)]
Lufs = Annotated[float, Meta(ge=-31, le=-9)]
Dbtp = Annotated[float, Meta(ge=-9, le=0)]
GapSeconds = Annotated[float, Meta(ge=0, le=600)]
CrossfadeSeconds = Annotated[float, Meta(ge=0, le=30)]
SoundForms = Annotated[tuple[AudioForm, ...], Meta(min_length=1)]
FileName = Annotated[str, Meta(pattern=r"^[^/\\]*$", extra={"expected": "expected.file-name"})]


class AudioFields(StrictFields, frozen=True, kw_only=True):
    """
    The keys of `making`. One that is absent is None, so that an episode can leave it to the
    show.
    """

    finished: Annotated[
        bool | None,
        Meta(description="true: published as it is; false: made right, whatever its format"),
    ] = None
    loudness_lufs: Annotated[
        Lufs | None, Meta(description="How loud in stereo; mono is 3 LU lower")
    ] = None
    peak_dbtp: Annotated[Dbtp | None, Meta(description="How high a true peak may reach")] = None
    channels: Annotated[Channels | None, Meta(description="as-recorded, mono or stereo")] = None
    forms: Annotated[
        SoundForms | None,
        Meta(description="The first is the enclosure: mp3, m4a, opus, opus-small"),
    ] = None
    mp3_kbps: Annotated[Kbps | None, Meta(description="Of stereo")] = None
    mp3_mono_kbps: Annotated[Kbps | None, Meta(description="Of mono")] = None
    m4a_kbps: Annotated[Kbps | None, Meta(description="Of stereo; mono has half")] = None
    opus_kbps: Annotated[OpusKbps | None, Meta(description="Of stereo; mono has half")] = None
    trim: Annotated[bool | None, Meta(description="Cut dead air at both ends")] = None
    longest_gap_s: Annotated[
        GapSeconds | None, Meta(description="Longer silence becomes this long; 0: never")
    ] = None
    level_voices: Annotated[
        bool | None, Meta(description="Of several tracks: bring each voice to the same level")
    ] = None
    intro: Annotated[FileName | None, Meta(description="A sound in site/ to begin with")] = None
    outro: Annotated[FileName | None, Meta(description="A sound in site/ to end with")] = None
    crossfade_s: Annotated[
        CrossfadeSeconds | None, Meta(description="How long intro and talk sound together")
    ] = None
    video: Annotated[
        tuple[VideoForm, ...] | None, Meta(description="What a film is published as: mp4, hls")
    ] = None


class TrackFields(StrictFields, frozen=True, kw_only=True):
    """One recording of several that are mixed into an episode."""

    file: Annotated[FileName, Meta(min_length=1, description="A recording in the episode's folder")]
    person: Annotated[str, Meta(description="Who speaks: a file in site/people/, without .md")] = ""
    gain_db: Annotated[float, Meta(ge=-40, le=40, description="Added to the track")] = 0.0
    at_s: Annotated[
        float, Meta(ge=0, le=86_400, description="When the track begins beside the others")
    ] = 0.0


def resolve_audio_settings(*given: AudioFields | None) -> AudioSettings:
    """The settings that come of what was said; later ones go before earlier ones."""
    values: dict[str, Any] = {}
    for fields in given:
        if fields is not None:
            values |= {key: value for key, value in asdict(fields).items() if value is not None}
    for name in ("longest_gap", "crossfade"):
        if f"{name}_s" in values:
            values[f"{name}_ms"] = round(values.pop(f"{name}_s") * 1000)
    if "forms" in values:
        values["forms"] = tuple(dict.fromkeys(values["forms"]))
    return AudioSettings(**values)
