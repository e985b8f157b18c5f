"""The small values that pages are made of: ready to print, nothing left to compute."""

from __future__ import annotations

from typing import Literal

from avsnitt.model.value import Value
from avsnitt.site.layout import LinkView
from avsnitt.site.transcripts import Section
from avsnitt.site.waveform import WaveformView


class PublishedAudio(Value, frozen=True, kw_only=True):
    """The sound as it lies in the output: `path` from the site's root, size after tagging."""

    path: str
    mime: str
    duration_ms: int
    size_bytes: int
    kind: Literal["audio", "video"] = "audio"


class PublishedVideo(Value, frozen=True, kw_only=True):
    """
    The film beside the sound: paths from the site's root. `captions` are paths with their
    languages. Where there is no MP4 it is a stream, and its size is 0.
    """

    path: str
    mime: str
    size_bytes: int
    poster: str
    captions: tuple[tuple[str, str], ...] = ()


class DateView(Value, frozen=True, kw_only=True):
    """A date for machines (ISO 8601) and in words."""

    iso: str
    text: str


class OpeningView(Value, frozen=True, kw_only=True):
    """
    The kind and the state of an episode. `notice` may be empty, and `answer_href` is the
    address to write to about an episode that is not recorded yet.
    """

    label: str
    status: str
    status_text: str
    notice: str
    date: DateView | None
    answer_href: str = ""


class QuestionView(Value, frozen=True, kw_only=True):
    """The question, before the answer, and what was or is not known."""

    paragraphs: tuple[str, ...]
    unknowns: tuple[str, ...]
    unknowns_heading: str


class MomentView(Value, frozen=True, kw_only=True):
    """A time in the sound. `href` plays it from there, even without a script."""

    clock: str
    href: str


class TrackView(Value, frozen=True, kw_only=True):
    """Captions for a film, in one language. `label` is what the language calls itself."""

    src: str
    lang: str
    label: str


class PlayerView(Value, frozen=True, kw_only=True):
    """A player: the file, its media type, and the text tracks beside it."""

    kind: Literal["audio", "video"]
    src: str
    mime: str
    name: str
    tracks: tuple[TrackView, ...]
    download: str
    iso_duration: str
    duration: str
    duration_spelled: str
    waveform: WaveformView | None = None


class VideoView(Value, frozen=True, kw_only=True):
    """The film of an episode to listen to. `download` is empty for a stream."""

    src: str
    mime: str
    poster: str
    name: str
    tracks: tuple[TrackView, ...]
    download: str


class ChapterView(Value, frozen=True, kw_only=True):
    """A chapter in the list of an episode's page."""

    title: str
    clock: str
    href: str
    link: LinkView | None
    picture: str


class PersonView(Value, frozen=True, kw_only=True):
    """A person in an episode, or in the list of people."""

    name: str
    href: str
    role: str
    speaks_as: str
    title: str
    initials: str
    portrait: str


class HostNoteView(Value, frozen=True, kw_only=True):
    """A note in the first person, signed by the host if there is one."""

    heading: str
    html: str
    host: PersonView | None


class AskView(Value, frozen=True, kw_only=True):
    """A request for help from the audience, with its status and outcome."""

    id: str
    text: str
    status: str
    status_text: str
    until: str
    outcome: str
    answer_href: str
    answer_how: str = ""


class CorrectionView(Value, frozen=True, kw_only=True):
    """A correction: what was wrong, what is right, and thanks to whoever found it."""

    date: DateView
    was: str
    now: str
    thanks: str
    moment: MomentView | None


class SourceView(Value, frozen=True, kw_only=True):
    """A source, with the moment when it is mentioned."""

    title: str
    href: str
    site: str
    moment: MomentView | None


class FileView(Value, frozen=True, kw_only=True):
    """A file to fetch; one that is not to be `saved` is a page to read."""

    title: str
    href: str
    saved: bool = True


class TranslationView(Value, frozen=True, kw_only=True):
    """The files of a transcript in another language. `name` is what it calls itself."""

    lang: str
    name: str
    files: tuple[FileView, ...]


class TranscriptView(Value, frozen=True, kw_only=True):
    """A transcript as text, and its files; `others` are those in other languages."""

    lang: str
    sections: tuple[Section, ...]
    files: tuple[FileView, ...]
    others: tuple[TranslationView, ...]
