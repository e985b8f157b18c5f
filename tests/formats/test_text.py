from __future__ import annotations

from avsnitt.formats.text import render_text
from avsnitt.model import Cue, Transcript


def test_a_turn_is_a_paragraph() -> None:
    said = [
        ("Vera", "Hej"),
        ("Vera", "och\nvälkommen"),
        ("Amina", "Tack"),
        ("", "(musik)"),
        ("", " "),
    ]
    cues = tuple(
        Cue(start_ms=n, end_ms=n + 1, text=text, speaker=speaker)
        for n, (speaker, text) in enumerate(said)
    )
    text = render_text(Transcript(language="sv", cues=cues))
    assert text == "Vera: Hej och välkommen\n\nAmina: Tack\n\n(musik)\n"
