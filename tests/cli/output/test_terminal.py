"""What the commands say, on a real terminal (a pty) and in pipes."""

import io
import json
import os
import re
import select
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.cli.output.problems import count_problems, problems_as_json, render_problems
from avsnitt.cli.output.safe_text import shorten, visible, width
from avsnitt.cli.output.terminal import Terminal, spell_left
from avsnitt.i18n import Strings
from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.problems.problem import Problem, Where
from avsnitt.system.locales import LOCALE

WORDS = {
    "sv": {
        "problems.EPISODE-004": {
            "one": "{n} avsnitt saknar textversion",
            "other": "{n} avsnitt saknar textversion",
        },
        "problems.EPISODE-004.say": "”{title}” har ingen textversion.",
        "problems.EPISODE-004.why": "Den som inte hör kan inte ta del av avsnittet.",
        "problems.EPISODE-004.cure": "Lägg en fil transcript.vtt i avsnittets mapp.",
        "problems.MATTER-003": {"one": "{n} okänd nyckel", "other": "{n} okända nycklar"},
        "problems.MATTER-003.say": "Nyckeln {key} finns inte. {near}",
        "near": "Menade du {near}?",
    },
}


def read_table(language):
    return msgspec.json.decode((LOCALE / language / "cli.json").read_bytes())


@pytest.fixture(params=["sv"])
def strings(request):
    language = request.param
    return Strings(language, {**read_table(language), **WORDS[language]})


def missing(number, title="T"):
    where = Where(f"episodes/{number}-a/episode.md")
    return Problem(code="EPISODE-004", severity="warning", where=where, values={"title": title})


def unknown(line="titel: Hej", column=1, **values):
    return Problem(
        code="MATTER-003",
        severity="error",
        where=Where("episodes/2-b/episode.md", 3, column, line),
        values={"key": "titel", "near": "title", **values},
    )


def make(strings, environ=None, clock=lambda: 0.0):
    out, err = io.StringIO(), io.StringIO()
    return Terminal(out, err, environ or {}, strings, clock=clock), out, err


class Screen:
    """A real terminal: what is written to `stream` is read back with `shown`."""

    def __init__(self):
        self._reader, writer = os.openpty()
        self.stream = open(writer, "w", encoding="utf-8", newline="")  # noqa: PTH123, SIM115
        os.set_blocking(self._reader, False)

    def shown(self):
        """All that was written since; the system hands it over in pieces, in its own time."""
        self.stream.flush()
        parts = []
        while select.select([self._reader], [], [], 0.05)[0]:
            parts.append(os.read(self._reader, 1 << 20))
        return b"".join(parts).decode()

    def close(self):
        self.stream.close()
        os.close(self._reader)


@pytest.fixture
def screen():
    if os.name == "nt":
        pytest.skip("no pty on Windows")
    screen = Screen()
    yield screen
    screen.close()


def test_the_tables_of_both_languages_have_the_same_keys_and_values():
    swedish, english = read_table("sv"), read_table("en")
    assert list(swedish) == list(english)
    for key, entry in swedish.items():
        for form in ("one", "other") if isinstance(entry, dict) else ("",):
            texts = [table[key][form] if form else table[key] for table in (swedish, english)]
            names = [set(re.findall(r"{(\w+)}", text)) for text in texts]
            assert names[0] == names[1], key


def test_every_key_the_code_asks_for_is_in_the_table():
    table = read_table("sv")
    root = LOCALE.parent
    files = ["cli/output/terminal.py", "cli/output/problems.py"]
    asked = set()
    for file in files:
        asked |= set(
            re.findall(
                r'"((?:count|report|progress|problems|trouble)\.[a-z.-]+)"',
                (root / file).read_text(),
            )
        )
    for file in ["publish/io/folder.py", "preview/server.py", "workflow/publish.py"]:
        keys = re.findall(r'key="([a-z.-]+)"', (root / file).read_text())
        asked |= {f"error.{key}" for key in keys} | {f"error.{key}.cure" for key in keys}
    assert len(asked) > 20
    assert asked <= table.keys()


def test_problems_of_one_kind_are_one_block(strings):
    problems = [missing(number) for number in range(12, 0, -1)]
    text = render_problems(problems, strings)
    assert text == (
        "Varning: 12 avsnitt saknar textversion [EPISODE-004]\n"
        "  episodes/1-a/episode.md\n"
        "    ”T” har ingen textversion.\n"
        "  episodes/2-a/episode.md\n"
        "    ”T” har ingen textversion.\n"
        "  episodes/3-a/episode.md\n"
        "    ”T” har ingen textversion.\n"
        "  … och 9 till\n"
        "  Varför: Den som inte hör kan inte ta del av avsnittet.\n"
        "  Gör så här: Lägg en fil transcript.vtt i avsnittets mapp.\n"
    )
    assert render_problems(problems, strings, places=None).count("episode.md") == 12


def test_errors_come_first_with_the_line_and_a_caret(strings):
    text = render_problems([missing(1), unknown("\ttitel: Hej", column=2)], strings)
    assert text.startswith(
        "Fel: 1 okänd nyckel [MATTER-003]\n"
        "  episodes/2-b/episode.md:3:2\n"
        "    Nyckeln titel finns inte. Menade du title?\n"
        "    3 |     titel: Hej\n"
        "      |     ^\n"
        "\nVarning: 1 avsnitt"
    )


@pytest.mark.parametrize(
    ("line", "column"),
    [("a: 日本 x", 8), ("e\u0301: x", 5), ("k: \x1b[31m x", 10), ("x" * 500, 400), ("abc", 4)],
)
def test_the_caret_stands_under_the_sign(strings, line, column):
    rows = render_problems([unknown(line, column)], strings).splitlines()
    caret = next(row for row in rows if row.endswith("^"))
    quote = rows[rows.index(caret) - 1]
    sign = visible(line[column - 1 : column])
    before = width(caret) - 1
    at = next(i for i in range(len(quote) + 1) if width(quote[:i]) == before)
    while at < len(quote) and unicodedata.combining(quote[at]):
        at += 1
    assert quote[at:].startswith(sign)
    assert width(quote) < 220


@pytest.mark.parametrize("column", [-5, 0, 99, 10**9])
def test_a_column_that_is_not_in_the_line_has_no_caret(strings, column):
    assert "^" not in render_problems([unknown("kort", column)], strings)


def test_a_problem_without_words_is_still_reported(strings):
    lost = Problem(code="NEW-001", severity="info", where=Where(""), values={"x": "1"})
    assert render_problems([lost], strings) == (
        "Att veta: 1 anmärkning [NEW-001]\n  hela programmet\n    Anmärkning utan egna ord: x=1\n"
    )
    half = Problem(code="MATTER-003", severity="error", where=Where("a.md"), values={})
    assert "    Nyckeln finns inte.\n" in render_problems([half], strings)


def test_the_order_does_not_depend_on_how_they_were_found(strings):
    problems = [missing(2), unknown(), missing(10), missing(1)]
    assert render_problems(problems, strings) == render_problems(problems[::-1], strings)
    assert problems_as_json(problems, strings) == problems_as_json(problems[::-1], strings)


def test_json_holds_every_part(strings):
    rows = json.loads(problems_as_json([missing(1, "Å"), unknown()], strings))
    assert [list(row) for row in rows] == [
        [
            *("code", "severity", "path", "line", "column", "text", "message", "why", "cure"),
            *("asked_by", "source"),
        ]
    ] * 2
    assert rows[0]["message"] == "”Å” har ingen textversion."
    assert (rows[1]["path"], rows[1]["line"], rows[1]["text"]) == (
        "episodes/2-b/episode.md",
        3,
        "titel: Hej",
    )
    assert problems_as_json([], strings) == "[]\n"


HOSTILE = "a\x1b]0;x\x07\x9b31m\u202egnp\u2066\u200b\ufeff\r\n\x00\udcff\U000e0041\u2028"


def obeyed(text):
    return [
        sign
        for sign in text
        if sign not in "\n\u200c\u200d"
        and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    ]


def test_hostile_text_is_shown_and_not_obeyed(strings):
    problem = unknown(HOSTILE, 3, key=HOSTILE)
    named = Problem(code="EPISODE-004", severity="error", where=Where(HOSTILE), values={})
    terminal, out, err = make(strings)
    terminal.problems([problem, named])
    terminal.problems_json([problem, named])
    terminal.name(HOSTILE)
    terminal.say("error.title", what=HOSTILE)
    terminal.error(ExternalError(HOSTILE, hint=HOSTILE))
    terminal.report(made=HOSTILE, problems=[problem], where=HOSTILE)
    assert obeyed(out.getvalue() + err.getvalue()) == []
    assert "\\x1b]0;x\\x07\\x9b31m\\u202egnp" in err.getvalue()


def test_hostile_text_comes_back_from_json_as_it_was(strings):
    (row,) = json.loads(problems_as_json([unknown(HOSTILE)], strings))
    assert row["text"] == HOSTILE


@given(st.text(st.characters()))
def test_no_text_commands_the_terminal(text):
    assert obeyed(visible(text)) == []
    assert "\n" not in visible(text)


@given(st.text(st.characters(codec="utf-8")), st.integers(1, 40))
def test_shortened_text_fits(text, columns):
    assert width(shorten(text, columns)) <= columns


def test_emoji_families_and_swedish_stay_whole():
    assert visible("Åsa 👩‍👩‍👧 räknar\u00a0till tre") == "Åsa 👩‍👩‍👧 räknar\u00a0till tre"


def test_counts_are_words(strings):
    assert count_problems([unknown(), missing(1), missing(2)], strings) == "1 fel, 2 varningar"
    assert count_problems([], strings) == ""


def test_a_pipe_gets_no_colours_and_no_bar(strings):
    moments = iter(range(0, 1000, 5))
    terminal, out, err = make(strings, clock=lambda: next(moments))
    with terminal.progress("Skickar") as advance:
        advance(1, 2)
        advance(2, 2)
    terminal.problems([unknown()])
    assert "\x1b" not in err.getvalue()
    assert "Skickar" not in err.getvalue()
    assert out.getvalue() == ""


def test_a_terminal_gets_colours_unless_it_asks_not_to(strings, screen):
    for environ, coloured in [
        ({"TERM": "xterm"}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
    ]:
        Terminal(io.StringIO(), screen.stream, environ, strings).problems([unknown()])
        assert ("\x1b[" in screen.shown()) is coloured


def test_long_work_shows_how_long_is_left_and_that_it_may_be_stopped(strings, screen):
    now = [0.0]
    terminal = Terminal(io.StringIO(), screen.stream, {}, strings, clock=lambda: now[0])
    with terminal.progress("Skickar") as advance:
        advance(1, 10)
        assert screen.shown() == ""
        now[0] = 2.0
        advance(5, 10)
        drawn = screen.shown()
        assert "Skickar [##########..........] 50 %, 3 sekunder kvar, går bra att avbryta" in drawn
        advance(6, 10)
        assert screen.shown() == ""
        terminal.talk("Mitt i")
        assert screen.shown() == "\r\x1b[2KMitt i\r\n"
        now[0] = 3.0
        advance(0, 0)
        advance(99, 10)
        assert "100 %" in screen.shown()
    assert screen.shown() == "\r\x1b[2K"


@pytest.mark.parametrize(
    ("columns", "bar"), [("120", "[##########..........] "), ("80", "[###...] "), ("78", "")]
)
def test_what_is_counted_beside_the_work_stands_in_its_line(
    strings, screen, monkeypatch, columns, bar
):
    monkeypatch.setenv("COLUMNS", columns)
    now = [0.0]
    terminal = Terminal(io.StringIO(), screen.stream, {}, strings, clock=lambda: now[0])
    with terminal.progress("Gör ljudet") as advance:
        now[0] = 2.0
        advance(5, 10, strings("progress.episodes", done=3, n=12))
        words = "50 %, 3 av 12 avsnitt, 3 sekunder kvar, går bra att avbryta"
        assert screen.shown() == f"\r\x1b[2KGör ljudet {bar}{words}"


def test_a_stopped_bar_is_wiped_away(strings, screen):
    now = [0.0]
    terminal = Terminal(io.StringIO(), screen.stream, {}, strings, clock=lambda: now[0])

    def work():
        with terminal.progress("Skickar") as advance:
            now[0] = 5.0
            advance(1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert screen.shown().endswith("\r\x1b[2K")


@pytest.mark.parametrize(
    ("seconds", "printed"),
    [
        (0.2, "1 sekund"),
        (59, "60 sekunder"),
        (61, "2 minuter"),
        (3599, "60 minuter"),
        (3601, "2 timmar"),
    ],
)
def test_time_left_is_reported_in_its_largest_unit(strings, seconds, printed):
    assert spell_left(seconds, strings) == printed


def test_the_report_is_three_lines_and_the_place_is_for_programs(strings):
    terminal, out, err = make(strings)
    terminal.report(made="3 avsnitt på 0,4 s", problems=[missing(1)], where="public/")
    assert err.getvalue().splitlines() == [
        "Gjort: 3 avsnitt på 0,4 s",
        "Värt att rätta: 1 varning. Kör: avsnitt check",
        "Finns här: public/",
    ]
    assert out.getvalue() == "public/\n"


def test_on_one_screen_the_report_is_three_lines_too(strings, screen):
    terminal = Terminal(screen.stream, screen.stream, {}, strings)
    terminal.report(made="1 avsnitt", problems=[], where="public/")
    assert screen.shown() == "Gjort: 1 avsnitt\r\nInget att rätta.\r\nFinns här: public/\r\n"


def test_an_error_says_what_and_what_to_do(strings):
    terminal, out, err = make(strings)
    terminal.error(UsageError("x", key="publish.not-a-folder", values={"target": "/a\x1bb"}))
    assert err.getvalue() == (
        "Det gick inte: /a\\x1bb är en fil, ingen mapp.\nGör så här: välj en mapp.\n"
    )
    terminal.error(ExternalError("disk full", hint="make room"))
    assert err.getvalue().endswith("Det gick inte: disk full\nGör så här: make room\n")
    assert out.getvalue() == ""


def test_a_terminal_without_our_letters_gets_their_codes(strings):
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        Terminal(stream, stream, {}, strings).name("Åsa 👋")
        assert raw.getvalue() == b"\\xc5sa \\U0001f44b\n"
