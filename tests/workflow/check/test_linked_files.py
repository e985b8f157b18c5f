"""A published tree that is fine breaks no rule, and each way of breaking it breaks one."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support import shows
from tests.support.audio_files import ffmpeg
from tests.support.linked_shows import (
    ADDRESS,
    Frames,
    Tree,
    noise,
    picture,
    speech,
    text,
    write_fine_show,
)

from avsnitt.problems.feed_rules import LINKED
from avsnitt.problems.problem import Severity
from avsnitt.workflow.build.build import build_show
from avsnitt.workflow.check.linked_files import local_locator

Break = Callable[[Tree], None]
MATTER = "episodes/001-forsta/episode.md"
COVER = "pictures/forsta-[0-9a-f]*.png"


@pytest.fixture(scope="session")
def fine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_fine_show(tmp_path_factory.mktemp("fine") / "show")
    build_show(os.fspath(root))
    return root


@pytest.fixture
def tree(fine: Path, tmp_path: Path) -> Tree:
    shutil.copytree(fine, tmp_path / "show")
    return Tree(tmp_path / "show")


BREAKS: list[tuple[str, Severity, Break]] = []


def breaks(code: str, severity: Severity = "error") -> Callable[[Break], Break]:
    """Enter a way of breaking the fine tree into the table: it must break that rule alone."""

    def enter(change: Break) -> Break:
        BREAKS.append((code, severity, change))
        return change

    return enter


def rerecord(tree: Tree, *options: str, name: str = "samtal.mp3", **how: Any) -> None:
    """Another recording of the same length, published by a build."""
    folder = tree.show / "episodes/001-forsta"
    source = tree.show / "speech.wav"
    source.write_bytes(speech(**how))
    for old in folder.glob("samtal.*"):
        old.unlink()
    ffmpeg("-i", source, *options, folder / name)
    build_show(os.fspath(tree.show))


def rewrite_json(tree: Tree, pattern: str, change: Callable[[Any], None]) -> None:
    path = tree.only(pattern)
    document = json.loads(path.read_bytes())
    change(document)
    tree.put(path, json.dumps(document, indent=1, ensure_ascii=False))


def without(*names: str) -> Callable[[Frames], Frames]:
    return lambda frames: [one for one in frames if one[0] not in names]


def instead(name: str, body: bytes) -> Callable[[Frames], Frames]:
    return lambda frames: [(one, body if one == name else old) for one, old in frames]


def more(name: str, body: bytes) -> Callable[[Frames], Frames]:
    return lambda frames: [*frames, (name, body)]


# The sound


@breaks("MED-001")
def an_address_without_an_ending(tree: Tree) -> None:
    tree.sound.rename(tree.folder / "media/forsta")
    tree.swap(r'(<enclosure [^>]*)forsta\.mp3"', r'\1forsta"')


@breaks("MED-001", "info")
def a_document_as_enclosure(tree: Tree) -> None:
    shows.write(tree.folder, "media/forsta.pdf", b"%PDF-1.7\n" + bytes(20_000))
    length = (tree.folder / "media/forsta.pdf").stat().st_size
    enclosure = f'<enclosure url="https://podd.exempel.se/media/forsta.pdf" length="{length}"'
    tree.swap("<enclosure [^>]*>", f'{enclosure} type="application/pdf"/>')


@breaks("MED-002")
def a_type_that_is_not_the_names(tree: Tree) -> None:
    tree.edit('type="audio/mpeg"', 'type="audio/x-m4a"')


@breaks("MED-002", "warning")
def a_nickname_for_a_type(tree: Tree) -> None:
    tree.edit('type="audio/mpeg"', 'type="audio/mp3"')


@breaks("MED-002")
def a_wave_file_called_mp3(tree: Tree) -> None:
    tree.put(tree.sound, speech(2))


@breaks("MED-003")
def a_length_that_is_one_byte_off(tree: Tree) -> None:
    length = tree.sound.stat().st_size + 1
    tree.swap(r'(<enclosure [^>]*length=")\d+', rf"\g<1>{length}")


@breaks("MED-003", "warning")
def a_length_that_is_not_known(tree: Tree) -> None:
    tree.swap(r'(<enclosure [^>]*length=")\d+', r"\g<1>0")


@breaks("MED-004")
def a_sound_that_is_not_there(tree: Tree) -> None:
    tree.sound.unlink()


@breaks("MED-004")
def a_sound_that_is_empty(tree: Tree) -> None:
    path = tree.sound
    path.write_bytes(b"")


@breaks("MED-004")
def a_transcript_that_is_not_there(tree: Tree) -> None:
    tree.only("transcripts/*.srt").unlink()


@breaks("MED-005", "warning")
def a_low_sample_rate(tree: Tree) -> None:
    rerecord(tree, "-ar", "22050", "-b:a", "64k")


@breaks("MED-005", "warning")
def a_low_bitrate(tree: Tree) -> None:
    rerecord(tree, "-b:a", "32k")


@breaks("MED-006", "info")
def a_bitrate_that_nobody_hears(tree: Tree) -> None:
    rerecord(tree, "-b:a", "192k")


@breaks("MED-007", "warning")
def an_index_behind_the_sound(tree: Tree) -> None:
    rerecord(tree, "-c:a", "aac", "-b:a", "96k", name="samtal.m4a")
    data = tree.sound.read_bytes()
    boxes, at = dict[bytes, bytes](), 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        boxes[data[at + 4 : at + 8]] = data[at : at + size]
        at += size
    # The samples are no longer where the index says, which only a decoder would notice; so the
    # sound stays in its place and a copy of the index takes the place of the first.
    moov = boxes.pop(b"moov")
    filler = len(moov).to_bytes(4, "big") + b"free" + bytes(len(moov) - 8)
    ordered = [filler if kind == b"moov" else box for kind, box in _with(boxes, data, b"moov")]
    tree.put(tree.sound, b"".join(ordered) + moov)


def _with(boxes: dict[bytes, bytes], data: bytes, gone: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes in their old order, the one that is gone with them."""
    order = sorted({**boxes, gone: b""}, key=data.index)
    return ((kind, boxes.get(kind, b"")) for kind in order)


@breaks("MED-008", "warning")
def a_variable_bitrate_that_is_not_declared(tree: Tree) -> None:
    rerecord(tree, "-q:a", "3", "-write_xing", "0")


@breaks("MED-010", "warning")
def a_sound_that_was_cut_off(tree: Tree) -> None:
    tree.put(tree.sound, tree.sound.read_bytes()[:-8000])


@breaks("MED-010", "warning")
def rubbish_behind_the_sound(tree: Tree) -> None:
    tree.put(tree.sound, tree.sound.read_bytes() + b"rubbish " * 1024)


@breaks("MED-010", "warning")
def rubbish_in_front_of_the_sound(tree: Tree) -> None:
    data = tree.sound.read_bytes()
    start = data.index(b"\xff\xfb", data.index(b"CHAP"))
    tree.put(tree.sound, data[:start] + b"rubbish " * 512 + data[start:])


@breaks("IT-017")
def a_duration_that_is_another_sounds(tree: Tree) -> None:
    tree.swap(r"<itunes:duration>\d+", "<itunes:duration>25")


@breaks("IT-017", "info")
def a_duration_that_is_rounded_twice(tree: Tree) -> None:
    tree.swap(r"<itunes:duration>\d+", "<itunes:duration>21")


# Other forms


def add_form(tree: Tree, data: bytes, sri: str = "", default: str = "") -> None:
    """Another form, in a file of its own and of the same kind as the sound."""
    shows.write(tree.folder, "forms/forsta.mp3", data)
    where = "https://podd.exempel.se/forms/forsta.mp3"
    integrity = f'<podcast:integrity type="sri" value="{sri}"/>' if sri else ""
    tree.item(
        f'<podcast:alternateEnclosure type="audio/mpeg"{default}>'
        f'<podcast:source uri="{where}"/>{integrity}</podcast:alternateEnclosure>'
    )


def sri_of(data: bytes, algorithm: str) -> str:
    digest = hashlib.new(algorithm, data).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"


def nearly(data: bytes) -> bytes:
    """As long, and another in its last byte."""
    return data[:-1] + bytes([data[-1] ^ 1])


@breaks("P20-014", "warning")
def a_default_that_is_another_file(tree: Tree) -> None:
    add_form(tree, nearly(tree.sound.read_bytes()), default=' default="true"')


@breaks("P20-015")
def a_checksum_of_another_file(tree: Tree) -> None:
    data = tree.sound.read_bytes()
    add_form(tree, data, sri_of(nearly(data), "sha384"))


@breaks("P20-015")
def a_checksum_that_only_the_weaker_holds(tree: Tree) -> None:
    data = tree.sound.read_bytes()
    add_form(tree, data, f"{sri_of(data, 'sha256')} {sri_of(nearly(data), 'sha512')}")


# Pictures


def say_no_size(tree: Tree) -> None:
    """The feed leaves it to the pictures how large they are."""
    tree.feed = re.sub(r' (?:width|height|aspect-ratio)="[^"]*"', "", tree.feed)


@breaks("IMG-001")
def a_cover_that_is_no_square(tree: Tree) -> None:
    say_no_size(tree)
    tree.put(tree.only(COVER), picture(1400, 1500))


@breaks("IMG-001", "warning")
def a_show_cover_that_could_be_larger(tree: Tree) -> None:
    say_no_size(tree)
    tree.put(tree.only("pictures/cover-*.png"), picture(1400))


@breaks("IMG-002")
def a_jpeg_called_png(tree: Tree) -> None:
    tree.put(tree.only("pictures/cover-*.png"), picture(3000, kind="JPEG"))


@breaks("IMG-002")
def a_cover_that_is_a_gif(tree: Tree) -> None:
    tree.put(tree.only("pictures/cover-*.png"), picture(3000, mode="P", kind="GIF"))


@breaks("IMG-002")
def a_cover_that_says_it_is_a_gif(tree: Tree) -> None:
    tree.swap(r'(<itunes:image href=")[^"]*', r"\1https://elsewhere.example/cover.gif")


@breaks("IMG-003")
def a_cover_that_can_be_seen_through(tree: Tree) -> None:
    tree.put(tree.only("pictures/cover-*.png"), picture(3000, mode="RGBA"))


@breaks("IMG-003")
def a_cover_for_print(tree: Tree) -> None:
    path = tree.folder / "pictures/print.jpg"
    tree.put(path, picture(3000, mode="CMYK", kind="JPEG"))
    tree.swap(r'(<itunes:image href=")[^"]*', r"\1https://podd.exempel.se/pictures/print.jpg")


@breaks("IMG-003", "warning")
def a_grey_cover(tree: Tree) -> None:
    tree.put(tree.only("pictures/cover-*.png"), picture(3000, mode="L"))


@breaks("IMG-004", "info")
def a_cover_for_a_printer(tree: Tree) -> None:
    tree.put(tree.only("pictures/cover-*.png"), picture(3000, dpi=(300, 300)))


@breaks("IMG-005", "warning")
def a_heavy_cover(tree: Tree) -> None:
    tree.put(tree.only(COVER), noise(1400, 150))


@breaks("IMG-005")
def a_very_heavy_cover(tree: Tree) -> None:
    tree.put(tree.only(COVER), noise(1400, 1400))


@breaks("IMG-008")
def a_picture_without_an_address(tree: Tree) -> None:
    tree.channel('<podcast:image href="" alt="Inget."/>')


@breaks("IMG-008")
def a_shape_that_cannot_be_read(tree: Tree) -> None:
    where = "https://elsewhere.example/a.png"
    tree.channel(f'<podcast:image href="{where}" alt="A." aspect-ratio="wide"/>')


@breaks("IMG-008", "warning")
def a_picture_without_words(tree: Tree) -> None:
    tree.channel('<podcast:image href="https://elsewhere.example/a.png"/>')


@breaks("IMG-008", "warning")
def a_purpose_that_goes_on(tree: Tree) -> None:
    where, purpose = "https://elsewhere.example/a.png", "social " * 30
    tree.channel(f'<podcast:image href="{where}" alt="A." purpose="{purpose}"/>')


@breaks("IMG-009", "warning")
def a_width_that_is_not_the_pictures(tree: Tree) -> None:
    where = f"https://podd.exempel.se/pictures/{tree.only('pictures/cover-*.png').name}"
    tree.channel(f'<podcast:image href="{where}" alt="A." width="1200"/>')


@breaks("IMG-009", "warning")
def a_shape_that_is_not_the_pictures(tree: Tree) -> None:
    where = f"https://podd.exempel.se/pictures/{tree.only('pictures/cover-*.png').name}"
    tree.channel(f'<podcast:image href="{where}" alt="A." aspect-ratio="16/9"/>')


@breaks("IMG-010", "warning")
def an_element_out_of_use(tree: Tree) -> None:
    tree.channel('<podcast:images srcset="https://elsewhere.example/a.png 1500w"/>')


# Chapters


@breaks("CHP-001")
def chapters_without_a_version(tree: Tree) -> None:
    rewrite_json(tree, "chapters/*.json", lambda document: document.pop("version"))


@breaks("CHP-001")
def chapters_that_are_no_json(tree: Tree) -> None:
    tree.put(tree.only("chapters/*.json"), '{"version": "1.2.0", "chapters": [NaN]}')


def mark(tree: Tree, number: int, **values: object) -> None:
    rewrite_json(tree, "chapters/*.json", lambda one: one["chapters"][number].update(values))


def add_mark(tree: Tree, **values: object) -> None:
    """A silent chapter, which no other list has."""
    chapter = {"startTime": 15, "title": "Tyst", "toc": False, **values}
    rewrite_json(tree, "chapters/*.json", lambda one: one["chapters"].append(chapter))


@breaks("CHP-002")
def a_chapter_after_the_end(tree: Tree) -> None:
    add_mark(tree, startTime=25)


@breaks("CHP-002")
def a_chapter_before_the_one_above(tree: Tree) -> None:
    add_mark(tree, startTime=3)


@breaks("CHP-002")
def a_chapter_that_starts_in_words(tree: Tree) -> None:
    add_mark(tree, startTime="00:15")


@breaks("CHP-003", "warning")
def two_chapters_in_one_second(tree: Tree) -> None:
    row = '  - {start: "12.9", title: Slutet}\n'
    shows.edit(tree.show, MATTER, "cover_alt:", f"{row}cover_alt:")
    build_show(os.fspath(tree.show))


@breaks("CHP-004", "warning")
def two_chapters_alone(tree: Tree) -> None:
    shows.edit(
        tree.show,
        MATTER,
        '  - {start: "12.5", title: Svaret}\n',
        "",
    )
    build_show(os.fspath(tree.show))


@breaks("CHP-004", "warning")
def a_first_chapter_that_is_late(tree: Tree) -> None:
    """By as much as the lists may differ, since a build writes no list that is late."""
    mark(tree, 0, startTime=1)


@breaks("CHP-005", "info")
def a_title_that_goes_on(tree: Tree) -> None:
    shows.edit(
        tree.show,
        MATTER,
        "Svaret",
        "Svaret som inte kom förrän frågan var ställd tre gånger",
    )
    build_show(os.fspath(tree.show))


@breaks("CHP-006")
def a_chapter_that_ends_before_it_starts(tree: Tree) -> None:
    mark(tree, 1, endTime=4)


@breaks("CHP-006")
def a_chapter_that_overlaps_the_next(tree: Tree) -> None:
    mark(tree, 1, endTime=14)


@breaks("CHP-007")
def a_place_without_a_name(tree: Tree) -> None:
    mark(tree, 1, location={"geo": "geo:59,16"})


@breaks("CHP-007")
def a_link_that_is_not_whole(tree: Tree) -> None:
    mark(tree, 1, url="/fraga")


@breaks("CHP-007", "warning")
def a_link_that_is_not_safe(tree: Tree) -> None:
    mark(tree, 1, url="http://exempel.se/")


@breaks("CHP-007")
def a_silence_in_words(tree: Tree) -> None:
    mark(tree, 1, toc="no")


@breaks("CHP-008")
def a_title_that_differs(tree: Tree) -> None:
    mark(tree, 1, title="Svaret på allt")


@breaks("CHP-008")
def a_start_that_differs(tree: Tree) -> None:
    mark(tree, 1, startTime=7)


@breaks("CHP-008")
def a_chapter_that_only_one_list_has(tree: Tree) -> None:
    add_mark(tree, toc=True)


@breaks("CHP-009")
def a_second_list_of_chapters(tree: Tree) -> None:
    tree.item('<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2"/>')


@breaks("CHP-011", "warning")
def chapters_in_disorder(tree: Tree) -> None:
    def last_first(frames: Frames) -> Frames:
        marks = [one for one in frames if one[0] == "CHAP"]
        return [*(one for one in frames if one[0] != "CHAP"), *marks[::-1]]

    tree.retag(last_first)


@breaks("CHP-011", "warning")
def chapters_without_contents(tree: Tree) -> None:
    tree.retag(without("CTOC"))


@breaks("CHP-011", "warning")
def contents_that_name_nothing(tree: Tree) -> None:
    tree.retag(instead("CTOC", b"toc\0\x03\x02chp0\0chp9\0"))


@breaks("CHP-013", "info")
def an_oblong_chapter_picture(tree: Tree) -> None:
    tree.put(tree.only("pictures/forsta-zebra-*.png"), picture(800, 450))


# Transcripts


@breaks("TRN-001")
def a_type_that_nobody_knows(tree: Tree) -> None:
    tree.edit('type="text/plain"', 'type="application/x-words"')


@breaks("TRN-001", "warning")
def a_nickname_for_subrip(tree: Tree) -> None:
    tree.edit('type="application/x-subrip"', 'type="application/srt"')


@breaks("TRN-002")
def a_transcript_of_another_kind(tree: Tree) -> None:
    tree.put(tree.only("transcripts/*.srt"), tree.only("transcripts/*.vtt").read_bytes())


def reword(tree: Tree, ending: str, old: str, new: str) -> None:
    path = tree.only(f"transcripts/*.{ending}")
    words = path.read_text(encoding="utf-8")
    assert old in words
    tree.put(path, words.replace(old, new, 1))


@breaks("TRN-003")
def a_time_with_two_decimals(tree: Tree) -> None:
    reword(tree, "vtt", "00:00:10.000", "00:00:10.00")


@breaks("TRN-003")
def a_transcript_without_its_first_line(tree: Tree) -> None:
    reword(tree, "vtt", "WEBVTT\n\n", "")


@breaks("TRN-003")
def words_after_the_end(tree: Tree) -> None:
    reword(tree, "vtt", "00:00:19.500", "00:00:29.500")


@breaks("TRN-004", "warning")
def words_of_nobody(tree: Tree) -> None:
    reword(tree, "vtt", "<v Vera Lind>", "")
    reword(tree, "vtt", "<v Åke Ö>", "")


@breaks("TRN-004", "warning")
def words_of_a_stranger(tree: Tree) -> None:
    reword(tree, "vtt", "<v Åke Ö>", "<v Åke Öst>")


@breaks("TRN-005", "warning")
def a_line_that_goes_on(tree: Tree) -> None:
    reword(tree, "vtt", "Hej och välkommen.", "Hej och välkommen. " * 5)


@breaks("TRN-005", "warning")
def a_card_that_is_too_high(tree: Tree) -> None:
    reword(tree, "srt", "Hej och", "Hej\noch\n")


@breaks("TRN-006")
def a_point_for_a_comma(tree: Tree) -> None:
    reword(tree, "srt", "00:00:10,000", "00:00:10.000")


@breaks("TRN-006")
def a_number_that_is_left_out(tree: Tree) -> None:
    reword(tree, "srt", "2\n00:00:10", "3\n00:00:10")


def add_json(tree: Tree, segments: object) -> None:
    document = {"version": "1.0.0", "segments": segments}
    shows.write(tree.folder, "transcripts/more.json", json.dumps(document))
    where = "https://podd.exempel.se/transcripts/more.json"
    tree.item(f'<podcast:transcript url="{where}" type="application/json"/>')


WHOLE = {"speaker": "Vera Lind", "startTime": 0, "endTime": 19.5, "body": "Hej."}


@breaks("TRN-007")
def a_segment_without_an_end(tree: Tree) -> None:
    add_json(tree, [WHOLE, {"startTime": 1, "body": "Hej."}])


@breaks("TRN-007")
def a_segment_without_words(tree: Tree) -> None:
    add_json(tree, [WHOLE, {**WHOLE, "body": ""}])


@breaks("TRN-008", "warning")
def no_vtt_among_them(tree: Tree) -> None:
    tree.swap(r'<podcast:transcript [^>]*type="text/vtt"[^>]*/>', "")


@breaks("TRN-009", "warning")
def a_language_that_is_none(tree: Tree) -> None:
    tree.swap(r'(<podcast:transcript [^>]*language=")sv', r"\1svenska_tal")


@breaks("TRN-009", "info")
def a_language_that_is_not_the_shows(tree: Tree) -> None:
    tree.feed = tree.feed.replace('language="sv"', 'language="fi"')


@breaks("TRN-011", "warning")
def a_transcript_that_stops_early(tree: Tree) -> None:
    vtt = tree.only("transcripts/*.vtt").read_text(encoding="utf-8")
    tree.put(tree.only("transcripts/*.vtt"), vtt.split("00:00:10.000")[0].rstrip() + "\n")


# Tags


@breaks("TAG-001", "warning")
def a_file_without_its_title(tree: Tree) -> None:
    tree.retag(without("TIT2"))


@breaks("TAG-001", "warning")
def a_file_with_another_title(tree: Tree) -> None:
    tree.retag(instead("TIT2", text("Något annat")))


@breaks("TAG-002", "warning")
def a_file_without_a_cover(tree: Tree) -> None:
    tree.retag(without("APIC"))


@breaks("TAG-002", "warning")
def a_cover_of_a_megabyte(tree: Tree) -> None:
    body = b"\0image/png\0\x03\0" + noise(700, 700)
    tree.retag(instead("APIC", body))


@breaks("TAG-003", "info")
def a_tag_of_the_newer_version(tree: Tree) -> None:
    tree.retag(lambda frames: frames, version=4)


@breaks("TAG-003", "warning")
def a_newer_frame_in_an_older_tag(tree: Tree) -> None:
    tree.retag(more("TDRL", b"\x002026-01-05"))


@breaks("TAG-004", "warning")
def two_tags(tree: Tree) -> None:
    tree.retag(lambda frames: frames, tags=2)


@breaks("TAG-004", "warning")
def an_old_tag_that_says_something_else(tree: Tree) -> None:
    old = b"TAG" + b"Another title".ljust(30, b"\0") + bytes(95)
    tree.put(tree.sound, tree.sound.read_bytes() + old)


@breaks("TAG-005", "warning")
def two_artists(tree: Tree) -> None:
    tree.retag(instead("TPE1", text("Vera Lind/Åke Ö")))


@breaks("TAG-006")
def an_address_in_swedish(tree: Tree) -> None:
    tree.retag(instead("WOAF", "https://exempel.se/fråga".encode("latin-1")))


@breaks("TAG-006")
def a_feed_address_without_its_encoding(tree: Tree) -> None:
    tree.retag(instead("WFED", ADDRESS.encode()))


@breaks("TAG-007", "info")
def the_guid_of_another_episode(tree: Tree) -> None:
    tree.retag(instead("TGID", b"\x0022222222-2222-4222-8222-222222222222"))


@breaks("TAG-008", "warning")
def a_tag_that_takes_long_to_fetch(tree: Tree) -> None:
    tree.retag(more("USLT", b"\0swe\0" + b"Text. " * 400_000))


@breaks("TAG-009", "warning")
def what_a_program_left_behind(tree: Tree) -> None:
    tree.retag(more("PRIV", b"com.example.editor\0/Users/vera/Desktop/samtal.wav"))


@breaks("TAG-009", "warning")
def a_folder_in_the_encoders_name(tree: Tree) -> None:
    tree.retag(more("TXXX", b"\0source\0/Users/vera/Desktop/samtal.wav"))


@breaks("TAG-009", "warning")
def a_cover_that_says_where_it_was_taken(tree: Tree) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (58.0, 59.0, 0.0)
    body = b"\0image/jpeg\0\x03\0" + picture(300, kind="JPEG", exif=exif.tobytes())
    tree.retag(instead("APIC", body))


@pytest.mark.parametrize(
    ("code", "severity", "change"), BREAKS, ids=[change.__name__ for _, _, change in BREAKS]
)
def test_each_way_of_breaking_a_tree_breaks_one_rule(
    tree: Tree, code: str, severity: Severity, change: Break
) -> None:
    change(tree)
    assert tree.findings() == {(code, severity)}


LOCAL_HALVES = {"P20-014", "P20-015"}
"""The other halves need no file: tests/checks/podcast20/broken_elements.py."""
ELSEWHERE = {"CHP-010"}
"""Broken below, since no tree that is fine in everything else can hold it."""


def test_every_rule_on_linked_files_is_broken_here() -> None:
    assert {code for code, _, _ in BREAKS} | ELSEWHERE == set(LINKED) | LOCAL_HALVES


# What is fine


def test_a_built_tree_breaks_no_rule(tree: Tree) -> None:
    assert tree.check_one() == ()


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        ("m4a", ("-c:a", "aac", "-b:a", "96k")),
        ("opus", ("-c:a", "libopus", "-b:a", "64k")),
        ("ogg", ("-c:a", "libvorbis")),
        ("flac", ("-c:a", "flac")),
        ("wav", ()),
    ],
)
def test_a_built_tree_of_any_format_is_fine(
    tree: Tree, ending: str, options: tuple[str, ...]
) -> None:
    rerecord(tree, *options, name=f"samtal.{ending}")
    reported_by_apple = {("MED-001", "error")} if ending in ("opus", "ogg") else set()
    assert tree.findings() == reported_by_apple


def test_a_variable_bitrate_that_is_reported_is_fine(tree: Tree) -> None:
    rerecord(tree, "-q:a", "0")
    assert tree.findings() == set()


def test_a_default_that_is_the_same_file_elsewhere_is_fine(tree: Tree) -> None:
    data = tree.sound.read_bytes()
    both = f"{sri_of(nearly(data), 'sha384')} {sri_of(data, 'sha384')}"
    add_form(tree, data, both, default=' default="true"')
    assert tree.findings() == set()


def test_a_cover_is_checked_once_however_many_show_it(tree: Tree) -> None:
    say_no_size(tree)
    tree.put(tree.only("pictures/cover-*.png"), picture(1400))
    tree.swap(r'(<item>(?s:.*)<itunes:image href=")[^"]*', rf"\1{_cover_url(tree)}")
    assert [one.code for one in tree.check_one()] == ["IMG-001"]


def _cover_url(tree: Tree) -> str:
    return f"https://podd.exempel.se/pictures/{tree.only('pictures/cover-*.png').name}"


def test_what_lies_at_other_hosts_is_passed_over(tree: Tree) -> None:
    tree.feed = tree.feed.replace("https://podd.exempel.se/media", "https://cdn.example/media")
    tree.sound.unlink()
    assert tree.findings() == set()


def test_a_fault_says_where_in_the_feed_and_where_in_the_file(tree: Tree) -> None:
    reword(tree, "vtt", "00:00:10.000", "00:00:10.00")
    (finding,) = tree.check_one()
    feed_line = tree.feed.split("\n")[finding.place.line - 1]
    assert "podcast:transcript" in feed_line
    assert "text/vtt" in feed_line
    assert finding.values["file"] == "forsta.vtt:6"
    assert (finding.subject.kind, finding.subject.id[:8]) == ("item", "11111111")


# Where files are looked for


def test_a_file_is_found_under_the_feeds_own_address(tmp_path: Path) -> None:
    shows.write(tmp_path, "media/å b.mp3", b"x")
    locate = local_locator("https://podd.exempel.se/show/feed.xml", os.fspath(tmp_path))
    found = os.path.realpath(tmp_path / "media/å b.mp3")
    assert locate("https://podd.exempel.se/show/media/%C3%A5%20b.mp3?a=1#t=2") == found
    assert locate("http://PODD.exempel.se/show/media/%C3%A5%20b.mp3") == found


@pytest.mark.parametrize(
    "url",
    [
        "https://podd.exempel.se/show/../secret",
        "https://podd.exempel.se/show/%2e%2e/secret",
        "https://podd.exempel.se/show/..%2fsecret",
        "https://podd.exempel.se/show/..%5csecret",
        "https://podd.exempel.se/show/link/secret",
        "https://podd.exempel.se/show/%2Fetc/passwd",
        "https://podd.exempel.se/show/a%00b",
        "https://podd.exempel.se/show/folder",
        "https://podd.exempel.se/show/",
        "https://podd.exempel.se/secret",
        "https://other.example/show/inside",
        "file:///etc/passwd",
        "https://[broken/show/inside",
        "",
    ],
)
def test_no_address_leads_out_of_the_folder(tmp_path: Path, url: str) -> None:
    shows.write(tmp_path, "secret", b"x")
    shows.write(tmp_path, "show/inside", b"x")
    (tmp_path / "show/folder").mkdir()
    (tmp_path / "show/link").symlink_to(tmp_path)
    locate = local_locator("https://podd.exempel.se/show/feed.xml", os.fspath(tmp_path / "show"))
    assert locate(url) is None
    assert locate("https://podd.exempel.se/show/inside")


def test_without_an_address_nothing_is_found(tmp_path: Path) -> None:
    shows.write(tmp_path, "a.mp3", b"x")
    assert local_locator("", os.fspath(tmp_path))("a.mp3") is None
