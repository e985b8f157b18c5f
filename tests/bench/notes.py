"""What the benchmark's episodes say: the same words for the same number, every time.

Pure: numbers in, values out. `corpus` writes them down, once as Avsnitt wants them and once as
Hugo does.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import NamedTuple

FIRST_DAY = dt.date(1998, 1, 1)
NAMESPACE = uuid.UUID("0d0b4a3c-5f1e-4a57-9b55-6f6c1d0c8a11")

PEOPLE = {
    "vera": ("Vera Lind", "Kommunikatör"),
    "amina": ("Amina Öberg", "Webbredaktör"),
    "sixten": ("Sixten Åkerhjelm", "Bibliotekarie"),
}
HOSTS = ("vera", "amina")
GUEST = "sixten"

TOPICS = {
    "svarstider": "Svarstider",
    "oppna-fragor": "Öppna frågor",
    "klarsprak": "Klarspråk",
    "troll": "Troll & tålamod",
    "bilder": "Bilder utan samtycke",
    "textning": "Textning",
    "siffror": "Siffror vi skäms för",
    "medskapande": "Medskapande",
    "kriser": "När det krisar",
    "vardag": "Vardag i flödet",
    "arkivet": "Arkivet minns",
}
TWISTS = (
    "vem vågar börja?",
    "det vi inte visste",
    "ett år senare",
    "lyssnarna svarar",
    "så gick det sedan",
    "varför tog det så lång tid?",
    "frågan som blev kvar",
)
WHO = ("Handläggaren", "Vår gäst", "En lyssnare", "Redaktionen", "Biblioteket", "Nämnden", "Hon")
DID = ("berättade", "frågade", "visade", "undrade", "skrev", "menade", "prövade")
WHAT = (
    "hur ett svar kan bli kortare utan att bli kallare",
    "att ingen hade läst inlägget färdigt",
    "varför siffrorna såg bättre ut än de var",
    "vad som händer när vi säger *jag* i stället för *vi*",
    "att **öppenhet** börjar innan lösningen finns",
    "hur man rättar ett fel så att rättelsen också når fram",
    "var gränsen går mellan det personliga och det privata",
    "att `alt`-texten ofta är den bästa meningen i inlägget",
    "vilka som aldrig hör av sig, och varför",
)
WHEN = (
    "redan första veckan",
    "efter sommaren",
    "mitt under mötet",
    "när kameran var avstängd",
    "till slut",
    "utan att någon bett om det",
)
QUOTES = (
    "Vi trodde att tystnad var ett svar. Det var det inte.",
    "Säg som det är, sedan kan vi prata om hur det borde vara.",
    "Det är aldrig för sent att rätta sig.",
    "Ingen följer en kommun. Man följer människor.",
)
HEADINGS = ("Vad vi pratade om", "Det som gick fel", "Att göra", "Lyssnarna", "Mer att läsa")
LINKS = ("rapport", "riktlinje", "undersökning", "handbok", "protokoll")

CHAPTER_TITLES = (
    "Välkommen",
    "Veckans fråga",
    "Gästen",
    "Siffrorna",
    "Det vi inte vet",
    "Lyssnarpost",
    "Rättelser",
    "Tack & hej",
)
CHAPTER_STEP_S = 2
TRANSCRIPT_EVERY = 10


class Link(NamedTuple):
    title: str
    url: str
    at_s: int


class Notes(NamedTuple):
    """One episode, as both generators are told it. `body` is Markdown of about 600 words."""

    number: int
    slug: str
    guid: str
    title: str
    published: dt.datetime
    summary: str
    links: tuple[Link, ...]
    body: str

    @property
    def has_transcript(self) -> bool:
        return self.number % TRANSCRIPT_EVERY == 0


def episode(number: int) -> Notes:
    """The episode of that number, counted from 1."""
    pick = random.Random(number)  # noqa: S311 - the same words every time is the point
    topic = pick.choice(tuple(TOPICS))
    return Notes(
        number=number,
        slug=f"{topic}-{number}",
        guid=str(uuid.uuid5(NAMESPACE, str(number))),
        title=f"{TOPICS[topic]}: {pick.choice(TWISTS)}",
        published=dt.datetime.combine(
            FIRST_DAY + dt.timedelta(days=number), dt.time(7, number % 60), dt.UTC
        ),
        summary=_plain(f"{_sentence(pick)} {_sentence(pick)}"),
        links=tuple(_link(pick, number, place) for place in range(3)),
        body=_body(pick, number),
    )


def chapters() -> tuple[tuple[int, str], ...]:
    """Start in seconds, and title: eight of them, inside the sound of `model/audio.py`."""
    return tuple((place * CHAPTER_STEP_S, title) for place, title in enumerate(CHAPTER_TITLES))


def transcript(notes: Notes) -> str:
    """The episode's spoken words as WebVTT: one cue for each second and a half."""
    pick = random.Random(-notes.number)  # noqa: S311 - as above
    speakers = [PEOPLE[who][0] for who in (*HOSTS, GUEST)]
    cues = [
        f"{_vtt(place * 1500)} --> {_vtt(place * 1500 + 1400)}\n"
        f"<v {speakers[place % 3]}>{_plain(_sentence(pick))}"
        for place in range(10)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _vtt(at_ms: int) -> str:
    return f"00:00:{at_ms // 1000:02d}.{at_ms % 1000:03d}"


def _plain(markdown: str) -> str:
    return markdown.translate(str.maketrans("", "", "*`"))


def _sentence(pick: random.Random) -> str:
    return f"{pick.choice(WHO)} {pick.choice(DID)} {pick.choice(WHEN)} {pick.choice(WHAT)}."


def _paragraph(pick: random.Random) -> str:
    return " ".join(_sentence(pick) for _ in range(4))


def _link(pick: random.Random, number: int, place: int) -> Link:
    name = pick.choice(LINKS)
    url = f"https://exempel.se/{name}/{number}?del={place}&lang=sv"
    return Link(f"{name.capitalize()} {number}:{place}", url, place * CHAPTER_STEP_S)


def _list(pick: random.Random, mark: str) -> str:
    return "\n".join(f"{mark} {_sentence(pick)}" for _ in range(4))


def _body(pick: random.Random, number: int) -> str:
    linked = _link(pick, number, 3)
    blocks = [
        _paragraph(pick),
        f"## {HEADINGS[0]}",
        _list(pick, "-"),
        f"{_paragraph(pick)} Se [{linked.title}](<{linked.url}>) och <https://exempel.se/{number}>.",
        f"> {pick.choice(QUOTES)}\n>\n> {_sentence(pick)}",
        f"## {HEADINGS[1]}",
        _paragraph(pick),
        f'```toml\navsnitt = {number}\nkategori = "<{pick.choice(LINKS)} & mer>"\n```',
        f"### {HEADINGS[2]}",
        _list(pick, "1."),
        _paragraph(pick),
        "---",
        f"## {HEADINGS[3]}",
        f"{_paragraph(pick)}  \n_{_plain(_sentence(pick))}_",
        f"## {HEADINGS[4]}",
        f"{_paragraph(pick)}\n\n- Yttre punkt\n  - Inre punkt: {_sentence(pick)}\n- Sista punkten",
        _paragraph(pick),
    ]
    return "\n\n".join(blocks) + "\n"
