"""Each rule on its own value: what it says, and where it stays silent."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.checks.files import audio, chapters, images, tags, transcripts
from avsnitt.checks.files.facts import (
    AudioFile,
    CarriedChapters,
    ChapterFile,
    Contents,
    Id3Facts,
    ImageFile,
    TagFacts,
    Texts,
    TranscriptSource,
)
from avsnitt.checks.files.links import suffix_of
from avsnitt.checks.files.run_rules import run_rules
from avsnitt.model.show import Chapter
from avsnitt.problems.finding import Finding

HOUR_MS = 3_600_000
KEYS = ("startTime", "endTime", "title", "img", "url", "toc", "location", "name", "geo", "body")


def marks(*rows: object, duration_ms: int = HOUR_MS, own: bool = False) -> chapters.Marks:
    text = json.dumps({"version": "1.2.0", "chapters": rows}, indent=1)
    return chapters.parse_marks(ChapterFile(text=text, duration_ms=duration_ms, own=own))


def carried(carrier: str, *rows: tuple[int, str]) -> CarriedChapters:
    listed = tuple(Chapter(start_ms=start_ms, title=title) for start_ms, title in rows)
    return CarriedChapters(carrier=carrier, chapters=listed)  # type: ignore[arg-type]


def vtt(*cues: str, people: tuple[str, ...] = ()) -> transcripts.Reading:
    data = "WEBVTT\n\n" + "\n\n".join(cues) + "\n"
    file = TranscriptSource(kind="vtt", data=data.encode(), people=people)
    return transcripts.parse_transcript(file)


def codes(findings: object) -> list[str]:
    return [one.code for one in findings]  # type: ignore[attr-defined]


# Sound


def test_facts_that_could_not_be_found_out_break_no_rule() -> None:
    assert list(run_rules(audio.RULES, AudioFile(size_bytes=1, suffix="unknown"))) == []


def test_a_type_is_enough_where_the_name_has_no_ending() -> None:
    odd = AudioFile(size_bytes=20_000, kind="wav", declared_type="audio/mpeg")
    assert codes(run_rules(audio.RULES, odd)) == ["MED-002"]


def test_a_film_may_have_any_bitrate() -> None:
    film = AudioFile(
        suffix="mp4", size_bytes=9, kind="mp4", bitrate_bps=10_000, channels=2, video=True
    )
    assert list(run_rules(audio.RULES, film)) == []


@pytest.mark.parametrize(("kbps", "reported"), [(59, True), (60, False), (324, False), (325, True)])
def test_a_bitrate_near_a_limit_is_within_it(kbps: int, *, reported: bool) -> None:
    one = AudioFile(suffix="mp3", size_bytes=9, kind="mp3", bitrate_bps=kbps * 1000)
    assert ("MED-005" in codes(run_rules(audio.RULES, one))) is reported


# Pictures


def test_a_picture_that_is_no_cover_may_have_any_shape() -> None:
    one = ImageFile(suffix="png", format="PNG", width=800, height=400, size_bytes=9_000_000)
    assert list(run_rules(images.RULES, one)) == []


def test_a_ratio_near_the_real_one_is_right() -> None:
    one = ImageFile(width=1000, height=563, declared_ratio="16/9", size_bytes=1)
    assert list(run_rules(images.RULES, one)) == []
    assert codes(run_rules(images.RULES, ImageFile(width=9, height=9, declared_ratio="0/0"))) == []


def test_a_display_profile_is_fine_and_a_printers_is_not() -> None:
    def reported(profile: str) -> list[str]:
        one = ImageFile(profile=profile, role="episode")
        return codes(run_rules(images.RULES, one))

    assert reported("sRGB IEC61966-2.1") == reported("Display P3") == []
    assert reported("Adobe RGB (1998)") == ["IMG-004"]


# Chapters


def test_a_hidden_chapter_is_no_chapter_for_a_list() -> None:
    rows = [{"startTime": at, "title": f"{at}"} for at in (0, 5, 9)]
    hidden = {"startTime": 5.5, "toc": False}
    assert list(run_rules(chapters.JSON_RULES, marks(*rows[:2], hidden, rows[2]))) == []


def test_a_hidden_chapter_may_lie_inside_another() -> None:
    whole = {"startTime": 0, "endTime": 20, "title": "A"}
    silent = {"startTime": 5, "endTime": 9, "title": "B", "toc": False}
    after = {"startTime": 20, "title": "C"}
    assert list(chapters.ends_oddly(marks(whole, silent, after))) == []
    assert codes(chapters.ends_oddly(marks({**whole, "endTime": 21}, silent, after))) == ["CHP-006"]


def test_each_chapter_is_reported_on_its_line() -> None:
    nameless: dict[str, object] = {"title": "no start"}
    rows = ({"startTime": 0, "title": "A"}, {"startTime": -1, "title": "B"})
    (found,) = chapters.is_out_of_order(marks(*rows))
    assert (found.place.line, found.values["title"]) == (8, "B")
    later = [one.place.line for one in chapters.is_out_of_order(marks(nameless, *rows))]
    assert later[-1] == 11


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "{}", '{"chapters": []}', '{"chapters": {}}', "[" * 100_000, "9" * 10_000],
)
def test_what_is_no_chapters_file_is_reported_once(text: str) -> None:
    read = chapters.parse_marks(ChapterFile(text=text))
    assert codes(run_rules(chapters.JSON_RULES, read)) == ["CHP-001"]


def test_an_own_picture_is_named_by_its_file() -> None:
    row = {"startTime": 0, "title": "A", "img": "a.png"}
    assert codes(chapters.has_bad_values(marks(row, own=True))) == []
    assert codes(chapters.has_bad_values(marks(row))) == ["CHP-007"]


def test_more_than_six_an_hour_is_much() -> None:
    def reported(count: int, duration_ms: int) -> list[str]:
        rows = [{"startTime": 60 * at, "title": "A"} for at in range(count)]
        return codes(chapters.is_too_much(marks(*rows, duration_ms=duration_ms)))

    assert reported(6, HOUR_MS // 6) == reported(12, 2 * HOUR_MS) == []
    assert reported(7, HOUR_MS) == ["CHP-005"]


def test_each_rule_reports_at_most_ten_findings_of_a_file() -> None:
    rows = [{"startTime": 0, "title": "A"} for _ in range(500)]
    found = codes(run_rules(chapters.JSON_RULES, marks(*rows)))
    assert found.count("CHP-002") == 10


def test_lists_that_say_the_same_agree() -> None:
    rows = ((0, "Välkommen"), (5_000, "Frågan"))
    nearly = ((0, "Välkommen "), (5_900, "Frågan"))
    assert list(chapters.lists_differ((carried("json", *rows), carried("id3", *nearly)))) == []


def test_a_track_of_texts_may_fill_the_time_before_the_first_chapter() -> None:
    late = ((2_000, "Frågan"), (5_000, "Svaret"))
    filled = ((0, "Vågar vi fråga?"), *late)
    lists = (carried("json", *late), carried("quicktime", *filled))
    assert list(chapters.lists_differ(lists)) == []
    assert codes(chapters.lists_differ((carried("json", *late), carried("id3", *filled)))) == [
        "CHP-008"
    ]


def test_a_title_that_was_cut_to_fit_is_the_same() -> None:
    lists = (carried("json", (0, "En mycket lång titel")), carried("nero", (0, "En mycket…")))
    assert list(chapters.lists_differ(lists)) == []


@pytest.mark.parametrize(
    ("carrier", "count", "reported"),
    [("id3", 255, []), ("id3", 256, ["CHP-010"]), ("vorbis", 100, ["CHP-010"])],
)
def test_a_list_longer_than_its_format_counts_is_reported(
    carrier: str, count: int, reported: list[str]
) -> None:
    facts = TagFacts(chapters=(carried(carrier, *((at, "A") for at in range(count))),))
    assert codes(run_rules(chapters.CARRIED_RULES, facts)) == reported


def test_a_table_of_contents_in_levels_is_fine() -> None:
    contents = (
        Contents(element="toc", top=True, ordered=True, children=("a", "more")),
        Contents(element="more", top=False, ordered=True, children=("b",)),
    )
    id3 = Id3Facts(version=3, elements=("a", "b"), contents=contents)
    facts = TagFacts(chapters=(carried("id3", (0, "A"), (1, "B")),), id3=id3)
    assert list(chapters.has_loose_frames(facts)) == []


# Transcripts


def test_notes_styles_and_settings_are_no_mistakes() -> None:
    read = vtt(
        "NOTE This --> is no cue",
        "STYLE\n::cue { color: red }",
        "1\n00:00.000 --> 00:05.000 align:start\n<v Vera>Hej.",
        people=("Vera",),
    )
    assert list(run_rules(transcripts.RULES, read)) == []


def test_a_name_in_other_letters_is_the_same_person() -> None:
    read = vtt("00:00.000 --> 00:05.000\n<v.loud VERA &amp; CO>Hej.", people=("Vera & Co",))
    assert list(run_rules(transcripts.RULES, read)) == []


def test_markup_does_not_make_a_line_long() -> None:
    words = "<i>" + "a" * 65 + "</i>"
    assert list(run_rules(transcripts.RULES, vtt(f"00:00.000 --> 00:05.000\n{words}"))) == []


def test_html_and_words_are_distinguished_from_each_other() -> None:
    def reported(kind: str, text: str) -> list[str]:
        file = TranscriptSource(kind=kind, data=text.encode())
        return codes(run_rules(transcripts.RULES, transcripts.parse_transcript(file)))

    page = "<cite>Vera:</cite> <time>0:00</time> <p>Hej.</p>"
    assert (
        reported("html", page)
        == reported("text", "Vera: Hej.")
        == reported("html", "Vera: Hej.")
        == []
    )
    assert reported("text", page) == ["TRN-002"]
    assert reported("text", "") == ["TRN-002"]


def test_what_is_not_utf8_is_reported() -> None:
    file = TranscriptSource(
        kind="vtt", data="WEBVTT\n\n00:00.000 --> 00:01.000\nå\n".encode("latin-1")
    )
    assert codes(run_rules(transcripts.RULES, transcripts.parse_transcript(file))) == ["TRN-002"]


# Tags


def test_a_day_more_or_less_is_another_time_zone() -> None:
    def reported(file: str, feed: str) -> bool:
        facts = TagFacts(texts=Texts(date=file), feed=Texts(date=feed))
        found = list(tags.lacks_or_contradicts(facts))
        return any(one.values.get("tag") == "date" for one in found)

    assert not reported("2026-01-05", "2026-01-06")
    assert not reported("2026", "2026-07-01")
    assert not reported("2025", "2026-01-01")
    assert not reported("whenever", "2026-01-01")
    assert reported("2026-01-05", "2026-01-07")
    assert reported("2024", "2026-07-01")


def test_an_id3v1_title_cut_to_30_characters_agrees() -> None:
    title = "Vågar vi visa frågan före svaret, och vem svarar?"
    old = (title[:30].encode("latin-1").decode("latin-1"), "", "")
    facts = TagFacts(texts=Texts(title=title), id3=Id3Facts(version=3, old=old))
    assert list(tags.has_leftover_tags(facts)) == []


# Hostile values


@given(st.text(max_size=300))
def test_any_text_can_be_checked_as_a_chapters_file(text: str) -> None:
    for body in (text, json.dumps({"chapters": [text, {"startTime": text}]})):
        list(run_rules(chapters.JSON_RULES, chapters.parse_marks(ChapterFile(text=body))))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
        max_leaves=20,
    )
)
def test_any_json_can_be_checked_for_chapters_and_as_a_transcript(value: object) -> None:
    text = json.dumps({"version": "1", "chapters": [value, value], "segments": [value, value]})
    read = chapters.parse_marks(ChapterFile(text=text, duration_ms=1))
    for finding in run_rules(chapters.JSON_RULES, read):
        assert isinstance(finding, Finding)
    file = TranscriptSource(kind="json", data=text.encode(), duration_ms=1)
    list(run_rules(transcripts.RULES, transcripts.parse_transcript(file)))


@given(st.binary(max_size=300), st.sampled_from(("vtt", "srt", "json", "html", "text")))
def test_any_bytes_can_be_checked_as_a_transcript(data: bytes, kind: str) -> None:
    for body in (data, b"WEBVTT\n\n" + data, b"1\n00:00:00,000 --> 00:00:01,000\n" + data):
        file = TranscriptSource(kind=kind, data=body, duration_ms=1000, people=("A", "B"))
        list(run_rules(transcripts.RULES, transcripts.parse_transcript(file)))


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.MP3", "mp3"), ("a", ""), (".mp3", ""), ("a.b c", ""), ("a.tar.gz", "gz"), ("a.", "")],
)
def test_an_ending_is_what_follows_the_last_dot(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


@pytest.mark.parametrize(
    "piece", ["<v ", "<", "<v" + " " * 99, "-->", "00:00:00,000 --> ", "<v A>"]
)
def test_a_transcript_made_to_take_for_ever_does_not(piece: str) -> None:
    for kind, end in (("vtt", ""), ("vtt", "\n"), ("srt", "\n\n")):
        words = (piece + end) * (400_000 // len(piece))
        data = f"WEBVTT\n\n00:00.000 --> 00:01.000\n{words}".encode()
        file = TranscriptSource(kind=kind, data=data, people=("A", "B"))
        begun = time.process_time()
        list(run_rules(transcripts.RULES, transcripts.parse_transcript(file)))
        assert time.process_time() - begun < 5


def test_chapters_without_end_are_read_in_time() -> None:
    rows = ",\n".join(['{"startTime": 0, "title": "A"}'] * 50_000)
    text = f'{{"version": "1", "chapters": [{rows}]}}'
    begun = time.process_time()
    list(run_rules(chapters.JSON_RULES, chapters.parse_marks(ChapterFile(text=text))))
    assert time.process_time() - begun < 5
