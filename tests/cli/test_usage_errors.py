"""Slips on the command line are told in the show's language, with the way to the right form."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Avsnitt

SLIPS = {
    ("add",): "Fel: LJUD saknas.",
    ("plan", "Hur", "gör", "vi"): "gör vi. Sätt citattecken",
    ("build", "--jsn"): "Fel: Det finns inget tillval --jsn.",
    ("build", "--json=ja"): "Fel: --json är inte skrivet som det ska vara.",
    ("add", "a.mp3", "--to"): "Fel: --to är inte skrivet som det ska vara.",
    ("serve", "--port", "abc"): "Fel: --port är ett tal från 0 till 65535.",
    ("serve", "--port", "99999"): "Fel: --port är ett tal från 0 till 65535.",
    ("init", "x", "--language", "fr"): "Fel: --language är något av sv, en.",
    ("biuld",): "Menade du build?",
}


@pytest.mark.parametrize("slip", SLIPS, ids=" ".join)
def test_a_slip_is_reported_in_the_language_of_the_show(
    slip: tuple[str, ...], avsnitt: Avsnitt, show: Path
) -> None:
    result = avsnitt(*slip, at=show)
    assert (result.code, result.out) == (2, "")
    assert SLIPS[slip] in result.err
    assert "--help visar hur det skrivs." in result.err
    assert not any(word in result.err for word in ("Usage", "Error", "Try", "Missing", "Invalid"))


def test_a_slip_cannot_repaint_the_terminal(avsnitt: Avsnitt, show: Path) -> None:
    assert "\x1b" not in avsnitt("build", "--\x1b[2J", at=show).err
