"""Whatever the bytes, reading chapters ends soon and gives chapters that can be published."""

from __future__ import annotations

import time
from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.audio.containers.aiff import aiff_chapters, rate_millihertz
from avsnitt.audio.containers.embedded_chapters import READERS, own_chapters
from avsnitt.audio.containers.id3_chapters import id3_chapters
from avsnitt.audio.containers.markers import tidy_marks
from avsnitt.audio.containers.mp4_chapters import mp4_chapters
from avsnitt.audio.containers.vorbis_comments import comment_list
from avsnitt.audio.containers.wav import wave_chapters
from avsnitt.model.show import Chapter

NAMES = st.text(max_size=30)
MARKS = st.lists(st.tuples(st.integers(0, 10**8), NAMES), max_size=8)


def frame(name: bytes, body: bytes, version: int = 3) -> bytes:
    size = len(body)
    spread = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return name + (spread if version == 4 else pack(">I", size)) + b"\0\0" + body


def id3(body: bytes, version: int = 3, flags: int = 0) -> bytes:
    size = len(body)
    return bytes((0x49, 0x44, 0x33, version, 0, flags)) + bytes(
        size >> shift & 127 for shift in (21, 14, 7, 0)
    ) + body  # fmt: skip


def chap(at_ms: int, title: str, version: int = 3, more: bytes = b"") -> bytes:
    inside = frame(b"TIT2", b"\3" + title.encode(errors="replace"), version) + more
    return frame(b"CHAP", b"c\0" + pack(">4I", at_ms, at_ms, 0, 0) + inside, version)


def box(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return pack(">I", len(body) + 8) + kind + body


def nero(marks: list[tuple[int, bytes]]) -> bytes:
    rows = b"".join(pack(">QB", at_ms * 10_000, len(name)) + name for at_ms, name in marks)
    return box(b"moov", box(b"udta", box(b"chpl", b"\1" + bytes(7), bytes((len(marks),)), rows)))


def wave(chunks: bytes) -> bytes:
    head = b"fmt " + pack("<IHHI", 16, 1, 1, 1000) + bytes(8)
    return b"RIFF\0\0\0\0WAVE" + head + chunks


SEEDS = (
    id3(chap(0, "A") + chap(900, "B")),
    id3(chap(0, "A", 4) + chap(900, "B" * 200, 4), 4),
    b"\0\0\0\x18ftypM4A \0\0\0\0isomM4A " + nero([(0, b"A"), (900, b"B")]),
    wave(b"cue " + pack("<IIII4sIII", 28, 1, 1, 0, b"data", 0, 0, 9)
         + b"LIST" + pack("<I", 20) + b"adtllabl" + pack("<II", 6, 1) + b"A\0"),
    b"FORM\0\0\0\0AIFFCOMM" + pack(">IHIH", 18, 1, 9, 16) + b"\x40\x0e\xbb\x80" + bytes(6)
    + b"MARK" + pack(">IHHIB", 11, 1, 1, 9, 1) + b"A\0",
    b"fLaC\x84\0\0\x30" + pack("<II", 0, 2)
    + b"\x0f\0\0\0CHAPTER001=0:01\x11\0\0\0CHAPTER001NAME=AA",
)  # fmt: skip


def test_every_seed_of_the_tests_below_has_chapters() -> None:
    kinds = ("mp3", "mp3", "m4a", "wav", "aiff", "flac")
    assert all(own_chapters(data, kind) for data, kind in zip(SEEDS, kinds, strict=True))


@given(st.sampled_from(SEEDS), st.data())
def test_no_damage_makes_a_reader_raise_or_give_what_no_list_can_hold(
    seed: bytes, data: st.DataObject
) -> None:
    spoilt = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 4))):
        spoilt[data.draw(st.integers(0, len(seed) - 1))] = data.draw(st.integers(0, 255))
    stop = data.draw(st.integers(0, len(seed)))
    for kind in READERS:
        for body in (bytes(spoilt), bytes(spoilt[:stop])):
            chapters = own_chapters(body, kind)
            assert all(one.title and one.title.isprintable() for one in chapters)
            assert all(before.start_ms < after.start_ms for before, after in pairwise(chapters))


@given(st.binary(max_size=300))
def test_no_bytes_make_a_reader_raise(data: bytes) -> None:
    for kind in READERS:
        own_chapters(data, kind)
    for head in (b"OggS\0\2", b"ID3\4\0\0\0\0\0\x7fCHAP", b"FORM\0\0\0\0AIFF", b"fLaC"):
        for kind in READERS:
            own_chapters(head + data, kind)
    list(comment_list(data))


@given(MARKS, st.sampled_from([3, 4]))
def test_chapters_of_a_tag_survive(marks: list[tuple[int, str]], version: int) -> None:
    expected = tidy_marks(
        Chapter(start_ms=at_ms, title=name.encode(errors="replace").decode().partition("\0")[0])
        for at_ms, name in marks
    )
    data = id3(b"".join(chap(at_ms, name, version) for at_ms, name in marks), version)
    assert id3_chapters(data) == expected


def test_an_unsynchronised_tag_is_read() -> None:
    plain = chap(0x00FF00FF, "A") + chap(0x00FFE000, "B")
    unsynchronised = plain.replace(b"\xff\x00", b"\xff\x00\x00").replace(b"\xff\xe0", b"\xff\0\xe0")
    assert id3_chapters(id3(unsynchronised, flags=0x80)) == id3_chapters(id3(plain)) != ()


def test_an_extended_header_is_passed_over() -> None:
    assert len(id3_chapters(id3(pack(">I", 6) + bytes(6) + chap(0, "A"), flags=0x40))) == 1
    assert len(id3_chapters(id3(b"\0\0\0\6\1\0" + chap(0, "A", 4), 4, 0x40))) == 1


@pytest.mark.parametrize(("version", "flag"), [(3, 0x20), (4, 0x40)])
def test_a_frame_that_belongs_to_a_group_is_read(version: int, flag: int) -> None:
    body = chap(7, "A", version)[10:]
    grouped = bytearray(frame(b"CHAP", b"\5" + body, version))
    grouped[9] = flag
    assert id3_chapters(id3(bytes(grouped), version)) == (Chapter(start_ms=7, title="A"),)


@pytest.mark.parametrize("size", [60, 127, 128, 200, 300, 20_000])
def test_plain_sizes_in_the_newer_tag_are_believed_where_only_they_lead_on(size: int) -> None:
    old = frame(b"PRIV", b"\1" * size) + chap(1, "A" * 200) + chap(2, "B")
    new = frame(b"PRIV", b"\1" * size, 4) + chap(1, "A" * 200, 4) + chap(2, "B", 4)
    assert [one.start_ms for one in id3_chapters(id3(old, 4))] == [1, 2]
    assert id3_chapters(id3(old, 4)) == id3_chapters(id3(new, 4))


@pytest.mark.parametrize(("version", "flag"), [(3, 0x80), (3, 0x40), (4, 0x08), (4, 0x04)])
def test_a_chapter_that_is_packed_is_passed_over(version: int, flag: int) -> None:
    packed = bytearray(chap(0, "A", version))
    packed[9] = flag
    data = id3(bytes(packed) + chap(5, "B", version), version)
    assert id3_chapters(data) == (Chapter(start_ms=5, title="B"),)


def test_the_footer_of_a_tag_is_no_frame() -> None:
    body = frame(b"PRIV", bytes(200), 4) + chap(5, "B" * 200, 4)
    data = id3(body, 4, 0x10) + b"3DI" + id3(body, 4, 0x10)[3:10]
    assert [one.start_ms for one in id3_chapters(data)] == [5]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://e.se/a b", "", "https://e.se/\n"])
def test_a_link_that_is_no_web_address_is_left_out(url: str) -> None:
    data = id3(chap(0, "A", more=frame(b"WXXX", b"\0\0" + url.encode())))
    assert id3_chapters(data) == (Chapter(start_ms=0, title="A"),)


def test_old_text_is_read_as_what_it_was() -> None:
    old = mp4_chapters(nero([(0, "Fråga".encode("latin-1")), (5, "Svår".encode())]))
    assert [one.title for one in old] == ["Fråga", "Svår"]
    label = pack("<I", 1) + "Fråga".encode("cp1252") + b"\0"
    names = b"LIST" + pack("<I", 12 + len(label)) + b"adtllabl" + pack("<I", len(label)) + label
    cue = b"cue " + pack("<IIII4sIII", 28, 1, 1, 0, b"data", 0, 0, 250)
    assert wave_chapters(wave(cue + names)) == (Chapter(start_ms=250, title="Fråga"),)


def test_the_sample_rate_of_an_aiff_is_a_number_of_80_bits() -> None:
    assert rate_millihertz(b"\x40\x0e\xac\x44" + bytes(6)) == 44_100_000
    assert rate_millihertz(b"\x7f\xff" + b"\xff" * 8) == 0
    assert rate_millihertz(b"") == 0
    assert aiff_chapters(SEEDS[4]) == (Chapter(start_ms=0, title="A"),)


def test_two_marks_at_one_moment_are_one_chapter() -> None:
    marks = (Chapter(start_ms=5, title="B"), Chapter(start_ms=1, title=" A "), Chapter(start_ms=5))
    assert [one.title for one in tidy_marks((*marks, Chapter(start_ms=5, title="C")))] == ["A", "B"]


@pytest.mark.parametrize(
    "piece",
    [b"CHAP", b"CHAP\0\0\0\0\0\0", chap(1, "A"), b"moov", b"\0\0\0\x08moov", b"cue \0\0\0\0",
     b"labl\0\0\0\0", b"MARK\0\0\0\0", b"\0\0\0\x08trak"],
)  # fmt: skip
def test_ten_megabytes_of_anything_are_read_in_seconds(piece: bytes) -> None:
    body = piece * (10_000_000 // len(piece))
    began = time.process_time()
    id3_chapters(id3(body))
    mp4_chapters(box(b"moov", b"chap" + b"\0\0\0\x08chap", body))
    wave_chapters(wave(body))
    wave_chapters(wave(b"LIST" + pack("<I", len(body) + 4) + b"adtl" + body))
    aiff_chapters(b"FORM\0\0\0\0AIFF" + body)
    list(comment_list(pack("<II", 0, 10**9) + body))
    assert time.process_time() - began < 10
