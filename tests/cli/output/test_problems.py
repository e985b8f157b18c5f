"""A problem's words: what the author wrote stays text, and only our own keys are looked up."""

from __future__ import annotations

import pytest

from avsnitt.cli.output.problems import render_problems, say
from avsnitt.cli.session import PROBLEM_DOMAINS
from avsnitt.model.message import Message, message
from avsnitt.problems.codes import problem
from avsnitt.problems.problem import Where
from avsnitt.system.locales import read_strings

SWEDISH = read_strings("sv", "cli", *PROBLEM_DOMAINS)
PLACE = Where("episodes/001-fragan/transcript.vtt", 4)


@pytest.mark.parametrize("name", ["@severity.error", "@reason.damaged", "severity.error", "{name}"])
def test_a_name_that_looks_like_a_key_is_a_name(name: str) -> None:
    found = problem("TRANSCRIPT-004", PLACE, speaker=name, people=name)
    assert name in render_problems([found], SWEDISH)


def test_a_message_among_the_values_is_looked_up_and_filled_in() -> None:
    found = problem("MATTER-004", PLACE, key="number", expected=message("expected.whole-number"))
    sentence = say(found, SWEDISH)
    assert SWEDISH("expected.whole-number") in sentence
    assert "expected." not in sentence


def test_several_messages_become_as_many_sentences() -> None:
    both = message("expected.text") + message("expected.date")
    assert both == Message(("expected.text", "expected.date"))
    sentence = say(problem("MATTER-004", PLACE, key="a", expected=both), SWEDISH)
    assert SWEDISH("expected.text") in sentence
    assert SWEDISH("expected.date") in sentence
