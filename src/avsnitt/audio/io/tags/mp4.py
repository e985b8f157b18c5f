"""Writes a new MP4 file with PyAV, with its chapters, and adds the tags with mutagen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from avsnitt.audio.io.decode.container import open_audio, packets
from avsnitt.audio.tag_plan import TAGS, TagPlan, cut_bytes
from avsnitt.formats.chapters.published import MOST_TITLE_BYTES
from avsnitt.images.metadata import picture_mime
from avsnitt.model.show import Chapter
from avsnitt.problems.media_errors import AudioError

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.stream import Stream

MILLISECOND: Final = Fraction(1, 1000)
NUMBERS: Final = frozenset({"tvsn", "tves"})
PADDING_BYTES: Final = 1024
OPTIONS: Final = {
    "movflags": "+faststart",
    "fflags": "+bitexact",
    "empty_hdlr_name": "1",
}
"""The index comes first; no date, no version and no name of FFmpeg's is in the file."""
BRANDS: Final = {False: "M4A ", True: "isom"}
"""The brand without and with a film: some players show an empty screen for audio that is no M4A."""


def write_tagged_mp4(
    source: Path, part: Path, plan: TagPlan, cover: bytes | None, *, video: bool
) -> int:
    """
    Write `part` with the audio of `source`, and the pictures of a film; return its bytes. Packets
    are copied, boxes are made anew, so that none of the source's own come along. Chapters stand
    both as Nero's list and as QuickTime's text track, since some players only read the one and
    some only the other. Raises AudioError: SOUND-001 when FFmpeg cannot read or write the audio.
    """
    import av

    try:
        with (
            open_audio(source) as src,
            av.open(
                str(part), "w", format="mp4", options=OPTIONS | {"brand": BRANDS[video]}
            ) as out,
        ):
            streams = [src.streams.audio[0], *(src.streams.video[:1] if video else ())]
            copies = {stream.index: copy_stream(out, stream, plan) for stream in streams}
            out.set_chapters(chapter_list(plan))
            for packet in packets(src, streams):
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    except av.error.FFmpegError as error:
        raise AudioError("SOUND-001", reason="damaged") from error
    save_atoms(part, plan, cover)
    return part.stat().st_size


def copy_stream(out: OutputContainer, stream: Any, plan: TagPlan) -> Stream:
    """A stream of the new file for the packets of an old one, with no metadata but the language."""
    copy: Stream = out.add_stream_from_template(stream, opaque=True)
    copy.metadata.clear()
    copy.metadata["language"] = plan.language_code
    return copy


def chapter_list(plan: TagPlan) -> list[Any]:
    """The chapters as PyAV takes them. A text track cannot begin without a text, so the time before
    the first chapter becomes a chapter with the episode's title."""
    chapters = list(plan.chapters)
    if chapters and chapters[0].start_ms > 0:
        first = Chapter(start_ms=0, end_ms=chapters[0].start_ms, title=plan.title)
        chapters.insert(0, first)
    return [
        {
            "id": number,
            "start": chapter.start_ms,
            "end": chapter.end_ms,
            "time_base": MILLISECOND,
            "metadata": {"title": cut_bytes(chapter.title, MOST_TITLE_BYTES)},
        }
        for number, chapter in enumerate(chapters)
    ]


def save_atoms(path: Path, plan: TagPlan, cover: bytes | None) -> None:
    """Write the tags and the cover into the file, with padding."""
    from mutagen.mp4 import MP4Cover, MP4Tags

    tags = MP4Tags()
    for tag in TAGS:
        if tag.mp4 and (text := tag.value(plan)):
            tags.update((name, atom_value(name, text)) for name in tag.mp4)
    if cover:
        is_png = picture_mime(cover) == "image/png"
        kind = MP4Cover.FORMAT_PNG if is_png else MP4Cover.FORMAT_JPEG
        tags["covr"] = [MP4Cover(cover, imageformat=kind)]
    tags.save(path, padding=lambda _: PADDING_BYTES)


def atom_value(name: str, text: str) -> Any:
    """The value of an atom as mutagen takes it: most hold text, some a number, a pair or a flag."""
    if name == "pcst":
        return True
    if name == "trkn":
        return [(int(text), 0)]
    return [int(text)] if name in NUMBERS else [text]
