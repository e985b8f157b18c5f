"""Speakers where a format has no field for them: names before a colon, voices that go on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from avsnitt.model.show import Cue

PREFIX: Final = re.compile(r"([^\W\d_][^:.,!?()<>]{0,39}):(?:[ \t]+(.*))?", re.DOTALL)
NOT_SPEECH: Final = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪.*", re.DOTALL)
MOST_NAME_WORDS: Final = 4
TIMES_A_NAME_RECURS: Final = 2

Prefix = tuple[str, str]


def find_prefix(line: str) -> Prefix | None:
    """
    (name, the rest) when a line could begin with a name and a colon: a capital, at most four
    words and 40 characters, none of `.,!?()`.
    """
    found = PREFIX.fullmatch(line)
    if found is None or not line[0].isupper() or len(found[1].split()) > MOST_NAME_WORDS:
        return None
    return found[1].strip(), (found[2] or "").strip()


def names_among(prefixes: Iterable[Prefix | None], speakers: Collection[str]) -> set[str]:
    """
    Select the names from what may be names: those that recur, and those of somebody in
    `speakers`.

    `speakers` holds names, or a person's id; an id fits the name and the first name it is made
    of.
    """
    seen = Counter(prefix[0] for prefix in prefixes if prefix is not None)
    return {
        name
        for name, times in seen.items()
        if times >= TIMES_A_NAME_RECURS or (speakers and _is_one_of(name, speakers))
    }


def _is_one_of(name: str, speakers: Collection[str]) -> bool:
    first = name.split(maxsplit=1)[0]
    return not {name, _folded(name), _folded(first)}.isdisjoint(speakers)


def _folded(name: str) -> str:
    """`Åsa Öst` is `asa-ost`, as in the name of a person's file."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def is_speech(text: str) -> bool:
    """True when a text is speech: `(skratt)`, `[musik]` and `♪` stand for other sounds."""
    return NOT_SPEECH.fullmatch(text.strip()) is None


def carry_on(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """
    Cues in which nobody is named belong to the one who spoke last, since names are written where
    the speaker changes (podcast-namespace, transcripts.md). Not a sound in brackets, and not words
    that begin as with somebody's name: better nobody than the wrong one.
    """
    speaker = ""
    carried = []
    for cue in cues:
        if cue.speaker:
            speaker = cue.speaker
        elif speaker and is_speech(cue.text) and find_prefix(cue.text) is None:
            cue = msgspec.structs.replace(cue, speaker=speaker)  # noqa: PLW2901
        carried.append(cue)
    return tuple(carried)
