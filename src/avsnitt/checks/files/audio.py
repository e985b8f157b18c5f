"""MED-: rules on the audio file itself. Each rule is a small function; the table is last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from avsnitt.checks.files.facts import AudioFile
from avsnitt.checks.files.run_rules import one_finding_per_file
from avsnitt.model.message import MessageValues, message
from avsnitt.problems.finding import Finding, finding_in_text

LEAST_RATE_HZ: Final = 44_100
BITRATES_KBPS: Final = (64, 320)
"""Least sample rate, and least and most bitrate (Apple 893, Audio requirements)."""
MOST_USEFUL_KBPS: Final = {1: 128, 2: 256}
"""By channels: Apple's advice for speech (Audio requirements)."""
SLACK_KBPS: Final = 4
"""A measured average differs a little from the bitrate that was set: frames have headers, and the
last frame is not full."""

KINDS: Final[dict[str, frozenset[str]]] = {
    "mp3": frozenset({"mp3"}),
    "m4a": frozenset({"mp4", "mov"}),
    "m4b": frozenset({"mp4", "mov"}),
    "mp4": frozenset({"mp4", "mov"}),
    "m4v": frozenset({"mp4", "mov"}),
    "mov": frozenset({"mov", "mp4"}),
    "aac": frozenset({"aac"}),
    "opus": frozenset({"ogg"}),
    "ogg": frozenset({"ogg"}),
    "oga": frozenset({"ogg"}),
    "flac": frozenset({"flac", "ogg"}),
    "wav": frozenset({"wav"}),
    "aif": frozenset({"aiff"}),
    "aiff": frozenset({"aiff"}),
    "webm": frozenset({"webm"}),
    "mkv": frozenset({"webm"}),
    "m3u8": frozenset({"hls"}),
    "pdf": frozenset({"pdf"}),
    "epub": frozenset({"epub"}),
}
"""The containers that a file of each ending may have (names of `containers.probe`)."""

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/mp4", "audio/m4a", "audio/aac"),
    "m4b": ("audio/x-m4b", "audio/x-m4a", "audio/mp4", "audio/m4b"),
    "mp4": ("video/mp4", "audio/mp4"),
    "m4v": ("video/x-m4v", "video/mp4", "video/m4v"),
    "mov": ("video/quicktime",),
    "aac": ("audio/aac", "audio/x-aac", "audio/aacp"),
    "opus": ("audio/ogg", "audio/opus"),
    "ogg": ("audio/ogg", "video/ogg", "application/ogg"),
    "oga": ("audio/ogg", "application/ogg"),
    "flac": ("audio/flac", "audio/x-flac"),
    "wav": ("audio/wav", "audio/x-wav", "audio/vnd.wave", "audio/wave"),
    "aif": ("audio/aiff", "audio/x-aiff"),
    "aiff": ("audio/aiff", "audio/x-aiff"),
    "webm": ("video/webm", "audio/webm"),
    "mkv": ("video/x-matroska", "audio/x-matroska", "video/matroska"),
    "m3u8": ("application/x-mpegurl", "application/vnd.apple.mpegurl"),
    "pdf": ("application/pdf",),
    "epub": ("application/epub+zip",),
}
"""The right type first (A Podcaster's Guide to RSS, "enclosure"), then those that are taken."""

NICKNAMES: Final = frozenset({"audio/mp3", "audio/x-mp3", "audio/x-mpeg", "audio/mpeg3"})
"""Names of MP3 that are in no register but that every client knows."""

UNKNOWN_BYTES: Final = 16_384
"""AntennaPod takes a smaller length for one that is not known (Rss20)."""


def is_missing(sound: AudioFile) -> Iterator[Finding]:
    """MED-004 for an empty file."""
    if sound.size_bytes == 0:
        yield finding_in_text("MED-004", {"what": message("linked.empty")})


def is_something_else(sound: AudioFile) -> Iterator[Finding]:
    """
    MED-002 for a file of another format than its name or the feed's type says. Clients believe
    both.
    """
    wanted = KINDS.get(sound.suffix)
    if wanted is None and sound.declared_type:
        suffixes = [end for end, types in TYPES.items() if sound.declared_type in types]
        wanted = frozenset(kind for end in suffixes for kind in KINDS[end])
    if sound.size_bytes and wanted and sound.kind not in wanted:
        found = sound.kind or "unknown"
        claimed = sound.suffix or sound.declared_type
        values: MessageValues = {
            "claimed": claimed,
            "what": message("linked.kind.inside"),
            "found": message(f"linked.kind.{found}"),
        }
        yield finding_in_text("MED-002", values)


def has_another_length(sound: AudioFile) -> Iterator[Finding]:
    """
    MED-003 for a file of another size than the feed says. A size that clients ignore is left to
    `declared.unknown_lengths`.
    """
    declared = sound.declared_bytes or 0
    known = declared >= UNKNOWN_BYTES and sound.size_bytes
    if known and declared != sound.size_bytes:
        values = {"declared": f"{declared}", "size": f"{sound.size_bytes}"}
        yield finding_in_text("MED-003", {"what": message("linked.length.differs"), **values})


@one_finding_per_file
def has_odd_rates(sound: AudioFile) -> Iterator[Finding]:
    """MED-005 for a sample rate under 44.1 kHz, or a bitrate outside 64 to 320 kbit/s."""
    if not _is_lossy_sound(sound):
        return
    if 0 < sound.sample_rate_hz < LEAST_RATE_HZ:
        yield finding_in_text(
            "MED-005", {"what": message("linked.sound.rate"), "rate": f"{sound.sample_rate_hz}"}
        )
    least, most = BITRATES_KBPS
    kbps = _kbps(sound)
    if kbps and not least - SLACK_KBPS <= kbps <= most + SLACK_KBPS:
        yield finding_in_text(
            "MED-005", {"what": message("linked.sound.bitrate"), "kbps": f"{kbps}"}
        )


def is_wasteful(sound: AudioFile) -> Iterator[Finding]:
    """MED-006 for a higher bitrate than speech needs."""
    enough = MOST_USEFUL_KBPS.get(sound.channels)
    kbps = _kbps(sound)
    if _is_lossy_sound(sound) and enough and enough + SLACK_KBPS < kbps:
        channels = (
            message("linked.sound.mono") if sound.channels == 1 else message("linked.sound.stereo")
        )
        values: MessageValues = {"kbps": f"{kbps}", "channels": channels, "enough": f"{enough}"}
        yield finding_in_text("MED-006", values)


def has_its_index_last(sound: AudioFile) -> Iterator[Finding]:
    """
    MED-007 for an MP4 with its index after the audio, so that a player has to fetch the whole
    file.
    """
    if sound.index_last:
        yield finding_in_text("MED-007")


def varies_without_saying(sound: AudioFile) -> Iterator[Finding]:
    """
    MED-008 for an MP3 of variable bitrate without the header from which players take its
    length.
    """
    if sound.variable and not sound.described:
        yield finding_in_text("MED-008")


@one_finding_per_file
def is_cut_or_dirty(sound: AudioFile) -> Iterator[Finding]:
    """MED-010 for a file that is damaged or ends too early."""
    for flaw in dict.fromkeys(sound.flaws):
        yield finding_in_text("MED-010", {"what": message(f"linked.flaw.{flaw}")})


def _is_lossy_sound(sound: AudioFile) -> bool:
    return sound.kind in ("mp3", "mp4", "mov", "aac") and not sound.video


def _kbps(sound: AudioFile) -> int:
    return round(sound.bitrate_bps / 1000)


RULES: Final[tuple[Callable[[AudioFile], Iterator[Finding]], ...]] = (
    is_missing,
    is_something_else,
    has_another_length,
    has_odd_rates,
    is_wasteful,
    has_its_index_last,
    varies_without_saying,
    is_cut_or_dirty,
)
