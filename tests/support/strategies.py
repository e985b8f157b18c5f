"""Values of every kind that the formats must carry."""

from __future__ import annotations

from itertools import groupby

from hypothesis import strategies as st

from avsnitt.formats.plain_text import clean_line
from avsnitt.model.show import Chapter, Cue, Transcript

ANYTHING = st.text(max_size=400)
LINES = st.text(min_size=1, max_size=60).map(clean_line).filter(bool)
WORDS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
TIMES = st.integers(min_value=0, max_value=400 * 3_600_000)
CUE_TIMES = st.integers(min_value=0, max_value=98 * 3_600_000)
CUES = st.builds(
    lambda start_ms, length_ms, text, speaker: Cue(
        start_ms=start_ms, end_ms=start_ms + length_ms, text=text, speaker=speaker
    ),
    CUE_TIMES,
    st.integers(min_value=1, max_value=3_600_000),
    WORDS,
    st.one_of(st.just(""), LINES),
)
TRANSCRIPTS = st.lists(CUES, min_size=1, max_size=8).map(
    lambda cues: Transcript(language="sv", cues=tuple(sorted(cues, key=lambda cue: cue.start_ms)))
)
NAMES = st.sampled_from(["Vera Lind", "Amina Öst", "Åke"])
SENTENCES = st.lists(st.text("abcåäö&<>\"'→", min_size=1, max_size=9), min_size=2, max_size=60).map(
    lambda words: f"Ja {' '.join(words)}."
)
TALKS = st.lists(
    st.tuples(st.integers(1, 60_000), st.integers(0, 5_000), SENTENCES, NAMES),
    min_size=1,
    max_size=8,
).map(
    lambda rows: Transcript(
        language="sv",
        cues=tuple(
            Cue(
                start_ms=sum(length + pause for length, pause, _, _ in rows[:at]),
                end_ms=sum(length + pause for length, pause, _, _ in rows[:at]) + row[0],
                text=row[2],
                speaker=row[3],
            )
            for at, row in enumerate(rows)
        ),
    )
)
"""Talks in which everybody is named and nobody is interrupted, in sentences of any length."""


def spoken_texts(transcript: Transcript) -> list[tuple[str, str]]:
    """(speaker, all that is said until somebody else speaks), however it was cut up."""
    turns = groupby(transcript.cues, key=lambda cue: cue.speaker)
    return [(who, " ".join(" ".join(cue.text.split()) for cue in cues)) for who, cues in turns]


MESSY_CUES = st.builds(
    lambda start_ms, end_ms, text, speaker: Cue(
        start_ms=start_ms, end_ms=end_ms, text=text, speaker=speaker
    ),
    st.integers(-5_000, 10_000_000),
    st.integers(-5_000, 10_000_000),
    st.text(max_size=60),
    st.text(max_size=20),
)
MESSY_TRANSCRIPTS = st.lists(MESSY_CUES, max_size=5).map(
    lambda cues: Transcript(language="sv", cues=tuple(cues))
)
URLS = st.one_of(st.just(""), st.just("https://exempel.se/?a=1&b=\"<'>"))
CHAPTERS = st.lists(
    st.builds(
        lambda start_ms, title, url, image, hidden, length_ms: Chapter(
            start_ms=start_ms,
            title=title,
            url=url,
            image=image,
            hidden=hidden,
            end_ms=None if length_ms is None else start_ms + length_ms,
        ),
        TIMES,
        LINES,
        URLS,
        URLS,
        st.booleans(),
        st.one_of(st.none(), st.integers(min_value=1, max_value=10**7)),
    ),
    min_size=1,
    max_size=6,
).map(lambda chapters: tuple(sorted(chapters, key=lambda chapter: chapter.start_ms)))
