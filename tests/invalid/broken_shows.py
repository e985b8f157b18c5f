"""Broken shows: what was spoilt, and exactly what must be said about it."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from tests.support.little_show import (
    EPISODE,
    FOLDER,
    MATTER,
    PERSON,
    SHOW,
    Content,
    cover,
    episode,
    other,
    sound,
    toml,
    vtt,
)

ReportMs = tuple[str, str, int]
Broken = tuple[Mapping[str, Content], list[ReportMs]]

SOUND = f"{FOLDER}/samtal.mp3"
COVER = "site/cover.png"
VTT = f"{FOLDER}/transcript.vtt"
SRT = f"{FOLDER}/transcript.srt"
JSON = f"{FOLDER}/chapters.json"
PSC = f"{FOLDER}/chapters.psc"
LINES = f"{FOLDER}/chapters.txt"
LABELS = f"{FOLDER}/labels.txt"
PODLOVE = """\
<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">
<psc:chapter start="00:00" title="A"/>
</psc:chapters>
"""
VERA = "site/people/vera.md"
SECOND = "episodes/svaret/episode.md"


def link_to(target: str) -> Content:
    return lambda path: path.symlink_to(target)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def picture(width: int, height: int, form: str = "PNG", mode: str = "") -> Content:
    def draw(path: Path) -> None:
        from PIL import Image

        Image.new(mode or ("1" if form == "PNG" else "RGB"), (width, height)).save(
            path, format=form
        )

    return draw


def lying(path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (3000, 3000)).save(path, exif=exif)


def noisy(path: Path) -> None:
    from PIL import Image

    Image.effect_noise((1400, 1400), 150).convert("RGB").resize((1500, 1500)).save(
        path, compress_level=0
    )


def master(path: Path) -> None:
    import wave

    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16_000))


def tables(*lines: str) -> str:
    return toml() + "".join(f"{line}\n" for line in lines)


def text(*lines: str) -> str:
    return "---\nguid: g\ntitle: Fråga\n" + "".join(f"{line}\n" for line in lines) + "---\n"


def says(code: str, line: int, path: str = MATTER) -> list[ReportMs]:
    return [(code, path, line)]


def chapters(count: int, more: str = "") -> str:
    """That many, a second apart."""
    rows = ", ".join(f'{{"startTime": {n}, "title": "{n}"{more}}}' for n in range(count))
    return f'{{"chapters": [{rows}]}}'


def m4a(path: Path) -> None:
    import av

    with av.open(io.BytesIO(sound())) as source, av.open(str(path), "w", format="mp4") as sink:
        stream = sink.add_stream("aac", rate=44100, layout="mono")
        for frame in source.decode(audio=0):
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))


BOMB = ["a: &a [x, x]"] + [f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcde", "bcdef", strict=True)]

UUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
STREAM = [{"uri": "https://x.se/1.m3u8"}]
PLACE = {"name": "Granbacken", "rel": "subject"}
TALK = {"protocol": "activitypub", "uri": "https://x.se/1"}
PAID = {"type": "lightning", "method": "lnaddress"}
PAYEE = {"type": "lnaddress", "address": "a@x.se", "split": 1}
LIVE = {"start": "2026-02-02 18:00"}
BITE = {"start": 0, "duration": 20}
ROWS = [{"start": "0", "title": "A"}, {"start": "5", "title": "B"}, {"start": "9", "title": "C"}]

ELEMENTS: dict[str, tuple[dict[str, object], str]] = {
    "a place without a country": ({"locations": [PLACE | {"country": "UK"}]}, "MATTER-004"),
    "a place off the globe": ({"locations": [PLACE | {"geo": "geo:91,0"}]}, "MATTER-004"),
    "a place in other words": ({"locations": [PLACE | {"geo": "Örebro"}]}, "MATTER-004"),
    "a place that is no object": ({"locations": [PLACE | {"osm": "935611"}]}, "MATTER-004"),
    "a place of no kind": ({"locations": [{"name": "Granbacken"}]}, "MATTER-005"),
    "a place without a name": ({"locations": [PLACE | {"name": " "}]}, "MATTER-004"),
    "talk by an unknown protocol": ({"social": [TALK | {"protocol": "usenet"}]}, "MATTER-004"),
    "talk without an address": ({"social": [{"protocol": "nostr"}]}, "MATTER-005"),
    "talk that is both off and on": ({"social": [TALK | {"protocol": "disabled"}]}, "PODCAST-001"),
    "a chat by telephone": ({"chat": {"server": "x.se", "protocol": "tel"}}, "MATTER-004"),
    "a chat on a page": ({"chat": {"server": "https://x.se", "protocol": "irc"}}, "MATTER-004"),
    "a note that is too long": ({"txt": [{"text": "å" * 4001}]}, "MATTER-004"),
    "a note on machines that is neither": (
        {"txt": [{"text": "ja", "purpose": "ai-content"}]},
        "MATTER-004",
    ),
    "a picture without words": ({"images": [{"url": "https://x.se/1.png"}]}, "MATTER-005"),
    "a picture from nowhere": ({"images": [{"alt": "x"}]}, "MATTER-005"),
    "a picture from two places": (
        {"images": [{"alt": "x", "file": "cover.png", "url": "https://x.se/1.png"}]},
        "PODCAST-001",
    ),
    "a picture that is not there": ({"images": [{"alt": "x", "file": "y.png"}]}, "FILE-005"),
    "a picture above its folder": ({"images": [{"alt": "x", "file": "../y.png"}]}, "FILE-004"),
    "a picture of no proportions": (
        {"images": [{"alt": "x", "url": "https://x.se/1", "aspect_ratio": "1.9"}]},
        "MATTER-004",
    ),
    "a picture that is a sound": (
        {"images": [{"alt": "x", "url": "https://x.se/1", "type": "audio/mpeg"}]},
        "MATTER-004",
    ),
    "support in too many words": (
        {"funding": [{"url": "https://x.se", "text": "å" * 129}]},
        "MATTER-004",
    ),
    "a payment to nobody": ({"value": [PAID | {"recipients": []}]}, "MATTER-004"),
    "a payment of nothing": (
        {"value": [PAID | {"recipients": [PAYEE | {"split": 0}]}]},
        "MATTER-004",
    ),
    "a payment to no address": (
        {"value": [PAID | {"recipients": [PAYEE | {"address": "x.se"}]}]},
        "MATTER-004",
    ),
    "a part of a payment to nobody": (
        {"value": [PAID | {"recipients": [PAYEE], "time_splits": [BITE]}]},
        "MATTER-005",
    ),
    "a part of a payment at no time": (
        {
            "value": [
                PAID
                | {
                    "recipients": [PAYEE],
                    "time_splits": [{"start": "1:99", "duration": 1, "recipients": [PAYEE]}],
                }
            ]
        },
        "MATTER-004",
    ),
    "a part of a payment to two": (
        {
            "value": [
                PAID
                | {
                    "recipients": [PAYEE],
                    "time_splits": [BITE | {"recipients": [PAYEE], "remote": {"feed_guid": UUID}}],
                }
            ]
        },
        "PODCAST-001",
    ),
    "a soundbite at no time": ({"soundbites": [BITE | {"start": "1:99"}]}, "MATTER-004"),
    "a soundbite with a long title": ({"soundbites": [BITE | {"title": "å" * 129}]}, "MATTER-004"),
    "a soundbite after the end": ({"soundbites": [BITE | {"start": "59:00"}]}, "PODCAST-002"),
    "another form from nowhere": ({"alternates": [{"title": "x"}]}, "MATTER-005"),
    "another form of no kind": ({"alternates": [{"sources": [{"uri": "ipfs:x"}]}]}, "MATTER-005"),
    "another form that is not there": ({"alternates": [{"file": "x.opus"}]}, "FILE-005"),
    "a form with a long title": (
        {"alternates": [{"sources": STREAM, "title": "å" * 33}]},
        "MATTER-004",
    ),
    "a form with a checksum of its own kind": (
        {"alternates": [{"sources": STREAM, "integrity": "md5-x"}]},
        "MATTER-004",
    ),
    "the same sound that is a file of its own": (
        {"alternates": [{"default": True, "file": "cover.png"}]},
        "PODCAST-001",
    ),
    "the same sound twice": ({"alternates": [{"default": True}, {"default": True}]}, "PODCAST-001"),
    "a stream that never begins": ({"live": {"start": "2026-13-01"}}, "MATTER-004"),
    "a stream that ends too soon": ({"live": LIVE | {"end": "2026-02-02 17:00"}}, "PODCAST-001"),
    "a stream of no kind": ({"live": LIVE | {"stream": "https://x.se/live"}}, "MATTER-005"),
    "a stream with a status of its own": ({"live": LIVE | {"status": "soon"}}, "MATTER-004"),
    "a number shown in many letters": ({"display_number": "å" * 33}, "MATTER-004"),
    "a day that is none": ({"expected": "2026-02-30"}, "MATTER-004"),
    "a group there is not": ({"people": [{"id": "vera", "group": "band"}]}, "MATTER-004"),
}
"""One key of an episode each, and what is said about it."""

FEED = 'name = "opus"', 'format = "opus"'
SETTINGS: dict[str, tuple[tuple[str, ...], str, int]] = {
    "a medium there is not": (('medium = "radio"',), "MATTER-004", 11),
    "a season that is no number": (('season_names = { x = "x" }',), "MATTER-004", 11),
    "a season in too many words": ((f'season_names = {{ 1 = "{"å" * 129}" }}',), "MATTER-004", 11),
    "a place of the show's without a country": (
        (
            *("[[locations]]", 'name = "A"', 'rel = "creator"'),
            *("[[locations]]", 'name = "B"', 'rel = "subject"', 'country = "UK"'),
        ),
        "MATTER-004",
        17,
    ),
    "a payment to no address in the show": (
        (
            *("[[value]]", 'type = "lightning"', 'method = "lnaddress"'),
            *("[[value.recipients]]", 'type = "node"', 'address = "x"', "split = 1"),
            *("[[value.recipients]]", 'type = "lnaddress"', 'address = "x"', "split = 1"),
        ),
        "MATTER-004",
        20,
    ),
    "a show's picture that is not there": (
        ("[[images]]", 'file = "x.png"', 'alt = "x"'),
        "FILE-005",
        12,
    ),
    "a show's picture above its folder": (
        ("[[images]]", 'file = "../x.png"', 'alt = "x"'),
        "FILE-004",
        12,
    ),
    "a rule that is none": (
        ("[update_frequency]", 'text = "x"', 'rrule = "VARJE MÅNDAG"'),
        "MATTER-004",
        13,
    ),
    "a rule that counts from nowhere": (
        ("[update_frequency]", 'text = "x"', 'rrule = "FREQ=DAILY;COUNT=3"'),
        "MATTER-005",
        11,
    ),
    "a rule that begins on no day": (
        ("[update_frequency]", 'text = "x"', 'dtstart = "snart"'),
        "MATTER-004",
        13,
    ),
    "a rule that begins by day and ends by hour": (
        (
            *("[update_frequency]", 'text = "x"', 'dtstart = "2026-01-01"'),
            'rrule = "FREQ=DAILY;UNTIL=20270101T000000Z"',
        ),
        "PODCAST-001",
        13,
    ),
    "a show that is not one": (("[[podroll]]", 'feed_guid = "x"'), "MATTER-004", 12),
    "another feed without a guid": (("[[feeds]]", *FEED), "PODCAST-005", 11),
    "another feed that is the same": (
        ("[[feeds]]", 'name = "x"', f'guid = "{UUID}"'),
        "PODCAST-001",
        11,
    ),
    "two feeds with one name": (
        (*("[[feeds]]", *FEED, f'guid = "{UUID}"'), *("[[feeds]]", *FEED, f'guid = "{UUID}"')),
        "PODCAST-001",
        16,
    ),
    "another feed with a number for a name": (
        ("[[feeds]]", 'name = "1"', f'guid = "{UUID}"', 'format = "opus"'),
        "MATTER-004",
        12,
    ),
}
"""Lines at the end of `show.toml`, and what is said about which line."""

BROKEN: dict[str, Broken] = {
    # Files
    "a file that is not UTF-8": (
        {MATTER: EPISODE.replace("fråga", "fr\xe5ga").encode("latin-1")},
        says("FILE-001", 3),
    ),
    "a text with NUL bytes": ({MATTER: EPISODE.replace("fråga", "\0")}, says("FILE-001", 3)),
    "a file in UTF-16": ({VERA: PERSON.encode("utf-16")}, says("FILE-001", 1, VERA)),
    "an empty file": ({MATTER: b""}, says("FILE-002", 0)),
    "a file of blank lines": ({MATTER: "\n \n"}, says("FILE-002", 0)),
    "an empty show.toml": ({SHOW: ""}, says("FILE-002", 0, SHOW)),
    "an empty transcript": ({VTT: ""}, says("FILE-002", 0, VTT)),
    "a text of 17 MB": ({MATTER: EPISODE + "x" * (17 << 20)}, says("FILE-003", 0)),
    "notes of 1 MB": ({MATTER: EPISODE + "& " * (1 << 19)}, says("FILE-003", 0)),
    "huge front matter": (
        {MATTER: episode(summary="x" * (65 << 10))},
        says("FILE-003", 1),
    ),
    "a huge show.toml": ({SHOW: toml() + "#" * (65 << 10)}, says("FILE-003", 0, SHOW)),
    "a sound above the show": ({MATTER: episode(sound="../../etc/passwd")}, says("FILE-004", 7)),
    "a sound at the root": ({MATTER: episode(sound="/etc/passwd")}, says("FILE-004", 7)),
    "a sound with a backslash": ({MATTER: episode(sound="..\\x.mp3")}, says("FILE-004", 7)),
    "a cover above its folder": ({SHOW: toml(cover="../cover.png")}, says("FILE-004", 8, SHOW)),
    "a portrait above its folder": (
        {VERA: "---\nname: Vera\npicture: ../cover.png\npicture_alt: x\n---\n"},
        says("FILE-004", 3, VERA),
    ),
    "chapters above the show": ({MATTER: episode(chapters="../c.json")}, says("FILE-004", 8)),
    "a sound that is misspelt": ({MATTER: episode(sound="samtalet.mp3")}, says("FILE-005", 7)),
    "a portrait that is not there": (
        {VERA: "---\nname: Vera\npicture: vera.png\npicture_alt: x\n---\n"},
        says("FILE-005", 3, VERA),
    ),
    "a folder named episode.md": ({MATTER: folder}, says("FILE-006", 0)),
    "a folder named show.toml": ({SHOW: folder}, says("SHOW-001", 0, SHOW)),
    "a folder named vera.md": ({VERA: folder}, says("SHOW-004", 10, SHOW)),
    "a pipe named episode.md": ({MATTER: pipe}, says("FILE-006", 0)),
    "an episode without its file": ({MATTER: None}, says("FILE-005", 0)),
    "a file named episodes": (
        {MATTER: None, SOUND: None, VTT: None, "episodes": "x"},
        says("FILE-006", 0, "episodes"),
    ),
    "a link out of the show": (
        {SOUND: link_to("/etc/passwd")},
        [("FILE-005", MATTER, 7), ("FILE-007", SOUND, 0)],
    ),
    "a text that is a link out": ({MATTER: link_to("/etc/hosts")}, says("FILE-007", 0)),
    "a settings file that is a link out": (
        {SHOW: link_to("/etc/hosts")},
        says("FILE-007", 0, SHOW),
    ),
    # Front matter
    "no front matter": ({MATTER: "Bara text.\n"}, says("MATTER-001", 1)),
    "front matter without an end": ({MATTER: "---\ntitle: x\n"}, says("MATTER-001", 1)),
    "a missing quote": ({MATTER: text('summary: "x')}, says("MATTER-002", 4)),
    "a colon in a title": ({MATTER: text("summary: a: b")}, says("MATTER-002", 4)),
    "a tab": ({MATTER: text("people:", "\t- id: vera")}, says("MATTER-002", 5)),
    "a key twice": ({MATTER: text("number: 1", "season: 1", "number: 2")}, says("MATTER-002", 6)),
    "a key twice in a later person": (
        {MATTER: text("people:", "- id: a", "  role: x", "- id: b", "  role: x", "  role: y")},
        says("MATTER-002", 9),
    ),
    "a control character in quotes": ({MATTER: text(r'summary: "\0"')}, says("MATTER-002", 4)),
    "a list for front matter": ({MATTER: "---\n- a\n---\n"}, says("MATTER-002", 2)),
    "TOML that does not parse": ({SHOW: toml() + "x = \n"}, says("MATTER-002", 11, SHOW)),
    "TOML with a key twice": ({SHOW: toml() + 'title = "x"\n'}, says("MATTER-002", 11, SHOW)),
    "TOML with a number without end": (
        {SHOW: toml() + f"x = {'9' * 5000}\n"},
        says("MATTER-002", 11, SHOW),
    ),
    "a control character in TOML": (
        {SHOW: toml().replace("Ett samtal.", "Ett\\u0000")},
        says("MATTER-002", 4, SHOW),
    ),
    "an unknown key": ({MATTER: episode(titel="x")}, says("MATTER-003", 8)),
    "an unknown key without a value": ({MATTER: text("titel:")}, says("MATTER-003", 4)),
    "an unknown key of a host": (
        {SHOW: toml(without="hosts") + '[[hosts]]\nid = "vera"\ntitle = "x"\n'},
        says("MATTER-003", 12, SHOW),
    ),
    "a title of 8,000 letters": ({MATTER: episode(title="å" * 8000)}, says("MATTER-004", 3)),
    "a number for a title": ({MATTER: episode(title=1984)}, says("MATTER-004", 3)),
    "a number that is too large": ({MATTER: episode(number=70_000)}, says("MATTER-004", 8)),
    "a status there is not": ({MATTER: episode(status="klar")}, says("MATTER-004", 4)),
    "a date that is none": ({MATTER: episode(published="2026-13-01")}, says("MATTER-004", 5)),
    "the first year": ({MATTER: episode(published="0001-01-01")}, says("MATTER-004", 5)),
    "a language that is none": ({MATTER: episode(language='"><b>')}, says("MATTER-004", 8)),
    "a time that is none": (
        {MATTER: episode(chapters=[{"start": "1:99", "title": "x"}])},
        says("MATTER-004", 8),
    ),
    "an address that is code": ({SHOW: toml(contact="javascript:x")}, says("MATTER-004", 11, SHOW)),
    "no categories": ({SHOW: toml(categories=[])}, says("MATTER-004", 7, SHOW)),
    "a time zone there is not": (
        {SHOW: toml(timezone="Mars/Olympus")},
        says("MATTER-004", 11, SHOW),
    ),
    "a licence there is not": ({SHOW: toml(license="min")}, says("MATTER-004", 11, SHOW)),
    "a description that is too long": (
        {SHOW: toml(description="å" * 2001)},
        says("MATTER-004", 4, SHOW),
    ),
    "a missing key": ({MATTER: episode(without="guid")}, says("MATTER-005", 2)),
    "a missing key in show.toml": ({SHOW: toml(without="guid")}, says("MATTER-005", 0, SHOW)),
    "a YAML bomb": ({MATTER: text(*BOMB)}, says("MATTER-006", 4)),
    "a tag": ({MATTER: text("summary: !!python/object x")}, says("MATTER-006", 4)),
    "a starred word": ({MATTER: text("summary: *fet* text")}, says("MATTER-006", 4)),
    "a thousand brackets": ({MATTER: text("unknowns: " + "[" * 1000)}, says("MATTER-007", 4)),
    "forty lists in each other": (
        {MATTER: text("unknowns: " + "[" * 40 + "]" * 40)},
        says("MATTER-007", 4),
    ),
    # The show
    "no show": ({SHOW: None}, says("SHOW-001", 0, SHOW)),
    "an address used twice": (
        other("002-fragan", status="planned"),
        says("SHOW-002", 0, "episodes/002-fragan/episode.md"),
    ),
    "a guid used twice": (
        other(guid="6b1f0c52-6d2c-4c0e-9a5e-6c1f0f6d1a2b", status="planned"),
        says("SHOW-003", 2, SECOND),
    ),
    "an unknown person": ({MATTER: episode(people=[{"id": "ver"}])}, says("SHOW-004", 8)),
    "an unknown host": ({VERA: None}, says("SHOW-004", 10, SHOW)),
    "a person above the show": ({MATTER: episode(people=[{"id": "../x"}])}, says("SHOW-004", 8)),
    "a folder that is no address": (
        {"episodes/2-Å Ä/episode.md": episode(guid="g", status="planned", without="sound")},
        says("SHOW-005", 0, "episodes/2-Å Ä"),
    ),
    "a number used twice": (
        other("001-svaret", status="planned"),
        says("SHOW-006", 2, "episodes/001-svaret/episode.md"),
    ),
    "no cover": ({COVER: None}, says("SHOW-008", 8, SHOW)),
    "a category that is not Apple's": (
        {SHOW: toml(categories=["Goverment"])},
        says("SHOW-009", 7, SHOW),
    ),
    "a page with a taken name": (
        {"site/pages/index.md": "---\ntitle: x\n---\n"},
        says("SHOW-011", 0, "site/pages/index.md"),
    ),
    # Episodes
    "no sound": ({SOUND: None, MATTER: episode(without="sound")}, says("EPISODE-001", 4)),
    "several sounds": (
        {f"{FOLDER}/b.mp3": sound(), MATTER: episode(without="sound")},
        says("EPISODE-002", 2),
    ),
    "no date": ({MATTER: episode(without="published")}, says("EPISODE-003", 4)),
    "a cover without words": ({f"{FOLDER}/cover.png": cover()}, says("EPISODE-005", 2)),
    # Chapters and transcripts
    "chapters that are not JSON": ({JSON: '{\n"chapters": [}'}, says("CHAPTER-001", 2, JSON)),
    "chapters without a start": (
        {JSON: '{"chapters":\n[{"title": "x"}]}'},
        says("CHAPTER-001", 2, JSON),
    ),
    "a number in JSON without end": (
        {JSON: '{"chapters": [{"startTime": ' + "9" * 5000 + "}]}"},
        says("CHAPTER-001", 0, JSON),
    ),
    "chapters out of order": (
        {MATTER: text("chapters:", '- start: "00:02"', '- start: "00:01"')},
        says("CHAPTER-002", 6),
    ),
    "a chapter after the end": (
        {MATTER: episode(chapters=[{"start": "10:00:00", "title": "x"}])},
        says("CHAPTER-003", 8),
    ),
    "Podlove chapters without an end": (
        {PSC: PODLOVE.replace("/>", "")},
        says("CHAPTER-001", 3, PSC),
    ),
    "labels out of order": ({LABELS: "2,0\t2,0\tB\n1,0\t1,0\tA\n"}, says("CHAPTER-001", 2, LABELS)),
    "a list of chapters without times": ({LINES: "Välkommen\n"}, says("CHAPTER-001", 1, LINES)),
    "a chapter's link that is code": (
        {PSC: PODLOVE.replace("/>", ' href="javascript:alert(1)"/>')},
        says("CHAPTER-001", 2, PSC),
    ),
    "a chapter's picture that is not there": (
        {PSC: PODLOVE.replace("/>", ' image="../x.png"/>')},
        says("FILE-005", 2, PSC),
    ),
    "two chapters at the same time in a file": (
        {LINES: "00:00:00.000 A\n00:00:00.000 B\n"},
        says("CHAPTER-002", 2, LINES),
    ),
    "a chapter file of another kind": (
        {MATTER: episode(chapters="kapitel.csv"), f"{FOLDER}/kapitel.csv": "0,A\n"},
        says("CHAPTER-008", 8),
    ),
    "VTT with a broken time": (
        {VTT: "WEBVTT\n\n00:00.000 --> snart\nHej.\n"},
        says("TRANSCRIPT-001", 3, VTT),
    ),
    "SRT with a broken time": (
        {VTT: None, SRT: "1\n00:00:00,000 --> 00:00:01,000\nHej.\n\n2\nsnart --> sen\nHej.\n"},
        says("TRANSCRIPT-001", 6, SRT),
    ),
    "a transcript of another kind": (
        {f"{FOLDER}/t.docx": "x", MATTER: episode(transcript="t.docx")},
        says("TRANSCRIPT-003", 8),
    ),
    "a transcript that is not JSON": (
        {VTT: None, f"{FOLDER}/transcript.json": '{"segments":\n[}'},
        says("TRANSCRIPT-001", 2, f"{FOLDER}/transcript.json"),
    ),
    "a transcript in JSON without ends or words": (
        {VTT: None, f"{FOLDER}/transcript.json": '{"segments":\n[{"startTime": 1}]}'},
        says("TRANSCRIPT-001", 2, f"{FOLDER}/transcript.json"),
    ),
    "a transcript in HTML that goes backwards": (
        {
            VTT: None,
            f"{FOLDER}/transcript.html": "<time>0:02</time><p>a</p>\n<time>0:01</time><p>b",
        },
        says("TRANSCRIPT-001", 2, f"{FOLDER}/transcript.html"),
    ),
    "a text that goes backwards": (
        {VTT: None, f"{FOLDER}/transcript.txt": "[00:02] Hej.\n\n[00:01] Tack.\n"},
        says("TRANSCRIPT-001", 3, f"{FOLDER}/transcript.txt"),
    ),
    "two transcripts for one language": (
        {f"{FOLDER}/transcript.sv.txt": "Hej."},
        says("TRANSCRIPT-005", 2),
    ),
    "a language named twice": (
        {
            f"{FOLDER}/a.txt": "Hej.",
            MATTER: episode(
                transcript="transcript.vtt", transcripts=[{"file": "a.txt", "language": "sv"}]
            ),
        },
        says("TRANSCRIPT-005", 9),
    ),
    "a language listed twice": (
        {
            f"{FOLDER}/a.txt": "Hej.",
            MATTER: episode(transcripts=[{"file": "a.txt", "language": "en"}] * 2),
        },
        says("TRANSCRIPT-005", 8),
    ),
    "a transcript in no language": (
        {
            f"{FOLDER}/a.txt": "Hej.",
            MATTER: episode(transcripts=[{"file": "a.txt", "language": "engelska"}]),
        },
        says("MATTER-004", 8),
    ),
    "a transcript that is not there": (
        {MATTER: episode(transcripts=[{"file": "a.txt", "language": "en"}])},
        says("FILE-005", 8),
    ),
    "a transcript in another folder": (
        {MATTER: episode(transcripts=[{"file": "../a.txt", "language": "en"}])},
        says("FILE-004", 8),
    ),
    # Sound and pictures
    "a recording and tracks": (
        {MATTER: episode(sound="samtal.mp3", tracks=[{"file": "samtal.mp3"}])},
        says("SOUND-030", 7),
    ),
    "an empty sound": ({SOUND: b""}, says("SOUND-001", 0, SOUND)),
    "a web page for a sound": ({SOUND: "<!DOCTYPE html>"}, says("SOUND-001", 0, SOUND)),
    "a sound cut to pieces": ({SOUND: b"\0" * 4000}, says("SOUND-001", 0, SOUND)),
    "a sound with another's name": (
        {f"{FOLDER}/samtal.wav": sound(), MATTER: episode(sound="samtal.wav")},
        says("SOUND-002", 0, f"{FOLDER}/samtal.wav"),
    ),
    "a text for a cover": ({COVER: "hej"}, says("PICTURE-001", 0, COVER)),
    "an empty cover": ({COVER: b""}, says("PICTURE-001", 0, COVER)),
    "half a cover": ({COVER: cover()[:2000]}, says("PICTURE-001", 0, COVER)),
    "a cover in another format": ({COVER: picture(20, 20, "GIF")}, says("PICTURE-001", 0, COVER)),
    "a cover of 49 million pixels": ({COVER: picture(7000, 7000)}, says("PICTURE-002", 0, COVER)),
    "a cover for a printing press": (
        {COVER: picture(1400, 1400, "JPEG", "CMYK")},
        [*says("PICTURE-004", 0, COVER), *says("PICTURE-007", 0, COVER)],
    ),
    "a cover that weighs too much": ({COVER: noisy}, says("PICTURE-009", 0, COVER)),
    # Podcasting 2.0
    **{name: ({MATTER: episode(**keys)}, says(code, 8)) for name, (keys, code) in ELEMENTS.items()},
    **{
        name: ({SHOW: tables(*lines)}, says(code, line, SHOW))
        for name, (lines, code, line) in SETTINGS.items()
    },
    "a master for another form": (
        {MATTER: episode(alternates=[{"file": "x.wav"}]), f"{FOLDER}/x.wav": master},
        says("PODCAST-008", 0, f"{FOLDER}/x.wav"),
    ),
    "another form that is a web page": (
        {
            MATTER: episode(alternates=[{"file": "x.mp3"}]),
            f"{FOLDER}/x.mp3": "<!DOCTYPE html>",
        },
        says("SOUND-001", 0, f"{FOLDER}/x.mp3"),
    ),
    "a playlist for a file": (
        {MATTER: episode(alternates=[{"file": "x.m3u8"}]), f"{FOLDER}/x.m3u8": "#EXTM3U"},
        says("PODCAST-001", 8),
    ),
    "the same file twice": (
        {
            MATTER: episode(alternates=[{"file": "x.pdf"}, {"file": "x.pdf"}]),
            f"{FOLDER}/x.pdf": "x",
        },
        says("PODCAST-001", 8),
    ),
    # Several at once
    "many mistakes in many files": (
        {
            SHOW: toml(categories=["Goverment"], licens="x"),
            MATTER: episode(status="klar", titel="x", number=0),
            VERA: "Vera.\n",
        },
        [
            ("MATTER-004", MATTER, 4),
            ("MATTER-003", MATTER, 8),
            ("MATTER-004", MATTER, 9),
            ("MATTER-001", VERA, 1),
            ("MATTER-003", SHOW, 11),
        ],
    ),
    "mistakes in three files": (
        {
            MATTER: episode(titel="x", number=0),
            VERA: "---\nname: Vera\npicture: x.png\n---\n",
            SECOND: "---\ntitle: x\n---\n",
        },
        [
            ("MATTER-003", MATTER, 8),
            ("MATTER-004", MATTER, 9),
            ("MATTER-005", SECOND, 2),
            ("EPISODE-005", VERA, 3),
            ("FILE-005", VERA, 3),
        ],
    ),
}
"""By what was spoilt: the changed files, and each problem's code, path and line."""

WARNED: dict[str, Broken] = {
    "nothing published": ({MATTER: episode(status="recorded")}, says("SHOW-007", 0, SHOW)),
    "an example for an address": (
        {SHOW: toml(address="https://podd.example")},
        says("SHOW-012", 2, SHOW),
    ),
    "no transcript": ({VTT: None}, says("EPISODE-004", 0)),
    "nobody": (
        {SHOW: toml(without="hosts"), VTT: vtt("Hej.")},
        says("EPISODE-006", 0),
    ),
    "a number in the title": ({MATTER: episode(title="Avsnitt 2: ja")}, says("EPISODE-007", 3)),
    "a date ahead": ({MATTER: episode(published="2999-01-01")}, says("EPISODE-008", 5)),
    "nothing to read": (
        {MATTER: episode(without="summary").replace("Anteckningar.", "")},
        says("EPISODE-010", 0),
    ),
    "a role of one's own": (
        {MATTER: episode(people=[{"id": "vera", "role": "chef"}])},
        # She is the show's host, and no host in the episode.
        [*says("EPISODE-011", 8), *says("IT-029", 8)],
    ),
    "more chapters than an MP3 lists": (
        {SOUND: sound() * 9, JSON: chapters(256), VTT: vtt(end="04:28.000")},
        says("CHAPTER-004", 2),
    ),
    "a long title in an M4A": (
        {
            SOUND: None,
            f"{FOLDER}/samtal.m4a": m4a,
            MATTER: episode(
                sound="samtal.m4a", chapters=[ROWS[0] | {"title": "å" * 64}, *ROWS[1:]]
            ),
        },
        [*says("IT-028", 8), *says("CHAPTER-005", 8)],
    ),
    "more chapter pictures than there is room for": (
        {
            SOUND: sound() * 2,
            VTT: vtt(end="00:59.000"),
            JSON: chapters(34, ', "img": "a.png"'),
            f"{FOLDER}/a.png": cover(),
        },
        # For so short a sound they are very many too, which is only noted.
        [("CHP-005", JSON, 0), *says("CHAPTER-007", 2)],
    ),
    "two chapters in one second": (
        {MATTER: episode(chapters=[*ROWS, {"start": "9.9", "title": "D"}])},
        says("CHAPTER-006", 8),
    ),
    "a transcript that is too long": (
        {VTT: "WEBVTT\n\n00:00.000 --> 99:00:00.000\nHej.\n"},
        says("TRANSCRIPT-002", 0),
    ),
    "an unknown speaker": (
        {VTT: vtt("<v Bo>Hej.")},
        says("TRANSCRIPT-004", 2),
    ),
    "a short soundbite": (
        {MATTER: episode(soundbites=[{"start": 0, "duration": 1}])},
        says("PODCAST-003", 8),
    ),
    "a home to the metre": (
        {SHOW: tables("[[locations]]", 'name = "A"', 'rel = "creator"', 'geo = "59.27534,15.2"')},
        says("PODCAST-004", 14, SHOW),
    ),
    "an unknown service": ({SHOW: toml(blocked_on=["spotfy"])}, says("PODCAST-006", 11, SHOW)),
    "talk in two places": ({MATTER: episode(social=[TALK, TALK])}, says("PODCAST-007", 8) * 2),
    "a form that we only copy": (
        {MATTER: episode(alternates=[{"file": "x.pdf"}]), f"{FOLDER}/x.pdf": "x"},
        says("PODCAST-009", 0, f"{FOLDER}/x.pdf"),
    ),
    "a transcript whose name says no language": (
        {f"{FOLDER}/transcript.old.vtt": "WEBVTT\n"},
        says("TRANSCRIPT-006", 0, f"{FOLDER}/transcript.old.vtt"),
    ),
    "a small cover": ({COVER: picture(300, 200, mode="RGB")}, says("PICTURE-003", 0, COVER)),
    "a cover in greys": ({COVER: picture(3000, 3000, mode="L")}, says("PICTURE-005", 0, COVER)),
    "a cover with holes": (
        {COVER: picture(3000, 3000, mode="RGBA")},
        says("PICTURE-006", 0, COVER),
    ),
    "a JPEG that is called PNG": (
        {COVER: picture(3000, 3000, "JPEG")},
        says("PICTURE-007", 0, COVER),
    ),
    "a cover that lies down": ({COVER: lying}, says("PICTURE-008", 0, COVER)),
}
"""The same for what `check` warns about, and `build` builds all the same."""
